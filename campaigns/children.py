"""Starts the processes that a campaign kills, and reads what they acknowledged until their last moment."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 60.0
_PIECE = 1 << 16


class Lines:
    """What comes through a pipe, line by line."""

    PATIENCE_S = PATIENCE_S

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._unread = b""
        self._is_over = False

    def line(self, patience_s: float = PATIENCE_S) -> str | None:
        """The next whole line, or None once the process closed its end. Raises TimeoutError."""
        deadline = time.monotonic() + patience_s
        while b"\n" not in self._unread:
            if self._is_over:
                return None
            self._read(deadline - time.monotonic())
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def rest(self) -> list[str]:
        """All whole lines until the process is gone; a line it was killed in is not one."""
        found = []
        while (line := self.line()) is not None:
            found.append(line)
        return found

    def _read(self, patience_s: float) -> None:
        if patience_s <= 0 or not select.select([self._handle], [], [], patience_s)[0]:
            raise TimeoutError("the child says nothing")
        piece = os.read(self._handle, _PIECE)
        self._is_over = not piece
        self._unread += piece


class Child(Lines):
    """A Python process of ours. What it writes to standard output, line by line, is what it acknowledges."""

    def __init__(
        self, module: str, *arguments: str, wrap: Sequence[str] = (), environ: Mapping[str, str] | None = None
    ) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self.process = subprocess.Popen(
            [*wrap, sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environ or {})},
        )
        if self.process.stdout is None:
            raise RuntimeError("no pipe")
        super().__init__(self.process.stdout.fileno())

    def rest(self) -> list[str]:
        """All whole lines until the process is gone; a line it was killed in is not one."""
        found = super().rest()
        self.process.wait(PATIENCE_S)
        return found

    def kill(self) -> None:
        """End it as a crash does: at once, with nothing said."""
        self.process.send_signal(signal.SIGKILL)

    @property
    def was_killed(self) -> bool:
        """Whether it ended by SIGKILL and not by itself; call when it is gone."""
        return self.process.returncode == -signal.SIGKILL

    @property
    def complaint(self) -> str:
        """The last line it wrote to standard error."""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._errors.close()


def pause(seconds: float) -> None:
    """Let so much time go by."""
    if seconds > 0:
        threading.Event().wait(seconds)


def say(line: str) -> None:
    """In the child: acknowledge. One write, so that a kill cannot cut it."""
    os.write(1, line.encode() + b"\n")
