"""Guards the pin of the Qt binding: 6.12 on Python 3.11 loses a reference to True and None at every call."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, QPointF, QRect, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter

CALLS = 1000


class _Sender(QObject):
    said = Signal(bool)
    nothing = Signal()


@pytest.fixture
def sender() -> _Sender:
    return _Sender()


def _references() -> tuple[int, int]:
    return sys.getrefcount(True), sys.getrefcount(None)


def _assert_none_stolen(before: tuple[int, int], after: tuple[int, int]) -> None:
    # A few come and go with the calls themselves; a thief would have taken 1,000 or more.
    for name, was, now in zip(("True", "None"), before, after, strict=True):
        assert was - now < CALLS // 10, f"{was - now} references to {name} were lost in {CALLS} calls"


def test_signals_keep_references(sender: _Sender) -> None:
    heard: list[object] = []
    sender.said.connect(heard.append)
    sender.nothing.connect(lambda: None)
    heard.clear()
    before = _references()
    for _call in range(CALLS):
        sender.said.emit(True)
        sender.nothing.emit()
    heard.clear()
    _assert_none_stolen(before, _references())


def test_painting_keeps_references(qapp: object) -> None:
    picture = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(picture)
    font, colour, area = QFont(), QColor(), QRect(0, 0, 8, 8)
    before = _references()
    for _call in range(CALLS):
        painter.save()
        painter.setFont(font)
        painter.fillRect(area, colour)
        painter.drawLine(QPointF(0, 0), QPointF(8, 8))
        painter.restore()
    after = _references()
    painter.end()
    _assert_none_stolen(before, after)
