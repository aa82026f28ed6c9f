"""How much room an import needs, so that a disk with too little says so before anything begins.

An estimate, rather too small than too large: nobody is turned away for a guess, and where it was too small the disk
itself ends the import, which leaves nothing of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from companion.core.errors import NotEnoughRoom
from companion.core.room import free_bytes
from companion.journal.importers.sources import MEDIA_FOLDERS, OWN_MEDIA
from companion.vault.presence import DATABASE

FreeBytes = Callable[[Path], int | None]

# Measured with journals of 2,000 short, 2,000 middling and 100 long entries: rows, what search needs, and the journal
# of the transaction; the file itself grew by 5 to 7 times the letters.
_PER_LETTER: Final = 6
_PER_ENTRY: Final = 1_500
# Letters shrink to a quarter in an archive. Where the disk has more than this, nothing need be read to know it fits.
_AT_MOST: Final = 40
_SPARE: Final = 2_000_000


def size_of_entry(letters: int, files_bytes: int) -> int:
    """Bytes that an entry with its attached files takes."""
    return _PER_LETTER * letters + _PER_ENTRY + files_bytes


def size_of_copy(folder: Path) -> int:
    """Bytes of the backup that is made first: the database, once as a copy and once in the backup."""
    try:
        return 2 * (folder / DATABASE).stat().st_size
    except OSError:
        return 0


class ImportRoom:
    """The disk of one vault's folder. `free` says what it has left; None where that is not known."""

    def __init__(self, folder: Path, free: FreeBytes = free_bytes) -> None:
        self._folder, self._free = folder, free

    def trouble(self, new_bytes: int, *, with_copy: bool) -> NotEnoughRoom | None:
        """What there is to say where so many new bytes do not fit; None where they do, or where nothing is new."""
        free = self._free(self._folder)
        needed = new_bytes + _SPARE + (size_of_copy(self._folder) if with_copy else 0)
        if not new_bytes or free is None or free >= needed:
            return None
        return NotEnoughRoom(self._folder, needed, free)

    def is_plenty(self, source: Path) -> bool:
        """Whether whatever is in this file or folder fits, without a look inside."""
        free = self._free(self._folder)
        return free is None or free >= _AT_MOST * _size_on_disk(source) + size_of_copy(self._folder) + _SPARE


def _size_on_disk(source: Path) -> int:
    """Bytes of everything in a folder; or of a file, with the attached files that an unpacked export has beside it.

    Nothing else beside a file is looked at: it may lie in somebody's home.
    """
    beside = [source.parent / name for name in (*MEDIA_FOLDERS, source.stem + OWN_MEDIA)]
    tops = [source] if os.path.isdir(source) else beside  # Path.is_dir raises where nobody may look
    inside = (Path(place, name) for top in tops for place, _folders, names in os.walk(top) for name in names)
    return _size(source) + sum(_size(path) for path in inside)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
