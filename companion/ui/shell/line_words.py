"""A crisis line or emergency number in the words and parts that a row shows; no widgets here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from companion.core.i18n import _
from companion.resources.dialling import dial_text, sms_short, sms_text, sms_uri, spoken_digits, spoken_groups, tel_uri
from companion.resources.model import ALWAYS_OPEN, CrisisLine, Emergency, HelpPage, first_day
from companion.ui.moments import month_word

if TYPE_CHECKING:
    from companion.resources.service import Directory


_WORDS_OF_WAYS = frozenset(("you", "can", "call", "text", "or", "chat", "by", "only", "not", "phone", "also", "online"))


class Way(NamedTuple):
    """One way to reach a line: what to do in words, what Copy copies, and the address a phone can scan."""

    icon: str
    words: str
    copied: str
    uri: str = ""
    big: str = ""  # what Show big shows; "" for a web address


class LineRow(NamedTuple):
    """Everything a row says about one line, in the order of need."""

    icon: str
    name: str
    second: str
    shown: str  # the number as it is read aloud, or the web address
    spoken: str  # the same for a screen reader
    is_number: bool
    ways: tuple[Way, ...]
    open_now: bool | None = None  # None: not known, or always
    notes: tuple[str, ...] = ()
    age: str = ""  # calm words where the newest source is old
    check_first: bool = False
    source: str = ""


def row_of_line(line: CrisisLine, facts: Directory) -> LineRow:
    """The row of a crisis line."""
    ways = _ways(line)
    first = ways[0] if ways else None
    number = dial_text(line) or sms_short(line)
    return LineRow(
        icon=first.icon if first else "phone",
        name=line.name,
        second=_second(line),
        open_now=facts.open_now(line) if line.hours not in (None, ALWAYS_OPEN) else None,
        shown=number or (bare_address(first.copied) if first else ""),
        spoken=_spoken(line) or (first.words if first else ""),
        is_number=number is not None,
        ways=ways,
        age=facts.age_badge(line) if line.number or line.sms else _plain_age(line, facts),
        check_first=line.needs_checking,
        source=_source(line),
    )


def row_of_emergency(number: Emergency, facts: Directory, *, name: str = "") -> LineRow:
    """The row of the number for danger to life; `name` stands in for what kind it is."""
    kind = emergency_kind(number)
    shown = spoken_groups(number.number)
    say = _("Say what is happening and where you are.")
    way = Way("siren", _("Call {number}").format(number=shown), number.number, tel_uri(number) or "", shown)
    others = _other_services(number)
    return LineRow(
        icon="siren",
        name=name or kind,
        second=kind if name else say,
        shown=shown,
        spoken=spoken_digits(number.number),
        is_number=True,
        ways=(way,),
        notes=tuple(note for note in (say if name else "", others, number.caller_note or "") if note),
        age=_plain_age(number, facts),
        check_first=number.needs_checking,
        source=_source(number),
    )


def emergency_kind(number: Emergency) -> str:
    """What answers at this number."""
    return _("Ambulance") if number.kind == "ambulance" else _("Emergency services")


def bare_address(url: str) -> str:
    """A web address as people read it: without the scheme and without a slash at the end."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def _ways(line: CrisisLine) -> tuple[Way, ...]:
    ways: list[Way] = []
    number = dial_text(line)
    if number:
        ways.append(
            Way("phone", _("Call {number}").format(number=number), line.number or "", tel_uri(line) or "", number)
        )
    if line.sms is not None:
        ways.append(
            Way(
                "message-circle",
                sms_text(line) or "",
                line.sms.number,
                sms_uri(line) or "",
                sms_short(line) or "",
            )
        )
    if line.chat_url:
        ways.append(
            Way(
                "messages-square",
                _("Chat online: {address}").format(address=bare_address(line.chat_url)),
                line.chat_url,
            )
        )
    if line.website:
        ways.append(Way("globe", _("Website: {address}").format(address=bare_address(line.website)), line.website))
    return tuple(ways)


