"""The key file: the right secret opens it, nothing else does, and no crash or edit loses or fakes it."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core import files
from companion.core.errors import (
    CompanionError,
    DiskFull,
    DiskUnreachable,
    KeyFileDamaged,
    NotEnoughMemory,
    NoVault,
    PassphraseTooShort,
    StorageTrouble,
    VaultLocked,
    VaultNewer,
    WrongSecret,
)
from companion.vault import kdf, keycopies, keyslots, recovery_code
from companion.vault.header import MAXIMUM_BYTES, Slot
from companion.vault.keyslots import DEFAULT_COST, FLOOR_COST, Cost, KeyFile, MasterKey, database_key
from tests.fakes import FakeClock

CHEAP = Cost(8192, 1, 1)
PASSPHRASE = "otter maple ferry cake"
OTHER = "quiet river lamp seven"


@pytest.fixture(scope="module")
def made() -> tuple[KeyFile, MasterKey, str]:
    file, key, code = KeyFile.new(PASSPHRASE, CHEAP, with_recovery=True)
    assert code is not None
    return file, key, code


@pytest.fixture
def file(made: tuple[KeyFile, MasterKey, str]) -> KeyFile:
    return made[0]


def same(one: MasterKey, two: MasterKey) -> bool:
    return one.derive("db") == two.derive("db")


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def forged(file: KeyFile, change: Callable[[dict[str, Any]], object]) -> bytes:
    """What an attacker without the key can do: change anything and make the open checksum right again."""
    members = json.loads(file.to_bytes())
    change(members)
    members.pop("check", None)
    members["check"] = hashlib.sha256(canonical(members)).hexdigest()
    return json.dumps(members).encode()


def flipped(text: str) -> str:
    return ("0" if text[0] != "0" else "1") + text[1:]


# --- opening -----------------------------------------------------------------


def test_each_secret_opens_the_same_key_and_others_do_not(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, code = made
    assert same(file.unlock(PASSPHRASE), key)
    assert same(file.unlock_with_recovery(code), key)
    assert same(file.unlock_with_recovery(code.lower().replace("-", " ")), key)
    for wrong in ("", PASSPHRASE + " ", PASSPHRASE.upper(), OTHER, "\ud800", code):
        with pytest.raises(WrongSecret) as refused:
            file.unlock(wrong)
        assert refused.value.kind == "passphrase"


def test_a_typo_and_another_vaults_recovery_key_are_told_apart(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, _, code = made
    with pytest.raises(WrongSecret) as typo:
        file.unlock_with_recovery(flipped(code))
    assert typo.value.kind == "recovery-typo"
    with pytest.raises(WrongSecret) as foreign:
        file.unlock_with_recovery(recovery_code.encode(bytes(20)))
    assert foreign.value.kind == "recovery"


def test_without_a_recovery_key_none_opens() -> None:
    file, _, code = KeyFile.new(PASSPHRASE, CHEAP, with_recovery=False)
    assert code is None
    assert not file.has_recovery
    with pytest.raises(WrongSecret):
        file.unlock_with_recovery(recovery_code.encode(bytes(20)))


def test_one_passphrase_typed_on_different_keyboards_is_one() -> None:
    typed = "Zoë's café ﬁve"
    file, key, _ = KeyFile.new(unicodedata.normalize("NFC", typed), CHEAP, with_recovery=False)
    assert same(file.unlock(unicodedata.normalize("NFD", typed)), key)
    assert same(file.unlock("Zoë's café five"), key)
    with pytest.raises(WrongSecret):
        file.unlock("Zoe's cafe five")


@pytest.mark.parametrize("passphrase", ["\ud800" * 12, "naïve 🙂 日本語 ok", "\x00" * 12, "x" * 5000])
def test_any_text_can_be_a_passphrase(passphrase: str) -> None:
    file, key, _ = KeyFile.new(passphrase, CHEAP, with_recovery=False)
    assert same(KeyFile.from_bytes(file.to_bytes()).unlock(passphrase), key)


def test_short_passphrases_are_refused_when_new_and_only_then(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, _ = made
    with pytest.raises(PassphraseTooShort) as refused:
        KeyFile.new("nine char", CHEAP, with_recovery=False)
    assert refused.value.minimum == keyslots.MINIMUM_PASSPHRASE
    with pytest.raises(PassphraseTooShort):
        file.with_passphrase(key, "nine char", CHEAP)
    with pytest.raises(WrongSecret):
        file.unlock("nine char")


def test_two_vaults_share_nothing() -> None:
    one, one_key, one_code = KeyFile.new(PASSPHRASE, CHEAP, with_recovery=True)
    two, two_key, two_code = KeyFile.new(PASSPHRASE, CHEAP, with_recovery=True)
    assert one.vault_id != two.vault_id
    assert one.cipher_salt != two.cipher_salt
    assert one_code != two_code
    assert not same(one_key, two_key)


def test_an_independent_reader_of_the_documented_format_finds_the_key(made: tuple[KeyFile, MasterKey, str]) -> None:
    """Written from the documentation alone, with none of the product's code."""
    file, key, _ = made
    kept = json.loads(file.to_bytes())
    slot = next(slot for slot in kept["slots"] if slot["kind"] == "passphrase")
    costs = slot["kdf"]
    secret = Argon2id(
        salt=bytes.fromhex(costs["salt"]),
        length=32,
        iterations=costs["passes"],
        lanes=costs["lanes"],
        memory_cost=costs["memory_kib"],
    ).derive(unicodedata.normalize("NFKC", PASSPHRASE).encode())
    kek = HKDF(SHA256(), 32, None, b"slot" + slot["id"].encode()).derive(secret)
    bound_to = canonical(
        {"format": 1, "vault_id": kept["vault_id"], "slot": slot["id"], "kind": slot["kind"], "kdf": costs}
    )
    master = AESGCM(kek).decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"]), bound_to)
    header_key = HKDF(SHA256(), 32, None, b"header").derive(master)
    header = {name: value for name, value in kept.items() if name not in ("mac", "check")}
    assert hmac.new(header_key, canonical(header), "sha256").hexdigest() == kept["mac"]
    assert HKDF(SHA256(), 32, None, b"db").derive(master) == key.derive("db")


