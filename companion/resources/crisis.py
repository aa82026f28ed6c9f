"""Reads and checks the shipped crisis lines and emergency numbers, and puts lines in order.

The files hold one record a line and one block a country, so that the window
reads one country at start and not the whole list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from companion.core.errors import InputRefused
from companion.core.i18n import _
from companion.resources.model import (
    ALWAYS_OPEN,
    AUDIENCES,
    TOPICS,
    Confidence,
    CrisisLine,
    Emergency,
    TextContact,
    first_day,
)

LINES_FILE = "crisis-lines.json"
EMERGENCY_FILE = "emergency-numbers.json"
INTERNATIONAL = "international"

_PHONE = re.compile(r"[0-9][0-9 -]*")
_SPECIAL = re.compile(r"[*#][0-9]+")
_KEYWORD = re.compile(r"[A-Z0-9]+")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_URL = re.compile(r"https?://[^\s\"<>]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class CrisisFile:
    """`crisis-lines.json`; raises InputRefused("damaged") where a record is not as documented."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LINES_FILE
        self._text = read(self._path)

    def lines(self, country: str) -> tuple[CrisisLine, ...]:
        """The lines of one country in order; empty where the file has none."""
        return self._parsed(country, country)

    def international(self) -> tuple[CrisisLine, ...]:
        """Websites that find a line in any country."""
        return self._parsed(INTERNATIONAL, "")

    def gathered(self) -> date:
        """The day the facts were gathered; nobody called a number then."""
        found = re.search(rb'\n"gathered": "([0-9]{4}-[0-9]{2}-[0-9]{2})"', self._text)
        if found is None:
            raise InputRefused("damaged", self._path.name)
        try:
            return first_day(found[1].decode())
        except ValueError as error:
            raise InputRefused("damaged", self._path.name) from error

    def countries(self) -> tuple[str, ...]:
        """The codes of every country with a line; reads the whole file."""
        return tuple(plain(self._text, self._path)["lines"])

    def _parsed(self, key: str, country: str) -> tuple[CrisisLine, ...]:
        raw = block(self._text, f'\n"{key}": [', "\n]", self._path)
        return in_order(parse_line(country, record) for record in raw or ())


class EmergencyFile:
    """`emergency-numbers.json`; raises InputRefused("damaged") where a record is not as documented."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / EMERGENCY_FILE
        self._text = read(self._path)

    def number(self, country: str) -> Emergency | None:
        """The number of one country, or None where no number is supported well enough to ship."""
        raw = block(self._text, f'\n"{country}": {{', "}", self._path)
        return parse_emergency(country, raw) if raw else None

    def countries(self) -> tuple[str, ...]:
        """The codes of every country with a number; reads the whole file."""
        return tuple(plain(self._text, self._path)["numbers"])


def read(path: Path) -> bytes:
    """The file's bytes. Raises InputRefused."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputRefused("not-found", path.name) from error
    except OSError as error:
        raise InputRefused("damaged", path.name) from error


