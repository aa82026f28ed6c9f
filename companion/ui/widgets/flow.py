"""Layouts that wrap like words, so that nothing is cut when the text grows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from companion.ui.theme import Theme


class _KeptItems(QLayout):
    """What both layouts share: the list of items, and heights that follow the width."""

    def __init__(self, theme: Theme, spacing: float, parent: QWidget | None = None) -> None:
        if parent is None:
            super().__init__()
        else:
            super().__init__(parent)
        self._theme = theme
        self._gap = spacing
        self._items: list[QLayoutItem] = []
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

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's own way in; use addWidget."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take the item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Only as big as needed."""
        return Qt.Orientation(0)

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

    def heightForWidth(self, width: int) -> int:
        """The height that the rows need at this width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(area)
        self._place(area, move=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _mirrored(self, box: QRect, inside: QRect) -> QRect:
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        return QStyle.visualRect(direction, inside, box)

    def _place(self, area: QRect, *, move: bool) -> int:
        raise NotImplementedError


def height_at(item: QLayoutItem, width: int) -> int:
    """The height an item wants when it is this wide."""
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


class FlowLayout(_KeptItems):
    """Rows that wrap like words; each item keeps its own size and stands in the middle of its row."""

    def sizeHint(self) -> QSize:
        """Everything in one row."""
        items = self._shown()
        width = sum(item.sizeHint().width() for item in items) + self.spacing() * max(0, len(items) - 1)
        margins = self.contentsMargins()
        width += margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

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


class EvenLayout(_KeptItems):
    """As many equal columns as fit; `wanted` caps them. Items of a row share its height."""

    def __init__(self, theme: Theme, spacing: float = 8, wanted: int = 0, parent: QWidget | None = None) -> None:
        self._wanted = wanted
        super().__init__(theme, spacing, parent)

    def sizeHint(self) -> QSize:
        """Everything in one row, or in `wanted` columns."""
        items = self._shown()
        columns = min(self._wanted or len(items), len(items))
        widest = max((item.sizeHint().width() for item in items), default=0)
        width = columns * widest + self.spacing() * max(0, columns - 1)
        return QSize(width, self.heightForWidth(width))

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


class SideLayout(_KeptItems):
    """Words with something beside them, which goes under them when there is no room.

    Add the words first, then what stands beside them.
    """

    def __init__(self, theme: Theme, spacing: float = 14, words: float = 200, parent: QWidget | None = None) -> None:
        self._words_width = words  # px at 100 % text that the words get before the rest goes under them
        super().__init__(theme, spacing, parent)

    def sizeHint(self) -> QSize:
        """Everything beside each other."""
        items = self._shown()
        width = sum(item.sizeHint().width() for item in items) + self.spacing() * max(0, len(items) - 1)
        return QSize(width, self.heightForWidth(width))

    def _place(self, area: QRect, *, move: bool) -> int:
        items = self._shown()
        if not items:
            return 0
        words, beside = items[0], items[1:]
        taken = sum(item.sizeHint().width() + self.spacing() for item in beside)
        room = area.width() - taken
        wanted = min(words.sizeHint().width(), self._theme.px(self._words_width))
        if room >= wanted:
            return self._place_beside(area, words, beside, room, move)
        return self._place_under(area, items, move)

    def _place_beside(self, area: QRect, words: QLayoutItem, beside: list[QLayoutItem], room: int, move: bool) -> int:
        sizes = [(words, QSize(room, height_at(words, room)))]
        for item in beside:
            width = item.sizeHint().width()
            sizes.append((item, QSize(width, height_at(item, width))))
        tallest = max(size.height() for _item, size in sizes)
        left = area.left()
        for item, size in sizes:
            if move:
                box = QRect(left, area.top() + (max(tallest, area.height()) - size.height()) // 2, *size.toTuple())
                item.setGeometry(self._mirrored(box, area))
            left += size.width() + self.spacing()
        return tallest

    def _place_under(self, area: QRect, items: list[QLayoutItem], move: bool) -> int:
        top = area.top()
        for index, item in enumerate(items):
            width = area.width() if index == 0 else min(area.width(), item.sizeHint().width())
            height = height_at(item, width)
            if move:
                item.setGeometry(self._mirrored(QRect(area.left(), top, width, height), area))
            top += height + self.spacing() // 2
        return top - self.spacing() // 2 - area.top()
