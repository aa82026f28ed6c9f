"""What a full disk may cost: the write that did not fit, and nothing that was acknowledged."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.errors import DiskFull, StorageTrouble
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault

Mount = Callable[[str], Path]
pytestmark = pytest.mark.campaign


def fill(vault: Vault, size: int = 9000) -> dict[str, str]:
    """Write until the disk is full; what was acknowledged."""
    kept: dict[str, str] = {}
    for number in range(5000):
        text = f"{number} " + "x" * size
        try:
            vault.preferences.put(f"n{number}", text)
        except DiskFull:
            return kept
        kept[f"n{number}"] = text
    pytest.fail("the disk never filled")


def eat(disk: Path, leave: int = 0) -> Path:
    """Another program takes the room that is left."""
    hog = disk / "hog"
    with hog.open("ab") as file:
        free = shutil.disk_usage(disk).free - leave
        try:
            file.write(bytes(max(0, free)))
        except OSError:
            file.truncate()
    return hog


def all_there(vault: Vault, kept: dict[str, str]) -> bool:
    return all(vault.preferences.get(name) == text for name, text in kept.items())


def test_nothing_acknowledged_is_lost_and_deleting_makes_room(
    small_disk: Mount, make_vault: MakeVault, passphrase: str
) -> None:
    disk = small_disk("6m")
    vault = make_vault(disk / "v")
    vault.create(passphrase)
    ballast = disk / "v" / "ballast"
    assert ballast.exists()
    kept = fill(vault)
    assert len(kept) > 50
    assert not ballast.exists()
    eat(disk, leave=1 << 20)  # only what the ballast gave back is free now
    assert all_there(vault, kept)
    for name in list(kept)[:100]:
        vault.preferences.remove(name)
        del kept[name]
    vault.preferences.put("after", "there is room inside now")
    assert all_there(vault, kept)
    assert vault.check().integrity == "ok"
    vault.lock()
    vault.unlock(passphrase)
    assert all_there(vault, kept)
    subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)
    vault.lock()
    assert ballast.stat().st_size == 1 << 20, "made again once there is room"


def test_a_full_disk_can_be_opened_and_read(small_disk: Mount, make_vault: MakeVault, passphrase: str) -> None:
    disk = small_disk("6m")
    vault = make_vault(disk / "v")
    vault.create(passphrase)
    kept = fill(vault)
    vault.lock()
    (disk / "v" / "ballast").unlink(missing_ok=True)
    eat(disk)
    assert shutil.disk_usage(disk).free == 0
    vault.unlock(passphrase)
    assert all_there(vault, kept)
    with pytest.raises(StorageTrouble):
        vault.preferences.put("more", "x" * 20000)
    vault.lock()


def test_a_transaction_that_does_not_fit_leaves_no_part_of_it(
    small_disk: Mount, make_vault: MakeVault, passphrase: str
) -> None:
    vault = make_vault(small_disk("4m") / "v")
    vault.create(passphrase)
    vault.preferences.put("before", 1)

    def too_much() -> None:
        with vault.connection.transaction():
            for number in range(2000):
                vault.preferences.put(f"n{number}", "x" * 9000)

    with pytest.raises(DiskFull):
        too_much()
    assert vault.connection.rows("SELECT key FROM preference") == [("before",)]


def test_a_caller_that_ignores_a_full_disk_does_not_get_a_part(
    small_disk: Mount, make_vault: MakeVault, passphrase: str
) -> None:
    vault = make_vault(small_disk("4m") / "v")
    vault.create(passphrase)

    def ignore() -> None:
        with vault.connection.transaction():
            vault.preferences.put("first", 1)
            for number in range(2000):
                try:
                    vault.preferences.put(f"n{number}", "x" * 9000)
                except DiskFull:
                    break

    with pytest.raises(DiskFull):
        ignore()
    assert vault.connection.rows("SELECT key FROM preference") == []


@pytest.mark.parametrize("free_kib", [0, 64, 128, 192, 256, 320, 384, 512, 640, 768, 896, 1024])
def test_a_backup_that_does_not_fit_leaves_nothing_half_made(
    small_disk: Mount, make_vault: MakeVault, passphrase: str, free_kib: int, tmp_path: Path
) -> None:
    vault = make_vault(tmp_path / "v")
    vault.create(passphrase)
    vault.preferences.put("long", "x" * 200_000)
    vault.media.put(io.BytesIO(os.urandom(300_000)))
    disk = small_disk("2m")
    eat(disk, leave=free_kib * 1024)
    try:
        result = vault.backup(disk / "a.vbak")
    except DiskFull:
        assert [path.name for path in disk.iterdir()] == ["hog"]
    else:
        assert free_kib >= 640
        assert sorted(path.name for path in disk.iterdir()) == ["a.vbak", "hog"]
        assert restore(result.file, tmp_path / "w", passphrase, FakeClock()).media == 1


@pytest.mark.parametrize("free_kib", [0, 64, 128, 256, 384, 512, 640])
def test_a_restore_that_does_not_fit_leaves_the_vault_as_it_was(
    small_disk: Mount, make_vault: MakeVault, passphrase: str, free_kib: int, tmp_path: Path
) -> None:
    disk = small_disk("4m")
    vault = make_vault(disk / "v")
    vault.create(passphrase)
    vault.preferences.put("long", "x" * 200_000)
    vault.media.put(io.BytesIO(os.urandom(100_000)))
    file = vault.backup(tmp_path / "a.vbak").file
    vault.preferences.put("mark", "later")
    vault.lock()
    eat(disk, leave=free_kib * 1024)
    try:
        restore(file, disk / "v", passphrase, FakeClock())
    except StorageTrouble:
        expected = "later"
        assert not (disk / "v" / "incoming").exists()
    else:
        expected = None
    vault.unlock(passphrase)
    assert vault.preferences.get("mark") == expected
    assert vault.check().integrity == "ok"


@pytest.mark.parametrize("free_kib", [0, 4, 8, 32, 64, 96, 128, 160, 192])
def test_a_vault_that_does_not_fit_is_no_vault(
    small_disk: Mount, make_vault: MakeVault, passphrase: str, free_kib: int
) -> None:
    disk = small_disk("2m")
    eat(disk, leave=free_kib * 1024)
    vault = make_vault(disk / "v")
    try:
        vault.create(passphrase)
    except StorageTrouble:
        assert not vault.exists
        assert not (disk / "v").exists()
    else:
        vault.preferences.get("x")
        vault.lock()
        vault.unlock(passphrase)


def test_a_passphrase_change_that_does_not_fit_changes_nothing(
    small_disk: Mount, make_vault: MakeVault, passphrase: str
) -> None:
    disk = small_disk("6m")
    vault = make_vault(disk / "v")
    vault.create(passphrase)
    (disk / "v" / "ballast").unlink()
    eat(disk)
    with pytest.raises(DiskFull):
        vault.change_passphrase(passphrase, "another quiet evening")
    vault.lock()
    vault.unlock(passphrase)


def test_a_passphrase_change_counts_once_the_key_file_is_written(
    vault: Vault, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull

    monkeypatch.setattr("companion.vault.secret_changes.note_generation", full)
    vault.change_passphrase(passphrase, "another quiet evening")
    monkeypatch.undo()
    vault.lock()
    vault.unlock("another quiet evening")
    assert vault.connection.value("SELECT value FROM vault_meta WHERE key='header_generation'") == "2"
