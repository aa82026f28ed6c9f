"""What happens to words when the window locks, hides, closes, or the disk says no."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QTextEdit

from companion.core.errors import DiskFull
from companion.ui.shell.keys import KeyFilter
from tests.fakes import FakeClock
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait, wait_until


def entries(opened: OpenApp) -> list[str]:
    service = opened.app.spaces.services(opened.app.shell._opener.folder).journal
    return opened.on_vault(lambda: [service.entry(e.id).content.text for e in service.page().entries])


def write(opened: OpenApp, words: str) -> None:
    page = opened.journal
    page.new_note()
    QTest.keyClicks(page.editor.text, words)


def shown_words(opened: OpenApp) -> str:
    widgets = opened.app.window.findChildren(QTextEdit)
    return " ".join(w.toPlainText() for w in widgets) + " ".join(
        w.text() for w in opened.app.window.findChildren(QLabel)
    )


def test_saved_is_said_only_after_the_commit(opened: OpenApp) -> None:
    write(opened, "half a thought")
    editor = opened.journal.editor
    assert "Saved" not in editor.status.text()
    editor.paused.emit()
    assert editor.status.text() == "Saving…"
    wait_until(lambda: editor.status.text().startswith("Saved"))
    service = opened.app.spaces.services(opened.app.shell._opener.folder).journal
    drafts = opened.on_vault(service.drafts)
    assert [d.content.text for d in drafts] == ["half a thought"]


def test_words_typed_while_a_save_is_on_its_way_are_not_called_saved(opened: OpenApp) -> None:
    write(opened, "one")
    editor = opened.journal.editor
    editor.paused.emit()
    QTest.keyClicks(editor.text, " two")
    wait(300)
    assert "Saved" not in editor.status.text()
    editor.paused.emit()
    wait_until(lambda: editor.status.text().startswith("Saved"))
    service = opened.app.spaces.services(opened.app.shell._opener.folder).journal
    assert opened.on_vault(service.drafts)[0].content.text == "one two"


def test_lock_keeps_the_last_letters_and_leaves_no_word_in_the_window(opened: OpenApp) -> None:
    write(opened, "zephyrquill at the last moment")
    opened.app.shell.lock()
    assert not opened.app.shell.is_open
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    wait(50)
    assert "zephyrquill" not in shown_words(opened)
    opened.unlock()
    assert entries(opened) == ["zephyrquill at the last moment"]


def test_after_lock_one_is_back_where_one_was(opened: OpenApp) -> None:
    write(opened, "on the river")
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    opened.unlock()
    page = opened.app.shell._frame._current
    assert page.key == "journal"
    wait_until(lambda: page.editor.text.toPlainText() == "on the river")


def test_hide_covers_at_once_then_saves_and_minimises(opened: OpenApp) -> None:
    write(opened, "not for other eyes")
    opened.app.clipboard.copy_public("116 123")
    opened.app.shell.hide()
    assert opened.app.window.current_screen() is opened.app.shell._cover
    assert opened.app.window.windowTitle() == "Notes"
    assert QApplication.clipboard().text() == ""
    wait_until(lambda: opened.app.window.isMinimized())
    wait(50)
    assert "not for other eyes" not in shown_words(opened)
    opened.unlock()
    assert entries(opened) == ["not for other eyes"]


def test_hide_works_over_a_file_dialog(opened: OpenApp) -> None:
    opened.journal.bring_in()
    opened.journal._bring_in._on_choose(False)
    wait_until(lambda: QApplication.activeModalWidget() is not None)
    opened.app.shell.hide()
    assert QApplication.activeModalWidget() is None
    assert opened.app.window.current_screen() is opened.app.shell._cover
    assert not any(dialog.isVisible() for dialog in opened.app.window.findChildren(QFileDialog))


def test_help_opens_over_everything_and_lock_does_not_close_it(opened: OpenApp) -> None:
    sheets = opened.app.window.sheets
    opened.app.shell.help()
    assert sheets.has("help-now")
    opened.app.shell.lock()
    assert sheets.has("help-now")
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    assert sheets.has("help-now")
    opened.app.shell.hide()
    assert not sheets.has("help-now")
    opened.app.shell.help()
    assert sheets.has("help-now")


def test_no_sheet_but_help_outlives_a_lock(opened: OpenApp) -> None:
    """A sheet can show a recovery key, or what is in a backup: nobody may read it on a locked screen."""
    sheets = opened.app.window.sheets
    sheets.open(QLabel("words of this space"), "Recovery key")
    opened.app.shell.help()
    opened.app.shell.lock()
    assert sheets.has("help-now")
    sheets.close()
    assert not sheets.is_open


def test_every_sheet_has_hide_because_the_bar_with_it_lies_underneath(opened: OpenApp) -> None:
    sheets = opened.app.window.sheets
    sheets.open(QLabel("words of this space"), "Recovery key")
    hide = [button for button in sheets.top.findChildren(QAbstractButton) if button.text() == "Hide"]
    hide[0].click()
    assert not sheets.is_open
    assert opened.app.window.current_screen() is opened.app.shell._cover


def test_lock_takes_an_open_file_dialog_away(opened: OpenApp) -> None:
    opened.journal.bring_in()
    opened.journal._bring_in._on_choose(False)
    wait_until(lambda: QApplication.activeModalWidget() is not None)
    opened.app.shell.lock()
    assert QApplication.activeModalWidget() is None
    assert opened.app.window.current_screen() is opened.app.shell._lock_screen


def test_a_wrong_passphrase_says_so_and_a_right_one_opens(opened: OpenApp) -> None:
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    opened.app.shell.unlock("something else entirely")
    wait_until(lambda: not opened.app.shell._opener._is_busy)
    assert not opened.app.shell.is_open
    assert "Caps Lock" in shown_words(opened)
    opened.unlock()


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A disk that can be filled and emptied by a test, at the place where rows are written."""
    from companion.journal.store import EntryStore

    state = {"full": False}
    for name in ("insert", "update", "put_draft"):
        real = getattr(EntryStore, name)

        def write(self, *args, real=real, **kwargs):
            if state["full"]:
                raise DiskFull
            return real(self, *args, **kwargs)

        monkeypatch.setattr(EntryStore, name, write)
    return state


