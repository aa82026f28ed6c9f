"""What every button that we draw ourselves has in common."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme


class PressButton(QPushButton):
    """A push button whose face is painted: same keys, roles and states, no style sheet in the way.

    Subclasses draw in `draw` and measure in `sizeHint`, `minimumSizeHint` and `heightForWidth`.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._words = ""
        self.setAutoDefault(False)  # inside a dialog Qt would let Enter press the first button
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self._restyle)

    def text(self) -> str:
        """The words on it."""
        return self._words

    def setText(self, text: str) -> None:
        """Show other words; "&" is an ampersand, not a mnemonic."""
        self._words = text
        super().setText(text.replace("&", "&&"))
        self._restyle()

    def ring_rect(self) -> QRect:
        """What the focus ring goes around, in this widget's coordinates."""
        return self.rect()

    def ring_radius(self) -> int:
        """The corner of that rectangle, in px."""
        return self._theme.px(10)

    def draw(self, painter: QPainter) -> None:
        """Draw the button as it is now."""

    @property
    def _hot(self) -> bool:
        return self.isEnabled() and self.underMouse()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses too, as people expect of anything that looks like a button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw nothing of the style's own."""
        painter = QPainter(self)
        self.draw(painter)
