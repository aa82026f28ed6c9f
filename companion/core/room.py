"""Whether a place on the disk can take something, found out before a person is asked for anything."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from companion.core.errors import DiskFull, NotEnoughRoom
from companion.core.files import storage_trouble

_TRIAL = b"\0" * 4096


def require_place(folder: Path, needed_bytes: int) -> None:
    """Make sure that `folder` can be made or written, and has this much room; nothing of the trial stays.

    A slow disk answers slowly, so never call it on the window's thread. Raises StorageTrouble, NotEnoughRoom.
    """
    try:
        there = _nearest(folder)
        trial = Path(tempfile.mkdtemp(prefix=".", dir=there))
        try:
            _write(trial / "trial")
        finally:
            with suppress(OSError):
                (trial / "trial").unlink(missing_ok=True)
            trial.rmdir()
    except OSError as error:
        trouble = storage_trouble(error, folder)
        if isinstance(trouble, DiskFull):
            require_room(folder, needed_bytes)  # the same, with numbers
        raise trouble from error
    require_room(folder, needed_bytes)


def require_room(folder: Path, needed_bytes: int) -> None:
    """Raises NotEnoughRoom where the disk says that it has less; a disk that does not say is taken at its word."""
    free = free_bytes(folder)
    if free is not None and free < needed_bytes:
        raise NotEnoughRoom(folder, needed_bytes, free)


def free_bytes(folder: Path) -> int | None:
    """What this account may still write to the disk of a folder that is there or will be made; None if unknown."""
    try:
        return shutil.disk_usage(_nearest(folder)).free
    except OSError:
        return None


def _nearest(folder: Path) -> Path:
    """The folder, or the parent in which it would be made."""
    return next((place for place in (folder, *folder.parents) if place.exists()), folder)


def _write(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, _TRIAL)
        os.fsync(handle)
    finally:
        os.close(handle)
