"""What a person can do with their journal; every method blocks and runs on the thread that owns the vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from companion.core.clock import Clock
from companion.core.errors import CompanionError, EntryNotFound, VaultDamaged
from companion.core.events import Changed, Kind
from companion.core.ids import EntryId, MediaName, new_id
from companion.journal import search
from companion.journal.batches import remove_unfinished
from companion.journal.model import Content, Draft, Entry, Filter, Found, Page, Saved
from companion.journal.store import DELETED, LIVE, EntryStore
from companion.vault.compacting import taken_on_purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.journal.exporting import Exporter
    from companion.journal.importing import Importing
    from companion.vault.vault import Vault

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Verified:
    """What reading every entry and every file again showed. `search_index` is "ok" or "rebuilt"."""

    entries: int
    entries_bad: tuple[EntryId, ...]
    media: int
    media_bad: tuple[MediaName, ...]
    search_index: str


class JournalService:
    """The journal in one vault; usable whenever the vault is open."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    @property
    def importing(self) -> Importing:
        """Bringing other journals in."""
        from companion.journal.importing import Importing  # late: it loads what only an import needs

        return Importing(self._vault, self._clock)

    @property
    def exporting(self) -> Exporter:
        """Taking notes out."""
        from companion.journal.exporting import Exporter  # late: few sessions need it

        return Exporter(self._vault, self._clock)

    @property
    def _store(self) -> EntryStore:
        return EntryStore(self._vault.connection)

    def after_unlock(self) -> None:
        """Remove what an import that never finished left behind. Call once after each unlock."""
        if not self._vault.read_only:
            remove_unfinished(self._vault)

    # --- writing ---------------------------------------------------------

    def save_draft(self, entry_id: EntryId, content: Content) -> Saved:
        """Keep words on their way; overwrites the one draft of this entry."""
        now = self._clock.now()
        with self._vault.connection.transaction():
            self._store.put_draft(entry_id, content, now)
        return Saved(entry_id, now, Changed(Kind.JOURNAL, frozenset({entry_id})))

    def save(self, entry_id: EntryId, content: Content) -> Saved:
        """Keep the entry and drop its draft; a change makes the former text an older version."""
        now = self._clock.now()
        with self._vault.connection.transaction():
            self._store.save(entry_id, content, now)
        return Saved(entry_id, now, Changed(Kind.JOURNAL, frozenset({entry_id})))

    def add(self, content: Content) -> Saved:
        """Keep a new entry."""
        return self.save(EntryId(new_id()), content)

    def add_many(self, contents: Sequence[Content]) -> list[EntryId]:
        """Keep many new entries in one transaction, all or none."""
        now = self._clock.now()
        ids = [EntryId(new_id()) for _ in contents]
        store = self._store
        with self._vault.connection.transaction():
            for entry_id, content in zip(ids, contents, strict=True):
                store.insert(entry_id, content, now)
        return ids

    def delete(self, entry_id: EntryId) -> Saved:
        """Put the entry among the deleted ones, from where it can come back. Raises EntryNotFound."""
        return self._mark(entry_id, deleted=True)

    def restore(self, entry_id: EntryId) -> Saved:
        """Bring a deleted entry back. Raises EntryNotFound."""
        return self._mark(entry_id, deleted=False)

    def _mark(self, entry_id: EntryId, *, deleted: bool) -> Saved:
        now = self._clock.now()
        with self._vault.connection.transaction():
            self._store.set_deleted(entry_id, now if deleted else None)
            if deleted:
                taken_on_purpose(self._vault.connection)
        return Saved(entry_id, now, Changed(Kind.JOURNAL, frozenset({entry_id})))

    # --- drafts ----------------------------------------------------------

    def drafts(self) -> list[Draft]:
        """Words that were on their way, newest first."""
        return self._store.drafts()

    def draft(self, entry_id: EntryId) -> Draft | None:
        """The draft of this entry, or None where there is none."""
        return self._store.draft(entry_id)

    def discard_draft(self, entry_id: EntryId) -> None:
        """Forget the draft of this entry."""
        with self._vault.connection.transaction():
            self._store.remove_draft(entry_id)
            taken_on_purpose(self._vault.connection)

    # --- reading ---------------------------------------------------------

    def entry(self, entry_id: EntryId) -> Entry:
        """The whole entry. Raises EntryNotFound."""
        return self._store.entry(entry_id)

    def has_entry(self, entry_id: EntryId) -> bool:
        """Whether an entry with this id was ever saved."""
        return self._store.exists(entry_id)

    def page(self, wanted: Filter | None = None, after: str | None = None, limit: int = PAGE_SIZE) -> Page:
        """A stretch of the timeline, newest first; `after` is the `next` of the page before."""
        return self._store.page(wanted or Filter(), _cursor(after), limit)

    def deleted(self, after: str | None = None, limit: int = PAGE_SIZE) -> Page:
        """Deleted entries that can come back, newest first."""
        return self._store.page(Filter(), _cursor(after), limit, state=DELETED)

    def count(self, wanted: Filter | None = None) -> int:
        """How many entries there are."""
        return self._store.count(wanted or Filter(), LIVE)

    def search(self, words: str, limit: int = PAGE_SIZE) -> Found:
        """Entries with these words, newest first; the last word may be a beginning."""
        return search.find(self._vault.connection, words, limit)

    # --- proof -----------------------------------------------------------

    def verify(self) -> Verified:
        """Read every entry, older version, draft and file again and compare them with what was saved.

        An entry counts as bad where any of its words are. Mends the search index.
        """
        db = self._vault.connection
        ids = [EntryId(row[0]) for row in db.rows("SELECT id FROM entry WHERE state <> 2 ORDER BY seq")]
        bad = [entry_id for entry_id in ids if not self._reads_whole(entry_id)]
        bad += [EntryId(row[0]) for row in db.rows("SELECT entry_id FROM draft") if not self._has_whole_draft(row[0])]
        names = [MediaName(row[0]) for row in db.rows("SELECT DISTINCT media FROM attachment WHERE media <> ''")]
        bad_media = tuple(name for name in names if not self._vault.media.verify(name))
        return Verified(len(ids), tuple(dict.fromkeys(bad)), len(names), bad_media, self._mend_index())

    def _reads_whole(self, entry_id: EntryId) -> bool:
        try:
            self._store.entry(entry_id, include_deleted=True)
            self._store.revisions(entry_id)
        except (VaultDamaged, EntryNotFound):
            return False
        return True

    def _has_whole_draft(self, entry_id: EntryId) -> bool:
        try:
            return self._store.draft(entry_id) is not None
        except VaultDamaged:
            return False

    def _mend_index(self) -> str:
        db = self._vault.connection
        if self._vault.read_only:
            return "ok"
        try:
            db.execute("INSERT INTO entry_words (entry_words, rank) VALUES ('integrity-check', 1)")
        except CompanionError:
            # A mismatch of the index reads like damage of the file but is not: nothing of the entries is in it.
            with db.transaction():
                db.execute("INSERT INTO entry_words (entry_words) VALUES ('rebuild')")
            return "rebuilt"
        return "ok"


def _cursor(after: str | None) -> int | None:
    if after is None:
        return None
    try:
        return int(after)
    except ValueError:
        return None
