"""JSON made to break parsers, read as a journal, inside one, and inside rich text: typed refusals only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.core.errors import REFUSALS
from companion.journal.importers.dayone_rich import markdown
from tests.journal.import_kit import day_one, entry, outcome, served, take

SUITE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "nasty" / "json-test-suite"
SAMPLES = sorted(SUITE.glob("*.json")) if SUITE.is_dir() else []

# The kinds of cases that are known to break parsers, written out anew.
CASES = {
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"":' * 100_000,
    "deep both": b'[{"":' * 50_000,
    "deep but closed": b"[" * 500 + b"]" * 500,
    "deeper than allowed": b"[" * 50_000 + b"]" * 50_000,
    "huge exponent": b"[1e400,-1e400,123123e100000]",
    "huge integer": b"[" + b"9" * 10_000 + b"]",
    "huge fraction": b"[0." + b"9" * 10_000 + b"]",
    "not a number": b"[NaN,Infinity,-Infinity]",
    "lone surrogates": b'["\\ud800","\\udfff\\ud800","\\uD83D"]',
    "cut escape": b'["\\u12',
    "bad escape": b'["\\x00"]',
    "raw control": b'["a\nb\tc\x00d"]',
    "raw nul": b"\x00",
    "latin 1": b'["\xe9"]',
    "overlong utf-8": b'["\xc0\xaf"]',
    "cut utf-8": b'["\xe2\x82',
    "encoded surrogate": b'["\xed\xa0\x80"]',
    "byte order mark": b"\xef\xbb\xbf[]",
    "half byte order mark": b"\xef\xbb",
    "utf-16": "[1]".encode("utf-16"),
    "utf-16 cut": '["é"]'.encode("utf-16")[:-1],
    "double keys": b'{"a":1,"a":{"a":[]}}',
    "trailing comma": b"[1,]",
    "leading zero": b"[-01]",
    "single quotes": b"['a']",
    "comment": b"[1/* no */]",
    "two values": b"[] []",
    "unclosed": b'{"a":',
    "only white": b" \n\t",
    "nothing": b"",
    "scalar": b"42",
    "string": b'"text"',
    "word": b"nul",
    "form feed": b"[\x0c]",
    "wide space": "[\u2060]".encode(),
}


def all_cases() -> list[object]:
    made = [pytest.param(raw, id=name) for name, raw in CASES.items()]
    return made + [pytest.param(path.read_bytes(), id=path.name) for path in SAMPLES]


def check(path: Path, wanted: str | None = None) -> str:
    last = outcome(served(path, wanted=wanted))
    assert last["type"] in ("summary", "refused")
    if last["type"] == "refused":
        assert last["reason"] in REFUSALS
    return str(last.get("reason", ""))


@pytest.mark.parametrize("raw", all_cases())
def test_a_hostile_document_ends_in_a_typed_refusal(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(raw)
    assert check(path) != ""
    # The same where an entry, a list of entries or an unknown key stands.
    good = day_one(entry("Good words"))
    for before, after in (
        (b'{"entries":[', b"]}"),
        (b'{"entries":', b"}"),
        (good[:-2] + b",", b"]}"),
        (good[:-1] + b',"more":', b"}"),
        (b'{"more":', b"," + good[1:]),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"x","location":', b"}]}"),
        (b'{"entries":[{"date":"2024-01-01","title":"x","body":', b"}]}"),
    ):
        path.write_bytes(before + raw + after)
        check(path)
    text = raw.decode("utf-8", "replace")
    assert isinstance(markdown(text), str)
    assert isinstance(markdown(f'{{"contents":{text}}}'), str)


@pytest.mark.parametrize(
    "raw", [pytest.param(path.read_bytes(), id=path.name) for path in SAMPLES if path.name[0] == "y"]
)
def test_a_valid_document_beside_the_entries_does_not_matter(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "case.json"
    if raw[:1] == b"\xef" or b"\x00" in raw:
        return
    path.write_bytes(b'{"more":' + raw + b"," + day_one(entry("Good words"))[1:])
    assert take(path).only.text == "Good words"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"entries":[' + b"[" * 100_000, "too-deep"),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"a"},' + b"[" * 100_000, "too-deep"),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"a"},]}', "damaged"),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"a"} {"b":1}]}', "damaged"),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"\xff"}]}', "damaged"),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"a"}]', "damaged"),
        (b'{"entries":[{"creationDate":"2024-01-01T00:00:00Z","text":"a"}]}}', "damaged"),
    ],
)
def test_what_breaks_a_journal_names_its_reason(tmp_path: Path, raw: bytes, reason: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(raw)
    assert check(path) == reason


def test_numbers_beyond_use_and_double_keys_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(
        b'{"entries":[{"uuid":"U","creationDate":"2024-01-01T00:00:00Z","text":"first","text":"last","duration":NaN,'
        b'"editingTime":' + b"9" * 6000 + b',"location":{"latitude":1e999,"longitude":-Infinity}}]}'
    )
    assert take(path).only.text == "last"


@pytest.mark.parametrize("width", [1, 7, 64, 1000])
def test_any_cut_between_pieces_reads_the_same(width: int) -> None:
    from companion.journal.importers.json_stream import JsonStream

    document = {
        "a": [1, 23456, -7.5e10, True, None],
        "entries": [{"t": 'é😀"\\/\n' * 30, "n": 1234567890}, [], {}, "x"],
        "z": 9,
    }
    raw = json.dumps(document, ensure_ascii=False, indent=1).encode()
    stream = JsonStream((raw[at : at + width] for at in range(0, len(raw), width)), "x", 10**6)
    read = {key: list(stream.elements()) if key != "z" else stream.value() for key in stream.root_keys()}
    assert read == document
