"""The visible part of a line: words, number and buttons beside each other or under each other, by what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.ui.widgets.paint import mirrored

if TYPE_CHECKING:
    from companion.ui.theme import Theme
    from companion.ui.widgets.label import Label

WORDS_BESIDE = 230  # px at 100 % that the words get before the number goes under them


class LineHead(QWidget):
    """Places its parts itself: twenty of these lay out in a blink, where nested wrapping layouts take seconds."""

    def __init__(
        self, theme: Theme, words: tuple[Label, Label], number: Label, buttons: list[QWidget], badges: list[QWidget]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._number = number
        self._buttons = buttons
        self._badges = badges
        # Layouts ask again and again; what the parts say changes only with the look.
        self._tail: int | None = None
        self._known: dict[int, list[tuple[QWidget, QRect]]] = {}
        for part in (*words, number, *buttons, *badges):
            part.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._rescale)

    def sizeHint(self) -> QSize:
        """Everything in one row."""
        width = self._tail_width() + self._theme.px(14) + max(label.sizeHint().width() for label in self._words)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Everything under each other, one word a line."""
        widths = [label.minimumSizeHint().width() for label in (*self._words, self._number, *self._badges)]
        buttons = sum(button.sizeHint().width() for button in self._buttons)
        return QSize(max(*widths, buttons + self._theme.px(4)), self._theme.px(44))

    def heightForWidth(self, width: int) -> int:
        """The height that everything needs at this width."""
        return max(box.bottom() + 1 for _part, box in self._places(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put everything in its place."""
        super().resizeEvent(event)
        self._place()

    # --- inside ----------------------------------------------------------

    def _rescale(self) -> None:
        self._tail = None
        self._known = {}
        self.updateGeometry()
        self._place()

    def _place(self) -> None:
        for part, box in self._places(self.width()):
            part.setGeometry(mirrored(self.layoutDirection(), self.rect(), box))

    def _tail_width(self) -> int:
        if self._tail is None:
            buttons = sum(button.sizeHint().width() + self._theme.px(4) for button in self._buttons)
            self._tail = self._number_width() + buttons
        return self._tail

    def _number_width(self) -> int:
        """On one line."""
        return max(self._number.sizeHint().width(), self._number.minimumSizeHint().width())

    def _places(self, width: int) -> list[tuple[QWidget, QRect]]:
        known = self._known.get(width)
        if known is None:
            known = self._known[width] = self._worked_out(width)
        return known

    def _worked_out(self, width: int) -> list[tuple[QWidget, QRect]]:
        px = self._theme.px
        words_width = width - self._tail_width() - px(14)
        beside = words_width >= px(WORDS_BESIDE)
        words = self._words_at(width if not beside else words_width)
        words_height = words[-1][1].bottom() + 1
        if beside:
            tail, bottom = self._tail_at(QRect(words_width + px(14), 0, self._tail_width(), words_height))
            down = max(0, (bottom - words_height) // 2)
            words = [(part, box.translated(0, down)) for part, box in words]
            bottom = max(bottom, words_height)
        else:
            tail, bottom = self._tail_at(QRect(0, words_height + px(2), width, 0))
        return [*words, *tail, *self._badges_at(bottom + px(6), width)]

    def _words_at(self, width: int) -> list[tuple[QWidget, QRect]]:
        name, second = self._words
        height = name.heightForWidth(width)
        below = QRect(0, height + self._theme.px(1), width, second.heightForWidth(width))
        return [(name, QRect(0, 0, width, height)), (second, below)]

    def _tail_at(self, room: QRect) -> tuple[list[tuple[QWidget, QRect]], int]:
        """Number and buttons in one row, in the middle of `room`; the buttons under the number if they must."""
        px = self._theme.px
        one_row = self._tail_width() <= room.width()
        # "SHOUT to 85258" in large letters: two lines, and never sideways.
        width = min(self._number_width(), room.width())
        number = QSize(width, self._number.heightForWidth(width))
        button_height = max(button.sizeHint().height() for button in self._buttons)
        height = max(number.height(), button_height, room.height() if one_row else 0)
        down = ((height if one_row else number.height()) - number.height()) // 2
        spot = QRect(room.left(), room.top() + down, number.width(), number.height())
        places: list[tuple[QWidget, QRect]] = [(self._number, spot)]
        left = room.left() + (number.width() + px(4) if one_row else 0)
        top = room.top() + ((height - button_height) // 2 if one_row else number.height() + px(2))
        for button in self._buttons:
            size = button.sizeHint()
            places.append((button, QRect(left, top, size.width(), size.height())))
            left += size.width() + px(4)
        return places, max(box.bottom() + 1 for _part, box in places)

    def _badges_at(self, top: int, width: int) -> list[tuple[QWidget, QRect]]:
        places: list[tuple[QWidget, QRect]] = []
        left = row_height = 0
        for badge in self._badges:
            wide = min(badge.sizeHint().width(), width)
            high = badge.heightForWidth(wide)
            if left and left + wide > width:
                left, top = 0, top + row_height + self._theme.px(6)
            places.append((badge, QRect(left, top, wide, high)))
            left, row_height = left + wide + self._theme.px(6), high
        return places
