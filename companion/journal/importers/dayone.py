"""Reads Day One's JSON export: a zip, an unpacked folder or a bare .json, one or several journals.

What the person wrote or chose comes over: text, tags, star and pin (as the tags
"starred" and "pinned"), attached files, and the name of the place as a last line
of the text. What the device noted by itself stays behind and is counted under
`other`: coordinates, weather, activity, music. With several journals in one
export each entry is tagged with its journal's name.

Format: exports of versions "1.0" to "2024.14", as far as seen; every field may be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from companion.journal.importers.dayone_media import EntryMedia, MediaIndex
from companion.journal.importers.dayone_rich import markdown
from companion.journal.importers.dayone_text import converted, split_title
from companion.journal.importers.detect import Journal
from companion.journal.importers.json_stream import JsonStream
from companion.journal.importers.names import shown
from companion.journal.importers.records import LONGEST_ID, ImportedEntry, ImportedProblem
from companion.journal.importers.sources import Member, Source
from companion.journal.importers.zones import in_range, to_local_zone, zone_named
from companion.journal.model import LONGEST_TEXT, LONGEST_TITLE, MOST_LABELS, clean_text, tidy_labels

STARRED, PINNED = "starred", "pinned"
_NOTED_BY_DEVICE = (("weather", "weather"), ("userActivity", "activity"), ("music", "music"))
_PLACE = ("userLabel", "placeName", "localityName", "country")


class DayOneReader:
    """The entries of all journals in one export. Raises InputRefused while it is read."""

    format = "dayone"

    def __init__(self, source: Source, journal: Journal, zone: str) -> None:
        """`zone` is the local one, for entries that name none."""
        self._source = source
        self._members = journal.members
        self._zone = zone
        self._index = MediaIndex(source.members)
        self.other: Counter[str] = Counter()
        if len(journal.members) > 1:
            self.other["journals"] = len(journal.members)

    def items(self) -> Iterator[ImportedEntry | ImportedProblem]:
        """Entries and problems, in the order of the files."""
        for member in self._members:
            yield from self._journal(member)
        # Beside a chosen file the folders may belong to other journals too.
        if self._index.unused and self._source.single is None:
            self.other["media_without_entry"] = self._index.unused
        ignored = sum(not member.in_media_folder for member in self._source.members) - len(self._members)
        if ignored > 0 and self._source.single is None:
            self.other["files_ignored"] = ignored

    def attachment(self, where: str) -> Member:
        """The file of an attachment."""
        return self._index.at(where)

    def _journal(self, member: Member) -> Iterator[ImportedEntry | ImportedProblem]:
        name = member.parts[-1].rpartition(".")[0] if len(self._members) > 1 else ""
        number = 0
        stream = JsonStream(self._source.text_chunks(member), member.name, self._source.limits.element_chars)
        for key in stream.root_keys():
            if key != "entries":
                stream.value()
                continue
            for element in stream.elements():
                number += 1
                where = f"{member.name}#{number}"
                if isinstance(element, dict):
                    yield from self._entry(element, where, name)
                else:
                    yield ImportedProblem(where, "not-an-entry", is_entry=True)

    def _entry(self, entry: dict[str, Any], where: str, journal: str) -> Iterator[ImportedEntry | ImportedProblem]:
        at = self._moment(entry)
        if at is None:
            yield ImportedProblem(where, "no-date", is_entry=True)
            return
        media = EntryMedia(entry, self._index)
        title, text = split_title(_words(entry, media))
        attachments = media.all()
        tags = _tags(entry)
        if not (title or text.strip() or attachments or tags):
            yield ImportedProblem(where, "empty-entry", is_entry=True)
            return
        self._count_what_stays(entry)
        text = _with_place(text, entry)
        if len(text) > LONGEST_TEXT:
            yield ImportedProblem(where, "too-long", is_entry=True)
            return
        if media.too_many:
            yield ImportedProblem(where, "too-many-attachments")
        original_id = entry.get("uuid")
        yield ImportedEntry(
            clean_text(original_id)[:LONGEST_ID] if isinstance(original_id, str) else "",
            at,
            title=title,
            text=text,
            tags=tidy_labels((*tags, journal))[:MOST_LABELS],
            attachments=attachments,
        )

    def _moment(self, entry: dict[str, Any]) -> datetime | None:
        """The entry's time in the zone it was written in; an all-day entry stands at local midnight."""
        created = _instant(entry.get("creationDate"))
        if created is None or not in_range(created):
            return None
        location = entry.get("location")
        zone = zone_named(entry.get("timeZone"))
        if zone is None and isinstance(location, dict):
            zone = zone_named(location.get("timeZoneName"))
        if zone is not None:
            return created.astimezone(zone)
        return created if created.utcoffset() else to_local_zone(created, self._zone)

    def _count_what_stays(self, entry: dict[str, Any]) -> None:
        location = entry.get("location")
        if isinstance(location, dict) and ("latitude" in location or "longitude" in location):
            self.other["coordinates"] += 1
        for key, name in _NOTED_BY_DEVICE:
            if isinstance(entry.get(key), dict) and entry[key]:
                self.other[name] += 1


def _instant(written: Any) -> datetime | None:
    if not isinstance(written, str) or len(written) > 40:
        return None
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _words(entry: dict[str, Any], media: EntryMedia) -> str:
    """The entry's words as Markdown: its text, or its rich text where it has none."""
    text, rich = entry.get("text"), entry.get("richText")
    if isinstance(text, str) and text.strip():
        return converted(clean_text(text), media.name, escaped=True)
    if isinstance(rich, str) and rich.strip():
        return converted(clean_text(markdown(clean_text(rich))), media.name, escaped=False)
    return ""


def _tags(entry: dict[str, Any]) -> tuple[str, ...]:
    listed = entry.get("tags")
    tags = [tag for tag in listed if isinstance(tag, str)] if isinstance(listed, list) else []
    if entry.get("starred") is True:
        tags.append(STARRED)
    if entry.get("isPinned") is True or entry.get("pinned") is True:
        tags.append(PINNED)
    return tidy_labels(tags)


def _with_place(text: str, entry: dict[str, Any]) -> str:
    """The text with the name of the place as its last line; coordinates never come along."""
    location = entry.get("location")
    if not isinstance(location, dict):
        return text
    names = [location[key] for key in _PLACE if isinstance(location.get(key), str)]
    place = ", ".join(dict.fromkeys(shown(" ".join(name.split())) for name in names if name.strip()))
    return f"{text}\n\n— {place[:LONGEST_TITLE]}".strip("\n") if place else text
