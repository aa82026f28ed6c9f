from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from companion.core.errors import (
    CompanionError,
    DiskFull,
    DiskReadOnly,
    DiskUnreachable,
    ReadOnlyVault,
    Stopped,
    VaultDamaged,
    VaultInUse,
    VaultLocked,
)
from companion.core.ids import VaultId
from companion.vault.connection import Connection, create_database, open_database
from companion.vault.engine import load_engine, typed_error
from companion.vault.guards import APPLICATION_ID, PRAGMAS, Identity
from companion.vault.keyslots import MasterKey
from tests.vault.conftest import flip

SALT = bytes(range(16))
ID = VaultId("a" * 26)


@pytest.fixture
def key() -> MasterKey:
    return MasterKey.new()


@pytest.fixture
def path(tmp_path: Path, key: MasterKey) -> Path:
    path = tmp_path / "vault.db"
    made = create_database(path, key, SALT)
    made.execute("CREATE TABLE vault_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    made.execute("CREATE TABLE preference (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    made.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    made.execute("CREATE TABLE part (note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)")
    made.execute("INSERT INTO vault_meta VALUES ('vault_id', ?), ('header_generation', '1')", (ID,))
    made.execute(f"PRAGMA application_id={APPLICATION_ID}")
    made.close()
    return path


@pytest.fixture
def db(path: Path, key: MasterKey) -> Iterator[Connection]:
    opened = open_database(path, key, SALT, Identity(ID))
    yield opened
    opened.close()


def count(db: Connection) -> int:
    return int(db.value("SELECT count(*) FROM note"))


@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in PRAGMAS])
def test_every_setting_is_in_force(db: Connection, name: str, expected: object) -> None:
    assert db.value(f"PRAGMA {name}") == expected


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to see deleted files")
def test_nothing_temporary_reaches_the_disk(db: Connection) -> None:
    def opened() -> list[str]:
        # SQLite removes the name of a temporary file at once; the open file shows here until it is closed.
        handles = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
        return [target for handle in handles if "etilqs" in (target := _target(handle))]

    db.executemany("INSERT INTO note (text) VALUES (?)", [(f"{n % 977:05} " + "x" * 400,) for n in range(30000)])
    db.execute("CREATE TEMP TABLE pile AS SELECT text FROM note")
    sorting = db.stream("SELECT text FROM pile ORDER BY text DESC")
    next(sorting)
    assert opened() == []
    sorting.close()
    db.execute("DROP TABLE pile")
    # The same again where files are allowed, or this test could not fail.
    db.execute("PRAGMA temp_store=FILE")
    db.execute("CREATE TEMP TABLE pile AS SELECT text FROM note")
    assert opened() != []


def _target(handle: Path) -> str:
    try:
        return os.readlink(handle)
    except OSError:
        return ""


def test_statements_answer(db: Connection) -> None:
    assert db.execute("INSERT INTO note (text) VALUES (?)", ("a",)) == 1
    db.executemany("INSERT INTO note (text) VALUES (?)", [("b",), ("c",)])
    assert db.rows("SELECT text FROM note ORDER BY id") == [("a",), ("b",), ("c",)]
    assert list(db.stream("SELECT text FROM note ORDER BY id")) == [("a",), ("b",), ("c",)]
    assert db.row("SELECT text FROM note WHERE id=?", (2,)) == ("b",)
    assert db.row("SELECT text FROM note WHERE id=9") is None
    assert db.value("SELECT text FROM note WHERE id=9") is None
    assert db.execute("UPDATE note SET text='z'") == 3


def test_many_rows_are_all_or_nothing(db: Connection) -> None:
    with pytest.raises(load_engine().Error):
        db.executemany("INSERT INTO note (text) VALUES (?)", [("a",), (None,)])
    assert count(db) == 0


class Halt(Exception):
    pass


def insert_and_halt(db: Connection, text: str) -> None:
    with db.transaction():
        db.execute("INSERT INTO note (text) VALUES (?)", (text,))
        assert db.in_transaction
        raise Halt


def test_a_transaction_is_all_or_nothing(db: Connection) -> None:
    with db.transaction():
        db.execute("INSERT INTO note (text) VALUES ('kept')")
    with pytest.raises(Halt):
        insert_and_halt(db, "gone")
    assert db.rows("SELECT text FROM note") == [("kept",)]
    assert not db.in_transaction


