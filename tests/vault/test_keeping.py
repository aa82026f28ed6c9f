"""Backups that are kept without being asked for: when, which ones stay, a second place, testing one."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.errors import (
    BackupDamaged,
    DiskFull,
    DiskReadOnly,
    DiskUnreachable,
    Stopped,
    UsageRefused,
    WrongSecret,
)
from companion.vault import second_place
from companion.vault.backup import Pauses
from companion.vault.keeping import Keeping, Occasion, Place, mark_of
from companion.vault.second_place import Errand, carry_over, folder_in
from companion.vault.shelf import list_in, to_keep
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault, flip
from tests.vault.test_backup import files, put

START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.lists(st.integers(0, 60 * 24 * 900).map(lambda m: START + timedelta(minutes=m)), max_size=60)


@pytest.fixture
def keeping(vault: Vault, clock: FakeClock) -> Keeping:
    vault.preferences.put("mark", "first")
    put(vault)
    return Keeping(vault, clock)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def change(vault: Vault, value: str) -> None:
    """As a person would, and as the files' times tell it."""
    vault.preferences.put("mark", value)
    later = max((info.file.stat().st_mtime for info in vault.backups()), default=0.0) + 5
    os.utime(vault.folder / "vault.db", (later, later))


def errand(keeping: Keeping) -> Errand:
    found = keeping.errand()
    assert found is not None
    return found


# --- which ones stay ---------------------------------------------------------------


@given(made=MOMENTS)
@settings(max_examples=150, deadline=None)
def test_what_is_kept_is_what_the_rule_says(made: list[datetime]) -> None:
    kept = to_keep(made)
    newest_first = sorted(set(made), reverse=True)
    assert kept <= set(made)
    assert set(newest_first[:3]) <= kept
    for number, period in (
        (7, lambda at: at.date()),
        (4, lambda at: at.isocalendar()[:2]),
        (12, lambda at: (at.year, at.month)),
    ):
        periods = sorted({period(at) for at in made}, reverse=True)[:number]
        for one in periods:
            assert max(at for at in made if period(at) == one) in kept
    assert len(kept) <= 3 + 7 + 4 + 12


@given(hours=st.lists(st.integers(1, 24 * 20), min_size=1, max_size=250))
@settings(max_examples=60, deadline=None)
def test_rotating_after_each_backup_loses_nothing_that_rotating_at_the_end_would_keep(hours: list[int]) -> None:
    """A backup that was once let go is never one that the rule would want later."""
    at, made, left = START, [], set()
    for gap in hours:
        at += timedelta(hours=gap)
        made.append(at)
        left = to_keep(left | {at})
        assert at in left
    assert left == to_keep(made)


# --- when --------------------------------------------------------------------------


def test_while_it_is_open_a_backup_comes_a_day_after_the_last_and_only_for_a_change(
    keeping: Keeping, vault: Vault, clock: FakeClock
) -> None:
    first = keeping.keep(Occasion.OPEN)
    assert first is not None
    assert first.file.name.endswith("-daily.vbak")
    clock.move(days=3)
    assert keeping.keep(Occasion.OPEN) is None
    change(vault, "second")
    clock.instant = first.made_at + timedelta(hours=23)
    assert keeping.keep(Occasion.OPEN) is None
    clock.instant = first.made_at + timedelta(hours=24)
    assert keeping.keep(Occasion.OPEN) is not None


def test_as_it_closes_twelve_hours_are_enough(keeping: Keeping, vault: Vault, clock: FakeClock) -> None:
    first = keeping.keep(Occasion.CLOSING)
    assert first is not None
    change(vault, "second")
    clock.instant = first.made_at + timedelta(hours=11)
    assert not keeping.is_due(Occasion.CLOSING)
    clock.instant = first.made_at + timedelta(hours=12)
    assert keeping.is_due(Occasion.CLOSING)
    assert not keeping.is_due(Occasion.OPEN)


