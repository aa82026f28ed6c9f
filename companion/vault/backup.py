"""Makes a backup: copied, proved by opening the copy, packed, read back, and only then given its name."""

from __future__ import annotations

import glob
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from companion import __version__
from companion.core.clock import Clock
from companion.core.errors import DiskUnreachable, UsageRefused
from companion.core.files import private_folder, storage_trouble, sync_folder
from companion.vault.aside import Aside, do_aside
from companion.vault.connection import Connection, create_database
from companion.vault.container import ContainerReader, ContainerWriter, is_backup
from companion.vault.contents import Contents, read_contents
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.manifest import Manifest, MediaItem, seal
from companion.vault.media import MediaStore
from companion.vault.migrations import schema_of
from companion.vault.presence import DATABASE
from companion.vault.shelf import SUFFIX, digest_of, known_media, share_media
from companion.vault.soundness import prove_copy
from companion.vault.staging import BACKUPS, MEDIA

if TYPE_CHECKING:
    from companion.core.ids import MediaName

_ELSEWHERE = "backup_elsewhere"
Progress = Callable[[int, int], None]
# What becomes of attachments: inside the file, one shared copy beside it, or only named in it.
Handling = Literal["inside", "shared", "named"]


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A proved backup. `media` counts the attachments it holds or shares; `tables` rows by table."""

    file: Path
    media: int
    bytes: int
    tables: dict[str, int]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """The open vault that a backup is made of."""

    folder: Path
    connection: Connection
    key: MasterKey
    key_file: KeyFile
    media: MediaStore
    clock: Clock


@dataclass(frozen=True, slots=True)
class Pauses:
    """What long work calls again and again, and what may end it by raising.

    `serve` may use the vault in between (a save), `stop` may not: it is asked where the vault must stay as it is.
    """

    serve: Callable[[], None] = lambda: None
    stop: Callable[[], None] = lambda: None

    def also(self, stop: Callable[[], None]) -> Pauses:
        """These, and one more that may end it."""

        def both() -> None:
            self.stop()
            stop()

        return Pauses(self.serve, both)


class Steps:
    """Adds up bytes for a progress callback, which may raise to end the work as `pauses` may."""

    def __init__(self, total: int, progress: Progress | None, pauses: Pauses) -> None:
        self._total, self._done = total, 0
        self._progress = progress
        self._serve, self.stop = pauses.serve, pauses.stop

    def add(self, count: int) -> None:
        """So many more bytes are done."""
        self._done = min(self._done + count, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)
        self.stop()
        self._serve()

    def finish(self) -> None:
        """All is done, also what turned out smaller than it was thought to be."""
        self._done = self._total
        if self._progress is not None:
            self._progress(self._total, self._total)


def make_backup(
    source: Source,
    to: Path | None = None,
    *,
    reason: str = "manual",
    with_media: bool = True,
    progress: Progress | None = None,
    pauses: Pauses = Pauses(),
) -> BackupResult:
    """Make and prove one backup; what is not proved is removed.

    `to` is a file, or a folder to put it in; None is the vault's own `backups/`,
    whose backups share one copy of each attachment. Elsewhere attachments go
    inside. An older backup of the same name is replaced only by a proved one;
    any other file is refused (UsageRefused). Raises StorageTrouble,
    BackupDamaged where the copy is not what was copied, VaultDamaged where the
    vault itself cannot be read, and whatever `progress` and `pauses` raise.
    """
    # A backup opens by what the person knows or holds: the key store may forget, or belong to another computer.
    source = replace(source, key_file=source.key_file.without_device(source.key))
    made_at = source.clock.now()
    target = _target(source.folder, to, made_at, reason)
    is_beside = target.parent == source.folder / BACKUPS
    handling: Handling = "named" if not with_media else "shared" if is_beside else "inside"
    media_bytes = sum(_size(source.media.path(name)) for name in source.media.names()) if with_media else 0
    total = 3 * _size(source.folder / DATABASE) + media_bytes * (2 if handling == "inside" else 1)
    steps = Steps(total, progress, pauses)
    with _unfinished(target) as (copy, part):
        contents, schema = _copy_database(source, copy, steps)
        _prove(copy, source, contents, steps)
        pack = _Pack(source, made_at, reason, contents, schema)
        media = do_aside(lambda aside: pack.write(copy, part, handling, aside), steps.add, wait_for_end=False)
        steps.finish()
        try:
            os.replace(part, target)
            sync_folder(target.parent)
            size = target.stat().st_size
        except OSError as error:
            raise storage_trouble(error, target) from error
    return BackupResult(target, media if with_media else 0, size, contents.tables, made_at)


def note_backup_elsewhere(source: Source) -> None:
    """Let the vault remember when a backup outside its folder was proved. Raises ReadOnlyVault, StorageTrouble."""
    with source.connection.transaction():
        source.connection.execute(
            "INSERT OR REPLACE INTO vault_meta (key, value) VALUES (?, ?)",
            (_ELSEWHERE, source.clock.now().isoformat()),
        )


def proved_elsewhere(connection: Connection) -> datetime | None:
    """When a backup outside the vault's folder was last proved, as the vault remembers it."""
    found = connection.value("SELECT value FROM vault_meta WHERE key=?", (_ELSEWHERE,))
    return datetime.fromisoformat(found) if found else None


