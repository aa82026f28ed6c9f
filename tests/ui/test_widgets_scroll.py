"""A page that scrolls follows what is typed in it, and a list that help takes away gives the focus back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QTextEdit, QVBoxLayout, QWidget

from companion.ui.kit import Kit
from companion.ui.widgets.list_popup import ListPopup
from companion.ui.widgets.scroll import ScrollArea
from companion.ui.widgets.sheet import SheetHost
from tests.ui.conftest import settle


def in_a_low_window(kit: Kit, qtbot: object, widget: QWidget) -> ScrollArea:
    """Shown under a button, in a page that has room for a part of it; the keys are in it."""
    inside = QWidget()
    layout = QVBoxLayout(inside)
    layout.addWidget(kit.button("Before"))
    layout.addWidget(widget)
    area = kit.scroll(inside)
    qtbot.addWidget(area)
    area.resize(400, 240)
    area.show()
    area.activateWindow()
    QTest.qWaitForWindowActive(area)
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    settle()
    return area


@pytest.fixture
def text(kit: Kit, qtbot: object) -> Iterator[QTextEdit]:
    """A tall text in a low window."""
    edit = QTextEdit()
    edit.setMinimumHeight(900)
    area = in_a_low_window(kit, qtbot, edit)
    yield edit
    area.close()


def area_of(widget: QWidget) -> ScrollArea:
    area = widget.parentWidget()
    while not isinstance(area, ScrollArea):
        area = area.parentWidget()
    return area


def cursor_is_seen(edit: QTextEdit) -> bool:
    area, spot = area_of(edit), edit.cursorRect()
    top = edit.viewport().mapTo(area.viewport(), spot.topLeft()).y()
    return bool(top >= 0 and top + spot.height() <= area.viewport().height())


def test_the_line_that_is_typed_is_seen(text: QTextEdit) -> None:
    for _line in range(12):
        QTest.keyClicks(text, "word")
        QTest.keyClick(text, Qt.Key.Key_Return)
        settle()
        assert cursor_is_seen(text)
    QTest.keyClick(text, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert cursor_is_seen(text)


def test_the_row_that_is_picked_is_seen_in_a_list_higher_than_the_page(kit: Kit, qtbot: object) -> None:
    rows = QListWidget()
    rows.addItems([f"row {n}" for n in range(60)])
    rows.setMinimumHeight(1200)
    rows.setCurrentRow(0)
    area = in_a_low_window(kit, qtbot, rows)

    def is_seen() -> bool:
        spot = rows.visualRect(rows.currentIndex())
        top = rows.viewport().mapTo(area.viewport(), spot.topLeft()).y()
        return bool(top >= 0 and top + spot.height() <= area.viewport().height())

    for row in (0, 1, 20, 40, 3):
        area.activateWindow()  # a window of the test before may still be on its way out
        qtbot.waitUntil(rows.hasFocus)
        rows.setCurrentRow(row)
        qtbot.waitUntil(is_seen)
    area.close()


def test_a_click_does_not_move_the_page_under_the_pointer(text: QTextEdit) -> None:
    text.setPlainText("\n" * 30)
    settle()
    bar = area_of(text).verticalScrollBar()
    bar.setValue(120)
    QTest.qWait(10)
    before = bar.value()
    low = text.viewport().mapFrom(area_of(text).viewport(), QPoint(60, area_of(text).viewport().height() - 2))
    QTest.mousePress(text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, low)
    settle()
    assert bar.value() == before
    QTest.mouseRelease(text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, low)


def test_typing_elsewhere_does_not_move_it(kit: Kit, text: QTextEdit) -> None:
    area = area_of(text)
    text.clearFocus()
    area.findChild(QWidget).setFocus()
    settle()
    area.verticalScrollBar().setValue(0)
    text.setPlainText("a\n" * 40)
    cursor = text.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    text.setTextCursor(cursor)
    settle()
    assert area.verticalScrollBar().value() == 0


def test_an_open_list_gives_the_focus_to_its_button_when_a_sheet_comes(kit: Kit, qtbot: object) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    first, choice = kit.button("First"), kit.list_button([("a", "One"), ("b", "Two")], "Which")
    layout.addWidget(first)
    layout.addWidget(choice)
    sheets = SheetHost(window, kit)
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    choice.setFocus()
    choice.open_list()
    settle()
    inside = QWidget()
    QVBoxLayout(inside).addWidget(kit.button("People"))
    sheets.open(inside, "Help")
    settle()
    assert not any(popup.isVisible() for popup in window.findChildren(ListPopup))
    sheets.close()
    settle()
    assert choice.hasFocus()
