"""Writing files so that a crash leaves the old or the new one, whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

from companion.core.errors import DiskFull, DiskReadOnly, DiskUnreachable, StorageTrouble

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def storage_trouble(error: OSError, path: Path) -> StorageTrouble:
    """The typed error for what the disk said about `path`."""
    if error.errno in _FULL:
        return DiskFull(path)
    if error.errno in _READ_ONLY:
        return DiskReadOnly(path)
    return DiskUnreachable(path)


def sync_folder(folder: Path) -> None:
    """Make renames in this folder durable; a no-op where folders cannot be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomic(path: Path, content: bytes) -> None:
    """Write beside, flush to the disk, then rename over `path` (mode 0600). Raises StorageTrouble."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise storage_trouble(error, path) from error


def new_private_file(path: Path) -> BinaryIO:
    """A file to write, for this account alone whatever the process's own mask is; what was there before is emptied."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _keep_others_out(folder: Path) -> None:
    try:
        folder.chmod(0o700)
    except PermissionError:
        # Our own folder, and still no: a USB stick whose file system knows no such rights.
        if folder.stat().st_uid != os.geteuid():
            raise


def private_folder(path: Path) -> Path:
    """Make the folder, and parents that are missing, readable by this account only. Raises StorageTrouble.

    A new one is on the disk with its name when this returns, so that what is moved into it cannot go with it.
    """
    try:
        for parent in reversed([path, *path.parents]):
            if not parent.exists():
                parent.mkdir(mode=0o700, exist_ok=True)
                sync_folder(parent.parent)
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
        if os.name == "posix":
            _keep_others_out(path)
    except OSError as error:
        raise storage_trouble(error, path) from error
    return path
