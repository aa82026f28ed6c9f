"""A page that scrolls down and never sideways."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from companion.core.i18n import _
from companion.ui.theme import Theme

_SETTLES_MS = 600


class ScrollArea(QScrollArea):
    """Shows `widget` as wide as there is room, as high as it needs; what gets the focus is brought into view."""

    def __init__(self, theme: Theme, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        # A viewport of our own: asked for Qt's, PySide6 makes the class of every widget there is to find its kind.
        self.setViewport(QWidget())
        self.setWidget(widget)
        widget.setAutoFillBackground(False)  # setWidget turned it on
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._soon = QTimer(self)  # a page that was changed has its layout only afterwards
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._reveal_focused)
        self._moves: tuple[QObject, Any] | None = None  # whose signal tells that one goes on in what has the focus
        self._lately = QTimer(self)  # and it may take several turns to find its height
        self._lately.setSingleShot(True)
        self._lately.setInterval(_SETTLES_MS)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        theme.app.focusChanged.connect(self._on_focus_changed)
        theme.changed.connect(self._on_look_changed)

    def showEvent(self, event: QShowEvent) -> None:
        """A page with nothing to stop at is a stop itself, so that it can be scrolled with keys."""
        super().showEvent(event)
        inside = self.widget()
        stops = inside.findChildren(QWidget) if inside is not None else []
        empty = not any(stop.focusPolicy() & Qt.FocusPolicy.TabFocus for stop in stops)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if empty else Qt.FocusPolicy.NoFocus)
        if empty and not self.accessibleName():
            self.setAccessibleName(_("Page"))

    def minimumSizeHint(self) -> QSize:
        """Little: it scrolls."""
        return QSize(self._theme.px(120), self._theme.px(80))

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Go on to the next control and bring it into view with room for its ring."""
        moved = super().focusNextPrevChild(next_one)
        if moved:
            self._reveal_focused()
        return moved

    def reveal(self, widget: QWidget) -> None:
        """Scroll until `widget` and the ring around it can be seen; of one that is too high, where one is in it."""
        margin, inside = self._theme.px(16), self.widget()
        if inside is None:
            return
        if widget.height() + 2 * margin > self.viewport().height():
            spot = _where_one_is(widget)
            spot.moveTopLeft(widget.mapTo(inside, spot.topLeft()))
            self.ensureVisible(spot.center().x(), spot.center().y(), margin, margin + spot.height() // 2)
        else:
            self.ensureWidgetVisible(widget, margin, margin)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        # What is clicked is seen already, and must not move under the pointer.
        pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        is_inside = new is not None and self.isAncestorOf(new)
        self._follow_moves(new if is_inside else None)
        if is_inside and not pressed:
            self._follow()

    def _follow_moves(self, widget: QWidget | None) -> None:
        """Large letters in a small window: the line that is typed, or the row that is picked, may lie out of sight."""
        if self._moves is not None and shiboken6.isValid(self._moves[0]):
            self._moves[1].disconnect(self._on_moved)
        self._moves = _moves_of(widget)
        if self._moves is not None:
            self._moves[1].connect(self._on_moved)

    def _on_moved(self) -> None:
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._soon.start()

    def _on_look_changed(self) -> None:
        # Larger letters push what one types in out of sight; what was out of sight before may stay there.
        inside, focused = self.widget(), self.window().focusWidget()
        if inside is None or focused is None or not inside.isAncestorOf(focused):
            return
        top = focused.mapTo(self.viewport(), QPoint(0, 0)).y()
        if top < self.viewport().height() and top + focused.height() > 0:
            self._follow()

    def _follow(self) -> None:
        self._soon.start()
        self._lately.start()

    def _on_range_changed(self) -> None:
        if self._lately.isActive():
            self._soon.start()

    def _reveal_focused(self) -> None:
        inside, focused = self.widget(), self.window().focusWidget()
        if inside is not None and focused is not None and inside.isAncestorOf(focused):
            self.reveal(focused)


def _where_one_is(widget: QWidget) -> QRect:
    """The cursor of a page of words, the picked row of a list, else the top; in the widget's own coordinates."""
    from PySide6.QtWidgets import QAbstractItemView, QTextEdit  # not needed before the first paint

    spot = QRect(0, 0, widget.width(), 1)
    if isinstance(widget, QTextEdit):
        spot = widget.cursorRect()
    elif isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        spot = widget.visualRect(widget.currentIndex())
    else:
        return spot
    return QRect(widget.viewport().mapTo(widget, spot.topLeft()), spot.size())


def _moves_of(widget: QWidget | None) -> tuple[QObject, Any] | None:
    """Who tells that the cursor, or the picked row, is elsewhere; and the signal that does."""
    # Asked by name: a class of the toolkit that is named here is made before the first paint.
    for owner, signal in (("", "cursorPositionChanged"), ("selectionModel", "currentChanged")):
        teller: Any = getattr(widget, owner)() if owner and hasattr(widget, owner) else widget
        if teller is not None and hasattr(teller, signal):
            return teller, getattr(teller, signal)
    return None
