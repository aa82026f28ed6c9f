"""What the self-test measures: each fault is found, and a whole screen has none."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from companion.selftest import measure
from companion.ui.kit import Kit
from tests.ui.conftest import settle


@pytest.fixture
def page(qtbot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()
    return page


def test_a_whole_screen_has_no_fault(kit: Kit, page: QWidget) -> None:
    column = QVBoxLayout(page)
    column.addWidget(kit.label("A long line of words that needs more than one row in a window this narrow."))
    column.addWidget(kit.button("Go on", kind="primary"))
    column.addWidget(kit.field("Name"))
    column.addStretch(1)
    settle()
    assert measure.clipped(page) == []
    assert measure.unnamed(page) == []
    assert measure.primary_buttons(page) == 1
    assert len(measure.focusables(page)) == 2


def test_a_label_that_is_too_low_is_found(kit: Kit, page: QWidget) -> None:
    label = kit.label("A long line of words that needs more than one row in a window this narrow, and then some.")
    label.setParent(page)
    label.setGeometry(0, 0, 200, 20)
    label.show()
    assert ["needs" in found and "height" in found for found in measure.clipped(page)] == [True]


def test_a_word_that_is_too_wide_is_found(kit: Kit, page: QWidget) -> None:
    label = kit.label("Encyclopaedia Britannica", wrap=False)
    label.setParent(page)
    label.setGeometry(0, 0, 60, 40)
    label.show()
    assert ["of width" in found for found in measure.clipped(page)] == [True]


def test_what_sticks_out_of_its_parent_is_found(kit: Kit, page: QWidget) -> None:
    button = kit.button("Go on")
    button.setParent(page)
    button.setGeometry(380, 0, 120, 44)
    button.show()
    assert ["show" in found for found in measure.clipped(page)] == [True]


def test_words_over_words_are_found(kit: Kit, page: QWidget) -> None:
    layer = QWidget(page)
    layer.setGeometry(page.rect())
    layer.show()
    for text in ("One", "Other"):
        label = kit.label(text)
        label.setParent(layer)
        label.setGeometry(10, 10, 100, 40)
        label.show()
    assert ["overlap" in found for found in measure.clipped(page)] == [True]


def test_a_page_that_scrolls_sideways_is_found(kit: Kit, qtbot) -> None:
    inside = QWidget()
    inside.setMinimumWidth(900)
    area = kit.scroll(inside)
    outer = QWidget()
    qtbot.addWidget(outer)
    QVBoxLayout(outer).addWidget(area)
    outer.resize(400, 300)
    outer.show()
    settle()
    assert ["wider than it shows" in found for found in measure.clipped(outer)] == [True]


def test_a_field_without_a_name_is_found(page: QWidget) -> None:
    column = QVBoxLayout(page)
    column.addWidget(QLineEdit())
    column.addWidget(QPushButton("Named"))
    settle()
    assert measure.unnamed(page) == ["QLineEdit ''"]


def test_hidden_and_disabled_controls_are_no_stops(kit: Kit, page: QWidget) -> None:
    column = QVBoxLayout(page)
    for text in ("shown", "hidden", "disabled"):
        button = kit.button(text)
        button.setVisible(text != "hidden")
        button.setEnabled(text != "disabled")
        column.addWidget(button)
    settle()
    assert [button.text() for button in measure.focusables(page)] == ["shown"]
