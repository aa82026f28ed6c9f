"""Decides when to lock by itself: after idle time, before sleep, with the session, when minimised if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from companion.vault.session import Session

_LOOK_AGAIN_MS = 15_000


class LockGuard(QObject):
    """Watches the idle deadline of the session.

    The timer looks at least every 15 seconds, so that sleep, clock changes and
    a changed setting need no special case.
    """

    lock_due = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    def watch(self) -> None:
        """Begin with an unlocked session."""
        self._session.note_activity()
        self._arm()

    def rest(self) -> None:
        """Nothing to lock."""
        self._timer.stop()

    def note_activity(self) -> None:
        """Someone is there."""
        self._session.note_activity()

    def _arm(self) -> None:
        left_ms = int(max(0.0, self._session.seconds_left()) * 1000) + 50
        self._timer.start(min(left_ms, _LOOK_AGAIN_MS))

    def _on_time(self) -> None:
        if self._session.is_locked:
            return
        if self._session.due():
            self.lock_due.emit()
        else:
            self._arm()
