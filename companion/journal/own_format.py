"""What only Companion's own export brings along: ids, times, origins, older versions, drafts; staged like the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from companion.core.ids import BatchId, EntryId, new_id
from companion.journal.encoding import content_to_text
from companion.journal.importers.records import DRAFT, ImportedEntry, ImportedWords, Kept
from companion.journal.model import Content, Energy, Mood, Source
from companion.journal.store import DELETED, KEPT_REVISIONS, LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from companion.vault.connection import Connection

NAME: Final = "companion"
MOST_DRAFTS: Final = 1_000  # one for each entry that is being written; there are a handful
_ID = re.compile(r"[0-9a-f]{26}")


def content_of(entry: ImportedEntry) -> Content:
    """What the person wrote and chose, as the journal keeps it."""
    return Content(
        at=entry.at,
        title=entry.title,
        text=entry.text,
        mood=Mood(entry.mood) if entry.mood else None,
        energy=Energy(entry.energy) if entry.energy else None,
        feelings=entry.feelings,
        tags=entry.tags,
        people=entry.people,
        heavy=entry.heavy,
    )


def source_of(source_format: str, entry: ImportedEntry) -> Source | None:
    """Where it came from: for our own export where it once came from, None for what was written here."""
    kept = entry.kept
    if kept is None:
        return Source(source_format, entry.original_id)
    return Source(kept.source_format, kept.source_id) if kept.source_format else None


class Restored:
    """The entries of one import of our own format; every method runs on the vault thread.

    An entry keeps its id where it is free; one whose namesake is here among the deleted gets a new one.
    """

    def __init__(self, db: Connection, batch: BatchId | None) -> None:
        self._db = db
        self._batch = batch
        self._renamed: dict[str, EntryId] = {}
        self.drafts = 0

    def is_here(self, entry: ImportedEntry) -> bool:
        """Whether the entry is in the journal by its id or by the id of the app it once came from."""
        kept = entry.kept
        if kept is None:
            return False
        states = (LIVE, LIVE) if kept.deleted_ms is None else (LIVE, DELETED)
        if self._db.value("SELECT 1 FROM entry WHERE id=? AND state IN (?,?)", (entry.original_id, *states)):
            return True
        found = (kept.source_format, kept.source_id)
        return all(found) and bool(
            self._db.value("SELECT 1 FROM entry WHERE origin=? AND origin_id=? AND state=0", found)
        )

    def id_for(self, entry: ImportedEntry) -> EntryId:
        """Its own id where that is one and free, else a new one."""
        wanted = EntryId(entry.original_id)
        if _ID.fullmatch(wanted) and self._db.value("SELECT 1 FROM entry WHERE id=?", (wanted,)) is None:
            return wanted
        made = EntryId(new_id())
        if wanted:
            self._renamed[wanted] = made
        return made

    def note(self, entry_id: EntryId, kept: Kept) -> None:
        """Give a staged entry the times it had."""
        self._db.execute(
            "UPDATE entry SET created_ms=?, changed_ms=?, deleted_ms=?, brought_version=1 WHERE id=?",
            (kept.created_ms, kept.changed_ms, kept.deleted_ms, entry_id),
        )

    def stage_words(self, words: Iterable[ImportedWords]) -> None:
        """Older versions go to the entry that is staged, drafts wait for the batch; those of other entries are left."""
        for each in words:
            content = content_of(each.content)
            named = each.content.original_id
            entry_id = self._renamed.get(named, EntryId(named))
            row = self._db.row("SELECT seq, batch FROM entry WHERE id=?", (entry_id,))
            if each.kind == DRAFT:
                if row is None or row[1] == self._batch:
                    self._stage_draft(entry_id, content, each.saved_ms)
            elif row is not None and row[1] == self._batch:
                self._stage_version(row[0], content, each.saved_ms)

    def _stage_version(self, seq: int, content: Content, saved_ms: int) -> None:
        number = 1 + int(self._db.value("SELECT count(*) FROM revision WHERE entry_seq=?", (seq,)))
        if number >= KEPT_REVISIONS:
            return
        self._db.execute(
            "INSERT INTO revision (entry_seq, number, saved_ms, digest, content) VALUES (?,?,?,?,?)",
            (seq, number, saved_ms, content.digest(), content_to_text(content)),
        )
        # The version in force is one more than the newest older one.
        self._db.execute("UPDATE entry SET version=?, brought_version=? WHERE seq=?", (number + 1, number + 1, seq))

    def _stage_draft(self, entry_id: EntryId, content: Content, saved_ms: int) -> None:
        if self.drafts >= MOST_DRAFTS or not _ID.fullmatch(entry_id):
            return
        if self._db.value("SELECT 1 FROM draft WHERE entry_id=?", (entry_id,)):
            return
        self.drafts += self._db.execute(
            "INSERT OR REPLACE INTO brought_draft (entry_id, batch, saved_ms, digest, content) VALUES (?,?,?,?,?)",
            (entry_id, self._batch, saved_ms, content.digest(), content_to_text(content)),
        )
