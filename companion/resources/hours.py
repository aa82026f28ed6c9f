"""Opening hours as the facts write them: what they mean, and whether a line is open at an instant.

The forms: "24/7"; "10am-10pm daily"; "Mon-Fri 10am-6pm Pacific"; "Mon-Thu 6pm-2am, Fri 6pm-Mon 6am";
"4pm-9pm daily; 24 hours on the 10th of each month". Anything else is not known, never guessed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from companion.resources.country import zones_of
from companion.resources.model import ALWAYS_OPEN

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_NAMED_ZONES = {
    "ET": "America/New_York",
    "Eastern": "America/New_York",
    "CT": "America/Chicago",
    "Central": "America/Chicago",
    "MT": "America/Denver",
    "Mountain": "America/Denver",
    "PT": "America/Los_Angeles",
    "Pacific": "America/Los_Angeles",
}
_DAY = "(" + "|".join(_DAYS) + ")"
_TIME = r"(noon|midnight|\d{1,2}(?::\d{2})?[ap]m)"
# Patterns stay text until the first line with such hours is shown: start-up does not wait for them.
_DAILY = rf"{_TIME}-{_TIME} daily"
_ON_DAYS = rf"{_DAY}(?:-{_DAY})? {_TIME}-{_TIME}"
_ACROSS = rf"{_DAY} {_TIME}-{_DAY} {_TIME}"
_MONTH_DAY = r"24 hours on the (\d{1,2})(?:st|nd|rd|th) of each month"
_CLOCK = r"(\d{1,2})(?::(\d{2}))?([ap])m"


class Hours(NamedTuple):
    """Opening times of a week: spans in minutes from Monday 0:00 (an end may lie past the week's)."""

    spans: tuple[tuple[int, int], ...]
    month_days: frozenset[int] = frozenset()  # days of the month that are open from 0:00 to 24:00
    zone: str | None = None  # named in the text itself

    def covers(self, local: datetime) -> bool:
        """True if a line with these hours is open at this local time."""
        if local.day in self.month_days:
            return True
        minute = local.weekday() * _DAY_MINUTES + local.hour * 60 + local.minute
        return any(start <= at < end for start, end in self.spans for at in (minute, minute + _WEEK_MINUTES))


def open_now(hours: str | None, country: str, now: datetime) -> bool | None:
    """Whether a line with these hours is open at `now` (aware).

    None where the hours are not known, cannot be read, or belong to a country
    whose clocks differ at this instant and the text names no zone.
    """
    if hours is None:
        return None
    if hours == ALWAYS_OPEN:
        return True
    known = parse_hours(hours)
    if known is None:
        return None
    zones = (known.zone,) if known.zone else zones_of(country)
    local = {now.astimezone(ZoneInfo(name)).replace(tzinfo=None) for name in zones}
    return known.covers(local.pop()) if len(local) == 1 else None


def parse_hours(text: str) -> Hours | None:
    """The hours that the text states in full, or None. "24/7" is every minute of the week."""
    if text == ALWAYS_OPEN:
        return Hours(((0, _WEEK_MINUTES),))
    rest, zone = _without_zone(text)
    spans: list[tuple[int, int]] = []
    month_days: set[int] = set()
    for part in re.split(r"[,;] ", rest):
        month_day = re.fullmatch(_MONTH_DAY, part)
        if month_day:
            month_days.add(int(month_day[1]))
            continue
        found = _spans(part)
        if not found:
            return None
        spans += found
    return Hours(tuple(spans), frozenset(month_days), zone) if spans else None


def _without_zone(text: str) -> tuple[str, str | None]:
    head, _, last = text.rpartition(" ")
    return (head, _NAMED_ZONES[last]) if last in _NAMED_ZONES else (text, None)


def _spans(part: str) -> list[tuple[int, int]]:
    across = re.fullmatch(_ACROSS, part)
    if across:
        start = _DAYS.index(across[1]) * _DAY_MINUTES + _minutes(across[2])
        end = _DAYS.index(across[3]) * _DAY_MINUTES + _minutes(across[4])
        return [(start, end if end > start else end + _WEEK_MINUTES)]
    daily = re.fullmatch(_DAILY, part)
    if daily:
        return [_on_day(day, daily[1], daily[2]) for day in range(7)]
    on_days = re.fullmatch(_ON_DAYS, part)
    if on_days:
        first = _DAYS.index(on_days[1])
        last = _DAYS.index(on_days[2] or on_days[1])
        days = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
        return [_on_day(day, on_days[3], on_days[4]) for day in days]
    return []


def _on_day(day: int, opens: str, closes: str) -> tuple[int, int]:
    start, end = _minutes(opens), _minutes(closes)
    if end <= start:
        end += _DAY_MINUTES
    return (day * _DAY_MINUTES + start, day * _DAY_MINUTES + end)


def _minutes(clock: str) -> int:
    if clock in ("noon", "midnight"):
        return 12 * 60 if clock == "noon" else 0
    found = re.fullmatch(_CLOCK, clock)
    if found is None:
        raise AssertionError(clock)  # the forms above match nothing else
    hour = int(found[1]) % 12 + (12 if found[3] == "p" else 0)
    return hour * 60 + int(found[2] or 0)
