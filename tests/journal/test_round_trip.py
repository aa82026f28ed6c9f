"""What is taken out as JSON and brought into an empty vault is the same journal, to the letter."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.ids import EntryId, new_id
from companion.demo.space import fill as fill_year
from companion.journal.exporting import ExportResult, Wanted
from companion.journal.model import Attachment, Content, Energy, Mood, Source, as_json, to_ms
from companion.journal.service import JournalService
from companion.journal.store import EntryStore
from companion.vault.vault import Vault
from tests.fakes import FakeClock
from tests.journal.conftest import CHEAP, PASSPHRASE

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
EVERYTHING = Wanted("json", deleted=True)

words = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r") | st.sampled_from("\n\t ]é😀\u2028"),
    max_size=60,
)
labels = st.lists(st.text("ab éß", min_size=1, max_size=8), max_size=3).map(tuple)
zones = st.sampled_from(
    [UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")]
)
moments = st.datetimes(datetime(1850, 1, 2), datetime(2200, 1, 1), timezones=zones)
contents = st.builds(
    Content,
    at=moments,
    title=words,
    text=words,
    mood=st.none() | st.sampled_from(Mood),
    energy=st.none() | st.sampled_from(Energy),
    feelings=labels,
    tags=labels,
    people=labels,
    heavy=st.booleans(),
)
journals = st.lists(
    st.tuples(st.lists(contents, min_size=1, max_size=3), st.booleans(), st.lists(st.binary(max_size=50), max_size=2)),
    max_size=6,
)


@contextmanager
def empty_vault(folder: Path) -> Iterator[tuple[Vault, JournalService]]:
    clock = FakeClock()
    vault = Vault(folder, clock, cost=CHEAP)
    vault.create(PASSPHRASE)
    try:
        yield vault, JournalService(vault, clock)
    finally:
        vault.lock()


def attach(vault: Vault, entry_id: EntryId, *files: tuple[str, bytes]) -> None:
    """Attach files, as only an import can so far."""
    db = vault.connection
    for position, (name, raw) in enumerate(files, start=1):
        kept = vault.media.put(io.BytesIO(raw))
        with db.transaction():
            db.execute(
                "INSERT INTO attachment VALUES ((SELECT seq FROM entry WHERE id=?),?,?,?,?,?,?)",
                (entry_id, position, name, "image/jpeg", kept.size_bytes, kept.sha256, kept.name),
            )


def fill(vault: Vault, journal: JournalService, entries: list[Any], drafts: list[Content]) -> None:
    for number, (versions, deleted, files) in enumerate(entries):
        entry_id = journal.add(versions[0]).entry_id
        for later in versions[1:]:
            journal.save(entry_id, later)
        attach(vault, entry_id, *((f"photo {n}.JPG", raw) for n, raw in enumerate(files)))
        if deleted:
            journal.delete(entry_id)
        if number % 3 == 0:
            with vault.connection.transaction():
                vault.connection.execute(
                    "UPDATE entry SET origin='dayone', origin_id=? WHERE id=?", (f"ID-{number}", entry_id)
                )
            if not deleted:
                journal.save_draft(entry_id, versions[0])
    for content in drafts:
        journal.save_draft(EntryId(new_id()), content)


def written(vault: Vault, journal: JournalService, to: Path) -> ExportResult:
    result = journal.exporting.write(to, EVERYTHING)
    assert result.left_out == ()
    return result


@FEW
@given(journals, st.lists(contents, max_size=2), st.sampled_from(["out.json", "out.zip"]))
def test_any_journal_comes_back_equal(entries: list[Any], drafts: list[Content], name: str) -> None:
    with tempfile.TemporaryDirectory() as raw:
        folder = Path(raw)
        with empty_vault(folder / "a.vault") as (vault, journal):
            fill(vault, journal, entries, drafts)
            out = written(vault, journal, folder / name)
            assert out.entries == len(entries)
        if not (entries or drafts):
            return
        with empty_vault(folder / "b.vault") as (vault, journal):
            report = journal.importing.bring_in(out.to)
            assert (report.format, report.new, report.duplicates, report.refused) == ("companion", len(entries), 0, ())
            assert report.attachments_missing == 0
            again = written(vault, journal, folder / "again.json")
            assert again.digest == out.digest
            assert (again.entries, again.media, again.drafts, again.older_versions) == (
                out.entries,
                out.media,
                out.drafts,
                out.older_versions,
            )
            checked = journal.verify()
            assert (checked.entries_bad, checked.media_bad, checked.search_index) == ((), (), "ok")

            twice = journal.importing.bring_in(out.to)
            assert (twice.new, twice.duplicates, twice.batch) == (0, len(entries), None)
            assert written(vault, journal, folder / "third.json").digest == out.digest


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[Vault, JournalService]]:
    with empty_vault(tmp_path / "other.vault") as made:
        yield made


Two = tuple[Vault, JournalService]


def test_the_invented_year_comes_back_equal(vault: Vault, journal: JournalService, tmp_path: Path, other: Two) -> None:
    fill_year(journal, FakeClock())
    out = written(vault, journal, tmp_path / "year.json")
    assert out.entries > 100
    report = other[1].importing.bring_in(out.to)
    assert report.new == out.entries
    assert written(*other, tmp_path / "again.json").digest == out.digest


def test_everything_that_an_entry_holds_is_in_the_file(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 21, 5, 3, 120_000, tzinfo=ZoneInfo("Europe/Berlin"))
    first = journal.add(Content(at=at, title="Tea", text="One.\n")).entry_id
    journal.save(first, Content(
        at=at, title="Tea", text="Two.  \n\ttab", mood=Mood.OKAY, energy=Energy.LOW, feelings=("calm",),
        tags=("walk",), people=("Mira",), heavy=True,
    ))  # fmt: skip
    attach(vault, first, ("a photo.JPG", b"picture"))
    out = journal.exporting.write(tmp_path / "x.json", Wanted("json"))
    assert (out.files, out.entries, out.media, out.older_versions) == (2, 1, 1, 1)
    document = json.loads(out.to.read_bytes())
    entry, older = document.pop("records")
    assert document["format"] == "companion"
    assert document["version"] == 1
    assert entry == {
        "kind": "entry",
        "id": first,
        "at": "2026-11-20T21:05:03.120+01:00",
        "zone": "Europe/Berlin",
        "title": "Tea",
        "text": "Two.  \n\ttab",
        "mood": 4,
        "energy": 1,
        "heavy": True,
        "feelings": ["calm"],
        "tags": ["walk"],
        "people": ["Mira"],
        "digest": entry["digest"],
        "attachments": [
            {
                "name": "a photo.JPG",
                "type": "image/jpeg",
                "bytes": 7,
                "sha256": hashlib.sha256(b"picture").hexdigest(),
                "file": f"{first}-1.jpg",
            }
        ],
        "source": None,
        "created_at": "2026-11-22T10:40:00.000+00:00",
        "changed_at": "2026-11-22T10:40:00.000+00:00",
        "deleted_at": None,
        "older_versions": 1,
    }
    assert (older["kind"], older["of"], older["text"]) == ("older-version", first, "One.\n")
    assert (tmp_path / "x.media" / f"{first}-1.jpg").read_bytes() == b"picture"
    assert out.bytes == out.to.stat().st_size + 7


def test_the_digest_can_be_computed_from_the_file_alone(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    """As docs/export-format.md says it, with nothing of Companion's but its way to write a line of JSON."""
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    fill(
        vault,
        journal,
        [([Content(at=at, text="a"), Content(at=at, text="b")], True, [b"x"])],
        [Content(at=at, text="d")],
    )
    document = json.loads(written(vault, journal, tmp_path / "x.json").to.read_bytes())

    def ms(moment: str) -> int:
        return to_ms(datetime.fromisoformat(moment))

    lines = []
    records = document["records"]
    for number, record in enumerate(records):
        head = [
            ms(record["at"]), record["zone"], record["title"], record["mood"] or 0, record["energy"] or 0,
            record["feelings"], record["tags"], record["people"], record["heavy"],
        ]  # fmt: skip
        assert record["digest"] == hashlib.sha256(f"{as_json(head)}\n{record['text']}".encode()).hexdigest()
        if record["kind"] == "entry":
            older = records[number + 1 : number + 1 + record["older_versions"]]
            source = record["source"]
            lines.append([
                "entry", record["id"], record["digest"], ms(record["created_at"]), ms(record["changed_at"]),
                ms(record["deleted_at"]) if record["deleted_at"] else None,
                [source["format"], source["original_id"]] if source else None,
                [[file["name"], file["type"], file["bytes"], file["sha256"]] for file in record["attachments"]],
                [[ms(each["saved_at"]), each["digest"]] for each in older],
            ])  # fmt: skip
        elif record["kind"] == "draft":
            lines.append(["draft", record["of"], ms(record["saved_at"]), record["digest"]])
    whole = "".join(f"{as_json(line)}\n" for line in lines)
    assert document["digest"] == hashlib.sha256(whole.encode()).hexdigest()


