"""Choose a country by typing a few letters of its name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from companion.core.i18n import _, ngettext
from companion.ui.announce import announce
from companion.ui.widgets.filling import fill
from companion.ui.widgets.paint import rounded

if TYPE_CHECKING:
    from companion.resources.service import Directory
    from companion.ui.kit import Kit

Index = QModelIndex | QPersistentModelIndex
_ROW = 44  # px at 100 % text
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 6,
    Qt.Key.Key_PageUp: -6,
}


class _Rows(QStyledItemDelegate):
    """One country: room before the name, and the marked one in the colours of a choice."""

    def __init__(self, kit: Kit, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = kit.theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As high as a thing to press."""
        return QSize(0, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one name."""
        px, colour = self._theme.px, self._theme.colour
        room: QRect = option.rect
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        if marked or option.state & QStyle.StateFlag.State_MouseOver:
            fill_role = "accent_soft" if marked else "surface_sunken"
            edge = colour("accent") if marked else None
            rounded(painter, room.adjusted(1, 1, -1, -1), px(8), colour(fill_role), edge, 2)
        painter.setPen(colour("accent_soft_text" if marked else "text"))
        painter.setFont(self._theme.font("label" if marked else "body"))
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        area = room.adjusted(px(12), 0, -px(12), 0)
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, align, name)


class CountryChoice(QWidget):
    """A field that filters, and the list of every country and territory below it.

    Up and Down move in the list while the focus stays in the field; Enter takes the marked one.
    """

    chosen = Signal(str)

    def __init__(self, kit: Kit, facts: Directory, current: str | None = None, rows: int = 6) -> None:
        super().__init__()
        self._kit = kit
        self._rows_shown = rows
        self._countries = facts.countries()
        self._field = kit.field(_("Type the name of a country"))
        self._list = QListWidget()
        self._list.setAccessibleName(_("Countries"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setItemDelegate(_Rows(kit, self._list))
        self._list.itemClicked.connect(self._take)
        self._list.itemActivated.connect(self._take)
        self._none = kit.label(_("No country has this name. Fewer letters may find it."), "muted")
        self._none.hide()
        frame = kit.card(padding=6)
        frame.body.addWidget(self._list)
        fill(kit.column(self, spacing=10), self._field, self._none, (frame, 1))
        self._field.edit.textChanged.connect(self._filter)
        self._field.edit.installEventFilter(self)
        kit.theme.changed.connect(self._rescale)
        self.setFocusProxy(self._field.edit)
        self._fill(current)

    def take_focus(self) -> None:
        """Put the focus where the name is typed."""
        self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def names(self) -> list[str]:
        """The countries that are listed now."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return [item.text() for item in items if not item.isHidden()]

    # --- inside ----------------------------------------------------------

    def _fill(self, current: str | None) -> None:
        for country in self._countries:
            item = QListWidgetItem(country.name, self._list)
            item.setData(Qt.ItemDataRole.UserRole, country.code)
            if country.code == current:
                self._list.setCurrentItem(item)
        self._rescale()
        if self._list.currentItem() is not None:
            self._list.scrollToItem(self._list.currentItem(), QListWidget.ScrollHint.PositionAtCenter)

    def _rescale(self) -> None:
        px = self._kit.theme.px
        self._list.setFont(self._kit.theme.font("body"))
        self._list.setMinimumHeight(px(_ROW * self._rows_shown))
        self._list.doItemsLayout()

    def _filter(self, typed: str) -> None:
        wanted = _plain(typed)
        first: QListWidgetItem | None = None
        starts: QListWidgetItem | None = None
        shown = 0
        for row in range(self._list.count()):
            item = self._list.item(row)
            name = _plain(item.text())
            fits = any(part.startswith(wanted) for part in (name, *name.split())) or _code(item).casefold() == wanted
            item.setHidden(not fits)
            if fits:
                shown += 1
                first = first or item
                if name.startswith(wanted):
                    starts = starts or item
        best = starts or first
        if best is not None:
            self._list.setCurrentItem(best)
        self._none.setVisible(shown == 0)
        announce(self._list, ngettext("{count} country", "{count} countries", shown).format(count=shown))

    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(_code(item))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field that belong to the list."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._list.currentItem()
            if item is not None and not item.isHidden():
                self._take(item)
            return True
        if key in _STEPS:
            self._move(_STEPS[key])
            return True
        return False

    def _move(self, step: int) -> None:
        rows = [row for row in range(self._list.count()) if not self._list.item(row).isHidden()]
        if not rows:
            return
        at = rows.index(self._list.currentRow()) if self._list.currentRow() in rows else -1
        row = rows[min(max(at + step, 0), len(rows) - 1)]
        self._list.setCurrentRow(row)
        announce(self._list, self._list.item(row).text())


def _code(item: QListWidgetItem) -> str:
    return str(item.data(Qt.ItemDataRole.UserRole))


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
