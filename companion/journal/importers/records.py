"""What a reader of another journal hands over: entries, attached files, and what it could not take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

OLDER, DRAFT = "older-version", "draft"
MOST_ATTACHMENTS = 500  # on one entry; Day One allows 30
MOST_PROBLEMS = 1_000  # told one by one; the rest is counted under "more_problems"
LONGEST_ID = 200
LONGEST_NAME = 300  # of a file or a place inside the source, as shown

PROBLEMS = (
    "not-an-entry",  # the list of entries holds something else
    "no-date",  # no date that can be read
    "empty-entry",  # no words, no tags, nothing attached
    "too-long",  # more text than an entry can hold
    "too-many-attachments",  # the entry came in with the first ones
    "before-first-entry",  # text that stands before the first date
    "damaged",  # a file beside the journal that cannot be read
    "attachment-damaged",  # the entry came in without this file
    "attachment-too-large",  # the entry came in without this file
    "another-kind",  # a journal beside the one that was read; it can be brought in by itself
    "encrypted",  # a journal beside the one that was read, locked by the other app
    "same-name",  # a second file under a name that was there already
    "link-not-followed",  # a symbolic link in a folder
)


@dataclass(frozen=True, slots=True)
class ImportedMedia:
    """A file that an entry shows. Its place in the entry's text reads `![name](attachment:N)`, N counting from 1.

    `where` is its place in the source, "" when `missing`: named by the other journal but not in its export.
    """

    name: str
    media_type: str
    where: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What only Companion's own export tells: times in milliseconds since 1970, and where the entry once came from.

    `source_format` is "" for an entry that was written here; `deleted_ms` is None unless it was deleted.
    """

    created_ms: int
    changed_ms: int
    deleted_ms: int | None
    source_format: str
    source_id: str


@dataclass(frozen=True, slots=True)
class ImportedEntry:
    """One entry, ready for `companion.journal.model.Content`.

    `at` is aware, in the zone it was lived in. `text` is Markdown. `original_id`
    is the other app's own id, "" where it has none. Starred and pinned entries
    carry the tags "starred" and "pinned".
    """

    original_id: str
    at: datetime
    title: str = ""
    text: str = ""
    mood: int | None = None
    energy: int | None = None
    feelings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    attachments: tuple[ImportedMedia, ...] = ()
    heavy: bool = False
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class ImportedWords:
    """An older version of an entry, or words on their way, from Companion's own export.

    `kind` is OLDER or DRAFT; `content.original_id` names the entry, `saved_ms` is when they were saved.
    """

    kind: str
    saved_ms: int
    content: ImportedEntry


@dataclass(frozen=True, slots=True)
class ImportedProblem:
    """Something that was not taken: `reason` is one of PROBLEMS; `is_entry` when it is a whole entry."""

    where: str
    reason: str
    is_entry: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What the source turned out to be: "dayone" or "jrnl"."""

    format: str
