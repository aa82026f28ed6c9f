"""Imported batches in the database: staged, made live in one step, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from companion.core.errors import BatchNotFound
from companion.core.ids import BatchId, EntryId, MediaName
from companion.journal.model import Undone, to_ms
from companion.journal.store import DELETED, LIVE, STAGED
from companion.vault.compacting import taken_on_purpose

if TYPE_CHECKING:
    from companion.vault.connection import Connection
    from companion.vault.vault import Vault

# Every change that a person makes gives an entry its next version.
_AS_BROUGHT = "version=coalesce(brought_version, 1)"


def begin(db: Connection, batch: BatchId, source_format: str, now: datetime) -> None:
    """Open a batch whose entries stay invisible until it is made live."""
    with db.transaction():
        db.execute("INSERT INTO batch (id, format, made_ms) VALUES (?,?,?)", (batch, source_format, to_ms(now)))


def make_live(db: Connection, batch: BatchId, source_format: str) -> None:
    """Let every staged entry of the batch be seen, all at once."""
    with db.transaction():
        db.execute(
            "UPDATE entry SET state=CASE WHEN deleted_ms IS NULL THEN ? ELSE ? END WHERE batch=? AND state=?",
            (LIVE, DELETED, batch, STAGED),
        )
        # Words that are on their way here stay what they are.
        db.execute(
            "INSERT OR IGNORE INTO draft (entry_id, saved_ms, digest, content)"
            " SELECT entry_id, saved_ms, digest, content FROM brought_draft WHERE batch=?",
            (batch,),
        )
        db.execute("UPDATE brought_draft SET content='' WHERE batch=?", (batch,))
        db.execute("UPDATE batch SET live=1, format=? WHERE id=?", (source_format, batch))


def name_file(db: Connection, entry_id: EntryId, position: int, name: MediaName, size_bytes: int, sha256: str) -> None:
    """The file at this place of a staged entry is kept under this name."""
    with db.transaction():
        db.execute(
            "UPDATE attachment SET media=?, size_bytes=?, sha256=?"
            " WHERE position=? AND entry_seq=(SELECT seq FROM entry WHERE id=?)",
            (name, size_bytes, sha256, position, entry_id),
        )


def has_drafts(db: Connection, batch: BatchId) -> bool:
    """Whether words on their way wait for this batch."""
    return db.value("SELECT 1 FROM brought_draft WHERE batch=? LIMIT 1", (batch,)) is not None


def known(
    db: Connection, source_format: str, original_ids: Iterable[str], prints: Iterable[str]
) -> tuple[set[str], set[str]]:
    """Which of these other-app ids and fingerprints belong to entries that are here and not deleted.

    What the same import has staged does not count: two equal entries of one source are told apart by their ids.
    """
    ids = {i for i in original_ids if i}
    found_ids = {
        i for i in ids if db.value("SELECT 1 FROM entry WHERE origin=? AND origin_id=? AND state=0", (source_format, i))
    }
    found_prints = {p for p in set(prints) if db.value("SELECT 1 FROM entry WHERE fingerprint=? AND state=0", (p,))}
    return found_ids, found_prints


def take_back(vault: Vault, batch: BatchId) -> Undone:
    """Remove the batch's entries and drafts that nobody has changed since. Raises BatchNotFound."""
    db = vault.connection
    with db.transaction():
        if db.value("SELECT 1 FROM batch WHERE id=? AND live=1", (batch,)) is None:
            raise BatchNotFound(batch)
        edited = int(db.value(f"SELECT count(*) FROM entry WHERE batch=? AND NOT {_AS_BROUGHT}", (batch,)))
        media = _media_of(db, f"batch=? AND {_AS_BROUGHT}", batch)
        db.execute(
            f"DELETE FROM draft WHERE entry_id IN (SELECT id FROM entry WHERE batch=? AND {_AS_BROUGHT})",
            (batch,),
        )
        db.execute(
            "DELETE FROM draft WHERE EXISTS (SELECT 1 FROM brought_draft b WHERE b.batch=?"
            " AND b.entry_id=draft.entry_id AND b.saved_ms=draft.saved_ms AND b.digest=draft.digest)",
            (batch,),
        )
        removed = db.execute(f"DELETE FROM entry WHERE batch=? AND {_AS_BROUGHT}", (batch,))
        db.execute("UPDATE entry SET batch=NULL WHERE batch=?", (batch,))
        db.execute("DELETE FROM batch WHERE id=?", (batch,))
        taken_on_purpose(db)
    _remove_unnamed(vault, media)
    return Undone(removed, edited)


def remove_staged(vault: Vault, batch: BatchId) -> None:
    """Forget a batch that was stopped or refused before it became live."""
    db = vault.connection
    with db.transaction():
        media = _media_of(db, "batch=? AND state=2", batch)
        db.execute("DELETE FROM entry WHERE batch=? AND state=2", (batch,))
        db.execute("DELETE FROM batch WHERE id=? AND live=0", (batch,))
        taken_on_purpose(db)
    _remove_unnamed(vault, media)


def remove_unfinished(vault: Vault) -> int:
    """Forget every batch that is not live; returns how many there were."""
    waiting = [BatchId(row[0]) for row in vault.connection.rows("SELECT id FROM batch WHERE live=0")]
    for batch in waiting:
        remove_staged(vault, batch)
    return len(waiting)


def _media_of(db: Connection, condition: str, batch: BatchId) -> set[MediaName]:
    rows = db.rows(
        "SELECT DISTINCT a.media FROM attachment a JOIN entry e ON e.seq=a.entry_seq"
        f" WHERE a.media<>'' AND e.{condition}",
        (batch,),
    )
    return {MediaName(row[0]) for row in rows}


def _remove_unnamed(vault: Vault, names: set[MediaName]) -> None:
    # After the commit: a crash in between leaves a file that no row names, never a row without its file.
    for name in names:
        if vault.connection.value("SELECT 1 FROM attachment WHERE media=?", (name,)) is None:
            vault.media.remove(name)
