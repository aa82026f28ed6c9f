"""A folder of backups (a vault's own, or a second place): what is there, which may go, and the media they share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from companion.core.errors import BackupDamaged, KeyFileDamaged, StorageTrouble, VaultNewer
from companion.core.files import new_private_file, private_folder, storage_trouble, sync_folder
from companion.vault.container import ContainerReader, copy_and_digest
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.manifest import Manifest, MediaItem
from companion.vault.media import UNFINISHED
from companion.vault.presence import DATABASE
from companion.vault.staging import BACKUPS, MEDIA, QUARANTINE

SUFFIX: Final = ".vbak"
LATEST, DAILY, WEEKLY, MONTHLY = 3, 7, 4, 12
BACKUP_AFTER: Final = timedelta(hours=12)
_FEWER_ROWS = 0.8
_UNFINISHED = (
    f"{BACKUPS}/.*.part*",
    f"{BACKUPS}/{MEDIA}/??/.*.part",
    f"{QUARANTINE}/.*.part",
    f"{MEDIA}/{UNFINISHED}*",
    ".keys*.new",
)


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """One backup. `ok` is False where it cannot be used; times are None where it cannot be read."""

    file: Path
    ok: bool
    made_at: datetime | None
    proved_at: datetime | None
    reason: str
    size_bytes: int
    media: int
    manifest: Manifest | None = None


def media_path(folder: Path, name: str) -> Path:
    """Where a media folder keeps the encrypted file of this name."""
    return folder / name[:2] / name


def list_in(folder: Path) -> list[BackupInfo]:
    """Every backup in this folder, newest first; only the frame of each is read."""
    found = [look_at(path) for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith(".")]
    return sorted(found, key=lambda info: (info.made_at is not None, info.made_at, info.file.name), reverse=True)


def list_backups(vault_folder: Path) -> list[BackupInfo]:
    """Every backup beside the vault, newest first."""
    return list_in(vault_folder / BACKUPS)


def in_order(infos: Iterable[BackupInfo], now: datetime) -> list[BackupInfo]:
    """Newest first as the clock says now: what claims a later time is from when the clock was wrong, and comes last."""
    return sorted(infos, key=lambda info: info.made_at is not None and info.made_at > now)


def newest_backup(vault_folder: Path, now: datetime | None = None) -> Path | None:
    """The newest backup that can be read, or None; with `now`, none from a wrong clock's future if there is another."""
    found = list_backups(vault_folder)
    return next((info.file for info in (in_order(found, now) if now else found) if info.ok), None)


def look_at(path: Path) -> BackupInfo:
    """What a backup says about itself, without believing or proving it."""
    size = 0
    try:
        size = path.stat().st_size
        with ContainerReader(path) as backup:
            manifest = backup.manifest
    except (BackupDamaged, StorageTrouble, VaultNewer, OSError):
        return BackupInfo(path, False, None, None, "", size, 0)
    return BackupInfo(
        path, True, manifest.made_at, manifest.proved_at, manifest.reason, size, len(manifest.media), manifest
    )


def verify(info: BackupInfo, vault_id: str, key: MasterKey, folders: Iterable[Path]) -> bool:
    """Whether every byte is as it was proved, and all media that it only names are in one of `folders`.

    A backup of another vault, left by a restore, is sealed under its key, and so is one from after a rotation
    of the key that a restore went back behind; of those only the digests can be compared.
    """
    try:
        with ContainerReader(info.file) as backup:
            if backup.manifest.vault_id == vault_id and _is_under(backup.key_file, key):
                backup.require_mac(key)
            backup.verify()
            beside = [item for item in backup.manifest.media if not item.inside]
    except (BackupDamaged, StorageTrouble, VaultNewer):
        return False
    places = list(folders)
    return all(find_media(item, places) is not None for item in beside)


def _is_under(key_file: bytes, key: MasterKey) -> bool:
    """Whether this vault's key, or one from before, is inside; a key file that cannot be read counts as its own."""
    try:
        found = KeyFile.from_bytes(key_file)
    except KeyFileDamaged:
        return True
    return any(found.is_around(one) for one in key.every)


def is_backup_due(vault_folder: Path, now: datetime, after: timedelta = BACKUP_AFTER) -> bool:
    """Whether the vault was changed since its newest backup, and that is older than `after` or missing.

    Changed is told by the files' own times, because this is asked without a key.
    """
    newest = next((info for info in in_order(list_backups(vault_folder), now) if info.ok), None)
    # Only backups from the future say that the clock went back: no reason to wait for it.
    if newest is None or newest.made_at is None or newest.made_at > now:
        return True
    try:
        made_s, changed_s = newest.file.stat().st_mtime, (vault_folder / DATABASE).stat().st_mtime
    except OSError:
        return True
    return changed_s > made_s and now - newest.made_at >= after


# --- media -------------------------------------------------------------------


def find_media(item: MediaItem, folders: Iterable[Path]) -> Path | None:
    """An encrypted file that is the one the backup names, byte for byte, or None."""
    for folder in folders:
        path = media_path(folder, item.name)
        with suppress(OSError):
            if path.stat().st_size == item.size_bytes and digest_of(path) == item.sha256:
                return path
    return None


