"""A disk that is full or cannot be written: the window opens, the look changes, and no key stays in memory."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from companion import app as app_module
from companion.core.errors import (
    DiskFull,
    DiskReadOnly,
    DiskUnreachable,
    ReadOnlyVault,
    StorageTrouble,
    VaultDamaged,
    VaultInUse,
    WrongSecret,
)
from companion.core.paths import Paths
from companion.core.settings import SettingsFile
from companion.journal.service import JournalService
from companion.journal.store import EntryStore
from companion.services import SettingsStore
from companion.ui.disk_words import not_kept_line
from companion.ui.shell.hide import HideCover
from companion.ui.shell.single import RaiseWatch
from companion.vault.lockfile import LockFile
from companion.vault.vault import Vault
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait, wait_until
from tests.ui.stage import staged, words


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A disk that a test fills and empties, for rows and for settings."""
    state = {"full": False}

    def filled(owner: type, name: str) -> None:
        real = getattr(owner, name)

        def write(self, *args, **kwargs):
            if state["full"]:
                raise DiskFull
            return real(self, *args, **kwargs)

        monkeypatch.setattr(owner, name, write)

    for name in ("insert", "update", "put_draft"):
        filled(EntryStore, name)
    filled(SettingsFile, "save")
    return state


def lock(opened: OpenApp) -> None:
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)


def lock_with_words_left_over(opened: OpenApp, full_disk: dict[str, bool], text: str) -> None:
    page = opened.journal
    page.new_note()
    page.editor.text.setPlainText(text)
    full_disk["full"] = True
    lock(opened)
    assert opened.app.shell._opener.holds_words


# --- the start -----------------------------------------------------------------


@pytest.mark.parametrize("trouble", [DiskReadOnly, DiskFull])
def test_a_folder_that_cannot_be_written_does_not_keep_the_window_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    def refuse(_self: LockFile) -> None:
        raise trouble

    monkeypatch.setattr(LockFile, "acquire", refuse)
    lock_file = app_module._hold_window_lock(Paths(tmp_path))
    assert lock_file is not None
    lock_file.release()


