"""Our own format from somebody else's hands: it reaches no entry that it did not bring, and no file outside."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from companion.core.errors import InputRefused
from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.journal.own_format import MOST_DRAFTS
from companion.journal.service import JournalService
from companion.journal.store import KEPT_REVISIONS
from companion.vault.vault import Vault
from tests.journal.import_kit import zipped

AT = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
ID, OTHER = "a" * 26, "b" * 26


def record(kind: str = "entry", **fields: Any) -> dict[str, Any]:
    made = {"kind": kind, "at": "2024-01-01T10:00:00+00:00", "zone": "UTC", "text": "words"}
    return made | ({"id": ID} if kind == "entry" else {"of": ID, "saved_at": "2024-01-02T10:00:00Z"}) | fields


def export(path: Path, *records: Any) -> Path:
    path.write_text(json.dumps({"format": "companion", "version": 1, "records": list(records)}))
    return path


def test_words_for_an_entry_that_is_here_are_not_taken(journal: JournalService, vault: Vault, tmp_path: Path) -> None:
    mine = journal.add(Content(at=AT, text="mine")).entry_id
    before = journal.entry(mine)
    path = export(
        tmp_path / "x.json",
        record(id=OTHER),
        record("older-version", of=mine, text="forged"),
        record("draft", of=mine, text="forged"),
    )
    assert journal.importing.bring_in(path).new == 1
    assert journal.entry(mine) == before
    assert journal.drafts() == []


def test_more_older_versions_than_are_kept(journal: JournalService, tmp_path: Path) -> None:
    many = [record("older-version", text=f"version {n}") for n in range(KEPT_REVISIONS + 30)]
    assert journal.importing.bring_in(export(tmp_path / "x.json", record(), *many)).new == 1
    entry = journal.entry(EntryId(ID))
    assert entry.content.text == "words"
    assert entry.revisions <= KEPT_REVISIONS
    journal.save(EntryId(ID), Content(at=AT, text="one more"))
    assert journal.verify().entries_bad == ()


def test_more_drafts_than_anyone_writes(journal: JournalService, tmp_path: Path) -> None:
    many = [record("draft", of=f"{n:026x}") for n in range(MOST_DRAFTS + 50)]
    journal.importing.bring_in(export(tmp_path / "x.json", record(), *many))
    assert len(journal.drafts()) == MOST_DRAFTS


@pytest.mark.parametrize("entry_id", ["../../x", "", "A" * 26, "a" * 500, 7, None])
def test_an_id_that_is_none_becomes_a_new_one(journal: JournalService, tmp_path: Path, entry_id: Any) -> None:
    path = export(tmp_path / "x.json", record(id=entry_id), record("older-version", of=entry_id, text="old"))
    assert journal.importing.bring_in(path).new == 1
    made = journal.page().entries[0].id
    assert len(made) == 26
    assert made != entry_id
    assert journal.verify().entries_bad == ()


def test_no_file_outside_its_folder_is_attached(journal: JournalService, vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "x.media"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "good.txt").write_text("good")
    names = ["../secret.txt", str(tmp_path / "secret.txt"), "link.txt", "x.json", "good.txt", None, 7]
    files = [{"name": "n", "type": "text/plain", "file": name} for name in names]
    report = journal.importing.bring_in(export(tmp_path / "x.json", record(attachments=files)))
    assert (report.attachments_found, report.attachments_missing) == (1, len(names) - 1)
    kept = [each for each in journal.entry(EntryId(ID)).attachments if each.media]
    assert [vault.media.read(each.media) for each in kept] == [b"good"]  # type: ignore[arg-type]


def test_one_big_file_shown_for_ever_is_refused(journal: JournalService, vault: Vault, tmp_path: Path) -> None:
    files = [{"name": "n", "type": "text/plain", "file": "big"}] * 500
    records = [record(id=f"{n:026x}", text=str(n), attachments=files) for n in range(4)]
    document = json.dumps({"format": "companion", "version": 1, "records": records}).encode()
    path = zipped(tmp_path / "x.zip", {"journal.json": document, "journal.media/big": b"0" * 500_000}, stored=True)
    with pytest.raises(InputRefused) as refused:
        journal.importing.bring_in(path)
    assert refused.value.reason == "hostile"
    assert journal.count() == 0
    assert list(vault.media.names()) == []


def test_where_it_is_deleted_after_all_its_words_are_not_found(journal: JournalService, tmp_path: Path) -> None:
    path = export(tmp_path / "x.json", record(text="kayak", deleted_at="2024-03-01T10:00:00Z"))
    report = journal.importing.bring_in(path)
    assert (report.new, report.other["deleted_entries"]) == (1, 1)
    assert journal.count() == 0
    assert journal.search("kayak").total == 0
    journal.restore(EntryId(ID))
    assert journal.search("kayak").total == 1


def test_a_later_kind_of_record_is_counted_and_left(journal: JournalService, tmp_path: Path) -> None:
    report = journal.importing.bring_in(export(tmp_path / "x.json", record(), {"kind": "plan", "steps": []}))
    assert (report.new, report.other["unknown_records"]) == (1, 1)


def test_only_drafts_come_in_too(journal: JournalService, tmp_path: Path) -> None:
    report = journal.importing.bring_in(export(tmp_path / "x.json", record("draft", text="on its way")))
    assert (report.new, report.batch is None) == (0, False)
    assert [draft.content.text for draft in journal.drafts()] == ["on its way"]


def test_a_stopped_import_leaves_no_draft(journal: JournalService, vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    export(path, *[record(id=f"{n:026x}", text=str(n)) for n in range(150)], record("draft", of=OTHER))
    path.write_bytes(path.read_bytes()[:-3])  # cut off behind the draft
    with pytest.raises(InputRefused):
        journal.importing.bring_in(path)
    assert journal.drafts() == []
    assert vault.connection.value("SELECT count(*) FROM brought_draft") == 0
    assert journal.count() == 0
