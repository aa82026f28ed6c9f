"""Notes as JSON: every word and choice, so that an import gives back the same journal. See docs/export-format.md."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from companion.journal.exporters.taken import TakenDraft, TakenEntry
from companion.journal.model import Attachment, Content, as_json, to_ms, zone_text

VERSION: Final = 1
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
_pretty = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


class JsonForm:
    """Makes the parts of the document in their order, and adds up the digest over all of them."""

    def __init__(self) -> None:
        self.older_versions = 0
        self._entries = 0
        self._drafts = 0
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 over everything so far, as lower-case hex."""
        return self._digest.hexdigest()

    def head(self, application: str, made_at: datetime, facts: dict[str, Any]) -> str:
        """Up to the first record; `facts` say what was asked for."""
        first = {
            "format": "companion",
            "version": VERSION,
            "made_by": f"Companion {application}",
            "made_at": written(made_at),
            **facts,
        }
        return _pretty(first)[:-1] + ', "records": ['

    def entry(self, taken: TakenEntry, files: list[str | None]) -> str:
        """One entry with its older versions; `files` are the names of its files beside, None where one is missing."""
        entry, content = taken.entry, taken.entry.content
        source = entry.source
        record = {
            "kind": "entry",
            "id": entry.id,
            **_content(content),
            "attachments": [_file(each, name) for each, name in zip(entry.attachments, files, strict=True)],
            "source": {"format": source.format, "original_id": source.original_id} if source else None,
            "created_at": _utc(entry.created_at),
            "changed_at": _utc(entry.changed_at),
            "deleted_at": _utc(entry.deleted_at) if entry.deleted_at else None,
            "older_versions": len(taken.versions),
        }
        records = [record]
        for saved_at, older in taken.versions:
            records.append({"kind": "older-version", "of": entry.id, "saved_at": _utc(saved_at), **_content(older)})
        self._add(
            "entry",
            entry.id,
            content.digest(),
            to_ms(entry.created_at),
            to_ms(entry.changed_at),
            to_ms(entry.deleted_at) if entry.deleted_at else None,
            [source.format, source.original_id] if source else None,
            [[each.name, each.media_type, each.size_bytes, each.sha256] for each in entry.attachments],
            [[to_ms(saved_at), older.digest()] for saved_at, older in taken.versions],
        )
        text = "".join(self._line(each, is_first=not self._entries and n == 0) for n, each in enumerate(records))
        self._entries += 1
        self.older_versions += len(taken.versions)
        return text

    def draft(self, taken: TakenDraft) -> str:
        """Words that were on their way."""
        content = taken.content
        self._add("draft", taken.entry_id, to_ms(taken.saved_at), content.digest())
        record = {"kind": "draft", "of": taken.entry_id, "saved_at": _utc(taken.saved_at), **_content(content)}
        text = self._line(record, is_first=not self._entries and not self._drafts)
        self._drafts += 1
        return text

    def end(self) -> str:
        """After the last record."""
        counts = {"entries": self._entries, "older_versions": self.older_versions, "drafts": self._drafts}
        return "\n], " + _pretty({**counts, "digest": self.digest})[1:] + "\n"

    def _add(self, *values: Any) -> None:
        self._digest.update(f"{as_json(values)}\n".encode())

    @staticmethod
    def _line(record: dict[str, Any], *, is_first: bool) -> str:
        return ("\n" if is_first else ",\n") + _pretty(record)


def file_name(taken: TakenEntry, position: int) -> str:
    """The name of an attached file beside the document: the entry's id, its place, and an ending that is safe."""
    ending = _ENDING.search(taken.entry.attachments[position - 1].name[-9:])
    return f"{taken.entry.id}-{position}{ending[0].lower() if ending else ''}"


def written(at: datetime) -> str:
    """ISO 8601 with milliseconds and an offset in whole minutes; old zones have seconds, which the format has not."""
    offset = at.utcoffset() or timedelta()
    whole = timedelta(minutes=round(offset.total_seconds() / 60))
    return (at if whole == offset else at.astimezone(timezone(whole))).isoformat(timespec="milliseconds")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _content(content: Content) -> dict[str, Any]:
    return {
        "at": written(content.at),
        "zone": zone_text(content.at),
        "title": content.title,
        "text": content.text,
        "mood": content.mood,
        "energy": content.energy,
        "heavy": content.heavy,
        "feelings": content.feelings,
        "tags": content.tags,
        "people": content.people,
        "digest": content.digest(),
    }


def _file(attachment: Attachment, name: str | None) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "type": attachment.media_type,
        "bytes": attachment.size_bytes,
        "sha256": attachment.sha256,
        "file": name,
    }
