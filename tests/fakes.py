"""Stand-ins with the real interface: a clock that is set by hand, tasks that run at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime | None = None, zone: str = "Europe/London") -> None:
        self.instant = start or datetime(2026, 11, 22, 10, 40, tzinfo=UTC)
        self.seconds = 1000.0
        self.zone = zone

    def now(self) -> datetime:
        from zoneinfo import ZoneInfo

        return self.instant.astimezone(ZoneInfo(self.zone))

    def monotonic(self) -> float:
        return self.seconds

    def zone_name(self) -> str:
        return self.zone

    def move(self, **by: float) -> None:
        step = timedelta(**by)
        self.instant += step
        self.seconds += step.total_seconds()
