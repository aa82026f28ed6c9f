"""Lays out and draws a few plain words with a line height of our own."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

_UNLIMITED = 1e7
_SLACK = 1.5  # px; kerning and rounding must never push the last letter to a line of its own
_LEFT = Qt.AlignmentFlag.AlignLeft
_WRAPPED, _UNWRAPPED = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, QTextOption.WrapMode.NoWrap
_BY_WORDS = Qt.LayoutDirection.LayoutDirectionAuto  # by the words, not by the window


class TextBlock:
    """Words in one font. Lines are `pitch` px apart; the first and last keep the font's own height."""

    def __init__(self, text: str, font: QFont, pitch: float, *, wrap: bool = True) -> None:
        self._metrics = QFontMetricsF(font)
        self._line_height = self._metrics.height()
        self._text = text
        self._pitch = max(pitch, self._line_height)
        self._wrap = _WRAPPED if wrap else _UNWRAPPED
        self._layout = QTextLayout(text.replace("\n", "\u2028"), font)
        self._state: tuple[float, Qt.AlignmentFlag] | None = None
        self._laid_out = 0
        self._heights: dict[int, int] = {}
        self._natural: float | None = None
        self._natural_height = 0
        self._longest: float | None = None

    @property
    def width(self) -> float:
        """The width of the longest line when nothing is wrapped."""
        if self._natural is None:
            self._natural_height = self._lay_out(_UNLIMITED, _LEFT)
            lines = range(self._layout.lineCount())
            self._natural = max((self._layout.lineAt(i).naturalTextWidth() for i in lines), default=0.0) + _SLACK
        return self._natural

    @property
    def longest_word(self) -> float:
        """The width of the longest word."""
        if self._longest is None:
            widest = max(self._text.split() or [""], key=len)
            self._longest = self._metrics.horizontalAdvance(widest) * 1.05 + _SLACK
        return self._longest

    @property
    def average_width(self) -> float:
        """The width of an average character."""
        return self._metrics.averageCharWidth()

    @property
    def em(self) -> float:
        """The width of a capital M."""
        return self._metrics.horizontalAdvance("M")

    @property
    def line_height(self) -> int:
        """The height of one line."""
        return math.ceil(self._line_height)

    def height(self, width: int) -> int:
        """The height the words need at this width."""
        found = self._heights.get(width)
        if found is None:
            found = self._natural_height if width >= self.width else self._lay_out(width, _LEFT)
            self._heights[width] = found
        return found

    def draw(self, painter: QPainter, room: QRect, align: Qt.AlignmentFlag) -> None:
        """Draw the words in `room` with the painter's pen; `align` is already mirrored where needed."""
        height = self._lay_out(room.width(), align & Qt.AlignmentFlag.AlignHorizontal_Mask)
        top = float(room.top())
        if align & Qt.AlignmentFlag.AlignVCenter:
            top += max(0, room.height() - height) / 2
        elif align & Qt.AlignmentFlag.AlignBottom:
            top += max(0, room.height() - height)
        self._layout.draw(painter, QPointF(room.left(), top))

    def _lay_out(self, width: float, align: Qt.AlignmentFlag) -> int:
        if self._state == (width, align):
            return self._laid_out
        option = QTextOption(align | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(_BY_WORDS)
        option.setWrapMode(self._wrap)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        top = 0.0
        bottom = self._line_height
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width if width > 0 else _UNLIMITED)
            line.setPosition(QPointF(0, top))
            bottom = top + line.height()
            top += self._pitch
        self._layout.endLayout()
        self._state = (width, align)
        self._laid_out = math.ceil(bottom)
        return self._laid_out
