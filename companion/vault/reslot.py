"""Gives backups from before a rotation the passphrase and the recovery key of now; their content stays as it is.

Each is rewritten beside itself: the key file in it holds only the new slots around the old master key, the
manifest names that key file and is sealed again; every byte is read back and compared before the old file goes.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from companion.core.errors import BackupDamaged, CompanionError, Stopped, StorageTrouble
from companion.core.files import storage_trouble, sync_folder
from companion.vault import retired
from companion.vault.backup import Progress, Source, proved_elsewhere
from companion.vault.container import ContainerReader, ContainerWriter, Count
from companion.vault.keyslots import KeyFile
from companion.vault.retired import Retired
from companion.vault.rotation import still_open
from companion.vault.shelf import BackupInfo, list_in
from companion.vault.staging import BACKUPS


@dataclass(frozen=True, slots=True)
class Relocked:
    """What became of backups in reach, and what is out of reach.

    `done` open with the new passphrase only; `removed` could not be changed and a newer one stands for them;
    `kept` could not be changed and still open with the old passphrase, as do the folders `aside` in quarantine.
    `elsewhere` is when a backup outside the vault's folder was last proved, or None: such copies are as they were.
    `unreached` is the second place where it is not there now: what it holds is as it was.
    """

    done: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    aside: tuple[Path, ...] = ()
    elsewhere: datetime | None = None
    unreached: Path | None = None


@dataclass(slots=True)
class _Tally:
    done: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    has_newer: bool = False
    is_disk_in_the_way: bool = False


def relock(source: Source, second: Path | None = None, progress: Progress | None = None) -> Relocked:
    """Change the backups beside the vault and in the folder `second`; what is done already is left alone.

    What `progress` raises ends the work; it goes on at the next opening, as it does where the disk was in the way.
    """
    tally = _Tally()
    keys = retired.read(source.connection)
    try:
        own = list_in(source.folder / BACKUPS)
        found = [*own, *(list_in(second) if second is not None else ())]
        total, done = sum(info.size_bytes for info in found), 0

        def count(size: int) -> None:
            nonlocal done
            done = min(done + size, total)
            if progress is not None:
                progress(done, max(total, 1))

        for number, info in enumerate(found):
            # A backup that cannot be changed goes only where a newer one of the same folder stands for it.
            tally.has_newer = tally.has_newer and number != len(own)
            _one(info, source, keys, tally, count)
    finally:
        for one in keys:
            one.key.wipe()
    if not tally.is_disk_in_the_way:
        retired.put(source.connection, retired.LEFT_TO_DO, "")
    return Relocked(
        tuple(tally.done),
        tuple(tally.removed),
        tuple(tally.kept),
        still_open(source.folder, source.key),
        proved_elsewhere(source.connection),
        second if second is not None and not second.is_dir() else None,
    )


def _one(info: BackupInfo, source: Source, keys: list[Retired], tally: _Tally, count: Count) -> None:
    if info.manifest is not None and info.manifest.vault_id != source.key_file.vault_id:
        return
    try:
        if _change(info.file, source, keys, count):
            tally.done.append(info.file)
        tally.has_newer = True
    except Stopped:
        raise
    except CompanionError as error:
        tally.is_disk_in_the_way |= isinstance(error, StorageTrouble)
        is_gone = info.manifest is not None and tally.has_newer and _removed(info.file)
        (tally.removed if is_gone else tally.kept).append(info.file)


def _change(file: Path, source: Source, keys: list[Retired], count: Count) -> bool:
    """Whether it had to be changed, and was. Raises BackupDamaged, KeyFileDamaged, StorageTrouble."""
    with ContainerReader(file) as backup:
        owner = backup.key_of(source.key)
        if owner is source.key:
            return False
        key_file = KeyFile.from_bytes(backup.key_file)
        wanted = next((one for one in keys if key_file.is_around(one.key)), None)
        if owner is None or wanted is None:
            raise BackupDamaged("manifest")
        if key_file.slots == wanted.slots.slots:
            return False
        part = file.with_name(f".{file.name}.part")
        try:
            _rewrite(backup, key_file.with_slots(wanted.key, wanted.slots.slots), wanted, part, count)
            with ContainerReader(part) as written:
                written.require_mac(wanted.key)
                written.verify()
            _put_in_place(part, file)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return True


def _rewrite(backup: ContainerReader, key_file: KeyFile, wanted: Retired, part: Path, count: Count) -> None:
    raw = key_file.to_bytes()
    manifest = replace(backup.manifest, generation=key_file.generation, key_file_sha256=hashlib.sha256(raw).hexdigest())
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            writer = ContainerWriter(file, count)
            writer.key_file(raw)
            backup.copy_body(file, count)
            writer.finish(manifest, wanted.key)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_trouble(error, part) from error


def _put_in_place(part: Path, file: Path) -> None:
    try:
        made = file.stat()
        os.utime(part, ns=(made.st_atime_ns, made.st_mtime_ns))  # its age says when the next backup is due
        os.replace(part, file)
        sync_folder(file.parent)
    except OSError as error:
        raise storage_trouble(error, file) from error


def _removed(file: Path) -> bool:
    try:
        file.unlink()
        sync_folder(file.parent)
    except OSError:
        return False
    return True
