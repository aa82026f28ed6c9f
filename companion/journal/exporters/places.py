"""Where an export is written: beside its final name first, renamed when it is whole, removed when it is not.

Everything here is plain text that anyone can read: that is what an export is
for. It is made readable by this account only (0600, folders 0700).
"""

from __future__ import annotations

import os
import shutil
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO

from companion.core.errors import DiskUnreachable, PlaceRefused
from companion.core.files import storage_trouble, sync_folder

MEDIA_ENDING = ".media"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the archive says nothing about when it was made


class Place(ABC):
    """A target that is being written. `files` and `bytes` count what is there after `finish`."""

    def __init__(self, target: Path) -> None:
        self.target = target.absolute()
        self.files = 0
        self.bytes = 0
        self.names: list[str] = []  # of the files beside a main file, from the folder of the target

    @abstractmethod
    def begin(self) -> None:
        """Remove what a killed export left, and start."""

    @abstractmethod
    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One more file; `name` is its path inside the target, with "/" between folders."""

    @abstractmethod
    def write(self, raw: bytes) -> None:
        """Go on with the main file, where the format has one."""

    @abstractmethod
    def finish(self) -> None:
        """Flush everything and give it its final name, in place of an older one that was to be replaced."""

    @abstractmethod
    def discard(self) -> None:
        """Remove everything that is not finished; fine when there is nothing."""


@contextmanager
def writing(place: Place) -> Iterator[Place]:
    """A place to write to; whole under its name afterwards, or not there at all. Raises StorageTrouble."""
    try:
        place.begin()
        yield place
        place.finish()
    except OSError as error:
        raise storage_trouble(error, place.target) from error
    finally:
        place.discard()


class FileAndMedia(Place):
    """X.json, and the attached files in X.media/."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._part = _beside(self.target, ".part")
        self.media = self.target.with_suffix(MEDIA_ENDING)
        self._media_part = _beside(self.media, ".part")
        self._old = _beside(self.media, ".old")
        self._main: IO[bytes] | None = None

    def begin(self) -> None:
        """Remove what a killed export left, and start."""
        self.discard()
        self._main = _private(self._part)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One attached file, into X.media/."""
        if not self._media_part.exists():
            self._media_part.mkdir(mode=0o700)
        self.bytes += _write_file(self._media_part / name, pieces)
        self.files += 1
        self.names.append(f"{self.media.name}/{name}")

    def write(self, raw: bytes) -> None:
        """Go on with X.json."""
        if self._main is not None:
            self._main.write(raw)
            self.bytes += len(raw)

    def finish(self) -> None:
        """The media folder gets its name first: X.json never names files that are not there."""
        if self._main is not None:
            _flush(self._main)
        self.files += 1
        if self.media.exists():
            os.rename(self.media, self._old)
        try:
            if self._media_part.exists():
                sync_folder(self._media_part)
                os.rename(self._media_part, self.media)
            os.replace(self._part, self.target)
        except OSError:
            if self._old.exists():
                shutil.rmtree(self.media, ignore_errors=True)
                os.rename(self._old, self.media)
            raise
        sync_folder(self.target.parent)

    def discard(self) -> None:
        """Remove everything that is not finished."""
        _close(self._main)
        _remove(self._part, self._media_part, self._old)


class Archive(Place):
    """One zip; its main file is written beside it first, because a zip takes one file at a time."""

    def __init__(self, target: Path, main: str = "") -> None:
        super().__init__(target)
        self._part = _beside(self.target, ".part")
        self._main_part = _beside(self.target, ".main.part")
        self._main_name = main
        self._main: IO[bytes] | None = None
        self._file: IO[bytes] | None = None
        self._zip: zipfile.ZipFile | None = None

    def begin(self) -> None:
        """Remove what a killed export left, and start."""
        self.discard()
        self._file = _private(self._part)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        if self._main_name:
            self._main = _private(self._main_part)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One more file in the archive."""
        if self._zip is None:
            return
        record = zipfile.ZipInfo(name, _ZIP_DAY)
        record.compress_type = zipfile.ZIP_DEFLATED
        record.external_attr = 0o600 << 16
        with self._zip.open(record, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)

    def write(self, raw: bytes) -> None:
        """Go on with the main file."""
        if self._main is not None:
            self._main.write(raw)

    def finish(self) -> None:
        """Close the archive and give it its name."""
        if self._main is not None:
            self._main.close()
            with self._main_part.open("rb") as main:
                self.add(self._main_name, _pieces(main))
        if self._zip is not None and self._file is not None:
            self._zip.close()
            _flush(self._file)
        os.replace(self._part, self.target)
        sync_folder(self.target.parent)
        self.files, self.bytes = 1, self.target.stat().st_size

    def discard(self) -> None:
        """Remove everything that is not finished."""
        if self._zip is not None:
            with suppress(OSError, ValueError):
                self._zip.close()
        _close(self._main)
        _close(self._file)
        _remove(self._part, self._main_part)


class Folder(Place):
    """A new or empty folder, with everything in it."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._part = _beside(self.target, ".part")

    def begin(self) -> None:
        """Remove what a killed export left, and start."""
        self.discard()
        self._part.mkdir(mode=0o700)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One more file, and the folders it lies in."""
        path = self._part
        for step in name.split("/")[:-1]:
            path = path / step
            if not path.exists():
                path.mkdir(mode=0o700)
        self.bytes += _write_file(self._part / name, pieces)
        self.files += 1
        self.names.append(f"{self.target.name}/{name}")

    def write(self, raw: bytes) -> None:
        """There is no main file."""

    def finish(self) -> None:
        """Give the folder its name; an empty one that was there goes."""
        if self.target.exists():
            self.target.rmdir()
        os.rename(self._part, self.target)
        sync_folder(self.target.parent)

    def discard(self) -> None:
        """Remove everything that is not finished."""
        _remove(self._part)


def require_free(target: Path, space: Path, *, replace: bool) -> None:
    """Refuse a place that holds something, lies inside the space, or can't be reached.

    Only files are replaced, and what is in X.media/ with them; a folder has to be new or empty.
    Raises PlaceRefused, DiskUnreachable.
    """
    target = target.absolute()
    real = target.resolve()
    if real == space.resolve() or space.resolve() in real.parents:
        raise PlaceRefused("inside", target)
    if not target.parent.is_dir():
        raise DiskUnreachable(target.parent)
    if target.suffix.casefold() == ".json":
        media = target.with_suffix(MEDIA_ENDING)
        if os.path.lexists(media) and not (replace and media.is_dir() and not media.is_symlink()):
            raise PlaceRefused("exists", media)
    if target.is_dir():
        try:
            is_empty = not any(target.iterdir())
        except OSError as error:
            raise storage_trouble(error, target) from error
        if target.is_symlink() or not is_empty or target.suffix.casefold() in (".json", ".zip"):
            raise PlaceRefused("not-empty", target)
    elif os.path.lexists(target) and not replace:
        raise PlaceRefused("exists", target)


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f".{target.name}{ending}")


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write_file(path: Path, pieces: Iterable[bytes]) -> int:
    size = 0
    with _private(path) as file:
        for piece in pieces:
            file.write(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return size


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _close(file: IO[bytes] | None) -> None:
    if file is not None:
        with suppress(OSError, ValueError):  # a full disk refuses the last bytes once more
            file.close()


def _remove(*paths: Path) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(1 << 20):
        yield piece
