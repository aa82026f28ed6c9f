import json
import os
import zipfile
from pathlib import Path

import pytest

from companion.core.errors import BatchNotFound, InputRefused, NotEnoughRoom, Stopped, VaultLocked
from companion.core.ids import BatchId
from companion.core.stopping import StopSwitch
from companion.journal.import_room import ImportRoom
from companion.journal.importing import Importing
from companion.journal.model import Filter
from companion.journal.service import JournalService
from companion.vault.vault import Vault
from tests.build import content
from tests.fakes import FakeClock
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


# --- room ---------------------------------------------------------------------------


def state_of(vault: Vault) -> tuple[int, int, list[str], int]:
    counted = vault.connection.value("SELECT count(*) FROM entry"), vault.connection.value("SELECT count(*) FROM batch")
    return (*counted, sorted(vault.media.names()), len(vault.backups()))


@pytest.mark.parametrize("picture", [False, True])
def test_too_little_room_is_told_with_numbers_before_anything_begins(
    vault: Vault, clock: FakeClock, tmp_path: Path, picture: bool
) -> None:
    journal = JournalService(vault, clock)
    journal.add(content(text="here before"))
    source, before = day_one(tmp_path, 30, picture=picture), state_of(vault)
    importing = Importing(vault, clock, lambda _folder: 1_500_000)
    with pytest.raises(NotEnoughRoom) as told:
        importing.bring_in(source)
    assert told.value.free_bytes == 1_500_000
    rows, copy = 30 * 1500, 2 * (vault.folder / "vault.db").stat().st_size
    least = 2_000_000 + rows + copy + (len(PICTURE) if picture else 0)
    assert least < told.value.needed_bytes < least + 30_000
    assert told.value.exit_code == 7
    assert state_of(vault) == before


def test_a_preview_says_whether_it_fits(vault: Vault, clock: FakeClock, tmp_path: Path) -> None:
    source = day_one(tmp_path)
    looked = Importing(vault, clock, lambda _folder: 2_000_000).preview(source)
    assert looked.new == 3
    assert looked.no_room is not None
    assert looked.no_room.needed_bytes > 2_000_000 + len(PICTURE)
    for free in (looked.no_room.needed_bytes, None):
        assert Importing(vault, clock, lambda _folder, free=free: free).preview(source).no_room is None


def test_what_just_fits_is_brought_in(vault: Vault, clock: FakeClock, tmp_path: Path) -> None:
    source = day_one(tmp_path)
    needed = Importing(vault, clock, lambda _folder: 0).preview(source).no_room
    assert needed is not None
    assert Importing(vault, clock, lambda _folder: needed.needed_bytes).bring_in(source).new == 3


def test_what_is_here_already_needs_no_room(vault: Vault, clock: FakeClock, tmp_path: Path) -> None:
    source = day_one(tmp_path)
    Importing(vault, clock).bring_in(source)
    again = Importing(vault, clock, lambda _folder: 0).bring_in(source)
    assert (again.new, again.duplicates, again.no_room) == (0, 3, None)


def test_with_plenty_of_room_the_source_is_read_once(
    vault: Vault, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, reads = day_one(tmp_path), []
    real = Importing._read
    monkeypatch.setattr(Importing, "_read", lambda self, *rest: reads.append(1) or real(self, *rest))
    Importing(vault, clock, lambda _folder: 1 << 40).bring_in(source)
    assert reads == [1]


def test_the_estimate_is_near_what_it_takes(vault: Vault, clock: FakeClock, tmp_path: Path) -> None:
    source = day_one(tmp_path, 1500, picture=False)
    needed = Importing(vault, clock, lambda _folder: 0).preview(source).no_room
    assert needed is not None
    before = (vault.folder / "vault.db").stat().st_size
    Importing(vault, clock).bring_in(source)
    grown = (vault.folder / "vault.db").stat().st_size - before
    assert grown < needed.needed_bytes < 3 * grown + 2_000_000


def test_of_what_lies_beside_a_file_only_its_attached_files_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "Journal.json"
    source.write_bytes(bytes(1000))
    for name in ("photos", "Journal.media", "somebody/else"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_bytes(bytes(10_000_000 if name == "somebody/else" else 50_000))
    walked: list[Path] = []
    real = os.walk
    monkeypatch.setattr(os, "walk", lambda top: walked.append(top) or real(top))
    free = {"bytes": 40 * 101_000 + 2_000_000}
    room = ImportRoom(tmp_path / "no.vault", lambda _folder: free["bytes"])
    assert room.is_plenty(source)
    assert tmp_path not in walked
    free["bytes"] -= 1
    assert not room.is_plenty(source)
    assert not room.is_plenty(tmp_path)
