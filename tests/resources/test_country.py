"""Where the country comes from: option, setting, locale, time zone."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.core.errors import InputRefused
from companion.resources import country as country_module
from companion.resources.country import Countries, zones_of
from companion.resources.model import CountryFound, FoundBy


@pytest.fixture
def countries(facts: Path) -> Countries:
    return Countries(facts)


def find(countries: Countries, option: str = "", setting: str = "", zone: str = "", **environ: str) -> CountryFound:
    return countries.find(option=option, setting=setting, environ=environ, zone=zone)


def test_the_order_of_reasons(countries: Countries) -> None:
    everything = {"LANG": "de_DE.UTF-8"}
    assert find(countries, "fr", "ES", "Asia/Tokyo", **everything) == CountryFound("FR", FoundBy.OPTION)
    assert find(countries, "", "ES", "Asia/Tokyo", **everything) == CountryFound("ES", FoundBy.SETTING)
    assert find(countries, "", "", "Asia/Tokyo", **everything) == CountryFound("DE", FoundBy.LOCALE, "JP")
    assert find(countries, zone="Asia/Tokyo") == CountryFound("JP", FoundBy.ZONE)
    assert find(countries) == CountryFound(None, FoundBy.NOTHING)


def test_locale_and_zone_that_agree_name_no_other(countries: Countries) -> None:
    assert find(countries, zone="Europe/Berlin", LANG="de_DE.UTF-8").other is None


def test_unknown_codes_are_passed_over(countries: Countries) -> None:
    assert find(countries, "ZZ", "Atlantis", LANG="en_GB.UTF-8").code == "GB"


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LANG": "en_GB.UTF-8"}, "GB"),
        ({"LANG": "ca_ES@valencia"}, "ES"),
        ({"LANG": "pt_BR"}, "BR"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "C"}, None),
        ({"LANG": "POSIX"}, None),
        ({"LANG": "en"}, None),
        ({"LANG": "en_001.UTF-8"}, None),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, "FR"),
        ({"LANG": "en_US.UTF-8", "LC_TELEPHONE": "de_AT.UTF-8"}, "AT"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "US"),
        ({"LANG": "sr_RS@latin"}, "RS"),
        ({}, None),
    ],
)
def test_locales(countries: Countries, environ: dict[str, str], code: str | None) -> None:
    assert countries.of_locale(environ) == code


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ("Europe/London", "GB"),
        ("Europe/Oslo", "NO"),
        ("Atlantic/Reykjavik", "IS"),
        ("Iceland", "IS"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("US/Pacific", "US"),
        ("America/Virgin", "VI"),
        ("Africa/Asmera", "ER"),
        ("Japan", "JP"),
        ("Europe/Belgrade", "RS"),
        ("UTC", None),
        ("Etc/GMT-3", None),
        ("EST", None),
        ("CET", None),
        ("Nowhere/City", None),
        ("", None),
    ],
)
def test_zones(countries: Countries, zone: str, code: str | None) -> None:
    assert countries.of_zone(zone) == code


def test_no_older_zone_name_lands_in_a_wrong_country(countries: Countries) -> None:
    """A link may cross a border (Iceland is linked to Abidjan); those we do not know stay unknown."""
    links = [row.split() for row in country_module._rows("tzdata.zi") if row.startswith("L ")]
    assert len(links) > 100
    across = {
        "Africa/Asmera": "ER",
        "Africa/Timbuktu": "ML",
        "America/Coral_Harbour": "CA",
        "America/Virgin": "VI",
        "Atlantic/Jan_Mayen": "SJ",
        "Iceland": "IS",
        "Pacific/Ponape": "FM",
        "Pacific/Truk": "FM",
        "Pacific/Yap": "FM",
    }
    for name, code in across.items():
        assert countries.of_zone(name) == code
    table = dict(country_module._zone_table())
    for _mark, target, name in links:
        found = countries.of_zone(name)
        if found is not None and name not in table and name not in across:
            assert found == table.get(target, found), name


def test_without_tables_the_most_used_zones_are_still_known(
    countries: Countries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(country_module, "_folders", lambda: iter(()))
    country_module._zone_table.cache_clear()
    try:
        assert countries.of_zone("Europe/London") == "GB"
        assert countries.of_zone("Asia/Kolkata") == "IN"
        assert countries.of_zone("Asia/Thimphu") is None
        assert zones_of("GB") == ()
    finally:
        country_module._zone_table.cache_clear()


def test_tables_come_from_the_package_where_the_system_has_none(
    countries: Countries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    country_module._zone_table.cache_clear()
    try:
        assert countries.of_zone("Asia/Thimphu") == "BT"
    finally:
        country_module._zone_table.cache_clear()


def test_spellings(countries: Countries) -> None:
    assert countries.code("uk") == "GB"
    assert countries.code(" gr ") == "GR"
    assert countries.code("United Kingdom") is None


def test_all_countries_are_in_order(countries: Countries) -> None:
    names = [country.name for country in countries.all()]
    assert len(names) == 250
    assert names.index("Åland Islands") < names.index("Albania")
    assert names[-1] == "Zimbabwe"


def test_a_damaged_file_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        Countries(tmp_path)
    (tmp_path / "countries.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputRefused):
        Countries(tmp_path)
