"""Order of lines, the age badge, and what happens to a damaged file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.errors import InputRefused
from companion.resources.crisis import CrisisFile, EmergencyFile, age_badge, in_order, is_stale, parse_line
from companion.resources.model import Confidence, CrisisLine, LineKind

LINE = CrisisLine(
    country="GB",
    name="A line",
    audience="everyone",
    topics=("suicide", "emotional-support"),
    languages=("en",),
    confidence=Confidence.HIGH,
    newest_source="2026-06",
    sources=("a public list",),
    phone="116 123",
    hours="24/7",
)


def line(name: str, **changes: object) -> CrisisLine:
    return LINE._replace(name=name, **changes)


def names(lines: tuple[CrisisLine, ...]) -> list[str]:
    return [each.name for each in lines]


def test_the_order_of_the_rule() -> None:
    wanted = [
        line("set by hand to lead", leads=True, confidence=Confidence.MEDIUM, newest_source=None),
        line("newest", newest_source="2026-10"),
        line("newest, day and night first", newest_source="2026-09-30"),
        line("newest, but closed at night", newest_source="2026-09-30", hours="9am-5pm daily"),
        line("old and high", newest_source="2022"),
        line("no date and high", newest_source=None),
        line("new and medium", confidence=Confidence.MEDIUM, newest_source="2026-11"),
        line("new, high, for veterans only", audience="veterans", newest_source="2026-11"),
        line("new, high, about gambling", topics=("gambling",), newest_source="2026-10-30"),
    ]
    assert names(in_order(reversed(wanted))) == names(tuple(wanted))


@given(st.permutations(range(6)))
def test_the_order_does_not_depend_on_the_file_unless_lines_are_equal(order: list[int]) -> None:
    lines = [line(str(i), newest_source=f"202{i}-05") for i in range(6)]
    assert names(in_order(lines[i] for i in order)) == list("543210")


def test_equal_lines_keep_the_order_of_the_file() -> None:
    assert names(in_order([line("first"), line("second"), line("third")])) == ["first", "second", "third"]


def test_age_never_pushes_a_line_behind_one_of_lower_confidence() -> None:
    old, new = line("old", newest_source="2019-01-01"), line("new", confidence=Confidence.MEDIUM)
    assert names(in_order([new, old])) == ["old", "new"]


@pytest.mark.parametrize(
    ("topics", "audience", "kind"),
    [
        (("suicide",), "everyone", LineKind.LISTENING),
        (("domestic-abuse", "emotional-support"), "everyone", LineKind.LISTENING),
        (("emotional-support",), "lgbtq", LineKind.LISTENING),
        (("emotional-support",), "youth", LineKind.YOUNG),
        (("child-abuse",), "everyone", LineKind.ABUSE),
        (("victims-of-crime", "bereavement"), "everyone", LineKind.ABUSE),
        (("mental-health",), "everyone", LineKind.TOPIC),
    ],
)
def test_kinds(topics: tuple[str, ...], audience: str, kind: LineKind) -> None:
    assert line("x", topics=topics, audience=audience).kind is kind


@pytest.mark.parametrize(
    ("newest", "today", "stale"),
    [
        ("2025-11-22", date(2026, 11, 22), False),
        ("2025-11-21", date(2026, 11, 22), True),
        ("2025-11", date(2026, 11, 1), False),
        ("2025-11", date(2026, 11, 2), True),
        ("2026", date(2027, 1, 1), False),
        ("2026", date(2027, 1, 2), True),
        ("2024-02-29", date(2025, 2, 28), False),
        ("2024-02-29", date(2025, 3, 1), True),
        (None, date(2026, 1, 1), True),
        ("2027-01-01", date(2026, 1, 1), False),
    ],
)
def test_more_than_twelve_months(newest: str | None, today: date, stale: bool) -> None:
    assert is_stale(newest, today) is stale


def test_the_badge_says_the_year_and_what_to_do() -> None:
    today = date(2026, 11, 22)
    assert age_badge("2023-12-01", today) == "Newest source 2023: call first"
    assert age_badge(None, today) == "Date not known: call first"
    assert age_badge("2026-10", today) == ""


RECORD = {
    "name": "A line",
    "phone": "116 123",
    "audience": "everyone",
    "topics": ["suicide"],
    "languages": ["en"],
    "confidence": "high",
    "newest_source": "2026-10",
    "sources": ["a public list"],
}


@pytest.mark.parametrize(
    "change",
    [
        {"phone": "call us"},
        {"phone": 116123},
        {"phone": None},
        {"phone": "+44 116 123"},
        {"confidence": "low"},
        {"audience": "nobody"},
        {"topics": []},
        {"topics": ["weather"]},
        {"sources": []},
        {"newest_source": "2026-13"},
        {"newest_source": "last year"},
        {"website": "javascript:alert(1)"},
        {"sms": {"number": "85258", "keyword": "SHOUT&body=x"}},
        {"name": " "},
        {"hours": ""},
        {"languages": ["English"]},
    ],
)
def test_a_record_that_is_not_as_documented_is_refused(change: dict) -> None:
    parse_line("GB", RECORD)
    with pytest.raises(InputRefused) as refused:
        parse_line("GB", RECORD | change)
    assert refused.value.reason == "damaged"


@pytest.mark.parametrize("missing", ["name", "audience", "topics", "confidence", "sources"])
def test_a_missing_field_is_refused(missing: str) -> None:
    with pytest.raises(InputRefused):
        parse_line("GB", {key: value for key, value in RECORD.items() if key != missing})


def test_a_missing_or_cut_off_file_is_a_typed_error(facts: Path, tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        CrisisFile(tmp_path)
    assert refused.value.reason == "not-found"
    whole = (facts / "crisis-lines.json").read_bytes()
    (tmp_path / "crisis-lines.json").write_bytes(whole[: whole.index(b'\n"ZW"') + 30])
    cut = CrisisFile(tmp_path)
    with pytest.raises(InputRefused):
        cut.lines("ZW")
    with pytest.raises(InputRefused):
        cut.countries()
    assert names(cut.lines("GB")) == names(CrisisFile(facts).lines("GB")), "what is whole is still shown"
    (tmp_path / "emergency-numbers.json").write_bytes(b'{\n"numbers": {\n"GB": {"number": "999"}\n}}\n')
    with pytest.raises(InputRefused):
        EmergencyFile(tmp_path).number("GB")


def test_other_countries_records_are_not_read_for_one_country(facts: Path, tmp_path: Path) -> None:
    document = json.loads((facts / "crisis-lines.json").read_text(encoding="utf-8"))
    text = (facts / "crisis-lines.json").read_text(encoding="utf-8")
    first = document["lines"]["US"][0]["name"]
    (tmp_path / "crisis-lines.json").write_text(text.replace(f'"name": "{first}"', '"name": 7'), encoding="utf-8")
    damaged = CrisisFile(tmp_path)
    assert damaged.lines("GB")
    with pytest.raises(InputRefused):
        damaged.lines("US")
