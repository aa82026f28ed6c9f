"""Layouts that wrap like words, so that nothing is cut when the text grows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QStyle, QWidget

from companion.ui.theme import Theme

_UNLIMITED = (1 << 24) - 1  # Qt's own word for it, QWIDGETSIZE_MAX


class _Wrapping(QBoxLayout):
    """What the three layouts share.

    The items stay in Qt's own box layout. A layout whose list of items lives in
    Python is taken apart by the garbage collector before its widgets are, and
    Qt asks it for its items once more: the process dies.
    """

    def __init__(self, theme: Theme, spacing: float, parent: QWidget | None = None) -> None:
        if parent is None:
            super().__init__(QBoxLayout.Direction.LeftToRight)
        else:
            super().__init__(QBoxLayout.Direction.LeftToRight, parent)
        self._theme = theme
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)
        theme.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        self.setSpacing(self._theme.px(self._gap))
        self.invalidate()

    def clear(self) -> None:
        """Take everything out and let it go."""
        while (item := self.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def hasHeightForWidth(self) -> bool:
        """Rows wrap, so height follows width."""
        return True

    def minimumSize(self) -> QSize:
        """The widest item's least size."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def maximumSize(self) -> QSize:
        """No limit of its own."""
        return QSize(_UNLIMITED, _UNLIMITED)

    def heightForWidth(self, width: int) -> int:
        """The height that the rows need at this width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def minimumHeightForWidth(self, width: int) -> int:
        """The same: nothing may be cut."""
        return self.heightForWidth(width)

    def setGeometry(self, area: QRect) -> None:
        """Put everything in its place."""
        QLayout.setGeometry(self, area)
        self._place(area, move=True)

    def _shown(self) -> list[QLayoutItem]:
        items = [self.itemAt(index) for index in range(self.count())]
        return [item for item in items if item is not None and not item.isEmpty()]

    def _row_width(self, items: list[QLayoutItem]) -> int:
        return sum(item.sizeHint().width() for item in items) + self.spacing() * max(0, len(items) - 1)

    def _hint(self, inner_width: int) -> QSize:
        margins = self.contentsMargins()
        width = inner_width + margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def _mirrored(self, box: QRect, inside: QRect) -> QRect:
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        return QStyle.visualRect(direction, inside, box)

    def _place(self, area: QRect, *, move: bool) -> int:
        raise NotImplementedError


def height_at(item: QLayoutItem, width: int) -> int:
    """The height an item wants when it is this wide."""
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


class FlowLayout(_Wrapping):
    """Rows that wrap like words; each item keeps its own size and stands in the middle of its row."""

    def sizeHint(self) -> QSize:
        """Everything in one row."""
        return self._hint(self._row_width(self._shown()))

    def _place(self, area: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        top = inside.top()
        for row in self._rows(inside.width()):
            tallest = max(size.height() for _item, size in row)
            left = inside.left()
            for item, size in row:
                if move:
                    box = QRect(left, top + (tallest - size.height()) // 2, size.width(), size.height())
                    item.setGeometry(self._mirrored(box, inside))
                left += size.width() + self.spacing()
            top += tallest + self.spacing()
        used = top - self.spacing() - inside.top() if self._shown() else 0
        return used + margins.top() + margins.bottom()

    def _rows(self, room: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        rows: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._shown():
            width = min(item.sizeHint().width(), max(room, item.minimumSize().width()))
            size = QSize(width, height_at(item, width))
            if not rows or used + self.spacing() + width > room:
                rows.append([])
                used = 0
            else:
                used += self.spacing()
            rows[-1].append((item, size))
            used += width
        return rows


class EvenLayout(_Wrapping):
    """As many equal columns as fit; `wanted` caps them. Items of a row share its height."""

    def __init__(self, theme: Theme, spacing: float = 8, wanted: int = 0, parent: QWidget | None = None) -> None:
        self._wanted = wanted
        super().__init__(theme, spacing, parent)

    def sizeHint(self) -> QSize:
        """Everything in one row, or in `wanted` columns."""
        items = self._shown()
        columns = min(self._wanted or len(items), len(items))
        widest = max((item.sizeHint().width() for item in items), default=0)
        return self._hint(columns * widest + self.spacing() * max(0, columns - 1))

    def _columns(self, room: int) -> int:
        items = self._shown()
        widest = max((item.minimumSize().width() for item in items), default=1)
        most = min(self._wanted or len(items), len(items))
        return max(1, min(most, (room + self.spacing()) // max(1, widest + self.spacing())))

    def _place(self, area: QRect, *, move: bool) -> int:
        items = self._shown()
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        if not items:
            return margins.top() + margins.bottom()
        columns = self._columns(inside.width())
        gap = self.spacing()
        width = max(1, (inside.width() - gap * (columns - 1)) // columns)
        top = inside.top()
        for start in range(0, len(items), columns):
            row = items[start : start + columns]
            tallest = max(height_at(item, width) for item in row)
            for column, item in enumerate(row):
                if move:
                    box = QRect(inside.left() + column * (width + gap), top, width, tallest)
                    item.setGeometry(self._mirrored(box, inside))
            top += tallest + gap
        return top - gap - inside.top() + margins.top() + margins.bottom()


class SideLayout(_Wrapping):
    """Words with something beside them, which goes under them when there is no room.

    Add the words first, then what stands beside them.
    """

    def __init__(self, theme: Theme, spacing: float = 14, words: float = 200, parent: QWidget | None = None) -> None:
        self._words_width = words  # px at 100 % text that the words get before the rest goes under them
        super().__init__(theme, spacing, parent)

    def sizeHint(self) -> QSize:
        """Everything beside each other."""
        return self._hint(self._row_width(self._shown()))

    def _place(self, area: QRect, *, move: bool) -> int:
        items = self._shown()
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        if not items:
            return margins.top() + margins.bottom()
        room = inside.width() - sum(item.sizeHint().width() + self.spacing() for item in items[1:])
        wanted = min(items[0].sizeHint().width(), self._theme.px(self._words_width))
        place = self._place_beside if room >= wanted else self._place_under
        return place(inside, items, move) + margins.top() + margins.bottom()

    def _place_beside(self, inside: QRect, items: list[QLayoutItem], move: bool) -> int:
        widths = [item.sizeHint().width() for item in items[1:]]
        widths.insert(0, inside.width() - sum(widths) - self.spacing() * len(widths))
        heights = [height_at(item, width) for item, width in zip(items, widths, strict=True)]
        tallest = max(heights)
        left = inside.left()
        for item, width, height in zip(items, widths, heights, strict=True):
            if move:
                top = inside.top() + (max(tallest, inside.height()) - height) // 2
                item.setGeometry(self._mirrored(QRect(left, top, width, height), inside))
            left += width + self.spacing()
        return tallest

    def _place_under(self, inside: QRect, items: list[QLayoutItem], move: bool) -> int:
        gap = self.spacing() // 2
        top = inside.top()
        for index, item in enumerate(items):
            width = inside.width() if index == 0 else min(inside.width(), item.sizeHint().width())
            height = height_at(item, width)
            if move:
                item.setGeometry(self._mirrored(QRect(inside.left(), top, width, height), inside))
            top += height + gap
        return top - gap - inside.top()
