"""Every shipped number against the record it came from; only where the source data are beside the checkout."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not (SOURCE / "crisis-lines.json").is_file(), reason="source data are not here")

ISO_DATE = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
NUMBER = re.compile(r"\(?\d[\d ().-]*\d")


def _read(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


def _shipped(facts: Path) -> dict[tuple[str, str], dict]:
    lines = _read(facts / "crisis-lines.json")["lines"]
    return {(country, record["name"]): record for country in lines for record in lines[country]}


def _source() -> dict[tuple[str, str], dict]:
    return {(r["country"], r["name"]): r for r in _read(SOURCE / "crisis-lines.json")}


def _note_numbers(record: dict) -> Iterator[str]:
    for found in NUMBER.findall(ISO_DATE.sub(" ", record.get("note") or "")):
        digits = re.sub(r"\D", "", found)
        is_year = re.fullmatch(r"(19|20)\d\d((19|20)\d\d)?", digits)
        if len(digits) >= 3 and not is_year:
            yield digits


def _own_numbers(record: dict) -> set[str]:
    numbers = [record["phone"], record.get("phone_special"), (record["sms"] or {}).get("number")]
    return {re.sub(r"\D", "", number) for number in numbers if number}


def test_what_ships_is_every_record_that_is_not_low(facts: Path) -> None:
    wanted = {key for key, record in _source().items() if record["confidence"] != "low"}
    assert set(_shipped(facts)) == wanted


def test_every_field_is_the_sources_own(facts: Path) -> None:
    source = _source()
    for key, record in _shipped(facts).items():
        origin = source[key]
        for field in ("phone", "phone_special", "sms", "chat_url", "website", "hours", "audience", "confidence"):
            assert record.get(field) == origin.get(field), (key, field)
        for field in ("topics", "languages"):
            assert record.get(field, []) == origin[field], (key, field)
        assert record.get("newest_source") == origin["source_date"], key


def test_numbers_in_notes_reach_no_field_but_a_name_or_an_address(facts: Path) -> None:
    source = _source()
    in_names = set()
    for key, record in _shipped(facts).items():
        origin = source[key]
        foreign = set(_note_numbers(origin)) - _own_numbers(origin)
        said = [record.get("caller_note", ""), record.get("hours", ""), *record["sources"]]
        digits = {re.sub(r"\D", "", found) for text in said for found in NUMBER.findall(text)} | _own_numbers(origin)
        assert not foreign & digits, key
        name = re.sub(r"\D", "", record["name"])
        in_names |= {key[0] for number in foreign if number in name}
    # The Dutch line is named after the number that also reaches it; a British one carries 247 for its hours.
    assert in_names <= {"NL", "GB"}


def test_emergency_numbers_are_the_sources_own(facts: Path) -> None:
    shipped = _read(facts / "emergency-numbers.json")["numbers"]
    source = {record["country"]: record for record in _read(SOURCE / "emergency-numbers.json")}
    assert set(shipped) == {code for code, record in source.items() if record["confidence"] != "low"}
    for code, record in shipped.items():
        assert record["number"] == source[code]["emergency_number"]
        assert record["kind"] == source[code]["kind"]
        assert record["newest_source"] == source[code]["source_date"]
        alone = re.search(r"Only one source for: ([a-z, ]+)", source[code].get("note") or "")
        for service in ("police", "ambulance", "fire"):
            weak = alone is not None and service in alone[1]
            assert record.get(service) == (None if weak else source[code][service]), (code, service)


def test_the_script_makes_exactly_these_files(facts: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_directory.py"), str(SOURCE), "--to", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in ("crisis-lines.json", "emergency-numbers.json"):
        assert (tmp_path / name).read_bytes() == (facts / name).read_bytes()
