"""The state of saving: an icon and words; screen readers hear the words as the name of this label."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.label import IconLabel, Label
from companion.ui.widgets.layouts import ScaledBox

_LOOKS = {"": ("", "text_muted"), "ok": ("check", "success"), "warn": ("triangle-alert", "warning")}


class SaveStatus(QWidget):
    """Words such as "Saved 14:02", with a tick or a warning beside them."""

    def __init__(self, theme: Theme, icons: Icons, text: str = "") -> None:
        super().__init__()
        self._icons = {tone: IconLabel(theme, icons, name, role, 18) for tone, (name, role) in _LOOKS.items() if name}
        self._labels = {tone: Label(theme, text, "caption", tone=role) for tone, (_name, role) in _LOOKS.items()}
        row = ScaledBox(theme, QBoxLayout.Direction.LeftToRight, spacing=8, margins=0, parent=self)
        for icon in self._icons.values():
            row.addWidget(icon)
        for label in self._labels.values():
            row.addWidget(label, 1)
        self._shown: tuple[str, str] | None = None
        self.show_state(text)

    def show_state(self, words: str, tone: str = "") -> None:
        """Show these words; `tone` is "", "ok" or "warn". The same again costs nothing: it is said at every key."""
        if (words, tone) == self._shown:
            return
        self._shown = (words, tone)
        for name, icon in self._icons.items():
            icon.setVisible(name == tone)
        for name, label in self._labels.items():
            label.setText(words)
            label.setVisible(name == tone)
        self.setAccessibleName(words)

    def text(self) -> str:
        """The words that are shown."""
        return self.accessibleName()
