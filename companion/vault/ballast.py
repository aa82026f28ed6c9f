"""A file of random bytes that is given up when the disk is full, so that deleting still works."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

BALLAST_NAME: Final = "ballast"
BALLAST_BYTES: Final = 1 << 20
# Made again only with room to spare, so that a nearly full disk does not see it come and go.
_ROOM: Final = 4


class Ballast:
    """Deleting needs room for a journal: on a full disk it fails too, unless something can be given up first."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / BALLAST_NAME

    def ensure(self) -> bool:
        """Make it where it is missing and the disk has room; whether it is there now. Never raises for the disk."""
        try:
            if self._path.is_file() and self._path.stat().st_size == BALLAST_BYTES:
                return True
            if shutil.disk_usage(self._path.parent).free < _ROOM * BALLAST_BYTES:
                return False
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError:
            return False
        try:
            with os.fdopen(handle, "wb") as file:
                # Random bytes: some file systems keep zeros without giving them any room.
                file.write(os.urandom(BALLAST_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give its room back to the disk."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
