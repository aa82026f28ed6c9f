"""Finds words in files, in names and in what a traced process handed to the system."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

_LONG = 12  # shorter words have no base64 of their own: what surrounds them decides most of it
# What a call says of a file: `3<\x2f\x74…>` for an open one, `"\x2f\x74…"` for a name.
_SHARED = ("/var/tmp", "/dev/shm", "/var/log")  # noqa: S108 - looked into, never written
_NAMED = re.compile(r'[<"]((?:\\x[0-9a-f]{2})+)[>"]')
_WRITES = re.compile(r"\b(?:p?writev?(?:64|2)?|send(?:to|msg|mmsg))\(\d+<((?:\\x[0-9a-f]{2})+)")


def forms(word: str) -> list[bytes]:
    """The word as it could be written."""
    plain = {kind(word) for kind in (str, str.lower, str.upper, str.title)}
    found = [text.encode(codec) for text in sorted(plain) for codec in ("utf-8", "utf-16-le", "utf-16-be")]
    if len(word) >= _LONG:
        # In base64 a word looks different at each of three places; its middle does not change with what surrounds it.
        found += [base64.b64encode(b"x" * shift + word.encode())[4:-4] for shift in range(3)]
    return found


def all_forms(words: Iterable[str]) -> list[bytes]:
    """Each form of each word, once."""
    return sorted({form for word in words for form in forms(word)})


def key_words(code: str) -> list[str]:
    """A recovery key, whole, without its marks, and each two groups of it side by side."""
    groups = code.split("-")
    pairs = [pair for a, b in pairwise(groups) if len(b) == len(a) for pair in (f"{a}-{b}", a + b)]
    return [code, code.replace("-", ""), *pairs]


def leaks_in_files(folder: Path, words: Iterable[str]) -> Iterator[str]:
    """Files below the folder, and names, that show one of the words."""
    wanted = all_forms(words)
    for path in sorted(folder.rglob("*")):
        if any(form in os.fsencode(path.name) for form in wanted):
            yield "a name in " + path.parent.name
        if path.is_file() and not path.is_symlink():
            raw = path.read_bytes()
            if any(form in raw for form in wanted):
                yield f"file {path.relative_to(folder)}"


def leaks_in_trace(trace: Path, words: Iterable[str], theirs: Path | None = None) -> Iterator[str]:
    """Calls that handed a word to the system; a pipe between two of our processes is memory, and no file.

    What goes into the folder `theirs`, and the names in it, are the person's own.
    """
    raw = trace.read_bytes()
    lines = set()
    for form in all_forms(words):
        shown = _hex(form)
        at = raw.find(shown)
        while at >= 0:
            start, end = raw.rfind(b"\n", 0, at) + 1, raw.find(b"\n", at)
            end = len(raw) if end < 0 else end
            if _is_leak(raw[start:end].decode(errors="replace"), shown.decode(), theirs):
                lines.add(start)
            at = raw.find(shown, end)
    for start in sorted(lines):
        yield "call " + raw[start : start + 200].decode(errors="replace").split("(", 1)[0].split()[-1]


def _hex(text: bytes) -> bytes:
    return "".join(f"\\x{byte:02x}" for byte in text).encode()


def _is_leak(line: str, shown: str, theirs: Path | None) -> bool:
    into = _WRITES.search(line)
    if into is not None and into.group(1).startswith(_hex(b"pipe:[").decode()):
        return False
    if theirs is None:
        return True
    inside = _hex(os.fsencode(theirs) + b"/").decode()
    if into is not None and into.group(1).startswith(inside):
        return False
    rest = _NAMED.sub(lambda found: "" if found.group(1).startswith(inside) else found.group(0), line)
    return shown in rest


def leaks_outside(since: float, words: Iterable[str]) -> Iterator[str]:
    """The system's own journal where there is one, and what is new in the shared temporary places beside ours."""
    wanted = all_forms(words)
    if shutil.which("journalctl"):
        said = subprocess.run(["journalctl", "--no-pager", f"--since=@{since:.0f}"], capture_output=True, check=False)
        if any(form in said.stdout for form in wanted):
            yield "the system's journal"
    for place in map(Path, _SHARED):
        for path in sorted(place.rglob("*")) if place.is_dir() else []:
            try:
                if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
                    raw = path.read_bytes()
                    if any(form in raw for form in wanted):
                        yield f"file in {place}"
            except OSError:  # gone meanwhile, or not ours to read
                continue


def began(moment: datetime) -> float:
    """The moment as files are dated, a second earlier for coarse ones."""
    return moment.timestamp() - 1
