"""Random and half-broken input: whatever is read, the only way out is a summary or a typed refusal."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.errors import REFUSALS
from companion.journal.importers import messages
from companion.journal.importers.dayone_rich import markdown
from companion.journal.importers.dayone_text import converted, split_title
from companion.journal.importers.jrnl_words import split_title as split_sentence
from companion.journal.importers.protocol import FrameReader, NoProgress, ProtocolBroken
from companion.journal.importers.records import ImportedEntry
from companion.journal.importers.stamps import moment, read_stamp
from companion.journal.model import Content
from tests.journal.import_kit import day_one, entry, outcome, served, take

MUCH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LITTLE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
DAY_ONE_KEYS = [
    "uuid", "creationDate", "timeZone", "text", "richText", "tags", "starred", "isPinned", "pinned", "location",
    "photos", "videos", "audios", "pdfAttachments", "weather", "userActivity", "music",
]  # fmt: skip
odd_text = st.text(alphabet=st.sampled_from("ab \n`~\\*_#[]()!.:-/@é😀\ud800\x00\r"), max_size=120)
day_one_entries = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(DAY_ONE_KEYS, anything),
        "creationDate": st.sampled_from(["2024-01-01T00:00:00Z", "2024-13-01", "9999-12-31T23:59:59-23:59", ""])
        | anything,
        "text": odd_text | anything,
        "photos": st.lists(
            st.fixed_dictionaries({"identifier": st.text(max_size=4), "md5": st.text(max_size=4)}), max_size=3
        ),
    },
)
jrnl_lines = st.sampled_from(
    [
        "[2020-01-01 10:00] One. Two", "[01/02/2020 10:00] x *", "2020-01-01 10:00 bare", "# 2020", "## May",
        "### 2020-05-05 10:00 Three", "---", "title: x", "date: 2020-01-01 10:00", "starred: True", "tags: a, b",
        "body: |\t\t", "\tindented", "...", "@tag", "[x] y", "", "*", "<journal>", "</journal>", "2020-01-01, 1",
        "[2020-02-30 10:00] no such day", "[10:00] time", "gAAAAA", "\x00", "“é😀”",
    ]
)  # fmt: skip


def check(raw: bytes, name: str = "x") -> dict[str, Any]:
    """Read these bytes as a file, in this process; give the outcome."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        last = outcome(served(path))
    assert last["type"] in ("summary", "refused")
    assert last.get("reason", "empty") in REFUSALS
    return last


def fits(made: ImportedEntry) -> None:
    """The entry crosses the line unchanged and the journal can hold it."""
    back = messages.entry_from_json(json.loads(json.dumps(messages.entry_to_json(made))))
    assert (back.title, back.text, back.tags, back.attachments) == (made.title, made.text, made.tags, made.attachments)
    assert abs((back.at - made.at).total_seconds()) < 0.001
    Content(at=made.at, title=made.title, text=made.text, tags=made.tags)


@MUCH
@given(st.lists(day_one_entries | anything, max_size=4))
def test_any_entries_in_a_day_one_export(entries: list[Any]) -> None:
    raw = json.dumps({"metadata": {}, "entries": [entry("Good"), *entries]}).encode()
    assert check(raw)["type"] == "summary"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_bytes(raw)
        taken = take(path)
    assert len(taken.entries) + sum(problem.is_entry for problem in taken.problems) == len(entries) + 1
    for made in taken.entries:
        fits(made)


OWN_KEYS = [
    "kind", "id", "of", "at", "zone", "title", "text", "mood", "energy", "heavy", "feelings", "tags", "people",
    "digest", "attachments", "source", "created_at", "changed_at", "deleted_at", "saved_at", "older_versions",
]  # fmt: skip
own_moments = st.sampled_from(
    ["2024-01-01T00:00:00.000+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:59", "2024-02-30", ""]
)
own_records = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(OWN_KEYS, anything),
        "kind": st.sampled_from(["entry", "older-version", "draft", "plan"]) | anything,
        "id": st.sampled_from(["0" * 26, "../x", "a" * 5_000]) | anything,
        "of": st.sampled_from(["0" * 26, "1" * 26]) | anything,
        "zone": st.sampled_from(["Europe/Berlin", "+02:00", "../../x", "+99:99"]) | anything,
        **dict.fromkeys(["at", "created_at", "changed_at", "deleted_at", "saved_at"], own_moments | anything),
        "title": odd_text | anything,
        "text": odd_text | anything,
        "source": st.fixed_dictionaries({"format": st.text(max_size=5), "original_id": odd_text}) | anything,
        "attachments": st.lists(
            st.fixed_dictionaries(
                {"name": odd_text, "type": st.text(max_size=5), "file": st.sampled_from(["../x", "x.json", "a.jpg"])}
            ),
            max_size=3,
        ),
    },
)


def own(*records: Any, **fields: Any) -> bytes:
    """One of our own exports, with a good entry in front."""
    good = {"kind": "entry", "id": "0" * 26, "at": "2024-01-01T00:00:00.000+00:00", "zone": "UTC", "text": "Good"}
    return json.dumps({"format": "companion", "version": 1, **fields, "records": [good, *records]}).encode()


