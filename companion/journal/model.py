"""What a journal holds: entries, drafts, revisions, attachments and imported batches."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from companion.core.errors import NotEnoughRoom
from companion.core.events import Changed
from companion.core.ids import BatchId, EntryId

LONGEST_TEXT = 5_000_000  # characters; about 900,000 words
LONGEST_TITLE = 500
MOST_LABELS = 200  # tags, people or feelings on one entry
EXCERPT_LENGTH = 160


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# On one line: letters as they are, line ends escaped.
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970, UTC."""
    return (at - EPOCH) // _MILLISECOND


def zone_text(at: datetime) -> str:
    """The zone of a moment as stored: its IANA name, else its offset such as "+02:00"."""
    key = getattr(at.tzinfo, "key", None)
    if isinstance(key, str) and key:
        return key
    seconds = int((at.utcoffset() or timedelta()).total_seconds())
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{abs(seconds) // 3600:02d}:{abs(seconds) % 3600 // 60:02d}"


class Mood(IntEnum):
    """How it was, in the person's own choice of five words; never a score."""

    VERY_HARD = 1
    HARD = 2
    MIXED = 3
    OKAY = 4
    GOOD = 5


class Energy(IntEnum):
    """How much energy there was."""

    LOW = 1
    SOME = 2
    PLENTY = 3


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept with an entry; `name` is what the person sees, `media` names the encrypted file.

    `media` is "" where the other journal named a file that was not in its export.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    media: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported entry came from: format name and the other app's own id."""

    format: str
    original_id: str


@dataclass(frozen=True, slots=True)
class Content:
    """What the person wrote and chose; the same shape in drafts, entries and revisions.

    `text` is Markdown. `at` is aware: the entry's own time, in the zone it was lived in.
    """

    at: datetime
    title: str = ""
    text: str = ""
    mood: Mood | None = None
    energy: Energy | None = None
    feelings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    heavy: bool = False

    def __post_init__(self) -> None:
        """Refuse what the store could not keep; the editor never lets it come to this."""
        if self.at.tzinfo is None:
            raise ValueError("an entry's time needs its zone")
        if len(self.text) > LONGEST_TEXT or len(self.title) > LONGEST_TITLE:
            raise ValueError("longer than an entry can be")
        object.__setattr__(self, "at", self.at.replace(microsecond=self.at.microsecond // 1000 * 1000))
        object.__setattr__(self, "text", clean_text(self.text))
        object.__setattr__(self, "title", " ".join(clean_text(self.title).split()))
        for name in ("feelings", "tags", "people"):
            object.__setattr__(self, name, tidy_labels(getattr(self, name)))

    @property
    def is_empty(self) -> bool:
        """Nothing was written or chosen."""
        return not (
            self.text.strip()
            or self.title.strip()
            or self.mood
            or self.energy
            or self.feelings
            or self.tags
            or self.people
        )

    @property
    def is_check_in(self) -> bool:
        """A mood or energy with no words."""
        return not self.text.strip() and not self.title.strip() and bool(self.mood or self.energy)

    def digest(self) -> str:
        """SHA-256 over every field, as lower-case hex; proves that a stored row is the one written.

        Over one line of JSON with everything else, then the text letter for letter.
        """
        head = as_json(
            [
                to_ms(self.at),
                zone_text(self.at),
                self.title,
                int(self.mood or 0),
                int(self.energy or 0),
                self.feelings,
                self.tags,
                self.people,
                self.heavy,
            ]
        )
        return hashlib.sha256(f"{head}\n{self.text}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved entry."""

    id: EntryId
    content: Content
    created_at: datetime
    changed_at: datetime
    attachments: tuple[Attachment, ...] = ()
    source: Source | None = None
    revisions: int = 1
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Words on their way: at most one for each entry, and one for a new entry that has no id in the journal yet."""

    entry_id: EntryId
    content: Content
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """One row of a list: enough to recognise an entry without reading it."""

    id: EntryId
    at: datetime
    title: str
    excerpt: str
    mood: Mood | None
    energy: Energy | None
    tags: tuple[str, ...]
    words: int
    heavy: bool = False
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list; `next` is an opaque cursor, None at the end."""

    entries: tuple[Summary, ...]
    next: str | None


class Hit(NamedTuple):
    r"""One found entry; `snippet` marks the found words between \\x02 and \\x03. A search makes 50 of them."""

    id: EntryId
    at: datetime
    title: str
    snippet: str
    rank: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `total` counts all of them, `hits` holds the first ones."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """A write that is on the disk."""

    entry_id: EntryId
    saved_at: datetime
    changed: Changed


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries a list shows; `None` and empty leave a side open. Days are local, "YYYY-MM-DD"."""

    first_day: str | None = None
    last_day: str | None = None
    tag: str | None = None
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not brought in, and why; `reason` is a code with words in `ui/messages.py`."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file held and what became of it. Counts are journal entries."""

    format: str
    found: int = 0
    new: int = 0
    duplicates: int = 0
    refused: tuple[Refusal, ...] = ()
    attachments_found: int = 0
    attachments_missing: int = 0
    other: dict[str, int] = field(default_factory=dict)
    batch: BatchId | None = None
    first_day: str | None = None
    last_day: str | None = None
    preview: tuple[Summary, ...] = ()
    no_room: NotEnoughRoom | None = None  # told by a preview, where what is new would not fit on the disk


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back an import did; entries changed since then stay."""

    removed: int
    kept_because_edited: int


def clean_text(text: str) -> str:
    """The text as the database can keep it: whole characters only, no NUL, one kind of line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def tidy_labels(names: Iterable[str]) -> tuple[str, ...]:
    """Tags, people or feelings in their order, without blanks and doubles."""
    tidy = (" ".join(clean_text(name).split())[:LONGEST_TITLE] for name in names)
    return tuple(dict.fromkeys(name for name in tidy if name))[:MOST_LABELS]


_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*", re.UNICODE)
_MARK = re.compile(r"[\[*_`~#>+\-]|\d[.)]")


def count_words(text: str) -> int:
    """How many words a person would count."""
    return len(_WORD.findall(text))


def excerpt(text: str, length: int = EXCERPT_LENGTH) -> str:
    """The first words on one line, without Markdown marks, at most `length` characters."""
    flat = text[: length * 8]
    if _MARK.search(flat):  # few entries have any
        flat = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", flat)
        flat = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", flat)
        flat = re.sub(r"(^|\n)\s{0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+", r"\1", flat)
        flat = re.sub(r"[*_`~]{1,3}", "", flat)
    flat = " ".join(flat.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
