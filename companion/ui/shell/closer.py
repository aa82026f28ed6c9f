"""Closing a space behind the lock screen: save, drop the keys, then go on with what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from companion.ui.shell.place import Pending
    from companion.ui.shell.space import Closed, Space
    from companion.ui.tasks import Tasks

SLOW_MS = 5000


class Closer(QObject):
    """One closing at a time. `closed` tells what could not be saved; `slow` that it takes long."""

    closed = Signal(object)
    slow = Signal()
    # What may be done with the open space once more, behind the lock screen, until the function it gets says stop.
    before_lock: Callable[[Space, Callable[[], bool]], None] | None = None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_closing = False
        self._then: Callable[[], object] | None = None
        self._in_any_case = False
        self._haste = threading.Event()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SLOW_MS)
        self._timer.timeout.connect(self.slow)

    def then(self, act: Callable[[], object], *, in_any_case: bool = False) -> None:
        """Do this once everything is saved and locked; after a failed save only if it is to come in any case."""
        self._then, self._in_any_case = act, in_any_case

    def hurry(self) -> None:
        """Nothing comes before the keys go: not in the closing that goes on, and not in the next one."""
        self._haste.set()

    def begin(self, tasks: Tasks, space: Space, pending: list[Pending]) -> None:
        """Save and lock, on the vault thread."""
        from companion.ui.shell.space import close_space

        self.is_closing = True
        self._timer.start()
        is_over, act = self._haste.is_set, self.before_lock
        before = [lambda space: act(space, is_over)] if act is not None else []
        tasks.run(self, partial(close_space, space, pending, *before), self._on_closed, across_lock=True, alone=True)

    def _on_closed(self, closed: Closed) -> None:
        self._timer.stop()
        self.is_closing = False
        self._haste = threading.Event()
        self.closed.emit(closed)
        act, self._then = self._then, None
        if act is not None and (self._in_any_case or not closed.left_over):
            act()