# --- keys --------------------------------------------------------------------


def test_the_database_key_is_hexadecimal_key_and_salt_never_bare_bytes(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, _ = made
    text = database_key(key, file.cipher_salt)
    assert isinstance(text, bytearray)
    assert bytes(text) == b"x'" + key.derive("db").hex().encode() + file.cipher_salt.hex().encode() + b"'"
    assert len(text) == 99


def test_subkeys_differ_by_purpose_and_unknown_purposes_are_a_mistake() -> None:
    key = MasterKey(bytearray(range(32)))
    subkeys = {bytes(key.derive(purpose)) for purpose in keyslots.PURPOSES}
    assert len(subkeys) == len(keyslots.PURPOSES) == 5
    assert {len(subkey) for subkey in subkeys} == {32}
    with pytest.raises(ValueError):
        key.derive("databse")


def test_a_wiped_key_is_zero_and_opens_nothing() -> None:
    material = bytearray(range(32))
    key = MasterKey(material)
    key.wipe()
    assert material == bytes(32)
    with pytest.raises(VaultLocked):
        key.derive("db")
    key.wipe()


def test_a_key_does_not_show_itself() -> None:
    key = MasterKey(bytearray(b"SECRETsecretSECRETsecretSECRET12"))
    assert "SECRET" not in repr(key) + str(key)


def test_every_buffer_that_held_a_key_or_the_passphrase_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the secret was wrong: slot keys, stretched secrets, subkeys, encoded passphrases."""
    kept: list[bytearray] = []
    watching = [(keyslots, name) for name in ("argon2id", "hkdf", "_encoded")]
    for module, name in [*watching, (recovery_code, "new_secret"), (recovery_code, "decode")]:
        real = getattr(module, name)

        def watched(*args: Any, real: Any = real) -> bytearray:
            kept.append(real(*args))
            return kept[-1]

        monkeypatch.setattr(module, name, watched)
    file, key, code = KeyFile.new(PASSPHRASE, CHEAP, with_recovery=True)
    file.unlock(PASSPHRASE).wipe()
    file.unlock_with_recovery(str(code)).wipe()
    with pytest.raises(WrongSecret):
        file.unlock(OTHER)
    database_key(key, file.cipher_salt)
    assert len(kept) == 17
    assert [buffer for buffer in kept if any(buffer)] == []


# --- changing ----------------------------------------------------------------


def test_a_new_passphrase_replaces_the_old_one_and_keeps_key_and_recovery(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, code = made
    changed = file.with_passphrase(key, OTHER, CHEAP)
    assert changed.generation == file.generation + 1
    assert (changed.vault_id, changed.cipher_salt) == (file.vault_id, file.cipher_salt)
    assert same(changed.unlock(OTHER), key)
    assert same(changed.unlock_with_recovery(code), key)
    with pytest.raises(WrongSecret):
        changed.unlock(PASSPHRASE)


def test_a_new_recovery_key_replaces_the_old_one(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, old = made
    changed, code = file.with_recovery(key)
    assert same(changed.unlock_with_recovery(code), key)
    assert same(changed.unlock(PASSPHRASE), key)
    with pytest.raises(WrongSecret):
        changed.unlock_with_recovery(old)
    assert [slot.kind for slot in changed.slots] == ["passphrase", "recovery"]


def test_another_vaults_key_never_gets_into_a_slot(file: KeyFile) -> None:
    """It would open the key file and no database, for ever."""
    foreign = MasterKey.new()
    with pytest.raises(KeyFileDamaged):
        file.with_passphrase(foreign, OTHER, CHEAP)
    with pytest.raises(KeyFileDamaged):
        file.with_recovery(foreign)


def test_device_slots_of_the_format_are_kept(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, _ = made
    device = Slot("ab" * 8, "device", None, b"", bytes(12), bytes(48))
    with_device = file._next(key, (*file.slots, device))
    changed = KeyFile.from_bytes(with_device.to_bytes()).with_passphrase(key, OTHER, CHEAP)
    assert device in changed.slots
    assert same(changed.unlock(OTHER), key)


@pytest.mark.parametrize(
    "cost", [Cost(8191, 1, 1), Cost(524_289, 1, 1), Cost(8192, 0, 1), Cost(8192, 11, 1), Cost(8192, 1, 9)]
)
def test_a_cost_that_no_reader_would_take_is_never_written(cost: Cost) -> None:
    with pytest.raises(ValueError):
        KeyFile.new(PASSPHRASE, cost, with_recovery=False)


# --- tampering ---------------------------------------------------------------


def slot_of(members: dict[str, Any], kind: str = "passphrase") -> dict[str, Any]:
    return next(slot for slot in members["slots"] if slot["kind"] == kind)


TAMPERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "memory": lambda m: slot_of(m)["kdf"].update(memory_kib=8193),
    "passes": lambda m: slot_of(m)["kdf"].update(passes=2),
    "lanes": lambda m: slot_of(m)["kdf"].update(lanes=2),
    "salt": lambda m: slot_of(m)["kdf"].update(salt=flipped(slot_of(m)["kdf"]["salt"])),
    "slot id": lambda m: slot_of(m).update(id="00" * 8),
    "nonce": lambda m: slot_of(m).update(nonce=flipped(slot_of(m)["nonce"])),
    "wrapped": lambda m: slot_of(m).update(wrapped=flipped(slot_of(m)["wrapped"])),
    "vault id": lambda m: m.update(vault_id="0" * 26),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_a_changed_slot_does_not_open(file: KeyFile, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(WrongSecret):
        KeyFile.from_bytes(forged(file, change)).unlock(PASSPHRASE)


def test_a_slot_moved_from_another_vault_does_not_open(file: KeyFile) -> None:
    foreign, _, _ = KeyFile.new(OTHER, CHEAP, with_recovery=False)
    moved = replace(file, slots=(*foreign.slots, *file.slots[1:]))
    with pytest.raises(WrongSecret):
        moved.unlock(OTHER)


def test_swapped_slot_ids_do_not_open(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, _, code = made
    first, second = file.slots
    swapped = replace(file, slots=(replace(first, id=second.id), replace(second, id=first.id)))
    with pytest.raises(WrongSecret):
        swapped.unlock(PASSPHRASE)
    with pytest.raises(WrongSecret):
        swapped.unlock_with_recovery(code)


HEADER_EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "salt": lambda m: m.update(cipher_salt=flipped(m["cipher_salt"])),
    "generation": lambda m: m.update(generation=7),
    "recovery slot gone": lambda m: m.update(slots=[slot_of(m)]),
    "recovery slot changed": lambda m: slot_of(m, "recovery").update(wrapped="00" * 48),
    "slots in another order": lambda m: m["slots"].reverse(),
    "slot added": lambda m: m["slots"].append({**slot_of(m, "recovery"), "id": "11" * 8}),
    "mac": lambda m: m.update(mac=flipped(m["mac"])),
}


@pytest.mark.parametrize("change", HEADER_EDITS.values(), ids=HEADER_EDITS)
def test_an_edit_outside_the_slot_is_damage_not_a_wrong_passphrase(
    file: KeyFile, change: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(forged(file, change)).unlock(PASSPHRASE)


# --- reading hostile bytes ---------------------------------------------------


def test_writing_and_reading_is_exact(file: KeyFile) -> None:
    assert KeyFile.from_bytes(file.to_bytes()) == file
    again = json.dumps(json.loads(file.to_bytes()), separators=(",", ":")).replace(",", ",\r\n")
    assert KeyFile.from_bytes(again.encode()) == file


def test_every_damaged_bit_is_damage(file: KeyFile) -> None:
    """So that a bad sector is never called a wrong passphrase. Outside strings a space may change unseen."""
    raw = file.to_bytes()
    for position in range(len(raw)):
        for bit in range(8):
            damaged = bytearray(raw)
            damaged[position] ^= 1 << bit
            try:
                assert KeyFile.from_bytes(bytes(damaged)) == file
            except (KeyFileDamaged, VaultNewer):
                continue
            assert raw[position : position + 1] in b" \n"


@pytest.mark.parametrize("keep", [0, 1, 10, 500, -2])
def test_a_cut_file_is_damage(file: KeyFile, keep: int) -> None:
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(file.to_bytes()[:keep])


REFUSED: dict[str, Callable[[dict[str, Any]], object]] = {
    "memory under the limit": lambda m: slot_of(m)["kdf"].update(memory_kib=8191),
    "memory over the limit": lambda m: slot_of(m)["kdf"].update(memory_kib=524_289),
    "no passes": lambda m: slot_of(m)["kdf"].update(passes=0),
    "11 passes": lambda m: slot_of(m)["kdf"].update(passes=11),
    "9 lanes": lambda m: slot_of(m)["kdf"].update(lanes=9),
    "negative": lambda m: slot_of(m)["kdf"].update(memory_kib=-(2**40)),
    "a boolean": lambda m: slot_of(m)["kdf"].update(passes=True),
    "a fraction": lambda m: slot_of(m)["kdf"].update(passes=1.0),
    "text for a number": lambda m: slot_of(m)["kdf"].update(passes="1"),
    "another derivation": lambda m: slot_of(m)["kdf"].update(name="argon2i"),
    "a fast derivation for a passphrase": lambda m: slot_of(m).update(kdf={"name": "hkdf-sha256"}),
    "an unknown kind": lambda m: slot_of(m).update(kind="backdoor"),
    "a kind that is no text": lambda m: slot_of(m).update(kind=["passphrase"]),
    "a derivation that is no object": lambda m: slot_of(m).update(kdf=1),
    "one member more in a slot": lambda m: slot_of(m).update(note="x"),
    "one member more": lambda m: m.update(note="x"),
    "one member less": lambda m: m.pop("mac"),
    "no slots": lambda m: m.update(slots=[]),
    "17 slots": lambda m: m.update(slots=[{**slot_of(m, "recovery"), "id": f"{i:016x}"} for i in range(17)]),
    "slots that are no list": lambda m: m.update(slots={"0": 1}),
    "a slot that is no object": lambda m: m.update(slots=[1]),
    "two slots with one id": lambda m: m.update(slots=[slot_of(m), slot_of(m)]),
    "short salt": lambda m: m.update(cipher_salt="00" * 15),
    "capitals": lambda m: m.update(cipher_salt="AB" * 16),
    "spaces in bytes": lambda m: m.update(cipher_salt="00 " * 10 + "00"),
    "digits of another script": lambda m: m.update(cipher_salt="\u0661" * 32),
    "generation 0": lambda m: m.update(generation=0),
    "generation too large": lambda m: m.update(generation=2**53),
    "format 0": lambda m: m.update(format=0),
    "format of no number": lambda m: m.update(format="1"),
    "path as id": lambda m: m.update(vault_id="../../../../etc/passwd0000"),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_what_is_outside_the_format_is_refused(file: KeyFile, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(forged(file, change))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"1" * 60_000,
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b'{"format": 1, "format": 1}',
        b'{"format": NaN}',
        b'{"format": 1e400}',
        b'{"format": 1, "slots": ' + b"[" * 900 + b"]" * 900 + b"}",
        b"\x00" * 4096,
        b" " * (MAXIMUM_BYTES + 1),
    ],
)
def test_hostile_json_is_refused(raw: bytes) -> None:
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(raw)


def test_a_file_over_64_kib_is_refused_although_it_is_right(file: KeyFile) -> None:
    raw = file.to_bytes()
    assert KeyFile.from_bytes(raw + b" " * (MAXIMUM_BYTES - len(raw))) == file
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(raw + b" " * (MAXIMUM_BYTES - len(raw) + 1))


def test_a_repeated_member_is_refused(file: KeyFile) -> None:
    raw = file.to_bytes().replace(b'"generation": 1', b'"generation": 1, "generation": 1')
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(raw)


def test_a_newer_format_is_named(file: KeyFile) -> None:
    with pytest.raises(VaultNewer) as newer:
        KeyFile.from_bytes(forged(file, lambda m: m.update(format=2, more={"x": []})))
    assert (newer.value.found, newer.value.known) == (2, 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_fuzzed_key_files_end_in_typed_errors_only(file: KeyFile, data: st.DataObject) -> None:
    raw = bytearray(file.to_bytes())
    kind = data.draw(st.sampled_from(["noise", "splice", "member", "json"]))
    if kind == "noise":
        raw = bytearray(data.draw(st.binary(max_size=3000)))
    elif kind == "splice":
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(raw)))
            raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    elif kind == "member":

        def change(members: dict[str, Any]) -> None:
            where = data.draw(st.sampled_from([members, slot_of(members), slot_of(members)["kdf"]]))
            where[data.draw(st.sampled_from(sorted(where)))] = data.draw(json_values)

        raw = bytearray(forged(file, change))
    else:
        raw = bytearray(json.dumps(data.draw(json_values)).encode())
    try:
        read = KeyFile.from_bytes(bytes(raw))
    except CompanionError:
        return
    assert KeyFile.from_bytes(read.to_bytes()) == read
    assert len(read.to_bytes()) < MAXIMUM_BYTES


def test_sixteen_slots_fit_into_the_largest_file(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, _ = made
    slots = tuple(replace(file.slots[0], id=f"{number:016x}") for number in range(16))
    assert len(KeyFile.from_bytes(file._next(key, slots).to_bytes()).slots) == 16


# --- two copies on disk ------------------------------------------------------


@pytest.fixture
def two(made: tuple[KeyFile, MasterKey, str]) -> tuple[KeyFile, KeyFile]:
    """The old and the new key file of one change."""
    file, key, _ = made
    return file, file.with_passphrase(key, OTHER, CHEAP)


def copies(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "keys.json").read_bytes(), (folder / "keys.bak.json").read_bytes()


def test_both_copies_are_written_privately_and_read_back(tmp_path: Path, file: KeyFile) -> None:
    file.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.bak.json", "keys.json"]
    assert set(copies(tmp_path)) == {file.to_bytes()}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert KeyFile.load(tmp_path) == file


def test_no_copy_is_no_vault(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(NoVault):
            KeyFile.load(folder)


@pytest.mark.parametrize("newer", ["keys.json", "keys.bak.json"])
def test_the_highest_generation_wins_and_mends_the_other(
    tmp_path: Path, two: tuple[KeyFile, KeyFile], newer: str
) -> None:
    old, new = two
    old.save(tmp_path)
    (tmp_path / newer).write_bytes(new.to_bytes())
    assert KeyFile.load(tmp_path) == new
    assert set(copies(tmp_path)) == {new.to_bytes()}


@pytest.mark.parametrize("bad", ["keys.json", "keys.bak.json"])
@pytest.mark.parametrize("how", ["cut", "empty", "noise", "bit", "missing", "folder"])
def test_a_bad_copy_never_hides_the_good_one_and_is_mended(tmp_path: Path, file: KeyFile, bad: str, how: str) -> None:
    file.save(tmp_path)
    path = tmp_path / bad
    raw = bytearray(path.read_bytes())
    raw[raw.index(b'"wrapped": "') + 20] ^= 1
    path.unlink()
    if how == "folder":
        path.mkdir()
    elif how != "missing":
        path.write_bytes({"cut": bytes(raw[:90]), "empty": b"", "noise": os.urandom(900), "bit": bytes(raw)}[how])
    assert KeyFile.load(tmp_path) == file
    if how != "folder":
        assert set(copies(tmp_path)) == {file.to_bytes()}
    assert KeyFile.load(tmp_path).unlock(PASSPHRASE)


def test_a_newer_generation_that_is_damaged_does_not_win(tmp_path: Path, two: tuple[KeyFile, KeyFile]) -> None:
    old, new = two
    old.save(tmp_path)
    (tmp_path / "keys.json").write_bytes(new.to_bytes()[:-30])
    assert KeyFile.load(tmp_path) == old


def test_both_damaged_is_damage_and_nothing_is_written(tmp_path: Path, file: KeyFile) -> None:
    file.save(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-40])
    before = copies(tmp_path)
    with pytest.raises(KeyFileDamaged):
        KeyFile.load(tmp_path)
    assert copies(tmp_path) == before


def test_one_damaged_and_one_missing_is_damage_not_no_vault(tmp_path: Path, file: KeyFile) -> None:
    file.save(tmp_path)
    (tmp_path / "keys.bak.json").unlink()
    (tmp_path / "keys.json").write_bytes(b"")
    with pytest.raises(KeyFileDamaged):
        KeyFile.load(tmp_path)


def test_a_newer_format_in_the_only_usable_copy_is_named(tmp_path: Path, file: KeyFile) -> None:
    (tmp_path / "keys.json").write_bytes(forged(file, lambda m: m.update(format=9)))
    with pytest.raises(VaultNewer):
        KeyFile.load(tmp_path)


def test_a_newer_format_in_one_copy_does_not_hide_the_other(tmp_path: Path, file: KeyFile) -> None:
    file.save(tmp_path)
    (tmp_path / "keys.json").write_bytes(forged(file, lambda m: m.update(format=9)))
    assert KeyFile.load(tmp_path) == file


def test_copies_that_cannot_be_read_are_a_disk_that_went_away(tmp_path: Path, file: KeyFile) -> None:
    (tmp_path / "keys.json").mkdir()
    with pytest.raises(DiskUnreachable):
        KeyFile.load(tmp_path)
    (tmp_path / "keys.bak.json").write_bytes(b"damaged")
    with pytest.raises(DiskUnreachable):
        KeyFile.load(tmp_path)
    (tmp_path / "keys.json").rename(tmp_path / "folder")
    (tmp_path / "keys.bak.json").rename(tmp_path / "keys.json")
    (tmp_path / "folder").rename(tmp_path / "keys.bak.json")
    with pytest.raises(DiskUnreachable):
        KeyFile.load(tmp_path)


def test_a_pipe_in_place_of_a_copy_does_not_hang(tmp_path: Path, file: KeyFile) -> None:
    file.save(tmp_path)
    (tmp_path / "keys.json").unlink()
    os.mkfifo(tmp_path / "keys.json")
    assert KeyFile.load(tmp_path) == file


def test_two_different_files_of_one_generation_are_left_alone(
    tmp_path: Path, made: tuple[KeyFile, MasterKey, str]
) -> None:
    """Two computers changed one synced vault: the main copy counts, the other is never overwritten by reading."""
    file, key, _ = made
    here, there = file.with_passphrase(key, OTHER, CHEAP), file.with_passphrase(key, "another way in", CHEAP)
    (tmp_path / "keys.json").write_bytes(here.to_bytes())
    (tmp_path / "keys.bak.json").write_bytes(there.to_bytes())
    assert KeyFile.load(tmp_path) == here
    assert copies(tmp_path) == (here.to_bytes(), there.to_bytes())


def test_a_disk_that_cannot_be_written_still_opens(
    tmp_path: Path, file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.save(tmp_path)
    (tmp_path / "keys.bak.json").unlink()

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(files.os, "replace", refuse)
    assert KeyFile.load(tmp_path) == file
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


# --- crashes and full disks while writing ------------------------------------


class Killed(BaseException):
    """The process is gone: nothing after this line runs in the product that catches errors."""


STEPS = ["open", "fsync", "replace"]


def failing(monkeypatch: pytest.MonkeyPatch, step: str, at: Iterator[bool], error: BaseException) -> None:
    """Let the calls of one step fail where `at` says so."""
    real = getattr(os, step)

    def call(*args: Any, **more: Any) -> Any:
        if next(at, False):
            raise error
        return real(*args, **more)

    monkeypatch.setattr(files.os, step, call)


def only(number: int) -> Iterator[bool]:
    return iter([False] * number + [True])


def from_then_on(number: int) -> Iterator[bool]:
    count = iter(range(10**6))
    return (position >= number for position in count)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", range(5))
def test_killed_at_any_step_the_old_or_the_new_one_loads(
    tmp_path: Path, two: tuple[KeyFile, KeyFile], step: str, number: int
) -> None:
    old, new = two
    old.save(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        # A kill runs no clean-up either.
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        failing(patch, step, only(number), Killed())
        try:
            new.save(tmp_path)
            finished = True
        except Killed:
            finished = False
    loaded = KeyFile.load(tmp_path)
    assert loaded in ((new,) if finished else (old, new))
    assert set(copies(tmp_path)) == {loaded.to_bytes()}
    new.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.bak.json", "keys.json"]


CHANGING_FOR_EVER = """
import sys
from pathlib import Path
from companion.vault.keyslots import KeyFile
folder = Path(sys.argv[1])
file = KeyFile.load(folder)
key = file.unlock("otter maple ferry cake")
while True:
    file, code = file.with_recovery(key)
    file.save(folder)
    print(file.generation, code, flush=True)
"""


@pytest.mark.parametrize("rounds", [5])
def test_really_killed_while_writing_nothing_acknowledged_is_lost(tmp_path: Path, file: KeyFile, rounds: int) -> None:
    file.save(tmp_path)
    for round_number in range(rounds):
        command = [sys.executable, "-c", CHANGING_FOR_EVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            acknowledged = [child.stdout.readline() for _ in range(3 + 4 * round_number)]
            child.kill()
            acknowledged += child.stdout.readlines()
        whole = [line for line in acknowledged if line.endswith("\n")]
        generation, code = whole[-1].split()
        loaded = KeyFile.load(tmp_path)
        assert int(generation) <= loaded.generation <= int(generation) + 1
        if loaded.generation == int(generation):
            assert same(loaded.unlock_with_recovery(code), loaded.unlock(PASSPHRASE))
        assert set(copies(tmp_path)) == {loaded.to_bytes()}


@pytest.mark.parametrize("first", [True, False], ids=["first write", "change"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("pattern", [only, from_then_on])
@pytest.mark.parametrize("number", range(5))
def test_what_save_reports_is_what_loads(
    tmp_path: Path,
    two: tuple[KeyFile, KeyFile],
    first: bool,
    step: str,
    pattern: Callable[[int], Iterator[bool]],
    number: int,
) -> None:
    """An error means the old key file stands: nobody is told that their old passphrase works when it does not."""
    old, new = two
    if not first:
        old.save(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, step, pattern(number), OSError(errno.ENOSPC, "no space"))
        try:
            new.save(tmp_path)
            expected: KeyFile | None = new
        except DiskFull:
            expected = None if first else old
    if expected is None:
        with pytest.raises(NoVault):
            KeyFile.load(tmp_path)
    else:
        assert KeyFile.load(tmp_path) == expected
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".new")]


def test_when_the_second_write_fails_the_first_is_taken_back(
    tmp_path: Path, two: tuple[KeyFile, KeyFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = two
    old.save(tmp_path)
    failing(monkeypatch, "replace", only(1), OSError(errno.ENOSPC, "no space"))
    with pytest.raises(DiskFull):
        new.save(tmp_path)
    assert set(copies(tmp_path)) == {old.to_bytes()}


def test_the_second_copy_is_written_before_the_main_one(
    tmp_path: Path, file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real = os.replace

    def replaced(source: Path, target: Path) -> None:
        order.append(target.name)
        real(source, target)

    monkeypatch.setattr(os, "replace", replaced)
    file.save(tmp_path)
    assert order == ["keys.bak.json", "keys.json"]


def test_what_a_killed_write_left_is_removed_by_the_next(tmp_path: Path, two: tuple[KeyFile, KeyFile]) -> None:
    """It holds the slot of an old passphrase."""
    old, new = two
    (tmp_path / ".keys.json.4711.new").write_bytes(old.to_bytes())
    (tmp_path / ".keys.bak.json.4711.new").write_bytes(old.to_bytes()[:100])
    new.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.bak.json", "keys.json"]


def test_a_really_full_disk_leaves_the_old_key_file_and_nothing_else(
    tmp_path: Path, two: tuple[KeyFile, KeyFile]
) -> None:
    old, new = two
    old.save(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(DiskFull):
            new.save(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert KeyFile.load(tmp_path) == old
    assert len(list(tmp_path.iterdir())) == 2


def test_what_could_not_be_read_again_is_never_written(tmp_path: Path, file: KeyFile) -> None:
    file.save(tmp_path)
    with pytest.raises(KeyFileDamaged):
        replace(file, generation=2**53).save(tmp_path)
    assert KeyFile.load(tmp_path) == file


def test_a_missing_folder_is_reported_by_type(tmp_path: Path, file: KeyFile) -> None:
    with pytest.raises(StorageTrouble):
        file.save(tmp_path / "gone")


# --- the cost ----------------------------------------------------------------

GIB = 1 << 30


@pytest.mark.parametrize(
    ("memory", "cost"),
    [
        (None, DEFAULT_COST),
        (16 * GIB, DEFAULT_COST),
        (4 * GIB, DEFAULT_COST),
        (4 * GIB - 1, FLOOR_COST),
        (0, FLOOR_COST),
    ],
)
def test_the_default_where_there_is_memory_and_never_under_the_floor(memory: int | None, cost: Cost) -> None:
    assert kdf.cost_for_memory(memory) == cost
    assert not cost.is_weaker_than(FLOOR_COST)
    assert cost.is_readable


@pytest.mark.parametrize(("took", "passes"), [(2.0, 3), (0.31, 3), (0.29, 4), (0.1, 9), (0.01, 10), (0.0, 3)])
def test_more_passes_only_on_a_machine_that_is_fast(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, took: float, passes: int
) -> None:
    monkeypatch.setattr(kdf, "memory_of_this_machine", lambda: 8 * GIB)
    cost = kdf.cost_for_this_machine(clock, lambda _: clock.move(seconds=took))
    assert cost == Cost(DEFAULT_COST.memory_kib, passes, DEFAULT_COST.lanes)
    assert cost.is_readable


def test_without_memory_for_the_default_the_floor_is_used_and_below_it_nothing(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kdf, "memory_of_this_machine", lambda: 8 * GIB)

    def only_floor(cost: Cost) -> None:
        clock.move(seconds=1)
        if cost.memory_kib > FLOOR_COST.memory_kib:
            raise NotEnoughMemory

    assert kdf.cost_for_this_machine(clock, only_floor) == FLOOR_COST

    def nothing(_: Cost) -> None:
        raise NotEnoughMemory

    with pytest.raises(NotEnoughMemory):
        kdf.cost_for_this_machine(clock, nothing)


def test_the_real_try_runs_and_this_machine_says_its_memory(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (kdf.memory_of_this_machine() or 0) > 256 << 20
    monkeypatch.setattr(kdf, "DEFAULT_COST", CHEAP)
    assert kdf.cost_for_this_machine(clock).memory_kib in (CHEAP.memory_kib, FLOOR_COST.memory_kib)


def test_an_upgrade_is_offered_only_for_a_weaker_slot(file: KeyFile) -> None:
    assert file.upgrade_offered(FLOOR_COST)
    assert file.upgrade_offered(Cost(8192, 2, 1))
    assert not file.upgrade_offered(CHEAP)
    assert not replace(file, slots=file.slots[1:]).upgrade_offered(DEFAULT_COST)


SHORT_OF_MEMORY = """
import resource, sys
from companion.core.errors import NotEnoughMemory
from companion.vault.keyslots import Cost, KeyFile
file, key, code = KeyFile.new("otter maple ferry cake", Cost(8192, 1, 1), with_recovery=True)
dear = file.with_passphrase(key, "otter maple ferry cake", Cost(262144, 1, 1))
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (100 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    dear.unlock("otter maple ferry cake")
except NotEnoughMemory:
    dear.unlock_with_recovery(code)
    file.unlock("otter maple ferry cake")
    print("not enough memory, said so; recovery key still opens")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs an address space limit")
def test_too_little_memory_is_not_a_wrong_passphrase() -> None:
    run = subprocess.run([sys.executable, "-c", SHORT_OF_MEMORY], capture_output=True, text=True, timeout=50)
    assert run.stdout.strip() == "not enough memory, said so; recovery key still opens", run.stderr


def test_nothing_secret_is_in_the_file_or_in_an_error(made: tuple[KeyFile, MasterKey, str]) -> None:
    file, key, code = made
    text = file.to_bytes().decode()
    assert PASSPHRASE not in text
    assert code not in text
    for purpose in keyslots.PURPOSES:
        assert key.derive(purpose).hex() not in text
    with pytest.raises(WrongSecret) as refused:
        file.unlock(OTHER)
    assert OTHER not in repr(refused.value) + str(refused.value)


def test_the_file_names_are_those_of_the_design() -> None:
    assert (keycopies.MAIN, keycopies.SECOND) == ("keys.json", "keys.bak.json")
