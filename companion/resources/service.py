"""Directory: the built-in facts as the window and the command line ask for them; needs no vault."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from companion.core.clock import Clock
from companion.core.paths import assets
from companion.resources.country import Countries
from companion.resources.crisis import CrisisFile, EmergencyFile, age_badge, is_stale
from companion.resources.hours import open_now
from companion.resources.model import Country, CountryFound, CrisisLine, Emergency, HelpPage


class Directory:
    """Crisis lines, emergency numbers and countries from one folder of shipped files.

    Each file is read once, when it is first asked for. Every method may raise
    InputRefused (`not-found` or `damaged`) if the installation is damaged.
    """

    def __init__(self, clock: Clock, folder: Path | None = None) -> None:
        """`folder` is the shipped one unless it is given."""
        self._clock = clock
        self._folder = folder or assets() / "directory"

    def page(self, country: str | None) -> HelpPage:
        """Everything Help right now shows; `country` None or unknown gives the page without a country."""
        known = self.country(country) if country else None
        if known is None:
            return HelpPage(None, (), None, self.international())
        lines = self.lines(known.code)
        listening = any(line.is_for_everyone for line in lines)
        return HelpPage(known, lines, self.emergency(known.code), () if listening else self.international())

    def lines(
        self, country: str | None, topic: str | None = None, audience: str | None = None
    ) -> tuple[CrisisLine, ...]:
        """The lines of a country in order, narrowed to a topic or audience; without a country, international ones."""
        lines = self._lines_of(country) if country else self._lines.international()
        return tuple(
            line
            for line in lines
            if (topic is None or topic in line.topics) and (audience is None or audience == line.audience)
        )

    def international(self) -> tuple[CrisisLine, ...]:
        """Websites that find a line in any country."""
        return self._lines.international()

    def emergency(self, country: str | None) -> Emergency | None:
        """The number for danger to life, or None where none is supported well enough to ship."""
        code = self._countries.code(country) if country else None
        return self._numbers.number(code) if code else None

    def gathered(self) -> date:
        """The day the facts were gathered from public sources; nobody called a number then."""
        return self._lines.gathered()

    def countries(self) -> tuple[Country, ...]:
        """Every country and territory by name, with or without a line."""
        return self._countries.all()

    def country(self, written: str) -> Country | None:
        """The country that was written as a code ("gb", "UK"), or None."""
        code = self._countries.code(written)
        return self._countries.named(code) if code else None

    def find_country(
        self, *, option: str = "", setting: str = "", environ: Mapping[str, str] = os.environ
    ) -> CountryFound:
        """The country to show first: option, setting, locale, time zone."""
        return self._countries.find(option=option, setting=setting, environ=environ, zone=self._clock.zone_name())

    # Asking the clock reads the system's zone; whoever asks about many records asks it once and passes `now`.

    def open_now(self, line: CrisisLine, now: datetime | None = None) -> bool | None:
        """Whether the line is open at this moment; None where that is not known."""
        return open_now(line.hours, line.country, now or self._clock.now())

    def is_stale(self, record: CrisisLine | Emergency, now: datetime | None = None) -> bool:
        """True where the record's newest source is over 12 months old today, or has no date."""
        return is_stale(record.newest_source, (now or self._clock.now()).date())

    def age_badge(self, record: CrisisLine | Emergency, now: datetime | None = None) -> str:
        """The calm words beside an old record; "" for one that is not old."""
        return age_badge(record.newest_source, (now or self._clock.now()).date())

    def to_json(self, country: str | None, topic: str | None = None, audience: str | None = None) -> dict[str, Any]:
        """The document that `companion crisis --json` prints for a country, or for none."""
        page = self.page(country)
        code = page.country.code if page.country else None
        now = self._clock.now()
        return {
            "country": code,
            "country_name": page.country.name if page.country else None,
            "has_listening_line": page.has_listening_line,
            "emergency": self._emergency_json(page.emergency, now),
            "lines": [self._line_json(line, now) for line in self.lines(code, topic, audience)],
            "international": [self._line_json(line, now) for line in page.international],
        }

    def _lines_of(self, country: str) -> tuple[CrisisLine, ...]:
        code = self._countries.code(country)
        return self._lines.lines(code) if code else ()

    def _emergency_json(self, number: Emergency | None, now: datetime) -> dict[str, Any]:
        return {
            "number": number.number if number else None,
            "kind": number.kind if number else None,
            "police": number.police if number else None,
            "ambulance": number.ambulance if number else None,
            "fire": number.fire if number else None,
            "confidence": number.confidence.value if number else None,
            "newest_source": number.newest_source if number else None,
            "stale": self.is_stale(number, now) if number else None,
            "sources": list(number.sources) if number else [],
            "caller_note": number.caller_note if number else None,
        }

    def _line_json(self, line: CrisisLine, now: datetime) -> dict[str, Any]:
        return {
            "name": line.name,
            "phone": line.phone,
            "phone_special": line.phone_special,
            "sms": {"number": line.sms.number, "keyword": line.sms.keyword} if line.sms else None,
            "chat_url": line.chat_url,
            "website": line.website,
            "hours": line.hours,
            "open_now": self.open_now(line, now),
            "languages": list(line.languages),
            "audience": line.audience,
            "topics": list(line.topics),
            "kind": line.kind.value,
            "confidence": line.confidence.value,
            "newest_source": line.newest_source,
            "stale": self.is_stale(line, now),
            "sources": list(line.sources),
            "caller_note": line.caller_note,
        }

    @cached_property
    def _lines(self) -> CrisisFile:
        return CrisisFile(self._folder)

    @cached_property
    def _numbers(self) -> EmergencyFile:
        return EmergencyFile(self._folder)

    @cached_property
    def _countries(self) -> Countries:
        return Countries(self._folder)
