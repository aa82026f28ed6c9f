"""What commands print: one JSON document or plain lines on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click

from companion.cli.rules import PipeClosed, give_up_output
from companion.core.errors import DiskUnreachable, StorageTrouble
from companion.core.files import storage_trouble
from companion.core.i18n import _


def print_json(document: dict[str, Any]) -> None:
    """Exactly one document, in UTF-8 whatever the terminal's encoding is. Raises StorageTrouble."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    _write(text.encode("utf-8", "replace"))


def print_lines(lines: Iterable[str]) -> None:
    """Plain lines for a person, without characters that a terminal would take as commands. Raises StorageTrouble."""
    encoding = sys.stdout.encoding or "utf-8"
    _write("\n".join(visible(line) for line in lines).encode(encoding, "replace"))


def _write(raw: bytes) -> None:
    if sys.stdout is None:  # closed by whoever started us
        raise DiskUnreachable(Path(_("standard output")))
    left = memoryview(raw + b"\n")
    try:
        # Unbuffered (PYTHONUNBUFFERED), a write may take only a part without saying so in an error.
        while left:
            left = left[sys.stdout.buffer.write(left) :]
        sys.stdout.flush()
    except BrokenPipeError as error:
        give_up_output()
        raise PipeClosed from error
    except OSError as error:
        give_up_output()
        raise _output_trouble(error) from error


def _output_trouble(error: OSError) -> StorageTrouble:
    return storage_trouble(error, Path(_("standard output")))


def visible(text: str) -> str:
    """The text with tabs and line ends but no other control character: an imported entry can hold any."""
    return "".join(c if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f") else "\ufffd" for c in text)


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with an offset in whole minutes; zones before about 1900 have seconds, which the format has not."""
    if at is None:
        return None
    offset = at.utcoffset() or timedelta()
    whole = timedelta(minutes=round(offset.total_seconds() / 60))
    return (at if whole == offset else at.astimezone(timezone(whole))).isoformat()


def shown_moment(at: datetime | None, otherwise: str) -> str:
    """Day and time for a person, in the zone it has, or `otherwise`."""
    return f"{at:%Y-%m-%d %H:%M}" if at else otherwise


class Progress:
    """How far long work is, on one line of standard error while that is a terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._is_seen = sys.stderr is not None and sys.stderr.isatty()
        self._last = -1

    def __call__(self, done: int, total: int) -> None:
        """So many parts of so many are done; a `total` of 0 is not known yet."""
        shown = min(100, 100 * done // total) if total > 0 else done
        if self._is_seen and shown != self._last:
            self._last = shown
            unit = " %" if total > 0 else ""
            click.echo(f"\r{self._what} {shown}{unit}", err=True, nl=False)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_details: object) -> None:
        if self._last >= 0:
            click.echo("\r\x1b[K", err=True, nl=False)
