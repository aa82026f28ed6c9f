"""What stands in the lock file: after a crash it says whose journal lies there, so a failed try must not wipe it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.errors import NoVault, WrongSecret
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault import compacting, staging, stray_journal
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock

MakeVault = Callable[..., Vault]
LOCK = "vault.lock"


def note_in(folder: Path) -> dict[str, object]:
    found = json.loads((folder / LOCK).read_text())
    assert isinstance(found, dict)
    return found


def inode(folder: Path) -> int:
    return (folder / "vault.db").stat().st_ino


def crash_in_a_save(vault: Vault, clock: FakeClock) -> dict[str, object]:
    """Leave the folder as a kill in the middle of a save does; what its lock file says."""
    folder, note = vault.folder, (vault.folder / LOCK).read_bytes()
    vault.connection.execute("PRAGMA cache_size = 1")
    with vault.connection.transaction():
        for number in range(40):
            JournalService(vault, clock).add(Content(at=clock.now(), text=f"{number} " * 900))
        half, journal = (folder / "vault.db").read_bytes(), (folder / "vault.db-journal").read_bytes()
    vault.lock()
    (folder / "vault.db").write_bytes(half)
    (folder / "vault.db-journal").write_bytes(journal)
    facts = json.loads(note)
    facts["database"] = inode(folder) if facts["database"] else 0  # locking may have written the file anew
    (folder / LOCK).write_text(json.dumps(facts))
    assert isinstance(facts, dict)
    return facts


@pytest.mark.parametrize("tries", [1, 3])
def test_a_wrong_passphrase_after_a_crash_leaves_the_note_so_that_the_journal_is_known(
    vault: Vault, make_vault: MakeVault, clock: FakeClock, passphrase: str, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    facts = crash_in_a_save(vault, clock)
    for _ in range(tries):
        with pytest.raises(WrongSecret):
            make_vault().unlock("not these words at all")
        assert note_in(vault.folder) == facts
    monkeypatch.setattr(stray_journal, "_played", lambda *_: pytest.fail("its own journal was taken for a stray one"))
    again = make_vault()
    again.unlock(passphrase)
    assert JournalService(again, clock).page().entries == ()
    assert again.check().ok
    assert not (vault.folder / "quarantine").exists()
    again.lock()
    assert (vault.folder / LOCK).read_bytes() == b""


def test_a_backup_that_cannot_be_brought_back_leaves_the_note(
    vault: Vault, clock: FakeClock, passphrase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.backup(tmp_path / "one.vbak")
    facts = crash_in_a_save(vault, clock)

    def fail(*_: object) -> Path:
        raise NoVault

    monkeypatch.setattr(staging, "commit", fail)
    with pytest.raises(NoVault):
        restore(tmp_path / "one.vbak", vault.folder, passphrase, clock)
    assert note_in(vault.folder) == facts


def test_a_wrong_passphrase_without_a_crash_leaves_an_empty_note(
    vault: Vault, make_vault: MakeVault, passphrase: str
) -> None:
    vault.lock()
    with pytest.raises(WrongSecret):
        make_vault().unlock("not these words at all")
    assert (vault.folder / LOCK).read_bytes() == b""
    make_vault().unlock(passphrase)


def test_a_new_space_is_named_in_its_lock_file_from_the_first_save_on(vault: Vault) -> None:
    assert note_in(vault.folder)["database"] == inode(vault.folder)


def test_after_compacting_the_note_names_the_new_file_before_it_is_written_to(
    vault: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = inode(vault.folder), []

    def clear(leftovers: compacting.Leftovers, _clock: object) -> None:
        seen.append((note_in(vault.folder)["database"], inode(vault.folder)))
        leftovers.are_due = False

    monkeypatch.setattr(compacting.Leftovers, "clear", clear)
    assert vault.compact()
    assert inode(vault.folder) != before
    assert seen == [(inode(vault.folder), inode(vault.folder))]


def test_moves_finished_at_opening_are_noted(
    vault: Vault, make_vault: MakeVault, clock: FakeClock, passphrase: str, tmp_path: Path
) -> None:
    vault.lock()
    folder, incoming = vault.folder, staging.begin(vault.folder)
    for name in ("vault.db", "vault.json"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, incoming / name)
    (incoming / "media").mkdir()
    (incoming / "ready").write_text(json.dumps({"moved_to": "before"}))
    before = inode(folder)
    again = make_vault()
    again.unlock(passphrase)
    assert inode(folder) != before
    assert note_in(folder)["database"] == inode(folder)
    assert os.path.exists(folder / "quarantine" / "before" / "vault.db")
