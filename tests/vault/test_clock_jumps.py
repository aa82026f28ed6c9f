"""The clock is wrong, back by a year or ahead by ten, and right again: nothing goes, and backups go on being made."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault.device_due import ASK_AFTER, may_open, note_passphrase
from companion.vault.keeping import Keeping, Occasion, Place
from companion.vault.shelf import newest_backup
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
YEAR = timedelta(days=365)
JUMPS = [
    pytest.param((-YEAR, YEAR), id="back a year and right again"),
    pytest.param((10 * YEAR, -10 * YEAR), id="ahead ten years and right again"),
    pytest.param((-YEAR, 11 * YEAR, -10 * YEAR), id="back, ahead and right again"),
]


class Days:
    """One vault that is written in, kept and locked, with the files' times as this clock would give them."""

    def __init__(self, vault: Vault, clock: FakeClock, passphrase: str) -> None:
        self.vault, self.clock, self.passphrase = vault, clock, passphrase
        self.journal, self.keeping = JournalService(vault, clock), Keeping(vault, clock)
        self.said: dict[EntryId, str] = {}

    def pass_one(self, hours: int = 25) -> bool:
        """Open, write, keep, lock, a day later; whether a backup was made."""
        self.clock.instant += timedelta(hours=hours)
        self.vault.unlock(self.passphrase)
        text = f"note {len(self.said)}"
        self.said[self.journal.add(Content(at=self.clock.now(), text=text)).entry_id] = text
        draft = self.journal.add(Content(at=self.clock.now(), text="first")).entry_id
        self.journal.save_draft(draft, Content(at=self.clock.now(), text=text + " again"))
        self.journal.save(draft, Content(at=self.clock.now(), text=text + " again"))
        self.said[draft] = text + " again"
        self._stamp(self.vault.folder / "vault.db")
        before = set(self.files)
        made = self.keeping.keep(Occasion.OPEN)
        for file in set(self.files) - before:
            self._stamp(file)
        assert made is None or made.file in self.files  # the newest never goes
        self.vault.lock()
        self._stamp(self.vault.folder / "vault.db")
        return made is not None

    @property
    def files(self) -> list[Path]:
        return sorted((self.vault.folder / "backups").glob("*.vbak"))

    def hold(self) -> None:
        """Everything that was ever saved is there, as it was saved."""
        self.vault.unlock(self.passphrase)
        assert {one: self.journal.entry(one).content.text for one in self.said} == self.said
        assert self.vault.check().ok
        self.vault.lock()

    def _stamp(self, path: Path) -> None:
        at = self.clock.instant.timestamp()
        os.utime(path, (at, at))


@pytest.fixture
def days(vault: Vault, clock: FakeClock, passphrase: str) -> Days:
    clock.instant = NOW
    vault.lock()
    return Days(vault, clock, passphrase)


@pytest.mark.parametrize("jumps", JUMPS)
def test_every_save_stays_and_every_day_has_its_backup(days: Days, jumps: tuple[timedelta, ...]) -> None:
    made = [days.pass_one() for _ in range(4)]
    for jump in jumps:
        days.clock.instant += jump
        made += [days.pass_one() for _ in range(4)]
    assert all(made)
    days.hold()


def test_a_year_of_backups_pushes_none_out_that_is_made_while_the_clock_is_a_year_behind(days: Days) -> None:
    for _ in range(16):
        days.pass_one(hours=24 * 31)
    days.clock.instant -= timedelta(days=600)
    before = set(days.files)
    for number in range(1, 4):
        assert days.pass_one()
        assert len(set(days.files) - before) == number
    days.hold()


def test_the_newest_by_the_clock_of_now_is_the_one_that_is_offered_and_carried(days: Days, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    days.clock.instant += 10 * YEAR
    days.pass_one()
    (wrong,) = days.files
    days.clock.instant -= 10 * YEAR
    days.pass_one()
    (right,) = set(days.files) - {wrong}
    assert newest_backup(days.vault.folder, days.clock.now()) == right
    days.vault.unlock(days.passphrase)
    days.keeping.choose_place(tmp_path / "stick")
    errand = days.keeping.errand()
    assert errand is not None
    assert errand.newest.file == right
    days.vault.lock()
    restore(right, tmp_path / "again.vault", days.passphrase, days.clock)


def test_the_key_store_asks_for_the_passphrase_after_a_jump_and_not_for_ever(
    vault: Vault, clock: FakeClock, passphrase: str
) -> None:
    clock.instant = NOW
    note_passphrase(vault.connection, clock.now())
    assert may_open(vault.connection, clock.now())
    clock.instant += 10 * YEAR
    assert not may_open(vault.connection, clock.now())  # ten years are more than two weeks
    note_passphrase(vault.connection, clock.now())
    assert may_open(vault.connection, clock.now())
    clock.instant -= 10 * YEAR
    assert may_open(vault.connection, clock.now())  # costs a day
    note_passphrase(vault.connection, clock.now())
    clock.instant += ASK_AFTER - timedelta(hours=1)
    assert may_open(vault.connection, clock.now())
    clock.instant += timedelta(hours=2)
    assert not may_open(vault.connection, clock.now())


def test_a_clock_that_jumps_while_it_is_open_changes_no_save(days: Days, make_vault: MakeVault) -> None:
    days.vault.unlock(days.passphrase)
    entry = days.journal.add(Content(at=days.clock.now(), text="one")).entry_id
    for jump, text in ((-YEAR, "two"), (11 * YEAR, "three"), (-10 * YEAR, "four")):
        days.clock.instant += jump
        days.journal.save_draft(entry, Content(at=days.clock.now(), text=text + " on its way"))
        assert [draft.content.text for draft in days.journal.drafts()] == [text + " on its way"]
        days.journal.save(entry, Content(at=days.clock.now(), text=text))
        assert days.journal.entry(entry).content.text == text
        assert days.journal.drafts() == []
    days.vault.lock()
    other = make_vault()
    other.unlock(days.passphrase)
    found = JournalService(other, days.clock)
    assert found.entry(entry).content.text == "four"
    assert found.entry(entry).revisions == 4


def test_a_second_place_used_while_the_clock_was_ahead_is_mentioned_again_and_once_a_month(tmp_path: Path) -> None:
    place = Place(tmp_path, NOW, used_at=NOW + 10 * YEAR)
    assert not place.offer_due(NOW + timedelta(days=29))
    assert place.offer_due(NOW + timedelta(days=30))
    mentioned = replace(place, offered_at=NOW + timedelta(days=30))
    assert not mentioned.offer_due(NOW + timedelta(days=59))
    assert mentioned.offer_due(NOW + timedelta(days=60))
    assert replace(place, chosen_at=NOW + YEAR).offer_due(NOW)
