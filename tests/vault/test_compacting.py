"""Words that were taken away leave the file, and nothing else does."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from companion.core.errors import DiskReadOnly, VaultLocked
from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault import compacting
from companion.vault.connection import Connection
from companion.vault.contents import read_contents
from companion.vault.vault import Vault
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault

NOTE = EntryId("1" * 26)


@pytest.fixture
def journal(vault: Vault, clock: FakeClock) -> JournalService:
    return JournalService(vault, clock)


def spoil_file(vault: Vault, clock: FakeClock) -> None:
    """Take words away in a file with several pages."""
    journal = JournalService(vault, clock)
    journal.add_many([Content(at=clock.now(), text=f"number {n} " * 60) for n in range(40)])
    journal.save_draft(NOTE, Content(at=clock.now(), text="on its way " * 200))
    journal.discard_draft(NOTE)


def test_writing_new_notes_makes_nothing_due_and_taking_away_does(
    vault: Vault, journal: JournalService, clock: FakeClock
) -> None:
    journal.add_many([Content(at=clock.now(), text="kept")])
    assert not vault.compacting_due
    journal.save_draft(NOTE, Content(at=clock.now(), text="on its way"))
    journal.discard_draft(NOTE)
    assert vault.compacting_due


def test_after_compacting_all_is_there_and_nothing_is_due(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    spoil_file(vault, clock)
    before = read_contents(vault.connection)
    identity = vault.connection.value("PRAGMA application_id"), vault.connection.value("PRAGMA user_version")
    salt = (vault.folder / "vault.db").read_bytes()[:16]
    assert vault.compact()
    assert not vault.compacting_due
    after = read_contents(vault.connection)
    assert after.tables == before.tables | {"vault_meta": before.tables["vault_meta"] - 1}
    assert (
        vault.connection.value("PRAGMA application_id"),
        vault.connection.value("PRAGMA user_version"),
    ) == identity
    assert (vault.folder / "vault.db").read_bytes()[:16] == salt
    assert stat.S_IMODE((vault.folder / "vault.db").stat().st_mode) == 0o600
    assert not (vault.folder / "incoming").exists()
    assert not (vault.folder / "vault.db-journal").exists()
    for pragma, expected in {"temp_store": 2, "secure_delete": 1, "journal_mode": "delete", "synchronous": 3}.items():
        assert vault.connection.value(f"PRAGMA {pragma}") == expected
    vault.lock()
    vault.unlock(passphrase)
    assert vault.check().ok
    assert JournalService(vault, clock).verify().entries == 40
    assert JournalService(vault, clock).search("number").total == 40


def test_a_small_file_is_compacted_while_it_is_locked(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    spoil_file(vault, clock)
    inode = (vault.folder / "vault.db").stat().st_ino
    vault.lock()
    assert (vault.folder / "vault.db").stat().st_ino != inode
    vault.unlock(passphrase)
    assert not vault.compacting_due


def test_a_large_file_waits_for_a_quiet_moment_and_remembers_it(
    vault: Vault, clock: FakeClock, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.vault.compacting.AT_LOCK_BYTES", 1000)
    spoil_file(vault, clock)
    vault.lock()
    vault.unlock(passphrase)
    assert vault.compacting_due
    assert vault.compact()
    vault.lock()
    vault.unlock(passphrase)
    assert not vault.compacting_due


def rewrite_a_draft(vault: Vault, clock: FakeClock) -> None:
    """What saving does by itself again and again: older words give way to newer ones."""
    for words in ("on its way", "nearly there"):
        JournalService(vault, clock).save_draft(NOTE, Content(at=clock.now(), text=words * 200))


def test_a_very_large_file_is_written_anew_once_a_day(
    vault: Vault, clock: FakeClock, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time all of it is written: wear, battery, and everything anew through a synced folder."""
    monkeypatch.setattr(compacting, "LARGE_BYTES", 1000)
    monkeypatch.setattr(compacting, "AT_LOCK_BYTES", 1000)
    rewrite_a_draft(vault, clock)
    assert vault.compacting_due, "never before"
    assert vault.compact()
    rewrite_a_draft(vault, clock)
    assert not vault.compacting_due
    assert vault.proof().standing.words_left, "the proof says what is so, not when it will change"
    vault.lock()
    clock.move(hours=23)
    vault.unlock(passphrase)
    assert not vault.compacting_due
    clock.move(hours=1)
    assert vault.compacting_due
    clock.move(hours=-30)
    assert vault.compacting_due, "a clock that went back must not put it off for ever"


