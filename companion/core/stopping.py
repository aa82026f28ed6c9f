"""A switch by which a person, Lock or Hide stops long work at once, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from companion.core.errors import Stopped


class StopSwitch:
    """Off until `stop`; whoever waits for something registers how to be woken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_stopped = False
        self._wake: list[Callable[[], None]] = []

    @property
    def is_stopped(self) -> bool:
        """Whether the work is to end."""
        return self._is_stopped

    def stop(self) -> None:
        """End the work; callable any number of times."""
        with self._lock:
            self._is_stopped = True
            wake, self._wake = self._wake, []
        for call in wake:
            call()

    def when_stopped(self, call: Callable[[], None]) -> None:
        """Call this at `stop`, at once if it came already."""
        with self._lock:
            if not self._is_stopped:
                self._wake.append(call)
                return
        call()

    def check(self) -> None:
        """Raise Stopped once `stop` was called."""
        if self._is_stopped:
            raise Stopped
