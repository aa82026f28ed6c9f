"""Gives a vault another master key: a whole new vault beside the old one, proved, that then takes its place.

Someone who knows the old passphrase and once copied the key file has the master key itself; a new passphrase
alone would not shut them out. So the database is copied into one under a fresh key and salt, every attachment
is decrypted and encrypted anew under a new name, and all of it is proved while the old vault still stands.
A crash before `staging.commit` leaves the old vault, after it the new one. The old one moves aside and is
destroyed when the new one has opened.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from companion.core.errors import BackupDamaged, KeyFileDamaged, VaultDamaged, VaultNewer
from companion.core.files import storage_trouble, sync_folder
from companion.core.ids import MediaName
from companion.vault import contents, retired, staging
from companion.vault.aside import Aside, do_aside
from companion.vault.backup import Progress, Source
from companion.vault.connection import Connection, create_database
from companion.vault.keyslots import Cost, KeyFile, MasterKey
from companion.vault.media import MediaStore
from companion.vault.presence import DATABASE, KEY_FILES
from companion.vault.retired import Retired
from companion.vault.shelf import media_path
from companion.vault.soundness import prove_copy
from companion.vault.staging import MEDIA, QUARANTINE

# Every column that names a file under media/. A test compares it with the schema.
MEDIA_COLUMNS: Final = (("attachment", "media"),)
# What may differ between the old database and the new one, besides those.
_OWN_LINES: Final = ("header_generation", retired.KEYS, retired.LEFT_TO_DO)
OLD_KEY: Final = "old-key"
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class WayIn:
    """What is to open the new vault."""

    passphrase: str
    cost: Cost
    with_recovery: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A proved new vault in `incoming/`: its key file, its key, and its recovery key if one is wanted."""

    key_file: KeyFile
    key: MasterKey
    code: str | None


def stretch(progress: Progress | None, begins: float, ends: float) -> Progress:
    """Progress for one stretch of the whole work, which counts to 1000."""

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(round(1000 * (begins + (ends - begins) * done / max(total, 1))), 1000)

    return tell


def prepare(
    source: Source, way_in: WayIn, progress: Progress | None = None, stop: Callable[[], None] = lambda: None
) -> Prepared:
    """Write and prove the new vault in `incoming/`; nothing of the old one changes. Hold the vault's lock.

    `progress` may write to the old vault; what it writes comes along. `stop` is asked where the old vault must
    stay as it is. What either raises ends the work. Raises StorageTrouble, BackupDamaged where the copy is not
    what was copied, VaultDamaged, NotEnoughMemory; after any error `incoming/` is gone.
    """
    before, key = retired.read(source.connection), None
    told = stretch(progress, 0.0, 1.0)
    try:
        # Deriving keys takes seconds on purpose; nobody who saves or locks has to wait for it.
        key_file, key, code, kept = do_aside(
            lambda _aside: _new_keys(source, way_in, before), lambda _count: told(0, 1), wait_for_end=False
        )
        work = _Rotation(source, staging.begin(source.folder), key_file, key, kept, stop)
        work.copy_media(stretch(progress, 0.0, 0.5))
        for attempt in range(1, _TRIES + 1):
            # Saving goes on while the copy is proved. What was saved meanwhile is not in it: then it is made again.
            served = progress if attempt < _TRIES else lambda _done, _total: stop()
            if work.copy_database(stretch(served, 0.5, 0.7), stretch(served, 0.7, 1.0)):
                break
        key_file.save(work.incoming)
    except BaseException:
        if key is not None:
            key.wipe()
        staging.discard(source.folder)
        raise
    finally:
        for one in before:
            one.key.wipe()
    return Prepared(key_file, key, code)


def _new_keys(
    source: Source, way_in: WayIn, before: list[Retired]
) -> tuple[KeyFile, MasterKey, str | None, list[Retired]]:
    """The new key file and key; the key of now and those before it, each with slots for the new passphrase.

    The passphrase is tried on the first of those slots.
    """
    passphrase, cost = way_in.passphrase, way_in.cost
    key_file, key, code = source.key_file.rekeyed(passphrase, cost, with_recovery=way_in.with_recovery)
    now = source.key_file.reslotted(source.key, passphrase, cost, code)
    now.unlock(passphrase).wipe()
    older = [Retired(one.key, one.slots.reslotted(one.key, passphrase, cost, code)) for one in before]
    return key_file, key, code, [Retired(source.key, now), *older]


