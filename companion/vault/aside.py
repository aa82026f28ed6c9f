"""Work on files of its own, done on another thread while the vault's thread stays of use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from companion.core.errors import Stopped
from companion.vault.connection import Connection

T = TypeVar("T")
LOOK_AGAIN_S = 0.05
PATIENCE_S = 0.25  # for a disk that does not answer, while a lock waits


class Aside:
    """What such work asks: whether it should end, and where it says which connections to interrupt for that."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._working: list[Connection] = []
        self._closing = threading.Lock()
        self._done = 0

    def count(self, size: int) -> None:
        """So many bytes are done. Raises Stopped where nobody waits for the rest."""
        self._done += size
        self.check()

    def check(self) -> None:
        """Go on only while someone waits for it. Raises Stopped."""
        if self._stopped.is_set():
            raise Stopped

    def use(self, connection: Connection) -> None:
        """Interrupt this connection's statement when the work is to end."""
        with self._closing:
            self._working.append(connection)
        self.check()

    def take_count(self) -> int:
        """The bytes counted since this was asked last."""
        done, self._done = self._done, 0
        return done

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopped.set()
        with self._closing:
            for connection in self._working:
                connection.interrupt()


def do_aside(work: Callable[[Aside], T], add: Callable[[int], None], *, wait_for_end: bool = True) -> T:
    """The answer of `work`, which runs on a thread of its own.

    Meanwhile `add` is called here, again and again, with the bytes that were
    counted since. What it raises ends the work and is raised here. With
    `wait_for_end` that is only after the work has ended: it holds an open
    database, whose key may be wiped as soon as this returns. Without, a disk
    that answers slowly keeps nobody waiting; such work removes what it wrote.
    """
    aside, ended = Aside(), Future[T]()

    def run() -> None:
        try:
            answer = work(aside)
        except BaseException as error:
            ended.set_exception(error)
        else:
            ended.set_result(answer)

    # A daemon: a disk that never answers must not keep the program from ending.
    thread = threading.Thread(target=run, name="aside", daemon=True)
    thread.start()
    try:
        while not ended.done():
            thread.join(LOOK_AGAIN_S)
            add(aside.take_count())
    except BaseException:
        aside.stop()
        thread.join(None if wait_for_end else PATIENCE_S)
        raise
    return ended.result()
