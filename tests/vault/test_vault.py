from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.clock import SystemClock
from companion.core.errors import (
    DiskReadOnly,
    KeyFileDamaged,
    KeyFileRolledBack,
    NoVault,
    PassphraseTooShort,
    ReadOnlyVault,
    VaultExists,
    VaultInUse,
    VaultLocked,
    WrongSecret,
)
from companion.vault import staging
from companion.vault.keyslots import FLOOR_COST, Cost, KeyFile
from companion.vault.lockfile import holder
from companion.vault.migrations import load_steps, schema_of
from companion.vault.vault import Vault
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault

ROOT = Path(__file__).resolve().parents[2]
NEW = "another quiet evening"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- making ------------------------------------------------------------------


def test_a_new_vault_is_open_whole_and_private(vault: Vault, folder: Path) -> None:
    assert vault.is_open
    assert vault.exists
    assert not vault.read_only
    assert schema_of(vault.connection) == len(load_steps())
    assert sorted(path.name for path in folder.iterdir()) == [
        "ballast", "keys.bak.json", "keys.json", "media", "vault.db", "vault.lock",
    ]  # fmt: skip
    assert (folder / "vault.db").read_bytes()[:16] == KeyFile.load(folder).cipher_salt
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}
        assert set(modes.values()) == {0o600}, modes


def test_what_was_kept_is_there_after_lock_and_unlock(vault: Vault, make_vault: MakeVault, passphrase: str) -> None:
    vault.preferences.put("reading", {"size": 1.5, "wörter": ["ä", None]})
    vault.lock()
    again = make_vault()
    again.unlock(passphrase)
    assert again.preferences.get("reading") == {"size": 1.5, "wörter": ["ä", None]}
    assert again.preferences.get("nothing", 3) == 3
    again.preferences.remove("reading")
    assert again.preferences.get("reading") is None


def test_the_default_key_derivation_is_never_below_the_floor(folder: Path) -> None:
    vault = Vault(folder, SystemClock())
    vault.create("slow tea by the window")
    vault.lock()
    (slot,) = vault.info().slots
    assert slot.memory_kib is not None
    assert slot.passes is not None
    assert slot.lanes is not None
    assert not Cost(slot.memory_kib, slot.passes, slot.lanes).is_weaker_than(FLOOR_COST)
    vault.unlock("slow tea by the window")
    assert not vault.upgrade_offered
    vault.lock()


def test_a_vault_is_never_made_over_another(vault: Vault, make_vault: MakeVault, passphrase: str, folder: Path) -> None:
    vault.lock()
    before = files(folder)
    with pytest.raises(VaultExists):
        make_vault().create(NEW)
    assert files(folder) == before


@pytest.mark.parametrize("left", ["vault.db", "keys.json", "keys.bak.json"])
def test_a_vault_is_never_made_over_what_is_left_of_one(make_vault: MakeVault, folder: Path, left: str) -> None:
    folder.mkdir(parents=True)
    (folder / left).write_bytes(b"")
    vault = make_vault()
    assert vault.exists
    with pytest.raises(VaultExists):
        vault.create(NEW)
    assert files(folder) == {left: b""}


def test_a_short_passphrase_makes_nothing(make_vault: MakeVault, folder: Path) -> None:
    with pytest.raises(PassphraseTooShort) as caught:
        make_vault().create("short")
    assert caught.value.minimum == 10
    assert not folder.exists()


def test_other_files_in_the_folder_are_left_alone(make_vault: MakeVault, folder: Path, passphrase: str) -> None:
    folder.mkdir(parents=True)
    (folder / "letter.txt").write_text("mine")
    make_vault().create(passphrase)
    assert (folder / "letter.txt").read_text() == "mine"


