"""The key file: passphrase, recovery and device slots around one random key.

    key of a slot = HKDF-SHA256(secret, info = "slot" + slot id)
    secret        = Argon2id(NFKC(passphrase), salt, cost), or the recovery key's 20 bytes
    wrapped       = AES-256-GCM(key of the slot, nonce, master key, associated data of the slot)
    subkey        = HKDF-SHA256(master key, info = purpose)

What can be wiped and what cannot: the master key, slot keys, subkeys and the
encoded passphrase live in bytearrays that are overwritten after use. Python
strings cannot be: the passphrase as it was typed, its normal form and the
recovery key as text stay in memory until it is used again, and so may the
copies that the crypto library makes inside itself.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from companion.core.errors import KeyFileDamaged, VaultLocked, WrongSecret
from companion.core.ids import VaultId, new_id
from companion.vault import keycopies, recovery_code
from companion.vault.header import Cost, Header, Slot
from companion.vault.kdf import (
    DEFAULT_COST,
    FLOOR_COST,
    KEY_BYTES,
    argon2id,
    cost_for_memory,
    cost_for_this_machine,
    hkdf,
    memory_of_this_machine,
    wipe,
)
from companion.vault.passphrase import MINIMUM_PASSPHRASE, normalise, require_long_enough

__all__ = [
    "DEFAULT_COST",
    "FLOOR_COST",
    "MINIMUM_PASSPHRASE",
    "PURPOSES",
    "Cost",
    "KeyFile",
    "MasterKey",
    "Slot",
    "cost_for_memory",
    "cost_for_this_machine",
    "database_key",
    "memory_of_this_machine",
    "wipe",
]

PURPOSES = frozenset({"db", "header", "backup", "media", "media-name"})
_HEX = b"0123456789abcdef"


class MasterKey:
    """The 32 random bytes that every other key of a vault comes from; owns and wipes its buffer.

    `retired` are the keys that the vault had before its key was rotated: only its older backups are under them.
    """

    __slots__ = ("_material", "retired")

    def __init__(self, material: bytearray) -> None:
        if len(material) != KEY_BYTES:
            raise ValueError(len(material))
        self._material = material
        self.retired: tuple[MasterKey, ...] = ()

    @classmethod
    def new(cls) -> MasterKey:
        """A fresh key."""
        return cls(bytearray(secrets.token_bytes(KEY_BYTES)))

    @classmethod
    def unwrapped(cls, slot_key: bytearray, slot: Slot, vault_id: str) -> MasterKey:
        """The key inside a slot. Raises cryptography's InvalidTag for a wrong or moved slot."""
        material = bytearray(KEY_BYTES)
        AESGCM(slot_key).decrypt_into(slot.nonce, slot.wrapped, slot.associated_data(vault_id), material)
        return cls(material)

    def wrapped(self, slot_key: bytearray, slot: Slot, vault_id: str) -> Slot:
        """The slot with this key inside."""
        inside = AESGCM(slot_key).encrypt(slot.nonce, self._secret(), slot.associated_data(vault_id))
        return replace(slot, wrapped=inside)

    def derive(self, purpose: str) -> bytearray:
        """The 32-byte subkey for one of `PURPOSES`; the caller wipes it. Raises VaultLocked after `wipe`."""
        if purpose not in PURPOSES:
            raise ValueError(purpose)
        return hkdf(self._secret(), purpose.encode("ascii"))

    def wipe(self) -> None:
        """Overwrite the key and those before it; every later use raises VaultLocked."""
        wipe(self._material)
        self._material = bytearray()
        for key in self.retired:
            key.wipe()

    @property
    def every(self) -> tuple[MasterKey, ...]:
        """This key, then those before it."""
        return (self, *self.retired)

    def exposed(self) -> str:
        """The key itself as hexadecimal, for the one place that keeps it: inside the vault that it no longer opens."""
        return self._secret().hex()

    def _secret(self) -> bytearray:
        if not self._material:
            raise VaultLocked
        return self._material


def database_key(key: MasterKey, cipher_salt: bytes) -> bytearray:
    """What SQLCipher's set_key takes: x'<64 hexadecimal key><32 hexadecimal salt>'; the caller wipes it.

    Never 32 bare bytes: SQLCipher reads those as a passphrase.
    """
    subkey = key.derive("db")
    text = bytearray(b"x'")
    for byte in (*subkey, *cipher_salt):
        text.append(_HEX[byte >> 4])
        text.append(_HEX[byte & 15])
    text += b"'"
    wipe(subkey)
    return text


