"""Two panes: beside each other where there is room, else under each other in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from companion.ui.theme import Theme


class Columns(QWidget):
    """A first and a second pane; from 150 % text, or when narrower than `wide_from`, they stack.

    `shares` are the parts of the width; a share of 0 keeps a pane at its own width.
    """

    stacked_changed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        first: QWidget,
        second: QWidget,
        *,
        shares: tuple[int, int] = (1, 1),
        gap: int = 18,
        wide_from: int = 900,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._shares = shares
        self._gap = gap
        self._wide_from = wide_from
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(first)
        self._layout.addWidget(second)
        self.is_stacked = False
        theme.changed.connect(self._apply)
        self._apply()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack or unstack by what fits now."""
        super().resizeEvent(event)
        if self._wants_stack() != self.is_stacked:
            self._apply()

    def _wants_stack(self) -> bool:
        return self._theme.reflow or self.width() < self._theme.px(self._wide_from)

    def _apply(self) -> None:
        was, self.is_stacked = self.is_stacked, self._wants_stack()
        self._layout.setSpacing(self._theme.px(self._gap))
        direction = QBoxLayout.Direction.TopToBottom if self.is_stacked else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(direction)
        for index, share in enumerate(self._shares):
            self._layout.setStretch(index, 0 if self.is_stacked else share)
        if was != self.is_stacked:
            self.stacked_changed.emit(self.is_stacked)