def _target(folder: Path, to: Path | None, made_at: datetime, reason: str) -> Path:
    name = f"{made_at:%Y%m%d-%H%M}-{reason}"
    if to is None:
        return _free(private_folder(folder / BACKUPS), name)
    if to.is_dir():
        return _free(to, name)
    if not to.parent.is_dir():
        raise DiskUnreachable(to.parent)
    if to.exists() and not is_backup(to):
        raise UsageRefused
    return to.absolute()


def _free(folder: Path, name: str) -> Path:
    path, number = folder / f"{name}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{SUFFIX}"
    return path.absolute()


@contextmanager
def _unfinished(target: Path) -> Iterator[tuple[Path, Path]]:
    """Names beside the target for the copy and the packed file; nothing is left there afterwards.

    New ones each time: one that was stopped may still be taking its own file away.
    """
    mark = secrets.token_hex(4)
    copy = target.with_name(f".{target.name}.{mark}.copy.part")
    part = target.with_name(f".{target.name}.{mark}.part")

    def remove() -> None:
        for path in (*target.parent.glob(f".{glob.escape(target.name)}.*part*"), copy, part):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    remove()
    try:
        yield copy, part
    finally:
        remove()


def _copy_database(source: Source, copy: Path, steps: Steps) -> tuple[Contents, int]:
    target = create_database(copy, source.key, source.key_file.cipher_salt)
    try:
        # Not yet a backup: a crash leaves a file that is removed, so one flush at the end is enough.
        target.execute("PRAGMA synchronous=OFF")
        done = 0

        def step(pages: int, total: int) -> None:
            nonlocal done
            size = _size(source.folder / DATABASE) * pages // max(total, 1)
            done, more = size, size - done
            steps.add(max(more, 0))

        source.connection.copy_to(target, step)
        # Before anything else can write: the copy must be what the vault is now.
        contents, schema = read_contents(source.connection, steps.stop), schema_of(source.connection)
    finally:
        target.close()
    do_aside(lambda _aside: _flush(copy), steps.add, wait_for_end=False)
    return contents, schema


def _flush(path: Path) -> None:
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_trouble(error, path) from error


def _prove(copy: Path, source: Source, contents: Contents, steps: Steps) -> None:
    """Prove the copy on a thread of its own: it is another file, and meanwhile the vault's thread stays of use."""
    do_aside(lambda aside: prove_copy(copy, source.key, source.key_file, contents, aside.use), steps.add)


@dataclass(frozen=True, slots=True)
class _Pack:
    source: Source
    made_at: datetime
    reason: str
    contents: Contents
    schema: int

    def write(self, copy: Path, part: Path, handling: Handling, aside: Aside) -> int:
        """Everything into `part`, flushed and read back; how many attachments the manifest names.

        After an error, and where nobody waits for it any more, `part` is gone.
        """
        try:
            names = list(self.source.media.names())
            self._write(copy, part, names, handling, aside)
            _read_back(part, self.source.key, aside)
            aside.check()
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return len(names)

    def _write(self, copy: Path, part: Path, names: list[MediaName], handling: Handling, aside: Aside) -> None:
        outside = () if handling == "inside" else tuple(self._outside(names, handling, aside))
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                writer = ContainerWriter(file, aside.count)
                key_file = writer.key_file(self.source.key_file.to_bytes())
                database = writer.database(copy)
                inside = tuple(self._inside(writer, name) for name in names if handling == "inside")
                writer.finish(self._manifest(key_file, database, inside or outside), self.source.key)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise storage_trouble(error, part) from error

    def _manifest(self, key_file: str, database: tuple[int, str], media: tuple[MediaItem, ...]) -> Manifest:
        source = self.source
        return Manifest(
            vault_id=source.key_file.vault_id,
            generation=source.key_file.generation,
            made_at=self.made_at,
            proved_at=source.clock.now(),
            reason=self.reason,
            application=__version__,
            schema=self.schema,
            key_file_sha256=key_file,
            database_bytes=database[0],
            database_sha256=database[1],
            sealed=seal(self.contents, source.key, source.key_file.vault_id),
            media=media,
        )

    def _inside(self, writer: ContainerWriter, name: MediaName) -> MediaItem:
        path = self.source.media.path(name)
        return MediaItem(name, _size(path), writer.append(path), inside=True)

    def _outside(self, names: list[MediaName], handling: Handling, aside: Aside) -> Iterator[MediaItem]:
        known = known_media(self.source.folder / BACKUPS)
        for name in names:
            path = self.source.media.path(name)
            if handling == "shared":
                yield share_media(path, name, self.source.folder / BACKUPS / MEDIA, known.get(name), aside.count)
            else:
                yield known.get(name) or MediaItem(name, _size(path), digest_of(path), inside=False)


def _read_back(part: Path, key: MasterKey, aside: Aside) -> None:
    """What is on the disk now, not what was meant to be written. Raises BackupDamaged, StorageTrouble."""
    with ContainerReader(part) as backup:
        backup.require_mac(key)
        backup.verify(aside.count)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
