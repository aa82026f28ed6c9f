"""Whether Caps Lock is on, as far as typing shows it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class CapsLockWatch(QObject):
    """Qt cannot ask for Caps Lock; a capital letter without Shift tells, and so does the key itself after that."""

    changed = Signal(bool)

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        self._is_on: bool | None = None
        edit.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at every key; take none."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._look(event)
        return False

    def _look(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_CapsLock:
            if self._is_on is not None:
                self._set(not self._is_on)
            return
        letter = event.text()
        other = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        # Letters of scripts without capitals say nothing.
        if len(letter) != 1 or letter.upper() == letter.lower() or event.modifiers() & other:
            return
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._set(letter.isupper() != with_shift)

    def _set(self, is_on: bool) -> None:
        if is_on != self._is_on:
            self._is_on = is_on
            self.changed.emit(is_on)
