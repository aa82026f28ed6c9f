"""One number as large as the window allows, so that it can be read across a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.core.i18n import _
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.theme import Theme

_SHARE_OF_HEIGHT = 0.6


class BigNumber(QWidget):
    """Lies over the whole window until Close or Escape; gives the focus back to where it was."""

    closed = Signal()

    def __init__(self, kit: Kit, window: QWidget, name: str, number: str, spoken: str) -> None:
        super().__init__(window)
        self._theme = kit.theme
        self._came_from = window.focusWidget()
        self.setAccessibleName(_("{name}, big").format(name=name))
        self._close = kit.button(_("Close"), icon="x")
        self._close.clicked.connect(self.dismiss)
        head = fill(kit.row(spacing=16), (kit.label(name, "title"), 1), self._close)
        fill(kit.column(self, spacing=24, margins=32), head, (_FittedNumber(kit.theme, number, spoken), 1))
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Go, and put the focus back."""
        if self.isHidden():
            return
        self.hide()
        self.window().removeEventFilter(self)
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """There is one thing to reach; Tab stays on it."""
        self._close.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A plain surface; nothing of the page shows through."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("surface"))


class _FittedNumber(QWidget):
    """Words in the largest size that fits."""

    def __init__(self, theme: Theme, text: str, spoken: str) -> None:
        super().__init__()
        self._theme = theme
        self._text = text
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Whatever there is."""
        return QSize(self._theme.px(320), self._theme.px(160))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Measure at one size, then draw at the size that fills the room."""
        font = self._theme.font("number")
        metrics = QFontMetrics(font)
        wide = self.width() / max(1, metrics.horizontalAdvance(self._text))
        high = self.height() * _SHARE_OF_HEIGHT / max(1, metrics.height())
        font.setPixelSize(max(1, int(font.pixelSize() * min(wide, high))))
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
