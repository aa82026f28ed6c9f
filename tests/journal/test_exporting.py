"""Taking out: safe names, real places of files, what is damaged is left out and named, nothing half-written stays."""

from __future__ import annotations

import os
import re
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from companion.core.errors import DiskUnreachable, PlaceRefused, Stopped, UsageRefused, VaultLocked
from companion.core.ids import EntryId
from companion.journal.exporters.markdown import LONGEST_NAME, Names, cut, note_text, safe_file, safe_name
from companion.journal.exporting import LeftOut, Wanted, delete_export
from companion.journal.model import Content, Mood
from companion.journal.service import JournalService
from companion.vault.vault import Vault
from tests.journal.test_round_trip import attach

AT = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
REFUSED = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@given(st.text(max_size=300), st.integers(1, 500))
def test_names_are_safe_for_every_file_system(raw: str, position: int) -> None:
    stem, ending = safe_file(raw.encode("utf-8", "replace").decode(), position)
    for name in (cut(f"2026-11-20 {safe_name(stem)}"), f"{stem}{ending}"):
        assert name
        assert not REFUSED.search(name)
        assert not RESERVED.fullmatch(name)
        assert not name.endswith((".", " "))
        assert not name.startswith(" ")
        assert len(name.encode()) <= LONGEST_NAME + 9
    assert ".." not in (stem, ending)


@given(st.lists(st.text(alphabet="aAéE\u0301e", min_size=1, max_size=2), max_size=30))
def test_no_two_names_are_the_same_where_case_does_not_count(raw: list[str]) -> None:
    import unicodedata

    names = Names()
    made = [unicodedata.normalize("NFC", names.free("2026", name, ".md")).casefold() for name in raw]
    assert len(set(made)) == len(made)


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=10), max_size=3))
def test_the_head_is_yaml_that_says_what_the_note_says(title: str, tags: list[str]) -> None:
    content = Content(at=AT, title=title, text="x", mood=Mood.VERY_HARD, tags=tuple(tags))
    head = yaml.safe_load(note_text(content, []).split("---\n")[1]) if "---\n" not in content.title else None
    if head is not None:
        assert head.get("title", "") == content.title
        assert tuple(head.get("tags", ())) == content.tags
        assert head["mood"] == "very hard"


