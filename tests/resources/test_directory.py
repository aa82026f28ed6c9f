"""Directory: what the window and `companion crisis` get for a country."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.resources.model import Confidence, FoundBy, PageState
from companion.resources.service import Directory
from tests.fakes import FakeClock

LINE_KEYS = {
    "name", "phone", "sms", "chat_url", "website", "hours", "open_now", "languages", "audience", "topics",
    "confidence", "newest_source", "stale", "sources", "caller_note",
}  # fmt: skip


def test_the_first_line_of_the_most_used_countries(directory: Directory) -> None:
    first = {code: directory.lines(code)[0] for code in ("US", "GB", "IN", "DE", "FR", "BR", "CA", "NZ", "IE")}
    assert {code: line.number for code, line in first.items()} == {
        "US": "988",
        "GB": "116 123",
        "IN": "14416",
        "DE": "0800 111 0 111",
        "FR": "3114",
        "BR": "188",
        "CA": "988",
        "NZ": "1737",
        "IE": "116 123",
    }


def test_lines_for_everyone_stand_before_all_others(directory: Directory) -> None:
    for country in directory.countries():
        order = [line.is_for_everyone for line in directory.lines(country.code)]
        assert order == sorted(order, reverse=True), country


def test_narrowed_to_a_topic_or_an_audience(directory: Directory) -> None:
    young = directory.lines("GB", audience="youth")
    assert young
    assert all(line.audience == "youth" for line in young)
    grief = directory.lines("GB", topic="bereavement")
    assert grief
    assert all("bereavement" in line.topics for line in grief)
    assert directory.lines("GB", topic="bereavement", audience="youth") == ()


def test_states_of_a_page(directory: Directory) -> None:
    states = {code: directory.page(code).state for code in ("GB", "TR", "BB", "AD", "GA", "MM", "BL", "ZZ")}
    assert states == {
        "GB": PageState.LISTENING,
        "TR": PageState.OTHER_LINES,
        "BB": PageState.OTHER_LINES,
        "AD": PageState.EMERGENCY_ONLY,
        "GA": PageState.NOTHING,
        "MM": PageState.NOTHING,
        "BL": PageState.LISTENING,
        "ZZ": PageState.NO_COUNTRY,
    }
    assert directory.page(None).state is PageState.NO_COUNTRY


def test_no_page_is_ever_empty(directory: Directory) -> None:
    for country in directory.countries():
        page = directory.page(country.code)
        assert page.lines or page.international, country
        if page.state is PageState.EMERGENCY_ONLY:
            assert page.emergency is not None
    assert directory.page(None).international


def test_about_a_hundred_countries_have_a_number_and_no_line(directory: Directory) -> None:
    states = [directory.page(country.code).state for country in directory.countries()]
    assert states.count(PageState.EMERGENCY_ONLY) == 91
    assert states.count(PageState.OTHER_LINES) == 25


def test_medium_records_say_so(directory: Directory) -> None:
    lines = directory.lines("KE")
    assert [line.needs_checking for line in lines] == [line.confidence is Confidence.MEDIUM for line in lines]
    assert any(line.needs_checking for line in lines)
    ambulance = directory.emergency("MA")
    assert ambulance is not None
    assert (ambulance.kind, ambulance.needs_checking) == ("ambulance", True)


def test_age_is_computed_on_the_day(facts: Path) -> None:
    early = Directory(FakeClock(datetime(2026, 11, 22, tzinfo=UTC)), facts)
    late = Directory(FakeClock(datetime(2027, 11, 23, tzinfo=UTC)), facts)
    samaritans = early.lines("GB")[0]
    assert early.age_badge(samaritans) == ""
    assert early.is_stale(samaritans) is False
    assert late.age_badge(samaritans) == "Newest source 2026: call first"
    assert [line.name for line in early.lines("GB")] == [line.name for line in late.lines("GB")]
    undated = next(line for line in early.lines("IN") if line.newest_source is None)
    assert early.age_badge(undated) == "Date not known: call first"


def test_open_now_follows_the_clock(facts: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    directory = Directory(clock, facts)
    line = next(line for line in directory.lines("GB") if line.hours == "5pm-midnight daily")
    assert directory.open_now(line) is False
    clock.move(hours=1)
    assert directory.open_now(line) is True
    unknown = next(line for line in directory.lines("GB") if line.hours is None)
    assert directory.open_now(unknown) is None


def test_the_promised_document(directory: Directory) -> None:
    document = directory.to_json("gb")
    assert json.loads(json.dumps(document)) == document
    assert document["country"] == "GB"
    assert document["emergency"]["number"] == "999"
    assert document["emergency"]["kind"] == "general"
    assert len(document["lines"]) == 29
    assert all(set(line) >= LINE_KEYS for line in document["lines"])
    shout = next(line for line in document["lines"] if line["name"] == "Shout")
    assert shout["sms"] == {"number": "85258", "keyword": "SHOUT"}
    assert shout["phone"] is None
    assert {line["open_now"] for line in document["lines"]} <= {True, False, None}


def test_the_document_without_a_country(directory: Directory) -> None:
    document = directory.to_json(None)
    assert document["country"] is None
    assert document["emergency"]["number"] is None
    assert [line["website"] for line in document["lines"]] == ["https://findahelpline.com", "https://befrienders.org"]


def test_the_document_of_a_place_without_a_number(directory: Directory) -> None:
    document = directory.to_json("GA")
    assert document["emergency"]["number"] is None
    assert document["lines"] == []
    assert document["has_listening_line"] is False
    assert document["international"]


def test_the_document_can_be_narrowed(directory: Directory) -> None:
    document = directory.to_json("GB", topic="suicide", audience="youth")
    assert [line["name"] for line in document["lines"]] == ["PAPYRUS HOPELINE247"]


def test_the_country_comes_from_the_clock_too(facts: Path) -> None:
    directory = Directory(FakeClock(zone="Asia/Kolkata"), facts)
    found = directory.find_country(environ={})
    assert (found.code, found.by) == ("IN", FoundBy.ZONE)
    assert directory.find_country(setting="FR", environ={"LANG": "en_US.UTF-8"}).code == "FR"


def test_when_the_facts_were_gathered(directory: Directory) -> None:
    assert directory.gathered().isoformat() == "2026-11-22"


@pytest.mark.parametrize("written", ["UK", "gb", "GB"])
def test_a_country_is_found_as_people_write_it(directory: Directory, written: str) -> None:
    found = directory.country(written)
    assert found is not None
    assert (found.code, found.name) == ("GB", "United Kingdom")
    assert directory.lines(written)
    assert directory.emergency(written) is not None
