"""The keys that work everywhere: help, hide, lock; seen before any widget, dialog or menu gets them."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

HIDE_PRESSES = 3
HIDE_WITHIN_MS = 1500

_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class KeyFilter(QObject):
    """An application event filter; an ordinary shortcut does not fire while a modal window is open."""

    help_pressed = Signal()
    hide_pressed = Signal()
    lock_pressed = Signal()
    active = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._since_escape = QElapsedTimer()
        self._escapes = 0
        self._seen_by_window = -1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take F1, F9, Escape three times and Ctrl+L; tell the idle clock that someone is there."""
        kind = event.type()
        if kind not in _ACTIVITY:
            return False
        if kind != QEvent.Type.MouseMove:
            self.active.emit()
        if kind != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        return self._take(watched, event)

    def _take(self, watched: QObject, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key == Qt.Key.Key_Escape:
            return self._on_escape(watched, event)
        self._escapes = 0
        if event.isAutoRepeat():
            return plain and key in (Qt.Key.Key_F1, Qt.Key.Key_F9)
        if plain and key == Qt.Key.Key_F1:
            self.help_pressed.emit()
            return True
        if plain and key == Qt.Key.Key_F9:
            self.hide_pressed.emit()
            return True
        if key == Qt.Key.Key_L and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.lock_pressed.emit()
            return True
        return False

    def _on_escape(self, watched: QObject, event: QKeyEvent) -> bool:
        # Each press still does what Escape does here (close a sheet, leave a list), so the filter
        # sees it again on its way through the widgets: only its first stop counts.
        if event.isAutoRepeat() or not self._is_first_stop(watched, event):
            return False
        if not self._since_escape.isValid() or self._since_escape.elapsed() > HIDE_WITHIN_MS:
            self._since_escape.start()
            self._escapes = 0
        self._escapes += 1
        if self._escapes < HIDE_PRESSES:
            return False
        self._escapes = 0
        self._since_escape.invalidate()
        self.hide_pressed.emit()
        return True

    def _is_first_stop(self, watched: QObject, event: QKeyEvent) -> bool:
        if isinstance(watched, QWindow):
            self._seen_by_window = event.timestamp()
            return True
        return watched is QApplication.focusWidget() and event.timestamp() != self._seen_by_window
