"""Layouts that wrap: sizes are worked out once, and anew when something inside changes."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLayout, QWidget

from companion.ui.kit import Kit
from tests.ui.conftest import settle


class Counting(QWidget):
    """Counts how often it is asked for its size."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.wide = 40

    def sizeHint(self) -> QSize:
        self.asked += 1
        return QSize(self.wide, 20)


def _nested(kit: Kit, leaf: QWidget, depth: int) -> QLayout:
    layout: QLayout = kit.flow(spacing=0)
    layout.addWidget(leaf)
    for level in range(depth):
        outer = (kit.side, kit.even, kit.flow)[level % 3](spacing=0)
        outer.addLayout(layout)
        layout = outer
    return layout


def test_layouts_in_layouts_ask_a_thing_a_few_times_not_once_for_every_way_down(kit: Kit, qtbot) -> None:
    leaf, page = Counting(), QWidget()
    qtbot.addWidget(page)
    page.setLayout(_nested(kit, leaf, 6))
    page.resize(300, 200)
    page.show()
    settle()
    assert leaf.asked < 60


def test_a_thing_that_grows_is_given_more_room(kit: Kit, qtbot) -> None:
    leaf, page = Counting(), QWidget()
    qtbot.addWidget(page)
    layout = _nested(kit, leaf, 3)
    page.setLayout(layout)
    page.resize(300, 200)
    page.show()
    settle()
    before = layout.sizeHint().width()
    leaf.wide = 200
    leaf.updateGeometry()
    settle()
    assert layout.sizeHint().width() == before + 160
    assert leaf.width() == 200


def test_hiding_a_thing_takes_its_room_away(kit: Kit, qtbot) -> None:
    page, one, other = QWidget(), Counting(), Counting()
    qtbot.addWidget(page)
    flow = kit.flow(spacing=0)
    flow.addWidget(one)
    flow.addWidget(other)
    page.setLayout(flow)
    page.resize(50, 200)
    page.show()
    settle()
    assert flow.heightForWidth(50) == 40
    other.hide()
    settle()
    assert flow.heightForWidth(50) == 20