def test_a_journal_that_has_them_already_gets_nothing(
    vault: Vault, journal: JournalService, tmp_path: Path, other: Two
) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    kept = [journal.add(Content(at=at + timedelta(hours=n), text=f"note {n}")).entry_id for n in range(4)]
    out = journal.exporting.write(tmp_path / "x.json", Wanted("json"))
    journal.save(kept[0], Content(at=at, text="changed since"))
    journal.delete(kept[1])
    report = journal.importing.bring_in(out.to)
    # The changed one is known by its id. The deleted one comes back under a new id: it stays among the deleted too.
    assert (report.new, report.duplicates) == (1, 3)
    assert journal.entry(kept[0]).content.text == "changed since"
    assert journal.count() == 4
    assert journal.importing.bring_in(out.to).new == 0
    # The same notes written there by hand: known by their words.
    for n in range(4):
        other[1].add(Content(at=at + timedelta(hours=n), text=f"note {n}"))
    assert other[1].importing.bring_in(out.to).new == 0


def test_equal_notes_both_come_back(vault: Vault, journal: JournalService, tmp_path: Path, other: Two) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    journal.add_many([Content(at=at, text="the same")] * 250)
    out = written(vault, journal, tmp_path / "x.json")
    assert other[1].importing.bring_in(out.to).new == 250
    assert written(*other, tmp_path / "again.json").digest == out.digest


