"""The recovery key as a sheet to print: its file is made before the vault is, so that no key is without one."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import click

from companion.cli.recovery_html import sheet_html
from companion.core.files import storage_trouble, sync_folder
from companion.core.i18n import _

_RESERVED: Final = 32768  # bytes; more than any sheet, so that a full disk shows before the vault is made


class RecoverySheet:
    """A new file, readable by this account only, that holds the sheet once `write` was called, or is gone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._is_written = False

    def __enter__(self) -> Self:
        """Make the file. Raises StorageTrouble, and BadParameter for a file that is there already."""
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise click.BadParameter(
                _("{file} is there already. It was not touched.").format(file=self._path),
                param_hint="--recovery-key-to",
            ) from error
        except OSError as error:
            raise storage_trouble(error, self._path) from error
        self._file = os.fdopen(handle, "wb")
        try:
            self._put(b" " * _RESERVED)
        except BaseException:
            self._discard()
            raise
        return self

    def write(self, code: str, vault_id: str, folder: Path, made_at: datetime) -> None:
        """Put the sheet into the file: plain text, or a page with a code for .html. Raises StorageTrouble."""
        text = sheet_text(code, vault_id, folder, made_at)
        if self._path.suffix.casefold() in (".html", ".htm"):
            text = sheet_html(text, code)
        self._put(text.encode())
        self._is_written = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_written and self._file is not None:
            self._file.close()
            sync_folder(self._path.parent)
        else:
            self._discard()

    def _put(self, content: bytes) -> None:
        file = self._file
        if file is None:
            raise ValueError("not open")
        try:
            file.seek(0)
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise storage_trouble(error, self._path) from error

    def _discard(self) -> None:
        if self._file is not None:
            self._file.close()
        self._path.unlink(missing_ok=True)


def sheet_text(code: str, vault_id: str, folder: Path, made_at: datetime) -> str:
    """The sheet: the key, what it is for, how to use it, and which files it needs."""
    return (
        _(
            """\
Recovery key for Companion

    {code}

Made on {day} for the vault {vault_id}


What it is for
If you forget your passphrase, this key opens your private space.
There is no other way. Nobody can open it for you, not even us.

Keep it safe
Print this page or move this file to a USB stick. Then delete it here.
Keep it away from your computer.
Whoever has this key and your files can read everything in them.

How to use it
In the window: choose "I forgot my passphrase" on the first screen.
In a terminal: companion vault recover
Then type the key and choose a new passphrase.
Capitals, spaces and dashes make no difference. O counts as 0, I and L as 1.

Which files to keep
The key opens your files. It does not hold them. Keep one of these as well:
- The whole folder {folder}
  It holds vault.db, keys.json, keys.bak.json and the folder media.
- A backup: one file that ends in .vbak.
  Make one with: companion vault backup --to FILE
An older backup opens with the key that was in use when it was made.
"""
        )
    ).format(code=code, day=made_at.date().isoformat(), vault_id=vault_id, folder=folder)