@dataclass(frozen=True, slots=True)
class KeyFile(Header):
    """A vault's key file: never changed in place, each change is a new one with the next generation."""

    @classmethod
    def new(cls, passphrase: str, cost: Cost, *, with_recovery: bool) -> tuple[KeyFile, MasterKey, str | None]:
        """A key file for a new vault, its key, and its recovery key if one is wanted.

        Raises PassphraseTooShort and NotEnoughMemory.
        """
        blank = cls(VaultId(new_id()), secrets.token_bytes(16), 0, (), b"")
        recovery = recovery_code.new_secret() if with_recovery else None
        return blank._filled_anew(MasterKey.new(), passphrase, cost, recovery)

    @classmethod
    def load(cls, folder: Path) -> KeyFile:
        """The newest valid copy in a vault's folder; the other copy is mended.

        Raises NoVault when there is none, KeyFileDamaged, VaultNewer, DiskUnreachable.
        """
        return keycopies.newest(folder, cls.from_bytes)

    def save(self, folder: Path) -> None:
        """Write both copies. Raises StorageTrouble; the old key file is then still the one that is read."""
        raw = self.to_bytes()
        self.from_bytes(raw)  # never write what could not be read again
        keycopies.write_both(folder, raw, KeyFile.from_bytes)

    @property
    def has_recovery(self) -> bool:
        """A recovery key exists."""
        return any(slot.kind == "recovery" for slot in self.slots)

    @property
    def device_slot(self) -> str | None:
        """The id of the slot that this computer's key store opens, if there is one."""
        return next((slot.id for slot in self.slots if slot.kind == "device"), None)

    def upgrade_offered(self, cost: Cost) -> bool:
        """A passphrase slot is weaker than `cost`, so entering the passphrase again would make it stronger."""
        return any(slot.cost is not None and slot.cost.is_weaker_than(cost) for slot in self.slots)

    def unlock(self, passphrase: str) -> MasterKey:
        """The master key. Raises WrongSecret, NotEnoughMemory, and KeyFileDamaged when the header was changed."""
        secret = _encoded(passphrase)
        try:
            return self._open("passphrase", lambda slot: _passphrase_slot_key(secret, slot))
        finally:
            wipe(secret)

    def unlock_with_recovery(self, code: str) -> MasterKey:
        """The master key from the recovery key on paper.

        Raises WrongSecret of kind "recovery-typo" when this is no recovery key
        at all, "recovery" when it is another vault's, and KeyFileDamaged.
        """
        try:
            secret = recovery_code.decode(code)
        except recovery_code.RecoveryCodeTypo as error:
            raise WrongSecret("recovery-typo") from error
        try:
            return self._open("recovery", lambda slot: _slot_key(secret, slot))
        finally:
            wipe(secret)

    def unlock_with_device(self, secret: bytearray) -> MasterKey:
        """The master key from the secret in a key store. Raises WrongSecret of kind "device", and KeyFileDamaged."""
        return self._open("device", lambda slot: _slot_key(secret, slot))

    def with_passphrase(self, key: MasterKey, new: str, cost: Cost) -> KeyFile:
        """This key file with one passphrase, the new one; the others stop working. The data keys stay.

        Raises PassphraseTooShort, NotEnoughMemory, KeyFileDamaged when `key` is not this vault's.
        """
        require_long_enough(new)
        self._require_own(key)
        slot = self._passphrase_slot(key, new, cost)
        return self._next(key, (slot, *(other for other in self.slots if other.kind != "passphrase")))

    def with_recovery(self, key: MasterKey) -> tuple[KeyFile, str]:
        """This key file with a fresh recovery key, which takes the place of any other.

        Raises KeyFileDamaged when `key` is not this vault's.
        """
        self._require_own(key)
        slot, code = self._recovery_slot(key, recovery_code.new_secret())
        return self._next(key, (*(other for other in self.slots if other.kind != "recovery"), slot)), code

    def with_device(self, key: MasterKey) -> tuple[KeyFile, str, bytearray]:
        """This key file with a fresh device slot instead of any other, its id, and the secret for the key store.

        The caller wipes the secret. Raises KeyFileDamaged when `key` is not this vault's.
        """
        self._require_own(key)
        slot = Slot(_slot_id(), "device", None, b"", secrets.token_bytes(12), b"")
        secret = bytearray(secrets.token_bytes(KEY_BYTES))
        slot = self._filled(key, slot, _slot_key(secret, slot))
        return self._next(key, (*(other for other in self.slots if other.kind != "device"), slot)), slot.id, secret

    def without_device(self, key: MasterKey) -> KeyFile:
        """This key file without any device slot; itself where there is none. Raises like `with_device`."""
        if self.device_slot is None:
            return self
        self._require_own(key)
        return self._next(key, tuple(slot for slot in self.slots if slot.kind != "device"))

    def without(self, key: MasterKey, kind: str) -> KeyFile:
        """This key file without slots of this kind. Raises KeyFileDamaged when `key` is not this vault's."""
        return self.with_slots(key, tuple(slot for slot in self.slots if slot.kind != kind))

    def with_slots(self, key: MasterKey, slots: tuple[Slot, ...]) -> KeyFile:
        """This key file with other slots around the same key. Raises KeyFileDamaged when `key` is not this vault's."""
        self._require_own(key)
        return self._next(key, slots)

    def rekeyed(self, passphrase: str, cost: Cost, *, with_recovery: bool) -> tuple[KeyFile, MasterKey, str | None]:
        """The same vault's key file around a fresh master key and salt, and its recovery key if one is wanted.

        No other slot is carried over: whoever could open the old key must not open the new one.
        """
        blank: KeyFile = replace(self, cipher_salt=secrets.token_bytes(16), slots=(), mac=b"")
        recovery = recovery_code.new_secret() if with_recovery else None
        return blank._filled_anew(MasterKey.new(), passphrase, cost, recovery)

    def reslotted(self, key: MasterKey, passphrase: str, cost: Cost, code: str | None) -> KeyFile:
        """The same master key, opened by this passphrase and this recovery key alone (see `with_slots`)."""
        self._require_own(key)
        return self._filled_anew(key, passphrase, cost, recovery_code.decode(code) if code else None)[0]

    def is_around(self, key: MasterKey) -> bool:
        """Whether this key file was made with this master key."""
        return hmac.compare_digest(_mac(key, self.authenticated()), self.mac)

    def _filled_anew(
        self, key: MasterKey, passphrase: str, cost: Cost, recovery: bytearray | None
    ) -> tuple[KeyFile, MasterKey, str | None]:
        require_long_enough(passphrase)
        slots, code = [self._passphrase_slot(key, passphrase, cost)], None
        if recovery is not None:
            slot, code = self._recovery_slot(key, recovery)
            slots.append(slot)
        return self._next(key, tuple(slots)), key, code

    def _open(self, kind: str, slot_key: Callable[[Slot], bytearray]) -> MasterKey:
        for slot in self.slots:
            if slot.kind != kind:
                continue
            unwrapping = slot_key(slot)
            try:
                key = MasterKey.unwrapped(unwrapping, slot, self.vault_id)
            except InvalidTag:
                continue
            finally:
                wipe(unwrapping)
            self._require_own(key)
            return key
        raise WrongSecret(kind)

    def _require_own(self, key: MasterKey) -> None:
        if not self.is_around(key):
            raise KeyFileDamaged("mac")

    def _next(self, key: MasterKey, slots: tuple[Slot, ...]) -> KeyFile:
        if not any(slot.kind == "passphrase" for slot in slots):
            raise ValueError("a vault that no passphrase opens")  # a key store can vanish overnight
        changed = replace(self, generation=self.generation + 1, slots=slots)
        return replace(changed, mac=_mac(key, changed.authenticated()))

    def _passphrase_slot(self, key: MasterKey, passphrase: str, cost: Cost) -> Slot:
        if not cost.is_readable:
            raise ValueError(cost)
        slot = Slot(_slot_id(), "passphrase", cost, secrets.token_bytes(16), secrets.token_bytes(12), b"")
        secret = _encoded(passphrase)
        try:
            return self._filled(key, slot, _passphrase_slot_key(secret, slot))
        finally:
            wipe(secret)

    def _recovery_slot(self, key: MasterKey, secret: bytearray) -> tuple[Slot, str]:
        slot = Slot(_slot_id(), "recovery", None, b"", secrets.token_bytes(12), b"")
        try:
            return self._filled(key, slot, _slot_key(secret, slot)), recovery_code.encode(secret)
        finally:
            wipe(secret)

    def _filled(self, key: MasterKey, slot: Slot, slot_key: bytearray) -> Slot:
        try:
            return key.wrapped(slot_key, slot, self.vault_id)
        finally:
            wipe(slot_key)


def _mac(key: MasterKey, authenticated: bytes) -> bytes:
    header_key = key.derive("header")
    try:
        return hmac.digest(header_key, authenticated, "sha256")
    finally:
        wipe(header_key)


def _encoded(passphrase: str) -> bytearray:
    """A lone half of a character pair can come from a broken keyboard driver and must not end in a traceback."""
    return bytearray(normalise(passphrase), "utf-8", "surrogatepass")


def _passphrase_slot_key(secret: bytearray, slot: Slot) -> bytearray:
    if slot.cost is None:
        raise ValueError(slot.id)
    stretched = argon2id(secret, slot.salt, slot.cost)
    try:
        return _slot_key(stretched, slot)
    finally:
        wipe(stretched)


def _slot_key(secret: bytearray, slot: Slot) -> bytearray:
    return hkdf(secret, b"slot" + slot.id.encode("ascii"))


def _slot_id() -> str:
    return secrets.token_hex(8)
