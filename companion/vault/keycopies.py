"""The key file on disk, twice: a crash, a full disk or a bad sector leaves the old or the new one readable."""

from __future__ import annotations

import contextlib
import logging
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from companion.core.errors import CompanionError, DiskUnreachable, KeyFileDamaged, NoVault, StorageTrouble, VaultNewer
from companion.core.files import write_atomic
from companion.vault.header import MAXIMUM_BYTES, Header

MAIN = "keys.json"
SECOND = "keys.bak.json"

_log = logging.getLogger(__name__)
H = TypeVar("H", bound=Header)


@dataclass(frozen=True, slots=True)
class _Copy(Generic[H]):
    """One copy as it was found: a header, or why there is none."""

    path: Path
    raw: bytes | None = None
    header: H | None = None
    trouble: CompanionError | None = None


def newest(folder: Path, read: Callable[[bytes], H]) -> H:
    """The highest valid generation of both copies; the other is written anew from it.

    Raises NoVault when there is no copy, DiskUnreachable, VaultNewer or
    KeyFileDamaged when no copy can be used. A copy that cannot be used never
    hides a good one, and a disk that cannot be written does not stop reading.
    """
    copies = [_look(path, read) for path in _paths(folder)]
    best = _best(copies)
    if best is None or best.header is None or best.raw is None:
        raise _reason(folder, copies)
    for copy in copies:
        if copy.header is None or copy.header.generation < best.header.generation:
            _heal(copy.path, best.raw)
    return best.header


def opens_by_device(folder: Path) -> bool:
    """Whether the key file has a slot for a key store; nothing is mended, and what cannot be read has none."""
    best = _best([_look(path, Header.from_bytes) for path in _paths(folder)])
    return best is not None and best.header is not None and any(slot.kind == "device" for slot in best.header.slots)


def write_both(folder: Path, raw: bytes, read: Callable[[bytes], Header]) -> None:
    """Write the second copy, then the main one. Raises StorageTrouble, and then the old key file still stands.

    Only when the disk also refuses to take the second copy back does the new
    one stand although the main copy failed: it will be the one that is read,
    so it counts as written.
    """
    paths = _paths(folder)
    _remove_leftovers(folder)
    before = dict(_readable(paths))
    try:
        for path in reversed(paths):
            write_atomic(path, raw)
    except StorageTrouble:
        _put_back(before)
        best = _best([_look(path, read) for path in paths])
        if best is None or best.raw != raw:
            raise
        _log.warning("key file written in one copy only")


def _paths(folder: Path) -> tuple[Path, Path]:
    return folder / MAIN, folder / SECOND


def _look(path: Path, read: Callable[[bytes], H]) -> _Copy[H]:
    try:
        raw = _bytes(path)
    except (FileNotFoundError, NotADirectoryError):
        return _Copy(path)
    except OSError:
        return _Copy(path, trouble=DiskUnreachable(path))
    try:
        return _Copy(path, raw, header=read(raw))
    except (KeyFileDamaged, VaultNewer) as trouble:
        return _Copy(path, raw, trouble=trouble)


def _bytes(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
        raise OSError
    with path.open("rb") as file:
        return file.read(MAXIMUM_BYTES + 1)


def _best(copies: list[_Copy[H]]) -> _Copy[H] | None:
    """The highest generation, the main copy when both are the same."""
    best: _Copy[H] | None = None
    for copy in copies:
        if copy.header and (best is None or best.header is None or copy.header.generation > best.header.generation):
            best = copy
    return best


def _reason(folder: Path, copies: list[_Copy[H]]) -> CompanionError:
    """What no usable copy means; a disk that may come back is named before damage that may not be one."""
    troubles = [copy.trouble for copy in copies if copy.trouble]
    for kind in (DiskUnreachable, VaultNewer):
        for trouble in troubles:
            if isinstance(trouble, kind):
                return trouble
    return troubles[0] if troubles else NoVault(folder)


def _heal(path: Path, raw: bytes) -> None:
    try:
        write_atomic(path, raw)
    except StorageTrouble:
        _log.warning("one copy of the key file is damaged and could not be written anew")


def _readable(paths: tuple[Path, ...]) -> Iterator[tuple[Path, bytes | None]]:
    """What stands there now, None for nothing; what cannot be read is left out and so left alone."""
    for path in paths:
        try:
            yield path, _bytes(path)
        except FileNotFoundError:
            yield path, None
        except OSError:
            continue


def _put_back(before: dict[Path, bytes | None]) -> None:
    for path, raw in before.items():
        with contextlib.suppress(OSError, StorageTrouble):
            if raw is None:
                path.unlink(missing_ok=True)
            elif _bytes(path) != raw:
                write_atomic(path, raw)


def _remove_leftovers(folder: Path) -> None:
    """What a killed write left beside: it holds old slots."""
    for path in folder.glob(".keys*.new"):
        with contextlib.suppress(OSError):
            path.unlink()
