"""List and reader, one at a time where there is no room for both."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDateTimeEdit, QWidget

from companion.journal.model import Content, Mood
from companion.ui.journal.reader import Reader
from companion.ui.journal.timeline import EntryList
from tests.ui.app_kit import OpenApp, wait, wait_until


def _shown(window: QWidget, kind: type[QWidget], name: str) -> list[QWidget]:
    return [w for w in window.findChildren(kind) if w.isVisible() and w.accessibleName() == name]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_deleting_what_is_read_leads_back_to_the_list(opened: OpenApp, scale: float) -> None:
    window, shell = opened.app.window, opened.app.shell
    shell.change_look(text_scale=scale)
    journal = opened.app.spaces.services(opened.app.spaces.known()[0]).journal
    for words in ("one", "two"):
        saved = opened.on_vault(lambda words=words: journal.add(Content(at=opened.clock.now(), text=words)))
    shell.go("journal", f"read:{saved.entry_id}")
    wait_until(lambda: _shown(window, QAbstractButton, "Delete this note"))
    delete = _shown(window, QAbstractButton, "Delete this note")[0]
    delete.setFocus()
    delete.click()
    [rows] = [w for w in window.findChildren(EntryList) if w.accessibleName() == "Your notes, newest first"]
    # Where there is room beside the list, the note that is left may show at once.
    wait_until(lambda: rows.isVisible() and rows.model().rowCount() == 1)
    wait_until(lambda: window.focusWidget() is rows)


def test_cover_mode_on_and_off_leaves_one_pane_where_there_is_room_for_one(opened: OpenApp) -> None:
    window, shell = opened.app.window, opened.app.shell
    shell.change_look(text_scale=2.0)
    journal = opened.app.spaces.services(opened.app.spaces.known()[0]).journal
    opened.on_vault(lambda: journal.add(Content(at=opened.clock.now(), text="one")))
    shell.go("journal", "timeline")
    wait_until(lambda: _shown(window, EntryList, "Your notes, newest first"))
    switch = _shown(window, QAbstractButton, "Cover mode: titles only")[0]
    switch.click()
    switch.click()
    assert [reader for reader in window.findChildren(Reader) if reader.isVisible()] == []


@pytest.mark.parametrize(("scale", "is_read"), [(1.0, True), (2.0, False)])
def test_arrows_show_each_note_beside_the_list_and_never_instead_of_it(
    opened: OpenApp, scale: float, is_read: bool
) -> None:
    window, shell = opened.app.window, opened.app.shell
    shell.change_look(text_scale=scale)
    journal = opened.app.spaces.services(opened.app.spaces.known()[0]).journal
    for words in ("one", "two", "three"):
        opened.on_vault(lambda words=words: journal.add(Content(at=opened.clock.now(), text=words)))
    shell.go("journal", "timeline")
    wait_until(lambda: _shown(window, EntryList, "Your notes, newest first"))
    rows = _shown(window, EntryList, "Your notes, newest first")[0]
    wait_until(lambda: rows.model().rowCount() == 3)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    opened.on_vault(lambda: None)
    wait(20)
    assert rows.isVisible()
    assert rows.currentIndex().row() == 2
    assert bool(_shown(window, QAbstractButton, "Delete this note")) is is_read
    QTest.keyClick(rows, Qt.Key.Key_Return)
    wait_until(lambda: _shown(window, QAbstractButton, "Delete this note"))
    assert rows.isVisible() is is_read


def test_cover_mode_shows_titles_and_nothing_else(opened: OpenApp) -> None:
    window, shell = opened.app.window, opened.app.shell
    journal = opened.app.spaces.services(opened.app.spaces.known()[0]).journal
    now = opened.clock.now()
    for content in (
        Content(at=now, title="The mill", text="one", mood=Mood.HARD, tags=("night",)),
        Content(at=now, title="The other", text="two", heavy=True),
        Content(at=now, title="Plain", text="three"),
    ):
        opened.on_vault(lambda content=content: journal.add(content))
    shell.go("journal", "timeline")
    wait_until(lambda: _shown(window, EntryList, "Your notes, newest first"))
    rows = _shown(window, EntryList, "Your notes, newest first")[0]
    wait_until(lambda: rows.model().rowCount() == 3)
    _shown(window, QAbstractButton, "Cover mode: titles only")[0].click()
    painted: list[str] = []
    draw = rows.painter_._text
    rows.painter_._text = lambda *args, **named: painted.append(args[4]) or draw(*args, **named)
    rows.viewport().grab()
    assert {"The mill", "Plain", "Marked heavy, so it is folded"} <= set(painted)
    assert not {"The other", "one", "two", "three", "night", "Hard"} & set(painted)
    rows.setFocus()
    for _turn in range(3):
        QTest.keyClick(rows, Qt.Key.Key_Down)
    opened.on_vault(lambda: None)
    wait(20)
    assert [reader for reader in window.findChildren(Reader) if reader.entry is not None] == []


def test_a_note_on_its_way_does_not_come_into_a_covered_timeline(opened: OpenApp) -> None:
    window, shell = opened.app.window, opened.app.shell
    journal = opened.app.spaces.services(opened.app.spaces.known()[0]).journal
    opened.on_vault(lambda: journal.add(Content(at=opened.clock.now(), title="The mill", text="one")))
    shell.go("journal", "timeline")
    wait_until(lambda: _shown(window, EntryList, "Your notes, newest first"))
    rows = _shown(window, EntryList, "Your notes, newest first")[0]
    wait_until(lambda: rows.model().rowCount() == 1)
    held = threading.Event()
    opened.app.worker.submit(held.wait)
    rows.opened.emit(0)
    _shown(window, QAbstractButton, "Cover mode: titles only")[0].click()
    held.set()
    opened.on_vault(lambda: None)
    wait(20)
    assert [reader for reader in window.findChildren(Reader) if reader.entry is not None] == []


def test_a_note_that_is_opened_again_goes_on_at_its_end(opened: OpenApp) -> None:
    journal = opened.app.spaces.services(opened.app.spaces.known()[0]).journal
    saved = opened.on_vault(lambda: journal.add(Content(at=opened.clock.now(), text="One.\n\nTwo.")))
    opened.app.shell.go("journal", f"edit:{saved.entry_id}")
    page = opened.journal
    wait_until(lambda: page.editor.text.toPlainText() == "One.\n\nTwo.")
    QTest.keyClicks(page.editor.text, " Three.")
    assert page.editor.text.toPlainText() == "One.\n\nTwo. Three."


def test_the_time_of_a_note_is_seen_whole_and_changed_by_keys(opened: OpenApp) -> None:
    page = opened.journal
    page.new_note()
    before = page.editor.at
    page.editor.time_change_requested.emit()
    wait(20)
    edit = opened.app.window.findChild(QDateTimeEdit)
    assert edit is not None
    field = edit.lineEdit()
    assert field.width() > QFontMetrics(edit.font()).horizontalAdvance(field.text()) + 20
    edit.setCurrentSection(QDateTimeEdit.Section.HourSection)
    QTest.keyClick(edit, Qt.Key.Key_Down)
    next(b for b in opened.app.window.findChildren(QAbstractButton) if b.text() == "Use this time").click()
    assert before - page.editor.at == timedelta(hours=1)