def _second(line: CrisisLine) -> str:
    """How to reach it, when, for whom and what to know; "day and night" only where a source says so."""
    note = line.caller_note or ""
    if not (line.number or line.sms or line.chat_url):
        return note or _("A website that finds lines in your country.")
    how = _how(line)
    if line.hours == ALWAYS_OPEN:
        reach = _("{how}, day and night.").format(how=how)
    elif line.hours is None:
        reach = _("{how}, hours not confirmed.").format(how=how)
    else:
        reach = _("{how}, {hours}.").format(how=how, hours=line.hours)
    whom = "" if "For " in note else _for_whom(line)
    return " ".join(part for part in (reach, whom, "" if _says_only_how(note) else note) if part)


def _says_only_how(note: str) -> bool:
    """True for a note such as "You can call, text or chat.", which the ways say already."""
    return set(re.findall(r"[a-z]+", note.casefold())) <= _WORDS_OF_WAYS


def _how(line: CrisisLine) -> str:
    words = {
        (True, True, True): _("Call, text or chat"),
        (True, True, False): _("Call or text"),
        (True, False, True): _("Call or chat"),
        (True, False, False): _("Call"),
        (False, True, True): _("Text or chat"),
        (False, True, False): _("Text"),
        (False, False, True): _("Chat online"),
    }
    return words[(bool(line.number), line.sms is not None, bool(line.chat_url))]


def _spoken(line: CrisisLine) -> str:
    if line.number:
        return spoken_digits(line.number)
    if line.sms is None:
        return ""
    digits = spoken_digits(line.sms.number)
    return _("{word} to {number}").format(word=line.sms.keyword, number=digits) if line.sms.keyword else digits


def _for_whom(line: CrisisLine) -> str:
    words = {
        "asian-communities": _("For Asian communities."),
        "faith-muslim": _("For Muslims."),
        "families": _("For families."),
        "indigenous": _("For Indigenous people."),
        "lgbtq": _("For LGBTQ+ people."),
        "men": _("For men."),
        "older-adults": _("For older people."),
        "pacific-communities": _("For Pacific communities."),
        "parents": _("For parents."),
        "serving-personnel": _("For people in the armed forces."),
        "suicide-loss-survivors": _("For people who lost someone to suicide."),
        "veterans": _("For veterans."),
        "women": _("For women."),
        "youth": _("For young people."),
    }
    return words.get(line.audience, "")


def _other_services(number: Emergency) -> str:
    services = (
        (_("Police {number}"), number.police),
        (_("Ambulance {number}"), number.ambulance),
        (_("Fire {number}"), number.fire),
    )
    known = [words.format(number=spoken_groups(value)) for words, value in services if value and value != number.number]
    return ". ".join(known) + "." if known else ""


def _plain_age(record: CrisisLine | Emergency, facts: Directory) -> str:
    """The age of what nobody calls first: a website, or a number for danger to life."""
    if not facts.is_stale(record):
        return ""
    if record.newest_source is None:
        return _("Date not known")
    return _("Newest source {year}").format(year=first_day(record.newest_source).year)


def _source(record: CrisisLine | Emergency) -> str:
    names = ", ".join(dict.fromkeys(record.sources))
    if not record.newest_source:
        return _("From {sources}. Date not known.").format(sources=names)
    return _("From {sources}. Newest source {date}.").format(sources=names, date=written_date(record.newest_source))


def country_words(page: HelpPage) -> str:
    """Which country this is, and how old the newest source of what is shown is."""
    if page.country is None:
        return _("No country chosen.")
    dates = [record.newest_source for record in (*page.lines, page.emergency) if record and record.newest_source]
    if not dates:
        return page.country.name
    newest = max(dates, key=first_day)
    return _("{country}. Newest source: {date}.").format(country=page.country.name, date=written_date(newest))


def written_date(written: str) -> str:
    """A YYYY, YYYY-MM or YYYY-MM-DD date as people write it."""
    parts = written.split("-")
    if len(parts) == 1:
        return parts[0]
    month = month_word(int(parts[1]))
    if len(parts) == 2:
        return _("{month} {year}").format(month=month, year=parts[0])
    return _("{day} {month} {year}").format(day=int(parts[2]), month=month, year=parts[0])
