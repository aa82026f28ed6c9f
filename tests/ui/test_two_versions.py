"""Older copies, two computers and second copies in the window: said in words, and nothing is passed by unseen."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton

from companion.ui.shell.two_versions import VersionsSheet
from companion.ui.shell.way_on import WayOn
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import line, words

OTHER = "nine quiet otters at noon"


def folder_of(opened: OpenApp) -> Path:
    folder = opened.app.shell._opener.folder
    assert folder is not None
    return folder


def lock(opened: OpenApp) -> None:
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)


def write(opened: OpenApp, text: str) -> None:
    page = opened.journal
    page.new_note()
    page.editor.text.setPlainText(text)
    page.editor.paused.emit()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))


def button(root, text: str) -> QAbstractButton:
    return next(b for b in root.findChildren(QAbstractButton) if b.text() == text)


def try_to_open(opened: OpenApp) -> None:
    card = opened.app.shell._lock_screen.card
    card._field.edit.setText(PASSPHRASE)
    card._open.click()
    wait_until(lambda: not opened.app.shell._opener._is_busy)


def put_older_copy(opened: OpenApp) -> Path:
    """The newer one is kept as a conflict copy; says where."""
    folder = folder_of(opened)
    lock(opened)
    old = (folder / "vault.db").read_bytes()
    opened.unlock()
    write(opened, "the newer words")
    lock(opened)
    kept = folder / "vault.sync-conflict-20261125-101010-ABCDEFG.db"
    os.rename(folder / "vault.db", kept)
    (folder / "vault.db").write_bytes(old)
    return kept


def test_an_older_copy_opens_only_when_the_person_says_so(opened: OpenApp) -> None:
    kept = put_older_copy(opened)
    shell = opened.app.shell
    try_to_open(opened)
    assert not shell.is_open
    said = words(opened.app.window.current_screen())
    assert "The notes here are older than the ones this computer saw last." in said
    assert "Nothing was changed." in said
    way = opened.app.window.findChild(WayOn)
    assert way.isVisible()
    assert shell._lock_screen.card._field.edit.hasFocus()
    button(way, "What else is there").click()
    sheet = opened.app.window.findChild(VersionsSheet)
    assert kept.name in words(sheet)
    assert "The notes this computer saw last" in words(sheet)
    assert "Look at it" not in words(sheet)
    button(sheet, "Close").click()
    button(way, "Open this one as it is").click()
    wait_until(lambda: shell.is_open)
    assert kept.exists()
    lock(opened)
    opened.unlock()  # from then on it counts


def test_an_older_copy_opened_without_typing_has_the_same_way_on(opened: OpenApp) -> None:
    space = opened.app.spaces.services(folder_of(opened))
    opened.on_vault(lambda: space.vault.device.enable(PASSPHRASE))
    put_older_copy(opened)
    shell, card = opened.app.shell, opened.app.shell._lock_screen.card
    wait_until(card._device.isVisible)
    card._device.click()
    wait_until(lambda: not shell._opener._is_busy)
    assert not shell.is_open
    assert "The notes here are older than the ones this computer saw last." in words(opened.app.window.current_screen())
    way = opened.app.window.findChild(WayOn)
    button(way, "Open this one as it is").click()
    wait_until(lambda: shell.is_open)
    assert [one.excerpt for one in opened.on_vault(space.journal.page).entries] == []


def test_an_older_copy_opened_with_the_recovery_key_has_the_same_way_on(opened: OpenApp) -> None:
    space = opened.app.spaces.services(folder_of(opened))
    code = opened.on_vault(space.vault.add_recovery_key)
    kept = put_older_copy(opened)
    shell, card = opened.app.shell, opened.app.shell._lock_screen.card
    card.show_forgot()
    form = card._forgot
    assert form is not None
    form._code.edit.setText(code)
    for label in ("New passphrase", "The same new words again"):
        line(form, label).setText(OTHER)
    button(form, "Open with the recovery key").click()
    wait_until(lambda: not shell._opener._is_busy)
    assert not shell.is_open
    assert "The notes here are older than the ones this computer saw last." in words(form)
    way = form.findChild(WayOn)
    button(way, "What else is there").click()
    sheet = opened.app.window.findChild(VersionsSheet)
    assert kept.name in words(sheet)
    button(sheet, "Close").click()
    button(way, "Open this one as it is").click()
    wait_until(lambda: shell.is_open)
    lock(opened)
    opened.unlock(OTHER)  # the new passphrase counts, and nothing is told again
    assert kept.exists()


def test_a_wrong_recovery_key_passes_nothing_by(opened: OpenApp) -> None:
    put_older_copy(opened)
    card = opened.app.shell._lock_screen.card
    card.show_forgot()
    form = card._forgot
    assert form is not None
    form._code.edit.setText("4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C")
    for label in ("New passphrase", "The same new words again"):
        line(form, label).setText(OTHER)
    button(form, "Open with the recovery key").click()
    wait_until(lambda: not opened.app.shell._opener._is_busy)
    assert not form.findChild(WayOn).isVisible()
    assert not opened.app.shell.is_open


def test_a_choice_counts_for_one_opening_only(opened: OpenApp) -> None:
    put_older_copy(opened)
    folder = folder_of(opened)
    old = (folder / "vault.db").read_bytes()
    try_to_open(opened)
    button(opened.app.window.findChild(WayOn), "Open this one as it is").click()
    wait_until(lambda: opened.app.shell.is_open)
    write(opened, "went on")
    lock(opened)
    (folder / "vault.db").write_bytes(old)
    try_to_open(opened)
    assert not opened.app.shell.is_open
    shutil.copy(folder / "vault.sync-conflict-20261125-101010-ABCDEFG.db", folder / "vault.db")
    try_to_open(opened)
    assert "Two computers wrote in this space" in words(opened.app.window.current_screen())


def test_behind_the_cover_an_older_copy_leads_to_the_lock_screen(opened: OpenApp) -> None:
    put_older_copy(opened)
    shell = opened.app.shell
    shell.hide()
    shell._cover.unlock_requested.emit("not the passphrase")
    wait_until(lambda: not shell._opener._is_busy)
    assert opened.app.window.current_screen() is shell._cover
    shell._cover.unlock_requested.emit(PASSPHRASE)
    wait_until(lambda: not shell._opener._is_busy)
    assert opened.app.window.current_screen() is shell._lock_screen
    assert "older than the ones this computer saw last" in words(shell._lock_screen)


def test_a_space_open_on_another_computer_says_when(opened: OpenApp) -> None:
    lock(opened)
    facts = {"pid": 4711, "host": "laptop", "since": "2026-11-22T09:00:00+00:00"}
    (folder_of(opened) / "vault.lock").write_text(json.dumps(facts))
    try_to_open(opened)
    assert "Another computer had this open on Sunday 22 November, 09:00." in words(opened.app.window.current_screen())
    way = opened.app.window.findChild(WayOn)
    button(way, "It is closed there. Open it here").click()
    wait_until(lambda: opened.app.shell.is_open)


def second_copy(opened: OpenApp) -> Path:
    """A newer version than the one that is here lies beside; the space is open."""
    folder = folder_of(opened)
    kept = put_older_copy(opened)
    try_to_open(opened)
    button(opened.app.window.findChild(WayOn), "Open this one as it is").click()
    wait_until(lambda: opened.app.shell.is_open)
    assert kept.parent == folder
    return kept


def test_a_second_copy_is_told_and_becomes_a_space_of_its_own(opened: OpenApp) -> None:
    kept = second_copy(opened)
    window, shell = opened.app.window, opened.app.shell
    assert "There is another version of your notes beside this one." in words(window.toasts.toast)
    window.toasts.toast.undo_button.click()
    sheet = window.findChild(VersionsSheet)
    assert "A newer version of your notes" in words(sheet)
    before = kept.read_bytes()
    button(sheet, "Look at it").click()
    wait_until(lambda: not window.sheets.is_open)
    assert kept.read_bytes() == before
    known = opened.app.spaces.known()
    assert len(known) == 2
    lock(opened)
    shell._opener.folder = next(path for path in known if path != kept.parent)
    opened.unlock()
    journal = opened.app.spaces.services(shell._opener.folder).journal
    found = [draft.content.text for draft in opened.on_vault(journal.drafts)]
    entries = opened.on_vault(lambda: [journal.entry(one.id) for one in journal.page().entries])
    assert "the newer words" in [*found, *(entry.content.text for entry in entries)]


def test_a_copy_that_was_left_is_not_told_again_until_it_changes(opened: OpenApp) -> None:
    kept = second_copy(opened)
    window = opened.app.window
    window.toasts.toast.undo_button.click()
    button(window.findChild(VersionsSheet), "Leave it").click()
    opened.app.worker.drain(5)
    lock(opened)
    opened.unlock()
    assert window.toasts.toast is None
    assert kept.exists()
    lock(opened)
    os.utime(kept, ns=(1, 1))
    opened.unlock()
    assert window.toasts.toast is not None


def test_what_another_computer_added_is_told_once(opened: OpenApp) -> None:
    lock(opened)
    opened.app.settings.change(computer="f" * 16)  # this is another one now, that has seen all but the last evening
    seen = opened.app.settings.current.seen
    opened.unlock()
    write(opened, "from the other computer")
    lock(opened)
    opened.app.settings.change(computer="e" * 16, seen=seen)
    opened.unlock()
    assert "Another computer wrote in this space" in words(opened.app.window.toasts.toast)
    lock(opened)
    opened.unlock()
    assert opened.app.window.toasts.toast is None


def test_words_written_while_the_file_was_swapped_come_back_after_the_choice(opened: OpenApp) -> None:
    write(opened, "first")
    folder = folder_of(opened)
    shutil.copy(folder / "vault.db", folder / "new")
    os.replace(folder / "new", folder / "vault.db")
    page = opened.journal
    page.editor.text.setPlainText("first, and more")
    page.editor.paused.emit()
    wait_until(lambda: page._not_saved.isVisible())
    assert "Another program changed the file of your space." in page._not_saved.text()
    assert page.editor.text.toPlainText() == "first, and more"
    lock(opened)
    assert opened.app.shell._opener.holds_words
    opened.unlock()
    assert not opened.app.shell._opener.holds_words
    journal = opened.app.spaces.services(folder).journal
    assert [draft.content.text for draft in opened.on_vault(journal.drafts)] == ["first, and more"]


def test_a_folder_that_went_and_came_back_takes_the_words(opened: OpenApp) -> None:
    write(opened, "first")
    folder = folder_of(opened)
    away = folder.with_name("away")
    os.rename(folder, away)
    page = opened.journal
    page.editor.text.setPlainText("first, and more")
    page.editor.paused.emit()
    wait_until(lambda: page._not_saved.isVisible())
    assert "This disk can't be reached just now." in page._not_saved.text()
    os.rename(away, folder)
    page._not_saved.action.click()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))
    assert page.editor.text.toPlainText() == "first, and more"
