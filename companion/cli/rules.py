"""The rules every command keeps: typed errors become exit codes and one line, a fault never a traceback."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final

from companion.core.errors import CompanionError, Stopped
from companion.core.faults import places
from companion.core.i18n import _

# Beside the codes that the errors carry, two that shells give to a program ended by a signal.
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
FAULT: Final = 1


class PipeClosed(Exception):
    """Whoever read the output has seen enough. Not an OSError, which click would answer by itself."""


class FaultReport:
    """What is told of an error that nobody expected: one calm line, with `debug` also where it happened."""

    def __init__(self) -> None:
        self.debug = False

    def install(self) -> None:
        """Stand in for Python's own tracebacks, which show values. Uncaught errors then end with exit code 1."""
        sys.excepthook = self._on_main
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def tell(self, error: BaseException) -> None:
        """Write the line, and with `debug` the places, to standard error."""
        from companion.ui.messages import fault_words  # the window starts without a failure to tell

        complain(fault_words().joined())
        self.trace(error)

    def trace(self, error: BaseException) -> None:
        """With `debug`, write where an error came from."""
        if self.debug:
            for line in places(error):
                complain(line)

    def _on_main(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self.tell(error)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.tell(args.exc_value)

    def _on_unraisable(self, unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_value is not None:
            self.trace(unraisable.exc_value)


def complain(line: str) -> None:
    """One line on standard error, whatever its encoding can hold; a closed one is no reason to fail."""
    if sys.stderr is None:
        return
    with suppress(OSError, ValueError):
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stderr.flush()


def exit_code(job: Callable[[], int], report: FaultReport) -> int:
    """Do the job; its exit code, or that of the failure, which is told in one line."""
    try:
        return job()
    except PipeClosed:
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return _interrupted()
    except Stopped as error:
        report.trace(error)
        return _interrupted()
    except CompanionError as error:
        from companion.ui.messages import Situation, one_line

        complain(one_line(error, Situation(command_line=True)))
        report.trace(error)
        return error.exit_code


def give_up_output() -> None:
    """Let what is still to be printed go nowhere, so that the interpreter's last flush does not fail again."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _interrupted() -> int:
    complain(_("Stopped. What was saved before is intact."))
    return INTERRUPTED
