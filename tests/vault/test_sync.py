"""Synced folders: stale copies, two computers, conflict copies, journals from elsewhere, files swapped while open."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from companion.core.errors import (
    DiskUnreachable,
    FileSwapped,
    OpenElsewhere,
    StaleCopy,
    TwoComputers,
    VaultInUse,
)
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault import stray_journal
from companion.vault.keyslots import Cost
from companion.vault.lineage import Lineage, Mark, read_lineage
from companion.vault.seen import SeenBook
from companion.vault.sync_watch import list_names
from companion.vault.vault import Vault
from tests.fakes import FakeClock


@dataclass(slots=True)
class Remembered:
    """What a computer's settings would hold."""

    name: str
    lines: tuple[str, ...] = ()
    writes: int = field(default=0)

    def seen(self) -> tuple[str, ...]:
        return self.lines

    def computer(self) -> str:
        return self.name

    def keep(self, *, computer: str, seen: tuple[str, ...]) -> None:
        self.name, self.lines = computer, seen
        self.writes += 1


class Computer:
    """One of two that share a folder."""

    def __init__(self, name: str, folder: Path, clock: FakeClock, cost: Cost) -> None:
        self.memory = Remembered(name)
        self.clock, self.cost = clock, cost
        self.vault = self.at(folder)

    def at(self, folder: Path) -> Vault:
        return Vault(folder, self.clock, cost=self.cost, seen=SeenBook(self.memory))

    def write(self, passphrase: str, *texts: str, even: tuple[type, ...] = ()) -> None:
        self.vault.unlock(passphrase, even=even)
        for text in texts:
            self.add(text)
        self.vault.lock()

    def add(self, text: str) -> None:
        JournalService(self.vault, self.clock).add(Content(at=self.clock.now(), text=text))


@pytest.fixture
def computers(folder: Path, clock: FakeClock, cheap_cost: Cost, passphrase: str) -> Iterator[tuple[Computer, Computer]]:
    """Both know the space with one note in it."""
    here, there = Computer("a" * 16, folder, clock, cheap_cost), Computer("b" * 16, folder, clock, cheap_cost)
    here.vault.create(passphrase)
    here.add("first")
    here.vault.lock()
    there.write(passphrase)
    yield here, there
    here.vault.lock()
    there.vault.lock()


def texts(vault: Vault, clock: FakeClock) -> list[str]:
    journal = JournalService(vault, clock)
    return sorted(journal.entry(summary.id).content.text for summary in journal.page().entries)


