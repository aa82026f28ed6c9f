"""What belongs in an empty place, one example, one way to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.button import Button
from companion.ui.widgets.card import Card
from companion.ui.widgets.label import IconLabel, Label


class EmptyState(Card):
    """A warm line, an example and one soft button; no sad picture."""

    action_clicked = Signal()

    def __init__(self, theme: Theme, icons: Icons, icon: str, line: str, example: str = "", action: str = "") -> None:
        super().__init__(theme, "sunken", padding=28, spacing=10)
        middle = Qt.AlignmentFlag.AlignHCenter
        self.body.addWidget(IconLabel(theme, icons, icon, "accent_soft_text", 22, box=56), 0, middle)
        self._line = Label(theme, line, "lead")
        self._example = Label(theme, example, "small")
        for label in (self._line, self._example):
            label.setAlignment(middle)
            self.body.addWidget(label)
        self._example.setVisible(bool(example))
        self.action: Button | None = None
        if action:
            self.action = Button(theme, icons, action, "soft", "plus")
            self.action.clicked.connect(self.action_clicked)
            self.body.addWidget(self.action, 0, middle)

    def set_words(self, line: str, example: str = "") -> None:
        """Say something else."""
        self._line.setText(line)
        self._example.setText(example)
        self._example.setVisible(bool(example))
