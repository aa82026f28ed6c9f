"""Rows and columns whose gaps and margins follow the text size."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from companion.ui.theme import Theme

Margins = float | tuple[float, float, float, float]


class ScaledBox(QBoxLayout):
    """A row or column; spacing and margins are px at 100 % text (margins: one number, or left, top, right, bottom)."""

    def __init__(
        self,
        theme: Theme,
        direction: QBoxLayout.Direction,
        *,
        spacing: float = 8,
        margins: Margins = 0,
        parent: QWidget | None = None,
    ) -> None:
        if parent is None:
            super().__init__(direction)
        else:
            super().__init__(direction, parent)
        self._theme = theme
        self._spacing = spacing
        self._margins = margins
        theme.changed.connect(self._rescale)
        self._rescale()

    def set_margins(self, margins: Margins) -> None:
        """Use other margins."""
        self._margins = margins
        self._rescale()

    def set_spacing(self, spacing: float) -> None:
        """Use another gap."""
        self._spacing = spacing
        self._rescale()

    def setGeometry(self, area: QRect) -> None:
        """A column in which nothing grows keeps its things together at the top instead of spreading them."""
        if self.direction() == QBoxLayout.Direction.TopToBottom and not self._has_growth():
            needed = self.heightForWidth(area.width()) if self.hasHeightForWidth() else self.sizeHint().height()
            area = QRect(area.left(), area.top(), area.width(), min(area.height(), needed))
        super().setGeometry(area)

    def _has_growth(self) -> bool:
        if self.expandingDirections() & Qt.Orientation.Vertical:
            return True
        return any(self.stretch(index) for index in range(self.count()))

    def _rescale(self) -> None:
        px = self._theme.px
        self.setSpacing(px(self._spacing))
        sides = self._margins if isinstance(self._margins, tuple) else (self._margins,) * 4
        left, top, right, bottom = map(px, sides)
        self.setContentsMargins(left, top, right, bottom)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and destroy it, layouts inside it too."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner)
