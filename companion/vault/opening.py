"""Makes the files of a new vault, and opens an existing one: guards, newer schemas, migration, damage kept aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from companion.core.clock import Clock
from companion.core.errors import (
    DiskReadOnly,
    EncryptionMissing,
    KeyFileDamaged,
    KeyFileRolledBack,
    NoVault,
    StorageTrouble,
    VaultDamaged,
    VaultExists,
    VaultInUse,
    VaultNewer,
    VaultReplaced,
)
from companion.core.files import private_folder
from companion.vault import staging
from companion.vault.backup import Source, make_backup
from companion.vault.compacting import Leftovers
from companion.vault.connection import Connection, create_database, open_database
from companion.vault.engine import is_plain_sqlite
from companion.vault.guards import Identity
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.lockfile import LOCK_NAME, LockFile, holder
from companion.vault.media import MediaStore
from companion.vault.migrations import load_steps, migrate, schema_of
from companion.vault.presence import DATABASE, KEY_FILES, holds_vault, is_pending, is_there
from companion.vault.quarantine import keep_copy
from companion.vault.shelf import newest_backup
from companion.vault.soundness import renew_free_pages
from companion.vault.staging import JOURNAL, MEDIA
from companion.vault.stray_journal import keep_stray_journal_out

GENERATION = "header_generation"


@contextmanager
def empty_place(folder: Path, clock: Clock) -> Iterator[tuple[LockFile, Path]]:
    """A folder without a vault, its held lock, and an empty `incoming/` to write a new vault into.

    After an error nothing of the attempt is left and the lock is free. Raises VaultExists, VaultInUse, StorageTrouble.
    """
    _require_absent(folder)
    is_new = not folder.exists()
    private_folder(folder)
    lock = LockFile(folder, clock)
    lock.acquire()
    try:
        _require_absent(folder)  # someone else was faster
        yield lock, staging.begin(folder)
    except BaseException:
        staging.discard(folder)
        lock.release()
        if is_new and not holds_vault(folder):
            with suppress(OSError):
                (folder / LOCK_NAME).unlink(missing_ok=True)
                folder.rmdir()
        raise


def _require_absent(folder: Path) -> None:
    if holds_vault(folder):
        raise VaultExists(folder)


def hold(folder: Path, clock: Clock, *, computer: str = "", even_from_elsewhere: bool = False) -> LockFile | None:
    """The vault's held lock, or None on a disk that cannot be written, where nobody can write beside us either.

    Raises VaultInUse, OpenElsewhere, StorageTrouble.
    """
    lock = LockFile(folder, clock, computer=computer)
    try:
        lock.acquire(even_from_elsewhere=even_from_elsewhere)
    except DiskReadOnly:
        other = holder(folder)
        if other is not None:
            raise VaultInUse(other.pid, other.since) from None
        if is_pending(folder):
            raise
        return None
    return lock


def finish_pending(folder: Path, clock: Clock) -> None:
    """Do the moves that a crash left undone, unless another process is at it. Raises StorageTrouble."""
    if not is_pending(folder):
        return
    lock = LockFile(folder, clock)
    with suppress(VaultInUse):
        lock.acquire()
        try:
            staging.finish(folder)
        finally:
            lock.release()


def require_key_file(folder: Path) -> None:
    """Tell a vault that lost its key file from a folder without one. Raises KeyFileDamaged, NoVault, StorageTrouble."""
    if any(is_there(folder / name) for name in KEY_FILES):
        return
    if is_there(folder / DATABASE):
        raise KeyFileDamaged("missing", newest_backup(folder))
    raise NoVault(folder)


def create_files(folder: Path, key_file: KeyFile, key: MasterKey, clock: Clock) -> None:
    """Write a new vault's database and key files into an empty folder. Raises EncryptionMissing, StorageTrouble."""
    path = folder / DATABASE
    connection = create_database(path, key, key_file.cipher_salt)
    try:
        migrate(connection, copy_first=lambda: None)
        meta = {
            "vault_id": key_file.vault_id,
            GENERATION: str(key_file.generation),
            "created_at": clock.now().isoformat(),
        }
        with connection.transaction():
            connection.executemany("INSERT INTO vault_meta (key, value) VALUES (?, ?)", list(meta.items()))
    finally:
        connection.close()
    if is_plain_sqlite(path):
        path.unlink()
        raise EncryptionMissing("plain-file")
    key_file.save(folder)


