from __future__ import annotations

import io
import json
import os
import random
import struct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.errors import (
    BackupDamaged,
    CompanionError,
    DiskUnreachable,
    Stopped,
    UsageRefused,
    VaultDamaged,
    VaultInUse,
    VaultNewer,
    WrongSecret,
)
from companion.core.ids import MediaName
from companion.vault import backup as making
from companion.vault import restoring, shelf, staging
from companion.vault.aside import Aside
from companion.vault.backup import BackupResult
from companion.vault.container import MAGIC, ContainerReader
from companion.vault.contents import read_contents
from companion.vault.keyslots import Cost, KeyFile, MasterKey
from companion.vault.manifest import Manifest, MediaItem, manifest_mac
from companion.vault.shelf import is_backup_due, to_keep
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault, flip

NEW = "another quiet evening"
SONG = b"a song " * 5000


def put(vault: Vault, content: bytes = SONG) -> MediaName:
    return vault.media.put(io.BytesIO(content)).name


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filled(vault: Vault) -> Vault:
    vault.preferences.put("mark", "first")
    vault.preferences.put("long", "y" * 20000)
    put(vault)
    return vault


@pytest.fixture
def packed(filled: Vault, tmp_path: Path) -> Path:
    """A backup outside the vault, with everything inside; the vault is locked."""
    stick = tmp_path / "stick"
    stick.mkdir()
    file = filled.backup(stick / "a.vbak").file
    filled.lock()
    return file


# --- making ------------------------------------------------------------------


def test_a_backup_is_proved_and_holds_all_rows(filled: Vault, folder: Path) -> None:
    result = filled.backup()
    assert result.file.parent == folder / "backups"
    assert result.file.name == "20261122-1040-manual.vbak"
    assert result.tables == read_contents(filled.connection).tables
    assert result.tables["preference"] == 2
    assert result.media == 1
    assert result.bytes == result.file.stat().st_size
    (info,) = filled.backups()
    assert info.ok
    assert info.file == result.file
    assert info.reason == "manual"
    assert info.proved_at is not None
    assert sorted(path.name for path in (folder / "backups").iterdir()) == ["20261122-1040-manual.vbak", "media"]


def test_nothing_in_a_backup_can_be_read_without_the_key(filled: Vault, tmp_path: Path) -> None:
    raw = filled.backup(tmp_path / "a.vbak").file.read_bytes()
    for plain in (b"SQLite format 3", b"CREATE TABLE", b"preference", b"first", b"yyyyyyyy", b"a song", b"entry"):
        assert plain not in raw
    assert os.stat(tmp_path / "a.vbak").st_mode & 0o077 == 0


def test_backups_beside_the_vault_share_one_copy_of_each_attachment(filled: Vault, folder: Path) -> None:
    first = filled.backup()
    second = filled.backup()
    assert first.file != second.file
    shared = list((folder / "backups" / "media").glob("??/*"))
    assert [path.read_bytes() for path in shared] == [path.read_bytes() for path in (folder / "media").glob("??/*")]
    assert shared[0].stat().st_ino != next((folder / "media").glob("??/*")).stat().st_ino
    assert filled.check().ok


def test_elsewhere_the_attachments_are_inside(filled: Vault, tmp_path: Path) -> None:
    with_media = filled.backup(tmp_path / "with.vbak")
    without = filled.backup(tmp_path / "without.vbak", with_media=False)
    assert (with_media.media, without.media) == (1, 0)
    assert with_media.bytes - without.bytes >= len(SONG)
    assert sorted(path.name for path in tmp_path.glob("*.vbak")) == ["with.vbak", "without.vbak"]
    assert filled.proof().last_backup_proof is not None


def test_a_folder_as_target_gets_a_named_file(filled: Vault, tmp_path: Path) -> None:
    first, second = filled.backup(tmp_path), filled.backup(tmp_path)
    assert [first.file.name, second.file.name] == ["20261122-1040-manual.vbak", "20261122-1040-manual-2.vbak"]