def test_a_failed_save_keeps_the_words_and_offers_two_ways_on(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    write(opened, "these must stay")
    page = opened.journal
    full_disk["full"] = True
    page.editor.paused.emit()
    wait_until(lambda: page._not_saved.isVisible())
    assert "still here" in page.editor.status.text()
    assert page._not_saved.text() == (
        "There is no space left on this disk. Your words are still here. Free some space, then press Try again."
    )
    assert page.editor.text.toPlainText() == "these must stay"
    page._on_copy_text()
    assert QApplication.clipboard().text() == "these must stay"
    full_disk["full"] = False
    page._on_try_again()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))
    assert not page._not_saved.isVisible()
    assert entries(opened) == ["these must stay"]


def test_words_that_lock_could_not_save_wait_in_memory_and_come_back(
    opened: OpenApp, full_disk: dict[str, bool]
) -> None:
    write(opened, "on a full disk")
    full_disk["full"] = True
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    assert opened.app.shell._opener.holds_words
    said = "They are kept while this app runs, and saved when you open your space again."
    assert said in shown_words(opened)
    opened.app.shell.unlock("not these words at all")
    wait_until(lambda: not opened.app.shell._opener._is_busy)
    assert said in shown_words(opened), "a slip of the hand must not take this away"
    opened.app.shell.close()
    wait(50)
    assert opened.app.window.isVisible(), "closing would have lost the words"
    opened.app.window.sheets.close_all()
    full_disk["full"] = False
    opened.unlock()
    service = opened.app.spaces.services(opened.app.shell._opener.folder).journal
    assert [d.content.text for d in opened.on_vault(service.drafts)] == ["on a full disk"]
    opened.app.shell.lock()
    assert said not in shown_words(opened)


def test_the_idle_clock_locks_and_someone_there_puts_it_off(opened: OpenApp, clock: FakeClock) -> None:
    guard = opened.app.guard
    clock.move(minutes=4)
    guard.note_activity()
    clock.move(minutes=4)
    guard._on_time()
    assert opened.app.shell.is_open
    clock.move(minutes=2)
    guard._on_time()
    assert not opened.app.shell.is_open


def test_sleep_and_a_locked_session_lock(opened: OpenApp) -> None:
    wait_until(lambda: hasattr(opened.app, "_system_lock"))
    opened.app._system_lock.on_flag(False)
    assert opened.app.shell.is_open
    opened.app._system_lock.on_flag(True)
    assert not opened.app.shell.is_open


