"""What a backup says about itself, and how that is protected."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from companion.core.errors import BackupDamaged, VaultNewer
from companion.vault.contents import Contents
from companion.vault.keyslots import MasterKey, wipe

FORMAT: Final = 1
_NAME = re.compile(r"[0-9a-f]{64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REASON = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One attachment: size and SHA-256 of its encrypted file; `inside` this backup or only named by it."""

    name: str
    size_bytes: int
    sha256: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. `reason` is why it was made, as one lower-case word."""

    vault_id: str
    generation: int
    made_at: datetime
    proved_at: datetime
    reason: str
    application: str
    schema: int
    key_file_sha256: str
    database_bytes: int
    database_sha256: str
    sealed: str
    media: tuple[MediaItem, ...]

    def to_bytes(self) -> bytes:
        """The manifest as it stands in the file."""
        plain = asdict(self) | {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "proved_at": self.proved_at.isoformat(),
        }
        return json.dumps(plain, separators=(",", ":"), sort_keys=True).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Manifest:
        """Read a manifest from anywhere. Raises BackupDamaged."""
        try:
            return _manifest(json.loads(raw))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise BackupDamaged("manifest") from error

    def contents(self, key: MasterKey) -> Contents:
        """Row counts and digest that were sealed with the backup. Raises BackupDamaged."""
        try:
            raw = base64.b64decode(self.sealed, validate=True)
            plain = json.loads(AESGCM(_subkey(key, b"sealed")).decrypt(raw[:12], raw[12:], self.vault_id.encode()))
            return Contents({str(k): int(v) for k, v in plain["tables"].items()}, str(plain["digest"]))
        except (InvalidTag, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupDamaged("sealed") from error

    def contents_by(self, key: MasterKey) -> Contents:
        """`contents`, by this key or one that the vault had before. Raises BackupDamaged."""
        for one in key.retired:
            with suppress(BackupDamaged):
                return self.contents(one)
        return self.contents(key)


def seal(contents: Contents, key: MasterKey, vault_id: str) -> str:
    """Row counts and digest, readable with the master key only."""
    nonce = os.urandom(12)
    plain = json.dumps(asdict(contents)).encode()
    return base64.b64encode(nonce + AESGCM(_subkey(key, b"sealed")).encrypt(nonce, plain, vault_id.encode())).decode()


def manifest_mac(raw: bytes, key: MasterKey) -> bytes:
    """What proves that a manifest was written by someone who had this vault open."""
    return hmac.digest(_subkey(key, b"manifest"), raw, "sha256")


def _subkey(key: MasterKey, use: bytes) -> bytes:
    backup_key = key.derive("backup")
    try:
        return hmac.digest(backup_key, use, "sha256")
    finally:
        wipe(backup_key)


def _manifest(plain: Any) -> Manifest:
    names = {field.name for field in fields(Manifest)}
    if type(plain) is not dict or type(plain.get("format")) is not int:
        raise BackupDamaged("manifest")
    if plain["format"] > FORMAT:
        raise VaultNewer(plain["format"], FORMAT)
    if plain["format"] != FORMAT or plain.keys() != names | {"format"}:
        raise BackupDamaged("manifest")
    values = {name: plain[name] for name in names}
    made_at, proved_at = (datetime.fromisoformat(values[name]) for name in ("made_at", "proved_at"))
    media = tuple(_item(item) for item in values["media"])
    manifest = Manifest(**(values | {"made_at": made_at, "proved_at": proved_at, "media": media}))
    texts = (manifest.vault_id, manifest.reason, manifest.application, manifest.sealed)
    numbers = (manifest.generation, manifest.schema, manifest.database_bytes)
    well_formed = (
        all(type(text) is str for text in texts)
        and all(type(number) is int and 0 <= number < 2**63 for number in numbers)
        and _REASON.fullmatch(manifest.reason)
        and _DIGEST.fullmatch(manifest.key_file_sha256)
        and _DIGEST.fullmatch(manifest.database_sha256)
        and made_at.tzinfo
        and proved_at.tzinfo
        and len({item.name for item in media}) == len(media)
    )
    if not well_formed:
        raise BackupDamaged("manifest")
    return manifest


def _item(plain: Any) -> MediaItem:
    item = MediaItem(**plain)
    well_formed = (
        _NAME.fullmatch(item.name)
        and _DIGEST.fullmatch(item.sha256)
        and type(item.size_bytes) is int
        and 0 <= item.size_bytes < 2**62
        and type(item.inside) is bool
    )
    if not well_formed:
        raise BackupDamaged("name" if not _NAME.fullmatch(item.name) else "manifest")
    return item