def test_an_unfinished_attempt_is_no_vault_and_is_cleared_by_the_next(
    make_vault: MakeVault, folder: Path, passphrase: str
) -> None:
    incoming = staging.begin(folder)
    (incoming / "vault.db").write_bytes(b"half")
    vault = make_vault()
    assert not vault.exists
    with pytest.raises(NoVault):
        vault.unlock(passphrase)
    with pytest.raises(NoVault):
        vault.info()
    vault.create(passphrase)
    assert not incoming.exists()


def test_what_a_kill_left_beside_a_vault_goes_at_the_next_opening(vault: Vault, passphrase: str) -> None:
    vault.lock()
    folder = vault.folder
    # Half a restore, a key file that never got its name (it holds slots), half a copy of a damaged file.
    (staging.begin(folder) / "vault.db").write_bytes(b"half")
    (folder / ".keys.json.4711.new").write_bytes(b"{}")
    (folder / "quarantine").mkdir()
    (folder / "quarantine" / ".vault-0123.db.part").write_bytes(b"half")
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / ".new-0123").write_bytes(b"half of an attachment")
    vault.unlock(passphrase)
    left = {path.name for path in folder.rglob("*")}
    assert not left & {"incoming", ".keys.json.4711.new", ".vault-0123.db.part", ".new-0123"}
    assert {"vault.db", "keys.json", "keys.bak.json", "quarantine"} <= left


