"""A surface that holds one thing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from companion.ui.theme import Theme
from companion.ui.widgets.layouts import ScaledBox


class Card(QFrame):
    """A surface with a column, `body`, inside.

    Tints: "" (plain surface), soft, help (a person can be reached), hope (kept words), ok (a tested fact),
    warn (needs a look), danger, sunken, plain (no surface at all).
    """

    def __init__(
        self, theme: Theme, tint: str = "", padding: float = 20, spacing: float = 12, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("tint", tint)
        self.body = ScaledBox(theme, QBoxLayout.Direction.TopToBottom, spacing=spacing, margins=padding, parent=self)

    @property
    def tint(self) -> str:
        """Which surface it is."""
        return str(self.property("tint"))

    def set_tint(self, tint: str) -> None:
        """Become another surface."""
        if tint != self.tint:
            self.setProperty("tint", tint)
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()
