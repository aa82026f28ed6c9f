"""Kills a process right before one chosen system call that changes the disk, by strace's fault injection.

With it every moment between two changes of the disk can be tried, each once,
instead of waiting for chance to hit it.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHANGING = (
    "write", "pwrite64", "writev", "ftruncate", "fallocate", "fsync", "fdatasync", "rename", "renameat", "renameat2",
    "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "link", "linkat", "chmod", "fchmod", "fchmodat",
)  # fmt: skip
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)", re.MULTILINE)
_NOT_A_FILE = re.compile(r"\d+<(pipe|socket|anon_inode|/dev/)")


@dataclass(frozen=True, slots=True)
class Point:
    """A moment: right before the `nth` call of this name."""

    call: str
    nth: int

    def wrap(self) -> list[str]:
        """What to put before the command to have it killed there."""
        return ["strace", "-qq", "-o", "/dev/null", "-e", f"inject={self.call}:signal=KILL:when={self.nth}"]

    def __str__(self) -> str:
        return f"{self.call} {self.nth}"


@cache
def can_inject() -> bool:
    """Whether strace is here and may watch processes."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", "inject=getppid:error=EPERM", "true"], capture_output=True
    )
    return tried.returncode == 0


def points(run: Callable[[Sequence[str]], object]) -> list[Point]:
    """Every moment of a run before which the disk changes; `run` starts the process with these words in front.

    Only the first thread is stopped there, so that one has to make all of them. Raises RuntimeError.
    """
    with tempfile.NamedTemporaryFile() as log:
        run(
            [
                "strace",
                "-f",
                "-qq",
                "-y",
                "-o",
                log.name,
                "-e",
                f"trace=execve,{','.join('?' + call for call in CHANGING)}",
                "-e",
                "signal=none",
            ]
        )
        text = Path(log.name).read_text(encoding="utf-8", errors="replace")
    seen: Counter[str] = Counter()
    found = []
    lines = _CALL.findall(text)
    first = lines[0][0]
    others = {thread for thread, call, _ in lines if call == "execve"} | {first}
    for thread, call, rest in lines:
        if thread not in others and not _NOT_A_FILE.match(rest):
            raise RuntimeError(f"another thread changes the disk: {call}")
        if thread == first and call != "execve":
            seen[call] += 1
            found.append(Point(call, seen[call]))
    return found


def choose(all_points: Sequence[Point], count: int, rnd: random.Random) -> list[Point]:
    """So many of them, spread evenly over the run from a random beginning; all where there are no more."""
    if count >= len(all_points):
        return list(all_points)
    step = len(all_points) / count
    start = rnd.uniform(0, step)
    return [all_points[int(start + number * step)] for number in range(count)]
