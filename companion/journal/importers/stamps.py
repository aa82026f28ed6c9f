"""Dates as jrnl writes them above an entry: the format is the person's own choice, so it is read, not assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from companion.core.errors import InputRefused
from companion.journal.importers.zones import fixed_offset

LONGEST = 60  # characters
_ENOUGH_TO_TELL = 3  # different dates, before their order in the file says which part is the day

_TIME = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,6})?)?"
    r"(?:[ \u00a0\u202f]?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(Z|[+-]\d{2}:?\d{2})\b)?(?![\d:])"
)
_DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_WEEKDAY = re.compile(rf"^{_DAY_NAME}[, ]+|[, ]+{_DAY_NAME}$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:(?<=\d)T|,? at|,)? *$")  # what joins a date to its time
_YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})(?:\2(\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_AND_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)? ([A-Za-z]{3,9})\.?,? (\d{4})")
_WORD_AND_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a date says before day and month are told apart.

    `parts` is (year, month, day), or (year, first, second) when `mixed`: then only
    the whole file can say which is the day. Without a date (`parts` None) it is a
    time of day in a folder whose names hold the date.
    """

    parts: tuple[int, int, int] | None
    mixed: bool = False
    dotted: bool = False
    clock: time | None = None
    zone: tzinfo | None = None

    def day(self, *, day_first: bool = True) -> date | None:
        """The calendar day, or None where there is no such day."""
        if self.parts is None:
            return None
        year, first, second = self.parts
        if self.mixed:
            first, second = (second, first) if day_first else (first, second)
        try:
            return date(year, first, second)
        except ValueError:
            return None

    @property
    def possible(self) -> bool:
        """Whether it names a day at all, or only a time."""
        return self.parts is None or any(self.day(day_first=order) for order in (True, False))


def read_stamp(text: str) -> Stamp | None:
    """The date in `text`, which holds nothing else; None when it is no date."""
    if not 4 <= len(text) <= LONGEST:
        return None
    clock, zone, before, after = _clock(text)
    if before and after:
        return None
    rest = _WEEKDAY.sub("", " ".join((before or after).split()).strip(" ,"), count=1).strip(" ,")
    if not rest:
        return Stamp(None, clock=clock) if clock else None
    stamp = _numbers(rest, clock, zone) or _words(rest, clock, zone)
    return stamp if stamp is not None and stamp.possible else None


def _clock(text: str) -> tuple[time | None, tzinfo | None, str, str]:
    """The time of day and its zone, and what stands before and after them."""
    match = _TIME.search(text)
    if match is None:
        return None, None, text, ""
    hour, half = int(match[1]), (match[4] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        clock = time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None, None, text, ""
    zone = fixed_offset(match[5]) if match[5] else None
    return clock, zone, _BETWEEN.sub("", text[: match.start()]), text[match.end() :].strip(" ,")


def _numbers(text: str, clock: time | None, zone: tzinfo | None) -> Stamp | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        # jrnl itself reads a date without a day as the first of the month.
        return Stamp((int(match[1]), int(match[3]), int(match[4] or 1)), clock=clock, zone=zone)
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    year = int(match[4])
    if len(match[4]) == 2:
        if clock is None:
            return None  # "[1.2.13]" is as likely a version or a reference
        year += 2000 if year <= 68 else 1900  # the rule of strptime's %y
    return Stamp((year, int(match[1]), int(match[3])), mixed=True, dotted=match[2] == ".", clock=clock, zone=zone)


def _words(text: str, clock: time | None, zone: tzinfo | None) -> Stamp | None:
    match = _DAY_AND_WORD.fullmatch(text)
    if match:
        day, word, year = match.groups()
    else:
        match = _WORD_AND_DAY.fullmatch(text)
        if match is None:
            return None
        word, day, year = match.groups()
    for number, month in enumerate(_MONTHS, start=1):
        if word.lower() in (month, month[:3]) or (number == 9 and word.lower() == "sept"):
            return Stamp((int(year), number, int(day)), clock=clock, zone=zone)
    return None


def day_comes_first(stamps: Iterable[Stamp], where: str = "") -> bool:
    """Which of two numbers is the day, from all dates of a journal.

    A part above 12 settles it; else dots, which only day-first countries use;
    else the order of the file, which jrnl keeps sorted. Raises
    InputRefused("dates-unclear") when the file says neither or both.
    """
    mixed = [stamp for stamp in stamps if stamp.mixed and stamp.parts]
    if not mixed:
        return True
    firsts = any(stamp.parts[1] > 12 for stamp in mixed if stamp.parts)
    seconds = any(stamp.parts[2] > 12 for stamp in mixed if stamp.parts)
    if firsts != seconds:
        return firsts
    if not firsts:
        if all(stamp.dotted for stamp in mixed):
            return True
        if len({stamp.parts for stamp in mixed}) >= _ENOUGH_TO_TELL:
            orders = {order: _ascending(mixed, day_first=order) for order in (True, False)}
            if orders[True] != orders[False]:
                return orders[True]
    raise InputRefused("dates-unclear", where)


def _ascending(stamps: list[Stamp], *, day_first: bool) -> bool:
    days = [stamp.day(day_first=day_first) for stamp in stamps]
    known = [day for day in days if day is not None]
    return len(known) == len(days) and known == sorted(known)


def moment(stamp: Stamp, *, day_first: bool, day: date | None = None) -> datetime | None:
    """The wall-clock time (aware only when the stamp has an offset), midnight where it has no time; None if no day.

    `day`, known from a folder's names, wins over the written one, as in jrnl.
    """
    found = day or stamp.day(day_first=day_first)
    if found is None:
        return None
    return datetime.combine(found, stamp.clock or time(), tzinfo=stamp.zone)
