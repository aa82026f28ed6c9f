"""Attached files of a damaged vault: every byte proved, then encrypted anew into the new one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from companion.core.errors import DiskUnreachable, InputRefused, VaultDamaged
from companion.core.ids import MediaName
from companion.vault.keyslots import MasterKey
from companion.vault.media import MediaStore, StoredMedia
from companion.vault.staging import BACKUPS, MEDIA


class FileRescue:
    """Looks for each file in the vault, then in what its backups share. Never writes there."""

    def __init__(self, folder: Path, key: MasterKey, into: MediaStore, step: Callable[[int], object]) -> None:
        self._places = [MediaStore(folder / MEDIA, key), MediaStore(folder / BACKUPS / MEDIA, key)]
        self._key = key
        self._into = into
        self._step = step
        self._taken: dict[MediaName, StoredMedia | None] = {}
        self._why: dict[MediaName, str] = {}

    @property
    def asked(self) -> int:
        """How many files were asked for."""
        return len(self._taken)

    @property
    def saved(self) -> int:
        """How many of them are in the new vault."""
        return sum(stored is not None for stored in self._taken.values())

    def take(self, name: MediaName) -> StoredMedia | None:
        """Put this file into the new vault, once. Raises StorageTrouble of the new vault, and what `step` raises."""
        if name not in self._taken:
            self._taken[name] = self._copied(name)
        return self._taken[name]

    def why_lost(self, name: MediaName) -> str:
        """Why `take` gave None."""
        return self._why.get(name, "file-missing")

    def untaken(self) -> Iterator[MediaName]:
        """Files in the damaged vault and its backups that nobody took so far."""
        found: dict[MediaName, None] = {}
        for place in self._places:
            with suppress(DiskUnreachable):
                found |= dict.fromkeys(place.names())
        yield from (name for name in found if name not in self._taken)

    def is_untaken(self, name: MediaName) -> bool:
        """Whether nobody took this file so far."""
        return name not in self._taken

    def _copied(self, name: MediaName) -> StoredMedia | None:
        for place in self._places:
            try:
                with place.open(name) as plain:
                    stored = self._into.put(cast("BinaryIO", _Counted(plain, self._step)))
            except (VaultDamaged, _Unreadable, InputRefused) as error:
                if not (isinstance(error, VaultDamaged) and error.reason == "media-missing"):
                    self._why[name] = "file-damaged"
                continue
            except DiskUnreachable as error:
                if error.path is None or error.path.is_relative_to(self._into_folder):
                    raise
                continue
            if self._is_named(name, stored):
                return stored
            self._why[name] = "file-damaged"
        return None

    @property
    def _into_folder(self) -> Path:
        return self._into.path(MediaName("0" * 64)).parent.parent

    def _is_named(self, name: MediaName, stored: StoredMedia) -> bool:
        naming = self._key.derive("media-name")
        found = hmac.digest(naming, bytes.fromhex(stored.sha256), hashlib.sha256).hex()
        return hmac.compare_digest(found, name)


class _Unreadable(Exception):
    """The disk gave an error for a part of a file."""


class _Counted:
    """A stream that tells how far it is; a disk that cannot read a part of it is no fault of the new vault."""

    def __init__(self, stream: BinaryIO, step: Callable[[int], object]) -> None:
        self._stream = stream
        self._step = step

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises VaultDamaged, and what the step raises."""
        try:
            part = self._stream.read(size)
        except DiskUnreachable as error:
            raise _Unreadable from error
        self._step(len(part))
        return part