def test_a_folder_that_cannot_be_made_does_not_keep_the_window_away(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    paths = Paths(tmp_path / "file" / "data")
    assert app_module._hold_window_lock(paths) is not None
    RaiseWatch(paths, qapp).deleteLater()


def test_a_second_window_is_still_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(_self: LockFile) -> None:
        raise VaultInUse(1, None)

    monkeypatch.setattr(LockFile, "acquire", held)
    assert app_module._hold_window_lock(Paths(tmp_path)) is None


# --- settings ------------------------------------------------------------------


def test_a_choice_counts_though_the_disk_does_not_take_it_and_is_kept_with_the_next_one(
    tmp_path: Path, full_disk: dict[str, bool]
) -> None:
    told: list[Exception] = []
    store = SettingsStore(Paths(tmp_path), told.append)
    full_disk["full"] = True
    store.change(text_scale=2.0)
    assert store.current.text_scale == 2.0
    assert [type(error) for error in told] == [DiskFull]
    store.note(last_vault="/somewhere")
    assert len(told) == 1, "nobody chose that, so nobody is told"
    full_disk["full"] = False
    store.change(country="NZ")
    stored = SettingsStore(Paths(tmp_path)).current
    assert (stored.text_scale, stored.last_vault, stored.country) == (2.0, "/somewhere", "NZ")


def test_without_anyone_to_tell_the_trouble_is_raised(tmp_path: Path, full_disk: dict[str, bool]) -> None:
    full_disk["full"] = True
    store = SettingsStore(Paths(tmp_path))
    with pytest.raises(DiskFull):
        store.change(palette="dark")
    assert store.current.palette == "dark"


def test_another_country_and_larger_text_on_a_full_disk(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    lock(opened)
    full_disk["full"] = True
    shell = opened.app.shell
    shell.change_country("NZ")
    assert opened.app.window.toasts.toast is not None
    assert "Your choice counts until the app closes." in words(opened.app.window.toasts.toast)
    shell.change_look(text_scale=1.5)
    assert opened.app.theme.scale == 1.5
    assert shell._lock_screen.lines.country == "NZ"
    opened.unlock()


def test_what_is_said_of_a_choice_names_no_file() -> None:
    assert not_kept_line(DiskFull(Path("/home/jo/x"))) == (
        "There is no space left on this disk. Your choice counts until the app closes."
    )
    assert not_kept_line(DiskReadOnly(Path("/home/jo/x"))) == (
        "This disk can't be written just now. Your choice counts until the app closes."
    )


# --- opening again ----------------------------------------------------------------


def test_a_disk_that_is_still_full_keeps_nobody_from_reading(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    lock_with_words_left_over(opened, full_disk, "on a full disk")
    shell, window = opened.app.shell, opened.app.window
    opened.unlock()
    assert shell._opener.holds_words
    toast = window.toasts.toast
    assert toast is not None
    assert toast.text() == (
        "Your last words are not saved yet. There is no space left on this disk."
        " They are kept while this app runs, and saved when you open your space again."
    )
    shell.close()
    wait_until(lambda: window.sheets.is_open)
    assert window.isVisible(), "closing would have lost the words"
    window.sheets.close_all()
    assert "Your last words are not saved yet." in words(window.current_screen())
    full_disk["full"] = False
    opened.unlock()
    assert not shell._opener.holds_words
    journal = opened.app.spaces.services(shell._opener.folder).journal
    assert [draft.content.text for draft in opened.on_vault(journal.drafts)] == ["on a full disk"]


def test_an_opening_that_fails_leaves_no_key_in_memory(opened: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: JournalService) -> None:
        raise VaultDamaged("corrupt")

    lock(opened)
    shell = opened.app.shell
    with monkeypatch.context() as patch:
        patch.setattr(JournalService, "after_unlock", broken)
        shell.unlock(PASSPHRASE)
        wait_until(lambda: not shell._opener._is_busy)
    assert not shell.is_open
    vault = opened.app.spaces.services(shell._opener.folder).vault
    assert not opened.on_vault(lambda: vault.is_open)
    opened.unlock()


def test_another_trouble_does_not_take_the_waiting_words_from_the_screen(
    opened: OpenApp, full_disk: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(_self: Vault, _passphrase: str) -> None:
        raise VaultInUse(4711)

    lock_with_words_left_over(opened, full_disk, "they were only in memory")
    monkeypatch.setattr(Vault, "unlock", in_use)
    opened.app.shell.unlock(PASSPHRASE)
    wait_until(lambda: not opened.app.shell._opener._is_busy)
    said = words(opened.app.window.current_screen())
    assert "Another Companion has this open." in said
    assert "Your last words are not saved yet." in said
    opened.app.shell._opener._waiting.clear()


def test_hide_minimises_even_when_words_could_not_be_saved(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    page = opened.journal
    page.new_note()
    page.editor.text.setPlainText("on a full disk")
    full_disk["full"] = True
    opened.app.shell.hide()
    wait_until(lambda: opened.app.window.isMinimized())
    assert opened.app.shell._opener.holds_words
    opened.app.shell._opener._waiting.clear()


def test_a_space_that_takes_nothing_says_so_when_it_opens(opened: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(opened)
    monkeypatch.setattr(Vault, "read_only", property(lambda _self: True))
    opened.unlock()
    toast = opened.app.window.toasts.toast
    assert toast is not None
    assert toast.text() == "This disk can't be written just now. You can read. Nothing new can be saved."


def test_words_that_come_back_are_not_called_missing(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    lock_with_words_left_over(opened, full_disk, "they were only in memory")
    full_disk["full"] = False
    opened.unlock()
    page = opened.journal
    wait_until(lambda: page.editor.text.toPlainText() == "they were only in memory")
    wait(100)
    assert opened.app.window.toasts.toast is None


def test_after_try_again_the_keys_are_in_the_words(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    page = opened.journal
    page.new_note()
    page.editor.text.setPlainText("these must stay")
    full_disk["full"] = True
    page.editor.paused.emit()
    wait_until(lambda: page._not_saved.isVisible())
    assert page._not_saved.action is not None
    page._not_saved.action.setFocus()
    page._not_saved.action.click()
    wait_until(lambda: page.editor.status.text().startswith("We could not save"))
    assert page._not_saved.action.hasFocus(), "to press it once more"
    full_disk["full"] = False
    page._not_saved.action.click()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))
    assert page.editor.text.hasFocus()


def test_enter_on_the_last_question_keeps_the_words(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    lock_with_words_left_over(opened, full_disk, "keep these")
    opened.app.shell.close()
    keep = next(b for b in opened.app.window.findChildren(QPushButton) if b.text() == "Stay and keep them")
    assert keep.hasFocus()
    keep.click()
    assert opened.app.shell._opener.holds_words
    assert opened.app.window.isVisible()
    full_disk["full"] = False
    opened.unlock()


def test_staying_on_the_cover_leaves_the_keys_there(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    page = opened.journal
    page.new_note()
    page.editor.text.setPlainText("keep these")
    full_disk["full"] = True
    shell = opened.app.shell
    shell.hide()
    wait_until(lambda: not shell._closer.is_closing)
    opened.app.window.showNormal()
    shell._cover._line.setFocus()
    shell.close()
    next(b for b in opened.app.window.findChildren(QPushButton) if b.text() == "Stay and keep them").click()
    wait(20)
    assert opened.app.window.focusWidget() is shell._cover._line
    full_disk["full"] = False
    opened.unlock()


def test_a_message_stays_above_a_screen_that_comes_after_it(opened: OpenApp, full_disk: dict[str, bool]) -> None:
    lock(opened)
    full_disk["full"] = True
    opened.app.shell.change_look(text_scale=1.5)
    toast = opened.app.window.toasts.toast
    assert toast is not None
    wait(50)
    assert toast.height() >= toast._layout.heightForWidth(toast.width()), "its words have the new size"
    full_disk["full"] = False
    opened.unlock()
    layers = opened.app.window.children()
    assert layers.index(toast) > layers.index(opened.app.window.current_screen())


# --- the cover ----------------------------------------------------------------------


def test_the_cover_names_a_full_disk_and_nothing_else(qapp: QApplication, tmp_path: Path) -> None:
    for stage in staged(qapp, tmp_path):
        cover = HideCover(stage.kit)
        stage.show(cover)
        cover.show_error(DiskFull(Path("/home/jo/secret.vault")))
        assert "There is no space left on this disk. Free some space, then try again." in words(cover)
        assert "secret" not in words(cover)
        for error in (WrongSecret(), ReadOnlyVault(), DiskReadOnly(Path("/home/jo/secret.vault"))):
            cover.show_error(error)
            assert "That did not work. You can try again." in words(cover)
            assert "secret" not in words(cover)
        assert cover.findChild(QLineEdit).hasFocus()
        break


# --- a folder that is shut or away, and a clock that jumps ---------------------


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (DiskReadOnly, "This disk can't be written just now. Your words are still here."),
        (DiskUnreachable, "This disk can't be reached just now. Your words are still here."),
    ],
)
def test_words_stay_in_the_fields_until_the_folder_takes_them(
    opened: OpenApp, monkeypatch: pytest.MonkeyPatch, trouble: type[StorageTrouble], said: str
) -> None:
    state = {"shut": True}

    def shut(name: str) -> None:
        real = getattr(EntryStore, name)

        def write(self, *args, **kwargs):
            if state["shut"]:
                raise trouble(self._db.path)
            return real(self, *args, **kwargs)

        monkeypatch.setattr(EntryStore, name, write)

    for name in ("insert", "update", "put_draft"):
        shut(name)
    page = opened.journal
    page.new_note()
    page.editor.text.setPlainText("Written while the folder was shut.")
    page.editor.paused.emit()
    wait_until(lambda: page._not_saved.isVisible())
    assert page._not_saved.text().startswith(said)
    assert "still here" in page.editor.status.text()
    assert page.editor.text.toPlainText() == "Written while the folder was shut."
    state["shut"] = False
    page.editor.text.setPlainText("Written while the folder was shut. And on.")
    page.editor.paused.emit()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))
    lock(opened)
    opened.unlock()
    space = opened.app.spaces.services(opened.app.spaces.known()[0])
    drafts = opened.on_vault(space.journal.drafts)
    entries = opened.on_vault(lambda: [space.journal.entry(one.id) for one in space.journal.page().entries])
    assert "Written while the folder was shut. And on." in [one.content.text for one in (*drafts, *entries)]


@pytest.mark.parametrize("days", [(-365, 365), (3650, -3650)])
def test_saving_goes_on_while_the_clock_jumps(opened: OpenApp, days: tuple[int, int]) -> None:
    page = opened.journal
    page.new_note()
    for number, jump in enumerate((0, *days)):
        opened.clock.instant += timedelta(days=jump)
        page.editor.text.setPlainText(f"Words {number}.")
        page.editor.paused.emit()
        wait_until(lambda: page.editor.status.text().startswith("Saved"))
        space = opened.app.spaces.services(opened.app.spaces.known()[0])
        drafts = opened.on_vault(space.journal.drafts)
        assert [draft.content.text for draft in drafts] == [f"Words {number}."]
    assert opened.faults == []
