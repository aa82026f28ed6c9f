"""Attachments as encrypted files beside the database, each stored once and never changed."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from companion.core.errors import DiskUnreachable, VaultDamaged
from companion.core.files import private_folder, storage_trouble, sync_folder
from companion.core.ids import MediaName
from companion.vault.kdf import wipe
from companion.vault.keyslots import MasterKey
from companion.vault.media_file import HEADER_BYTES, PlainBytes, Sealing

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SHARD = re.compile(r"[0-9a-f]{2}", re.ASCII)
UNFINISHED = ".new-"


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """What was stored: its name, and size and SHA-256 (hexadecimal) of the plain bytes."""

    name: MediaName
    size_bytes: int
    sha256: str


class MediaStore:
    """The encrypted attachments of one folder, named HMAC-SHA256(K_media_name, SHA-256 of the plain bytes).

    It holds no key of its own, so wiping the master key closes it: from then
    on everything raises VaultLocked. Only a reader that is still open keeps
    the key of its one file until it is closed.
    """

    def __init__(self, folder: Path, key: MasterKey) -> None:
        self._folder = folder
        self._key = key
        self._tidied = False

    def put(self, stream: BinaryIO, *, limit_bytes: int = 2 << 30) -> StoredMedia:
        """Store what the stream holds, once however often it is put; in memory are at most a few chunks.

        It is on the disk when this returns. Raises InputRefused("too-large")
        and StorageTrouble (for a stream that cannot be read: DiskUnreachable
        without a path). After any error nothing is left behind.
        """
        private_folder(self._folder)
        self._tidy()
        unfinished = self._folder / f"{UNFINISHED}{secrets.token_hex(8)}"
        try:
            stored = self._encrypt(stream, unfinished, limit_bytes)
            self._take_in(unfinished, stored.name)
        except OSError as error:
            raise storage_trouble(error, self._folder) from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
        return stored

    def open(self, name: MediaName) -> BinaryIO:
        """A reader of the plain bytes, from start to end only; close it.

        Bytes are authenticated before they are given out, but only the last
        read shows that nothing is missing at the end. Raises
        VaultDamaged("media"), VaultDamaged("media-missing") and
        DiskUnreachable, also while reading.
        """
        return io.BufferedReader(self._plain_bytes(name))

    def read(self, name: MediaName) -> bytes:
        """All plain bytes. Raises like `open`."""
        with self._plain_bytes(name) as plain:
            return b"".join(plain.chunks())

    def verify(self, name: MediaName) -> bool:
        """Whether every byte can be read and is what was stored; DiskUnreachable only when the folder has gone."""
        digest = hashlib.sha256()
        try:
            with self._plain_bytes(name) as plain:
                for chunk in plain.chunks():
                    digest.update(chunk)
        except VaultDamaged:
            return False
        except DiskUnreachable:
            if not self._folder.is_dir():
                raise
            return False
        return hmac.compare_digest(self._name_of(digest.digest()), name)

    def names(self) -> Iterator[MediaName]:
        """Every stored name, in order; unfinished and foreign files are left out. Raises DiskUnreachable."""
        for shard in _listed(self._folder):
            if _SHARD.fullmatch(shard):
                for name in _listed(self._folder / shard):
                    if _NAME.fullmatch(name) and name.startswith(shard):
                        yield MediaName(name)

    def remove(self, name: MediaName) -> None:
        """Remove the file; fine when it has gone already. Raises StorageTrouble."""
        path = self.path(name)
        try:
            path.unlink()
            sync_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise storage_trouble(error, path) from error

    def path(self, name: MediaName) -> Path:
        """Where the encrypted file is or would be. Raises VaultDamaged("media") for what is no name."""
        if not _NAME.fullmatch(name):
            raise VaultDamaged("media")
        return self._folder / name[:2] / name

    def _encrypt(self, stream: BinaryIO, unfinished: Path, limit_bytes: int) -> StoredMedia:
        """Write it under a key of its own; the header comes last, because it is bound to the name."""
        sealing = Sealing.new()
        try:
            with _private_file(unfinished) as file:
                file.write(bytes(HEADER_BYTES))
                size, digest = sealing.write_chunks(stream, file, limit_bytes)
                name = self._name_of(digest)
                file.seek(0)
                file.write(self._header(sealing, name))
                file.flush()
                os.fsync(file.fileno())
        finally:
            wipe(sealing.file_key)
        return StoredMedia(name, size, digest.hex())

    def _header(self, sealing: Sealing, name: MediaName) -> bytes:
        wrapping = self._key.derive("media")
        try:
            return sealing.header(wrapping, name)
        finally:
            wipe(wrapping)

    def _take_in(self, unfinished: Path, name: MediaName) -> None:
        """Give the file its name, unless the same one is there and whole."""
        path = self.path(name)
        if path.exists() and self.verify(name):
            return
        private_folder(path.parent)
        os.replace(unfinished, path)
        sync_folder(path.parent)

    def _plain_bytes(self, name: MediaName) -> PlainBytes:
        path, wrapping = self.path(name), self._key.derive("media")
        try:
            return PlainBytes.opened(path, wrapping, name)
        except FileNotFoundError as error:
            if not self._folder.is_dir():
                raise DiskUnreachable(self._folder) from error
            raise VaultDamaged("media-missing") from error
        finally:
            wipe(wrapping)

    def _name_of(self, digest: bytes) -> MediaName:
        naming = self._key.derive("media-name")
        try:
            return MediaName(hmac.digest(naming, digest, "sha256").hex())
        finally:
            wipe(naming)

    def _tidy(self) -> None:
        """Once: remove what a killed `put` left. Only the one process that holds the vault's lock puts."""
        if self._tidied:
            return
        for path in self._folder.glob(f"{UNFINISHED}*"):
            with contextlib.suppress(OSError):
                path.unlink()
        self._tidied = True


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise DiskUnreachable(folder) from error


def _private_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