def test_no_file_of_another_kind_is_ever_replaced(filled: Vault, tmp_path: Path, folder: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    for target in (letter, folder / "vault.db", folder / "keys.json"):
        before = target.read_bytes()
        with pytest.raises(UsageRefused):
            filled.backup(target)
        assert target.read_bytes() == before
    with pytest.raises(DiskUnreachable):
        filled.backup(tmp_path / "nowhere" / "a.vbak")


def test_progress_ends_at_the_whole_and_never_goes_back(filled: Vault, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    filled.backup(tmp_path / "a.vbak", progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert len({total for _, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1] > 0


@pytest.mark.parametrize("after", [0, 1, 2, 5, 10, 15, 20, 25, 30])
def test_stopping_anywhere_leaves_nothing_half_made(
    filled: Vault, tmp_path: Path, folder: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.vault.connection.COPY_PAGES", 5)
    monkeypatch.setattr("companion.vault.container._BLOCK", 10_000)
    monkeypatch.setattr("companion.vault.aside.LOOK_AGAIN_S", 0.0)
    real = Aside.count

    def count(aside: Aside, size: int) -> None:  # slow enough to be stopped at every one of these steps
        time.sleep(0.005)
        real(aside, size)

    monkeypatch.setattr(Aside, "count", count)
    older = filled.backup(tmp_path / "a.vbak").file.read_bytes()
    calls = 0

    def stop(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise Stopped

    for target in (tmp_path / "a.vbak", None):
        calls = 0
        with pytest.raises(Stopped):
            filled.backup(target, progress=stop)
        for thread in threading.enumerate():
            if thread.name == "aside":
                thread.join()
    assert (tmp_path / "a.vbak").read_bytes() == older
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.vbak"]
    assert not list((folder / "backups").glob("*.vbak"))
    assert not list((folder / "backups").rglob(".*"))


@pytest.mark.parametrize("offset", [100, 5000, 60000, -200])
def test_a_copy_that_is_not_what_was_copied_is_not_kept(
    filled: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    real = making.prove_copy

    def damage_first(path: Path, *rest: object) -> None:
        flip(path, offset % path.stat().st_size)
        real(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "prove_copy", damage_first)
    with pytest.raises(BackupDamaged):
        filled.backup(tmp_path / "a.vbak")
    assert list(tmp_path.glob("*.vbak")) == []
    assert list(tmp_path.glob(".*")) == []


def test_a_copy_with_another_content_is_not_kept(
    filled: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making.read_contents

    def write_in_between(connection: object, *look: object) -> object:
        filled.preferences.put("mark", "second")
        return real(connection, *look)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "read_contents", write_in_between)
    with pytest.raises(BackupDamaged) as caught:
        filled.backup(tmp_path / "a.vbak")
    assert caught.value.reason == "content"
    assert list(tmp_path.glob("*vbak*")) == []


@pytest.mark.parametrize("offset", [3, 40, 3000, 30000, 90000, -20, -60, -400])
def test_what_reached_the_disk_wrong_is_not_kept(
    filled: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    real = making._read_back

    def damage_first(part: Path, *rest: object) -> None:
        flip(part, offset % part.stat().st_size)
        real(part, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_read_back", damage_first)
    with pytest.raises(BackupDamaged):
        filled.backup(tmp_path / "a.vbak")
    assert list(tmp_path.glob("*vbak*")) == []


def test_a_damaged_vault_makes_no_backup_that_looks_whole(filled: Vault, tmp_path: Path, passphrase: str) -> None:
    database = filled.folder / "vault.db"
    filled.lock()
    whole, told = database.read_bytes(), 0
    for page in range(2, len(whole) // 4096):
        database.write_bytes(whole)
        flip(database, page * 4096 + 1000)
        try:
            filled.unlock(passphrase)
            filled.backup(tmp_path / "a.vbak")
        except VaultDamaged:
            told += 1
        filled.lock()
    assert told == len(whole) // 4096 - 2
    assert not (tmp_path / "a.vbak").exists()


def test_writes_go_on_while_a_backup_is_made(filled: Vault, passphrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.vault.connection.COPY_PAGES", 5)
    count = 0

    def save(done: int, total: int) -> None:
        nonlocal count
        count += 1
        filled.preferences.put(f"meanwhile {count}", "z" * 3000)

    result = filled.backup(progress=save)
    assert count > 3
    assert result.tables["preference"] > 3
    filled.lock()
    restore(result.file, filled.folder, passphrase, FakeClock())
    filled.unlock(passphrase)
    assert filled.preferences.get("meanwhile 1") == "z" * 3000


def test_writes_go_on_and_stopping_works_while_the_copy_is_proved(
    filled: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proving, ended = threading.Event(), threading.Event()

    class Copy:
        def interrupt(self) -> None:
            ended.set()

    def slow_proof(*given: object) -> None:
        on_open = given[-1]
        assert callable(on_open)
        on_open(Copy())
        proving.set()
        assert ended.wait(10)
        raise Stopped

    calls = 0

    def save_then_stop(done: int, total: int) -> None:
        nonlocal calls
        if proving.is_set():
            calls += 1
            filled.preferences.put("meanwhile", calls)
            if calls == 3:
                raise Stopped

    monkeypatch.setattr(making, "prove_copy", slow_proof)
    with pytest.raises(Stopped):
        filled.backup(tmp_path / "a.vbak", progress=save_then_stop)
    assert ended.is_set()
    assert filled.preferences.get("meanwhile") == 3
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_what_a_killed_backup_left_goes_at_the_next_opening(filled: Vault, folder: Path, passphrase: str) -> None:
    filled.backup()
    left = [folder / "backups" / ".x.vbak.part", folder / "backups" / ".x.vbak.copy.part"]
    for path in left:
        path.write_bytes(b"half")
    filled.lock()
    filled.unlock(passphrase)
    assert not any(path.exists() for path in left)
    assert len(filled.backups()) == 1


# --- restoring ---------------------------------------------------------------


def test_a_backup_comes_back_where_no_vault_was(
    packed: Path, make_vault: MakeVault, tmp_path: Path, passphrase: str
) -> None:
    place = tmp_path / "elsewhere" / "new.vault"
    result = restore(packed, place, passphrase, FakeClock())
    assert result.replaced_moved_to is None
    assert (result.media, result.media_missing) == (1, 0)
    assert result.tables["preference"] == 2
    again = make_vault(place)
    again.unlock(passphrase)
    assert again.preferences.get("mark") == "first"
    assert [again.media.read(name) for name in again.media.names()] == [SONG]
    assert again.check().ok
    assert sorted(path.name for path in place.iterdir()) == [
        "ballast", "keys.bak.json", "keys.json", "media", "vault.db", "vault.lock",
    ]  # fmt: skip


def test_what_a_restore_replaces_is_moved_aside_whole(filled: Vault, folder: Path, passphrase: str) -> None:
    file = filled.backup().file
    filled.preferences.put("mark", "second")
    later = put(filled, b"later")
    filled.lock()
    before = files(folder)
    result = restore(file, folder, passphrase, FakeClock())
    aside = result.replaced_moved_to
    assert aside == folder / "quarantine" / "20261122-104000-replaced"
    after = files(folder)
    for name in ("vault.db", "keys.json", "keys.bak.json", f"media/{later[:2]}/{later}"):
        assert after[f"quarantine/20261122-104000-replaced/{name}"] == before[name]
    assert after["backups/20261122-1040-manual.vbak"] == before["backups/20261122-1040-manual.vbak"]
    filled.unlock(passphrase)
    assert filled.preferences.get("mark") == "first"
    assert list(filled.media.names()) != []
    assert later not in list(filled.media.names())
    filled.lock()
    # Again, at the same second: nothing that was moved aside is written over.
    again = restore(file, folder, passphrase, FakeClock())
    assert again.replaced_moved_to == folder / "quarantine" / "20261122-104000-replaced-2"
    assert files(aside) == {
        name.removeprefix("quarantine/20261122-104000-replaced/"): raw
        for name, raw in after.items()
        if name.startswith("quarantine/")
    }


def test_a_journal_of_the_old_database_never_meets_the_new_one(filled: Vault, folder: Path, passphrase: str) -> None:
    file = filled.backup().file
    filled.lock()
    (folder / "vault.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"x" * 600)
    result = restore(file, folder, passphrase, FakeClock())
    assert not (folder / "vault.db-journal").exists()
    assert result.replaced_moved_to is not None
    assert (result.replaced_moved_to / "vault.db-journal").exists()
    filled.unlock(passphrase)
    assert filled.check().ok


def test_the_backup_brings_its_own_passphrase(filled: Vault, folder: Path, passphrase: str) -> None:
    file = filled.backup().file
    filled.change_passphrase(passphrase, NEW)
    filled.lock()
    before = files(folder)
    with pytest.raises(WrongSecret):
        restore(file, folder, NEW, FakeClock())
    assert files(folder) == before
    restore(file, folder, passphrase, FakeClock())
    filled.unlock(passphrase)


def test_the_recovery_key_brings_a_backup_back(make_vault: MakeVault, passphrase: str, tmp_path: Path) -> None:
    vault = make_vault()
    code = vault.create(passphrase, with_recovery=True)
    file = vault.backup(tmp_path / "a.vbak").file
    restore(file, tmp_path / "v", "", FakeClock(), recovery_code=code)
    with pytest.raises(WrongSecret):
        restore(file, tmp_path / "w", "", FakeClock(), recovery_code="nonsense")
    assert not (tmp_path / "w").exists()


def test_another_vault_may_be_replaced_by_a_backup(
    packed: Path, make_vault: MakeVault, tmp_path: Path, passphrase: str
) -> None:
    other = make_vault(tmp_path / "other.vault")
    other.create(NEW)
    theirs = other.vault_id
    other.lock()
    result = restore(packed, other.folder, passphrase, FakeClock())
    assert result.vault_id != theirs
    assert KeyFile.load(result.replaced_moved_to or tmp_path).vault_id == theirs
    other.unlock(passphrase)
    assert other.preferences.get("mark") == "first"


def test_a_damaged_vault_is_replaced_and_kept(filled: Vault, folder: Path, passphrase: str) -> None:
    file = filled.backup().file
    filled.lock()
    (folder / "vault.db").write_bytes(b"")
    (folder / "keys.json").unlink()
    (folder / "keys.bak.json").write_bytes(b"rubbish")
    result = restore(file, folder, passphrase, FakeClock())
    filled.unlock(passphrase)
    assert filled.preferences.get("mark") == "first"
    assert result.replaced_moved_to is not None
    assert (result.replaced_moved_to / "keys.bak.json").read_bytes() == b"rubbish"


def test_an_open_vault_is_never_replaced(filled: Vault, folder: Path, passphrase: str) -> None:
    file = filled.backup().file
    filled.preferences.put("mark", "second")
    with pytest.raises(VaultInUse):
        restore(file, folder, passphrase, FakeClock())
    assert filled.preferences.get("mark") == "second"
    assert not (folder / "quarantine").exists()


def test_attachments_that_a_backup_only_names_are_looked_for(
    filled: Vault, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    file = filled.backup(tmp_path / "a.vbak", with_media=False).file
    filled.lock()
    here = restore(file, folder, passphrase, FakeClock())
    assert (here.media, here.media_missing) == (1, 0)
    there = restore(file, tmp_path / "v", passphrase, FakeClock())
    assert (there.media, there.media_missing) == (0, 1)
    filled.unlock(passphrase)
    assert filled.check().ok


def test_a_damaged_attachment_beside_a_backup_is_not_taken(
    filled: Vault, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    file = filled.backup().file
    filled.lock()
    for path in folder.rglob("media/??/*"):
        flip(path, 200)
    assert restore(file, tmp_path / "v", passphrase, FakeClock()).media_missing == 1
    filled.unlock(passphrase)
    report = filled.check()
    assert report.media_bad
    assert [backup.ok for backup in report.backups] == [False]


def test_stopping_a_restore_leaves_the_vault_as_it_was(
    packed: Path, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    before = files(folder)
    for place in (folder, tmp_path / "fresh.vault"):
        with pytest.raises(Stopped):
            restore(packed, place, passphrase, FakeClock(), progress=stop)
    assert files(folder) == before
    assert not (tmp_path / "fresh.vault").exists()


@pytest.mark.parametrize("moves", range(12))
def test_a_restore_that_is_cut_off_between_two_moves_is_finished_by_the_next_opener(
    filled: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    file = filled.backup().file
    filled.preferences.put("mark", "second")
    filled.lock()
    real, done = staging._move, 0

    class PowerCut(BaseException):
        pass

    def move(source: Path, target: Path) -> None:
        nonlocal done
        if done == moves:
            raise PowerCut
        done += 1
        real(source, target)

    monkeypatch.setattr(staging, "_move", move)
    try:
        restore(file, folder, passphrase, FakeClock())
    except PowerCut:
        assert moves < 9
        assert any((folder / name).exists() for name in ("keys.json", "keys.bak.json", "vault.db"))
    else:
        assert moves >= 9
    monkeypatch.setattr(staging, "_move", real)
    filled.unlock(passphrase)
    assert filled.preferences.get("mark") == "first"
    assert filled.check().ok
    assert len(list((folder / "quarantine").iterdir())) == 1
    assert not (folder / "incoming").exists()


# --- damaged and hostile -----------------------------------------------------


def refused(file: Path, place: Path, passphrase: str) -> BackupDamaged:
    with pytest.raises(BackupDamaged) as caught:
        restore(file, place, passphrase, FakeClock())
    assert not place.exists()
    return caught.value


def test_every_flipped_bit_and_every_cut_is_noticed(
    packed: Path, tmp_path: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The key derivation is not what is tested here; it would be most of the time.
    key = KeyFile.from_bytes(ContainerReader(packed).key_file).unlock(passphrase)
    material = bytes(key._material)
    monkeypatch.setattr(
        KeyFile, "unlock", lambda self, given: self._require_own(k := MasterKey(bytearray(material))) or k
    )
    whole, chance = packed.read_bytes(), random.Random(5)
    bad = tmp_path / "bad.vbak"
    places = [*range(0, 24), *range(len(whole) - 60, len(whole)), *(chance.randrange(len(whole)) for _ in range(120))]
    for offset in places:
        changed = bytearray(whole)
        changed[offset] ^= 1 << chance.randrange(8)
        bad.write_bytes(changed)
        refused(bad, tmp_path / "v", passphrase)
    for length in [*range(0, 40), *(chance.randrange(len(whole)) for _ in range(60)), len(whole) - 1]:
        bad.write_bytes(whole[:length])
        refused(bad, tmp_path / "v", passphrase)
    bad.write_bytes(whole + b"x")
    refused(bad, tmp_path / "v", passphrase)
    bad.write_bytes(whole)
    assert restore(bad, tmp_path / "v", passphrase, FakeClock()).media == 1


def test_a_missing_file_is_the_disk_and_not_damage(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(DiskUnreachable):
        restore(tmp_path / "none.vbak", tmp_path / "v", passphrase, FakeClock())
    with pytest.raises(DiskUnreachable):
        restore(tmp_path, tmp_path / "v", passphrase, FakeClock())


def rewritten(
    packed: Path, passphrase: str, change: Callable[[dict[str, object]], None], *, signed: bool = True
) -> None:
    """The manifest as someone with the passphrase (or without) would change it."""
    with ContainerReader(packed) as backup:
        key = KeyFile.from_bytes(backup.key_file).unlock(passphrase)
        plain = json.loads(backup._manifest_raw)
        mac = backup._mac
        head = packed.read_bytes()[: -(len(backup._manifest_raw) + 48)]
    change(plain)
    raw = json.dumps(plain).encode()
    packed.write_bytes(
        head + raw + struct.pack(">Q", len(raw)) + (manifest_mac(raw, key) if signed else mac) + MAGIC[::-1]
    )


def with_media(**changes: object) -> Callable[[dict[str, object]], None]:
    def change(plain: dict[str, object]) -> None:
        plain["media"] = [{**item, **changes} for item in plain["media"]]  # type: ignore[attr-defined]

    return change


def changed(**changes: object) -> Callable[[dict[str, object]], None]:
    return lambda plain: plain.update(changes)


@pytest.mark.parametrize(
    "change",
    [
        with_media(name="../../../../outside"),
        with_media(name="/etc/passwd"),
        with_media(name="..\\..\\outside"),
        with_media(name=""),
        with_media(name="a" * 63 + "\n"),
        with_media(name=7),
        with_media(size_bytes=2**61),
        with_media(size_bytes=-1),
        with_media(size_bytes=1.5),
        with_media(size_bytes=True),
        with_media(sha256="0" * 64),
        with_media(sha256="short"),
        with_media(inside="yes"),
        with_media(inside=False),
        with_media(extra=1),
        changed(media=None),
        changed(media=[[]]),
        changed(media={"name": "x"}),
        lambda plain: plain["media"].append(plain["media"][0]),  # type: ignore[attr-defined]
        changed(database_bytes=2**62),
        changed(database_bytes=-5),
        changed(database_bytes=0),
        changed(database_sha256="f" * 64),
        changed(key_file_sha256="f" * 64),
        changed(vault_id="b" * 26),
        changed(generation=9),
        changed(generation="1"),
        changed(made_at="yesterday"),
        changed(made_at="2026-01-01T00:00:00"),
        changed(made_at=5),
        changed(sealed=""),
        changed(sealed="not base64 at all"),
        changed(sealed="AAAA" * 20),
        changed(reason="../x"),
        changed(format=0),
        changed(format="1"),
        lambda plain: plain.pop("schema") and None,
        changed(more=1),
    ],
)
def test_a_lying_manifest_is_refused_although_it_is_signed(
    packed: Path, tmp_path: Path, passphrase: str, change: Callable[[dict[str, object]], None]
) -> None:
    rewritten(packed, passphrase, change)
    refused(packed, tmp_path / "v", passphrase)
    assert not (tmp_path / "outside").exists()


def test_a_manifest_that_is_not_signed_is_refused(packed: Path, tmp_path: Path, passphrase: str) -> None:
    rewritten(packed, passphrase, changed(reason="daily"), signed=False)
    assert refused(packed, tmp_path / "v", passphrase).reason == "manifest"


def test_a_backup_of_a_newer_companion_says_so(packed: Path, tmp_path: Path, passphrase: str) -> None:
    rewritten(packed, passphrase, changed(format=2))
    with pytest.raises(VaultNewer):
        restore(packed, tmp_path / "v", passphrase, FakeClock())


@pytest.mark.parametrize("tail", [b"[" * 100_000, b"{", b"", b"\xff\xfe", b"nul", b'{"format": 1}', b"1" * 5000])
def test_any_bytes_in_place_of_the_manifest_are_refused(
    packed: Path, tmp_path: Path, passphrase: str, tail: bytes
) -> None:
    with ContainerReader(packed) as backup:
        head = packed.read_bytes()[: -(len(backup._manifest_raw) + 48)]
    packed.write_bytes(head + tail + struct.pack(">Q", len(tail)) + bytes(32) + MAGIC[::-1])
    refused(packed, tmp_path / "v", passphrase)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda raw: MAGIC + raw + MAGIC[::-1])))
def test_no_bytes_make_a_backup_crash(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "any.vbak"
    file.write_bytes(raw)
    with pytest.raises(BackupDamaged):
        ContainerReader(file)
    assert not shelf.look_at(file).ok


@settings(max_examples=150, deadline=None)
@given(
    raw=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from([*Manifest.__slots__, "format"]), inner, max_size=14)
        ),
        max_leaves=20,
    ).map(lambda plain: json.dumps(plain).encode())
)
def test_no_json_makes_the_manifest_reader_crash(raw: bytes) -> None:
    with pytest.raises(CompanionError):
        Manifest.from_bytes(raw)


# --- the shelf ---------------------------------------------------------------


def test_rotation_keeps_days_weeks_and_months() -> None:
    start = datetime(2026, 11, 22, 12, tzinfo=UTC)
    made = [start - timedelta(hours=6 * n) for n in range(4 * 400)]
    kept = to_keep(made)
    assert set(made[:3]) <= kept
    days = {at.date() for at in kept}
    assert {(start - timedelta(days=n)).date() for n in range(7)} <= days
    assert len({at.isocalendar()[:2] for at in kept}) >= 4
    assert len({(at.year, at.month) for at in kept}) == 12
    assert len(kept) <= 3 + 7 + 4 + 12
    assert to_keep([]) == set()


def daily(vault: Vault, clock: FakeClock, days: int) -> list[BackupResult]:
    made = []
    for _ in range(days):
        clock.move(days=1)
        made.append(vault.backup(reason="daily"))
    return made


def test_older_backups_go_only_for_a_proved_one(
    filled: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = daily(filled, clock, 12)
    names = {info.file for info in filled.backups()}
    assert made[-1].file in names
    assert len(names) < 12
    before = names

    def fail(*_: object) -> None:
        raise BackupDamaged("test")

    monkeypatch.setattr(making, "prove_copy", fail)
    clock.move(days=40)
    with pytest.raises(BackupDamaged):
        filled.backup()
    assert {info.file for info in filled.backups()} == before


def test_nothing_goes_when_much_less_is_in_the_newest(filled: Vault, clock: FakeClock) -> None:
    for number in range(40):
        filled.preferences.put(f"n{number}", number)
    daily(filled, clock, 8)
    before = {info.file for info in filled.backups()}
    for number in range(40):
        filled.preferences.remove(f"n{number}")
    made = daily(filled, clock, 1)
    assert {info.file for info in filled.backups()} == before | {made[0].file}


def test_a_backup_that_cannot_be_read_and_one_of_another_vault_stay(
    filled: Vault, clock: FakeClock, make_vault: MakeVault, folder: Path, tmp_path: Path
) -> None:
    other = make_vault(tmp_path / "other.vault")
    other.create(NEW)
    theirs = other.backup(folder / "backups-of-others.vbak").file
    daily(filled, clock, 1)
    theirs.rename(folder / "backups" / "theirs.vbak")
    (folder / "backups" / "broken.vbak").write_bytes(b"?")
    daily(filled, clock, 12)
    infos = {info.file.name: info for info in filled.backups()}
    assert infos["theirs.vbak"].ok
    assert not infos["broken.vbak"].ok
    assert filled.backups()[-1].file.name == "broken.vbak"


def test_shared_media_go_when_no_kept_backup_names_them(filled: Vault, clock: FakeClock, folder: Path) -> None:
    gone = put(filled, b"short-lived")
    filled.backup(reason="daily")
    filled.media.remove(gone)
    assert (folder / "backups" / "media" / gone[:2] / gone).exists()
    daily(filled, clock, 9)
    clock.move(days=400)
    daily(filled, clock, 9)
    clock.move(days=400)
    daily(filled, clock, 9)
    named = {item.name for info in filled.backups() if info.manifest for item in info.manifest.media}
    on_disk = {path.name for path in (folder / "backups" / "media").glob("??/*")}
    assert on_disk == named
    assert filled.check().ok


def test_an_attachment_stored_anew_does_not_spoil_older_backups(
    filled: Vault, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    first = filled.backup().file
    name = next(iter(filled.media.names()))
    flip(filled.media.path(name), 200)
    put(filled)  # the damaged file is written again, under another key
    second = filled.backup().file
    assert filled.check().ok
    filled.lock()
    for number, file in enumerate((first, second)):
        assert restore(file, tmp_path / f"v{number}", passphrase, FakeClock()).media_missing == 0


def test_the_check_reads_every_byte_of_every_backup(filled: Vault) -> None:
    good, bad = filled.backup().file, filled.backup().file
    flip(bad, 20000)
    report = filled.check()
    assert {backup.file: backup.ok for backup in report.backups} == {good: True, bad: False}
    assert not report.ok
    assert all(info.ok for info in filled.backups())


def test_a_backup_is_due_when_the_vault_was_changed_and_the_last_is_old(
    filled: Vault, folder: Path, clock: FakeClock
) -> None:
    assert filled.backup_due()
    file = filled.backup().file
    now, on_disk = clock.now(), file.stat().st_mtime
    os.utime(folder / "vault.db", (on_disk - 60, on_disk - 60))
    assert not is_backup_due(folder, now + timedelta(days=3))
    os.utime(folder / "vault.db", (on_disk + 60, on_disk + 60))
    assert not is_backup_due(folder, now + timedelta(hours=11))
    assert is_backup_due(folder, now + timedelta(hours=13))
    assert is_backup_due(folder, now - timedelta(days=1))


def test_a_media_item_is_found_by_content_only(tmp_path: Path) -> None:
    name = "ab" * 32
    path = shelf.media_path(tmp_path, name)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"same size")
    item = MediaItem(name, 9, shelf.digest_of(path), inside=False)
    assert shelf.find_media(item, [tmp_path / "none", tmp_path]) == path
    path.write_bytes(b"SAME size")
    assert shelf.find_media(item, [tmp_path]) is None


def test_restoring_names_are_public() -> None:
    assert restoring.restore is restore


def test_the_cost_of_the_backup_is_the_backup_s(
    packed: Path, passphrase: str, tmp_path: Path, cheap_cost: Cost
) -> None:
    restore(packed, tmp_path / "v", passphrase, FakeClock())
    (slot,) = Vault(tmp_path / "v", FakeClock()).info().slots
    assert slot.memory_kib == cheap_cost.memory_kib
