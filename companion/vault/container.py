"""The backup file: a copy of the key file, of the database and of attachments, sealed by a manifest.

.vbak, format 1; whole numbers are big-endian:

    8 bytes   "CMPVBAK1"
    4 bytes   length of the key file, then the key file as it was (at most 64 KiB)
    8 bytes   length of the database, then the encrypted database
              the encrypted media files, one after the other, in the manifest's order
              the manifest: JSON with the SHA-256 of everything before it
    8 bytes   length of the manifest
    32 bytes  HMAC-SHA256 of the manifest; its key comes from the master key (purpose "backup")
    8 bytes   "1KABVPMC"

Numbers of rows and the digest of the content are sealed with AES-256-GCM, so
that a backup on a stick says no more than its size and date.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from companion.core.errors import BackupDamaged
from companion.core.files import storage_trouble
from companion.vault.keyslots import MasterKey
from companion.vault.manifest import Manifest, MediaItem, manifest_mac

MAGIC: Final = b"CMPVBAK1"
END_MAGIC: Final = MAGIC[::-1]
LARGEST_KEY_FILE: Final = 64 * 1024
_LARGEST_MANIFEST = 32 << 20
_FOOTER = struct.Struct(">Q32s8s")
_BLOCK = 1 << 20

Count = Callable[[int], None]


# --- writing -----------------------------------------------------------------


class ContainerWriter:
    """Writes the parts in their order; the caller owns the file and what happens to it after an error."""

    def __init__(self, file: BinaryIO, count: Count) -> None:
        self._file = file
        self._count = count
        self._file.write(MAGIC)

    def key_file(self, raw: bytes) -> str:
        """First part; its SHA-256."""
        self._file.write(struct.pack(">I", len(raw)) + raw)
        return hashlib.sha256(raw).hexdigest()

    def database(self, path: Path) -> tuple[int, str]:
        """Second part; its length and SHA-256."""
        size = path.stat().st_size
        self._file.write(struct.pack(">Q", size))
        return size, self.append(path)

    def append(self, path: Path) -> str:
        """One media file; its SHA-256."""
        with path.open("rb") as source:
            return copy_and_digest(source, self._file, path.stat().st_size, self._count)

    def finish(self, manifest: Manifest, key: MasterKey) -> None:
        """Last part."""
        raw = manifest.to_bytes()
        self._file.write(raw + _FOOTER.pack(len(raw), manifest_mac(raw, key), END_MAGIC))


def copy_and_digest(source: BinaryIO, target: BinaryIO | None, size: int, count: Count) -> str:
    """Copy `size` bytes (only read them where there is no target); their SHA-256. Raises BackupDamaged when short."""
    digest, left = hashlib.sha256(), size
    while left:
        block = source.read(min(_BLOCK, left))
        if not block:
            raise BackupDamaged("cut-off")
        digest.update(block)
        if target is not None:
            target.write(block)
        left -= len(block)
        count(len(block))
    return digest.hexdigest()


# --- reading -----------------------------------------------------------------


class ContainerReader:
    """Reads a backup from anywhere; believes no length before it fits the file. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise storage_trouble(error, path) from error
        try:
            self._read_frame()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> ContainerReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read_frame(self) -> None:
        size = os.fstat(self._file.fileno()).st_size
        if self._exactly(8) != MAGIC:
            raise BackupDamaged("not-a-backup")
        self.key_file = self._exactly(self._length(">I", LARGEST_KEY_FILE))
        database_bytes = self._length(">Q", size)
        self._database_at = self._file.tell()
        if size < self._database_at + database_bytes + _FOOTER.size:
            raise BackupDamaged("sizes")
        self._file.seek(size - _FOOTER.size)
        length, self._mac, end = _FOOTER.unpack(self._exactly(_FOOTER.size))
        if end != END_MAGIC or length > min(_LARGEST_MANIFEST, size):
            raise BackupDamaged("cut-off")
        manifest_at = size - _FOOTER.size - length
        if manifest_at < self._database_at + database_bytes:
            raise BackupDamaged("sizes")
        self._file.seek(manifest_at)
        self._manifest_raw = self._exactly(length)
        self.manifest = Manifest.from_bytes(self._manifest_raw)
        inside = sum(item.size_bytes for item in self.manifest.media if item.inside)
        if (self.manifest.database_bytes, database_bytes + inside) != (
            database_bytes,
            manifest_at - self._database_at,
        ):
            raise BackupDamaged("sizes")
        if hashlib.sha256(self.key_file).hexdigest() != self.manifest.key_file_sha256:
            raise BackupDamaged("key-file")

    def require_mac(self, key: MasterKey) -> None:
        """Refuse a manifest that was changed or belongs to another key. Raises BackupDamaged."""
        if self.key_of(key) is None:
            raise BackupDamaged("manifest")

    def key_of(self, key: MasterKey) -> MasterKey | None:
        """Which key sealed this: the vault's, or one that it had before its key was rotated; None for another one."""
        for one in key.every:
            if hmac.compare_digest(manifest_mac(self._manifest_raw, one), self._mac):
                return one
        return None

    def database(self, target: BinaryIO | None, count: Count) -> None:
        """Copy the database out (or only read it), and compare its digest. Raises BackupDamaged."""
        self._file.seek(self._database_at)
        if self._copy(target, self.manifest.database_bytes, count) != self.manifest.database_sha256:
            raise BackupDamaged("database")

    def media(self, target_of: Callable[[MediaItem], Path | None], count: Count) -> None:
        """Copy the media inside to the paths that `target_of` names (None: only read). Raises BackupDamaged."""
        self._file.seek(self._database_at + self.manifest.database_bytes)
        for item in self.manifest.media:
            if not item.inside:
                continue
            path = target_of(item)
            if path is None:
                digest = self._copy(None, item.size_bytes, count)
            else:
                with path.open("xb") as target:
                    digest = self._copy(target, item.size_bytes, count)
                    target.flush()
                    os.fsync(target.fileno())
            if digest != item.sha256:
                raise BackupDamaged("media")

    def copy_body(self, target: BinaryIO, count: Count) -> None:
        """Copy what stands between key file and manifest: the database with its length, and the media inside."""
        inside = sum(item.size_bytes for item in self.manifest.media if item.inside)
        self._file.seek(self._database_at - struct.calcsize(">Q"))
        self._copy(target, struct.calcsize(">Q") + self.manifest.database_bytes + inside, count)

    def verify(self, count: Count = lambda _: None) -> None:
        """Read every byte and compare all digests; needs no key. Raises BackupDamaged."""
        self.database(None, count)
        self.media(lambda _: None, count)

    def _copy(self, target: BinaryIO | None, size: int, count: Count) -> str:
        return copy_and_digest(self._file, target, size, count)

    def _length(self, form: str, largest: int) -> int:
        value: int = struct.unpack(form, self._exactly(struct.calcsize(form)))[0]
        if value > largest:
            raise BackupDamaged("sizes")
        return value

    def _exactly(self, size: int) -> bytes:
        try:
            raw = self._file.read(size)
        except OSError as error:
            raise storage_trouble(error, self.path) from error
        if len(raw) != size:
            raise BackupDamaged("cut-off")
        return raw


def is_backup(path: Path) -> bool:
    """Whether the file begins as a backup does."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
