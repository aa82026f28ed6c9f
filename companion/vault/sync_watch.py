"""Finds second copies that sync programs make of a space's files, and proves them by trying; it never changes one.

Every program has its own way to name them (`vault.sync-conflict-20261125-101010-ABC.db`,
`vault (Jo's conflicted copy 2026-11-25).db`, `vault-LAPTOP.db`, `vault (1).db`, `vault 2.db`), in
every language. So any file counts that begins and ends as ours does and is not ours; whether it
is a copy of this space is then found out by opening it, without its journal and without a lock.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from companion.core.copies import OtherVersion
from companion.core.errors import CompanionError, KeyFileDamaged, VaultNewer
from companion.core.files import private_folder, storage_trouble, sync_folder
from companion.vault.connection import Connection, open_database
from companion.vault.guards import Identity
from companion.vault.header import MAXIMUM_BYTES
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.lineage import Lineage, Mark, read_lineage
from companion.vault.presence import DATABASE, KEY_FILES
from companion.vault.staging import BACKUPS, JOURNAL, MEDIA

_OURS: Final = {DATABASE, JOURNAL, f"{DATABASE}-wal", f"{DATABASE}-shm", *KEY_FILES}
# Names that only a sync program gives; what else is beside and does not open is nobody's business.
_SYNC_MADE = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}|conflict|konflikt|conflit|conflicto|_conf\(\d+\)| \(\d+\)$| \d$", re.IGNORECASE
)
_MEDIA_NAME = re.compile(r"[0-9a-f]{64}")
_MOST: Final = 32


def find_versions(
    folder: Path, key_file: KeyFile, key: MasterKey, ours: Lineage, *, deep: bool = False, against: Mark | None = None
) -> tuple[OtherVersion, ...]:
    """Second copies in the folder and copies of the folder beside it, newest first; at most 32 are looked at.

    Compared with the database that is here, or with the moment `against`. `deep` counts those of attached files and
    backups too. Never raises: what cannot be read is "unknown" or left out.
    """
    look = _Look(key_file, key, ours, against)
    found: list[OtherVersion] = []
    for path in _names(folder)[:_MOST]:
        one = look.at(path)
        if one is not None:
            found.append(one)
    for beside in _folders_like(folder):
        one = look.at_folder(beside)
        if one is not None:
            found.append(one)
    found.sort(key=lambda one: one.changed_at.timestamp() if one.changed_at else 0.0, reverse=True)
    return (*found, *(_files(folder) if deep else ()))


def list_names(folder: Path) -> list[Path]:
    """What looks like a second copy by its name alone, for when there is no key."""
    files = [path for path in _names(folder) if _SYNC_MADE.search(_mark_of(path.name) or "")]
    return [*files, *_folders_like(folder), *(path for path in _deep_names(folder))]


def set_apart(other: OtherVersion, folder: Path, key_file: KeyFile, target: Path) -> None:
    """Make that version a space of its own in the new folder `target`; everything is copied, nothing moved.

    It opens with the same passphrase. A crash leaves no half space. Raises StorageTrouble.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        private_folder(part)
        source = other.path if other.kind == "folder" else folder
        database = source / DATABASE if other.kind == "folder" else other.path
        _copy(database, part / DATABASE)
        if other.kind == "folder":
            for name in KEY_FILES:
                if (source / name).is_file():
                    _copy(source / name, part / name)
        else:
            _newest_keys(folder, key_file).save(part)
        for place in dict.fromkeys((source, folder)):
            _copy_media(place / MEDIA, part / MEDIA)
        sync_folder(part)
        os.rename(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise storage_trouble(error, target) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


# --- names ---------------------------------------------------------------------


def _mark_of(name: str) -> str | None:
    """What a sync program put into one of our names: "…" of "vault….db"; None where it is no such name."""
    if name in _OURS or name.startswith("."):
        return None
    for ours in (DATABASE, JOURNAL, "keys.bak.json", "keys.json"):
        stem, dot, end = ours.rpartition(".")
        if name.startswith(stem) and name.endswith(dot + end) and len(name) > len(ours):
            return name[len(stem) : -len(dot + end)]
        if name.startswith(ours) and len(name) > len(ours):  # "vault.db (1)", "vault.db.conflict"
            return name[len(ours) :]
    return None


def _names(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in sorted(folder.iterdir()) if _mark_of(path.name) is not None and path.is_file()]
    return []


def _folders_like(folder: Path) -> list[Path]:
    """Copies of the whole folder: "a.vault (conflicted copy 2026-11-25)", "a (1).vault", "a 2.vault"."""
    found: list[Path] = []
    with suppress(OSError):
        for path in sorted(folder.absolute().parent.iterdir()):
            is_like = path.name.startswith(folder.stem) and folder.suffix in path.name and path.name != folder.name
            if is_like and len(found) < _MOST and (path / DATABASE).is_file():
                found.append(path)
    return found


def _deep_names(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for path in sorted((folder / MEDIA).rglob("*")):
            if _MEDIA_NAME.match(path.name) and not _MEDIA_NAME.fullmatch(path.name) and path.is_file():
                yield path
    with suppress(OSError):
        for path in sorted((folder / BACKUPS).iterdir()):
            if path.suffix == ".vbak" and _SYNC_MADE.search(path.stem):
                yield path


def _files(folder: Path) -> Iterator[OtherVersion]:
    for path in _deep_names(folder):
        yield OtherVersion(path, "files", "unknown", None, _changed(path))


# --- proof ---------------------------------------------------------------------


class _Look:
    """Tries what was found by name."""

    def __init__(self, key_file: KeyFile, key: MasterKey, ours: Lineage, against: Mark | None) -> None:
        self._key_file, self._key, self._ours = key_file, key, ours
        self._here = against or ours.mark

    def at(self, path: Path) -> OtherVersion | None:
        if path.name.startswith("keys"):
            return self._keys(path)
        if path.name.endswith("-journal") or path.name.startswith(JOURNAL):
            return OtherVersion(path, "journal", "unknown", None, _changed(path))
        return self._database(path, path, "database")

    def at_folder(self, folder: Path) -> OtherVersion | None:
        return self._database(folder, folder / DATABASE, "folder")

    def _database(self, shown: Path, path: Path, kind: str) -> OtherVersion | None:
        try:
            connection = open_database(
                path, self._key, self._key_file.cipher_salt, Identity(self._key_file.vault_id), mode="still"
            )
        except CompanionError:
            is_theirs = _SYNC_MADE.search(_mark_of(shown.name) or shown.name)
            return OtherVersion(shown, kind, "unknown", None, _changed(path)) if is_theirs else None
        try:
            lineage = read_lineage(connection)
            return OtherVersion(shown, kind, self._relation(lineage), _notes(connection), lineage.at or _changed(path))
        except CompanionError:
            return OtherVersion(shown, kind, "unknown", None, _changed(path))
        finally:
            connection.close()

    def _relation(self, lineage: Lineage) -> str:
        """What the copy is to the moment it is compared with."""
        return lineage.compared_with(self._here)

    def _keys(self, path: Path) -> OtherVersion | None:
        found = _read_keys(path)
        if found is None or found.vault_id != self._key_file.vault_id:
            return None
        here, there = self._key_file.generation, found.generation
        if there == here:
            relation = "same" if found == self._key_file else "apart"
        else:
            relation = "newer" if there > here else "older"
        return OtherVersion(path, "keys", relation, None, _changed(path))


def _notes(connection: Connection) -> int | None:
    if connection.value("SELECT 1 FROM sqlite_master WHERE type='table' AND name='entry'") is None:
        return None
    return int(connection.value("SELECT count(*) FROM entry WHERE state = 0"))


def _changed(path: Path) -> datetime | None:
    with suppress(OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return None


def _read_keys(path: Path) -> KeyFile | None:
    with suppress(OSError, KeyFileDamaged, VaultNewer), path.open("rb") as file:
        return KeyFile.from_bytes(file.read(MAXIMUM_BYTES + 1))
    return None


# --- copying -------------------------------------------------------------------


def _newest_keys(folder: Path, key_file: KeyFile) -> KeyFile:
    """The database of the other version may know a newer key file, which then lies beside it."""
    best = key_file
    for path in _names(folder):
        found = _read_keys(path) if path.name.startswith("keys") else None
        if found is not None and found.vault_id == best.vault_id and found.generation > best.generation:
            best = found
    return best


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as file, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        shutil.copyfileobj(file, to)
        to.flush()
        os.fsync(to.fileno())


def _copy_media(source: Path, target: Path) -> None:
    """An attached file is never changed once it is there, so the same disk need not hold it twice."""
    for path in source.rglob("*") if source.is_dir() else ():
        if not path.is_file() or not _MEDIA_NAME.fullmatch(path.name):
            continue
        place = target / path.parent.name / path.name
        private_folder(place.parent)
        if place.exists():
            continue
        try:
            os.link(path, place)
        except OSError:
            _copy(path, place)
