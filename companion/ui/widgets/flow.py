"""Layouts that wrap like words, so that nothing is cut when the text grows."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QSizePolicy, QWidget

from companion.ui.theme import Theme
from companion.ui.widgets.paint import mirrored

_UNLIMITED = (1 << 24) - 1  # Qt's own word for it, QWIDGETSIZE_MAX


Thing = QWidget | QLayout


class _Wrapping(QBoxLayout):
    """What the three layouts share.

    Qt's own box layout keeps the items; here only what was added is remembered.
    Items are never handed to Python: their wrappers would outlive them, and the
    garbage collector would then free them a second time.

    Sizes are worked out once and kept until `invalidate`, as Qt's own layouts do: layouts in
    layouts ask each other so often that a page would otherwise take a second to open.
    """

    _things: Sequence[Thing] = ()
    _least: QSize | None = None
    _wanted_size: QSize | None = None

    def __init__(self, theme: Theme, spacing: float, parent: QWidget | None = None) -> None:
        if parent is None:
            super().__init__(QBoxLayout.Direction.LeftToRight)
        else:
            super().__init__(QBoxLayout.Direction.LeftToRight, parent)
        self._theme = theme
        self._gap = spacing
        self._things = []
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)
        theme.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        self.setSpacing(self._theme.px(self._gap))
        self.invalidate()

    def addWidget(self, widget: QWidget, *_ignored: object) -> None:
        """Add a widget at the end; shares and alignments have no meaning here."""
        self._things = [*self._things, widget]
        super().addWidget(widget)

    def addLayout(self, layout: QLayout, *_ignored: object) -> None:
        """Add a layout at the end."""
        self._things = [*self._things, layout]
        super().addLayout(layout)

    def clear(self) -> None:
        """Take every widget out and let it go."""
        for thing in self._shown(hidden=True):
            if isinstance(thing, QWidget):
                self.removeWidget(thing)
                thing.hide()
                thing.deleteLater()
        self._things = []

    def hasHeightForWidth(self) -> bool:
        """Rows wrap, so height follows width."""
        return True

    def minimumSize(self) -> QSize:
        """The widest one's least size."""
        if self._least is None:
            size = QSize()
            for thing in self._shown():
                size = size.expandedTo(least(thing))
            margins = self.contentsMargins()
            self._least = size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())
        return self._least

    def sizeHint(self) -> QSize:
        """The size when nothing has to wrap."""
        if self._wanted_size is None:
            margins = self.contentsMargins()
            width = self._one_row_width() + margins.left() + margins.right()
            self._wanted_size = QSize(width, self.heightForWidth(width))
        return self._wanted_size

    def invalidate(self) -> None:
        """Something inside changed: forget every size."""
        self._heights = {}
        self._least = self._wanted_size = None
        super().invalidate()

    def maximumSize(self) -> QSize:
        """No limit of its own."""
        return QSize(_UNLIMITED, _UNLIMITED)

    def heightForWidth(self, width: int) -> int:
        """The height that the rows need at this width."""
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return height

    def minimumHeightForWidth(self, width: int) -> int:
        """The same: nothing may be cut."""
        return self.heightForWidth(width)

    def setGeometry(self, area: QRect) -> None:
        """Put everything in its place."""
        QLayout.setGeometry(self, area)
        self._place(area, move=True)

    def _shown(self, *, hidden: bool = False) -> list[Thing]:
        return [
            thing
            for thing in self._things
            if shiboken6.isValid(thing)
            and self.indexOf(thing) >= 0
            and (hidden or isinstance(thing, QLayout) or not thing.isHidden())
        ]

    def _one_row_width(self) -> int:
        """The width inside the margins when nothing wraps."""
        things = self._shown()
        return sum(wanted(thing).width() for thing in things) + self.spacing() * max(0, len(things) - 1)

    def _mirrored(self, box: QRect, inside: QRect) -> QRect:
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        return mirrored(direction, inside, box)

    def _place(self, area: QRect, *, move: bool) -> int:
        raise NotImplementedError


def wanted(thing: Thing) -> QSize:
    """The size something would like to have."""
    if isinstance(thing, QLayout):
        return thing.sizeHint()
    size = thing.sizeHint().expandedTo(thing.minimumSizeHint())
    return size.boundedTo(thing.maximumSize()).expandedTo(thing.minimumSize())


def least(thing: Thing) -> QSize:
    """The size something needs at least."""
    if isinstance(thing, QLayout):
        return thing.minimumSize()
    shrinks = bool(thing.sizePolicy().horizontalPolicy().value & QSizePolicy.PolicyFlag.ShrinkFlag.value)
    size = thing.minimumSizeHint() if shrinks else wanted(thing)
    return size.boundedTo(thing.maximumSize()).expandedTo(thing.minimumSize())


