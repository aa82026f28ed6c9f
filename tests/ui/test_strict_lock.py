"""Start afresh at each lock: asked for when everything is safe, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from companion.core.afresh import Afresh
from companion.core.errors import DiskFull
from companion.journal.store import EntryStore
from companion.ui.shell import strict_lock
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait, wait_until


@pytest.fixture
def asked(opened: OpenApp) -> list[Afresh]:
    """What was asked for; the program of the tests goes on."""
    found: list[Afresh] = []
    wait_until(lambda: hasattr(opened.app, "_strict_lock"))
    opened.app._strict_lock.due.disconnect(opened.app._on_afresh)
    opened.app._strict_lock.due.connect(found.append)
    opened.app.settings.change(strict_lock=True)
    return found


def test_lock_starts_afresh_with_the_window_where_it_was(opened: OpenApp, asked: list[Afresh]) -> None:
    opened.app.shell.lock()
    assert asked == []  # not before everything is saved
    wait_until(lambda: asked)
    shape = opened.app.window.geometry()
    assert asked == [Afresh(place=(shape.x(), shape.y(), shape.width(), shape.height()))]


def test_hide_and_help_are_remembered(opened: OpenApp, asked: list[Afresh]) -> None:
    opened.app.shell.hide()
    wait_until(lambda: asked)
    assert (asked[0].hidden, asked[0].help_now) == (True, False)
    opened.unlock()
    opened.app.shell.help()
    opened.app.shell.lock()
    wait_until(lambda: len(asked) == 2)
    assert (asked[1].hidden, asked[1].help_now) == (False, True)


def test_a_copied_number_goes_along_and_own_words_do_not(opened: OpenApp, asked: list[Afresh]) -> None:
    opened.app.clipboard.copy_own("mine")
    opened.app.shell.lock()
    wait_until(lambda: asked)
    assert asked[0].number == ""
    opened.unlock()
    opened.app.clipboard.copy_public("116 123")
    opened.app.shell.lock()
    wait_until(lambda: len(asked) == 2)
    assert asked[1].number == "116 123"


def test_not_while_it_is_off(opened: OpenApp, asked: list[Afresh]) -> None:
    opened.app.settings.change(strict_lock=False)
    opened.app.shell.lock()
    opened.app.worker.drain(5)
    wait(50)
    assert asked == []


def test_words_that_could_not_be_saved_are_not_given_up(
    opened: OpenApp, asked: list[Afresh], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened.journal
    page.new_note()
    QTest.keyClicks(page.editor.text, "still only in memory")

    def full(*_arguments: object, **_more: object) -> None:
        raise DiskFull(Path("/full"))

    with monkeypatch.context() as patch:
        for name in ("insert", "update", "put_draft"):
            patch.setattr(EntryStore, name, full)
        opened.app.shell.lock()
        wait_until(lambda: opened.app.shell.opener.holds_words)
        wait(50)
    assert opened.app.shell.opener.holds_words
    assert asked == []
    opened.unlock()  # now they are drafts
    assert not opened.app.shell.opener.holds_words
    opened.app.shell.lock()
    wait_until(lambda: asked)


def test_not_on_the_way_out(opened: OpenApp, asked: list[Afresh]) -> None:
    opened.app.shell.close()
    wait_until(lambda: opened.app.window.is_finished)
    wait(50)
    assert asked == []


def test_not_where_the_program_could_not_be_started_again(
    opened: OpenApp, asked: list[Afresh], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict_lock, "command", lambda: None)
    opened.app.shell.lock()
    opened.app.worker.drain(5)
    wait(50)
    assert asked == []


def test_the_demo_ends_with_its_space_so_it_never_starts_afresh(opened: OpenApp) -> None:
    opened.app.demo_passphrase = "four slow geese walking"
    opened.app._on_afresh(Afresh())
    assert opened.app.afresh is None


def test_it_comes_back_hidden_and_every_key_works(qapp, tmp_path: Path, clock: FakeClock) -> None:
    first = OpenApp(qapp, tmp_path / "data", clock)
    first.make_space()
    first.close()
    made = OpenApp.__new__(OpenApp)
    from companion.app import App
    from companion.core.paths import Paths
    from tests.ui.app_kit import CHEAP

    made.clock, made.faults = clock, []
    made.app = App(qapp, Paths(tmp_path / "data"), clock=clock, cost=CHEAP)
    made.app.start(afresh=Afresh(hidden=True, number="116 123"))
    wait_until(lambda: made.app.shell.session is not None)
    assert made.app.shell.is_hidden
    assert made.app.window.isMinimized()
    assert made.app.window.windowTitle() == "Notes"
    made.unlock()
    assert not made.app.shell.is_hidden
    made.close()


def test_it_comes_back_with_help(qapp, tmp_path: Path, clock: FakeClock) -> None:
    from companion.app import App
    from companion.core.paths import Paths

    app = App(qapp, Paths(tmp_path / "data"), clock=clock)
    app.settings.change(first_run_done=True, country="GB")
    app.start(help_now=False, afresh=Afresh(help_now=True, place=(10, 10, 900, 700)))
    wait_until(lambda: app.shell.session is not None)
    assert app.window.sheets.has("help-now")
    assert app.window.size().width() == 900
    wait_until(lambda: hasattr(app, "quiet_moment"))
    app.window.finish()
    app.stop()
    for thing in (app.window, app.theme, app):
        thing.deleteLater()
    wait(0)