def test_minimising_locks_only_where_it_was_chosen(opened: OpenApp) -> None:
    opened.app.shell.minimised()
    assert opened.app.shell.is_open
    opened.app.settings.change(lock_on_minimise=True)
    opened.app.shell.minimised()
    assert not opened.app.shell.is_open


def test_closing_saves_locks_and_then_closes(opened: OpenApp) -> None:
    write(opened, "one more line")
    opened.app.window.close()
    assert opened.app.window.isVisible()
    wait_until(lambda: not opened.app.window.isVisible())
    opened.app.window._may_close = False
    opened.app.window.show()
    opened.unlock()
    assert entries(opened) == ["one more line"]


def test_a_second_start_raises_this_window(opened: OpenApp) -> None:
    from companion.ui.shell.single import ask_to_raise

    wait_until(lambda: hasattr(opened.app, "_raise_watch"))
    ask_to_raise(opened.app.paths, "help-now")
    wait_until(lambda: opened.app.window.sheets.has("help-now"))
    assert not opened.app.paths.raise_request.exists()


def test_keys_are_joined(opened: OpenApp) -> None:
    keys: KeyFilter = opened.app.keys
    keys.help_pressed.emit()
    assert opened.app.window.sheets.has("help-now")
    opened.app.window.sheets.close_all()
    keys.lock_pressed.emit()
    assert not opened.app.shell.is_open
    assert PASSPHRASE not in shown_words(opened)


def test_a_deleted_note_comes_back_long_after_the_undo_bar_is_gone(opened: OpenApp) -> None:
    from companion.ui.journal.deleted_sheet import DeletedSheet

    write(opened, "do not lose me")
    page = opened.journal
    page._on_done()
    wait_until(lambda: page._reader.entry is not None)
    page._on_delete(page._reader)
    wait_until(lambda: entries(opened) == [])
    opened.app.window.toasts.clear()
    page._timeline.deleted_requested.emit()
    sheet = opened.app.window.findChild(DeletedSheet)
    assert sheet is not None
    wait_until(lambda: "do not lose me" in shown_words(opened))
    button = next(b for b in sheet.findChildren(QAbstractButton) if b.text() == "Bring back")
    button.click()
    wait_until(lambda: entries(opened) == ["do not lose me"])


def test_hide_before_there_is_a_space_is_no_dead_end(qapp: QApplication, tmp_path: Path, clock: FakeClock) -> None:
    made = OpenApp(qapp, tmp_path / "data", clock)
    try:
        made.app.shell.hide()
        assert made.app.window.current_screen() is made.app.shell._cover
        made.app.window.showNormal()
        made.app.shell._cover.unlock_requested.emit("anything")
        assert made.app.window.current_screen() is made.app.shell._lock_screen
    finally:
        made.close()


def test_a_new_note_has_the_time_of_its_first_letter(opened: OpenApp, clock: FakeClock) -> None:
    page = opened.journal
    page.new_note()
    clock.move(minutes=40)
    QTest.keyClicks(page.editor.text, "now")
    assert page.editor.at == clock.now()
    chosen = clock.now().replace(day=1)
    page.new_note()
    page.editor.set_time(chosen)
    QTest.keyClicks(page.editor.text, "then")
    assert page.editor.at == chosen


def test_new_colours_are_no_new_words(opened: OpenApp) -> None:
    page = opened.journal
    page.new_note()
    opened.app.shell.change_look(palette="dark", text_scale=1.3)
    wait(50)
    assert page.editor.status.text() == "Nothing is written yet."
    assert page.pending() == []
    QTest.keyClicks(page.editor.text, "a")
    assert page.editor.status.text().startswith("Not saved yet")


def test_after_opening_the_keys_are_on_the_page_and_no_mood_looks_chosen(opened: OpenApp) -> None:
    opened.app.shell.go("today")
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    opened.unlock()
    window, today = opened.app.window, opened.today
    window.activateWindow()
    wait_until(today.hasFocus)
    wait(30)
    assert window.ring.target is None
    assert today.accessibleName() == today.title()
    QTest.keyClick(today, Qt.Key.Key_Tab)
    wait_until(lambda: window.ring.target is not None)
    assert today.check_in.isAncestorOf(window.ring.target)
