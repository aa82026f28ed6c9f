"""What taking notes out asks of the vault; it runs on the vault thread and lets saves and Lock in between."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from companion.core.stopping import StopSwitch

if TYPE_CHECKING:
    from companion.core.errors import CompanionError
    from companion.journal.exporting import ExportPreview, ExportResult, Wanted
    from companion.ui.shell.space import Space
    from companion.ui.tasks import Tasks
    from companion.vault.session import Session

HOLD = "export"
Failed = Callable[["CompanionError"], None]


class TakeOutActions:
    """Everything is asked by a widget, `owner`; its answer is dropped when that widget is gone."""

    def __init__(self, tasks: Tasks, space: Space, session: Session | None) -> None:
        self._tasks = tasks
        self._space = space
        self._session = session

    def preview(self, owner: QObject, wanted: Wanted, done: Callable[[ExportPreview], None], failed: Failed) -> None:
        """What would be written."""
        self._tasks.run(owner, partial(self._space.journal.exporting.preview, wanted), done, failed)

    def write(
        self,
        owner: QObject,
        to: Path,
        wanted: Wanted,
        stop: StopSwitch,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[ExportResult], None],
        failed: Failed,
    ) -> None:
        """Write it; idle time does not count meanwhile. Lock, Hide and `stop` end it, and nothing of it is left."""

        def step(number: int, of: int) -> None:
            stop.check()
            self._tasks.serve_waiting()
            self._tasks.tell(owner, progress, (number, of))

        def finished(result: ExportResult) -> None:
            self._release()
            done(result)

        def broke(error: CompanionError) -> None:
            self._release()
            failed(error)

        if self._session is not None:
            self._session.hold(HOLD)
            owner.destroyed.connect(partial(self._session.release, HOLD))
        job = partial(self._space.journal.exporting.write, to, wanted, progress=step)
        self._tasks.run(owner, job, finished, broke)

    def delete(self, owner: QObject, result: ExportResult, done: Callable[[None], None], failed: Failed) -> None:
        """Remove what was written."""
        from companion.journal.exporting import delete_export

        self._tasks.in_background(owner, partial(delete_export, result), done, failed)

    def _release(self) -> None:
        if self._session is not None:
            self._session.release(HOLD)
