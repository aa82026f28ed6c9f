"""Runs plain functions on the vault thread or the background thread and delivers on the window's thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from companion.core.errors import CompanionError

if TYPE_CHECKING:
    from companion.vault.session import Session
    from companion.vault.worker import VaultWorker

T = TypeVar("T")


@dataclass(slots=True)
class _Delivery:
    owner: QObject
    done: Callable[[Any], None] | None
    failed: Callable[[CompanionError], None] | None
    epoch: int | None
    value: Any = None
    error: BaseException | None = None


class Tasks(QObject):
    """The only bridge between the window's thread and the others.

    A result is dropped when its owner is gone, or when the vault was locked
    since it was asked for (unless `across_lock`). Errors that have words go to
    `failed`; anything else goes to `crashed`, which shows the calm report.
    """

    _arrived = Signal(object)
    crashed = Signal(object)

    def __init__(self, worker: VaultWorker, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._session = session
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._background = threading.Thread(target=self._work, name="background", daemon=True)
        self._background.start()

    def run(
        self,
        owner: QObject,
        job: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[CompanionError], None] | None = None,
        *,
        across_lock: bool = False,
        alone: bool = False,
    ) -> None:
        """Do `job` on the vault thread, in its turn; `alone` stops a backup for it (to open or to close)."""
        delivery = self._delivery(owner, done, failed, across_lock)
        future = (self._worker.submit_alone if alone else self._worker.submit)(job)
        future.add_done_callback(lambda ended: self._deliver(delivery, ended))

    def in_background(
        self,
        owner: QObject,
        job: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[CompanionError], None] | None = None,
        *,
        across_lock: bool = False,
    ) -> None:
        """Do `job` on the background thread; it reaches the vault only through `on_vault`."""
        self._queue.put(self._work_of(job, self._delivery(owner, done, failed, across_lock)))

    def apart(
        self,
        owner: QObject,
        job: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[CompanionError], None] | None = None,
    ) -> None:
        """Do `job`, which needs no vault, on a thread that nothing else waits for: a stick may never answer."""
        work = self._work_of(job, self._delivery(owner, done, failed, across_lock=False))
        threading.Thread(target=work, name="apart", daemon=True).start()

    def on_vault(self, job: Callable[[], T]) -> T:
        """Do `job` on the vault thread and wait for it; for background jobs only."""
        return self._worker.submit(job).result()

    @property
    def vault_is_wanted(self) -> bool:
        """Whether a job on the vault thread that can be done at any other time should end now."""
        return self._worker.is_wanted

    def serve_waiting(self) -> None:
        """From inside a long job on the vault thread: do what waits. Raises Stopped where Lock waits."""
        self._worker.serve_waiting()

    def tell(self, owner: QObject, receive: Callable[[Any], None], value: object) -> None:
        """Hand a value (such as progress) from any thread to the window's thread."""
        self._arrived.emit(_Delivery(owner, receive, None, self._session.epoch, value))

    def stop(self) -> None:
        """End the background thread after what it is doing."""
        self._queue.put(None)
        self._background.join(timeout=5)

    # --- inside ----------------------------------------------------------

    def _delivery(
        self,
        owner: QObject,
        done: Callable[[Any], None] | None,
        failed: Callable[[CompanionError], None] | None,
        across_lock: bool,
    ) -> _Delivery:
        return _Delivery(owner, done, failed, None if across_lock else self._session.epoch)

    def _deliver(self, delivery: _Delivery, future: Future[Any]) -> None:
        if future.cancelled():
            return
        delivery.error = future.exception()
        if delivery.error is None:
            delivery.value = future.result()
        if shiboken6.isValid(self):
            self._arrived.emit(delivery)

    def _work_of(self, job: Callable[[], T], delivery: _Delivery) -> Callable[[], None]:
        def work() -> None:
            future: Future[T] = Future()
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)
            self._deliver(delivery, future)

        return work

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            job()

    @Slot(object)
    def _on_arrived(self, delivery: _Delivery) -> None:
        if not shiboken6.isValid(delivery.owner):
            return
        if delivery.epoch is not None and delivery.epoch != self._session.epoch:
            return
        if delivery.error is None:
            if delivery.done is not None:
                delivery.done(delivery.value)
        elif isinstance(delivery.error, CompanionError) and delivery.failed is not None:
            delivery.failed(delivery.error)
        else:
            self.crashed.emit(delivery.error)
