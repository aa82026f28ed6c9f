"""Device unlock of a real vault: never the only way in, nothing is lost when it fails, and two weeks at most."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.key_stores import Drawer, failing, giving
from companion.core.errors import (
    DeviceUnavailable,
    DiskFull,
    KeyFileDamaged,
    PassphraseDue,
    ReadOnlyVault,
    VaultLocked,
    WrongSecret,
)
from companion.vault import device_slot, keycopies
from companion.vault.device_due import may_open
from companion.vault.device_key import SERVICE, KeyringStore
from companion.vault.keyslots import Cost, KeyFile
from companion.vault.vault import Vault
from tests.fakes import FakeClock

NEW = "nine quiet otters at noon"


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def vault(folder: Path, clock: FakeClock, cheap_cost: Cost, drawer: Drawer, passphrase: str) -> Vault:
    """Made, open, and opened by the drawer too."""
    one = Vault(folder, clock, cost=cheap_cost, key_store=KeyringStore(drawer.find))
    one.create(passphrase)
    one.device.enable(passphrase)
    yield one
    one.lock()


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "vault.lock"
    }


def kinds(vault: Vault) -> list[str]:
    return [slot.kind for slot in vault.info().slots]


def reopen(vault: Vault) -> None:
    vault.lock()
    vault.device.open()
    assert vault.is_open


# --- on and off --------------------------------------------------------------


def test_it_is_off_until_it_is_switched_on(make_vault: Callable[[], Vault], passphrase: str) -> None:
    vault = make_vault()
    vault.create(passphrase)
    assert vault.device.is_on is False
    vault.lock()
    with pytest.raises(DeviceUnavailable) as told:
        vault.device.open()
    assert told.value.reason == "off"


def test_the_key_store_opens_what_the_passphrase_opens(vault: Vault, passphrase: str) -> None:
    vault.preferences.put("kept", "words")
    reopen(vault)
    assert vault.preferences.get("kept") == "words"
    assert kinds(vault) == ["passphrase", "device"]
    vault.lock()
    vault.unlock(passphrase)
    assert vault.preferences.get("kept") == "words"


def test_what_the_key_store_holds_is_a_secret_of_its_own(vault: Vault, drawer: Drawer, folder: Path) -> None:
    ((service, user),) = drawer.held
    key_file = KeyFile.load(folder)
    assert service == SERVICE == "companion"
    assert user == f"{key_file.vault_id}/{key_file.device_slot}"
    secret = bytearray.fromhex(drawer.held[service, user])
    assert len(secret) == 32
    key = key_file.unlock_with_device(secret)
    assert key._material != secret
    assert not any(key.derive(purpose) == secret for purpose in ("db", "header", "backup", "media", "media-name"))
    assert not any(secret.hex().encode() in raw or bytes(secret) in raw for raw in files(folder).values())


def test_switching_on_needs_the_passphrase_and_an_open_vault(vault: Vault, drawer: Drawer, passphrase: str) -> None:
    held, slot = dict(drawer.held), KeyFile.load(vault.folder).device_slot
    with pytest.raises(WrongSecret):
        vault.device.enable("not the right one")
    vault.lock()
    with pytest.raises(VaultLocked):
        vault.device.enable(passphrase)
    with pytest.raises(VaultLocked):
        vault.device.disable()
    assert drawer.held == held
    assert KeyFile.load(vault.folder).device_slot == slot


def test_switching_on_again_leaves_one_slot_and_one_secret(vault: Vault, drawer: Drawer, passphrase: str) -> None:
    held = dict(drawer.held)
    vault.device.enable(passphrase)
    assert len(drawer.held) == 1
    assert drawer.held != held
    assert kinds(vault) == ["passphrase", "device"]
    reopen(vault)


def test_switching_off_takes_slot_and_secret(vault: Vault, drawer: Drawer, passphrase: str) -> None:
    held = dict(drawer.held)
    assert vault.device.disable() is True
    assert drawer.held == {}
    assert kinds(vault) == ["passphrase"]
    assert vault.device.disable() is True
    vault.lock()
    drawer.held.update(held)
    with pytest.raises(DeviceUnavailable):
        vault.device.open()
    vault.unlock(passphrase)


def test_a_key_store_that_keeps_the_secret_is_told_and_the_slot_is_gone(vault: Vault, drawer: Drawer) -> None:
    drawer.on["delete"] = failing(RuntimeError("no"))
    assert vault.device.disable() is False
    assert kinds(vault) == ["passphrase"]
    assert len(drawer.held) == 1


def test_it_is_never_the_only_slot(vault: Vault, folder: Path) -> None:
    key_file, state = KeyFile.load(folder), vault.device.opened()
    only = tuple(slot for slot in key_file.slots if slot.kind == "device")
    with pytest.raises(ValueError, match="no passphrase"):
        replace(key_file, slots=())._next(state.key, only)


def test_another_passphrase_and_a_recovery_key_leave_it_in_force(vault: Vault, passphrase: str) -> None:
    code = vault.add_recovery_key()
    vault.change_passphrase(passphrase, NEW)
    reopen(vault)
    assert kinds(vault) == ["passphrase", "device", "recovery"]
    vault.lock()
    vault.recover(code, passphrase)
    reopen(vault)


# --- failures ----------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, "0" * 64, "5a" * 32, "swordfish"])
def test_a_wrong_answer_leaves_every_file_as_it_was(
    vault: Vault, drawer: Drawer, passphrase: str, answer: str | None
) -> None:
    vault.lock()
    before = files(vault.folder)
    drawer.on["get"] = giving(answer)
    with pytest.raises(DeviceUnavailable) as told:
        vault.device.open()
    assert told.value.reason == ("gone" if answer is None else "garbage")
    assert told.value.exit_code == 3
    assert files(vault.folder) == before
    assert not vault.is_open
    vault.unlock(passphrase)


def test_a_slot_of_another_vault_does_not_open(
    vault: Vault, drawer: Drawer, tmp_path: Path, clock: FakeClock, cheap_cost: Cost, passphrase: str
) -> None:
    other = Vault(tmp_path / "other.vault", clock, cost=cheap_cost, key_store=KeyringStore(Drawer(drawer.held).find))
    other.create(passphrase)
    other.device.enable(passphrase)
    mine, foreign = KeyFile.load(vault.folder), KeyFile.load(other.folder)
    moved = tuple(slot for slot in (*mine.slots[:1], *foreign.slots[1:]))
    secret = bytearray.fromhex(drawer.held[SERVICE, f"{foreign.vault_id}/{foreign.device_slot}"])
    with pytest.raises(WrongSecret):
        replace(mine, slots=moved).unlock_with_device(secret)
    other.lock()


def test_a_key_store_that_does_not_keep_changes_nothing(vault: Vault, drawer: Drawer, passphrase: str) -> None:
    vault.device.disable()
    before = files(vault.folder)
    drawer.on["set"] = giving(None)
    with pytest.raises(DeviceUnavailable) as told:
        vault.device.enable(passphrase)
    assert told.value.reason == "not-kept"
    assert files(vault.folder) == before
    assert vault.device.is_on is False


def test_a_disk_that_takes_no_key_file_leaves_no_secret_behind(
    vault: Vault, drawer: Drawer, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.device.disable()
    before = {name: raw for name, raw in files(vault.folder).items() if name.startswith("keys")}

    def full(*_: object) -> None:
        raise DiskFull(vault.folder)

    monkeypatch.setattr(keycopies, "write_atomic", full)
    with pytest.raises(DiskFull):
        vault.device.enable(passphrase)
    assert drawer.held == {}
    assert {name: raw for name, raw in files(vault.folder).items() if name.startswith("keys")} == before
    assert vault.device.is_on is False


def test_a_vault_that_can_only_be_read_is_opened_and_not_changed(vault: Vault, passphrase: str) -> None:
    vault.lock()
    for name in ("vault.db", "keys.json", "keys.bak.json"):
        (vault.folder / name).chmod(0o400)
    vault.device.open()
    vault.connection.read_only = True
    with pytest.raises(ReadOnlyVault):
        vault.device.enable(passphrase)
    with pytest.raises(ReadOnlyVault):
        vault.device.disable()


# --- kills: what stands on the disk after each step --------------------------


class Killed(BaseException):
    """The process ends here."""


class Killing:
    """A key store that takes part and dies right after."""

    def __init__(self, inner: KeyringStore, after: str) -> None:
        self.inner, self.after = inner, after

    def __getattr__(self, name: str) -> Callable[..., object]:
        def act(*arguments: object) -> object:
            answer = getattr(self.inner, name)(*arguments)
            if name == self.after:
                raise Killed
            return answer

        return act


def copies(folder: Path, target: Path) -> Path:
    """The files as another process finds them after the kill."""
    return Path(shutil.copytree(folder, target))


def opened_anew(folder: Path, clock: FakeClock, cost: Cost, drawer: Drawer, passphrase: str) -> tuple[str, list[str]]:
    """How the key store's way ends after the kill, and which slots there are; the passphrase must open."""
    one = Vault(folder, clock, cost=cost, key_store=KeyringStore(drawer.find))
    reason = ""
    try:
        one.device.open()
    except DeviceUnavailable as error:
        reason = error.reason
    one.lock()
    one.unlock(passphrase)
    one.lock()
    return reason, kinds(one)