def test_taking_back_an_import_removes_what_it_brought_and_nothing_else(
    vault: Vault, journal: JournalService, tmp_path: Path, other: Two
) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    many = [([Content(at=at, text=f"{n} a"), Content(at=at, text=f"{n} b")], False, [b"x"]) for n in range(3)]
    fill(vault, journal, many, [Content(at=at, text="on its way")])
    out = written(vault, journal, tmp_path / "x.json")
    space, theirs = other
    own = theirs.add(Content(at=at, text="mine")).entry_id
    report = theirs.importing.bring_in(out.to)
    assert (report.new, len(theirs.drafts())) == (3, 2)
    changed = next(each.id for each in theirs.page().entries if each.excerpt == "1 b")
    theirs.save(changed, Content(at=at, text="1 c"))
    assert report.batch is not None
    undone = theirs.importing.undo(report.batch)
    assert (undone.removed, undone.kept_because_edited) == (2, 1)
    assert {each.id for each in theirs.page().entries} == {own, changed}
    assert theirs.drafts() == []
    assert len(list(space.media.names())) == 1


def test_words_on_their_way_here_are_not_replaced(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    entry_id = EntryId(new_id())
    journal.save_draft(entry_id, Content(at=at, text="older"))
    out = written(vault, journal, tmp_path / "x.json")
    journal.save_draft(entry_id, Content(at=at, text="newer"))
    journal.importing.bring_in(out.to)
    assert [draft.content.text for draft in journal.drafts()] == ["newer"]


def test_without_names_no_label_of_a_person_is_in_it(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    entry_id = journal.add(Content(at=at, text="Called M.", people=("Mira Okonjo",))).entry_id
    journal.save(entry_id, Content(at=at, text="Called Mo.", people=("Mira Okonjo",)))
    journal.save_draft(entry_id, Content(at=at, text="Called.", people=("Mira Okonjo",)))
    for name, form in (("x.json", "json"), ("notes", "markdown")):
        out = journal.exporting.write(tmp_path / name, Wanted(form, names=False))
        files = [out.to] if out.to.is_file() else list(out.to.rglob("*.md"))
        assert files
        for file in files:
            assert "Mira" not in file.read_text()
            assert "Called" in file.read_text()


def test_deleted_notes_stay_behind_unless_they_are_asked_for(
    vault: Vault, journal: JournalService, tmp_path: Path
) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    journal.add(Content(at=at, text="stays"))
    journal.delete(journal.add(Content(at=at, text="was let go")).entry_id)
    out = journal.exporting.write(tmp_path / "x.json", Wanted("json"))
    assert out.entries == 1
    assert "let go" not in out.to.read_text()


def test_the_days_of_a_range_are_both_in_it(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    zone = ZoneInfo("Pacific/Auckland")
    for day in (1, 2, 3, 4):
        journal.add(Content(at=datetime(2026, 11, day, 0, 5, tzinfo=zone), text=f"day {day}"))
    journal.save_draft(EntryId(new_id()), Content(at=datetime(2026, 11, 4, tzinfo=zone), text="draft of day 4"))
    wanted = Wanted("json", first_day="2026-11-02", last_day="2026-11-03")
    out = journal.exporting.write(tmp_path / "x.json", wanted)
    assert [each["text"] for each in json.loads(out.to.read_bytes())["records"]] == ["day 2", "day 3"]
    seen = journal.exporting.preview(wanted)
    assert (seen.entries, seen.drafts) == (2, 0)


def test_a_zip_holds_the_same_document(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    entry_id = journal.add(Content(at=at, text="one")).entry_id
    attach(vault, entry_id, ("p.png", b"\x00" * 3_000_000))
    plain, packed = (journal.exporting.write(tmp_path / name, Wanted("json")) for name in ("x.json", "x.zip"))
    with zipfile.ZipFile(packed.to) as archive:
        assert sorted(archive.namelist()) == ["journal.json", f"journal.media/{entry_id}-1.png"]
        assert json.loads(archive.read("journal.json")) == json.loads(plain.to.read_bytes())
    assert (packed.files, packed.bytes) == (1, packed.to.stat().st_size)


def test_a_file_that_was_missing_stays_missing(
    vault: Vault, journal: JournalService, tmp_path: Path, other: Two
) -> None:
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    with vault.connection.transaction():
        EntryStore(vault.connection).insert(
            EntryId(new_id()), Content(at=at, text="x"), at,
            source=Source("dayone", "A1"), attachments=[Attachment("gone.jpg", "image/jpeg", 0, "", "")],
        )  # fmt: skip
    out = written(vault, journal, tmp_path / "x.json")
    report = other[1].importing.bring_in(out.to)
    assert (report.new, report.attachments_missing) == (1, 1)
    assert written(*other, tmp_path / "again.json").digest == out.digest


def test_a_changed_file_is_taken_and_said(vault: Vault, journal: JournalService, tmp_path: Path, other: Two) -> None:
    journal.add(Content(at=datetime(2026, 11, 20, 21, 5, tzinfo=UTC), text="a spelling misteak"))
    out = written(vault, journal, tmp_path / "x.json")
    out.to.write_text(out.to.read_text().replace("misteak", "mistake"))
    report = other[1].importing.bring_in(out.to)
    assert report.new == 1
    assert report.other["changed_since_export"] == 1
