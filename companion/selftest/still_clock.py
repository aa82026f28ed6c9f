"""A clock that stands still, so that two runs show the same words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 22, 10, 40, tzinfo=UTC)
ZONE = "Europe/London"


class StillClock:
    """Always the same Sunday morning; a zone of "" says nothing about the country."""

    def __init__(self, now: datetime = NOW, zone: str = ZONE) -> None:
        self._now = now.astimezone(ZoneInfo(zone or ZONE))
        self._zone = zone

    def now(self) -> datetime:
        """The same instant every time, in the zone's own time."""
        return self._now

    def monotonic(self) -> float:
        """Nothing passes, so nothing falls due."""
        return 0.0

    def zone_name(self) -> str:
        """The zone that was given."""
        return self._zone
