"""A damaged space in the whole window: its backup is one button away, and what was there is kept."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from companion.journal.model import Page
from companion.ui.shell.unlock_card import UnlockCard
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import button, line, words


def _backed_up_then_damaged(opened: OpenApp) -> bytes:
    """One note, a backup of it, one note more, and then most of the first page gone."""
    page = opened.journal
    QTest.keyClicks(page.editor.text, "The kettle clicked off.")
    page.editor.done.click()
    wait_until(lambda: not page.pending())
    [folder] = opened.app.spaces.known()
    opened.on_vault(opened.app.spaces.services(folder).vault.backup)
    page.new_note()
    QTest.keyClicks(page.editor.text, "Written after the backup.")
    locked: list[bool] = []
    opened.app.shell.closed.connect(lambda: locked.append(True))
    opened.app.shell.lock()
    wait_until(lambda: locked)
    database = folder / "vault.db"
    raw = bytearray(database.read_bytes())
    raw[16:2000] = bytes(1984)
    database.write_bytes(raw)
    return bytes(raw)


def _told_that_it_is_damaged(opened: OpenApp) -> tuple[UnlockCard, QLineEdit]:
    """The card after the passphrase was typed, and its field."""
    window = opened.app.window
    card = window.findChild(UnlockCard)
    assert card is not None
    field = line(window, "Passphrase")
    field.setText(PASSPHRASE)
    button(window, "Open").click()
    wait_until(lambda: card.state == "damaged")
    return card, field


def test_a_damaged_space_comes_back_from_its_backup(opened: OpenApp) -> None:
    damaged = _backed_up_then_damaged(opened)
    window = opened.app.window
    _card, field = _told_that_it_is_damaged(opened)
    assert button(window, "Open the backup").isEnabled()

    field.setText("not the right words at all")
    button(window, "Open the backup").click()
    wait_until(lambda: "Wrong passphrase for this backup." in words(window))
    [database] = opened.app.paths.data.rglob("vault.db")
    assert database.read_bytes() == damaged

    field.setText(PASSPHRASE)
    button(window, "Open the backup").click()
    wait_until(lambda: opened.app.shell.is_open)
    toast = window.toasts.toast
    assert toast is not None
    assert toast.text() == "1 note is back. What was there before is kept aside."
    kept = [file.read_bytes() for file in opened.app.paths.data.rglob("quarantine/*/vault.db")]
    assert kept == [damaged]
    [folder] = opened.app.spaces.known()
    page = opened.on_vault(opened.app.spaces.services(folder).journal.page)
    assert isinstance(page, Page)
    assert [entry.excerpt for entry in page.entries] == ["The kettle clicked off."]


def test_lock_while_a_backup_opens_leaves_it_locked(opened: OpenApp) -> None:
    _backed_up_then_damaged(opened)
    window = opened.app.window
    card, field = _told_that_it_is_damaged(opened)
    button(window, "Open the backup").click()
    opened.app.shell.lock()
    opened.app.worker.drain(5)
    wait_until(lambda: card.state == "normal")
    assert not opened.app.shell.is_open
    assert window.toasts.toast is None
    field.setText(PASSPHRASE)
    button(window, "Open").click()
    wait_until(lambda: opened.app.shell.is_open)
