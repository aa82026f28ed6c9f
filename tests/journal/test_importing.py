import json
import zipfile
from pathlib import Path

import pytest

from companion.core.errors import BatchNotFound, InputRefused, Stopped, VaultLocked
from companion.core.ids import BatchId
from companion.core.stopping import StopSwitch
from companion.journal.model import Filter
from companion.journal.service import JournalService
from companion.vault.vault import Vault
from tests.build import content
from tests.journal.conftest import PASSPHRASE

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 9000
MD5 = "0123456789abcdef0123456789abcdef"


def day_one(folder: Path, entries: int = 3, *, picture: bool = True) -> Path:
    listed = []
    for n in range(entries):
        entry = {
            "uuid": f"{n:032X}",
            "creationDate": f"2024-03-{n % 28 + 1:02d}T09:30:00Z",
            "timeZone": "Europe/London",
            "text": f"Entry number {n}\n\nSome words about the river.",
            "tags": ["walk"],
        }
        if n == 0 and picture:
            entry["text"] += "\n\n![](dayone-moment://ABC)\n\n![](dayone-moment://GONE)"
            entry["photos"] = [{"identifier": "ABC", "md5": MD5, "type": "png"}]
        listed.append(entry)
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Journal.json", json.dumps({"metadata": {"version": "1.0"}, "entries": listed}))
        if picture:
            archive.writestr(f"photos/{MD5}.png", PICTURE)
    return path


def test_a_preview_changes_nothing(journal: JournalService, tmp_path: Path, vault: Vault) -> None:
    report = journal.importing.preview(day_one(tmp_path))
    assert (report.format, report.found, report.new, report.duplicates) == ("dayone", 3, 3, 0)
    assert (report.first_day, report.last_day) == ("2024-03-01", "2024-03-03")
    assert (report.attachments_found, report.attachments_missing) == (1, 1)
    assert journal.count() == 0
    assert list(vault.media.names()) == []
    assert vault.connection.value("SELECT count(*) FROM batch") == 0


def test_entries_and_files_come_in(journal: JournalService, tmp_path: Path, vault: Vault) -> None:
    report = journal.importing.bring_in(day_one(tmp_path))
    assert report.new == 3
    first = journal.page(Filter(last_day="2024-03-01")).entries[0]
    entry = journal.entry(first.id)
    assert entry.source is not None
    assert (entry.source.format, entry.content.tags) == ("dayone", ("walk",))
    assert "attachment:1" in entry.content.text
    assert vault.media.read(entry.attachments[0].media) == PICTURE
    assert entry.attachments[0].size_bytes == len(PICTURE)
    assert journal.search("river").total == 3
    assert journal.verify().media_bad == ()


def test_a_second_import_adds_nothing(journal: JournalService, tmp_path: Path) -> None:
    path = day_one(tmp_path)
    journal.importing.bring_in(path)
    again = journal.importing.bring_in(path)
    assert (again.new, again.duplicates, again.batch) == (0, 3, None)
    assert journal.count() == 3


def test_taking_it_back_leaves_what_was_there_and_what_was_edited(
    journal: JournalService, tmp_path: Path, vault: Vault, clock: object
) -> None:
    own = journal.add(content("my own words")).entry_id
    report = journal.importing.bring_in(day_one(tmp_path))
    edited = journal.page(Filter(last_day="2024-03-02")).entries[0].id
    clock.move(minutes=1)
    journal.save(edited, content("changed by me"))
    assert report.batch is not None
    undone = journal.importing.undo(report.batch)
    assert (undone.removed, undone.kept_because_edited) == (2, 1)
    assert {e.id for e in journal.page().entries} == {own, edited}
    assert list(vault.media.names()) == []
    assert journal.search("number").total == 0
    with pytest.raises(BatchNotFound):
        journal.importing.undo(report.batch)


def test_an_unknown_batch_is_said(journal: JournalService) -> None:
    with pytest.raises(BatchNotFound):
        journal.importing.undo(BatchId("none"))


def test_stopped_in_the_middle_nothing_stays(journal: JournalService, tmp_path: Path, vault: Vault) -> None:
    switch = StopSwitch()
    path = day_one(tmp_path, 450)
    with pytest.raises(Stopped):
        journal.importing.bring_in(
            path, progress=lambda done, _total: switch.stop() if done > 150 else None, stop=switch
        )
    assert journal.count() == 0
    assert journal.search("river").total == 0
    assert vault.connection.value("SELECT count(*) FROM entry") == 0
    assert list(vault.media.names()) == []


def test_a_lock_in_the_middle_leaves_nothing_at_the_next_opening(
    journal: JournalService, tmp_path: Path, vault: Vault
) -> None:
    def lock_at(done: int, _total: int) -> None:
        if done > 150:
            vault.lock()

    with pytest.raises(VaultLocked):
        journal.importing.bring_in(day_one(tmp_path, 450), progress=lock_at)
    vault.unlock(PASSPHRASE)
    assert vault.connection.value("SELECT count(*) FROM entry") > 0
    assert journal.search("river").total == 0
    assert journal.page().entries == ()
    journal.after_unlock()
    assert vault.connection.value("SELECT count(*) FROM entry") == 0
    assert list(vault.media.names()) == []


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.zip", b"PK\x03\x04 cut off", "damaged"),
        ("a.json", b'{"entries": [', "damaged"),
        ("a.txt", b"", "empty"),
        ("a.pdf", b"%PDF-1.7 nothing of ours", "not-this-format"),
    ],
)
def test_a_refused_file_changes_nothing(
    journal: JournalService, tmp_path: Path, vault: Vault, name: str, raw: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(InputRefused) as refused:
        journal.importing.bring_in(path)
    assert refused.value.reason == reason
    assert vault.connection.value("SELECT count(*) FROM batch") == 0


def test_an_entry_written_here_is_not_brought_in_again(journal: JournalService, tmp_path: Path) -> None:
    report = journal.importing.bring_in(day_one(tmp_path, picture=False))
    assert report.batch is not None
    first = journal.entry(journal.page().entries[0].id).content
    journal.importing.undo(report.batch)
    journal.add(first)
    again = journal.importing.bring_in(day_one(tmp_path, picture=False))
    assert (again.new, again.duplicates) == (2, 1)


def test_a_proved_copy_is_made_before_anything_is_added_to_a_journal(
    journal: JournalService, tmp_path: Path, vault: Vault
) -> None:
    journal.importing.bring_in(day_one(tmp_path))
    assert vault.backups() == []
    (tmp_path / "more").mkdir()
    journal.importing.bring_in(day_one(tmp_path / "more", 5, picture=False))
    (copy,) = vault.backups()
    assert copy.ok
    journal.importing.bring_in(day_one(tmp_path / "more", 5, picture=False))
    assert len(vault.backups()) == 1, "nothing was new, so there was nothing to copy for"
