"""Entries and problems as JSON and back; the way back believes nothing."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import Any

from companion.core.errors import REFUSALS
from companion.journal.importers.protocol import ProtocolBroken
from companion.journal.importers.records import (
    DRAFT,
    LONGEST_ID,
    LONGEST_NAME,
    MOST_ATTACHMENTS,
    OLDER,
    PROBLEMS,
    ImportedEntry,
    ImportedMedia,
    ImportedProblem,
    ImportedWords,
    Kept,
)
from companion.journal.importers.zones import EARLIEST_YEAR, LATEST_YEAR, in_range, zone_named
from companion.journal.model import EPOCH, LONGEST_TEXT, LONGEST_TITLE, MOST_LABELS, to_ms, zone_text

BATCH = 100  # entries
MOST_OTHER = 64  # different counts in a summary
LONGEST_PLACE = LONGEST_NAME + 40  # a name and a line number
_EARLIEST = to_ms(EPOCH.replace(year=EARLIEST_YEAR))
_LATEST = to_ms(EPOCH.replace(year=LATEST_YEAR))
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")
_FORMAT = re.compile(r"[a-z0-9-]{0,40}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LABELS = ("feelings", "tags", "people")
_LONGEST_ZONE = 70


def entry_to_json(entry: ImportedEntry) -> dict[str, Any]:
    """The entry as it crosses the line."""
    return {
        "id": entry.original_id,
        "at": to_ms(entry.at),
        "zone": zone_text(entry.at),
        "title": entry.title,
        "text": entry.text,
        "mood": entry.mood,
        "energy": entry.energy,
        "feelings": list(entry.feelings),
        "tags": list(entry.tags),
        "people": list(entry.people),
        "attachments": [[each.name, each.media_type, each.where, each.missing] for each in entry.attachments],
        "heavy": entry.heavy,
        "kept": _kept_to_json(entry.kept),
    }


def words_to_json(words: ImportedWords) -> list[Any]:
    """An older version or a draft as it crosses the line."""
    return [words.kind, words.saved_ms, entry_to_json(words.content)]


def problem_to_json(problem: ImportedProblem) -> list[Any]:
    """The problem as it crosses the line."""
    return [problem.where, problem.reason, problem.is_entry]


def entry_from_json(raw: Any) -> ImportedEntry:
    """The entry that was sent. Raises ProtocolBroken."""
    fields = _fields(raw, "id at zone title text mood energy feelings tags people attachments heavy kept")
    if not isinstance(fields["heavy"], bool):
        raise ProtocolBroken("heavy")
    at_ms = _integer(fields["at"], _EARLIEST, _LATEST)
    zone = zone_named(_words(fields["zone"], _LONGEST_ZONE)) or UTC
    at = (EPOCH + timedelta(milliseconds=at_ms)).astimezone(zone)
    if not in_range(at):
        raise ProtocolBroken("at")
    listed = _list(fields["attachments"], MOST_ATTACHMENTS)
    labels = {name: tuple(_words(each, LONGEST_TITLE) for each in _list(fields[name], MOST_LABELS)) for name in _LABELS}
    return ImportedEntry(
        original_id=_words(fields["id"], LONGEST_ID),
        at=at,
        title=_words(fields["title"], LONGEST_TITLE),
        text=_words(fields["text"], LONGEST_TEXT),
        mood=None if fields["mood"] is None else _integer(fields["mood"], 1, 5),
        energy=None if fields["energy"] is None else _integer(fields["energy"], 1, 3),
        attachments=tuple(_media(each) for each in listed),
        heavy=fields["heavy"],
        kept=_kept(fields["kept"]),
        **labels,
    )


def words_from_json(raw: Any) -> ImportedWords:
    """The older version or draft that was sent. Raises ProtocolBroken."""
    kind, saved_ms, content = _three(raw)
    if kind not in (OLDER, DRAFT):
        raise ProtocolBroken("words")
    return ImportedWords(str(kind), _integer(saved_ms, _EARLIEST, _LATEST), entry_from_json(content))


def problem_from_json(raw: Any) -> ImportedProblem:
    """The problem that was sent. Raises ProtocolBroken."""
    where, reason, is_entry = _three(raw)
    if reason not in PROBLEMS or not isinstance(is_entry, bool):
        raise ProtocolBroken("problem")
    return ImportedProblem(_line(where, LONGEST_PLACE), reason, is_entry)


def refusal_from_json(message: dict[str, Any]) -> tuple[str, str]:
    """Reason and place of a refusal that was sent. Raises ProtocolBroken."""
    reason = message.get("reason")
    if reason not in REFUSALS:
        raise ProtocolBroken("refusal")
    return str(reason), _line(message.get("where"), LONGEST_PLACE)


def counts_from_json(raw: Any) -> dict[str, int]:
    """The counts of a summary that was sent. Raises ProtocolBroken."""
    if not isinstance(raw, dict) or len(raw) > MOST_OTHER:
        raise ProtocolBroken("counts")
    return {_line(name, LONGEST_NAME): _integer(count, 0, 1 << 53) for name, count in raw.items()}


def integer_from_json(raw: Any, least: int, most: int) -> int:
    """A whole number within its bounds. Raises ProtocolBroken."""
    return _integer(raw, least, most)


def _media(raw: Any) -> ImportedMedia:
    values = _list(raw, 4)
    if len(values) != 4:
        raise ProtocolBroken("media")
    name, media_type, where, missing = values
    if not isinstance(missing, bool) or not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise ProtocolBroken("media")
    return ImportedMedia(_line(name, LONGEST_NAME), media_type, _line(where, LONGEST_PLACE), missing)


def _kept_to_json(kept: Kept | None) -> list[Any] | None:
    if kept is None:
        return None
    return [kept.created_ms, kept.changed_ms, kept.deleted_ms, kept.source_format, kept.source_id]


def _kept(raw: Any) -> Kept | None:
    if raw is None:
        return None
    values = _list(raw, 5)
    if len(values) != 5:
        raise ProtocolBroken("kept")
    created, changed, deleted, source_format, source_id = values
    if not isinstance(source_format, str) or not _FORMAT.fullmatch(source_format):
        raise ProtocolBroken("source")
    return Kept(
        created_ms=_integer(created, _EARLIEST, _LATEST),
        changed_ms=_integer(changed, _EARLIEST, _LATEST),
        deleted_ms=None if deleted is None else _integer(deleted, _EARLIEST, _LATEST),
        source_format=source_format,
        source_id=_words(source_id, LONGEST_ID),
    )


def _fields(raw: Any, names: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or raw.keys() != set(names.split()):
        raise ProtocolBroken("fields")
    return raw


def _list(raw: Any, most: int) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        raise ProtocolBroken("list")
    return raw


def _three(raw: Any) -> tuple[Any, Any, Any]:
    values = _list(raw, 3)
    if len(values) != 3:
        raise ProtocolBroken("list")
    return values[0], values[1], values[2]


def _integer(raw: Any, least: int, most: int) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= most:
        raise ProtocolBroken("number")
    return raw


def _words(raw: Any, longest: int) -> str:
    if not isinstance(raw, str) or len(raw) > longest:
        raise ProtocolBroken("words")
    return raw


def _line(raw: Any, longest: int) -> str:
    line = _words(raw, longest)
    if _CONTROL.search(line):
        raise ProtocolBroken("line")
    return line
