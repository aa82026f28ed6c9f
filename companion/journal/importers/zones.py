"""Time zones as other journals name them, and local times without a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST_YEAR = 1000
LATEST_YEAR = 9998

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,31}){0,2}")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?")


def zone_named(name: object) -> tzinfo | None:
    """The zone for an IANA name, "+02:00" or "GMT+0200"; None where it says nothing usable."""
    if not isinstance(name, str):
        return None
    if _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return fixed_offset(name)


def fixed_offset(text: str) -> tzinfo | None:
    """The zone for an offset such as "Z", "+02:00" or "GMT-5"; None where it is not one."""
    if text == "Z":
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if ahead >= timedelta(hours=24):
        return None
    return timezone(-ahead if match[1] == "-" else ahead)


def in_local_zone(naive: datetime, zone_name: str) -> datetime:
    """A wall-clock time without a zone, as lived in `zone_name` ("" is this computer's zone)."""
    zone = zone_named(zone_name)
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)


def to_local_zone(at: datetime, zone_name: str) -> datetime:
    """The same instant on the wall clock of `zone_name` ("" is this computer's zone)."""
    return at.astimezone(zone_named(zone_name))


def in_range(at: datetime) -> bool:
    """Whether the year is one a journal can hold; the ends of the calendar overflow when zones are applied."""
    return EARLIEST_YEAR <= at.year <= LATEST_YEAR
