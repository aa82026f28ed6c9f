"""The lines on the lock screen in a small window with large letters, and another country by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.unlock import LockScreen
from companion.ui.widgets.scroll import ScrollArea
from tests.ui.app_kit import wait
from tests.ui.stage import Stage, button, cut, line, staged

SMALLEST = QSize(640, 480)


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    for made in staged(qapp, tmp_path):
        made.settings.change(country="GB")
        yield made


def is_in_sight(widget: QWidget) -> bool:
    area = widget.parentWidget()
    while not isinstance(area, ScrollArea):
        assert area is not None
        area = area.parentWidget()
    top = widget.mapTo(area.viewport(), widget.rect().topLeft())
    return bool(top.y() >= 0 and top.y() + widget.height() <= area.viewport().height())


@pytest.mark.parametrize("country", ["GB", "US", "AU", "NZ", "IE", "CA", "IN", "AF", "TD"])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_in_the_smallest_window_nothing_goes_sideways(stage: Stage, country: str, scale: float) -> None:
    screen = LockScreen(*stage.parts)
    window = stage.show(screen, SMALLEST, scale)
    screen.lines.show_country(country)
    stage.settle()
    assert cut(window) == []
    for card in screen.lines.cards:
        card.set_open(True)
    stage.settle()
    assert cut(window) == []


@pytest.mark.parametrize("country", ["GB", "AF", "US", "CA"])
def test_help_right_now_in_the_smallest_window_neither(stage: Stage, country: str) -> None:
    content = HelpNow(*stage.parts)
    content.show_country(country)
    window = stage.show(stage.kit.scroll(content), SMALLEST, 2.0)
    assert cut(window) == []


def test_a_number_that_does_not_fit_takes_two_lines_and_is_whole(stage: Stage) -> None:
    screen = LockScreen(*stage.parts)
    card = next(card for card in screen.lines.cards if card.row.shown == "SHOUT to 85258")
    card.setParent(None)
    stage.show(stage.kit.scroll(card), QSize(420, 480), 2.0)
    number = next(label for label in card.findChildren(QWidget) if label.accessibleName() == card.row.spoken)
    one_line = number.heightForWidth(10_000)
    assert number.height() >= 1.8 * one_line
    assert number.geometry().right() <= number.parentWidget().width()
    assert not card.copy_button.geometry().intersects(number.geometry())


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_larger_letters_do_not_push_the_passphrase_out_of_sight(stage: Stage, scale: float) -> None:
    screen = LockScreen(*stage.parts)
    window = stage.show(screen, SMALLEST)
    screen.focus_field()
    stage.settle()
    stage.settings.change(text_scale=scale)
    stage.theme.apply(stage.settings.current)
    for _turn in range(3):
        stage.settle()
    assert is_in_sight(window.focusWidget())


def test_larger_letters_do_not_bring_back_what_was_scrolled_away(stage: Stage) -> None:
    screen = LockScreen(*stage.parts)
    window = stage.show(screen, SMALLEST)
    screen.focus_field()
    wait(800)  # the page has come to rest
    bar = window.findChild(ScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.settings.change(text_scale=1.5)
    stage.theme.apply(stage.settings.current)
    for _turn in range(3):
        stage.settle()
    assert bar.value() > 0
    assert not is_in_sight(window.focusWidget())


def test_a_chosen_country_stays_in_sight_with_the_keys_on_its_first_line(stage: Stage) -> None:
    screen = LockScreen(*stage.parts)
    window = stage.show(screen, SMALLEST, 2.0)
    screen.focus_field()
    button(window, "Change country").setFocus(Qt.FocusReason.TabFocusReason)
    button(window, "Change country").click()
    stage.settle()
    field = line(window, "Type the name of a country")
    assert field.hasFocus()
    QTest.keyClicks(field, "afghan")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    first = screen.lines.cards[0].copy_button
    assert window.focusWidget() is first
    assert is_in_sight(first)
    assert screen.lines.cards[-1].row.shown == "112"


def test_back_from_the_countries_is_where_one_was(stage: Stage) -> None:
    screen = LockScreen(*stage.parts)
    window = stage.show(screen)
    button(window, "Change country").click()
    stage.settle()
    button(window, "Back").click()
    stage.settle()
    assert window.focusWidget() is button(window, "Change country")
