"""The key of a damaged vault: from whichever copy of its key file can be read, without mending any."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from companion.core.errors import (
    BackupDamaged,
    CompanionError,
    DiskUnreachable,
    KeyFileDamaged,
    StorageTrouble,
    VaultNewer,
    WrongSecret,
)
from companion.vault.container import ContainerReader
from companion.vault.header import MAXIMUM_BYTES
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.presence import KEY_FILES
from companion.vault.shelf import list_backups, newest_backup

_MOST_DIFFERENCES = 10

Unlock = Callable[[KeyFile], MasterKey]


@dataclass(frozen=True, slots=True)
class Opened:
    """A key file that opened, and its key; whoever gets it wipes the key."""

    key_file: KeyFile
    key: MasterKey


def open_key(folder: Path, unlock: Unlock, belongs: Callable[[Opened], bool]) -> Opened:
    """The first key that opens and that `belongs` to the database: newest copy first, then those in backups.

    A key that opens and is not known to belong counts where none does: the database may be gone altogether.
    Raises WrongSecret where a key file can be read and none opens, KeyFileDamaged where none can be
    read, VaultNewer, NotEnoughMemory.
    """
    fallback: Opened | None = None
    trouble: CompanionError | None = None
    for key_file in _candidates(folder):
        try:
            opened = Opened(key_file, unlock(key_file))
        except (WrongSecret, KeyFileDamaged) as error:
            # That the secret is wrong is the better news: the file can be read.
            if not isinstance(trouble, WrongSecret):
                trouble = error
            continue
        if belongs(opened):
            if fallback is not None:
                fallback.key.wipe()
            return opened
        if fallback is None:
            fallback = opened
        else:
            opened.key.wipe()
    if fallback is not None:
        return fallback
    raise trouble or KeyFileDamaged("missing", newest_backup(folder))


def _candidates(folder: Path) -> Iterator[KeyFile]:
    copies = [raw for name in KEY_FILES if (raw := _read(folder / name)) is not None]
    read = [key_file for raw in copies if (key_file := _parsed(raw)) is not None]
    read = read or list(_mended(copies))
    seen: list[KeyFile] = []
    for key_file in itertools.chain(sorted(read, key=lambda one: -one.generation), _in_backups(folder)):
        if key_file not in seen:
            seen.append(key_file)
            yield key_file
    if not seen and copies:
        for raw in copies:
            _raise_if_newer(raw)


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        if not path.parent.is_dir():
            raise DiskUnreachable(path) from error
        return None


def _parsed(raw: bytes) -> KeyFile | None:
    try:
        return KeyFile.from_bytes(raw)
    except (KeyFileDamaged, VaultNewer):
        return None


def _raise_if_newer(raw: bytes) -> None:
    try:
        KeyFile.from_bytes(raw)
    except KeyFileDamaged:
        return


def _mended(copies: list[bytes]) -> Iterator[KeyFile]:
    """Both copies are damaged, at different places: the checksum says which mix of the two is the true one."""
    if len(copies) != 2 or len(copies[0]) != len(copies[1]):
        return
    first, second = copies
    runs = [
        [at for at, _ in group]
        for differs, group in itertools.groupby(
            enumerate(zip(first, second, strict=True)), lambda x: x[1][0] != x[1][1]
        )
        if differs
    ]
    if not 1 <= len(runs) <= _MOST_DIFFERENCES:
        return
    for choice in itertools.product((False, True), repeat=len(runs)):
        mixed = bytearray(first)
        for run, other in zip(runs, choice, strict=True):
            if other:
                mixed[run[0] : run[-1] + 1] = second[run[0] : run[-1] + 1]
        key_file = _parsed(bytes(mixed))
        if key_file is not None:
            yield key_file
            return


def _in_backups(folder: Path) -> Iterator[KeyFile]:
    for info in list_backups(folder):
        try:
            with ContainerReader(info.file) as backup:
                key_file = _parsed(backup.key_file)
        except (BackupDamaged, StorageTrouble, VaultNewer):
            continue
        if key_file is not None:
            yield key_file
