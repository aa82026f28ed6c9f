"""What the writers get: one entry or draft at a time, read whole and proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from companion.core.ids import EntryId
from companion.journal.model import Content, Entry


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """An entry; `versions` are the older ones with the time each was saved, oldest first."""

    entry: Entry
    versions: tuple[tuple[datetime, Content], ...] = ()


@dataclass(frozen=True, slots=True)
class TakenDraft:
    """Words on their way, for an entry that is there or one that is not saved yet."""

    entry_id: EntryId
    content: Content
    saved_at: datetime
