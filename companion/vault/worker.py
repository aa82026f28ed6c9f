"""The one thread that owns the vault, with its queue: every database call in order, one at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from companion.core.errors import Stopped, VaultLocked

T = TypeVar("T")
THREAD_NAME = "vault"


class _Job:
    """A callable and where its answer goes."""

    __slots__ = ("_call", "_future", "is_alone")

    def __init__(self, call: Callable[[], Any], future: Future[Any], *, is_alone: bool = False) -> None:
        self._call = call
        self._future = future
        self.is_alone = is_alone

    def run(self) -> None:
        if not self._future.set_running_or_notify_cancel():
            return
        try:
            answer = self._call()
        except BaseException as error:
            # Every failure belongs to whoever asked; the thread goes on.
            self._future.set_exception(error)
        else:
            self._future.set_result(answer)

    def refuse(self) -> None:
        if self._future.set_running_or_notify_cancel():
            self._future.set_exception(VaultLocked())


class VaultWorker:
    """Runs jobs on the thread "vault". Made at start, stopped at exit; all methods from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._urgent: deque[_Job] = deque()
        self._waiting: deque[_Job] = deque()
        self._is_busy = False
        self._serving = 0
        self._is_closing = False
        # A daemon: a program that ends by a fault must not stay behind, invisible, with the vault open.
        self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Run `job` in its turn. After `stop` the answer is VaultLocked."""
        return self._put(job)

    def submit_alone(self, job: Callable[[], T]) -> Future[T]:
        """Run `job` in its turn and never inside another one (to close or open); a long job that serves stops for it.

        Unlike `submit_first` it comes after what was asked for before it, so a save that waits is not cut off.
        """
        return self._put(job, alone=True)

    def submit_first(self, job: Callable[[], T]) -> Future[T]:
        """Run `job` before everything that waits (to lock); a long job that asks `serve_waiting` stops for it."""
        return self._put(job, urgent=True)

    @property
    def has_urgent(self) -> bool:
        """Whether something waits that a long job should stop for."""
        with self._changed:
            return self._must_stop()

    @property
    def is_wanted(self) -> bool:
        """Whether a job that can be done at any other time should end: something waits, or it runs inside another."""
        with self._changed:
            return bool(self._urgent or self._waiting or self._serving)

    def serve_waiting(self) -> None:
        """Run what waits now from inside a long job, so that a save does not wait for a backup.

        For the vault thread only, and outside a transaction. Raises Stopped where
        something waits that must not run inside another job.
        """
        if threading.current_thread() is not self._thread:
            raise RuntimeError("only the vault thread serves its queue")
        while True:
            with self._changed:
                if self._must_stop():
                    raise Stopped
                if not self._waiting:
                    return
                job = self._waiting.popleft()
                self._serving += 1
            job.run()
            with self._changed:
                self._serving -= 1

    def let_go(self) -> None:
        """Go on only while nothing waits that a long job should stop for. Raises Stopped."""
        if self.has_urgent:
            raise Stopped

    def drain(self, timeout_s: float) -> bool:
        """Wait until everything that was submitted is done; False where that takes longer."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, timeout_s)

    def stop(self, timeout_s: float) -> bool:
        """Take no more jobs, finish those that wait, end the thread; False where that takes longer."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- inside --------------------------------------------------------------

    def _must_stop(self) -> bool:
        return bool(self._urgent) or any(job.is_alone for job in self._waiting)

    def _put(self, call: Callable[[], T], *, urgent: bool = False, alone: bool = False) -> Future[T]:
        future: Future[T] = Future()
        job = _Job(call, future, is_alone=alone)
        with self._changed:
            is_taken = not self._is_closing
            if is_taken:
                (self._urgent if urgent else self._waiting).append(job)
                self._changed.notify_all()
        if not is_taken:
            job.refuse()
        return future

    def _is_idle(self) -> bool:
        return not (self._urgent or self._waiting or self._is_busy)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.run()
            # The frame would keep the last job, and with it what it was about, until the next one comes.
            del job
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _next(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._urgent or self._waiting or self._is_closing)
            if self._urgent:
                job = self._urgent.popleft()
            elif self._waiting:
                job = self._waiting.popleft()
            else:
                return None
            self._is_busy = True
            return job
