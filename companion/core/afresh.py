"""Starting the program anew in its own place, so that nothing it had in memory is left."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from typing import NamedTuple

NAME = "COMPANION_AFRESH"
_NUMBER = "number="
# Read by glibc at a start only: small pieces of memory that are freed go where M_PERTURB overwrites them.
NO_CACHE = "glibc.malloc.tcache_count=0"


class Afresh(NamedTuple):
    """How the window comes back. Nothing of a space is in it: other programs of this account can read it."""

    hidden: bool = False
    help_now: bool = False
    place: tuple[int, int, int, int] | None = None  # x, y, width, height of the window; None where it fills the screen
    number: str = ""  # a public number that was copied: on X11 the clipboard would end with the old process

    def to_text(self) -> str:
        """As the new start reads it."""
        marks = [name for name in ("hidden", "help_now") if getattr(self, name)]
        place = [",".join(map(str, self.place))] if self.place else []
        number = [_NUMBER + self.number.encode().hex()] if self.number else []
        return " ".join([*marks, *place, *number])

    @classmethod
    def from_text(cls, text: str) -> Afresh:
        """What was written; anything else in it is passed over."""
        parts = text.split()
        place, number = None, ""
        for part in parts:
            if part.startswith(_NUMBER):
                with suppress(ValueError):
                    number = bytes.fromhex(part.removeprefix(_NUMBER)).decode()
            numbers = part.split(",")
            if len(numbers) == 4 and all(number.lstrip("-").isdecimal() for number in numbers):
                x, y, width, height = map(int, numbers)
                place = x, y, width, height
        return cls("hidden" in parts, "help_now" in parts, place, number)


def taken(environ: MutableMapping[str, str] = os.environ) -> Afresh | None:
    """What the start before this one left behind; told once. None for a start like any other."""
    text = environ.pop(NAME, None)
    return None if text is None else Afresh.from_text(text)


def command(argv: Sequence[str] | None = None) -> list[str] | None:
    """What was started, to be started again; None where it is not there any more."""
    given = list(sys.orig_argv if argv is None else argv)
    program = sys.executable
    return [program, *given[1:]] if program and given and os.access(program, os.X_OK) else None


def begin(afresh: Afresh, argv: Sequence[str] | None = None) -> None:
    """Start again in place of this process; does not return where that works.

    All threads and all memory of it end here. Hold no lock of a file, and have everything on the disk. Windows has
    no such call: there a new process begins and this one has to end at once.
    """
    parts = command(argv)
    if parts is None:
        return
    os.environ[NAME] = afresh.to_text()
    os.environ.setdefault("GLIBC_TUNABLES", NO_CACHE)
    try:
        if os.name == "posix":
            os.execv(parts[0], parts)
        import subprocess

        subprocess.Popen(parts, close_fds=True)
    except OSError:
        os.environ.pop(NAME, None)
