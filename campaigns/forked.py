"""Processes to be killed that need no start of their own: forked from one that has loaded the program and done nothing.

Starting Python and loading Qt takes longer than most of what a campaign kills. A
`Nursery` does both once. It makes no application, opens no file of a vault and
starts no thread; each `Forked` is a process of its own from there on, with its
own window, threads and handles, and is killed like any other.

The nursery is `python -m campaigns.forked MODULE`: for each line of JSON on its
standard input it forks, and the child calls MODULE.main_of(arguments). All that
a child says comes first, then the nursery says how it ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from types import TracebackType
from typing import NoReturn

from campaigns.children import ROOT, Lines
from companion.vault.process import harden_at_start

_PR_SET_PDEATHSIG = 1
_BORN, _ENDED = "\x00born ", "\x00ended "


class Nursery:
    """The process that forks; one child at a time. Use as a context manager, from one thread."""

    def __init__(self, module: str) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the nursery
        self.process = subprocess.Popen(
            [sys.executable, "-m", "campaigns.forked", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def fork(self, *arguments: str) -> Forked:
        """The next child; the one before is gone."""
        return Forked(self, arguments)

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()
        self.errors.close()


class Forked(Lines):
    """One child of a nursery, with the manners of `Child`."""

    def __init__(self, nursery: Nursery, arguments: tuple[str, ...]) -> None:
        if nursery.process.stdin is None or nursery.process.stdout is None:
            raise RuntimeError("no pipes")
        super().__init__(nursery.process.stdout.fileno())
        self._errors = nursery.errors
        self._errors.seek(0, os.SEEK_END)
        self._errors_from = self._errors.tell()
        self._status: int | None = None
        nursery.process.stdin.write(json.dumps(arguments).encode() + b"\n")
        nursery.process.stdin.flush()
        born = super().line() or ""
        if not born.startswith(_BORN):
            raise RuntimeError(f"nothing was forked: {self.complaint}")
        self._handle_of_process = os.pidfd_open(int(born.removeprefix(_BORN)))
        nursery.process.stdin.write(b"\n")  # from here on its number may be given to another one
        nursery.process.stdin.flush()

    def line(self, patience_s: float = Lines.PATIENCE_S) -> str | None:
        """The next whole line, or None once the child is gone. Raises TimeoutError."""
        if self._status is not None:
            return None
        line = super().line(patience_s)
        if line is None:
            raise RuntimeError("the nursery is gone")
        if line.startswith(_ENDED):
            self._status = int(line.removeprefix(_ENDED))
            return None
        # A line that the kill cut off has no end of its own, so what the nursery says hangs on to it.
        if _ENDED in line:
            self._status = int(line.partition(_ENDED)[2])
            return None
        return line

    def kill(self) -> None:
        """End it as a crash does: at once, with nothing said."""
        signal.pidfd_send_signal(self._handle_of_process, signal.SIGKILL)

    @property
    def was_killed(self) -> bool:
        """Whether it ended by SIGKILL and not by itself; ask when it is gone."""
        return self._status == -signal.SIGKILL

    @property
    def complaint(self) -> str:
        """The last line it wrote to standard error."""
        self._errors.seek(self._errors_from)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._status is None:
            self.kill()
            self.rest()
        os.close(self._handle_of_process)


# --- the nursery -------------------------------------------------------------


def load_all(package: str) -> None:
    """Everything that a window loads in the course of a day."""
    for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            import_module(found.name)


def main(module: str) -> None:
    """Fork for each request, until there are no more."""
    harden_at_start()
    for package in ("companion.ui", "companion.vault", "companion.journal", "companion.resources"):
        load_all(package)
    run = import_module(module).main_of
    for line in sys.stdin.buffer:
        announced, announce = os.pipe()
        child = os.fork()
        if not child:
            os.close(announce)
            os.read(announced, 1)  # its number has to be the first line, or it would be taken for a line of the child
            os.close(announced)
            _be_a_child(lambda: run(json.loads(line)))  # noqa: B023 - called before the next line is read
        os.close(announced)
        _tell(f"{_BORN}{child}")
        os.close(announce)
        sys.stdin.buffer.readline()
        _, status = os.waitpid(child, 0)
        _tell(f"{_ENDED}{os.waitstatus_to_exitcode(status)}")


def _be_a_child(run: Callable[[], object]) -> NoReturn:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    try:
        run()
    except BaseException:  # noqa: BLE001 - whatever it is, the child may not go on as a second nursery
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _tell(line: str) -> None:
    os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
