from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.errors import VaultDamaged, VaultNewer
from companion.vault import opening
from companion.vault.connection import Connection
from companion.vault.contents import read_contents
from companion.vault.migrations import SCHEMA, Step, load_steps, migrate, schema_of
from companion.vault.vault import Vault

BASE = load_steps()
KNOWN = len(BASE)


def step(sql: str, number: int = KNOWN + 1) -> Step:
    return Step(number, sql)


def no_copy() -> None:
    pytest.fail("a copy was made where none is needed")


@pytest.fixture
def db(vault: Vault) -> Connection:
    vault.preferences.put("a", 1)
    vault.preferences.put("b", 2)
    return vault.connection


def test_the_shipped_steps_are_numbered_and_whole() -> None:
    assert [one.number for one in BASE] == list(range(1, KNOWN + 1))
    assert KNOWN >= 1
    for one in BASE:
        assert list(one.statements())


def test_a_gap_in_the_numbers_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "0001_base.sql").write_text("SELECT 1;")
    (tmp_path / "0003_more.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match="numbered"):
        load_steps(tmp_path)


def test_triggers_and_comments_do_not_split_a_step() -> None:
    sql = """-- a comment; with a semicolon
CREATE TABLE t (a); -- behind
CREATE TRIGGER g AFTER INSERT ON t BEGIN
  DELETE FROM t WHERE a = 'x;y';
  DELETE FROM t WHERE a = 2;
END;
-- last word
"""
    assert len(list(step(sql).statements())) == 2
    with pytest.raises(ValueError, match="middle"):
        list(step("CREATE TABLE t (a)").statements())


def test_nothing_to_do_is_nothing_done(db: Connection) -> None:
    assert migrate(db, no_copy) == []


def test_a_step_runs_once_after_a_copy(db: Connection) -> None:
    copies: list[int] = []
    steps = (*BASE, step("CREATE TABLE later (a); INSERT INTO later VALUES (1);".replace("; ", ";\n")))
    before = read_contents(db).tables
    assert migrate(db, lambda: copies.append(schema_of(db)), steps) == [KNOWN + 1]
    assert copies == [KNOWN]
    assert schema_of(db) == KNOWN + 1
    assert read_contents(db).tables == {**before, "later": 1}
    assert migrate(db, no_copy, steps) == []


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM preference WHERE key='a';",
        "UPDATE preference SET value='9' WHERE key='a';",
        "INSERT INTO preference VALUES ('c', '3');",
        "DROP TABLE preference;",
        "ALTER TABLE preference RENAME TO preferences;",
        "ALTER TABLE preference RENAME COLUMN value TO worth;",
    ],
)
def test_a_step_that_would_lose_or_change_rows_is_taken_back(db: Connection, sql: str) -> None:
    before = read_contents(db)
    steps = (*BASE, step("CREATE TABLE later (a);\n" + sql))
    with pytest.raises(VaultDamaged) as caught:
        migrate(db, lambda: None, steps)
    assert caught.value.reason == "migration-rows"
    assert read_contents(db) == before
    assert schema_of(db) == KNOWN


def test_a_step_may_change_what_it_names(db: Connection) -> None:
    steps = (*BASE, step("-- changes: preference\nUPDATE preference SET value='9' WHERE key='a';"))
    migrate(db, lambda: None, steps)
    assert db.value("SELECT value FROM preference WHERE key='a'") == "9"


def test_a_step_may_rebuild_a_table_with_the_same_rows(db: Connection) -> None:
    sql = """CREATE TABLE fresh (key TEXT PRIMARY KEY, value TEXT NOT NULL, extra TEXT) STRICT, WITHOUT ROWID;
INSERT INTO fresh (key, value) SELECT key, value FROM preference;
DROP TABLE preference;
ALTER TABLE fresh RENAME TO preference;
"""
    migrate(db, lambda: None, (*BASE, step(sql)))
    assert db.rows("SELECT * FROM preference ORDER BY key") == [("a", "1", None), ("b", "2", None)]


def test_a_broken_reference_is_taken_back(db: Connection) -> None:
    sql = "CREATE TABLE child (key TEXT REFERENCES preference (key));\nINSERT INTO child VALUES ('nowhere');"
    with pytest.raises(VaultDamaged) as caught:
        migrate(db, lambda: None, (*BASE, step(sql)))
    assert caught.value.reason == "migration-keys"
    assert schema_of(db) == KNOWN


def test_a_fault_in_a_step_leaves_the_old_schema(db: Connection) -> None:
    with pytest.raises(Exception, match="no such table"):
        migrate(db, lambda: None, (*BASE, step("CREATE TABLE later (a);\nINSERT INTO nowhere VALUES (1);")))
    assert schema_of(db) == KNOWN
    assert "later" not in read_contents(db).tables


def test_without_a_proved_copy_nothing_is_changed(db: Connection) -> None:
    def fail() -> None:
        raise VaultDamaged("no-copy")

    with pytest.raises(VaultDamaged):
        migrate(db, fail, (*BASE, step("CREATE TABLE later (a);")))
    assert schema_of(db) == KNOWN


def test_a_newer_schema_is_left_as_it_is(db: Connection) -> None:
    db.execute("PRAGMA user_version=77")
    with pytest.raises(VaultNewer) as caught:
        migrate(db, no_copy)
    assert (caught.value.found, caught.value.known) == (77, KNOWN)


def test_opening_an_older_vault_makes_a_backup_first(
    vault: Vault, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.preferences.put("mark", 1)
    vault.lock()
    steps = (*BASE, step("CREATE TABLE later (a);"))
    later: Callable[..., object] = lambda connection, copy_first: migrate(connection, copy_first, steps)  # noqa: E731
    monkeypatch.setattr(opening, "migrate", later)
    monkeypatch.setattr(opening, "load_steps", lambda: steps)
    vault.unlock(passphrase)
    assert schema_of(vault.connection) == KNOWN + 1
    assert vault.preferences.get("mark") == 1
    (backup,) = vault.backups()
    assert backup.reason == "migration"
    assert backup.manifest is not None
    assert backup.manifest.schema == KNOWN
    vault.lock()
    vault.unlock(passphrase)
    assert len(vault.backups()) == 1


def test_the_schema_is_inside_the_package() -> None:
    assert SCHEMA.is_dir()
    assert SCHEMA.parent.name == "vault"