def open_files(
    folder: Path,
    key_file: KeyFile,
    key: MasterKey,
    clock: Clock,
    lock: LockFile | None,
    on_full: Callable[[], object],
    approve: Callable[[Connection], None] = lambda _: None,
) -> tuple[Connection, VaultNewer | None]:
    """The guarded, migrated connection; read-only, with the reason, where the schema is a newer Companion's.

    `lock` is None on a disk that cannot be written. `approve` looks at the database before anything is written.
    Of a damaged file one copy is kept in `quarantine/` first. Raises what `approve` raises,
    VaultReplaced, VaultDamaged, KeyFileRolledBack, EncryptionMissing, VaultInUse, StorageTrouble.
    """

    def connect(mode: Literal["rw", "ro"]) -> Connection:
        identity = Identity(key_file.vault_id, key_file.generation)
        return open_database(folder / DATABASE, key, key_file.cipher_salt, identity, mode=mode, on_full=on_full)

    writable = lock is not None
    if lock is not None and (folder / JOURNAL).exists():
        keep_stray_journal_out(folder, key_file, key, lock.found)
    was_cut_off = (folder / JOURNAL).exists()  # asked before SQLite plays it back
    try:
        connection = connect("rw" if writable else "ro")
    except (VaultReplaced, KeyFileRolledBack):
        raise
    except VaultDamaged:
        keep_copy(folder, folder / DATABASE)
        raise
    try:
        approve(connection)
        found, known = schema_of(connection), len(load_steps())
        if found > known:
            connection.close()
            return connect("ro"), VaultNewer(found, known)
        if found < known and not writable:
            raise DiskReadOnly(folder)
        if writable:
            if was_cut_off:
                renew_free_pages(connection)
            source = Source(folder, connection, key, key_file, MediaStore(folder / MEDIA, key), clock)
            migrate(connection, copy_first=lambda: make_backup(source, reason="migration"))
            note_generation(connection, key_file)
            _clear_spent_journal(connection)
            Leftovers(connection)
    except BaseException:
        connection.close()
        raise
    return connection, None


def _clear_spent_journal(connection: Connection) -> None:
    """After a kill a journal that says nothing can stay beside the database until the next write; so write.

    A full disk is no reason not to open: then it stays a little longer.
    """
    if (connection.path.parent / JOURNAL).exists():
        with suppress(StorageTrouble), connection.transaction():
            # A write that changes nothing in the end; one that changes nothing at all would not touch the file.
            connection.execute("INSERT OR REPLACE INTO vault_meta (key, value) VALUES ('journal', '')")
            connection.execute("DELETE FROM vault_meta WHERE key = 'journal'")


def note_generation(connection: Connection, key_file: KeyFile) -> None:
    """Let the database know the newest key file, so that an older one is refused from now on.

    Always after the key file is on the disk, never before: a crash in between
    leaves a database that knows an older generation, which is allowed and put
    right by the next opening. The other way round, the crash would leave a
    key file that looks rolled back, and the vault would be shut.
    """
    known = int(connection.value("SELECT value FROM vault_meta WHERE key=?", (GENERATION,)) or 0)
    if known < key_file.generation:
        with connection.transaction():
            connection.execute(
                "INSERT OR REPLACE INTO vault_meta (key, value) VALUES (?, ?)", (GENERATION, str(key_file.generation))
            )
    connection.expect(Identity(key_file.vault_id, key_file.generation))
