"""Tries a backup: every byte read, its copy of the database opened and compared with what it must hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from companion.core.errors import BackupDamaged, KeyFileDamaged, WrongSecret
from companion.core.files import private_folder, storage_trouble
from companion.vault.aside import Aside, do_aside
from companion.vault.container import ContainerReader
from companion.vault.contents import Contents
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.shelf import find_media
from companion.vault.soundness import prove_copy
from companion.vault.staging import MEDIA

_NAME = ".tried.copy.part"


@dataclass(frozen=True, slots=True)
class Inside:
    """What a backup holds, as sealed with it: rows by table, attachments, and which vault it is of."""

    file: Path
    vault_id: str
    made_at: datetime
    tables: dict[str, int]
    media: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A backup that was opened and is whole. `media_missing` counts attachments that were nowhere to be found."""

    inside: Inside
    media_missing: int
    mark: str  # SHA-256 of its database, which names it wherever it lies


@contextmanager
def opened(
    file: Path, keys: Sequence[MasterKey], passphrase: str | None = None
) -> Iterator[tuple[ContainerReader, KeyFile, MasterKey]]:
    """The backup, its key file and its key: one of `keys`, or what its passphrase opens.

    Raises WrongSecret("backup") where neither opens it, BackupDamaged, VaultNewer, NotEnoughMemory, StorageTrouble.
    """
    with ContainerReader(file) as backup:
        try:
            key_file = KeyFile.from_bytes(backup.key_file)
        except KeyFileDamaged as error:
            raise BackupDamaged("key-file") from error
        known = next((key for key in keys if key_file.is_around(key)), None)
        if known is not None:
            backup.require_mac(known)
            yield backup, key_file, known
            return
        if passphrase is None:
            raise WrongSecret("backup")
        try:
            key = key_file.unlock(passphrase)
        except WrongSecret as error:
            raise WrongSecret("backup") from error
        try:
            backup.require_mac(key)
            yield backup, key_file, key
        finally:
            key.wipe()


def look_inside(file: Path, keys: Sequence[MasterKey], passphrase: str | None = None) -> Inside:
    """What it says it holds, before anything is proved. Raises like `opened`."""
    with opened(file, keys, passphrase) as (backup, _key_file, key):
        return _inside(backup, backup.manifest.contents(key))


def try_backup(
    file: Path,
    keys: Sequence[MasterKey],
    passphrase: str | None,
    workshop: Path,
    places: Iterable[Path],
    add: Callable[[int], None] = lambda _: None,
) -> Trial:
    """Prove it as when it was made; nothing is changed.

    `workshop` is a folder for one encrypted copy, which is gone afterwards;
    attachments that are not inside are looked for in `places` and beside the
    file. What `add` raises ends it. Raises like `opened`, and BackupDamaged
    where anything in it is not what it was.
    """
    with opened(file, keys, passphrase) as (backup, key_file, key):
        contents = backup.manifest.contents(key)
        copy = private_folder(workshop) / _NAME
        try:
            do_aside(lambda aside: _unpack(backup, copy, aside), add)
            do_aside(lambda aside: prove_copy(copy, key, key_file, contents, aside.use), add)
            folders = (*places, file.parent / MEDIA)
            missing = do_aside(lambda aside: _missing(backup, folders, aside), add)
        finally:
            with suppress(OSError):
                copy.unlink(missing_ok=True)
        return Trial(_inside(backup, contents), missing, backup.manifest.database_sha256)


def _inside(backup: ContainerReader, contents: Contents) -> Inside:
    manifest = backup.manifest
    return Inside(backup.path, manifest.vault_id, manifest.made_at, contents.tables, len(manifest.media))


def _unpack(backup: ContainerReader, copy: Path, aside: Aside) -> None:
    try:
        copy.unlink(missing_ok=True)
        with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            backup.database(target, aside.count)
        backup.media(lambda _: None, aside.count)
    except OSError as error:
        raise storage_trouble(error, copy) from error


def _missing(backup: ContainerReader, folders: Sequence[Path], aside: Aside) -> int:
    missing = 0
    for item in backup.manifest.media:
        aside.check()
        missing += not item.inside and find_media(item, folders) is None
    return missing