def test_noting_that_the_second_place_is_there_does_not_call_for_another_backup(
    keeping: Keeping, clock: FakeClock, stick: Path
) -> None:
    keeping.choose_place(stick)
    assert keeping.keep(Occasion.OPEN, place_is_there=True) is not None
    assert keeping.place is not None
    assert keeping.place.used_at == clock.now()
    clock.move(days=9)
    assert keeping.keep(Occasion.OPEN, place_is_there=True) is None


def test_one_that_is_asked_for_inside_another_is_not_made(keeping: Keeping, vault: Vault) -> None:
    seen: list[object] = []
    vault.pauses = Pauses(serve=lambda: seen.append(keeping.keep(Occasion.OPEN)))
    assert keeping.keep(Occasion.OPEN) is not None
    assert seen
    assert set(seen) == {None}


def test_a_word_to_stop_is_heard_while_the_rows_are_counted(
    keeping: Keeping, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.vault.contents._LOOK_EVERY", 1)

    def stop() -> None:
        raise Stopped

    vault.pauses = Pauses(stop=stop)
    with pytest.raises(Stopped):
        keeping.keep(Occasion.OPEN)
    assert [path.name for path in (vault.folder / "backups").iterdir()] == []


# --- much less than before -----------------------------------------------------------


def test_much_less_holds_the_older_ones_back_until_the_person_says_it_is_right(
    keeping: Keeping, vault: Vault, clock: FakeClock
) -> None:
    for number in range(40):
        vault.preferences.put(f"n{number}", number)
    for _ in range(9):
        clock.move(days=1)
        vault.backup(reason="daily")
    before = {info.file for info in vault.backups()}
    for number in range(40):
        vault.preferences.remove(f"n{number}")
    made = set()
    for _ in range(3):  # not only the first smaller one: the older ones stay, however many follow
        clock.move(days=1)
        made.add(vault.backup(reason="daily").file)
    assert keeping.look().holds_back
    assert {info.file for info in vault.backups()} == before | made
    keeping.accept_smaller()
    assert not keeping.look().holds_back
    clock.move(days=1)
    vault.backup(reason="daily")
    assert len(vault.backups()) < len(before | made) + 1


# --- the second place ------------------------------------------------------------------


def test_the_second_place_is_remembered_inside_the_vault_only(keeping: Keeping, vault: Vault, stick: Path) -> None:
    keeping.choose_place(stick)
    assert keeping.place is not None
    assert keeping.place.folder == stick
    for raw in files(vault.folder).values():
        assert str(stick).encode() not in raw
    keeping.choose_place(None)
    assert keeping.place is None


def test_a_folder_inside_the_space_is_no_second_place(keeping: Keeping, vault: Vault) -> None:
    inside = vault.folder / "backups" / "more"
    inside.mkdir(parents=True)
    for folder in (vault.folder, inside):
        with pytest.raises(UsageRefused):
            keeping.choose_place(folder)


def test_a_backup_is_carried_there_once_and_can_be_restored_from_there_alone(
    keeping: Keeping, vault: Vault, stick: Path, tmp_path: Path, passphrase: str
) -> None:
    keeping.choose_place(stick)
    keeping.keep(Occasion.OPEN)
    carried = carry_over(errand(keeping))
    assert carried.is_new
    assert [info.file.parent for info in carried.backups] == [folder_in(stick, vault.vault_id)]
    assert not carry_over(errand(keeping)).is_new
    name = carried.backups[0].file
    shutil.rmtree(vault.folder / "backups")
    result = restore(name, tmp_path / "new.vault", passphrase, FakeClock())
    assert (result.media, result.media_missing) == (1, 0)


def test_the_same_rule_holds_there_and_only_for_this_vault(
    keeping: Keeping, vault: Vault, stick: Path, clock: FakeClock, make_vault: MakeVault, tmp_path: Path
) -> None:
    other = make_vault(tmp_path / "other.vault")
    other.create("another quiet evening")
    keeping.choose_place(stick)
    keeping.keep(Occasion.OPEN)
    folder = carry_over(errand(keeping)).folder
    theirs = other.backup(stick / "theirs.vbak").file
    theirs = theirs.rename(folder / theirs.name)
    (folder / "letter.txt").write_bytes(b"mine")
    for day in range(30):
        clock.move(days=1)
        change(vault, str(day))
        vault.backup(reason="daily")
        carry_over(errand(keeping))
    here = {info.file.name for info in vault.backups()}
    assert {info.file.name for info in list_in(folder)} == here | {theirs.name}
    assert (folder / "letter.txt").read_bytes() == b"mine"


def test_older_ones_there_stay_while_the_newest_holds_much_less(
    keeping: Keeping, vault: Vault, stick: Path, clock: FakeClock
) -> None:
    for number in range(40):
        vault.preferences.put(f"n{number}", number)
    keeping.choose_place(stick)
    for _ in range(12):
        clock.move(days=1)
        vault.backup(reason="daily")
        folder = carry_over(errand(keeping)).folder
    before = {info.file.name for info in list_in(folder)}
    for number in range(40):
        vault.preferences.remove(f"n{number}")
    clock.move(days=60)
    vault.backup(reason="daily")
    carry_over(errand(keeping))
    assert before < {info.file.name for info in list_in(folder)}


def test_a_place_that_is_not_there_is_told_apart_and_nothing_is_made_for_it(keeping: Keeping, tmp_path: Path) -> None:
    gone = tmp_path / "media" / "stick"
    keeping.choose_place(gone)
    keeping.keep(Occasion.OPEN)
    with pytest.raises(DiskUnreachable):
        carry_over(errand(keeping))
    assert not gone.parent.exists()


@pytest.mark.parametrize(
    ("number", "expected"), [(errno.ENOSPC, DiskFull), (errno.EROFS, DiskReadOnly), (errno.EIO, DiskUnreachable)]
)
def test_a_stick_that_fails_is_said_and_the_older_ones_there_stay(
    keeping: Keeping,
    vault: Vault,
    stick: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    expected: type[Exception],
) -> None:
    keeping.choose_place(stick)
    keeping.keep(Occasion.OPEN)
    carry_over(errand(keeping))
    before = files(stick)
    clock.move(days=400)
    change(vault, "second")
    keeping.keep(Occasion.OPEN)

    def fail(*_: object) -> str:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(second_place, "copy_and_digest", fail)
    with pytest.raises(expected):
        carry_over(errand(keeping))
    assert files(stick) == before
    assert all(info.ok for info in vault.backups())


def test_a_stick_that_is_full_for_real_takes_nothing_and_loses_nothing(
    keeping: Keeping, small_disk: Callable[[str], Path], vault: Vault
) -> None:
    place = small_disk("16k")
    keeping.choose_place(place)
    keeping.keep(Occasion.OPEN)
    with pytest.raises(DiskFull):
        carry_over(errand(keeping))
    assert list(place.rglob("*.vbak")) == []
    assert vault.check().ok


def test_what_reads_back_otherwise_is_not_kept_there(
    keeping: Keeping, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.choose_place(stick)
    keeping.keep(Occasion.OPEN)
    monkeypatch.setattr(second_place, "digest_of", lambda *_: "0" * 64)
    with pytest.raises(BackupDamaged):
        carry_over(errand(keeping))
    assert list(stick.rglob("*.vbak*")) == []


def test_what_a_stick_pulled_out_left_is_removed_the_next_time(keeping: Keeping, vault: Vault, stick: Path) -> None:
    keeping.choose_place(stick)
    keeping.keep(Occasion.OPEN)
    folder = folder_in(stick, vault.vault_id)
    folder.mkdir()
    (folder / ".20261122-1040-daily.vbak.part").write_bytes(b"half")
    carry_over(errand(keeping))
    assert list(folder.glob(".*")) == []


def test_its_absence_may_be_mentioned_once_a_month_or_never() -> None:
    place = Place(Path("/media/stick"), START)
    assert not place.offer_due(START + timedelta(days=29))
    assert place.offer_due(START + timedelta(days=30))
    mentioned = Place(place.folder, START, offered_at=START + timedelta(days=30))
    assert not mentioned.offer_due(START + timedelta(days=59))
    assert mentioned.offer_due(START + timedelta(days=60))
    assert not Place(place.folder, START, reminder="never").offer_due(START + timedelta(days=900))
    assert Place.from_plain(mentioned.to_plain()) == mentioned
    assert Place.from_plain({"folder": 3}) is None


# --- testing one -------------------------------------------------------------------------


def test_testing_a_backup_proves_it_and_remembers_when(keeping: Keeping, vault: Vault, clock: FakeClock) -> None:
    file = vault.backup().file
    clock.move(days=2)
    before = files(vault.folder / "backups")
    trial = keeping.try_backup(file)
    assert trial.inside.tables["preference"] == 1
    assert (trial.inside.media, trial.media_missing) == (1, 0)
    shown = keeping.look()
    assert shown.tested[mark_of(shown.backups[0])] == clock.now()
    assert files(vault.folder / "backups") == before


@pytest.mark.parametrize("offset", [2000, 20000, -300])
def test_a_changed_byte_anywhere_fails_the_test(keeping: Keeping, vault: Vault, offset: int) -> None:
    file = vault.backup().file
    flip(file, offset if offset > 0 else file.stat().st_size + offset)
    with pytest.raises(BackupDamaged):
        keeping.try_backup(file)
    assert keeping.look().tested == {}
    assert list((vault.folder / "backups").glob(".*")) == []


def test_attachments_that_are_gone_are_counted_and_it_does_not_count_as_tested(keeping: Keeping, vault: Vault) -> None:
    file = vault.backup().file
    shutil.rmtree(vault.folder / "backups" / "media")
    shutil.rmtree(vault.folder / "media")
    assert keeping.try_backup(file).media_missing == 1
    assert keeping.look().tested == {}


def test_a_backup_of_another_key_asks_for_its_own_passphrase(
    keeping: Keeping, make_vault: MakeVault, tmp_path: Path
) -> None:
    other = make_vault(tmp_path / "other.vault")
    other.create("another quiet evening")
    file = other.backup(tmp_path / "b.vbak").file
    for words in (None, "not the right one"):
        with pytest.raises(WrongSecret) as caught:
            keeping.try_backup(file, words)
        assert caught.value.kind == "backup"
    assert keeping.try_backup(file, "another quiet evening").inside.vault_id == other.vault_id
    assert keeping.look_inside(file, "another quiet evening").tables["entry"] == 0


def test_after_another_passphrase_the_key_now_still_opens_older_backups(
    keeping: Keeping, vault: Vault, passphrase: str
) -> None:
    file = vault.backup().file
    vault.change_passphrase(passphrase, "another quiet evening")
    assert keeping.try_backup(file).media_missing == 0


def test_after_the_key_was_changed_older_backups_are_still_tested_here_and_in_the_second_place(
    keeping: Keeping, vault: Vault, stick: Path, passphrase: str
) -> None:
    keeping.choose_place(stick)
    keeping.keep(Occasion.OPEN)
    there = carry_over(errand(keeping)).backups[0].file
    vault.rotate(passphrase, "another quiet evening")
    vault.finish_rotation()
    for file in (vault.backups()[0].file, vault.backups()[-1].file, there):
        assert keeping.try_backup(file).media_missing == 0
    with pytest.raises(WrongSecret):
        keeping.look_inside(there, passphrase)
    assert keeping.look_inside(there, "another quiet evening").media == 1
