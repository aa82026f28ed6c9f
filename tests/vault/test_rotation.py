"""Rotation: another master key, so that what was known about the old one opens nothing here any more."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from companion.core.errors import (
    BackupDamaged,
    DiskFull,
    PassphraseTooShort,
    ReadOnlyVault,
    Stopped,
    VaultDamaged,
    VaultLocked,
    WrongSecret,
)
from companion.core.ids import MediaName
from companion.vault import contents, retired, rotation, staging
from companion.vault.container import ContainerReader
from companion.vault.keeping import Keeping
from companion.vault.keyslots import Cost, KeyFile
from companion.vault.lockfile import database_number
from companion.vault.rotation import MEDIA_COLUMNS
from companion.vault.second_place import carry_over
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault, flip

OLD, NEW, NEWER = "slow tea by the window", "another quiet evening", "nine quiet otters at noon"
SONG, LETTER = b"a song " * 5000, b"dear " * 99
ENTRY = (
    "INSERT INTO entry (seq, id, at_ms, zone, day, created_ms, changed_ms, fingerprint, digest, text)"
    " VALUES (?, ?, 0, 'UTC', '1970-01-01', 0, 0, 'f', 'd', ?)"
)


def attach(vault: Vault, number: int, content: bytes) -> MediaName:
    stored = vault.media.put(io.BytesIO(content))
    with vault.connection.transaction():
        vault.connection.execute(ENTRY, (number, f"entry {number}", f"words of {number}"))
        row = (number, f"{number}.ogg", stored.size_bytes, stored.sha256, stored.name)
        vault.connection.execute("INSERT INTO attachment VALUES (?, 1, ?, 'audio/ogg', ?, ?, ?)", row)
    return stored.name


def add(vault: Vault, number: int) -> None:
    vault.connection.execute(ENTRY, (number, f"entry {number}", f"words of {number}"))


def attached(vault: Vault) -> list[bytes]:
    rows = vault.connection.rows("SELECT media FROM attachment ORDER BY entry_seq")
    return [vault.media.read(MediaName(row[0])) for row in rows]


def words(vault: Vault) -> list[str]:
    return [row[0] for row in vault.connection.rows("SELECT text FROM entry ORDER BY seq")]


def opens(folder: Path, make: MakeVault, *passphrases: str) -> list[str]:
    found = []
    for passphrase in passphrases:
        vault = make(folder)
        try:
            vault.unlock(passphrase)
        except WrongSecret:
            continue
        vault.lock()
        found.append(passphrase)
    return found


def backup_opens_with(file: Path, passphrase: str) -> bool:
    with ContainerReader(file) as backup:
        try:
            KeyFile.from_bytes(backup.key_file).unlock(passphrase).wipe()
        except WrongSecret:
            return False
        return True


@pytest.fixture
def filled(vault: Vault) -> Vault:
    vault.preferences.put("mark", "first")
    attach(vault, 1, SONG)
    attach(vault, 2, LETTER)
    return vault


# --- what is new, and what is as it was ----------------------------------------


def test_everything_is_there_under_another_key_and_other_names(filled: Vault, folder: Path) -> None:
    before, names = contents.read_contents(filled.connection), set(filled.media.names())
    database, vault_id = (folder / "vault.db").read_bytes(), filled.vault_id
    salt, generation = KeyFile.load(folder).cipher_salt, KeyFile.load(folder).generation
    assert filled.rotate(OLD, NEW) is None
    assert filled.is_open
    assert attached(filled) == [SONG, LETTER]
    assert words(filled) == ["words of 1", "words of 2"]
    assert filled.preferences.get("mark") == "first"
    after = contents.read_contents(filled.connection).tables
    assert {k: v for k, v in after.items() if k != "vault_meta"} == {
        k: v for k, v in before.tables.items() if k != "vault_meta"
    }
    assert not names & set(filled.media.names())
    assert filled.vault_id == vault_id
    assert KeyFile.load(folder).cipher_salt != salt
    assert KeyFile.load(folder).generation == generation + 1
    assert (folder / "vault.db").read_bytes()[:4096] != database[:4096]
    filled.finish_rotation()
    assert filled.check().ok


def test_the_old_passphrase_key_and_key_file_open_nothing_in_the_folder(
    filled: Vault, folder: Path, make_vault: MakeVault
) -> None:
    """The promise itself: what someone could know or have copied before is of no use on what is here now."""
    code = filled.add_recovery_key()
    filled.backup()
    old_files = {name: (folder / name).read_bytes() for name in ("keys.json", "keys.bak.json")}
    new_code = filled.rotate(OLD, NEW)
    filled.finish_rotation()
    filled.lock()
    assert new_code not in (None, code)
    assert opens(folder, make_vault, OLD, NEW) == [NEW]
    with pytest.raises(WrongSecret):
        make_vault().unlock_with_recovery(code)
    other = make_vault()
    other.unlock_with_recovery(str(new_code))
    other.lock()
    for backup in (folder / "backups").glob("*.vbak"):
        assert not backup_opens_with(backup, OLD), backup.name
        with ContainerReader(backup) as reader, pytest.raises(WrongSecret):
            KeyFile.from_bytes(reader.key_file).unlock_with_recovery(code)
    for name, raw in old_files.items():
        (folder / name).write_bytes(raw)
    with pytest.raises(VaultDamaged):
        make_vault().unlock(OLD)
    with pytest.raises(VaultDamaged):
        make_vault().unlock_with_recovery(code)


def test_no_file_of_the_old_vault_and_no_old_key_file_stays(filled: Vault, folder: Path) -> None:
    old = KeyFile.load(folder)
    filled.rotate(OLD, NEW)
    filled.finish_rotation()
    assert list((folder / "quarantine").rglob("*")) == []
    assert not (folder / "incoming").exists()
    for path in folder.rglob("*"):
        if path.is_file():
            assert not any(slot.wrapped.hex().encode() in path.read_bytes() for slot in old.slots), path.name


def test_no_device_slot_is_carried_over(filled: Vault, folder: Path) -> None:
    filled.add_recovery_key()
    filled.rotate(OLD, NEW)
    assert [slot.kind for slot in KeyFile.load(folder).slots] == ["passphrase", "recovery"]


def test_a_wrong_or_short_passphrase_changes_nothing(filled: Vault, folder: Path) -> None:
    raw = (folder / "keys.json").read_bytes()
    with pytest.raises(WrongSecret):
        filled.rotate(NEW, NEWER)
    with pytest.raises(PassphraseTooShort):
        filled.rotate(OLD, "short")
    assert (folder / "keys.json").read_bytes() == raw
    assert filled.backups() == []


def test_what_reads_only_is_refused(filled: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filled.connection, "read_only", True)
    with pytest.raises(ReadOnlyVault):
        filled.rotate(OLD, NEW)


def test_a_damaged_attachment_comes_along_as_it_is(filled: Vault, folder: Path) -> None:
    name = filled.connection.value("SELECT media FROM attachment WHERE entry_seq=1")
    flip(filled.media.path(name), 500)
    gone = filled.connection.value("SELECT media FROM attachment WHERE entry_seq=2")
    filled.media.path(gone).unlink()
    raw = filled.media.path(name).read_bytes()
    filled.rotate(OLD, NEW)
    assert filled.media.path(name).read_bytes() == raw
    assert filled.check().media_bad == (name,)
    assert filled.connection.value("SELECT media FROM attachment WHERE entry_seq=2") == gone


def test_twice_in_a_row(filled: Vault, folder: Path, make_vault: MakeVault) -> None:
    filled.rotate(OLD, NEW)
    filled.finish_rotation()
    filled.rotate(NEW, NEWER)
    filled.finish_rotation()
    assert filled.check().ok
    assert attached(filled) == [SONG, LETTER]
    files = [info.file for info in filled.backups()]
    assert len(files) == 2
    assert all(backup_opens_with(file, NEWER) and not backup_opens_with(file, NEW) for file in files)
    filled.lock()
    assert opens(folder, make_vault, OLD, NEW, NEWER) == [NEWER]


# --- tables that name media ------------------------------------------------------


def test_every_column_that_names_media_is_declared(vault: Vault) -> None:
    """A later table that names media cannot be forgotten: its column has "media" in its name, as the first has."""
    found = {
        (table, column)
        for table in contents.tables(vault.connection)
        for column in contents.columns(vault.connection, table)
        if "media" in column and column != "media_type"
    }
    assert found == set(MEDIA_COLUMNS)


# --- while it runs ---------------------------------------------------------------


def test_what_is_saved_while_it_runs_comes_along(filled: Vault) -> None:
    numbers = iter(range(10, 40))

    def save(done: int, total: int) -> None:
        assert 0 <= done <= total == 1000
        number = next(numbers, None)
        if number is not None:
            add(filled, number)

    filled.rotate(OLD, NEW, progress=save)
    saved = next(numbers, 40) - 10
    assert saved > 3
    assert len(words(filled)) == 2 + saved


def test_what_is_saved_and_attached_while_the_copy_is_proved_comes_along(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, added = rotation.prove_copy, []

    def save(done: int, total: int) -> None:
        if proving and not added:
            added.append(attach(filled, 50, b"late"))

    proving: list[bool] = []

    def prove(*args: Any) -> None:
        proving.append(True)
        import time

        time.sleep(0.12)
        real(*args)

    monkeypatch.setattr(rotation, "prove_copy", prove)
    filled.rotate(OLD, NEW, progress=save)
    assert added
    assert len(proving) == 2
    assert attached(filled) == [SONG, LETTER, b"late"]


def test_lock_gives_it_up_before_the_commit(filled: Vault, folder: Path, make_vault: MakeVault) -> None:
    steps = 0

    def count(_done: int, _total: int) -> None:
        nonlocal steps
        steps += 1

    filled.rotate(OLD, NEW, progress=count)
    for stop_at in range(1, steps, max(1, steps // 12)):
        left = stop_at

        def stop(_done: int, _total: int) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Stopped

        try:
            filled.rotate(NEW, NEWER, progress=stop)
        except Stopped:
            assert filled.is_open
            assert not (folder / "incoming").exists()
            assert attached(filled) == [SONG, LETTER]
            assert KeyFile.load(folder).unlock(NEW)
        else:
            filled.rotate(NEWER, NEW)  # this run had fewer steps
    filled.lock()
    assert opens(folder, make_vault, OLD, NEW, NEWER) == [NEW]


def test_a_full_disk_says_so_and_changes_nothing(
    small_disk: Callable[[str], Path], clock: FakeClock, cheap_cost: Cost
) -> None:
    disk = small_disk("6m")
    vault = Vault(disk / "a.vault", clock, cost=cheap_cost)
    vault.create(OLD)
    attach(vault, 1, os.urandom(400_000))
    room = disk / "room"
    refused = 0
    for size in range(0, 6 << 20, 256 << 10):
        room.unlink(missing_ok=True)
        with suppress(OSError):
            room.write_bytes(bytes((6 << 20) - size))
        key_file = (vault.folder / "keys.json").read_bytes()
        try:
            vault.rotate(OLD, NEW)
        except DiskFull:
            refused += 1
            assert (vault.folder / "keys.json").read_bytes() == key_file
            assert not (vault.folder / "incoming").exists()
            assert words(vault) == ["words of 1"]
            assert len(attached(vault)[0]) == 400_000
        else:
            break
    assert refused
    vault.lock()
    vault.unlock(NEW)
    assert len(attached(vault)[0]) == 400_000
    vault.lock()


@pytest.mark.parametrize("what", ["rows", "names", "media"])
def test_a_copy_that_is_not_the_same_is_never_put_in_place(
    filled: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    real = rotation._Rotation._make_it_new

    def spoil(self: Any, target: Any) -> None:
        real(self, target)
        if what == "rows":
            target.execute("UPDATE entry SET text = 'other' WHERE seq = 1")
        elif what == "names":
            target.execute("UPDATE attachment SET media = '' WHERE entry_seq = 1")
        else:
            flip(next((folder / "incoming" / "media").glob("??/*")), 300)

    monkeypatch.setattr(rotation._Rotation, "_make_it_new", spoil)
    with pytest.raises(BackupDamaged):
        filled.rotate(OLD, NEW)
    assert attached(filled) == [SONG, LETTER]
    assert not (folder / "incoming").exists()
    KeyFile.load(folder).unlock(OLD).wipe()


# --- killed ----------------------------------------------------------------------


def snapshots(folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """From now on: what a kill would leave right before each call that renames, removes or flushes."""
    taken: list[Path] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if folder.exists() and not busy:
                busy.append(True)
                taken.append(place / str(len(taken)))
                shutil.copytree(folder, taken[-1], ignore=shutil.ignore_patterns("ballast"))
                busy.clear()
            return real(*args, **kwargs)

        return call

    busy: list[bool] = []
    for name in ("replace", "unlink", "fsync", "rmdir"):
        monkeypatch.setattr(os, name, watched(getattr(os, name)))
    return taken


def test_a_kill_at_any_moment_leaves_one_whole_vault(
    filled: Vault, folder: Path, tmp_path: Path, make_vault: MakeVault
) -> None:
    filled.add_recovery_key()
    filled.backup()
    with pytest.MonkeyPatch.context() as patch:
        taken = snapshots(folder, tmp_path / "killed", patch)
        filled.rotate(OLD, NEW)
        filled.finish_rotation()
    filled.lock()
    assert len(taken) > 60
    found = []
    for left in (*taken[::5], *taken[-12:]):
        (opened,) = opens(left, make_vault, OLD, NEW)
        found.append(opened)
        one = make_vault(left)
        one.unlock(opened)
        assert attached(one) == [SONG, LETTER], left.name
        assert one.check().ok, left.name
        assert not (left / "incoming").exists()
        assert not list((left / "quarantine").glob("*"))
        assert all(backup_opens_with(info.file, opened) for info in one.backups()), left.name
        assert retired.left_to_do(one.connection) == ""
        one.lock()
    assert found == sorted(found, key=[OLD, NEW].index)
    assert {OLD, NEW} == set(found)


def test_a_recovery_key_that_nobody_saw_is_none(filled: Vault, folder: Path, make_vault: MakeVault) -> None:
    filled.add_recovery_key()
    filled.rotate(OLD, NEW)
    filled.lock()  # before finish_rotation: the window never came to show it
    again = make_vault()
    again.unlock(NEW)
    assert not again.has_recovery_key
    assert all(backup_opens_with(info.file, NEW) for info in again.backups())


def test_what_a_rotation_left_to_do_keeps_nobody_from_opening(
    filled: Vault, monkeypatch: pytest.MonkeyPatch, make_vault: MakeVault
) -> None:
    filled.rotate(OLD, NEW)
    filled.lock()

    def refuse(*_args: Any) -> None:
        raise BackupDamaged("manifest")

    monkeypatch.setattr("companion.vault.secret_changes.relock", refuse)
    again = make_vault()
    again.unlock(NEW)
    assert again.is_open


def test_the_moves_that_fail_leave_the_old_vault_open(
    filled: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> None:
        raise DiskFull(folder)

    with monkeypatch.context() as patch:
        patch.setattr(staging, "write_atomic", refuse)
        with pytest.raises(DiskFull):
            filled.rotate(OLD, NEW)
    assert filled.is_open
    assert attached(filled) == [SONG, LETTER]
    assert not (folder / "incoming").exists()
    filled.change_passphrase(OLD, NEWER)


def test_moves_that_are_cut_off_go_on_at_the_next_opening(
    filled: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch, make_vault: MakeVault
) -> None:
    real = staging._move

    def refuse(source: Path, target: Path) -> None:
        if source == folder / "vault.db":
            raise OSError(28, "full")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(staging, "_move", refuse)
        with pytest.raises(DiskFull):
            filled.rotate(OLD, NEW)
    assert not filled.is_open
    with pytest.raises(VaultLocked):
        filled.connection.value("SELECT 1")
    assert opens(folder, make_vault, OLD, NEW) == [NEW]
    one = make_vault()
    one.unlock(NEW)
    assert attached(one) == [SONG, LETTER]


# --- backups ---------------------------------------------------------------------


def test_backups_from_before_open_with_the_new_passphrase_alone_and_come_back_whole(
    filled: Vault, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    keeping = Keeping(filled, clock)
    keeping.choose_place(stick)
    filled.backup()
    errand = keeping.errand()
    assert errand is not None
    outside = carry_over(errand).backups[0].file
    age = outside.stat().st_mtime_ns
    code = filled.add_recovery_key()
    filled.backup()
    new_code = str(filled.rotate(OLD, NEW))
    result = filled.finish_rotation()
    assert len(result.done) == 4
    assert outside in result.done
    assert outside.stat().st_mtime_ns == age
    assert (result.removed, result.kept, result.aside) == ((), (), ())
    assert result.unreached is None
    for number, file in enumerate(result.done):
        for known in (OLD, NEWER):
            with pytest.raises(WrongSecret):
                restore(file, tmp_path / "no.vault", known, clock)
        with pytest.raises(WrongSecret):
            restore(file, tmp_path / "no.vault", "", clock, recovery_code=code)
        back = restore(file, tmp_path / f"{number}.vault", NEW, clock)
        assert (back.media, back.media_missing) == (2, 0)
        again = restore(file, tmp_path / f"r{number}.vault", "", clock, recovery_code=new_code)
        assert again.media == 2
    assert [check.ok for check in filled.check().backups] == [True] * 3


def test_a_second_place_that_is_not_there_is_named(filled: Vault, tmp_path: Path, clock: FakeClock) -> None:
    stick = tmp_path / "stick"
    Keeping(filled, clock).choose_place(stick)
    filled.backup(tmp_path / "other.vbak")
    filled.rotate(OLD, NEW)
    result = filled.finish_rotation()
    assert result.unreached is not None
    assert result.unreached.parent == stick
    assert result.elsewhere == clock.now()
    assert not stick.exists()


def test_it_is_done_once(filled: Vault) -> None:
    filled.backup()
    filled.rotate(OLD, NEW)
    assert len(filled.finish_rotation().done) == 2
    assert filled.finish_rotation().done == ()
    made = filled.backup().file
    assert filled.finish_rotation().done == ()
    assert backup_opens_with(made, NEW)


def test_a_backup_that_cannot_be_changed_goes_where_a_newer_one_stands_for_it(filled: Vault) -> None:
    bad = filled.backup().file
    flip(bad, 10_000)
    filled.rotate(OLD, NEW)
    result = filled.finish_rotation()
    assert result.removed == (bad,)
    assert not bad.exists()
    assert len(result.done) == 1


def test_a_backup_that_cannot_be_changed_stays_and_is_named_where_none_is_newer(
    filled: Vault, clock: FakeClock
) -> None:
    filled.rotate(OLD, NEW)
    (newest,) = [info.file for info in filled.backups()]
    flip(newest, 10_000)
    result = filled.finish_rotation()
    assert (result.done, result.removed, result.kept) == ((), (), (newest,))
    assert newest.exists()


def test_a_disk_that_is_in_the_way_is_tried_again(
    filled: Vault, monkeypatch: pytest.MonkeyPatch, make_vault: MakeVault
) -> None:
    from companion.vault import reslot

    def refuse(part: Path, file: Path) -> None:
        raise DiskFull(file)

    filled.rotate(OLD, NEW)
    with monkeypatch.context() as patch:
        patch.setattr(reslot, "_put_in_place", refuse)
        result = filled.finish_rotation()
    assert len(result.kept) == 1
    assert not list(result.kept[0].parent.glob(".*"))
    assert retired.left_to_do(filled.connection) == retired.BACKUPS_LEFT
    filled.lock()
    again = make_vault()
    again.unlock(NEW)
    assert backup_opens_with(result.kept[0], NEW)
    assert retired.left_to_do(again.connection) == ""


def test_backups_of_another_vault_are_left_alone(
    filled: Vault, folder: Path, tmp_path: Path, make_vault: MakeVault
) -> None:
    other = make_vault(tmp_path / "other.vault")
    other.create(NEWER)
    foreign = other.backup(folder / "backups.vbak").file
    other.lock()
    filled.backup()
    target = folder / "backups" / "20200101-0000-manual.vbak"
    shutil.move(foreign, target)
    raw = target.read_bytes()
    filled.rotate(OLD, NEW)
    result = filled.finish_rotation()
    assert target not in (*result.done, *result.removed, *result.kept)
    assert target.read_bytes() == raw
    assert filled.check().ok


def test_folders_in_quarantine_that_still_open_are_named(filled: Vault, folder: Path, make_vault: MakeVault) -> None:
    backup = filled.backup().file
    filled.bring_back(backup, OLD)
    (aside,) = (folder / "quarantine").iterdir()
    filled.rotate(OLD, NEW)
    result = filled.finish_rotation()
    assert result.aside == (aside,)
    assert (aside / "keys.json").exists()


def test_backups_stay_in_their_rotation_across_keys(filled: Vault, clock: FakeClock, folder: Path) -> None:
    """Older backups still go for newer proved ones, and a fall in rows is still seen."""
    for _ in range(3):
        clock.move(minutes=1)
        filled.backup()
    filled.rotate(OLD, NEW)
    filled.finish_rotation()
    for _ in range(4):
        clock.move(minutes=1)
        filled.backup()
    assert filled.check().ok
    assert [info.reason for info in filled.backups()] == ["manual"] * 3
    with filled.connection.transaction():
        filled.connection.execute("DELETE FROM entry")
        for _number in range(3):
            filled.preferences.remove("mark")
    clock.move(minutes=1)
    filled.backup()
    assert len(filled.backups()) == 4


def test_after_going_back_behind_a_rotation_newer_backups_still_pass(filled: Vault, folder: Path) -> None:
    filled.rotate(OLD, NEW)
    filled.finish_rotation()
    (old_one,) = [info.file for info in filled.backups()]
    filled.backup()
    filled.bring_back(old_one, NEW)
    assert attached(filled) == [SONG, LETTER]
    assert filled.check().ok


# --- kept inside -------------------------------------------------------------------


def test_keys_from_before_are_wiped_with_the_key_of_now(filled: Vault) -> None:
    filled.rotate(OLD, NEW)
    key = filled._opened().key
    (old,) = key.retired
    filled.lock()
    for one in (key, old):
        with pytest.raises(VaultLocked):
            one.derive("db")


def test_the_old_key_is_in_no_file_as_it_is(filled: Vault, folder: Path) -> None:
    secret = filled._opened().key.exposed()
    filled.rotate(OLD, NEW)
    filled.finish_rotation()
    for path in folder.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()
            assert bytes.fromhex(secret) not in path.read_bytes()


# --- beside other work ---------------------------------------------------------------


def test_what_is_compacted_meanwhile_waits(filled: Vault) -> None:
    """Both write into `incoming/`; the one that serves must not clear away what the other has there."""
    done: list[bool] = []

    def compact(_done: int, total: int) -> None:
        if _done > 300:
            done.append(filled.compact())

    filled.rotate(OLD, NEW, progress=compact)
    assert done
    assert not any(done)
    assert attached(filled) == [SONG, LETTER]


def test_another_secret_that_is_changed_meanwhile_counts_and_ends_it(filled: Vault, folder: Path) -> None:
    made: list[str] = []

    def change(done: int, _total: int) -> None:
        if done > 400 and not made:
            made.append(filled.add_recovery_key())

    with pytest.raises(Stopped):
        filled.rotate(OLD, NEW, progress=change)
    assert not (folder / "incoming").exists()
    KeyFile.load(folder).unlock(OLD).wipe()
    KeyFile.load(folder).unlock_with_recovery(made[0]).wipe()


def test_lock_need_not_wait_where_nothing_is_served(filled: Vault, folder: Path) -> None:
    """Between the copy and its proof the old vault must stay as it is; Lock may end it there all the same."""
    asked: list[bool] = []

    def stop() -> None:
        if (folder / "incoming" / "vault.db").exists():
            asked.append(True)
            raise Stopped

    filled.pauses = replace(filled.pauses, stop=stop)
    with pytest.raises(Stopped):
        filled.rotate(OLD, NEW, progress=lambda _done, _total: add_late(filled))
    assert asked
    assert not (folder / "incoming").exists()
    assert attached(filled)[:2] == [SONG, LETTER]
    KeyFile.load(folder).unlock(OLD).wipe()


def add_late(vault: Vault) -> None:
    """A file that comes while the database is copied, so that one is left to encrypt after it."""
    number = int(vault.connection.value("SELECT max(seq) FROM entry")) + 1
    if number < 60:
        attach(vault, number, b"late %d" % number)


def test_the_lock_file_knows_the_new_database(filled: Vault, folder: Path) -> None:
    """Else the journal of a crash in the same session would be taken for a stray one."""
    filled.rotate(OLD, NEW)
    assert json.loads((folder / "vault.lock").read_bytes())["database"] == database_number(folder)
