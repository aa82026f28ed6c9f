"""A page that scrolls down and never sideways."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from companion.core.i18n import _
from companion.ui.theme import Theme


class ScrollArea(QScrollArea):
    """Shows `widget` as wide as there is room, as high as it needs; what gets the focus is brought into view."""

    def __init__(self, theme: Theme, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(widget)
        widget.setAutoFillBackground(False)  # setWidget turned it on
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

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
        inside, focused = self.widget(), self.window().focusWidget()
        if moved and inside is not None and focused is not None and inside.isAncestorOf(focused):
            self.reveal(focused)
        return moved

    def reveal(self, widget: QWidget) -> None:
        """Scroll until `widget` and the ring around it can be seen."""
        margin = self._theme.px(16)
        self.ensureWidgetVisible(widget, margin, margin)