def tree(folder: Path) -> dict[str, bytes]:
    """Everything but the lock file, whose content comes and goes."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {name: raw for name, raw in found.items() if not name.endswith("vault.lock")}


# --- generations ------------------------------------------------------------------


def test_an_opening_that_saves_is_one_generation_however_much_it_saves(computers, passphrase: str) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    before = read_lineage(here.vault.connection)
    here.add("one")
    here.add("two")
    after = read_lineage(here.vault.connection)
    assert (before.generation + 1, before.tokens) == (after.generation, after.tokens[:-1])
    assert after.saves >= 2
    assert after.computer == "a" * 16
    here.vault.lock()
    here.vault.unlock(passphrase)
    assert here.vault.arrival.generation == after.generation
    here.vault.lock()


def test_what_was_taken_back_is_no_generation(computers, passphrase: str) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    before = read_lineage(here.vault.connection)
    with pytest.raises(ZeroDivisionError), here.vault.connection.transaction():
        raise ZeroDivisionError
    assert read_lineage(here.vault.connection) == before
    here.vault.preferences.put("x", 1)
    assert read_lineage(here.vault.connection).generation == before.generation + 1
    here.vault.lock()


@pytest.mark.parametrize(
    ("seen", "relation"),
    [
        (Mark(3, 5, None, ("a", "b", "c")), "same"),
        (Mark(3, 4, None, ("a", "b", "c")), "newer"),
        (Mark(3, 6, None, ("a", "b", "c")), "older"),
        (Mark(2, 9, None, ("a", "b")), "newer"),
        (Mark(4, 1, None, ("a", "b", "c", "d")), "older"),
        (Mark(3, 5, None, ("a", "b", "x")), "apart"),
        (Mark(2, 1, None, ("a", "x")), "apart"),
        (Mark(4, 1, None, ("a", "b", "x", "y")), "apart"),
        (Mark(0, 0, None, ()), "newer"),
        (Mark(400, 1, None, ("z",) * 16), "older"),
    ],
)
def test_what_a_database_is_to_one_that_was_seen(seen: Mark, relation: str) -> None:
    assert Lineage(("a", "b", "c"), 3, 5).compared_with(seen) == relation


# --- the copy that was seen last ------------------------------------------------------


def test_a_stale_copy_is_told_and_opens_only_on_a_choice(computers, folder: Path, passphrase: str, clock) -> None:
    here, _ = computers
    old = (folder / "vault.db").read_bytes()
    clock.move(days=1)
    here.write(passphrase, "second")
    newer = folder / "vault.sync-conflict-20261125-101010-ABCDEFG.db"
    shutil.copy(folder / "vault.db", newer)
    (folder / "vault.db").write_bytes(old)
    before = tree(folder)
    with pytest.raises(StaleCopy) as told:
        here.vault.unlock(passphrase)
    assert not here.vault.is_open
    assert tree(folder) == before, "nothing is touched before the choice"
    assert told.value.here < told.value.known
    assert [(one.path, one.relation, one.notes) for one in told.value.others] == [(newer, "same", 2)]
    with pytest.raises(StaleCopy):
        here.vault.unlock(passphrase)
    here.vault.unlock(passphrase, even={StaleCopy})
    assert texts(here.vault, clock) == ["first"]
    here.vault.lock()
    here.write(passphrase, "third")  # from the choice on it counts
    assert newer.exists()


def test_an_older_moment_of_the_same_evening_is_a_stale_copy(computers, folder: Path, passphrase: str) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    here.add("one")
    early = (folder / "vault.db").read_bytes()
    here.add("two")
    here.vault.lock()
    (folder / "vault.db").write_bytes(early)
    with pytest.raises(StaleCopy):
        here.vault.unlock(passphrase)


def test_what_another_computer_added_is_told_once_and_quietly(computers, passphrase: str, clock) -> None:
    here, there = computers
    there.write(passphrase, "from there")
    here.vault.unlock(passphrase)
    assert here.vault.arrival.from_elsewhere
    assert texts(here.vault, clock) == ["first", "from there"]
    here.vault.lock()
    here.vault.unlock(passphrase)
    assert not here.vault.arrival.from_elsewhere


@pytest.mark.parametrize(("ours", "theirs"), [(1, 1), (1, 3), (3, 1)])
def test_two_computers_that_went_on_by_themselves_are_told_apart(
    computers, folder: Path, passphrase: str, ours: int, theirs: int
) -> None:
    here, there = computers
    common = (folder / "vault.db").read_bytes()
    for number in range(theirs):
        there.write(passphrase, f"there {number}")
    from_there = (folder / "vault.db").read_bytes()
    (folder / "vault.db").write_bytes(common)
    for number in range(ours):
        here.write(passphrase, f"here {number}")
    kept = folder / "vault (1).db"
    os.rename(folder / "vault.db", kept)
    (folder / "vault.db").write_bytes(from_there)  # what a sync program does
    with pytest.raises(TwoComputers) as told:
        here.vault.unlock(passphrase)
    assert [one.path for one in told.value.others] == [kept]
    here.vault.unlock(passphrase, even=[TwoComputers])
    (other,) = here.vault.other_versions()
    assert (other.relation, other.notes) == ("apart", 1 + ours)


def test_our_own_restore_is_no_stale_copy(computers, passphrase: str, clock) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    backup = here.vault.backup().file
    here.vault.lock()
    here.write(passphrase, "later")
    here.vault.bring_back(backup, passphrase)
    assert texts(here.vault, clock) == ["first"]
    here.vault.lock()
    here.write(passphrase, "after")


def test_a_copy_at_another_place_is_no_alarm(computers, folder: Path, passphrase: str, tmp_path: Path) -> None:
    here, _ = computers
    shutil.copytree(folder, tmp_path / "stick.vault")
    here.write(passphrase, "later")
    stick = here.at(tmp_path / "stick.vault")
    stick.unlock(passphrase)
    stick.lock()


def test_a_computer_that_remembers_nothing_opens_what_is_there(
    folder: Path, computers, clock: FakeClock, cheap_cost: Cost, passphrase: str
) -> None:
    new = Computer("c" * 16, folder, clock, cheap_cost)
    for damaged in ("", "x", "a b c d e", "1 2 3"):
        new.memory.lines = (damaged,)
        new.write(passphrase)


def test_what_is_remembered_names_no_folder(computers, folder: Path) -> None:
    here, _ = computers
    assert len(here.memory.lines) == 1
    assert folder.name.removesuffix(".vault") not in here.memory.lines[0].split()
    assert str(folder.parent) not in here.memory.lines[0]


def test_reading_alone_writes_nothing_into_the_settings(computers, passphrase: str) -> None:
    here, _ = computers
    writes = here.memory.writes
    here.write(passphrase)
    assert here.memory.writes == writes


# --- conflict copies ------------------------------------------------------------------

NAMES = (
    "vault.sync-conflict-20261125-101010-ABC1234.db",
    "vault (Jo's conflicted copy 2026-11-25).db",
    "vault (conflicted copy 2026-11-25 101010).db",
    "vault_conflict-20261125-101010.db",
    "vault-DESKTOP-4711.db",
    "vault (1).db",
    "vault 2.db",
    "vault (Jos Kopie in Konflikt 2026-11-25).db",
    "vault.db (1)",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_conflict_copy_is_found_by_its_name_and_proved_with_the_key(
    computers, folder: Path, passphrase: str, name: str, clock
) -> None:
    here, _ = computers
    shutil.copy(folder / "vault.db", folder / name)
    here.vault.unlock(passphrase)
    here.add("second")
    before = tree(folder)
    (found,) = here.vault.other_versions()
    assert tree(folder) == before
    assert (found.path.name, found.kind, found.relation, found.notes) == (name, "database", "older", 1)
    assert found.changed_at == clock.now()


def test_what_only_looks_like_one_is_left_out_or_unknown(computers, folder: Path, passphrase: str) -> None:
    here, _ = computers
    (folder / "vault of old things.db").write_bytes(b"my own")
    (folder / "vault (1).db").write_bytes(b"cut off")
    (folder / ".vault.db.part").write_bytes(b"")
    (folder / "vault 2.db").mkdir()
    here.vault.unlock(passphrase)
    found = here.vault.other_versions()
    assert [(one.path.name, one.relation, one.can_be_opened) for one in found] == [("vault (1).db", "unknown", False)]
    assert (folder / "vault (1).db").read_bytes() == b"cut off"


def test_a_newer_key_file_from_elsewhere_is_found(computers, folder: Path, passphrase: str) -> None:
    here, there = computers
    old = {name: (folder / name).read_bytes() for name in ("keys.json", "keys.bak.json", "vault.db")}
    there.vault.change_passphrase(passphrase, "nine quiet otters at noon")
    shutil.copy(folder / "keys.json", folder / "keys (Jo's conflicted copy 2026-11-25).json")
    shutil.copy(folder / "keys.bak.json", folder / "keys.bak.sync-conflict-20261125-101010-ABC1234.json")
    (folder / "keys-other.json").write_text("{}")
    for name, raw in old.items():
        (folder / name).write_bytes(raw)
    here.vault.unlock(passphrase)
    found = here.vault.other_versions()
    assert [(one.kind, one.relation) for one in found] == [("keys", "newer"), ("keys", "newer")]


def test_a_copied_folder_is_found(computers, folder: Path, passphrase: str) -> None:
    here, _ = computers
    for name in ("a1b2.vault (conflicted copy 2026-11-25)", "a1b2 (1).vault"):
        shutil.copytree(folder, folder.parent / name)
    (folder.parent / "a1b2 plans.vault").mkdir()
    here.vault.unlock(passphrase)
    assert {one.path.name for one in here.vault.other_versions() if one.kind == "folder"} == {
        "a1b2.vault (conflicted copy 2026-11-25)",
        "a1b2 (1).vault",
    }


def test_the_names_alone_are_known_without_a_key(computers, folder: Path) -> None:
    for name in NAMES:
        (folder / name).write_bytes(b"x")
    (folder / "backups").mkdir(exist_ok=True)
    (folder / "backups" / "20261122-0710-daily (1).vbak").write_bytes(b"x")
    found = {path.name for path in list_names(folder)}
    assert found >= {*NAMES, "20261122-0710-daily (1).vbak"} - {"vault-DESKTOP-4711.db"}


def test_a_journal_with_a_sync_programs_name_is_never_played_back(computers, folder: Path, passphrase: str) -> None:
    here, _ = computers
    copy = folder / "vault (1).db"
    shutil.copy(folder / "vault.db", copy)
    here.vault.unlock(passphrase)
    with here.vault.connection.transaction():
        here.vault.connection.execute("DELETE FROM entry")
        here.vault.connection.execute("PRAGMA cache_spill = 1")
        journal = (folder / "vault.db-journal").read_bytes()
    assert journal
    (folder / "vault (1).db-journal").write_bytes(journal)  # just where SQLite would look for it
    before = tree(folder)
    found = {one.path.name: one for one in here.vault.other_versions()}
    assert found["vault (1).db"].notes == 1
    assert found["vault (1).db-journal"].kind == "journal"
    assert tree(folder) == before


def test_the_other_one_becomes_a_space_of_its_own(computers, folder: Path, passphrase: str, clock, tmp_path) -> None:
    here, _ = computers
    shutil.copy(folder / "vault.db", folder / "vault (1).db")
    here.vault.unlock(passphrase)
    here.vault.media.put((folder / "vault (1).db").open("rb"))
    here.add("second")
    (found,) = here.vault.other_versions()
    before = tree(folder)
    here.vault.set_apart(found, tmp_path / "spaces" / "beside.vault")
    assert tree(folder) == before
    other = here.at(tmp_path / "spaces" / "beside.vault")
    other.unlock(passphrase)
    assert texts(other, clock) == ["first"]
    assert len(list(other.media.names())) == 1
    other.lock()
    assert texts(here.vault, clock) == ["first", "second"]


def test_a_copied_folder_becomes_a_space_of_its_own_with_its_own_keys(
    computers, folder: Path, passphrase: str, clock, tmp_path
) -> None:
    here, there = computers
    shutil.copytree(folder, folder.parent / "a1b2 (1).vault")
    there.vault.change_passphrase(passphrase, "nine quiet otters at noon")
    here.vault.unlock("nine quiet otters at noon")
    (found,) = here.vault.other_versions()
    here.vault.set_apart(found, tmp_path / "beside.vault")
    other = here.at(tmp_path / "beside.vault")
    other.unlock(passphrase)
    other.lock()


# --- half-synced -----------------------------------------------------------------------


def half_written(there: Computer, folder: Path, passphrase: str) -> tuple[bytes, bytes]:
    """Database and journal as a sync program could have copied them in the middle of a long save, which then ends."""
    there.vault.unlock(passphrase)
    there.vault.connection.execute("PRAGMA cache_size = 1")
    with there.vault.connection.transaction():
        for number in range(40):
            there.add(f"{number} " * 900)
        half, journal = (folder / "vault.db").read_bytes(), (folder / "vault.db-journal").read_bytes()
    there.vault.lock()
    return half, journal


@pytest.mark.parametrize("went_on", [0, 1])
def test_a_stale_journal_from_elsewhere_is_not_played_back(
    computers, folder: Path, passphrase: str, clock, went_on: int
) -> None:
    here, there = computers
    _half, stale = half_written(there, folder, passphrase)
    there.write(passphrase, *["more"] * went_on)
    (folder / "vault.db-journal").write_bytes(stale)
    here.vault.unlock(passphrase)
    assert len(texts(here.vault, clock)) == 41 + went_on
    assert here.vault.check().ok
    assert not (folder / "vault.db-journal").exists()
    (kept,) = (folder / "quarantine").glob("vault.db-journal-*")
    assert kept.read_bytes() == stale


def test_a_journal_that_belongs_to_a_half_written_database_is_played_back(
    computers, folder: Path, passphrase: str, clock
) -> None:
    here, there = computers
    half, journal = half_written(there, folder, passphrase)
    (folder / "vault.db").write_bytes(half)
    (folder / "vault.db-journal").write_bytes(journal)
    here.vault.unlock(passphrase)
    assert texts(here.vault, clock) == ["first"]
    assert here.vault.check().ok


def test_a_crash_here_plays_its_own_journal_back_without_a_trial(
    computers, folder: Path, passphrase: str, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = computers
    half, journal = half_written(there, folder, passphrase)
    (folder / "vault.db").write_bytes(half)
    (folder / "vault.db-journal").write_bytes(journal)
    number = (folder / "vault.db").stat().st_ino
    facts = {"pid": 4711, "host": os.uname().nodename, "since": clock.now().isoformat(), "database": number}
    (folder / "vault.lock").write_text(json.dumps(facts))
    monkeypatch.setattr(stray_journal, "_played", lambda *_: pytest.fail("tried"))
    here.vault.unlock(passphrase)
    assert texts(here.vault, clock) == ["first"]


# --- two at once -----------------------------------------------------------------------


def test_a_lock_from_another_computer_is_believed_until_the_person_says_so(
    computers, folder: Path, passphrase: str, clock
) -> None:
    here, _ = computers
    facts = {"pid": 4711, "host": "laptop", "since": clock.now().isoformat(), "computer": "b" * 16, "database": 1}
    (folder / "vault.lock").write_text(json.dumps(facts))
    with pytest.raises(OpenElsewhere) as told:
        here.vault.unlock(passphrase)
    assert (told.value.host, told.value.since, told.value.exit_code) == ("laptop", clock.now(), VaultInUse.exit_code)
    assert json.loads((folder / "vault.lock").read_text()) == facts
    here.vault.unlock(passphrase, even=[OpenElsewhere])
    here.vault.lock()
    here.write(passphrase)


def test_this_computer_under_another_name_is_still_this_one(computers, folder: Path, passphrase: str, clock) -> None:
    here, _ = computers
    facts = {"pid": 4711, "host": "old-name", "since": clock.now().isoformat(), "computer": "a" * 16}
    (folder / "vault.lock").write_text(json.dumps(facts))
    here.write(passphrase)


# --- while it is open ---------------------------------------------------------------------


def test_a_folder_that_moved_takes_nothing_until_it_is_back(computers, folder: Path, passphrase: str, clock) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    away = folder.with_name("away")
    os.rename(folder, away)
    with pytest.raises(DiskUnreachable):
        here.add("second")
    assert not folder.exists()
    os.rename(away, folder)
    here.add("second")
    assert texts(here.vault, clock) == ["first", "second"]


def test_a_file_that_was_swapped_underneath_is_not_written_to(computers, folder: Path, passphrase: str, clock) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    here.add("second")
    other = folder / "new"
    shutil.copy(folder / "vault.db", other)
    os.replace(other, folder / "vault.db")
    swapped = (folder / "vault.db").read_bytes()
    for _try in range(2):
        with pytest.raises(FileSwapped):
            here.add("third")
    assert (folder / "vault.db").read_bytes() == swapped
    assert texts(here.vault, clock) == ["first", "second"], "what is open can still be read"


def test_what_went_into_a_file_that_was_taken_away_meanwhile_is_not_called_saved(
    computers, folder: Path, passphrase: str
) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)

    def swap_in_the_middle() -> None:
        with here.vault.connection.transaction():
            here.vault.connection.execute("DELETE FROM entry")
            shutil.copy(folder / "vault.db", folder / "new")
            os.replace(folder / "new", folder / "vault.db")

    with pytest.raises(FileSwapped):
        swap_in_the_middle()


def test_a_disk_that_was_away_and_is_back_goes_on(computers, folder: Path, passphrase: str, clock) -> None:
    here, _ = computers
    here.vault.unlock(passphrase)
    here.add("second")
    shutil.copy2(folder / "vault.db", folder / "same")  # another inode, the same size and time: as after plugging in
    os.replace(folder / "same", folder / "vault.db")
    here.add("third")
    here.vault.lock()
    here.vault.unlock(passphrase)
    assert texts(here.vault, clock) == ["first", "second", "third"]
