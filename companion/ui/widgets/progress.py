"""How far something is, always with the same fact in words."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QSizePolicy, QWidget

from companion.ui.theme import Theme
from companion.ui.widgets.label import Label
from companion.ui.widgets.layouts import ScaledBox
from companion.ui.widgets.paint import mirrored, rounded


class _Bar(QProgressBar):
    """A real progress bar for screen readers, drawn still: nothing runs back and forth."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.px(12))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track and the part that is done."""
        painter = QPainter(self)
        room, colour = self.rect(), self._theme.colour
        edge = colour("border_strong") if self._theme.is_high_contrast else None
        rounded(painter, room, room.height() / 2, colour("surface_sunken"), edge, 1)
        total = self.maximum() - self.minimum()
        if total <= 0 or self.value() <= self.minimum():
            return
        width = max(room.height(), round(room.width() * (self.value() - self.minimum()) / total))
        done = mirrored(self.layoutDirection(), room, QRect(0, 0, min(width, room.width()), room.height()))
        rounded(painter, done, room.height() / 2, colour("accent"))


class Progress(QWidget):
    """A bar and the words that say the same."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.bar = _Bar(theme, name)
        self.label = Label(theme, "", "muted")
        column = ScaledBox(theme, QBoxLayout.Direction.TopToBottom, spacing=8, parent=self)
        column.addWidget(self.bar)
        column.addWidget(self.label)

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show `done` of `total`; a total of 0 says that it is not known."""
        self.bar.setRange(0, max(0, total))
        self.bar.setValue(min(done, max(0, total)))
        self.show_words(words)

    def show_words(self, words: str) -> None:
        """Show other words."""
        if words != self.label.text():
            self.label.setText(words)
            self.bar.setAccessibleDescription(words)

    def show(self, done: int | None = None, total: int = 0, words: str = "") -> None:
        """Become visible; with figures, show them too."""
        if done is not None:
            self.show_progress(done, total, words)
        super().show()
