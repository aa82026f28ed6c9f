"""The one place where pages get their parts."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.button import Button, IconButton
from companion.ui.widgets.card import Card
from companion.ui.widgets.label import IconLabel, Label
from companion.ui.widgets.layouts import Margins, ScaledBox


class Kit:
    """Makes parts that follow the theme; sizes are px at 100 % text."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.icons = Icons(theme)

    # --- words -----------------------------------------------------------

    def label(
        self, text: str, role: str = "body", wrap: bool = True, selectable: bool = False, tone: str = ""
    ) -> Label:
        """Words; roles are the steps of `fonts.TYPE_SCALE`, `tone` another colour role than the step's own."""
        return Label(self.theme, text, role, wrap=wrap, selectable=selectable, tone=tone)

    def icon_label(self, name: str, colour_role: str = "text_muted", size: float = 20) -> IconLabel:
        """A decorative picture beside words."""
        return IconLabel(self.theme, self.icons, name, colour_role, size)

    # --- buttons ---------------------------------------------------------

    def button(self, text: str, kind: str = "outline", icon: str | None = None, name: str | None = None) -> Button:
        """A button; kinds: outline, primary, soft, ghost, link, help, danger."""
        return Button(self.theme, self.icons, text, kind, icon or "", name or "")

    def icon_button(self, icon: str, name: str, size: int = 36) -> IconButton:
        """A square button with a picture, a name and a tooltip."""
        return IconButton(self.theme, self.icons, icon, name, size=size)

    # --- surfaces and layouts --------------------------------------------

    def card(self, tint: str = "", padding: float = 20, spacing: float = 12) -> Card:
        """A surface; its column is `.body`."""
        return Card(self.theme, tint, padding, spacing)

    def column(self, parent: QWidget | None = None, spacing: float = 12, margins: Margins = 0) -> ScaledBox:
        """A column whose gaps follow the text size."""
        return ScaledBox(self.theme, QBoxLayout.Direction.TopToBottom, spacing=spacing, margins=margins, parent=parent)

    def row(self, parent: QWidget | None = None, spacing: float = 8, margins: Margins = 0) -> ScaledBox:
        """A row whose gaps follow the text size; it mirrors right to left."""
        return ScaledBox(self.theme, QBoxLayout.Direction.LeftToRight, spacing=spacing, margins=margins, parent=parent)