def test_what_a_person_took_away_does_not_wait_for_another_day(
    vault: Vault, clock: FakeClock, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compacting, "LARGE_BYTES", 1000)
    monkeypatch.setattr(compacting, "AT_LOCK_BYTES", 1000)
    journal = JournalService(vault, clock)

    def discard() -> None:
        journal.discard_draft(NOTE)

    def delete() -> None:
        journal.delete(journal.add(Content(at=clock.now(), text="not for long")).entry_id)

    def undo_import() -> None:
        source = vault.folder.parent / "export.txt"
        source.write_text("[2025-03-01 09:00] A day.\nWords of it.\n")
        batch = journal.importing.bring_in(source).batch
        assert batch is not None
        journal.importing.undo(batch)

    for take_away in (discard, delete, undo_import):
        rewrite_a_draft(vault, clock)
        vault.compact()
        rewrite_a_draft(vault, clock)
        assert not vault.compacting_due
        take_away()
        assert vault.compacting_due, take_away.__name__
        rewrite_a_draft(vault, clock)
        vault.lock()
        vault.unlock(passphrase)
        assert vault.compacting_due, f"{take_away.__name__}, after a new opening"


def test_locking_does_not_wait_longer_than_its_time(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    spoil_file(vault, clock)

    class Racing(FakeClock):
        def monotonic(self) -> float:
            self.forward_s = getattr(self, "forward_s", 0.0) + 1.0
            return self.forward_s

    vault._clock = Racing()
    before = (vault.folder / "vault.db").read_bytes()
    vault.lock()
    assert (vault.folder / "vault.db").read_bytes() == before
    vault._clock = clock
    vault.unlock(passphrase)
    assert vault.compacting_due


@pytest.mark.parametrize("after", [0, 3, 30])
def test_who_is_wanted_stops_it_and_all_stays_as_it_was(
    vault: Vault, clock: FakeClock, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.vault.connection._STEPS_BETWEEN_ASKING", 50)
    spoil_file(vault, clock)
    before = (vault.folder / "vault.db").read_bytes()
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    assert not vault.compact(stop)
    assert asked > after
    assert (vault.folder / "vault.db").read_bytes() == before
    assert not (vault.folder / "incoming").exists()
    assert vault.compacting_due
    assert JournalService(vault, clock).count() == 40


def test_a_rolled_back_change_makes_nothing_due_on_the_disk(
    vault: Vault, journal: JournalService, clock: FakeClock, passphrase: str
) -> None:
    journal.add_many([Content(at=clock.now(), text="kept")])

    def delete_and_fail() -> None:
        with vault.connection.transaction():
            vault.connection.execute("DELETE FROM entry")
            raise VaultLocked

    with pytest.raises(VaultLocked):
        delete_and_fail()
    assert vault.connection.value("SELECT count(*) FROM vault_meta WHERE key='compact_due'") == 0
    assert journal.count() == 1


def test_without_room_it_stays_due(vault: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil_file(vault, clock)
    usage = shutil.disk_usage(vault.folder)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert not vault.compact()
    assert vault.compacting_due


def test_a_copy_that_differs_is_not_put_in_place(
    vault: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_file(vault, clock)
    real = Connection.write_compacted

    def forgetful(self: Connection, target: Path) -> None:
        with self.transaction():
            kept = self.rows("SELECT id, text FROM entry LIMIT 1")[0]
            self.execute("UPDATE entry SET text='other' WHERE id=?", (kept[0],))
        real(self, target)
        with self.transaction():
            self.execute("UPDATE entry SET text=? WHERE id=?", (kept[1], kept[0]))

    monkeypatch.setattr(Connection, "write_compacted", forgetful)
    inode = (vault.folder / "vault.db").stat().st_ino
    assert not vault.compact()
    assert (vault.folder / "vault.db").stat().st_ino == inode
    assert vault.compacting_due


def test_a_rename_that_fails_leaves_a_space_that_goes_on(
    vault: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_file(vault, clock)

    def refused(_source: Path, _target: Path) -> None:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refused)
        assert not vault.compact()
    assert JournalService(vault, clock).count() == 40
    assert vault.compact()


def test_not_while_locked_or_read_only_or_in_a_transaction(
    vault: Vault, clock: FakeClock, make_vault: MakeVault
) -> None:
    spoil_file(vault, clock)
    with vault.connection.transaction():
        assert not vault.compact()
    with pytest.raises(VaultLocked):
        make_vault().compact()
    vault.connection.read_only = True
    assert not vault.compact()
    vault.connection.read_only = False
    assert vault.compact()


def test_errors_of_the_disk_are_no_news_for_lock(
    vault: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_file(vault, clock)

    def broken(_folder: Path) -> Path:
        raise DiskReadOnly(vault.folder)

    monkeypatch.setattr(compacting.staging, "begin", broken)
    vault.lock()
    assert not vault.is_open
