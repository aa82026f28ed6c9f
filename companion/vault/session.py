"""Locked or unlocked, and the idle deadline, as plain logic with an injected clock."""

from __future__ import annotations

from datetime import datetime

from companion.core.clock import Clock

DEFAULT_IDLE_MINUTES = 5


class Session:
    """Whether someone is there. For one thread.

    `epoch` grows at each lock, so that an answer that was asked for before it can be told from a new one.
    """

    def __init__(self, clock: Clock, idle_minutes: int = DEFAULT_IDLE_MINUTES) -> None:
        self._clock = clock
        self._limit_s = idle_minutes * 60.0
        self._is_locked = True
        self._epoch = 0
        self._reasons: list[str] = []
        self._seen_s = clock.monotonic()
        self._seen_at: datetime = clock.now()

    @property
    def is_locked(self) -> bool:
        """No vault is open."""
        return self._is_locked

    @property
    def epoch(self) -> int:
        """How many times the vault was locked."""
        return self._epoch

    @property
    def is_held(self) -> bool:
        """Long work goes on, so idle time does not count."""
        return bool(self._reasons)

    def set_idle_minutes(self, minutes: int) -> None:
        """Lock after so many minutes from now on; what has passed counts."""
        self._limit_s = minutes * 60.0

    def unlocked(self) -> None:
        """A vault was opened; idle time begins now."""
        self._is_locked = False
        self.note_activity()

    def locked(self) -> None:
        """The vault was closed; what held the session ended with it."""
        if self._is_locked:
            return
        self._is_locked = True
        self._epoch += 1
        self._reasons.clear()

    def note_activity(self) -> None:
        """Someone typed, clicked or moved."""
        self._seen_s = self._clock.monotonic()
        self._seen_at = self._clock.now()

    def hold(self, reason: str) -> None:
        """Long work begins (an import, a backup): idle time does not count until it is released.

        Only the idle deadline waits; Lock, Hide and sleep do not.
        """
        self._reasons.append(reason)

    def release(self, reason: str) -> None:
        """The long work ended; idle time begins anew, because watching it was not being away."""
        if reason in self._reasons:
            self._reasons.remove(reason)
            if not self._reasons:
                self.note_activity()

    def seconds_left(self) -> float:
        """Seconds until the deadline; never below 0, the whole limit while held.

        The computer's clock counts too: on some systems the other one stands
        still during sleep. Of the two the longer time away is believed.
        """
        if self._reasons:
            return self._limit_s
        return max(0.0, self._limit_s - self.seconds_away())

    def seconds_away(self) -> float:
        """Seconds since someone typed, clicked or moved."""
        return max(self._clock.monotonic() - self._seen_s, (self._clock.now() - self._seen_at).total_seconds())

    def due(self) -> bool:
        """Whether it is time to lock."""
        return not self._is_locked and self.seconds_left() <= 0.0