@MUCH
@given(st.lists(own_records | anything, max_size=5))
def test_any_records_in_our_own_export(records: list[Any]) -> None:
    raw = own(*records)
    assert check(raw)["type"] == "summary"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_bytes(raw)
        taken = take(path)
    assert taken.format == "companion"
    for made in taken.entries:
        fits(made)
    for words in taken.words:
        messages.words_from_json(json.loads(json.dumps(messages.words_to_json(words))))


@MUCH
@given(st.data())
def test_any_change_to_our_own_export(data: st.DataObject) -> None:
    draft = {"kind": "draft", "of": "1" * 26, "at": "2024-01-01T00:00:00Z", "saved_at": "2024-01-01T00:00Z"}
    raw = bytearray(own(draft))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    check(bytes(raw))


@pytest.mark.parametrize("version", [0, 2, "1", None, True, 10**30])
def test_a_version_that_is_not_known_is_refused(version: Any) -> None:
    assert check(own(version=version)) | {"where": ""} == {"type": "refused", "reason": "not-this-format", "where": ""}


@MUCH
@given(st.lists(anything | st.fixed_dictionaries({"date": st.text(max_size=20), "title": odd_text}), max_size=4))
def test_any_entries_in_a_jrnl_export(entries: list[Any]) -> None:
    good = {"title": "Good", "body": "", "date": "2020-01-01", "time": "10:00"}
    assert check(json.dumps({"tags": {}, "entries": [good, *entries]}).encode())["type"] in ("summary", "refused")


@MUCH
@given(st.lists(jrnl_lines | st.text(max_size=20), max_size=30))
def test_any_lines_in_a_journal(lines: list[str]) -> None:
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    check(raw)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.journal"
        path.write_bytes(b"[2020-01-01 10:00] Good.\n" + raw)
        if outcome(served(path))["type"] == "summary":
            for made in take(path).entries:
                fits(made)


@MUCH
@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    for begun in (b"", b"PK\x03\x04", b"{", b'{"entries":[', b"<?xml version='1.0'?><journal>", b"[2020-01-01 10:00] "):
        check(begun + raw)


@LITTLE
@given(st.data())
def test_any_change_to_an_archive(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("J.json", day_one(entry("Good", photos=[{"identifier": "P", "md5": "a"}])))
            archive.writestr("photos/a.png", b"picture" * 9)
        raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    check(bytes(raw))


@MUCH
@given(odd_text)
def test_text_keeps_every_letter(text: str) -> None:
    kept = re.findall(r"[abé😀]", text)
    plain = converted(text, lambda *_: "", escaped=True)
    assert re.findall(r"[abé😀]", plain) == kept
    title, rest = split_title(plain)
    assert sorted(re.findall(r"[abé😀]", title + rest)) == sorted(kept)
    title, rest = split_sentence(plain)
    assert re.findall(r"[abé😀]", title + rest) == kept


@MUCH
@given(st.lists(anything, max_size=5))
def test_any_rich_text(contents: list[Any]) -> None:
    assert isinstance(markdown(json.dumps({"contents": contents})), str)


@MUCH
@given(st.text(alphabet=st.sampled_from("0123456789-/.: TZAPMapm[]+,MayJunSat"), max_size=62))
def test_any_date(text: str) -> None:
    stamp = read_stamp(text)
    if stamp is not None:
        for day_first in (True, False):
            moment(stamp, day_first=day_first)


@MUCH
@given(anything)
def test_any_message_is_an_entry_or_a_broken_rule(raw: Any) -> None:
    for read in (messages.entry_from_json, messages.problem_from_json, messages.counts_from_json):
        with contextlib.suppress(ProtocolBroken):
            read(raw)


def read_on(frames: FrameReader) -> None:
    while True:
        kind, content = frames.next()
        if kind == b"J":
            frames.message(content)


@MUCH
@given(st.binary(max_size=200))
def test_any_frames(raw: bytes) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, raw)
        os.close(writing)
        with pytest.raises((ProtocolBroken, EOFError, NoProgress)):
            read_on(FrameReader(reading, 1))
    finally:
        os.close(reading)


# Inputs that would take time squared if any pattern were careless; each is read in well under a second.
SLOW = {
    "backticks": "`a``b```c" * 40_000,
    "open links": "![" * 200_000,
    "dots": "." * 400_000 + "x",
    "hashes": "# " + " #" * 200_000,
    "stars": "*" * 400_000,
    "brackets": "[" * 400_000,
    "escapes": "\\" * 400_001,
    "fences": "~~~\n" * 100_000,
    "headers": "[2020-01-01 10:00] x\n" * 20_000,
    "spaces": " " * 400_000 + "x",
    "tags": "@a " * 100_000,
    "moments": "![](dayone-moment://X" * 20_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in SLOW.items()])
def test_no_text_takes_time_squared(tmp_path: Path, text: str) -> None:
    check(json.dumps({"entries": [entry(text), entry(richText=text)]}).encode())
    check(b"[2020-01-01 10:00] " + text.encode())
    check(b"# 2020\n\n### 2020-01-01 10:00 " + text.encode())
    check(("---\ntitle: x\ndate: 2020-01-01 10:00\nstarred: False\nbody: |\t\t\n\t" + text).encode())
    check(text.encode())
    check(("<journal><!--" + text).encode())
    check(("<!---->" * 20_000).encode())
