"""Uses the moments in which nobody does anything to free the open space's file of words that were taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from companion.ui.shell.space import Space
    from companion.ui.tasks import Tasks
    from companion.vault.session import Session

LOOK_EVERY_MS = 5_000
QUIET_SECONDS = 10.0


class QuietMoment(QObject):
    """Looks every few seconds; the first key, click, save or Lock ends what it began, and it tries again later."""

    def __init__(
        self, tasks: Tasks, session: Session, space: Callable[[], Space | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._session, self._space = tasks, session, space
        self._is_trying = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Begin, where it is quiet and there is something to do."""
        space = self._space()
        if space is None or self._is_trying or not self._is_quiet():
            return
        self._is_trying = True
        vault, wanted = space.vault, self._wanted
        self._tasks.run(
            self, lambda: vault.compacting_due and vault.compact(wanted), self._end, self._end, across_lock=True
        )

    def _is_quiet(self) -> bool:
        session = self._session
        return not (session.is_locked or session.is_held) and session.seconds_away() >= QUIET_SECONDS

    def _wanted(self) -> bool:
        """Asked on the vault thread, some hundred times a second: both answers are a plain reading."""
        return self._tasks.vault_is_wanted or not self._is_quiet()

    def _end(self, _answer: object) -> None:
        self._is_trying = False