def test_a_nested_transaction_joins_the_outer_one(db: Connection) -> None:
    def inner_then_halt() -> None:
        with db.transaction():
            with db.transaction():
                db.execute("INSERT INTO note (text) VALUES ('inner')")
            raise Halt

    with pytest.raises(Halt):
        inner_then_halt()
    assert count(db) == 0
    with db.transaction(), db.transaction():
        db.execute("INSERT INTO note (text) VALUES ('both')")
    assert count(db) == 1


def test_a_failed_part_is_taken_back_alone(db: Connection) -> None:
    with db.transaction():
        db.execute("INSERT INTO note (text) VALUES ('outer')")
        with pytest.raises(Halt):
            insert_and_halt(db, "inner")
    assert db.rows("SELECT text FROM note") == [("outer",)]


def test_a_failed_commit_is_taken_back(db: Connection) -> None:
    with pytest.raises(load_engine().Error), db.transaction():
        db.execute("INSERT INTO part VALUES (99)")  # noticed at COMMIT only
    assert db.value("SELECT count(*) FROM part") == 0
    assert count(db) == 0
    with db.transaction():
        db.execute("INSERT INTO note (text) VALUES ('next')")
    assert count(db) == 1


def test_a_broken_rule_of_the_schema_stays_a_fault_of_the_program(db: Connection) -> None:
    with pytest.raises(load_engine().Error) as caught:
        db.execute("INSERT INTO note (text) VALUES (NULL)")
    assert not isinstance(caught.value, CompanionError)


def test_no_journal_stays_and_what_passes_through_it_is_encrypted(db: Connection, path: Path) -> None:
    journal = path.with_name(path.name + "-journal")
    db.execute("INSERT INTO note (text) VALUES (?)", ("canary " * 500,))
    with db.transaction():
        db.execute("UPDATE note SET text='x'")
        assert b"canary" not in journal.read_bytes()
    assert not journal.exists()
    assert b"canary" not in path.read_bytes()


def test_read_only_refuses_before_it_tries(path: Path, key: MasterKey) -> None:
    before = path.read_bytes()
    db = open_database(path, key, SALT, Identity(ID), mode="ro")
    with pytest.raises(ReadOnlyVault), db.transaction():
        pytest.fail("the block ran")
    with pytest.raises(ReadOnlyVault):
        db.execute("INSERT INTO note (text) VALUES ('x')")
    assert count(db) == 0
    db.close()
    assert path.read_bytes() == before


def test_another_thread_ends_a_long_question(db: Connection) -> None:
    timer = threading.Timer(0.05, db.interrupt)
    timer.start()
    with pytest.raises(Stopped):
        db.value("WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT sum(x) FROM r")
    timer.join()
    assert count(db) == 0


def test_another_thread_may_not_use_it(db: Connection) -> None:
    seen: list[BaseException] = []

    def use() -> None:
        try:
            count(db)
        except BaseException as error:
            seen.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert type(seen[0]).__name__ == "ProgrammingError"


def test_after_close_it_is_locked_and_interrupt_is_harmless(db: Connection) -> None:
    db.close()
    db.interrupt()
    db.close()
    with pytest.raises(VaultLocked):
        count(db)


def test_closing_takes_back_what_was_not_committed(path: Path, key: MasterKey) -> None:
    db = open_database(path, key, SALT, Identity(ID))

    def close_in_the_middle() -> None:
        with db.transaction():
            db.execute("INSERT INTO note (text) VALUES ('half')")
            db.close()

    with pytest.raises(VaultLocked):
        close_in_the_middle()
    db = open_database(path, key, SALT, Identity(ID))
    assert count(db) == 0
    db.close()


def test_one_bad_page_does_not_close_the_others(db: Connection, path: Path, key: MasterKey) -> None:
    db.executemany("INSERT INTO note (text) VALUES (?)", [(f"{n:03}" + "x" * 1500,) for n in range(300)])
    db.close()
    flip(path, 4096 * 60 + 700)
    db = open_database(path, key, SALT, Identity(ID))
    read = damaged = 0
    for number in range(1, 301):
        try:
            assert db.value("SELECT text FROM note WHERE id=?", (number,)) == f"{number - 1:03}" + "x" * 1500
            read += 1
        except VaultDamaged:
            damaged += 1
    db.close()
    assert damaged
    assert read >= 290


