from __future__ import annotations

from datetime import timedelta

from companion.vault.session import Session
from tests.fakes import FakeClock


def unlocked(clock: FakeClock, minutes: int = 5) -> Session:
    session = Session(clock, minutes)
    session.unlocked()
    return session


def test_it_begins_locked_and_is_never_due_then(clock: FakeClock) -> None:
    session = Session(clock)
    assert session.is_locked
    clock.move(hours=3)
    assert not session.due()


def test_it_is_due_after_the_idle_time_and_not_before(clock: FakeClock) -> None:
    session = unlocked(clock)
    clock.move(minutes=4, seconds=59)
    assert not session.due()
    assert session.seconds_left() == 1
    clock.move(seconds=1)
    assert session.due()
    assert session.seconds_left() == 0


def test_activity_begins_the_time_anew(clock: FakeClock) -> None:
    session = unlocked(clock)
    clock.move(minutes=4)
    session.note_activity()
    clock.move(minutes=4)
    assert not session.due()
    assert session.seconds_left() == 60


def test_a_shorter_time_counts_what_has_passed(clock: FakeClock) -> None:
    session = unlocked(clock)
    clock.move(minutes=2)
    session.set_idle_minutes(1)
    assert session.due()


def test_the_epoch_grows_at_each_lock_only(clock: FakeClock) -> None:
    session = Session(clock)
    session.locked()
    assert session.epoch == 0
    session.unlocked()
    assert session.epoch == 0
    session.locked()
    session.locked()
    assert session.epoch == 1
    assert session.is_locked


def test_long_work_holds_the_time_until_all_of_it_ended(clock: FakeClock) -> None:
    session = unlocked(clock)
    session.hold("import")
    session.hold("backup")
    clock.move(minutes=30)
    assert not session.due()
    assert session.seconds_left() == 300
    session.release("backup")
    session.release("unknown")
    assert session.is_held
    assert not session.due()
    session.release("import")
    assert not session.is_held
    assert session.seconds_left() == 300
    clock.move(minutes=5)
    assert session.due()


def test_locking_ends_every_hold(clock: FakeClock) -> None:
    session = unlocked(clock)
    session.hold("import")
    session.locked()
    session.unlocked()
    clock.move(minutes=5)
    assert session.due()


def test_sleep_counts_although_the_other_clock_stood_still(clock: FakeClock) -> None:
    session = unlocked(clock)
    clock.instant += timedelta(hours=8)
    assert session.due()


def test_a_clock_that_is_put_back_does_not_keep_it_open(clock: FakeClock) -> None:
    session = unlocked(clock)
    clock.instant -= timedelta(hours=8)
    assert not session.due()
    clock.seconds += 300
    assert session.due()