def test_pictures_in_the_text_lead_to_their_files(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    text = "See ![the river](attachment:1) and ![gone](attachment:7)."
    entry_id = journal.add(Content(at=AT, title="A / B: C?", text=text)).entry_id
    attach(vault, entry_id, ("a/b.jpg", b"one"), ("CON", b"two"), ("a b.jpg", b"three"))
    out = journal.exporting.write(tmp_path / "notes", Wanted("markdown"))
    folder = tmp_path / "notes" / "2026"
    note = (folder / "2026-11-20 A B C.md").read_text(encoding="utf-8")
    assert "![the river](<2026-11-20 A B C - files/a b.jpg>)" in note
    assert "![gone](attachment:7)" in note
    files = folder / "2026-11-20 A B C - files"
    assert {path.name: path.read_bytes() for path in files.iterdir()} == {
        "a b.jpg": b"one",
        "CON_": b"two",
        "a b 2.jpg": b"three",
    }
    assert "- [CON_](<2026-11-20 A B C - files/CON_>)" in note
    assert (out.files, out.media) == (4, 3)
    delete_export(out)
    assert list(tmp_path.glob("notes*")) == []


def test_what_is_damaged_is_left_out_and_named(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    good, bad, older, file = (journal.add(Content(at=AT, text=f"note {n}")).entry_id for n in range(4))
    journal.save(older, Content(at=AT, text="newer"))
    attach(vault, file, ("p.jpg", b"picture" * 1000))
    db = vault.connection
    with db.transaction():
        db.execute("UPDATE entry SET text='another' WHERE id=?", (bad,))
        db.execute("UPDATE revision SET digest='0'")
    path = vault.media.path(journal.entry(file).attachments[0].media)
    path.write_bytes(path.read_bytes()[:-9])
    for name, form in (("x.json", "json"), ("x.zip", "json"), ("notes", "markdown")):
        out = journal.exporting.write(tmp_path / name, Wanted(form))
        assert (out.entries, out.media) == (3, 0)
        assert set(out.left_out) == {
            LeftOut(bad, "entry"),
            LeftOut(older, "older-version"),
            LeftOut(file, "attachment"),
        }
    assert good in (tmp_path / "x.json").read_text()


@pytest.mark.parametrize(("name", "form"), [("x.json", "json"), ("x.zip", "json"), ("notes", "markdown")])
def test_stopped_at_any_step_it_leaves_nothing(
    vault: Vault, journal: JournalService, tmp_path: Path, name: str, form: str
) -> None:
    for n in range(3):
        attach(vault, journal.add(Content(at=AT, text=f"note {n}")).entry_id, ("p.jpg", os.urandom(5000)))
    before = set(tmp_path.iterdir())
    steps: list[int] = []
    journal.exporting.write(tmp_path / f"count-{name}", Wanted(form), progress=lambda done, _all: steps.append(done))
    made = set(tmp_path.iterdir()) - before
    for stop_at in range(len(steps)):
        left = [stop_at]

        def stop(_done: int, _all: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

        with pytest.raises(Stopped):
            journal.exporting.write(tmp_path / name, Wanted(form), progress=stop)
        assert set(tmp_path.iterdir()) == before | made


def test_lock_in_the_middle_of_a_file_ends_it_at_once(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    attach(vault, journal.add(Content(at=AT, text="x")).entry_id, ("p.mp4", b"0" * (5 << 20)))
    before = set(tmp_path.iterdir())
    steps = 0

    def lock(_done: int, _all: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 9:  # within the second reading, which writes
            vault.lock()

    with pytest.raises((Stopped, VaultLocked)):
        journal.exporting.write(tmp_path / "x.json", Wanted("json"), progress=lock)
    assert steps == 9
    assert set(tmp_path.iterdir()) == before


def test_a_note_whose_day_changes_meanwhile_is_in_it_once(
    vault: Vault, journal: JournalService, tmp_path: Path
) -> None:
    ids = [journal.add(Content(at=AT + timedelta(days=n), text=f"note {n}")).entry_id for n in range(5)]

    def move(done: int, _all: int) -> None:
        if done == 2:
            journal.save(ids[4], Content(at=AT - timedelta(days=99), text="note 4"))
            journal.add(Content(at=AT + timedelta(days=99), text="written meanwhile"))

    out = journal.exporting.write(tmp_path / "x.json", Wanted("json"), progress=move)
    assert out.entries == 5
    assert out.to.read_text().count("note 4") >= 1
    assert "written meanwhile" not in out.to.read_text()


def test_what_a_killed_export_left_goes_with_the_next_one(
    vault: Vault, journal: JournalService, tmp_path: Path
) -> None:
    journal.add(Content(at=AT, text="x"))
    (tmp_path / ".x.json.part").write_text("half")
    (tmp_path / ".x.media.part").mkdir()
    (tmp_path / ".x.media.part" / "a").write_text("half")
    journal.exporting.write(tmp_path / "x.json", Wanted("json"))
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith((".", "x"))} == {"x.json"}


def test_a_link_beside_the_name_is_not_written_through(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    journal.add(Content(at=AT, text="x"))
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (tmp_path / ".x.json.part").symlink_to(theirs)
    (tmp_path / "y.json").symlink_to(theirs)
    journal.exporting.write(tmp_path / "x.json", Wanted("json"))
    with pytest.raises(PlaceRefused):
        journal.exporting.write(tmp_path / "y.json", Wanted("json"))
    assert theirs.read_text() == "theirs"


def test_places_and_formats_that_are_none(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    for to, form, error in (
        (tmp_path / "x.pdf", "pdf", UsageRefused),
        (tmp_path / "x.md", "markdown", PlaceRefused),
        (tmp_path / "gone" / "x.json", "json", DiskUnreachable),
        (vault.folder, "markdown", PlaceRefused),
        (vault.folder / "media" / "x.json", "json", PlaceRefused),
    ):
        with pytest.raises(error):
            journal.exporting.write(to, Wanted(form))


def test_no_more_than_a_note_is_in_memory(vault: Vault, journal: JournalService, tmp_path: Path) -> None:
    for n in range(20):
        journal.add_many([Content(at=AT + timedelta(seconds=n * 50 + k), text="words " * 2000) for k in range(50)])
    tracemalloc.start()
    try:
        out = journal.exporting.write(tmp_path / "x.json", Wanted("json"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out.bytes > 12_000_000
    assert peak < 3_000_000


def test_the_preview_writes_nothing_and_shows_no_heavy_note(
    vault: Vault, journal: JournalService, tmp_path: Path
) -> None:
    journal.add(Content(at=AT, text="light"))
    journal.add(Content(at=AT + timedelta(days=1), text="a heavy one", heavy=True))
    journal.save_draft(EntryId("0" * 26), Content(at=AT, text="draft"))
    before = set(tmp_path.rglob("*"))
    for form in ("json", "markdown"):
        seen = journal.exporting.preview(Wanted(form))
        assert (seen.entries, seen.drafts, seen.media) == (2, 1, 0)
        assert "light" in seen.example
        assert "heavy one" not in seen.example
    assert set(tmp_path.rglob("*")) == before