@pytest.mark.parametrize("table", ["rowid", "without rowid"])
def test_no_damaged_page_ever_reads_as_text(db: Connection, path: Path, key: MasterKey, table: str) -> None:
    # SQLCipher gives zeros for the last overflow page of a long value, without an error.
    kind = "" if table == "rowid" else "WITHOUT ROWID"
    db.execute(f"CREATE TABLE long (name TEXT PRIMARY KEY, text TEXT NOT NULL) {kind}")
    texts = {f"n{n}": chr(97 + n) * 9000 for n in range(6)}
    db.executemany("INSERT INTO long VALUES (?, ?)", list(texts.items()))
    db.close()
    whole = path.read_bytes()
    told = 0
    for page in range(1, len(whole) // 4096):
        path.write_bytes(whole)
        flip(path, page * 4096 + 2000)
        told += damage_told(path, key, texts)
    assert told > 3 * len(texts)


def damage_told(path: Path, key: MasterKey, texts: dict[str, str]) -> int:
    """How often reading was refused; what is read must be what was written. Nothing is written from it either."""
    told = 0
    try:
        db = open_database(path, key, SALT, Identity(ID))
    except VaultDamaged:
        return 1  # the damage is in what the guards read
    asks = (
        lambda sql, name: db.value(sql, (name,)),
        lambda sql, name: db.rows(sql, (name,))[0][0],
        lambda sql, name: next(db.stream(sql, (name,)))[0],
    )
    for name, text in texts.items():
        for ask in asks:
            try:
                assert ask("SELECT text FROM long WHERE name=?", name) == text
            except VaultDamaged:
                told += 1
    added = ""
    with suppress(VaultDamaged), db.transaction():
        db.execute("UPDATE long SET text = text || 'x'")
        added = "x"
    with suppress(VaultDamaged):
        assert dict(db.rows("SELECT name, text FROM long")) == {name: text + added for name, text in texts.items()}
    db.close()
    return told


def test_a_copy_of_a_damaged_file_is_refused(db: Connection, path: Path, key: MasterKey, tmp_path: Path) -> None:
    # The backup interface copies a damaged page as zeros, under a valid HMAC.
    db.executemany("INSERT INTO note (text) VALUES (?)", [("x" * 9000,)] * 20)
    db.close()
    whole = path.read_bytes()

    def copy(target: Connection) -> None:
        source = open_database(path, key, SALT, Identity(ID))
        try:
            source.copy_to(target)
        finally:
            source.close()

    for page in range(1, len(whole) // 4096, 3):
        path.write_bytes(whole)
        flip(path, page * 4096 + 2000)
        target = create_database(tmp_path / f"copy{page}.db", key, SALT)
        with pytest.raises(VaultDamaged):
            copy(target)
        target.close()


def test_a_caller_that_ignores_damage_cannot_commit(db: Connection, path: Path, key: MasterKey) -> None:
    db.execute("INSERT INTO note (text) VALUES (?)", ("x" * 9000,))
    db.close()
    flip(path, path.stat().st_size - 2000)
    again = open_database(path, key, SALT, Identity(ID))

    def write_all_the_same() -> None:
        with again.transaction():
            again.execute("INSERT INTO note (text) VALUES ('before')")
            with suppress(VaultDamaged):
                again.rows("SELECT text FROM note")

    with pytest.raises(VaultDamaged):
        write_all_the_same()
    assert count(again) == 1
    again.close()


def test_text_that_is_no_text_is_damage_and_is_not_quoted(db: Connection) -> None:
    """Pages of different times can be put together to bytes that no text has; the library quotes them in its error."""
    with pytest.raises(VaultDamaged) as caught:
        db.value("SELECT CAST(x'736563726574ff' AS TEXT)")
    assert caught.value.reason == "corrupt"
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert db.value("SELECT 1") == 1


def test_a_search_index_that_does_not_fit_is_not_a_damaged_file(db: Connection) -> None:
    db.execute("CREATE VIRTUAL TABLE words USING fts5 (text, content='note', content_rowid='id')")
    db.execute("INSERT INTO note (text) VALUES ('one two')")
    db.execute("INSERT INTO words (rowid, text) VALUES (1, 'other words')")
    with pytest.raises(VaultDamaged) as caught:
        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    assert caught.value.reason == "search-index"


def test_a_file_locked_by_another_program_is_in_use(
    db: Connection, path: Path, key: MasterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.vault.keyed.BUSY_SECONDS", 0.05)
    other = open_database(path, key, SALT, Identity(ID))
    with db.transaction(), pytest.raises(VaultInUse), other.transaction():
        pytest.fail("both were writing")
    other.close()


def test_a_file_that_went_away_is_unreachable(db: Connection, path: Path) -> None:
    path.unlink()
    with pytest.raises(DiskUnreachable), db.transaction():
        db.execute("INSERT INTO note (text) VALUES ('x')")


def test_a_copy_holds_what_was_written_while_it_was_made(db: Connection, key: MasterKey, tmp_path: Path) -> None:
    db.executemany("INSERT INTO note (text) VALUES (?)", [("x" * 3000,)] * 3000)
    target = create_database(tmp_path / "copy.db", key, SALT)
    steps: list[tuple[int, int]] = []

    def step(done: int, total: int) -> None:
        steps.append((done, total))
        db.execute("INSERT INTO note (text) VALUES ('meanwhile')")

    db.copy_to(target, step)
    assert steps
    assert all(done < total for done, total in steps)
    assert target.rows("SELECT id, text FROM note") == db.rows("SELECT id, text FROM note")
    target.close()


def test_what_the_progress_raises_ends_the_copy(db: Connection, key: MasterKey, tmp_path: Path) -> None:
    db.executemany("INSERT INTO note (text) VALUES (?)", [("x" * 3000,)] * 1000)
    target = create_database(tmp_path / "copy.db", key, SALT)

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        db.copy_to(target, stop)
    target.close()
    assert count(db) == 1000


def test_nothing_is_created_where_something_is(tmp_path: Path, key: MasterKey) -> None:
    path = tmp_path / "there.db"
    path.write_bytes(b"someone's")
    with pytest.raises(CompanionError):
        create_database(path, key, SALT)
    assert path.read_bytes() == b"someone's"


def test_a_damaged_salt_on_the_disk_costs_nothing(db: Connection, path: Path, key: MasterKey) -> None:
    db.execute("INSERT INTO note (text) VALUES ('still here')")
    db.close()
    with path.open("rb+") as file:
        file.write(b"\xff" * 16)
    again = open_database(path, key, SALT, Identity(ID))
    assert again.value("SELECT text FROM note") == "still here"
    again.close()


class LibraryError(Exception):
    def __init__(self, code: int | None, message: str = "") -> None:
        super().__init__(message)
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (5, "", VaultInUse),
        (6, "", VaultInUse),
        (15, "", VaultInUse),
        (8, "", DiskReadOnly),
        (9, "", Stopped),
        (10, "", DiskUnreachable),
        (11, "", VaultDamaged),
        (11 | 1 << 8, "fts5: missing row", VaultDamaged),
        (13, "", DiskFull),
        (14, "", DiskUnreachable),
        (26, "", VaultDamaged),
    ],
)
def test_each_result_code_has_its_own_error(
    tmp_path: Path, code: int, message: str, expected: type[CompanionError]
) -> None:
    path = tmp_path / "vault.db"
    path.touch()
    assert type(typed_error(LibraryError(code, message), path)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("database or disk is full", DiskFull),
        ("disk I/O error", DiskUnreachable),
        ("attempt to write a readonly database", DiskReadOnly),
        ("database disk image is malformed", VaultDamaged),
        ("file is not a database", VaultDamaged),
        ("database is locked", VaultInUse),
    ],
)
def test_an_error_without_a_code_is_known_by_its_text(
    tmp_path: Path, text: str, expected: type[CompanionError]
) -> None:
    # This is how the backup interface raises.
    path = tmp_path / "vault.db"
    path.touch()
    assert type(typed_error(load_engine().Error(text), path)) is expected


@pytest.mark.parametrize("code", [None, 1, 19, 20, 21])
def test_faults_of_the_program_have_no_words(tmp_path: Path, code: int | None) -> None:
    assert typed_error(LibraryError(code), tmp_path / "vault.db") is None


def test_a_failing_write_on_a_full_disk_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 0

    monkeypatch.setattr("companion.vault.engine.shutil.disk_usage", lambda _: Usage)
    assert type(typed_error(LibraryError(10), tmp_path / "vault.db")) is DiskFull
