"""Makes assets/directory/ from a folder of gathered facts: python scripts/make_directory.py FOLDER [--to DIR].

The folder holds crisis-lines.json, emergency-numbers.json and peer-support.json as
described in assets/directory/README.md; it is not part of the product. The words that a
person wrote (caller notes, source names) are in directory_words.json beside this script.
The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVICES = ("police", "ambulance", "fire")
ONE_SOURCE = re.compile(r"Only one source for: ((?:(?:police|ambulance|fire)\b(?:, )?)+)")
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+:\S+")
FIELDS = (
    "phone",
    "phone_special",
    "sms",
    "chat_url",
    "website",
    "hours",
    "languages",
    "audience",
    "topics",
    "confidence",
)


class Undecided(SystemExit):
    """A record needs a decision by hand that directory_words.json does not hold."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("source", type=Path)
    options.add_argument("--to", type=Path, default=HERE.parent / "assets" / "directory")
    chosen = options.parse_args()
    words = read(HERE / "directory_words.json")
    lines = crisis_lines(read(chosen.source / "crisis-lines.json"), words)
    international = international_lines(read(chosen.source / "peer-support.json"), words)
    numbers = emergency_numbers(read(chosen.source / "emergency-numbers.json"), words)
    names = read(HERE.parent / "assets" / "directory" / "countries.json")["names"]
    unnamed = sorted((set(lines) | set(numbers)) - set(names))
    if unnamed:
        raise Undecided(f"countries.json has no name for {unnamed}")
    write(chosen.to / "crisis-lines.json", lines_text(words["gathered"], international, lines))
    write(chosen.to / "emergency-numbers.json", numbers_text(words["gathered"], numbers))
    print(f"{sum(map(len, lines.values()))} lines in {len(lines)} countries, {len(numbers)} emergency numbers")


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, text: str) -> None:
    json.loads(text)
    path.write_text(text, encoding="utf-8", newline="\n")


# --- crisis lines --------------------------------------------------------------


def crisis_lines(records: list[dict], words: dict) -> dict[str, list[dict]]:
    notes = words["caller_notes"]
    used: set[tuple[str, str]] = set()
    lines: dict[str, list[dict]] = {}
    for record in records:
        if record["confidence"] == "low":
            continue
        country, name = record["country"], record["name"]
        decided = notes.get(country, {}).get(name)
        if record.get("note") and decided is None:
            raise Undecided(f"no caller note decided for {country}: {name}")
        used.add((country, name))
        line = {"name": name} | {field: record[field] for field in FIELDS if record.get(field)}
        line |= dated(record, words["source_names"]["crisis_lines"])
        if decided:
            line["caller_note"] = decided
        if words["lead"].get(country) == name:
            line["leads"] = True
        lines.setdefault(country, []).append(line)
    left = {(country, name) for country in notes for name in notes[country]} - used
    if left:
        raise Undecided(f"caller notes for lines that are not there: {sorted(left)}")
    return dict(sorted(lines.items()))


def international_lines(records: list[dict], words: dict) -> list[dict]:
    by_name = {record["name"]: record for record in records if record["country"] == "international"}
    return [
        {
            "name": name,
            "website": by_name[name]["website"],
            "languages": by_name[name]["languages"],
            "audience": by_name[name]["audience"],
            "topics": ["emotional-support"],
            "confidence": by_name[name]["confidence"],
        }
        | dated(by_name[name], words["source_names"]["crisis_lines"])
        | {"caller_note": words["international_notes"][name]}
        for name in words["international"]
    ]


# --- emergency numbers -----------------------------------------------------------


def emergency_numbers(records: list[dict], words: dict) -> dict[str, dict]:
    notes = words["emergency_notes"]
    numbers: dict[str, dict] = {}
    for record in records:
        if record["confidence"] == "low":
            continue
        country, note = record["country"], record.get("note") or ""
        if note and country not in notes:
            raise Undecided(f"no caller note decided for the emergency number of {country}")
        alone = ONE_SOURCE.search(note)
        weak = set(alone[1].split(", ")) if alone else set()
        number = {"number": record["emergency_number"], "kind": record["kind"]}
        number |= {service: record[service] for service in SERVICES if record[service] and service not in weak}
        number |= {"confidence": record["confidence"]} | dated(record, words["source_names"]["emergency_numbers"])
        if notes.get(country):
            number["caller_note"] = notes[country]
        numbers[country] = number
    return dict(sorted(numbers.items()))


# --- sources ----------------------------------------------------------------------


def dated(record: dict, names: list[list[str]]) -> dict:
    shown = list(dict.fromkeys(source_name(source, names) for source in record["sources"]))
    date = {"newest_source": record["source_date"]} if record["source_date"] else {}
    return date | {"sources": shown}


def source_name(source: str, names: list[list[str]]) -> str:
    """A name a reader can use: the site for an address, else the first decided name that fits."""
    address = re.match(r"https?://(?:www\.)?([^/:?#]+)", source)
    if address:
        return address[1]
    for piece, shown in names:
        if piece in source or (piece == "OWNER/REPOSITORY:PATH" and REPOSITORY.fullmatch(source)):
            return shown
    raise Undecided(f"no name decided for the source {source}")


# --- the files: one record a line, one block a country -------------------------------


def row(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def rows(key: str, records: list[dict]) -> str:
    return f"{row(key)}: [\n" + ",\n".join(row(record) for record in records) + "\n]"


def lines_text(gathered: str, international: list[dict], lines: dict[str, list[dict]]) -> str:
    blocks = ",\n".join(rows(country, records) for country, records in lines.items())
    return f'{{\n"gathered": {row(gathered)},\n{rows("international", international)},\n"lines": {{\n{blocks}\n}}\n}}\n'


def numbers_text(gathered: str, numbers: dict[str, dict]) -> str:
    blocks = ",\n".join(f"{row(country)}: {row(number)}" for country, number in numbers.items())
    return f'{{\n"gathered": {row(gathered)},\n"numbers": {{\n{blocks}\n}}\n}}\n'


if __name__ == "__main__":
    sys.exit(main())
