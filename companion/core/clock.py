"""The only source of "now" and of the local time zone; tests pass a fake."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONE_LASTS_S = 60.0


class Clock(Protocol):
    """What every service asks for the time."""

    def now(self) -> datetime:
        """The present instant, aware, in the local time zone."""

    def monotonic(self) -> float:
        """Seconds that only go forward, for measuring waits."""

    def zone_name(self) -> str:
        """The IANA name of the local time zone, or "" where the system does not say."""


class SystemClock:
    """The computer's clock and time zone; where the zone is set is looked up once a minute."""

    def __init__(self) -> None:
        self._known: tuple[float, str, tzinfo | None] | None = None

    def now(self) -> datetime:
        """The present instant, aware, in the local time zone."""
        return datetime.now(UTC).astimezone(self._zone())  # noqa: TID251 - the one place

    def monotonic(self) -> float:
        """Seconds that only go forward, for measuring waits."""
        return time.monotonic()

    def zone_name(self) -> str:
        """The IANA name of the local time zone, or "" where the system does not say."""
        return self._looked_up()[1]

    def _zone(self) -> tzinfo | None:
        return self._looked_up()[2]

    def _looked_up(self) -> tuple[float, str, tzinfo | None]:
        known, now = self._known, time.monotonic()
        if known is None or now - known[0] > ZONE_LASTS_S:
            name = system_zone_name()
            known = self._known = (now, name, ZoneInfo(name) if name else None)
        return known


def system_zone_name() -> str:
    """The IANA zone of this computer: TZ, then /etc/timezone, then the target of /etc/localtime."""
    candidates = [os.environ.get("TZ", "").lstrip(":")]
    with contextlib.suppress(OSError, UnicodeDecodeError):
        candidates.append(Path("/etc/timezone").read_text(encoding="utf-8").strip())
    candidates.append(os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2])
    for name in candidates:
        if not name or name.startswith("/"):
            continue
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        return name
    return ""