def digest_of(path: Path, count: Callable[[int], None] = lambda _: None) -> str:
    """SHA-256 of a file, as lower-case hexadecimal."""
    with path.open("rb") as file:
        return copy_and_digest(file, None, path.stat().st_size, count)


def share_media(
    source: Path, name: str, shared: Path, known: MediaItem | None, count: Callable[[int], None]
) -> MediaItem:
    """Keep one copy of an attachment for all backups and say what that copy is.

    Encrypted files never change, so a copy that an earlier backup has proved
    (`known`) is not copied again. Raises StorageTrouble, BackupDamaged where the copy reads otherwise.
    """
    target = media_path(shared, name)
    part = target.with_name(f".{target.name}.part")
    try:
        if known is not None and target.is_file() and target.stat().st_size == known.size_bytes:
            return MediaItem(name, known.size_bytes, known.sha256, inside=False)
        private_folder(shared)
        private_folder(target.parent)
        size = source.stat().st_size
        with source.open("rb") as file, new_private_file(part) as copy:
            digest = copy_and_digest(file, copy, size, count)
            copy.flush()
            os.fsync(copy.fileno())
        if digest_of(part) != digest:
            raise BackupDamaged("media")
        part.replace(target)
        sync_folder(target.parent)
        return MediaItem(name, size, digest, inside=False)
    except OSError as error:
        raise storage_trouble(error, target) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def known_media(folder: Path) -> dict[str, MediaItem]:
    """What the backups in this folder say about the media they share; the newest one's word counts."""
    known: dict[str, MediaItem] = {}
    for info in list_in(folder):
        for item in info.manifest.media if info.manifest else ():
            if not item.inside:
                known.setdefault(item.name, item)
    return known


# --- rotation ----------------------------------------------------------------


def to_keep(made: Iterable[datetime]) -> set[datetime]:
    """Of backups made at these times: the 3 latest, and the newest of 7 days, 4 weeks and 12 months."""
    newest_first = sorted(set(made), reverse=True)
    kept = set(newest_first[:LATEST])
    periods: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (DAILY, lambda at: (at.year, at.timetuple().tm_yday)),
        (WEEKLY, lambda at: at.isocalendar()[:2]),
        (MONTHLY, lambda at: (at.year, at.month)),
    )
    for number, period_of in periods:
        newest: dict[tuple[int, ...], datetime] = {}
        for at in newest_first:
            newest.setdefault(period_of(at), at)
        kept.update(list(newest.values())[:number])
    return kept


def rotate(folder: Path, vault_id: str, now: datetime) -> list[Path]:
    """Remove backups that newer proved ones stand for; the files that went. Call after a proved backup only.

    `now` is when that one was made. Backups from later than that were made while the clock was wrong (then, or now):
    they are thinned out among themselves, so that they push none of the others out.
    Not where `holds_back` says so. What cannot be read is left alone, and so is every backup of another vault.
    """
    own = [info for info in list_in(folder) if info.manifest is not None and info.manifest.vault_id == vault_id]
    made = [info.made_at for info in own if info.made_at is not None]
    kept = to_keep(at for at in made if at <= now) | to_keep(at for at in made if at > now)
    gone = [info.file for info in own if info.made_at not in kept]
    for file in gone:
        with suppress(OSError):
            file.unlink()
    _drop_unnamed_media(folder)
    return gone


def holds_back(infos: Sequence[BackupInfo], vault_id: str, key: MasterKey, since: datetime | None = None) -> bool:
    """Whether nothing may go now, because the newest backup holds over a fifth fewer rows than an older one.

    Then an older one may be what is wanted. `since` is when the person last said
    that the smaller number is right: what was made before does not count.
    `infos` come newest first, as `in_order` gives them. Where the newest cannot be read, nothing may go either.
    """
    own = [info.manifest for info in infos if info.manifest is not None and info.manifest.vault_id == vault_id]
    if not own:
        return False
    newest = _rows(own[0], key)
    if newest is None:
        return True
    before = [_rows(manifest, key) for manifest in own[1:] if since is None or manifest.made_at > since]
    return any(rows is not None and newest < rows * _FEWER_ROWS for rows in before)


def _rows(manifest: Manifest, key: MasterKey) -> int | None:
    try:
        return sum(manifest.contents_by(key).tables.values())
    except BackupDamaged:
        return None


def _drop_unnamed_media(folder: Path) -> None:
    left = list_in(folder)
    if not all(info.ok for info in left):
        return  # a backup that cannot be read may name anything
    named = {item.name for info in left if info.manifest for item in info.manifest.media}
    for path in (folder / MEDIA).glob("??/*"):
        if path.name not in named:
            with suppress(OSError):
                path.unlink()


def clear_unfinished(vault_folder: Path) -> None:
    """Remove what a kill left without its name: no backup, key file or attachment yet. Hold the vault's lock."""
    for pattern in _UNFINISHED:
        for path in vault_folder.glob(pattern):
            with suppress(OSError):
                path.unlink()