def plain(text: bytes, path: Path) -> dict[str, Any]:
    """The whole document. Raises InputRefused."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputRefused("damaged", path.name) from error
    if not isinstance(document, dict):
        raise InputRefused("damaged", path.name)
    return document


def block(text: bytes, start: str, end: str, path: Path) -> Any:
    """The JSON value that opens at the last character of `start` and closes with `end`; None if not there."""
    at = text.find(start.encode())
    if at < 0:
        return None
    close = text.find(end.encode(), at)
    try:
        return json.loads(text[at + len(start) - 1 : close + len(end)].decode())
    except (ValueError, RecursionError) as error:
        raise InputRefused("damaged", path.name) from error


# --- one record --------------------------------------------------------------


def parse_line(country: str, raw: Mapping[str, Any]) -> CrisisLine:
    """A line from its record, every field checked. Raises InputRefused("damaged", where)."""
    if not isinstance(raw, Mapping):
        raise InputRefused("damaged", country or INTERNATIONAL)
    where = f"{country or INTERNATIONAL}: {raw.get('name', '')}"
    try:
        line = CrisisLine(
            country=_checked(country, _COUNTRY) if country else "",
            name=_words(raw["name"]),
            audience=_one_of(raw["audience"], AUDIENCES),
            topics=tuple(_one_of(topic, TOPICS) for topic in raw["topics"]),
            languages=tuple(_checked(code, _LANGUAGE) for code in raw.get("languages", ())),
            confidence=Confidence(raw["confidence"]),
            newest_source=_date(raw.get("newest_source")),
            sources=tuple(_words(source) for source in raw["sources"]),
            phone=_maybe(raw.get("phone"), _PHONE),
            phone_special=_maybe(raw.get("phone_special"), _SPECIAL),
            sms=_text_contact(raw.get("sms")),
            chat_url=_maybe(raw.get("chat_url"), _URL),
            website=_maybe(raw.get("website"), _URL),
            hours=_words(raw["hours"]) if "hours" in raw else None,
            caller_note=_words(raw["caller_note"]) if "caller_note" in raw else None,
            leads=raw.get("leads", False) is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputRefused("damaged", where) from error
    reachable = line.number or line.sms or (line.website and not country)
    if not (line.topics and line.sources and reachable):
        raise InputRefused("damaged", where)
    return line


def parse_emergency(country: str, raw: Mapping[str, Any]) -> Emergency:
    """An emergency number from its record, every field checked. Raises InputRefused("damaged", where)."""
    try:
        return Emergency(
            country=_checked(country, _COUNTRY),
            number=_checked(raw["number"], _PHONE),
            kind=_one_of(raw["kind"], ("general", "ambulance")),
            confidence=Confidence(raw["confidence"]),
            newest_source=_date(raw.get("newest_source")),
            sources=tuple(_words(source) for source in raw["sources"]),
            police=_maybe(raw.get("police"), _PHONE),
            ambulance=_maybe(raw.get("ambulance"), _PHONE),
            fire=_maybe(raw.get("fire"), _PHONE),
            caller_note=_words(raw["caller_note"]) if "caller_note" in raw else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefused("damaged", country) from error


def _words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _checked(value: Any, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError(value)
    return value


def _maybe(value: Any, form: re.Pattern[str]) -> str | None:
    return None if value is None else _checked(value, form)


def _one_of(value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(value)
    return str(value)


def _date(value: Any) -> str | None:
    if value is None:
        return None
    first_day(_checked(value, _DATE))
    return str(value)


def _text_contact(value: Any) -> TextContact | None:
    if value is None:
        return None
    return TextContact(_checked(value["number"], _PHONE), _maybe(value.get("keyword"), _KEYWORD))


# --- order and age -----------------------------------------------------------


def in_order(lines: Iterable[CrisisLine]) -> tuple[CrisisLine, ...]:
    """Lines as they are shown: for everyone first, then high, then newer, then open day and night.

    The age of a line never moves it behind one of lower confidence; lines that are equal stay in file order.
    """
    return tuple(sorted(lines, key=_rank))


def _rank(line: CrisisLine) -> tuple[bool, bool, bool, int, bool]:
    newest = first_day(line.newest_source).toordinal() if line.newest_source else 0
    return (
        not line.leads,
        not line.is_for_everyone,
        line.confidence is not Confidence.HIGH,
        -newest,
        line.hours != ALWAYS_OPEN,
    )


def is_stale(newest_source: str | None, today: date) -> bool:
    """True where the newest source is more than 12 months old on `today`, or its date is not known."""
    if newest_source is None:
        return True
    # Compared as year, month, day, so that 29 February needs no rule of its own.
    newest = first_day(newest_source)
    return (newest.year + 1, newest.month, newest.day) < (today.year, today.month, today.day)


def age_badge(newest_source: str | None, today: date) -> str:
    """The calm words beside an old record, or "" for one that is not old."""
    if newest_source is None:
        return _("Date not known: call first")
    if not is_stale(newest_source, today):
        return ""
    return _("Newest source {year}: call first").format(year=first_day(newest_source).year)
