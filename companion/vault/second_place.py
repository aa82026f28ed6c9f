"""A second place for backups, such as a USB stick: proved ones are carried there with the attachments they share.

The place the person chose gets one folder for each vault, `backups-` and the
first eight characters of the vault's id, laid out like the vault's own
`backups/`: files, and one copy of each attachment in `media/`. Only encrypted
files are copied, so no key is needed and none is at risk on a slow disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from companion.core.errors import BackupDamaged, DiskUnreachable
from companion.core.files import private_folder, storage_trouble, sync_folder
from companion.vault.container import copy_and_digest
from companion.vault.shelf import (
    BackupInfo,
    digest_of,
    known_media,
    list_in,
    look_at,
    media_path,
    rotate,
    share_media,
)
from companion.vault.staging import MEDIA

Count = Callable[[int], None]
_UNFINISHED = (".*.part", f"{MEDIA}/??/.*.part")


@dataclass(frozen=True, slots=True)
class Errand:
    """The newest proved backup and where it should be too; `may_rotate` where older ones there may go for it."""

    newest: BackupInfo
    place: Path
    vault_id: str
    may_rotate: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """What is in the second place now, newest first; `is_new` where something was copied just now."""

    folder: Path
    backups: tuple[BackupInfo, ...]
    is_new: bool


def folder_in(place: Path, vault_id: str) -> Path:
    """The folder of this vault's backups in a second place."""
    return place / f"backups-{vault_id[:8]}"


def carry_over(errand: Errand, count: Count = lambda _: None) -> Carried:
    """Copy the backup there, flush it, read it back, and only then let older ones of this vault go.

    For any thread; what `count` raises ends it. Raises DiskUnreachable where
    the place is not there, StorageTrouble, BackupDamaged where what was read
    back is not what was copied. After any error the older ones there stay.
    """
    if not errand.place.is_dir():
        raise DiskUnreachable(errand.place)
    folder = private_folder(folder_in(errand.place, errand.vault_id))
    _tidy(folder)
    target = folder / errand.newest.file.name
    is_new = look_at(target).manifest != errand.newest.manifest
    if is_new:
        _carry_media(errand.newest, folder, count)
        _carry_file(errand.newest.file, target, count)
        if errand.may_rotate and errand.newest.made_at is not None:
            rotate(folder, errand.vault_id, errand.newest.made_at)
    return Carried(folder, tuple(list_in(folder)), is_new)


def _carry_media(newest: BackupInfo, folder: Path, count: Count) -> None:
    known, from_folder = known_media(folder), newest.file.parent / MEDIA
    for item in newest.manifest.media if newest.manifest else ():
        if item.inside:
            continue
        shared = share_media(media_path(from_folder, item.name), item.name, folder / MEDIA, known.get(item.name), count)
        if shared.sha256 != item.sha256:
            raise BackupDamaged("media")


def _carry_file(source: Path, target: Path, count: Count) -> None:
    part = target.with_name(f".{target.name}.part")
    try:
        with source.open("rb") as file, os.fdopen(_new_file(part), "wb") as copy:
            digest = copy_and_digest(file, copy, source.stat().st_size, count)
            copy.flush()
            os.fsync(copy.fileno())
        if digest_of(part, count) != digest:
            raise BackupDamaged("database")
        os.replace(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise storage_trouble(error, target) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _new_file(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _tidy(folder: Path) -> None:
    """Remove what an earlier attempt left without a name, such as when the stick was pulled out."""
    for pattern in _UNFINISHED:
        for path in folder.glob(pattern):
            with suppress(OSError):
                path.unlink()
