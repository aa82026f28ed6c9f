"""What the built-in facts are: crisis lines, emergency numbers, countries, and the page for one country.

All values are named tuples: they are made at every start, in a fifth of a dataclass's time.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import NamedTuple

EVERYONE = "everyone"
ALWAYS_OPEN = "24/7"

# Closed vocabularies of the shipped file; `crisis.parse_line` refuses anything else.
AUDIENCES = (
    EVERYONE,
    "asian-communities",
    "faith-muslim",
    "families",
    "indigenous",
    "lgbtq",
    "men",
    "older-adults",
    "pacific-communities",
    "parents",
    "serving-personnel",
    "suicide-loss-survivors",
    "veterans",
    "women",
    "youth",
)
TOPICS = (
    "bereavement",
    "caregivers",
    "child-abuse",
    "disaster-distress",
    "discrimination",
    "domestic-abuse",
    "eating-disorders",
    "emotional-support",
    "gambling",
    "mental-health",
    "peer-support",
    "perinatal",
    "runaway",
    "sexual-violence",
    "substance-use",
    "suicide",
    "victims-of-crime",
)
_LISTENING_TOPICS = frozenset({"suicide", "emotional-support"})
_ABUSE_TOPICS = frozenset({"child-abuse", "domestic-abuse", "sexual-violence", "victims-of-crime"})


class Confidence(Enum):
    """How well a record is supported; MEDIUM is shown with "Check before you rely on it"."""

    HIGH = "high"
    MEDIUM = "medium"


class LineKind(Enum):
    """What a line may be called: only LISTENING may be called a listening or crisis line."""

    LISTENING = "listening"
    YOUNG = "young"
    ABUSE = "abuse"
    TOPIC = "topic"


class TextContact(NamedTuple):
    """A number that takes text messages, and the word to send first (None: no word is asked for)."""

    number: str
    keyword: str | None = None


class CrisisLine(NamedTuple):
    """One line as its sources state it; numbers are as dialled inside `country`, never reformatted.

    `country` is an ISO 3166 code, or "" for a website that serves every country.
    `newest_source` is YYYY, YYYY-MM or YYYY-MM-DD, or None where no date is known.
    What to press after the number is part of `name`: always show the name with the number.
    """

    country: str
    name: str
    audience: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    confidence: Confidence
    newest_source: str | None
    sources: tuple[str, ...]
    phone: str | None = None
    phone_special: str | None = None  # dialled with a star; `phone` holds digits only
    sms: TextContact | None = None
    chat_url: str | None = None
    website: str | None = None
    hours: str | None = None  # None: no source states them
    caller_note: str | None = None
    leads: bool = False  # set by hand where one line stands before all others of its country

    @property
    def number(self) -> str | None:
        """What a caller dials, or None for a line without a telephone."""
        return self.phone or self.phone_special

    @property
    def kind(self) -> LineKind:
        """What this line may be called."""
        topics = frozenset(self.topics)
        if self.audience == "youth":
            return LineKind.YOUNG
        if topics & _LISTENING_TOPICS:
            return LineKind.LISTENING
        if topics & _ABUSE_TOPICS:
            return LineKind.ABUSE
        return LineKind.TOPIC

    @property
    def is_for_everyone(self) -> bool:
        """True for a line on suicide or emotional support that anyone may call."""
        return self.audience == EVERYONE and self.kind is LineKind.LISTENING

    @property
    def needs_checking(self) -> bool:
        """True where "Check before you rely on it" stands beside the line."""
        return self.confidence is Confidence.MEDIUM


class Emergency(NamedTuple):
    """The number for danger to life in one country.

    `kind` is "general" (every service) or "ambulance" (the ambulance only). The three
    service numbers are None where no second source supports them.
    """

    country: str
    number: str
    kind: str
    confidence: Confidence
    newest_source: str | None
    sources: tuple[str, ...]
    police: str | None = None
    ambulance: str | None = None
    fire: str | None = None
    caller_note: str | None = None

    @property
    def needs_checking(self) -> bool:
        """True where "Check before you rely on it" stands beside the number."""
        return self.confidence is Confidence.MEDIUM


class Country(NamedTuple):
    """A country or territory; sorts by its English display name."""

    name: str
    code: str


class FoundBy(Enum):
    """Where the country comes from."""

    OPTION = "option"
    SETTING = "setting"
    LOCALE = "locale"
    ZONE = "zone"
    NOTHING = "nothing"


class CountryFound(NamedTuple):
    """The country to show first and why; `other` is what the time zone says where that differs."""

    code: str | None
    by: FoundBy
    other: str | None = None


class PageState(Enum):
    """What Help right now has to say about a country."""

    LISTENING = "listening"  # at least one line for everyone
    OTHER_LINES = "other-lines"  # only lines for some people or topics: not "crisis lines"
    EMERGENCY_ONLY = "emergency-only"  # a number for danger to life, and no line
    NOTHING = "nothing"  # neither is known
    NO_COUNTRY = "no-country"


class HelpPage(NamedTuple):
    """Everything Help right now shows for one country, or for no known country."""

    country: Country | None
    lines: tuple[CrisisLine, ...]
    emergency: Emergency | None
    international: tuple[CrisisLine, ...]  # websites that find a line; offered in every state but LISTENING

    @property
    def has_listening_line(self) -> bool:
        """True if anyone may call one of the lines about suicide or for emotional support."""
        return any(line.is_for_everyone for line in self.lines)

    @property
    def state(self) -> PageState:
        """Which words and parts the page needs."""
        if self.country is None:
            return PageState.NO_COUNTRY
        if self.has_listening_line:
            return PageState.LISTENING
        if self.lines:
            return PageState.OTHER_LINES
        return PageState.EMERGENCY_ONLY if self.emergency else PageState.NOTHING


def first_day(written: str) -> date:
    """The first day that a YYYY, YYYY-MM or YYYY-MM-DD date can mean. Raises ValueError."""
    parts = [int(part) for part in written.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return date(year, month, day)