def height_at(thing: Thing, width: int) -> int:
    """The height something wants when it is this wide."""
    if not thing.hasHeightForWidth():
        return wanted(thing).height()
    height = thing.heightForWidth(width)
    if isinstance(thing, QWidget):
        height = max(thing.minimumHeight(), min(height, thing.maximumHeight()))
    return height


class FlowLayout(_Wrapping):
    """Rows that wrap like words; each thing keeps its own size and stands in the middle of its row."""

    def _place(self, area: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        top = inside.top()
        for row in self._rows(inside.width()):
            tallest = max(size.height() for _thing, size in row)
            left = inside.left()
            for thing, size in row:
                if move:
                    box = QRect(left, top + (tallest - size.height()) // 2, size.width(), size.height())
                    thing.setGeometry(self._mirrored(box, inside))
                left += size.width() + self.spacing()
            top += tallest + self.spacing()
        used = top - self.spacing() - inside.top() if self._shown() else 0
        return used + margins.top() + margins.bottom()

    def _rows(self, room: int) -> list[list[tuple[Thing, QSize]]]:
        rows: list[list[tuple[Thing, QSize]]] = []
        used = 0
        for thing in self._shown():
            width = min(wanted(thing).width(), max(room, least(thing).width()))
            size = QSize(width, height_at(thing, width))
            if not rows or used + self.spacing() + width > room:
                rows.append([])
                used = 0
            else:
                used += self.spacing()
            rows[-1].append((thing, size))
            used += width
        return rows


class EvenLayout(_Wrapping):
    """As many equal columns as fit; `wanted` caps them. Items of a row share its height."""

    def __init__(self, theme: Theme, spacing: float = 8, wanted: int = 0, parent: QWidget | None = None) -> None:
        self._wanted = wanted
        super().__init__(theme, spacing, parent)

    def _one_row_width(self) -> int:
        """Everything in one row, or in `wanted` columns."""
        things = self._shown()
        columns = min(self._wanted or len(things), len(things))
        widest = max((wanted(thing).width() for thing in things), default=0)
        return columns * widest + self.spacing() * max(0, columns - 1)

    def _columns(self, room: int) -> int:
        things = self._shown()
        widest = max((least(thing).width() for thing in things), default=1)
        most = min(self._wanted or len(things), len(things))
        return max(1, min(most, (room + self.spacing()) // max(1, widest + self.spacing())))

    def _place(self, area: QRect, *, move: bool) -> int:
        things = self._shown()
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        if not things:
            return margins.top() + margins.bottom()
        columns = self._columns(inside.width())
        gap = self.spacing()
        width = max(1, (inside.width() - gap * (columns - 1)) // columns)
        top = inside.top()
        for start in range(0, len(things), columns):
            row = things[start : start + columns]
            tallest = max(height_at(thing, width) for thing in row)
            for column, thing in enumerate(row):
                if move:
                    box = QRect(inside.left() + column * (width + gap), top, width, tallest)
                    thing.setGeometry(self._mirrored(box, inside))
            top += tallest + gap
        return top - gap - inside.top() + margins.top() + margins.bottom()


class SideLayout(_Wrapping):
    """Words with something beside them, which goes under them when there is no room.

    Add the words first, then what stands beside them.
    """

    def __init__(self, theme: Theme, spacing: float = 14, words: float = 200, parent: QWidget | None = None) -> None:
        self._words_width = words  # px at 100 % text that the words get before the rest goes under them
        super().__init__(theme, spacing, parent)

    def _place(self, area: QRect, *, move: bool) -> int:
        things = self._shown()
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        if not things:
            return margins.top() + margins.bottom()
        room = inside.width() - sum(wanted(thing).width() + self.spacing() for thing in things[1:])
        comfortable = min(wanted(things[0]).width(), self._theme.px(self._words_width))
        place = self._place_beside if room >= comfortable else self._place_under
        return place(inside, things, move) + margins.top() + margins.bottom()

    def _place_beside(self, inside: QRect, things: list[Thing], move: bool) -> int:
        widths = [wanted(thing).width() for thing in things[1:]]
        widths.insert(0, inside.width() - sum(widths) - self.spacing() * len(widths))
        heights = [height_at(thing, width) for thing, width in zip(things, widths, strict=True)]
        tallest = max(heights)
        left = inside.left()
        for thing, width, height in zip(things, widths, heights, strict=True):
            if move:
                top = inside.top() + (max(tallest, inside.height()) - height) // 2
                thing.setGeometry(self._mirrored(QRect(left, top, width, height), inside))
            left += width + self.spacing()
        return tallest

    def _place_under(self, inside: QRect, things: list[Thing], move: bool) -> int:
        gap = self.spacing() // 2
        top = inside.top()
        for index, thing in enumerate(things):
            width = inside.width() if index == 0 else min(inside.width(), wanted(thing).width())
            height = height_at(thing, width)
            if move:
                thing.setGeometry(self._mirrored(QRect(inside.left(), top, width, height), inside))
            top += height + gap
        return top - gap - inside.top()
