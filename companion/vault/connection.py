"""Opens, keys and checks a vault's database; transactions; raises our errors only."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from companion.core.errors import CompanionError, DiskFull, FileSwapped, ReadOnlyVault, VaultDamaged, VaultLocked
from companion.core.files import storage_trouble, sync_folder
from companion.vault.engine import is_sound, load_engine, quotes_content, typed_error
from companion.vault.guards import Identity, guard_file
from companion.vault.keyed import Mode, checked, connect_keyed
from companion.vault.keyslots import MasterKey, database_key
from companion.vault.same_file import SameFile

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

    from companion.vault.compacting import Leftovers
    from companion.vault.lineage import Stamp

COPY_PAGES = 500
_STEPS_BETWEEN_ASKING = 5000  # of SQLite's own machine; some 100 µs
_TAKES_AWAY = ("DELETE", "UPDATE", "REPLACE", "INSERT OR REPLACE")


class Connection:
    """One open database, owned by the thread that opened it.

    Every expected fault leaves as one of our errors. A damaged page makes
    SQLCipher refuse all further reads on the same connection, so after damage
    the next use outside a transaction opens the file again.
    """

    def __init__(
        self,
        path: Path,
        opener: Callable[[], dbapi2.Connection],
        *,
        read_only: bool = False,
        on_full: Callable[[], object] | None = None,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self.stamp: Stamp | None = None  # from the vault, once it is decided that this copy counts
        self._file = SameFile(path)
        self._opener = opener
        self._on_full = on_full
        # A damaged page that is about to be changed ends in MemoryError (seen).
        self._errors: tuple[type[Exception], ...] = (load_engine().Error, MemoryError)
        self._closing = threading.Lock()
        self._raw: dbapi2.Connection | None = opener()
        self._file.remember()
        self._depth = 0
        self._is_poisoned = False
        self._broken_by: Exception | None = None
        self.leftovers: Leftovers | None = None
        self.expect: Callable[[Identity], None] = lambda _identity: None  # from now on, when it is opened again
        self.on_replaced: Callable[[], None] = lambda: None  # another file is the database, before it is written to
        self._takes_away = False

    # --- statements --------------------------------------------------------

    def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        changed = self._run(sql, params)
        if not self._depth:  # a transaction asks once, before it commits
            self._require_sound()
        return changed

    def _run(self, sql: str, params: Sequence[Any] = ()) -> int:
        self._takes_away = self._takes_away or _is_taking_away(sql)
        try:
            return int(self._handle().execute(sql, params).rowcount)
        except self._errors as error:
            self._fail(error)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row, for all of them or none."""
        self._takes_away = self._takes_away or _is_taking_away(sql)
        with self.transaction():
            try:
                self._handle().executemany(sql, rows)
            except self._errors as error:
                self._fail(error)
            self._require_sound()

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        try:
            found = self._handle().execute(sql, params).fetchall()
        except self._errors as error:
            self._fail(error)
        self._require_sound()
        return found

    def stream(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a question one by one, for tables that need not fit in memory."""
        try:
            for row in self._handle().execute(sql, params):
                self._require_sound()
                yield row
        except self._errors as error:
            self._fail(error)
        self._require_sound()

    def row(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a question, or None where there is none."""
        try:
            found = self._handle().execute(sql, params).fetchone()
        except self._errors as error:
            self._fail(error)
        self._require_sound()
        return found

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The first value of the first row, or None where there is no row."""
        found = self.row(sql, params)
        return found[0] if found else None

    # --- transactions --------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open now."""
        return self._depth > 0

    @contextmanager
    def transaction(self, *, exclusive: bool = False) -> Iterator[None]:
        """All or nothing; what is inside counts only when the outermost block has ended without an error.

        A nested block joins the outer one; an error that leaves it takes back its own
        part. Raises ReadOnlyVault before anything is tried on a read-only vault.
        """
        if self.read_only:
            raise ReadOnlyVault
        if self._depth:
            with self._nested():
                yield
            return
        self._require_place()
        self._run("BEGIN EXCLUSIVE" if exclusive else "BEGIN IMMEDIATE")
        self._depth, self._broken_by = 1, None
        is_kept = False
        try:
            if self.stamp is not None:
                self.stamp.write(self)
            yield
            if self._broken_by is not None:
                # SQLite took the transaction back by itself (full disk, damage) and the caller went on.
                raise self._broken_by
            if self._takes_away and self.leftovers is not None:
                self.leftovers.note()
                self._takes_away = False
            self._require_sound()
            self.execute("COMMIT")
            is_kept = True
        except BaseException:
            self._roll_back("ROLLBACK")
            raise
        finally:
            self._depth = 0
            if self.stamp is not None:
                self.stamp.settle(committed=is_kept)
        # What went into a file that was taken away meanwhile is not where anybody would look for it.
        if not self._file.is_here():
            raise FileSwapped(self.path)
        self._file.remember()

    def _require_place(self) -> None:
        """Nothing is written into a file that is no longer the one at its path. Raises StorageTrouble."""
        if self._raw is not None and not self._file.is_here():
            self._reopen()

    @contextmanager
    def _nested(self) -> Iterator[None]:
        name = f"nested_{self._depth}"
        self.execute(f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
            self.execute(f"RELEASE {name}")
        except BaseException:
            self._roll_back(f"ROLLBACK TO {name}", f"RELEASE {name}")
            raise
        finally:
            self._depth -= 1

    def _roll_back(self, *statements: str) -> None:
        raw = self._raw
        if raw is None or not raw.in_transaction:
            return
        for statement in statements:
            with suppress(*self._errors):
                raw.execute(statement)

    # --- the whole file --------------------------------------------------------

    def copy_to(self, target: Connection, progress: Callable[[int, int], None] | None = None) -> None:
        """Copy every page to `target`, whose key may differ; `progress(pages done, pages)` may use this connection.

        What it writes is in the copy too. A full or failing disk is the target's.
        What `progress` raises ends the copy.
        """

        def step(_status: int, left: int, total: int) -> None:
            # Not after the last page: what is written then would no longer reach the copy.
            if progress is not None and left:
                progress(total - left, total)

        try:
            self._handle().backup(target._handle(), pages=COPY_PAGES, progress=step)
        except self._errors as error:
            self._require_sound()
            raise (typed_error(error, target.path) or error) from error
        self._require_sound()

    def write_compacted(self, target: Path) -> None:
        """Write every row into a new file at `target`, with the same key and nothing between the rows."""
        _make_private(target)
        self._run("VACUUM INTO ?", (str(target.absolute()),))
        self._require_sound()

    def replace_file(self, new: Path) -> None:
        """Put `new`, which is flushed and holds the same, in place of the file and go on with it.

        The file is closed meanwhile, so no journal lies beside it: a crash leaves one whole file, the old or the new
        one. Raises StorageTrouble; FileSwapped where what stands there is not ours to replace.
        """
        if not self._file.is_here():
            raise FileSwapped(self.path)
        with self._closing:
            if self._raw is not None:
                self._raw.close()
            self._is_poisoned = True  # so that the next use tries again where opening fails here
            try:
                os.replace(new, self.path)
                sync_folder(self.path.parent)
            except OSError as error:
                raise storage_trouble(error, self.path) from error
            finally:
                self.on_replaced()
                self._raw = self._opener()
                self._file.remember()
                self._is_poisoned = False

    @contextmanager
    def stopped_when(self, stop: Callable[[], bool]) -> Iterator[None]:
        """End what runs inside with Stopped as soon as `stop` says yes."""
        raw, has_stopped = self._handle(), False

        def ask() -> int:
            nonlocal has_stopped
            if has_stopped:  # what is asked about the failure must be answered
                return 0
            has_stopped = stop()
            return int(has_stopped)

        raw.set_progress_handler(ask, _STEPS_BETWEEN_ASKING)
        try:
            yield
        finally:
            raw.set_progress_handler(None, 0)

    def interrupt(self) -> None:
        """End the statement that runs now with Stopped. Callable from any thread."""
        with self._closing:
            if self._raw is not None:
                self._raw.interrupt()

    def close(self) -> None:
        """Take back what is not committed and close; every later use raises VaultLocked."""
        self._roll_back("ROLLBACK")
        with self._closing:
            raw, self._raw = self._raw, None
        if raw is not None:
            raw.close()

    # --- inside --------------------------------------------------------------

    def _handle(self) -> dbapi2.Connection:
        if self._raw is None:
            raise VaultLocked
        if self._is_poisoned and self._depth == 0:
            self._reopen()
        return self._raw

    def _reopen(self) -> None:
        with self._closing:
            if self._raw is not None:
                if not self._file.is_here():
                    self._file.require_unchanged()
                self._raw.close()
            # A file that cannot be opened again stays poisoned, and the next use tries anew.
            self._raw = self._opener()
            self._file.remember()
        self._is_poisoned = False

    def _require_sound(self) -> None:
        """Refuse an answer that was read from a damaged page without an error (see `is_sound`)."""
        if self._raw is not None and not is_sound(self._raw):
            self._note(VaultDamaged("corrupt"))

    def _fail(self, error: Exception) -> NoReturn:
        known = typed_error(error, self.path, read_only=self.read_only)
        if self._raw is not None and not is_sound(self._raw):
            known = VaultDamaged("corrupt")  # whatever it says now, such as "readonly", comes from that
        if known is None:
            raise error
        self._note(known, error)

    def _note(self, known: CompanionError, error: Exception | None = None) -> NoReturn:
        is_damage = isinstance(known, VaultDamaged) and known.reason != "search-index"
        self._is_poisoned = self._is_poisoned or is_damage
        if isinstance(known, DiskFull) and self._on_full is not None:
            self._on_full()
        if self._depth and self._raw is not None and (is_damage or not self._raw.in_transaction):
            self._broken_by = known
        # A cause is shown with its words, which may be the person's.
        raise known from (None if error is not None and quotes_content(error) else error)


def _make_private(path: Path) -> None:
    """An empty file, made here and not by SQLite, so that it belongs to this account alone and overwrites nothing."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise storage_trouble(error, path) from error


def _is_taking_away(sql: str) -> bool:
    return sql.startswith(_TAKES_AWAY) and "vault_meta" not in sql


def open_database(
    path: Path,
    key: MasterKey,
    salt: bytes,
    expected: Identity,
    *,
    mode: Mode = "rw",
    on_full: Callable[[], object] | None = None,
) -> Connection:
    """Open an existing database after all guards; nothing is written before they passed.

    Raises EncryptionMissing, VaultReplaced, VaultDamaged, KeyFileRolledBack, VaultInUse, StorageTrouble.
    """
    newest = expected

    def opener() -> dbapi2.Connection:
        guard_file(path)
        return checked(path, connect_keyed(path, database_key(key, salt), mode), newest)

    def expect(identity: Identity) -> None:
        nonlocal newest
        newest = identity

    connection = Connection(path, opener, read_only=mode != "rw", on_full=on_full)
    connection.expect = expect
    return connection


def create_database(path: Path, key: MasterKey, salt: bytes) -> Connection:
    """A new, empty, keyed database at a path where nothing is; nothing stays where it would not be encrypted.

    Raises EncryptionMissing, StorageTrouble.
    """

    def opener() -> dbapi2.Connection:
        return checked(path, connect_keyed(path, database_key(key, salt), "rw"), None)

    _make_private(path)
    try:
        return Connection(path, opener)
    except BaseException:
        if path.stat().st_size == 0:
            path.unlink()
        raise
