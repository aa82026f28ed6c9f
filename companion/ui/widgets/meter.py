"""A short bar that shows how much; the same always stands beside it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.ui.widgets.paint import rounded

if TYPE_CHECKING:
    from companion.ui.theme import Theme

_HEIGHT = 8


class Meter(QWidget):
    """Decorative for a screen reader: its words are the label beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._part = 0.0
        self._role = "success"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._rescale)
        self._rescale()

    def show_part(self, part: float, role: str) -> None:
        """Fill this part (0 to 1) in the colour of `role`."""
        self._part, self._role = part, role
        self.update()

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(self._theme.px(120), self._theme.px(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track, and the filled part from where reading starts."""
        painter = QPainter(self)
        colour = self._theme.colour
        edge = colour("border_strong") if self._theme.is_high_contrast else None
        rounded(painter, self.rect(), self.height() / 2, colour("surface_sunken"), edge, 1)
        if self._part <= 0:
            return
        wide = max(float(self.height()), self.width() * min(1.0, self._part))
        left = self.width() - wide if self.isRightToLeft() else 0.0
        rounded(painter, QRectF(left, 0, wide, self.height()), self.height() / 2, colour(self._role))
