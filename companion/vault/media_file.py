"""One encrypted attachment as bytes: a header bound to its name, then chunks that know their place.

    magic    8 bytes, "CMPMED", 0, format 1
    file id  16 random bytes
    nonce    12 bytes
    wrapped  48 bytes: AES-256-GCM(K_media, nonce, file key, magic + file id + name)
    chunks   1 MiB of plain bytes each, the last may be shorter or empty:
             AES-256-GCM(file key, chunk number as 12 bytes,
                         chunk, file id + chunk number as 8 bytes + 1 if last else 0)

Numbers are big-endian. A file that was cut, grown, reordered, mixed with
another or renamed does not open.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from companion.core.errors import DiskUnreachable, InputRefused, VaultDamaged
from companion.vault.kdf import KEY_BYTES, wipe

CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
_MAGIC = b"CMPMED\x00\x01"
_ID = 16
_NONCE = 12
HEADER_BYTES = len(_MAGIC) + _ID + _NONCE + KEY_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class Sealing:
    """The id and key of one file while it is written; the writer wipes the key."""

    file_id: bytes
    file_key: bytearray

    @classmethod
    def new(cls) -> Sealing:
        """A fresh id and key."""
        return cls(secrets.token_bytes(_ID), bytearray(secrets.token_bytes(KEY_BYTES)))

    def header(self, wrapping: bytearray, name: str) -> bytes:
        """The finished header: the file's key wrapped under K_media, bound to the name."""
        nonce = secrets.token_bytes(_NONCE)
        wrapped = AESGCM(wrapping).encrypt(nonce, self.file_key, _MAGIC + self.file_id + name.encode("ascii"))
        return _MAGIC + self.file_id + nonce + wrapped

    def write_chunks(self, stream: BinaryIO, file: BinaryIO, limit_bytes: int) -> tuple[int, bytes]:
        """Encrypt the stream into the file: plain size and SHA-256 of the plain bytes.

        Raises InputRefused("too-large"), DiskUnreachable for the stream, OSError for the file.
        """
        digest, size = hashlib.sha256(), 0
        cipher = AESGCM(self.file_key)
        for number, chunk, is_last in _numbered(stream):
            size += len(chunk)
            if size > limit_bytes:
                raise InputRefused("too-large")
            digest.update(chunk)
            file.write(cipher.encrypt(_nonce(number), chunk, _bound_to(self.file_id, number, is_last)))
        return size, digest.digest()


class PlainBytes(io.RawIOBase):
    """An encrypted file read as its plain bytes, from start to end only."""

    def __init__(self, file: io.FileIO, path: Path, file_id: bytes, cipher: AESGCM) -> None:
        super().__init__()
        self._file = file
        self._path = path
        self._chunks = self._decrypted(file_id, cipher)
        self._rest = memoryview(b"")

    @classmethod
    def opened(cls, path: Path, wrapping: bytearray, name: str) -> PlainBytes:
        """Open the file and check its header. Raises FileNotFoundError, DiskUnreachable, VaultDamaged("media")."""
        try:
            file = path.open("rb", buffering=0)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DiskUnreachable(path) from error
        try:
            return cls(file, path, *_unwrapped(_from_disk(file, path, HEADER_BYTES), wrapping, name))
        except BaseException:
            file.close()
            raise

    def chunks(self) -> Iterator[bytes]:
        """The plain chunks, each authenticated. Raises VaultDamaged("media"), DiskUnreachable."""
        return self._chunks

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer
        """The next bytes, 0 at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        """Let go of the file and its key."""
        if not self.closed:
            self._rest = memoryview(b"")
            self._chunks.close()
            self._file.close()
        super().close()

    def _decrypted(self, file_id: bytes, cipher: AESGCM) -> Generator[bytes, None, None]:
        number, sealed = 0, self._next_sealed()
        while True:
            is_full = len(sealed) == CHUNK_BYTES + TAG_BYTES
            following = self._next_sealed() if is_full else b""
            try:
                yield cipher.decrypt(_nonce(number), sealed, _bound_to(file_id, number, not following))
            except InvalidTag as error:
                raise VaultDamaged("media") from error
            if not following:
                return
            number, sealed = number + 1, following

    def _next_sealed(self) -> bytes:
        return _from_disk(self._file, self._path, CHUNK_BYTES + TAG_BYTES)


def _unwrapped(header: bytes, wrapping: bytearray, name: str) -> tuple[bytes, AESGCM]:
    if len(header) != HEADER_BYTES or not header.startswith(_MAGIC):
        raise VaultDamaged("media")
    file_id, rest = header[len(_MAGIC) :][:_ID], header[len(_MAGIC) + _ID :]
    file_key = bytearray(KEY_BYTES)
    try:
        AESGCM(wrapping).decrypt_into(rest[:_NONCE], rest[_NONCE:], _MAGIC + file_id + name.encode("ascii"), file_key)
        return file_id, AESGCM(file_key)
    except InvalidTag as error:
        raise VaultDamaged("media") from error
    finally:
        wipe(file_key)


def _numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Chunks of the plain stream: number, bytes, whether it is the last; one empty one for an empty stream."""
    number, chunk = 0, _from_stream(stream)
    while True:
        following = _from_stream(stream) if len(chunk) == CHUNK_BYTES else b""
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def _from_stream(stream: BinaryIO) -> bytes:
    try:
        return _filled(stream, CHUNK_BYTES)
    except OSError as error:
        raise DiskUnreachable from error


def _from_disk(file: io.FileIO, path: Path, size: int) -> bytes:
    try:
        return _filled(file, size)
    except OSError as error:
        raise DiskUnreachable(path) from error


def _filled(stream: BinaryIO | io.FileIO, size: int) -> bytes:
    """Exactly `size` bytes, fewer only at the end: a stream may give less than it was asked for."""
    parts: list[bytes] = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE, "big")


def _bound_to(file_id: bytes, number: int, is_last: bool) -> bytes:
    return file_id + number.to_bytes(8, "big") + bytes([is_last])