def test_a_finished_vault_that_was_not_yet_in_place_is_put_there(
    vault: Vault, make_vault: MakeVault, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    vault.preferences.put("mark", 7)
    vault.lock()
    for done in range(4):  # as many moves as there are parts, interrupted after each
        place = tmp_path / f"copy{done}"
        incoming = place / "incoming"
        incoming.mkdir(parents=True)
        parts = ["media", "vault.db", "keys.bak.json", "keys.json"]
        for number, name in enumerate(parts):
            target = place if number < done else incoming
            if name == "media":
                (target / name).mkdir()
            else:
                (target / name).write_bytes((folder / name).read_bytes())
        (incoming / "ready").write_text(json.dumps({"moved_to": "none"}))
        assert Vault(place, FakeClock()).exists
        if done % 2:
            assert Vault(place, FakeClock()).info().generation == 1
        again = make_vault(place)
        again.unlock(passphrase)
        assert again.preferences.get("mark") == 7
        assert not incoming.exists()


# --- opening -----------------------------------------------------------------


def test_nothing_there_is_no_vault(make_vault: MakeVault, folder: Path) -> None:
    vault = make_vault()
    assert not vault.exists
    with pytest.raises(NoVault):
        vault.unlock(NEW)
    with pytest.raises(NoVault):
        vault.info()
    assert not folder.exists()


def test_a_wrong_passphrase_leaves_nothing_open_and_nothing_changed(
    vault: Vault, make_vault: MakeVault, passphrase: str, folder: Path
) -> None:
    vault.lock()
    before = files(folder)
    with pytest.raises(WrongSecret):
        vault.unlock(NEW)
    assert not vault.is_open
    assert files(folder) == before
    make_vault().unlock(passphrase)


def test_unlocking_an_open_vault_asks_for_the_passphrase_all_the_same(vault: Vault, passphrase: str) -> None:
    vault.unlock(passphrase)
    with pytest.raises(WrongSecret):
        vault.unlock(NEW)
    assert vault.is_open


def test_locked_means_nothing_can_be_reached(vault: Vault, folder: Path) -> None:
    db, media = vault.connection, vault.media
    stored = media.put(io.BytesIO(b"x"))
    vault.lock()
    vault.lock()
    assert not vault.is_open
    for reach in (
        lambda: vault.connection,
        lambda: vault.media,
        lambda: vault.preferences,
        lambda: vault.vault_id,
        lambda: vault.check(),
        lambda: vault.proof(),
        lambda: vault.backup(),
        lambda: vault.add_recovery_key(),
        lambda: db.value("SELECT 1"),
        lambda: media.read(stored.name),
    ):
        with pytest.raises(VaultLocked):
            reach()
    assert not (folder / "vault.db-journal").exists()


def test_the_key_is_overwritten_on_lock(vault: Vault) -> None:
    state = vault._state
    assert state is not None
    material = state.key._material
    assert any(material)
    vault.lock()
    assert not any(material)


def test_whatever_fails_while_locking_the_key_goes_and_nothing_stays_open(
    vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch, make_vault: MakeVault, passphrase: str
) -> None:
    state = vault._state
    assert state is not None
    material, connection = state.key._material, state.connection

    def fail(*_args: object) -> None:
        raise RuntimeError("on purpose")

    with monkeypatch.context() as patch:
        patch.setattr("companion.vault.vault.compact_while_locking", fail)
        with pytest.raises(RuntimeError):
            vault.lock()
    assert not any(material)
    with pytest.raises(VaultLocked):
        connection.value("SELECT 1")
    make_vault().unlock(passphrase)


def test_a_second_opener_in_this_process_is_told_who_has_it(
    vault: Vault, make_vault: MakeVault, passphrase: str, clock: FakeClock
) -> None:
    with pytest.raises(VaultInUse) as caught:
        make_vault().unlock(passphrase)
    assert caught.value.pid == os.getpid()
    assert caught.value.since == clock.now()
    vault.lock()
    make_vault().unlock(passphrase)


CHILD = """
import sys
from pathlib import Path
from companion.core.clock import SystemClock
from companion.core.errors import VaultInUse
from companion.vault.vault import Vault
vault = Vault(Path(sys.argv[1]), SystemClock())
try:
    vault.unlock(sys.argv[2])
    print("open", flush=True)
    sys.stdin.read()
except VaultInUse as error:
    print("in use", error.pid, error.since.isoformat(), flush=True)
"""


def child(folder: Path, passphrase: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), passphrase],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_a_second_process_is_told_who_has_it_since_when(
    vault: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    said, _ = child(folder, passphrase).communicate(timeout=30)
    assert said.split() == ["in", "use", str(os.getpid()), clock.now().isoformat()]


def test_a_killed_holder_holds_nothing(vault: Vault, make_vault: MakeVault, folder: Path, passphrase: str) -> None:
    vault.lock()
    other = child(folder, passphrase)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    with pytest.raises(VaultInUse) as caught:
        make_vault().unlock(passphrase)
    assert caught.value.pid == other.pid
    found = vault.info().locked_by
    assert found is not None
    assert found.pid == other.pid
    other.kill()
    other.communicate()
    assert vault.info().locked_by is None
    make_vault().unlock(passphrase)


def test_a_journal_that_says_nothing_goes_at_the_next_opening(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.preferences.put("mark", 1)
    vault.lock()
    (folder / "vault.db-journal").write_bytes(bytes(28) + os.urandom(20_000))
    vault.unlock(passphrase)
    assert not (folder / "vault.db-journal").exists()
    assert vault.preferences.get("mark") == 1


# --- secrets -----------------------------------------------------------------


@pytest.mark.parametrize("is_open", [True, False])
def test_a_changed_passphrase_opens_and_the_old_one_does_not(vault: Vault, passphrase: str, is_open: bool) -> None:
    vault.preferences.put("mark", 1)
    if not is_open:
        vault.lock()
    vault.change_passphrase(passphrase, NEW)
    assert vault.is_open == is_open
    vault.lock()
    with pytest.raises(WrongSecret):
        vault.unlock(passphrase)
    vault.unlock(NEW)
    assert vault.preferences.get("mark") == 1
    assert vault.info().generation == 2
    assert known_generation(vault) == 2


def known_generation(vault: Vault) -> int:
    return int(vault.connection.value("SELECT value FROM vault_meta WHERE key='header_generation'"))


def test_the_passphrase_is_changed_only_by_who_knows_it(vault: Vault, passphrase: str, folder: Path) -> None:
    before = (folder / "keys.json").read_bytes()
    with pytest.raises(WrongSecret):
        vault.change_passphrase("not the passphrase", NEW)
    with pytest.raises(PassphraseTooShort):
        vault.change_passphrase(passphrase, "short")
    assert (folder / "keys.json").read_bytes() == before


def test_the_recovery_key_opens_and_sets_a_new_passphrase(make_vault: MakeVault, passphrase: str) -> None:
    vault = make_vault()
    code = vault.create(passphrase, with_recovery=True)
    assert code is not None
    assert vault.has_recovery_key
    vault.preferences.put("mark", 1)
    vault.lock()
    with pytest.raises(PassphraseTooShort):
        vault.recover(code, "short")
    with pytest.raises(WrongSecret) as caught:
        vault.recover("0" + code[1:] if code[0] != "0" else "1" + code[1:], NEW)
    assert caught.value.kind == "recovery-typo"
    assert not vault.is_open
    vault.recover(code, NEW)
    assert vault.preferences.get("mark") == 1
    vault.lock()
    vault.unlock(NEW)
    vault.lock()
    vault.unlock_with_recovery(code)


def test_a_fresh_recovery_key_takes_the_place_of_the_old_one(make_vault: MakeVault, passphrase: str) -> None:
    vault = make_vault()
    old = vault.create(passphrase, with_recovery=True)
    new = vault.add_recovery_key()
    vault.lock()
    assert old is not None
    with pytest.raises(WrongSecret) as caught:
        vault.unlock_with_recovery(old)
    assert caught.value.kind == "recovery"
    vault.unlock_with_recovery(new)
    assert [slot.kind for slot in vault.info().slots] == ["passphrase", "recovery"]


def test_an_older_key_file_is_told_from_every_other_fault(vault: Vault, folder: Path, passphrase: str) -> None:
    old = {name: (folder / name).read_bytes() for name in ("keys.json", "keys.bak.json")}
    vault.change_passphrase(passphrase, NEW)
    vault.lock()
    for name, raw in old.items():
        (folder / name).write_bytes(raw)
    before = files(folder)
    with pytest.raises(KeyFileRolledBack):
        vault.unlock(passphrase)
    assert files(folder) == before
    # Changing the passphrase is no way around it.
    with pytest.raises(KeyFileRolledBack):
        vault.change_passphrase(passphrase, NEW)


def test_a_crash_between_key_file_and_database_shuts_nobody_out(
    vault: Vault, passphrase: str, cheap_cost: Cost, folder: Path
) -> None:
    state = vault._state
    assert state is not None
    state.key_file.with_passphrase(state.key, NEW, cheap_cost).save(folder)
    vault.lock()
    vault.unlock(NEW)
    assert known_generation(vault) == 2


def test_one_copy_of_the_key_file_is_enough_and_both_are_mended(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.lock()
    good = (folder / "keys.json").read_bytes()
    for name in ("keys.json", "keys.bak.json"):
        (folder / name).write_bytes(b"{")
        vault.unlock(passphrase)
        vault.lock()
        assert (folder / name).read_bytes() == good


def test_a_lost_key_file_is_not_the_same_as_no_vault(vault: Vault, folder: Path, passphrase: str) -> None:
    backup = vault.backup().file
    vault.lock()
    for name in ("keys.json", "keys.bak.json"):
        (folder / name).unlink()
    before = files(folder)
    for ask in (lambda: vault.unlock(passphrase), vault.info):
        with pytest.raises(KeyFileDamaged) as caught:
            ask()
        assert caught.value.backup == backup
    assert files(folder) == before


# --- disks -------------------------------------------------------------------


def test_the_ballast_comes_back_when_it_went(vault: Vault, folder: Path, passphrase: str) -> None:
    ballast = folder / "ballast"
    assert ballast.stat().st_size == 1 << 20
    assert ballast.stat().st_blocks * 512 >= 1 << 20
    ballast.unlink()
    vault.lock()
    assert ballast.stat().st_size == 1 << 20
    ballast.write_bytes(b"short")
    vault.unlock(passphrase)
    assert ballast.stat().st_size == 1 << 20


def test_a_disk_that_cannot_be_written_can_still_be_read(
    small_disk: Callable[[str], Path], make_vault: MakeVault, passphrase: str
) -> None:
    disk = small_disk("8m")
    vault = make_vault(disk / "v")
    vault.create(passphrase)
    vault.preferences.put("mark", 5)
    vault.lock()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    before = files(disk)
    vault.unlock(passphrase)
    assert vault.read_only
    assert vault.preferences.get("mark") == 5
    with pytest.raises(ReadOnlyVault):
        vault.preferences.put("mark", 6)
    with pytest.raises(ReadOnlyVault):
        vault.change_passphrase(passphrase, NEW)
    assert vault.check().ok
    vault.lock()
    with pytest.raises(DiskReadOnly):
        make_vault(disk / "w").create(passphrase)
    assert files(disk) == before


# --- a newer Companion -------------------------------------------------------


def test_a_newer_vault_opens_for_reading_only(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.preferences.put("mark", 5)
    vault.connection.execute("CREATE TABLE later (a)")
    vault.connection.execute("PRAGMA user_version=99")
    vault.lock()
    before = files(folder)
    vault.unlock(passphrase)
    assert vault.read_only
    assert vault.newer is not None
    assert (vault.newer.found, vault.newer.known) == (99, len(load_steps()))
    assert vault.preferences.get("mark") == 5
    with pytest.raises(ReadOnlyVault):
        vault.preferences.put("mark", 6)
    with pytest.raises(ReadOnlyVault):
        vault.change_passphrase(passphrase, NEW)
    vault.lock()
    assert files(folder) == before
    vault.unlock(passphrase)
    assert vault.backup().tables["preference"] == 1


# --- lock file ---------------------------------------------------------------


def test_a_full_lock_file_of_a_dead_process_holds_nothing(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.lock()
    assert (folder / "vault.lock").read_bytes() == b""
    facts = {"pid": 1, "host": os.uname().nodename, "since": "2026-01-01T00:00:00+00:00"}
    (folder / "vault.lock").write_text(json.dumps(facts))
    assert holder(folder) is None
    vault.unlock(passphrase)


@pytest.mark.parametrize("content", [b"", b"[", b"[1]", b"\xff" * 5000, b'{"pid": "x"}'])
def test_a_lock_file_with_anything_in_it_is_no_obstacle(
    vault: Vault, folder: Path, passphrase: str, content: bytes
) -> None:
    vault.lock()
    (folder / "vault.lock").write_bytes(content)
    vault.unlock(passphrase)


@pytest.mark.parametrize(
    ("pid", "host", "held"),
    [(os.getpid(), None, True), (2**22 + 12345, None, False), (1, "another-computer", True)],
)
def test_where_files_cannot_be_locked_the_lock_file_is_believed(
    vault: Vault,
    folder: Path,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
    pid: int,
    host: str | None,
    held: bool,
) -> None:
    import errno
    import platform

    def no_locks(handle: int) -> bool:
        raise OSError(errno.ENOLCK, "no locks here")

    vault.lock()
    monkeypatch.setattr("companion.vault.lockfile._try_lock", no_locks)
    facts = {"pid": pid, "host": host or platform.node(), "since": "2026-01-01T00:00:00+00:00"}
    (folder / "vault.lock").write_text(json.dumps(facts))
    assert (holder(folder) is not None) == held
    if held:
        with pytest.raises(VaultInUse) as caught:
            vault.unlock(passphrase)
        assert caught.value.pid == pid
    else:
        vault.unlock(passphrase)
        vault.lock()
        assert holder(folder) is None
