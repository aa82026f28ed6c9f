"""A quiet moment frees the file of what was taken away; whoever is there is not kept waiting by it."""

from __future__ import annotations

from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.ui.shell.quiet_moment import QUIET_SECONDS, QuietMoment
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait, wait_until

NOTE = EntryId("1" * 26)


def take_words_away(opened: OpenApp) -> None:
    wait_until(lambda: hasattr(opened.app, "quiet_moment"))
    journal = opened.app.shell.space.journal
    content = Content(at=opened.clock.now(), text="words on their way")
    opened.on_vault(lambda: (journal.save_draft(NOTE, content), journal.discard_draft(NOTE)))
    assert is_due(opened)


def is_due(opened: OpenApp) -> bool:
    return bool(opened.on_vault(lambda: opened.app.shell.space.vault.compacting_due))


def look(opened: OpenApp) -> QuietMoment:
    quiet = opened.app.quiet_moment
    quiet.look()
    wait_until(lambda: not quiet._is_trying)
    return quiet


def test_it_waits_until_nobody_does_anything(opened: OpenApp, clock: FakeClock) -> None:
    take_words_away(opened)
    opened.app.guard.note_activity()
    look(opened)
    assert is_due(opened)
    clock.move(seconds=QUIET_SECONDS + 1)
    look(opened)
    assert not is_due(opened)


def test_not_while_a_backup_or_an_import_goes_on(opened: OpenApp, clock: FakeClock) -> None:
    take_words_away(opened)
    clock.move(seconds=QUIET_SECONDS + 1)
    opened.app.session.hold("backup")
    look(opened)
    assert is_due(opened)
    opened.app.session.release("backup")


def test_a_job_that_waits_comes_first_and_it_is_tried_again(opened: OpenApp, clock: FakeClock) -> None:
    take_words_away(opened)
    clock.move(seconds=QUIET_SECONDS + 1)
    opened.app.quiet_moment.look()
    answer = opened.app.worker.submit(lambda: "served")
    wait_until(answer.done)
    wait_until(lambda: not opened.app.quiet_moment._is_trying)
    look(opened)
    assert not is_due(opened)


def test_inside_another_job_it_does_nothing(opened: OpenApp, clock: FakeClock) -> None:
    """A backup serves the queue between two of its steps; the file must not change under it."""
    take_words_away(opened)
    clock.move(seconds=QUIET_SECONDS + 1)

    def long_job() -> None:
        opened.app.tasks.tell(opened.app, lambda _: opened.app.quiet_moment.look(), None)
        while not opened.app.worker.is_wanted:
            pass
        opened.app.worker.serve_waiting()

    wait_until(opened.app.worker.submit(long_job).done)
    wait_until(lambda: not opened.app.quiet_moment._is_trying)
    assert is_due(opened)


def test_lock_comes_in_between(opened: OpenApp, clock: FakeClock) -> None:
    take_words_away(opened)
    clock.move(seconds=QUIET_SECONDS + 1)
    opened.app.quiet_moment.look()
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.quiet_moment._is_trying)
    wait(20)
    assert opened.app.shell.space is None
    opened.unlock()
    assert not is_due(opened)