class _Rotation:
    """The parts of the new vault, on their way."""

    def __init__(
        self,
        source: Source,
        incoming: Path,
        key_file: KeyFile,
        key: MasterKey,
        kept: list[Retired],
        stop: Callable[[], None],
    ) -> None:
        self.incoming = incoming
        self._source = source
        self._key_file = key_file
        self._key = key
        self._kept = kept
        self._stop = stop
        self._store = MediaStore(incoming / MEDIA, key)
        self._new_names: dict[str, str] = {}
        self._as_they_were: set[str] = set()

    def copy_media(self, progress: Progress) -> None:
        """Encrypt every attachment anew that is not there yet. A damaged one comes along as it is: it stays damaged."""
        names = [n for n in self._source.media.names() if n not in self._new_names and n not in self._as_they_were]
        total, done = sum(_size(self._source.media.path(name)) for name in names), 0

        def count(size: int) -> None:
            nonlocal done
            done = min(done + size, total)
            progress(done, total)

        for name in names:
            try:
                with self._source.media.open(name) as plain:
                    stored = self._store.put(io.BufferedReader(_Watched(plain, count)))
                self._new_names[name] = stored.name
            except VaultDamaged:
                self._keep_damaged(name)
        progress(1, 1)

    def copy_database(self, copying: Progress, proving: Progress) -> bool:
        """Copy, change and prove the database; False where the old one was written to since it was copied."""
        path, source = self.incoming / DATABASE, self._source.connection
        for left in (path, path.with_name(path.name + "-journal")):
            left.unlink(missing_ok=True)
        target = create_database(path, self._key, self._key_file.cipher_salt)
        try:
            # Not yet anyone's vault: a crash leaves a file that is removed, so one flush at the end is enough.
            target.execute("PRAGMA synchronous=OFF")
            source.copy_to(target, copying)
            mark = _writes(source)
            self.copy_media(lambda _done, _total: self._stop())
            self._make_it_new(target)
            self._require_same(source, target)
            expected = contents.read_contents(target, self._stop)
        finally:
            target.close()
        _flush(path)
        self._prove(path, expected, proving)
        return _writes(source) == mark

    # --- inside ------------------------------------------------------------

    def _keep_damaged(self, name: MediaName) -> None:
        target = media_path(self.incoming / MEDIA, name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copyfile(self._source.media.path(name), target)
            _flush(target)
            sync_folder(target.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise storage_trouble(error, target) from error
        self._as_they_were.add(name)

    def _make_it_new(self, target: Connection) -> None:
        with target.transaction():
            for table, column in MEDIA_COLUMNS:
                for old, new in self._new_names.items():
                    target.execute(f"UPDATE {table} SET {column}=? WHERE {column}=?", (new, old))
            retired.put(target, "header_generation", str(self._key_file.generation))
            retired.write(target, self._kept)
            retired.put(target, retired.LEFT_TO_DO, retired.UNTOLD)

    def _require_same(self, old: Connection, new: Connection) -> None:
        """Every value of every row is what it was, apart from the names of media, which say the same files."""
        named = dict(MEDIA_COLUMNS)
        if (found := contents.tables(old)) != contents.tables(new):
            raise BackupDamaged("tables")
        for table in found:
            columns = [name for name in contents.columns(old, table) if name != named.get(table)]
            if table != "vault_meta" and self._differs(old, new, table, columns):
                raise BackupDamaged("content")
        if _own_lines_left_out(old) != _own_lines_left_out(new):
            raise BackupDamaged("content")
        for table, column in MEDIA_COLUMNS:
            order = f"SELECT {column} FROM {table} ORDER BY 1"
            expected = sorted(self._new_names.get(row[0], row[0]) for row in old.rows(order))
            if expected != [row[0] for row in new.rows(order)]:
                raise BackupDamaged("media-names")

    def _differs(self, old: Connection, new: Connection, table: str, columns: list[str]) -> bool:
        was, is_now = (contents.table_digest(one, table, columns, self._stop) for one in (old, new))
        return was != is_now

    def _prove(self, path: Path, expected: contents.Contents, progress: Progress) -> None:
        """Read all of it again on a thread of its own, so that meanwhile the vault's thread stays of use."""

        def prove(aside: Aside) -> None:
            prove_copy(path, self._key, self._key_file, expected, aside.use)
            for name in self._new_names.values():
                aside.check()
                if not self._store.verify(MediaName(name)):
                    raise BackupDamaged("media")

        do_aside(prove, lambda _count: progress(0, 1))


class _Watched(io.RawIOBase):
    """A stream that says how far it was read."""

    def __init__(self, stream: BinaryIO, count: Callable[[int], None]) -> None:
        super().__init__()
        self._stream, self._count = stream, count

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer
        """The next bytes, 0 at the end."""
        part = self._stream.read(len(buffer))
        buffer[: len(part)] = part
        self._count(len(part))
        return len(part)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _writes(connection: Connection) -> int:
    return int(connection.value("SELECT total_changes()"))


def _own_lines_left_out(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.rows("SELECT key, value FROM vault_meta ORDER BY key")
    return [(str(key), str(value)) for key, value in rows if key not in _OWN_LINES]


def _flush(path: Path) -> None:
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_trouble(error, path) from error


# --- afterwards ----------------------------------------------------------------


def destroy_replaced(folder: Path, key: MasterKey) -> None:
    """Destroy the vaults under keys from before that a rotation moved aside: the key files first, then the rest.

    Call when the vault with the new key is open, with its key. What the disk refuses stays for the next time.
    """
    for aside in (folder / QUARANTINE).glob(f"*{OLD_KEY}*"):
        if any(owner is None for owner in _owners(aside, key)):
            continue  # someone else's: left alone
        with suppress(OSError):
            for name in KEY_FILES:
                _overwrite(aside / name)
            sync_folder(aside)
            shutil.rmtree(aside)
            sync_folder(aside.parent)


def still_open(folder: Path, key: MasterKey) -> tuple[Path, ...]:
    """Folders in `quarantine/` that still open with a passphrase from before."""
    return tuple(aside for aside in sorted((folder / QUARANTINE).glob("*/")) if any(_owners(aside, key)))


def _owners(aside: Path, key: MasterKey) -> Iterator[MasterKey | None]:
    """Which of this vault's keys from before each whole key file in a folder is around; None for a foreign one."""
    for name in KEY_FILES:
        try:
            key_file = KeyFile.from_bytes((aside / name).read_bytes())
        except (OSError, KeyFileDamaged, VaultNewer):
            continue
        yield next((one for one in key.retired if key_file.is_around(one)), None)


def _overwrite(path: Path) -> None:
    """What a journaling disk or a flash drive makes of this is its own affair; it costs nothing to try."""
    if path.exists():
        with path.open("rb+") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
