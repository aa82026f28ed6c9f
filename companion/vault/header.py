"""The key file as data: what keys.json holds, how it is written, and a reader that trusts nothing.

keys.json, format 1, is JSON in ASCII with exactly these members:

    format      1
    vault_id    26 lower-case hexadecimal characters
    generation  counts up with every change
    cipher_salt 16 bytes, the database's own salt, kept here because losing it loses the database
    slots       1 to 16 of {id, kind, kdf, nonce, wrapped}
    mac         HMAC-SHA256(K_header, the members above)
    check       SHA-256(all members above): tells a damaged copy from a wrong passphrase without a key

Bytes are lower-case hexadecimal. `kdf` is {name: "argon2id", memory_kib, passes,
lanes, salt} or {name: "hkdf-sha256"}. What `mac`, `check` and each slot's own
authentication cover is the canonical form: keys sorted, no spaces.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn, Self

from companion.core.errors import KeyFileDamaged, VaultNewer
from companion.core.ids import VaultId

FORMAT = 1
MAXIMUM_BYTES = 64 * 1024
MAXIMUM_SLOTS = 16
_GENERATIONS = range(1, 2**53)  # exact in every JSON reader

_MEMORY_KIB = range(8 * 1024, 512 * 1024 + 1)
_PASSES = range(1, 10 + 1)
_LANES = range(1, 8 + 1)

SLOT_KINDS = {"passphrase": "argon2id", "recovery": "hkdf-sha256", "device": "hkdf-sha256"}
"""Kind of slot to how its secret becomes a key; a random secret needs no slow step."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one Argon2id run takes: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int

    @property
    def is_readable(self) -> bool:
        """Inside the limits that every reader keeps against a hostile key file."""
        return self.memory_kib in _MEMORY_KIB and self.passes in _PASSES and self.lanes in _LANES

    def is_weaker_than(self, other: Cost) -> bool:
        """Less memory, or as much memory in fewer passes."""
        return (self.memory_kib, self.passes) < (other.memory_kib, other.passes)


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the master key: `wrapped` is that key under AES-256-GCM."""

    id: str
    kind: str
    cost: Cost | None
    salt: bytes
    nonce: bytes
    wrapped: bytes

    @property
    def kdf(self) -> str:
        """Name of the derivation: "argon2id" or "hkdf-sha256"."""
        return SLOT_KINDS[self.kind]

    def kdf_members(self) -> dict[str, Any]:
        """The derivation as the file holds it."""
        if self.cost is None:
            return {"name": self.kdf}
        return {
            "name": self.kdf,
            "memory_kib": self.cost.memory_kib,
            "passes": self.cost.passes,
            "lanes": self.cost.lanes,
            "salt": self.salt.hex(),
        }

    def associated_data(self, vault_id: str) -> bytes:
        """What the wrapping is bound to, so that a slot cannot be moved or its derivation changed."""
        return canonical(
            {"format": FORMAT, "vault_id": vault_id, "slot": self.id, "kind": self.kind, "kdf": self.kdf_members()}
        )


@dataclass(frozen=True, slots=True)
class Header:
    """The content of a key file; `mac` is checked with the master key, not here."""

    vault_id: VaultId
    cipher_salt: bytes
    generation: int
    slots: tuple[Slot, ...]
    mac: bytes

    def authenticated(self) -> bytes:
        """The canonical bytes that `mac` covers."""
        return canonical(self._members())

    def to_bytes(self) -> bytes:
        """The key file, ready to be written."""
        members = self._members() | {"mac": self.mac.hex(), "check": self._check()}
        return json.dumps(members, indent=1).encode("ascii") + b"\n"

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a key file from anywhere. Raises KeyFileDamaged or VaultNewer."""
        members = _json(raw)
        if type(members) is not dict or type(members.get("format")) is not int:
            _refuse("not-a-key-file")
        if members["format"] > FORMAT:
            raise VaultNewer(members["format"], FORMAT)
        _exactly(members, {"format", "vault_id", "generation", "cipher_salt", "slots", "mac", "check"})
        header = cls(
            vault_id=VaultId(_hex(members["vault_id"], 13).hex()),
            cipher_salt=_hex(members["cipher_salt"], 16),
            generation=_whole(members["generation"], _GENERATIONS),
            slots=_slots(members["slots"]),
            mac=_hex(members["mac"], 32),
        )
        if members["format"] != FORMAT or members["check"] != header._check():
            _refuse("checksum")
        return header

    def _check(self) -> str:
        return hashlib.sha256(canonical(self._members() | {"mac": self.mac.hex()})).hexdigest()

    def _members(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "vault_id": self.vault_id,
            "generation": self.generation,
            "cipher_salt": self.cipher_salt.hex(),
            "slots": [
                {
                    "id": slot.id,
                    "kind": slot.kind,
                    "kdf": slot.kdf_members(),
                    "nonce": slot.nonce.hex(),
                    "wrapped": slot.wrapped.hex(),
                }
                for slot in self.slots
            ],
        }


def canonical(value: object) -> bytes:
    """The one way these members are written when they are hashed: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _refuse(reason: str) -> NoReturn:
    raise KeyFileDamaged(reason)


def _json(raw: bytes) -> Any:
    if len(raw) > MAXIMUM_BYTES:
        _refuse("too-large")
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        _refuse("not-json")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        _refuse("repeated-member")
    return members


def _exactly(members: Any, names: set[str]) -> None:
    if type(members) is not dict or members.keys() != names:
        _refuse("members")


def _hex(value: Any, size: int) -> bytes:
    if type(value) is not str or not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value, re.ASCII):
        _refuse("bytes")
    return bytes.fromhex(value)


def _whole(value: Any, allowed: range) -> int:
    if type(value) is not int or value not in allowed:
        _refuse("number")
    return value


def _slots(value: Any) -> tuple[Slot, ...]:
    if type(value) is not list or not 1 <= len(value) <= MAXIMUM_SLOTS:
        _refuse("slots")
    slots = tuple(_slot(members) for members in value)
    if len({slot.id for slot in slots}) != len(slots):
        _refuse("slots")
    return slots


def _slot(members: Any) -> Slot:
    _exactly(members, {"id", "kind", "kdf", "nonce", "wrapped"})
    if type(members["kind"]) is not str or members["kind"] not in SLOT_KINDS:
        _refuse("slot-kind")
    kdf = members["kdf"]
    cost, salt = None, b""
    if SLOT_KINDS[members["kind"]] == "argon2id":
        _exactly(kdf, {"name", "memory_kib", "passes", "lanes", "salt"})
        cost = Cost(
            _whole(kdf["memory_kib"], _MEMORY_KIB), _whole(kdf["passes"], _PASSES), _whole(kdf["lanes"], _LANES)
        )
        salt = _hex(kdf["salt"], 16)
    else:
        _exactly(kdf, {"name"})
    if kdf["name"] != SLOT_KINDS[members["kind"]]:
        _refuse("kdf")
    return Slot(
        id=_hex(members["id"], 8).hex(),
        kind=members["kind"],
        cost=cost,
        salt=salt,
        nonce=_hex(members["nonce"], 12),
        wrapped=_hex(members["wrapped"], 48),
    )
