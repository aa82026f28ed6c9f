"""Whether the open database is still the file at its path: folders move, disks go, sync programs swap files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from companion.core.errors import FileSwapped
from companion.core.files import storage_trouble


class _Found(NamedTuple):
    device: int
    inode: int
    size: int
    changed_ns: int


class SameFile:
    """Remembers the file behind a path. SQLite keeps writing into a file that was moved away or replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: _Found | None = None

    def remember(self) -> None:
        """The file at the path is ours as it is now; a path where nothing is leaves what was known."""
        try:
            self._known = self._look()
        except OSError:
            return

    def is_here(self) -> bool:
        """Whether the very same file is at the path. Raises DiskUnreachable or DiskReadOnly where none can be seen."""
        known, found = self._known, self._now()
        return known is None or (known.device, known.inode) == (found.device, found.inode)

    def require_unchanged(self) -> None:
        """Another file, but with the size and time of ours: a disk that was away and is back. Else FileSwapped."""
        known, found = self._known, self._now()
        if known is not None and (known.size, known.changed_ns) != (found.size, found.changed_ns):
            raise FileSwapped(self._path)

    def _now(self) -> _Found:
        try:
            return self._look()
        except OSError as error:
            raise storage_trouble(error, self._path) from error

    def _look(self) -> _Found:
        found = os.stat(self._path)
        return _Found(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
