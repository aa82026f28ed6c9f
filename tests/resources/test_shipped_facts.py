"""The shipped files themselves: every record is valid, reachable, and not edited by accident."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
import textstat

from companion.resources.crisis import CrisisFile, EmergencyFile
from companion.resources.model import LineKind

# Of the list below, not of the file: words may be corrected without a new sum, a number may not.
NUMBERS_SUM = "ec00350bd80b6132ed699151b342bb05bd7c99f0dcc5107cf1654fe1e112fcae"


def words(text: str) -> set[str]:
    return set(text.split())


def _lines(facts: Path) -> dict[str, list[dict]]:
    return json.loads((facts / "crisis-lines.json").read_text(encoding="utf-8"))["lines"]


def _numbers(facts: Path) -> dict[str, dict]:
    return json.loads((facts / "emergency-numbers.json").read_text(encoding="utf-8"))["numbers"]


def _canonical(facts: Path) -> str:
    rows = []
    for country, lines in _lines(facts).items():
        for line in lines:
            sms = line.get("sms") or {}
            numbers = (line.get("phone"), line.get("phone_special"), sms.get("number"), sms.get("keyword"))
            rows.append("|".join([country, line["name"], *(number or "" for number in numbers)]))
    for country, record in _numbers(facts).items():
        rows.append(
            "|".join([country, *(record.get(k, "") for k in ("number", "kind", "police", "ambulance", "fire"))])
        )
    return "\n".join(rows)


def test_no_number_was_edited(facts: Path) -> None:
    assert hashlib.sha256(_canonical(facts).encode()).hexdigest() == NUMBERS_SUM


def test_every_record_is_valid_and_reached_through_its_country(facts: Path) -> None:
    lines, file = _lines(facts), CrisisFile(facts)
    assert sum(len(found) for found in lines.values()) == 423
    assert len(lines) == 133
    for country, raw in lines.items():
        assert sorted(line.name for line in file.lines(country)) == sorted(record["name"] for record in raw)
    numbers, emergency = _numbers(facts), EmergencyFile(facts)
    assert len(numbers) == 222
    for country, record in numbers.items():
        found = emergency.number(country)
        assert found is not None
        assert found.number == record["number"]


def test_no_country_has_a_line_and_no_emergency_number_known_to_the_sources(facts: Path) -> None:
    without = set(_lines(facts)) - set(_numbers(facts))
    assert without <= {"BL", "MG"}, "only places whose number the sources contradict"


def test_places_without_a_line_for_everyone(facts: Path) -> None:
    file = CrisisFile(facts)
    without = {code for code in _lines(facts) if not any(line.is_for_everyone for line in file.lines(code))}
    assert without == words("AG AL AM AW AZ BA BB BH BW DZ GE GT JO MD MG MZ NA SV TN TO TR TZ VU ZM ZW")


def test_a_line_on_abuse_or_for_the_young_is_never_a_listening_line(facts: Path) -> None:
    for country, raw in _lines(facts).items():
        kinds = {line.name: line.kind for line in CrisisFile(facts).lines(country)}
        for record in raw:
            topics = set(record["topics"])
            if record["audience"] == "youth":
                assert kinds[record["name"]] is LineKind.YOUNG
            elif not topics & {"suicide", "emotional-support"}:
                assert kinds[record["name"]] in (LineKind.ABUSE, LineKind.TOPIC)


@pytest.mark.parametrize("name", ["crisis-lines.json", "emergency-numbers.json"])
def test_sources_are_names_without_addresses_or_repositories(facts: Path, name: str) -> None:
    document = json.loads((facts / name).read_text(encoding="utf-8"))
    groups = document["lines"].values() if "lines" in document else [[r] for r in document["numbers"].values()]
    for record in (record for group in groups for record in group):
        assert record["sources"]
        for source in record["sources"]:
            assert not re.search(r"https?:|/|:|\bunnamed\b|check|verif", source), source


def test_no_field_that_must_not_ship(facts: Path) -> None:
    allowed = words(
        "name phone phone_special sms chat_url website hours languages audience"
        " topics confidence newest_source sources caller_note leads"
    )
    for group in _lines(facts).values():
        for record in group:
            assert set(record) <= allowed
            assert record["confidence"] in ("high", "medium")
    allowed = words("number kind police ambulance fire confidence newest_source sources caller_note")
    for record in _numbers(facts).values():
        assert set(record) <= allowed
        assert record["confidence"] in ("high", "medium")


def test_caller_notes_are_short_plain_and_without_numbers(facts: Path) -> None:
    notes = {r["caller_note"] for group in _lines(facts).values() for r in group if "caller_note" in r}
    notes |= {record["caller_note"] for record in _numbers(facts).values() if "caller_note" in record}
    assert len(notes) > 50
    for note in notes:
        assert len(note) <= 90, note
        assert note.endswith("."), note
        assert not re.search(r"\d{3}", note), note
        assert not re.search(r"\d[\s-]*\d[\s-]*\d", note), note
        assert all(len(sentence.split()) <= 15 for sentence in note.split(". ")), note
    assert textstat.flesch_kincaid_grade(" ".join(sorted(notes))) <= 6


def test_places_whose_sources_contradict_each_other_get_no_number(facts: Path) -> None:
    low = words("BL CD CG CI DJ EH ER GA GS GW IO KM MG NI SL TD")
    assert not low & set(_numbers(facts))
    assert all(EmergencyFile(facts).number(code) is None for code in low)


def test_every_place_has_a_name(facts: Path) -> None:
    names = json.loads((facts / "countries.json").read_text(encoding="utf-8"))["names"]
    assert set(_lines(facts)) | set(_numbers(facts)) <= set(names)
    assert len(set(names.values())) == len(names)
