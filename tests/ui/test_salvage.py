"""A damaged space without a backup, in the whole window: what can be read is saved into a new space, and opened."""

from __future__ import annotations

import threading

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from companion.journal.model import Page
from companion.ui.shell.salvage_sheet import SalvageSheet
from companion.ui.shell.unlock_card import UnlockCard
from companion.vault.salvage import rescue
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import button, line, words

SAVE = "Save what can still be read"


def damaged(opened: OpenApp) -> bytes:
    """One note, then the first page gone, then told so."""
    page = opened.journal
    QTest.keyClicks(page.editor.text, "The kettle clicked off.")
    page.editor.done.click()
    wait_until(lambda: not page.pending())
    [folder] = opened.app.spaces.known()
    locked: list[bool] = []
    opened.app.shell.closed.connect(lambda: locked.append(True))
    opened.app.shell.lock()
    wait_until(lambda: locked)
    raw = bytearray((folder / "vault.db").read_bytes())
    raw[:4096] = bytes(4096)
    (folder / "vault.db").write_bytes(raw)
    window = opened.app.window
    line(window, "Passphrase").setText(PASSPHRASE)
    button(window, "Open").click()
    card = window.findChild(UnlockCard)
    assert card is not None
    wait_until(lambda: card.state == "damaged")
    return bytes(raw)


def test_what_can_be_read_is_in_a_new_space_and_the_damaged_one_stays(opened: OpenApp) -> None:
    raw = damaged(opened)
    window = opened.app.window
    [old] = opened.app.spaces.known()
    button(window, SAVE).click()
    field = line(window, "Passphrase of the damaged space")
    field.setText("not the right words")
    button(window, "Save it now").click()
    wait_until(lambda: field.hasSelectedText())
    field.setText(PASSPHRASE)
    button(window, "Save it now").click()
    wait_until(lambda: "Nothing is known to be lost." in words(window))
    assert "1 record is back just as it was." in words(window)
    button(window, "Open the new space").click()
    wait_until(lambda: opened.app.shell.is_open)
    known = opened.app.spaces.known()
    assert old in known
    [new] = [folder for folder in known if folder != old]
    page = opened.on_vault(opened.app.spaces.services(new).journal.page)
    assert isinstance(page, Page)
    assert [entry.excerpt for entry in page.entries] == ["The kettle clicked off."]
    assert (old / "vault.db").read_bytes() == raw
    assert not opened.faults


def test_hide_in_the_middle_ends_it_and_leaves_no_space(opened: OpenApp, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    raw = damaged(opened)
    window = opened.app.window
    [old] = opened.app.spaces.known()
    reached, go_on = threading.Event(), threading.Event()
    real = rescue.Finds

    def slow(*arguments):  # type: ignore[no-untyped-def]
        reached.set()
        go_on.wait(8)
        return real(*arguments)

    monkeypatch.setattr(rescue, "Finds", slow)
    button(window, SAVE).click()
    line(window, "Passphrase of the damaged space").setText(PASSPHRASE)
    button(window, "Save it now").click()
    wait_until(reached.is_set)
    opened.app.shell.help()
    assert window.sheets.has("help-now")
    opened.app.shell.hide()
    wait_until(lambda: window.findChild(SalvageSheet) is None)
    go_on.set()
    QApplication.processEvents()
    wait_until(lambda: not list(old.parent.glob("*/incoming")))
    assert opened.app.spaces.known() == [old]
    assert (old / "vault.db").read_bytes() == raw
    assert not opened.faults
