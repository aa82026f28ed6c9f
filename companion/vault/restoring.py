"""Brings a backup back: opened with its own key file, proved beside, swapped in; what it replaces is moved aside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from companion.core.clock import Clock
from companion.core.errors import BackupDamaged, KeyFileDamaged
from companion.core.files import private_folder, storage_trouble, sync_folder
from companion.core.ids import VaultId
from companion.vault import staging
from companion.vault.container import ContainerReader
from companion.vault.contents import Contents
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.lockfile import LOCK_NAME, LockFile
from companion.vault.manifest import MediaItem
from companion.vault.presence import DATABASE, holds_vault
from companion.vault.shelf import find_media, media_path
from companion.vault.soundness import prove_copy

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """A vault that was brought back. `media_missing` counts attachments that were nowhere to be found.

    `replaced_moved_to` is the folder inside `quarantine/` that now holds what
    was there before, or None where there was nothing.
    """

    vault_id: VaultId
    made_at: datetime
    replaced_moved_to: Path | None
    tables: dict[str, int]
    media: int
    media_missing: int


def restore(
    file: Path,
    folder: Path,
    passphrase: str,
    clock: Clock,
    *,
    recovery_code: str | None = None,
    progress: Progress | None = None,
) -> RestoreResult:
    """Make the backup the vault in `folder`, which may have none or another one; it is left locked.

    The passphrase is the one from when the backup was made; `recovery_code`, where given,
    is used instead. Raises WrongSecret, BackupDamaged, VaultInUse, NotEnoughMemory,
    VaultNewer, EncryptionMissing, StorageTrouble and whatever `progress` raises; after an
    error the vault in the folder is as it was.
    """
    with ContainerReader(file) as backup:
        key_file, key = _opened(backup, passphrase, recovery_code)
        try:
            backup.require_mac(key)
            if backup.manifest.vault_id != key_file.vault_id or backup.manifest.generation != key_file.generation:
                raise BackupDamaged("manifest")
            return _bring_back(backup, key_file, key, folder, clock, progress)
        finally:
            key.wipe()


def _opened(backup: ContainerReader, passphrase: str, recovery_code: str | None) -> tuple[KeyFile, MasterKey]:
    try:
        key_file = KeyFile.from_bytes(backup.key_file)
        if recovery_code is not None:
            return key_file, key_file.unlock_with_recovery(recovery_code)
        return key_file, key_file.unlock(passphrase)
    except KeyFileDamaged as error:
        raise BackupDamaged("key-file") from error


def _bring_back(
    backup: ContainerReader,
    key_file: KeyFile,
    key: MasterKey,
    folder: Path,
    clock: Clock,
    progress: Progress | None,
) -> RestoreResult:
    is_new = not folder.exists()
    private_folder(folder)
    lock = LockFile(folder, clock)
    try:
        lock.acquire()
        staging.finish(folder)
        incoming = staging.begin(folder)
        contents = backup.manifest.contents(key)
        missing = _unpack(backup, key_file, key, contents, folder, incoming, progress)
        moved_to = staging.commit(folder, f"{clock.now():%Y%m%d-%H%M%S}-replaced")
    except BaseException:
        if lock.is_held:
            staging.discard(folder)
            lock.release(as_found=True)
        raise
    finally:
        lock.release()
        if is_new and not holds_vault(folder):
            _remove_empty(folder)
    media = len(backup.manifest.media)
    return RestoreResult(
        key_file.vault_id, backup.manifest.made_at, moved_to, contents.tables, media - missing, missing
    )


def _unpack(
    backup: ContainerReader,
    key_file: KeyFile,
    key: MasterKey,
    contents: Contents,
    folder: Path,
    incoming: Path,
    progress: Progress | None,
) -> int:
    """Write and prove the whole new vault in `incoming`; how many attachments could not be found."""
    manifest, done = backup.manifest, 0
    total = manifest.database_bytes + sum(item.size_bytes for item in manifest.media if item.inside)

    def count(size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress(done, total)

    database, media = incoming / DATABASE, incoming / staging.MEDIA
    try:
        with os.fdopen(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            backup.database(target, count)
            target.flush()
            os.fsync(target.fileno())
        prove_copy(database, key, key_file, contents)
        backup.media(lambda item: _place_for(media, item), count)
        missing = _gather_media(backup, folder, media)
        _sync_all(media)
    except OSError as error:
        raise storage_trouble(error, folder) from error
    key_file.save(incoming)
    return missing


def _place_for(media: Path, item: MediaItem) -> Path:
    path = media_path(media, item.name)
    private_folder(path.parent)
    return path


def _gather_media(backup: ContainerReader, folder: Path, media: Path) -> int:
    """Attachments that the backup only names: from the vault itself, from its backups, from beside the file."""
    own = folder / staging.MEDIA
    places = (own, folder / staging.BACKUPS / staging.MEDIA, backup.path.parent / staging.MEDIA)
    missing = 0
    for item in backup.manifest.media:
        if item.inside:
            continue
        found = find_media(item, places)
        if found is None:
            missing += 1
            continue
        _bring(found, _place_for(media, item), may_link=found.is_relative_to(own))
    return missing


def _bring(source: Path, target: Path, *, may_link: bool) -> None:
    """What the vault itself held may have two names, as such a file is never changed; a backup stays a copy."""
    if may_link:
        with suppress(OSError):
            os.link(source, target)
            return
    with source.open("rb") as file, target.open("xb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _sync_all(media: Path) -> None:
    private_folder(media)
    for folder in (*media.glob("??"), media):
        sync_folder(folder)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        (folder / LOCK_NAME).unlink(missing_ok=True)
        folder.rmdir()
