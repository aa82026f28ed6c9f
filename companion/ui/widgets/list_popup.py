"""The list that a list button opens: inside the window, so that help and hide keep their keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.text_block import TextBlock

Index = QModelIndex | QPersistentModelIndex
INSET = 6  # px at 100 % text between the frame and the entries


class ListPopup(QWidget):
    """The open list: covers the window, catches presses beside the list, gives the focus back when it goes."""

    picked = Signal(str)
    is_popup = True  # a sheet that keeps the focus inside lets it go here

    def __init__(
        self, button: QWidget, theme: Theme, icons: Icons, items: list[tuple[str, str]], current: str, name: str
    ) -> None:
        super().__init__(button.window())
        self._button = button
        self._theme = theme
        self._frame = QFrame(self)
        self._frame.setProperty("kind", "popup")
        layout = QVBoxLayout(self._frame)
        inset = theme.px(INSET)
        layout.setContentsMargins(inset, inset, inset, inset)
        self.list = _List(theme)
        self.list.setAccessibleName(name)
        self.list.setFont(theme.font("body"))
        self.list.setItemDelegate(_Rows(theme, icons, current, self.list))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setTabKeyNavigation(False)
        for key, label in items:
            item = QListWidgetItem(label, self.list)
            item.setData(Qt.ItemDataRole.UserRole, key)
            if key == current:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        layout.addWidget(self.list)
        self.list.itemClicked.connect(self._on_item)
        self.list.installEventFilter(self)
        theme.changed.connect(self.close_list)

    def open_at(self, button: QWidget) -> None:
        """Show the list next to `button` and put the focus into it."""
        window = button.window()
        self.setGeometry(window.rect())
        corner = button.mapTo(window, QPoint(0, 0))
        margin = self._theme.px(8)
        width = min(max(button.width(), self._wanted_width()), window.width() - 2 * margin)
        left = corner.x()
        if button.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = corner.x() + button.width() - width
        left = max(margin, min(left, window.width() - width - margin))
        self._frame.setFixedWidth(width)
        height = self._wanted_height(width)
        below = window.height() - corner.y() - button.height() - 2 * margin
        above = corner.y() - 2 * margin
        if height <= below or below >= above:
            height = min(height, below)
            top = corner.y() + button.height() + margin // 2
        else:
            height = min(height, above)
            top = corner.y() - height - margin // 2
        self._frame.setGeometry(left, top, width, height)
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.scrollToItem(self.list.currentItem())

    def close_list(self) -> None:
        """Put the list away; the focus goes back to the button."""
        if not self.isVisible():
            return
        had_focus = self.list.hasFocus()
        self.hide()
        if had_focus and self._button.isVisible():
            self._button.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Space pick, Escape and Tab leave, losing the focus closes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            window_left = event.reason() == Qt.FocusReason.ActiveWindowFocusReason
            if not window_left and self.isVisible():
                self.hide()
                self.deleteLater()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the list closes it."""
        self.close_list()

    def _take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            item = self.list.currentItem()
            if item is not None:
                self._on_item(item)
            return True
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_F4):
            self.close_list()
            return True
        return False

    def _on_item(self, item: QListWidgetItem) -> None:
        key = str(item.data(Qt.ItemDataRole.UserRole))
        self.close_list()
        self.picked.emit(key)

    def _wanted_width(self) -> int:
        return self.list.sizeHintForColumn(0) + self._theme.px(2 * INSET + 4)

    def _wanted_height(self, width: int) -> int:
        inside = width - self._theme.px(2 * INSET)
        delegate = self.list.itemDelegate()
        rows = 0
        if isinstance(delegate, _Rows):
            rows = sum(delegate.height(self.list.item(row).text(), inside) for row in range(self.list.count()))
        return rows + self._theme.px(2 * INSET + 4)


class _List(QListWidget):
    """The entries; the focus ring goes around the frame they lie in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def ring_rect(self) -> QRect:
        """The frame."""
        inset = self._theme.px(INSET)
        return self.rect().adjusted(-inset, -inset, inset, inset)

    def ring_radius(self) -> int:
        """The frame's corner."""
        return self._theme.px(14)


class _Rows(QStyledItemDelegate):
    """One entry of the list: 44 high, wraps, the chosen one has a tick and is bold."""

    def __init__(self, theme: Theme, icons: Icons, current: str, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._icons = icons
        self._current = current
        self._view = view

    def _frame(self) -> int:
        return self._theme.px(12 + 18 + 8 + 12)

    def _block(self, text: str, role: str = "label") -> TextBlock:
        return TextBlock(text, self._theme.font(role), self._theme.line_pitch(role))

    def height(self, text: str, width: int) -> int:
        """The height of one entry at this width."""
        words = self._block(text).height(max(1, width - self._frame()))
        return max(self._theme.target(44), words + self._theme.px(16))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the bold words, as high as they need in the list."""
        text = str(index.data())
        width = int(self._block(text).width) + 1 + self._frame()
        view = self._view.viewport().width() if self._view.isVisible() else width
        return QSize(width, self.height(text, min(width, max(view, self._theme.px(120)))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one entry."""
        px, colour = self._theme.px, self._theme.colour
        room: QRect = option.rect
        state = option.state
        direction = self._view.layoutDirection()
        on = index.data(Qt.ItemDataRole.UserRole) == self._current
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        if is_current or state & QStyle.StateFlag.State_MouseOver:
            edge = colour("accent") if is_current else None
            rounded(painter, room.adjusted(1, 1, -1, -1), px(8), colour("accent_soft"), edge, 2)
        role = "accent_soft_text" if is_current else "text"
        if on:
            spot = mirrored(direction, room, QRect(room.left() + px(12), room.top(), px(18), room.height()))
            self._icons.paint(painter, "check", role, spot, 18)
        area = QRect(room.left() + px(12 + 18 + 8), room.top(), room.width() - self._frame(), room.height())
        painter.setPen(colour(role))
        align = at_start(direction) | Qt.AlignmentFlag.AlignVCenter
        self._block(str(index.data()), "label" if on else "body").draw(painter, mirrored(direction, room, area), align)
