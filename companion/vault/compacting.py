"""Compacts the database, so that words taken away are not left in the unused part of a page.

SQLite moves rows about when its trees grow. What it moved can stay behind in a
place that no row uses, and `secure_delete` does not reach it there. Only a file
that is written anew is free of it. So the database is copied row by row into a
new file, the copy is opened and compared, and one rename puts it in place: a
crash leaves the old file or the new one. Nothing waits for it: whoever needs the
vault's thread ends the attempt, and it is made again at another quiet moment.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from companion.core.errors import Stopped, StorageTrouble, VaultDamaged
from companion.core.files import storage_trouble, sync_folder
from companion.vault import staging
from companion.vault.connection import Connection, open_database
from companion.vault.contents import read_contents
from companion.vault.guards import Identity
from companion.vault.presence import DATABASE, is_pending

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.vault.backup import Source

DUE: Final = "compact_due"
COMPACTED_AT: Final = "compacted_at"
_ON_PURPOSE: Final = "on purpose"
# A larger file is written anew once a day at most, for the sake of the disk, the battery and a synced folder, which
# sends all of it each time; at once only where a person took something away.
LARGE_BYTES: Final = 50_000_000
_SELDOM: Final = timedelta(days=1)
# A file up to this size is compacted while it is locked, within the time that Lock has; a larger one before.
AT_LOCK_BYTES: Final = 4_000_000
AT_LOCK_SECONDS: Final = 0.2
_SPARE_BYTES: Final = 4 << 20


class Leftovers:
    """Whether words were taken away since the file was last written anew; the file itself remembers it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        marked = self._read(DUE)
        self.are_due, self._on_purpose = marked is not None, marked == _ON_PURPOSE
        connection.leftovers = self

    def note(self) -> None:
        """In the transaction that takes words away, so that a crash forgets neither or both."""
        if not self.are_due:
            self._connection.execute("INSERT OR IGNORE INTO vault_meta (key, value) VALUES (?, '')", (DUE,))
            self.are_due = True

    def note_on_purpose(self) -> None:
        """As `note`, where a person asked for it: then the file does not wait for another day."""
        self._connection.execute(
            "INSERT INTO vault_meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value=?2",
            (DUE, _ON_PURPOSE),
        )
        self.are_due = self._on_purpose = True

    def are_due_now(self, clock: Clock) -> bool:
        """Whether the file is to be written anew at the next quiet moment; a clock that went back puts nothing off."""
        if not self.are_due or self._on_purpose or size_of(self._connection.path) <= LARGE_BYTES:
            return self.are_due
        with suppress(TypeError, ValueError):
            return not timedelta(0) <= clock.now() - datetime.fromisoformat(self._read(COMPACTED_AT)) < _SELDOM
        return True

    def clear(self, clock: Clock) -> None:
        """The file is free of them; a large one remembers since when."""
        with self._connection.transaction():
            self._connection.execute("DELETE FROM vault_meta WHERE key=?", (DUE,))
            if size_of(self._connection.path) > LARGE_BYTES:
                when = clock.now().isoformat()
                self._connection.execute("INSERT OR REPLACE INTO vault_meta VALUES (?, ?)", (COMPACTED_AT, when))
        # What this transaction deleted itself is a mark, not words.
        self.are_due = self._on_purpose = False

    def _read(self, key: str) -> Any:
        return self._connection.value("SELECT value FROM vault_meta WHERE key=?", (key,))


def taken_on_purpose(connection: Connection) -> None:
    """Say, in the transaction that does it, that a person takes these words away."""
    if connection.leftovers is not None:
        connection.leftovers.note_on_purpose()


def size_of(database: Path) -> int:
    """Bytes of the file; 0 where it cannot be asked."""
    try:
        return database.stat().st_size
    except OSError:
        return 0


def has_room(folder: Path) -> bool:
    """Whether the disk has room for a second copy of the database, and something to spare."""
    try:
        return shutil.disk_usage(folder).free > size_of(folder / DATABASE) + _SPARE_BYTES
    except OSError:
        return False


def compact_while_locking(source: Source) -> None:
    """What is quickly done need not wait for the next opening."""
    leftovers = source.connection.leftovers
    if leftovers is None or not leftovers.are_due or size_of(source.folder / DATABASE) > AT_LOCK_BYTES:
        return
    latest = source.clock.monotonic() + AT_LOCK_SECONDS
    compact(source, lambda: source.clock.monotonic() > latest)


def compact(source: Source, stop: Callable[[], bool]) -> bool:
    """Write the database anew; whether that was done.

    False where `stop` says yes (asked some hundred times a second), where the disk has no room, or where the copy is
    not what it was made from: then everything stays as it was. Not inside a transaction, nor while rows are read.
    """
    folder, connection = source.folder, source.connection
    if connection.read_only or connection.in_transaction or is_pending(folder) or not has_room(folder):
        return False
    try:
        copy = staging.begin(folder) / DATABASE
        with connection.stopped_when(stop):
            _copy(source, copy, stop)
        connection.replace_file(copy)
        if connection.leftovers is not None:
            connection.leftovers.clear(source.clock)
    except (Stopped, StorageTrouble, VaultDamaged):
        return False
    finally:
        with suppress(OSError):
            staging.discard(folder)
    return True


def _copy(source: Source, copy: Path, stop: Callable[[], bool]) -> None:
    """Copy, flush, open and compare. Raises Stopped, StorageTrouble, VaultDamaged."""
    expected = read_contents(source.connection)
    source.connection.write_compacted(copy)
    try:
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folder(copy.parent)
    except OSError as error:
        raise storage_trouble(error, copy) from error
    key_file = source.key_file
    identity = Identity(key_file.vault_id, key_file.generation)
    proving = open_database(copy, source.key, key_file.cipher_salt, identity, mode="ro")
    try:
        with proving.stopped_when(stop):
            lines = [str(row[0]) for row in proving.rows("PRAGMA quick_check")]
            if lines != ["ok"] or read_contents(proving) != expected:
                raise VaultDamaged("corrupt")
    finally:
        proving.close()
    if stop():
        raise Stopped
