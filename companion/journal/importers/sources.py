"""Where entries are read from: a file, a folder or a zip archive. Nothing is extracted, no link is followed."""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from companion.core.errors import InputRefused
from companion.journal.importers.limits import CHUNK, Limits
from companion.journal.importers.names import member_parts, shown
from companion.journal.importers.records import ImportedProblem
from companion.journal.importers.zip_reader import ZipReader, ZipRecord

MEDIA_FOLDERS = ("photos", "videos", "audios", "pdfs")
OWN_MEDIA = ".media"  # X.json has its files in X.media
_NOT_CONTENT = ("__MACOSX", "Thumbs.db", "desktop.ini")
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a source. `size` in bytes is claimed, not yet read; `key` finds it in its source."""

    parts: tuple[str, ...]
    size: int
    key: int

    @property
    def name(self) -> str:
        """The place inside the source, as it may be shown."""
        return shown("/".join(self.parts))

    @property
    def in_media_folder(self) -> bool:
        """Whether it lies where Day One or our own export keeps attached files."""
        folder = self.parts[-2].casefold() if len(self.parts) > 1 else ""
        return folder in MEDIA_FOLDERS or folder.endswith(OWN_MEDIA)


class Source(ABC):
    """Files to read entries and attachments from."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.members: tuple[Member, ...] = ()
        self.problems: list[ImportedProblem] = []

    @property
    def single(self) -> Member | None:
        """The one file that was chosen, or None for a folder or an archive."""
        return None

    @abstractmethod
    def chunks(self, member: Member) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB. Raises InputRefused."""

    def head(self, member: Member, length: int = 64 * 1024) -> bytes:
        """The first bytes. Raises InputRefused."""
        head = b""
        for piece in self.chunks(member):
            head += piece
            if len(head) >= length:
                break
        return head[:length]

    def read(self, member: Member) -> bytes:
        """The whole content of a text file. Raises InputRefused, "too-large" beyond `limits.text_bytes`."""
        return b"".join(self.text_chunks(member))

    def text_chunks(self, member: Member) -> Iterator[bytes]:
        """Like `chunks`, for a text file. Raises InputRefused, "too-large" beyond `limits.text_bytes`."""
        total = 0
        for piece in self.chunks(member):
            total += len(piece)
            if total > self.limits.text_bytes:
                raise InputRefused("too-large", member.name)
            yield piece

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""


class FileSource(Source):
    """One chosen file, and the media folders beside it where an export was unpacked."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._paths = [path]
        members = [Member((path.name,), path.stat().st_size, 0)]
        for folder in (*MEDIA_FOLDERS, path.stem + OWN_MEDIA):
            for place in _files_in(path.parent / folder):
                if len(members) >= limits.members:
                    raise InputRefused("too-large", shown(folder))
                members.append(Member((folder, place.name), place.stat(follow_symlinks=False).st_size, len(members)))
                self._paths.append(Path(place.path))
        self.members = tuple(members)

    @property
    def single(self) -> Member | None:
        """The chosen file."""
        return self.members[0]

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB. Raises InputRefused."""
        # The person may choose a link themselves; beside it none is followed.
        return _file_chunks(self._paths[member.key], member.name, follow=member.key == 0)

    def close(self) -> None:
        """Nothing stays open between two files."""


class FolderSource(Source):
    """Every file under a folder."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._paths: list[Path] = []
        members: list[Member] = []
        waiting: list[tuple[Path, tuple[str, ...]]] = [(path, ())]
        while waiting:
            folder, above = waiting.pop()
            if len(above) > limits.depth:
                raise InputRefused("too-deep", shown("/".join(above)))
            for place in _places_in(folder):
                parts = (*above, place.name)
                if place.is_symlink():
                    self.problems.append(ImportedProblem(shown("/".join(parts)), "link-not-followed"))
                elif place.is_dir(follow_symlinks=False):
                    waiting.append((Path(place.path), parts))
                elif place.is_file(follow_symlinks=False) and _is_content(parts):
                    members.append(Member(parts, place.stat(follow_symlinks=False).st_size, len(members)))
                    self._paths.append(Path(place.path))
                if len(members) + len(waiting) + len(self.problems) > limits.members:
                    raise InputRefused("too-large")
        self.members = tuple(sorted(members, key=lambda member: member.parts))

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB. Raises InputRefused."""
        return _file_chunks(self._paths[member.key], member.name, follow=False)

    def close(self) -> None:
        """Nothing stays open between two files."""


class ZipSource(Source):
    """Every file in a zip archive; archives inside it stay closed."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        super().__init__(limits)
        self._file = file
        self._zip = ZipReader(file, limits)
        self._records: list[ZipRecord] = []
        members: list[Member] = []
        taken: set[tuple[str, ...]] = set()
        for record in self._zip.records:
            parts = member_parts(record.name, limits)
            if record.is_folder or not parts or not _is_content(parts):
                continue
            member = Member(parts, record.size, len(members))
            if parts in taken:
                self.problems.append(ImportedProblem(member.name, "same-name"))
                continue
            taken.add(parts)
            members.append(member)
            self._records.append(record)
        self.members = tuple(sorted(members, key=lambda member: member.parts))

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB. Raises InputRefused."""
        return self._zip.chunks(self._records[member.key])

    def close(self) -> None:
        """Close the archive."""
        self._file.close()


def open_source(path: Path, limits: Limits | None = None) -> Source:
    """The source at this path, told apart by what it is and never by its name.

    Raises InputRefused: "not-found", "empty", "damaged", "hostile", "too-large",
    "too-deep", "not-this-format" for what is neither file nor folder.
    """
    limits = limits or Limits()
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            return FolderSource(path, limits)
        if not stat.S_ISREG(kind.st_mode):
            raise InputRefused("not-this-format", shown(path.name))
        if kind.st_size == 0:
            raise InputRefused("empty", shown(path.name))
        file = open(os.open(path, _READ), "rb")  # noqa: SIM115 - the source closes it
    except OSError as error:
        raise InputRefused("not-found", shown(path.name)) from error
    if _is_zip(file):
        return ZipSource(file, limits)
    file.close()
    return FileSource(path, limits)


def _is_zip(file: BinaryIO) -> bool:
    """A zip begins with its mark, or ends with its directory when something was put in front of it."""
    head = file.read(4)
    if head in _ZIP_MARKS:
        return True
    length = file.seek(0, 2)
    file.seek(max(0, length - 22))
    return file.read(4) == b"PK\x05\x06"


def _is_content(parts: tuple[str, ...]) -> bool:
    return not any(part.startswith(".") or part in _NOT_CONTENT for part in parts)


def _places_in(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as places:
        return sorted(places, key=lambda place: place.name)


def _files_in(folder: Path) -> list[os.DirEntry[str]]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return [
        place for place in _places_in(folder) if place.is_file(follow_symlinks=False) and _is_content((place.name,))
    ]


def _file_chunks(path: Path, name: str, *, follow: bool) -> Iterator[bytes]:
    try:
        handle = os.open(path, _READ if follow else _READ | os.O_NOFOLLOW)
        with open(handle, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputRefused("not-this-format", name)
            while piece := file.read(CHUNK):
                yield piece
    except OSError as error:
        raise InputRefused("damaged", name) from error
