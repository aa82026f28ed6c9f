"""The files that a Day One entry shows, found in the export by their MD5 name with any ending."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from companion.journal.importers.names import shown
from companion.journal.importers.records import LONGEST_NAME, MOST_ATTACHMENTS, ImportedMedia
from companion.journal.importers.sources import Member

_LISTS = (("photos", "photo"), ("videos", "video"), ("audios", "audio"), ("pdfAttachments", "pdf"))
_KINDS = {"photo": "photo", "image": "photo", "video": "video", "audio": "audio", "pdfattachment": "pdf", "pdf": "pdf"}
_TYPES = {
    "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "heic": "image/heic",
    "heif": "image/heif", "webp": "image/webp", "tiff": "image/tiff", "tif": "image/tiff", "bmp": "image/bmp",
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "3gp": "video/3gpp", "webm": "video/webm",
    "m4a": "audio/mp4", "aac": "audio/aac", "mp3": "audio/mpeg", "wav": "audio/wav", "caf": "audio/x-caf",
    "ogg": "audio/ogg", "opus": "audio/ogg", "pdf": "application/pdf",
}  # fmt: skip
_UNKNOWN = "application/octet-stream"
_WHEN_UNKNOWN = {"photo": "image/jpeg", "video": "video/mp4", "audio": "audio/mp4", "pdf": "application/pdf"}


class MediaIndex:
    """All files in the media folders of an export, by their name without ending."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._found: dict[str, list[Member]] = {}
        self._unused: set[Member] = set()
        self._by_place: dict[str, Member] = {}
        self._places: dict[Member, str] = {}
        for member in members:
            if member.in_media_folder:
                stem = member.parts[-1].partition(".")[0].casefold()
                self._found.setdefault(stem, []).append(member)
                self._unused.add(member)
                # Two names can look the same once they are made safe to show.
                place = member.name if member.name not in self._by_place else f"{member.name} ({member.key})"
                self._by_place[place] = member
                self._places[member] = place

    def find(self, md5: str, folder: str) -> Member | None:
        """The file of this MD5 name; the one in the kind's own folder first."""
        found = self._found.get(md5.casefold(), [])
        best = next((member for member in found if member.parts[-2].casefold().startswith(folder)), None)
        member = best or (found[0] if found else None)
        self._unused.discard(member) if member else None
        return member

    def place(self, member: Member) -> str:
        """Where the file lies, as it may be shown; no two are the same."""
        return self._places[member]

    def at(self, place: str) -> Member:
        """The file at a place that `place` has named."""
        return self._by_place[place]

    @property
    def unused(self) -> int:
        """How many files no entry has asked for."""
        return len(self._unused)


class EntryMedia:
    """The attachments of one entry: those its text shows, in that order, then the others."""

    def __init__(self, entry: dict[str, Any], index: MediaIndex) -> None:
        self._index = index
        self._records: dict[str, tuple[str, dict[str, Any]]] = {}
        self._media: list[ImportedMedia] = []
        self._positions: dict[str, int] = {}
        self.too_many = False
        for key, kind in _LISTS:
            for record in _in_order(entry.get(key)):
                identifier = record.get("identifier") or record.get("md5")
                if isinstance(identifier, str) and identifier:
                    self._records.setdefault(identifier.upper(), (kind, record))

    def name(self, kind: str, identifier: str, words: str) -> str:
        """The Markdown that stands for an attached file, `![name](attachment:N)`."""
        position = self._position(identifier, _KINDS.get(kind.casefold(), "photo"))
        if position == 0:
            return f"![{words}]({shown(identifier)})"
        label = words or self._media[position - 1].name
        return f"![{label.replace('[', '(').replace(']', ')')}](attachment:{position})"

    def all(self) -> tuple[ImportedMedia, ...]:
        """Every attachment; call after the text was converted."""
        for identifier, (kind, _record) in self._records.items():
            self._position(identifier, kind)
        return tuple(self._media)

    def _position(self, identifier: str, kind: str) -> int:
        """The position of this attachment, from 1; 0 when the entry has too many."""
        key = identifier.upper()
        if key not in self._positions:
            if len(self._media) >= MOST_ATTACHMENTS:
                self.too_many = True
                return 0
            kind, record = self._records.get(key, (kind, {}))
            self._media.append(self._made(kind, record, identifier))
            self._positions[key] = len(self._media)
        return self._positions[key]

    def _made(self, kind: str, record: dict[str, Any], identifier: str) -> ImportedMedia:
        md5 = record.get("md5")
        member = self._index.find(md5 if isinstance(md5, str) and md5 else identifier, kind)
        ending = _ending(record, member)
        name = _given_name(record, kind)
        if not name:
            stem = md5 if isinstance(md5, str) and md5 else identifier
            name = f"{stem}.{ending}" if ending else stem
        media_type = _TYPES.get(ending, _UNKNOWN if ending else _WHEN_UNKNOWN[kind])
        name = shown(name.replace("/", "_").replace("\\", "_"))[:LONGEST_NAME]
        return ImportedMedia(name, media_type, self._index.place(member) if member else "", missing=member is None)


def _in_order(records: Any) -> list[dict[str, Any]]:
    found = [record for record in records if isinstance(record, dict)] if isinstance(records, list) else []

    def place(record: dict[str, Any]) -> float:
        order = record.get("orderInEntry")
        return order if isinstance(order, int | float) and not isinstance(order, bool) else 0

    return sorted(found, key=place)


def _ending(record: dict[str, Any], member: Member | None) -> str:
    """What kind of file it is: the stored file's ending, else what its record says (sometimes with a dot)."""
    if member is not None and "." in member.parts[-1]:
        return member.parts[-1].rpartition(".")[2].casefold()
    for key in ("type", "format"):
        value = record.get(key)
        if isinstance(value, str) and value.strip("."):
            return shown(value.strip(". ").casefold())[:10]
    return ""


def _given_name(record: dict[str, Any], kind: str) -> str:
    keys = {"pdf": ("pdfName",), "audio": ("title",)}.get(kind, ("filename",))
    for key in (*keys, "filename"):
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""
