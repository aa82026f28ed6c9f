"""Which country to show: the setting, else the locale, else the time zone; and the zones of a country.

Zone tables come from the system or the `tzdata` package (`zone.tab`, `tzdata.zi`: public domain),
so that they are as new as the clock's own rules.
"""

from __future__ import annotations

import importlib.util
import json
import zoneinfo
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from companion.core.errors import InputRefused
from companion.resources.model import Country, CountryFound, FoundBy

COUNTRIES_FILE = "countries.json"

# Codes people type that ISO 3166 writes otherwise.
_SPELLINGS = {"UK": "GB", "EL": "GR"}
# Settings of region formats before LANG, which often says only the language of the menus.
_LOCALE_VARIABLES = ("LC_ALL", "LC_TELEPHONE", "LC_ADDRESS", "LC_MONETARY", "LC_TIME", "LANG")


class Countries:
    """`countries.json`: display names, and the few time zone names that the system's tables do not settle."""

    def __init__(self, folder: Path) -> None:
        path = folder / COUNTRIES_FILE
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            self._names = _words(document["names"])
            self._zones = _words(document["zones"])
        except FileNotFoundError as error:
            raise InputRefused("not-found", path.name) from error
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputRefused("damaged", path.name) from error

    def all(self) -> tuple[Country, ...]:
        """Every country and territory, by name."""
        return tuple(sorted((Country(name, code) for code, name in self._names.items()), key=_by_name))

    def code(self, written: str) -> str | None:
        """The code for what was written ("gb", "UK"), or None for no known country."""
        code = written.strip().upper()
        code = _SPELLINGS.get(code, code)
        return code if code in self._names else None

    def named(self, code: str) -> Country | None:
        """The country with this code, or None."""
        return Country(self._names[code], code) if code in self._names else None

    def of_zone(self, zone: str) -> str | None:
        """The country of a time zone, or None where the zone says nothing about one."""
        if not zone or zone.startswith(("Etc/", "UTC", "GMT")):
            return None
        codes = {code for name, code in _zone_table() if name == zone}
        if len(codes) > 1:
            return None
        found = codes.pop() if codes else self._zones.get(zone) or _of_link(zone)
        return found if found in self._names else None

    def of_locale(self, environ: Mapping[str, str]) -> str | None:
        """The country of the system's locale ("en_GB.UTF-8" is GB), or None."""
        for name in _LOCALE_VARIABLES:
            language, _, region = environ.get(name, "").partition(".")[0].partition("@")[0].partition("_")
            if language and region and self.code(region):
                return self.code(region)
        return None

    def find(self, *, option: str, setting: str, environ: Mapping[str, str], zone: str) -> CountryFound:
        """The country by option, setting, locale, then time zone; unknown codes are passed over."""
        for written, by in ((option, FoundBy.OPTION), (setting, FoundBy.SETTING)):
            code = self.code(written)
            if code:
                return CountryFound(code, by)
        by_locale = self.of_locale(environ)
        by_zone = self.of_zone(zone)
        if by_locale:
            return CountryFound(by_locale, FoundBy.LOCALE, by_zone if by_zone != by_locale else None)
        return CountryFound(by_zone, FoundBy.ZONE) if by_zone else CountryFound(None, FoundBy.NOTHING)


def _words(table: Any) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise TypeError
    return table


def zones_of(country: str) -> tuple[str, ...]:
    """The IANA zones in use in a country; empty where the tables do not have it."""
    return tuple(zone for zone, code in _zone_table() if code == country)


def _by_name(country: Country) -> str:
    # Å and Côte sort beside their plain letters for a reader of English.
    return country.name.casefold().replace("å", "a").replace("ã", "a").replace("é", "e").replace("ô", "o")


# --- the tables of the time zone database --------------------------------------


@cache
def _zone_table() -> tuple[tuple[str, str], ...]:
    """Zone and country, one row a pair (`zone.tab`); a disputed zone has several."""
    rows = (row.split("\t") for row in _rows("zone.tab"))
    return tuple((row[2], row[0]) for row in rows if len(row) > 2)


def _of_link(zone: str) -> str | None:
    """The country of an older zone name, where the zone it stands for lies in one country only."""
    target = next((row.split()[1] for row in _rows("tzdata.zi") if row.startswith("L ") and row.split()[2] == zone), "")
    for row in _rows("zone1970.tab"):
        codes, _, name, *_ = row.split("\t")
        if name == target and "," not in codes:
            return codes
    return None


def _rows(name: str) -> Iterator[str]:
    for folder in _folders():
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            yield from (row for row in text.splitlines() if row and not row.startswith("#"))
            return


def _folders() -> Iterator[Path]:
    # The order in which zoneinfo itself looks for a zone.
    yield from (Path(folder) for folder in zoneinfo.TZPATH)
    package = importlib.util.find_spec("tzdata")
    if package and package.origin:
        yield Path(package.origin).parent / "zoneinfo"
