"""The largest words in the smallest window: the bar is whole, and what has the focus can be seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QVBoxLayout, QWidget

from companion.ui.shell.navigation import SidePanel
from companion.ui.widgets.scroll import ScrollArea
from tests.ui.app_kit import OpenApp, wait
from tests.ui.look import name_of


def room_of(widget: QWidget) -> ScrollArea:
    area = widget.parentWidget()
    while not isinstance(area, ScrollArea):
        area = area.parentWidget()
    return area


def is_seen(widget: QWidget, spot: QRect) -> bool:
    view = room_of(widget).viewport()
    return view.rect().contains(QRect(widget.mapTo(view, spot.topLeft()), spot.size()))


@pytest.mark.parametrize(("width", "scale"), [(640, 2.0), (640, 1.5), (900, 2.0), (1280, 2.0), (640, 1.0)])
def test_the_bar_is_whole_before_and_behind_the_lock(opened: OpenApp, width: int, scale: float) -> None:
    window, shell = opened.app.window, opened.app.shell
    window.resize(width, 480)
    shell.change_look(text_scale=scale)
    wait(30)
    for screen in ("open", "locked"):
        if screen == "locked":
            shell.lock()
            wait(30)
        screen_now = window.current_screen()
        assert screen_now is not None
        buttons = [b for b in screen_now.findChildren(QAbstractButton) if b.isVisible()]
        for word in ("Help right now", "Hide"):
            button = next(b for b in buttons if name_of(b).startswith(word))
            assert button.width() >= button.sizeHint().width(), (screen, word)
            assert window.rect().contains(QRect(button.mapTo(window, QPoint()), button.size())), (screen, word)


def test_the_small_bar_still_opens_and_hides(opened: OpenApp) -> None:
    window, shell = opened.app.window, opened.app.shell
    window.resize(640, 480)
    shell.change_look(text_scale=2.0)
    wait(30)
    buttons = [b for b in window.current_screen().findChildren(QAbstractButton) if b.isVisible()]
    next(b for b in buttons if name_of(b) == "Menu").click()
    assert window.sheets.is_open
    window.sheets.close_all()
    next(b for b in buttons if name_of(b) == "Hide").click()
    assert window.current_screen() is shell._cover


def test_letters_are_seen_where_they_are_typed(opened: OpenApp) -> None:
    opened.app.window.resize(900, 600)
    opened.app.shell.change_look(text_scale=2.0)
    page = opened.journal
    bar = room_of(page.editor).verticalScrollBar()
    wait(50)
    bar.setValue(bar.maximum())
    page.editor.done.setFocus(Qt.FocusReason.TabFocusReason)
    page.new_note()
    wait(50)
    QTest.keyClicks(page.editor.text, "can I see this")
    wait(20)
    assert is_seen(page.editor.text, page.editor.text.cursorRect())


def test_what_gets_the_focus_comes_into_view_however_it_got_it(opened: OpenApp) -> None:
    inside = QWidget()
    rows = QVBoxLayout(inside)
    buttons = [QPushButton(str(n)) for n in range(60)]
    for button in buttons:
        rows.addWidget(button)
    area = opened.app.kit.scroll(inside)
    opened.app.window.show_screen(area)
    wait(20)
    for button in (buttons[-1], buttons[0]):
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        wait(20)
        assert is_seen(button, button.rect())


@pytest.mark.parametrize("tab", ["write", "timeline", "search"])
def test_the_journal_never_scrolls_sideways(opened: OpenApp, tab: str) -> None:
    opened.app.window.resize(640, 480)
    opened.app.shell.change_look(text_scale=2.0)
    page = opened.journal
    page._go(tab)
    wait(50)
    assert room_of(page).horizontalScrollBar().maximum() == 0


def test_the_menu_is_as_wide_as_its_sheet_and_named_once(opened: OpenApp) -> None:
    opened.app.shell.change_look(text_scale=2.0)
    window = opened.app.window
    next(b for b in window.findChildren(QAbstractButton) if b.isVisible() and name_of(b) == "Menu").click()
    wait(20)
    sheet = window.sheets.top
    assert sheet is not None
    panel = sheet.findChild(SidePanel)
    assert panel is not None
    entries = [b for b in panel.findChildren(QAbstractButton) if b.isVisible()]
    assert [name_of(b) for b in entries] == ["Today", "Journal", "Settings", "Lock"]
    assert min(b.width() for b in entries) > window.width() // 2


def test_with_menu_the_title_on_the_page_follows_what_is_shown(opened: OpenApp) -> None:
    opened.app.shell.change_look(text_scale=2.0)
    page = opened.journal
    shown = [label.text() for label in opened.app.window.findChildren(QLabel) if label.isVisible()]
    assert "Journal" in shown
    page.bring_in()
    wait(20)
    shown = [label.text() for label in opened.app.window.findChildren(QLabel) if label.isVisible()]
    assert "Bring notes in" in shown
    assert "Journal" not in shown