@pytest.mark.parametrize("step", ["stored", "first copy", "both copies", "noted"])
def test_a_kill_while_it_is_switched_on_leaves_a_secret_without_slot_or_both(
    vault: Vault, drawer: Drawer, tmp_path: Path, clock: FakeClock, cheap_cost: Cost, passphrase: str, step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    vault.device.disable()
    device, written = vault.device, []
    if step == "stored":
        device = replace(vault.device, store=Killing(vault.device.store, "store"))
    elif step == "first copy":
        monkeypatch.setattr(keycopies, "write_atomic", _dying(keycopies.write_atomic, written, 1))
    elif step == "both copies":
        monkeypatch.setattr(keycopies, "write_atomic", _dying(keycopies.write_atomic, written, 2))
    else:
        monkeypatch.setattr(device_slot, "note_passphrase", _dying(device_slot.note_passphrase, written, 1))
    with pytest.raises(Killed):
        device.enable(passphrase)
    monkeypatch.undo()
    left = copies(vault.folder, tmp_path / "left.vault")
    (left / "vault.lock").unlink()
    told = opened_anew(left, clock, cheap_cost, drawer, passphrase)
    is_in_force = step in ("first copy", "both copies")
    assert told == (("", ["passphrase", "device"]) if is_in_force else ("off", ["passphrase"]))
    assert len(drawer.held) == 1


@pytest.mark.parametrize("step", ["first copy", "both copies", "forgotten"])
def test_a_kill_while_it_is_switched_off_leaves_no_slot_without_a_secret(
    vault: Vault, drawer: Drawer, tmp_path: Path, clock: FakeClock, cheap_cost: Cost, passphrase: str, step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    device, written = vault.device, []
    if step == "forgotten":
        device = replace(vault.device, store=Killing(vault.device.store, "remove"))
    else:
        count = 1 if step == "first copy" else 2
        monkeypatch.setattr(keycopies, "write_atomic", _dying(keycopies.write_atomic, written, count))
    with pytest.raises(Killed):
        device.disable()
    monkeypatch.undo()
    left = copies(vault.folder, tmp_path / "left.vault")
    (left / "vault.lock").unlink()
    assert opened_anew(left, clock, cheap_cost, drawer, passphrase) == ("off", ["passphrase"])
    assert len(drawer.held) == (0 if step == "forgotten" else 1)


def _dying(act: Callable[..., object], done: list[int], count: int) -> Callable[..., object]:
    """Do it, and die after so many times."""

    def wrapped(*arguments: object) -> object:
        answer = act(*arguments)
        done.append(1)
        if len(done) == count:
            raise Killed
        return answer

    return wrapped


# --- backups -----------------------------------------------------------------


def test_a_backup_that_is_brought_back_opens_by_passphrase_alone(vault: Vault, drawer: Drawer, passphrase: str) -> None:
    vault.preferences.put("kept", "words")
    backup = vault.backup().file
    vault.bring_back(backup, passphrase)
    assert vault.preferences.get("kept") == "words"
    assert kinds(vault) == ["passphrase"]
    assert vault.check().ok
    vault.device.enable(passphrase)
    reopen(vault)


# --- two weeks ---------------------------------------------------------------


def is_due(vault: Vault) -> bool:
    vault.lock()
    before = files(vault.folder)
    with suppress(PassphraseDue):
        vault.device.open()
        return False
    assert not vault.is_open
    assert files(vault.folder) == before
    return True


def test_after_two_weeks_the_passphrase_is_asked_once(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    clock.move(days=14)
    assert not is_due(vault)
    clock.move(seconds=1)
    assert is_due(vault)
    assert PassphraseDue().exit_code == 3
    assert is_due(vault), "until it is typed"
    vault.unlock(passphrase)
    assert not is_due(vault)
    clock.move(days=13)
    assert not is_due(vault)
    clock.move(days=2)
    assert is_due(vault)


def test_many_openings_in_between_do_not_put_it_off(vault: Vault, clock: FakeClock) -> None:
    for _day in range(13):
        clock.move(days=1)
        assert not is_due(vault)
    clock.move(days=1, minutes=1)
    assert is_due(vault)


def test_typing_it_in_between_begins_the_weeks_anew(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    for _week in range(8):
        clock.move(days=7)
        assert not is_due(vault)
        vault.lock()
        vault.unlock(passphrase)
    clock.move(days=13)
    assert not is_due(vault)


def test_confirming_it_in_the_open_vault_counts(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    clock.move(days=13)
    assert not is_due(vault)
    vault.change_passphrase(passphrase, NEW)
    clock.move(days=13)
    assert not is_due(vault)


def test_a_clock_that_went_back_neither_locks_out_nor_extends_for_ever(vault: Vault, clock: FakeClock) -> None:
    clock.move(days=-400)
    assert not is_due(vault), "a battery that was empty once"
    starts = 0
    while not is_due(vault):
        starts += 1
        clock.move(hours=1)
        if is_due(vault):
            break
        clock.move(hours=-1)  # the clock begins anew with each start of the computer
    assert 5 <= starts <= 15


def test_a_clock_that_stands_still_comes_to_the_end(vault: Vault, clock: FakeClock) -> None:
    # Each opening asks `may_open`; two thousand whole ones would take half a minute and say no more.
    now = clock.now()
    openings = next(number for number in range(5000) if not may_open(vault.connection, now))
    assert 1500 <= openings <= 2100
    assert is_due(vault)


def test_a_clock_that_was_years_ahead_asks_once(vault: Vault, clock: FakeClock, passphrase: str) -> None:
    clock.move(days=4000)
    assert is_due(vault)
    vault.unlock(passphrase)
    clock.move(days=-4000)
    assert not is_due(vault)
    clock.move(days=12)
    assert not is_due(vault)
    clock.move(days=2)
    assert is_due(vault)


@pytest.mark.parametrize(
    "value",
    [None, "", "7", "[]", "{}", '{"at": "2026-11-22T10:40:00+00:00"}', '{"at": "soon", "spent_s": 0}',
     '{"at": "2026-11-22T10:40:00", "spent_s": 0}', '{"at": "2026-11-22T10:40:00+00:00", "spent_s": -1}',
     '{"at": "2026-11-22T10:40:00+00:00", "spent_s": 1e999}', '{"at": "2026-11-22T10:40:00+00:00", "spent_s": "0"}'],
)  # fmt: skip
def test_where_nothing_readable_is_remembered_the_passphrase_is_asked(
    vault: Vault, passphrase: str, value: str | None
) -> None:
    with vault.connection.transaction():
        if value is None:
            vault.connection.execute("DELETE FROM vault_meta WHERE key='device_opened'")
        else:
            vault.connection.execute("UPDATE vault_meta SET value=? WHERE key='device_opened'", (value,))
    assert is_due(vault)
    vault.unlock(passphrase)
    assert not is_due(vault)


def test_what_is_remembered_is_in_the_vault_and_only_where_it_is_on(
    vault: Vault, clock: FakeClock, passphrase: str
) -> None:
    known = "SELECT value FROM vault_meta WHERE key='device_opened'"
    raw = json.loads(vault.connection.value(known))
    assert raw == {"at": "2026-11-22T10:40:00+00:00", "spent_s": 0.0}
    vault.device.disable()
    clock.move(days=3)
    vault.lock()
    vault.unlock(passphrase)
    assert json.loads(vault.connection.value(known)) == raw


def test_the_time_zone_does_not_matter(vault: Vault, clock: FakeClock) -> None:
    clock.zone = "Pacific/Kiritimati"
    assert not is_due(vault)
    clock.zone = "Pacific/Honolulu"
    clock.instant += timedelta(days=13)
    assert not is_due(vault)


def test_an_edited_key_file_is_told_as_damage_not_as_a_missing_key(vault: Vault) -> None:
    key_file = KeyFile.load(vault.folder)
    vault.lock()
    changed = replace(key_file, generation=key_file.generation + 1)
    for name in ("keys.json", "keys.bak.json"):
        (vault.folder / name).write_bytes(changed.to_bytes())
    with pytest.raises(KeyFileDamaged):
        vault.device.open()
