"""One thing to know, in words and colour, with one way on at most."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.button import Button
from companion.ui.widgets.card import Card
from companion.ui.widgets.flow import SideLayout
from companion.ui.widgets.label import IconLabel, Label
from companion.ui.widgets.layouts import ScaledBox

# Tone -> tint of the card, role of the words, role of the picture, the picture.
_TONES = {
    "info": ("sunken", "text", "text_muted", "info"),
    "help": ("help", "help_soft_text", "help_soft_text", "life-buoy"),
    "warn": ("warn", "warning_soft_text", "warning_soft_text", "triangle-alert"),
    "ok": ("ok", "success_soft_text", "success_soft_text", "circle-check"),
    "danger": ("danger", "danger_soft_text", "danger_soft_text", "triangle-alert"),
}


class Notice(Card):
    """Tones: info, help (a person can be reached), warn (needs a look), ok (done), danger (something goes for good)."""

    action_clicked = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, text: str, tone: str = "info", icon: str = "", action: str = ""
    ) -> None:
        super().__init__(theme, _TONES[tone][0], padding=14, spacing=6)
        self._theme = theme
        self._icons = icons
        _tint, words, picture, usual = _TONES[tone]
        self._icon = IconLabel(theme, icons, icon or usual, picture)
        self._label = Label(theme, text, "small", tone=words)
        self.action: Button | None = None
        main = ScaledBox(theme, QBoxLayout.Direction.LeftToRight, spacing=12)
        main.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        main.addWidget(self._label, 1)
        holder = QWidget()
        holder.setLayout(main)
        self._row = SideLayout(theme, spacing=8)
        self._row.addWidget(holder)
        self.body.addLayout(self._row)
        if action:
            self.action = Button(theme, icons, action, "link")
            self.action.clicked.connect(self.action_clicked)
            self._row.addWidget(self.action)

    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._label.setText(text)

    def set_tone(self, tone: str, icon: str = "") -> None:
        """Say it in another tone."""
        tint, words, picture, usual = _TONES[tone]
        self.set_tint(tint)
        self._label.set_tone(words)
        self._icon.set_icon(icon or usual, picture)

    def add_control(self, control: QWidget) -> None:
        """Put one more control beside the words."""
        self._row.addWidget(control)
