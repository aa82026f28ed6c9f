"""Reads Companion's own JSON export, so that what was taken out comes back as it was: see docs/export-format.md.

Nothing in it is believed because it is ours: anyone can write such a file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from companion.core.errors import InputRefused
from companion.journal.importers.detect import Journal
from companion.journal.importers.json_stream import JsonStream
from companion.journal.importers.names import shown
from companion.journal.importers.records import (
    DRAFT,
    LONGEST_ID,
    LONGEST_NAME,
    MOST_ATTACHMENTS,
    OLDER,
    ImportedEntry,
    ImportedMedia,
    ImportedProblem,
    ImportedWords,
    Kept,
)
from companion.journal.importers.sources import Member, Source
from companion.journal.importers.zones import in_range, zone_named
from companion.journal.model import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Content,
    Energy,
    Mood,
    clean_text,
    tidy_labels,
    to_ms,
)

VERSION = 1
_FORMAT = re.compile(r"[a-z0-9-]{1,40}")
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")
_UNKNOWN_TYPE = "application/octet-stream"
_LONGEST_TIME = 40

Item = ImportedEntry | ImportedProblem | ImportedWords


class CompanionReader:
    """Entries, older versions and drafts of one export. Raises InputRefused while it is read."""

    format = "companion"

    def __init__(self, source: Source, journal: Journal) -> None:
        self._source = source
        self._members = journal.members
        self._files: dict[str, Member] = {}
        self._places: dict[str, Member] = {}
        self.other: Counter[str] = Counter()
        for member in source.members:
            if member.in_media_folder:
                self._files.setdefault(member.parts[-1], member)

    def items(self) -> Iterator[Item]:
        """Everything, in the order of the file."""
        for member in self._members:
            yield from self._journal(member)

    def attachment(self, where: str) -> Member:
        """The file of an attachment."""
        return self._places[where]

    def _journal(self, member: Member) -> Iterator[Item]:
        number = 0
        stream = JsonStream(self._source.text_chunks(member), member.name, self._source.limits.element_chars)
        for key in stream.root_keys():
            if key != "records":
                value = stream.value()
                if key == "version" and (type(value) is not int or not 1 <= value <= VERSION):
                    raise InputRefused("not-this-format", member.name)
                continue
            for record in stream.elements():
                number += 1
                yield from self._record(record, f"{member.name}#{number}")

    def _record(self, record: Any, where: str) -> Iterator[Item]:
        kind = record.get("kind") if isinstance(record, dict) else None
        if kind == "entry":
            yield from self._entry(record, where)
        elif kind in (OLDER, DRAFT):
            yield self._words(kind, record, where)
        elif isinstance(kind, str):
            self.other["unknown_records"] += 1  # a later Companion may keep more than this one knows
        else:
            yield ImportedProblem(where, "not-an-entry", is_entry=True)

    def _words(self, kind: str, record: dict[str, Any], where: str) -> Item:
        content, saved = self._content(record, where, record.get("of")), _instant(record.get("saved_at"))
        if isinstance(content, ImportedProblem):
            return content
        if saved is None:
            return ImportedProblem(where, "no-date")
        self.other["older_versions" if kind == OLDER else "drafts"] += 1
        return ImportedWords(kind, to_ms(saved), content)

    def _entry(self, record: dict[str, Any], where: str) -> Iterator[Item]:
        content = self._content(record, where, record.get("id"))
        if isinstance(content, ImportedProblem):
            yield content
            return
        listed = record.get("attachments")
        files = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        if len(files) > MOST_ATTACHMENTS:
            yield ImportedProblem(where, "too-many-attachments")
        made = ImportedEntry(
            original_id=content.original_id,
            at=content.at,
            title=content.title,
            text=content.text,
            mood=content.mood,
            energy=content.energy,
            feelings=content.feelings,
            tags=content.tags,
            people=content.people,
            heavy=content.heavy,
            attachments=tuple(self._media(each) for each in files[:MOST_ATTACHMENTS]),
            kept=_kept(record, to_ms(content.at)),
        )
        if made.kept is not None and made.kept.deleted_ms is not None:
            self.other["deleted_entries"] += 1
        if isinstance(record.get("digest"), str) and record["digest"] != _digest(made):
            self.other["changed_since_export"] += 1
        yield made

    def _content(self, record: dict[str, Any], where: str, entry_id: Any) -> ImportedEntry | ImportedProblem:
        at = _instant(record.get("at"))
        zone = zone_named(record.get("zone"))
        if at is not None and zone is not None:
            at = at.astimezone(zone)
        if at is None or not in_range(at):
            return ImportedProblem(where, "no-date", is_entry=record.get("kind") == "entry")
        title, text = _line(record.get("title")), _text(record.get("text"))
        if len(text) > LONGEST_TEXT or len(title) > LONGEST_TITLE:
            return ImportedProblem(where, "too-long", is_entry=record.get("kind") == "entry")
        return ImportedEntry(
            original_id=clean_text(entry_id)[:LONGEST_ID] if isinstance(entry_id, str) else "",
            at=at.replace(microsecond=at.microsecond // 1000 * 1000),
            title=title,
            text=text,
            mood=_choice(record.get("mood"), 5),
            energy=_choice(record.get("energy"), 3),
            feelings=_labels(record.get("feelings")),
            tags=_labels(record.get("tags")),
            people=_labels(record.get("people")),
            heavy=record.get("heavy") is True,
        )

    def _media(self, file: dict[str, Any]) -> ImportedMedia:
        name, kind, place = file.get("name"), file.get("type"), file.get("file")
        label = shown(name)[:LONGEST_NAME] if isinstance(name, str) else ""
        member = self._files.get(place) if isinstance(place, str) else None
        where = ""
        if member is not None:
            # Two names can look the same once they are made safe to show.
            where = member.name if self._places.get(member.name, member) == member else f"{member.name} ({member.key})"
            self._places[where] = member
        known = isinstance(kind, str) and _MEDIA_TYPE.fullmatch(kind)
        return ImportedMedia(label, str(kind) if known else _UNKNOWN_TYPE, where, missing=member is None)


def _kept(record: dict[str, Any], at_ms: int) -> Kept:
    """The times and the origin; an entry that says no time of its own was made when it happened."""
    times = [_instant(record.get(name)) for name in ("created_at", "changed_at", "deleted_at")]
    created, changed, deleted = (None if each is None else to_ms(each) for each in times)
    created = at_ms if created is None else created
    source = record.get("source")
    source = source if isinstance(source, dict) else {}
    name, original = source.get("format"), source.get("original_id")
    known = isinstance(name, str) and _FORMAT.fullmatch(name)
    return Kept(
        created_ms=created,
        changed_ms=created if changed is None else changed,
        deleted_ms=deleted,
        source_format=str(name) if known else "",
        source_id=clean_text(original)[:LONGEST_ID] if known and isinstance(original, str) else "",
    )


def _digest(made: ImportedEntry) -> str:
    return Content(
        at=made.at,
        title=made.title,
        text=made.text,
        mood=Mood(made.mood) if made.mood else None,
        energy=Energy(made.energy) if made.energy else None,
        feelings=made.feelings,
        tags=made.tags,
        people=made.people,
        heavy=made.heavy,
    ).digest()


def _instant(written: Any) -> datetime | None:
    if not isinstance(written, str) or len(written) > _LONGEST_TIME:
        return None
    try:
        at = datetime.fromisoformat(written.strip())
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return at if in_range(at) and in_range(at.astimezone(UTC)) else None
    except (ValueError, OverflowError):
        return None


def _text(raw: Any) -> str:
    return clean_text(raw) if isinstance(raw, str) else ""


def _line(raw: Any) -> str:
    return " ".join(_text(raw).split())


def _choice(raw: Any, most: int) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= most else None


def _labels(raw: Any) -> tuple[str, ...]:
    return tidy_labels(each for each in raw if isinstance(each, str)) if isinstance(raw, list) else ()
