"""Figure: a save that is on the disk against the same rows in plain SQLite in the same journal mode."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.measure import Figure, interleave, seconds
from benchmarks.plain import open_plain, plain_twin
from companion.core.clock import SystemClock
from companion.core.ids import EntryId, new_id
from companion.journal.encoding import fingerprint
from companion.journal.model import Content, count_words, excerpt, to_ms
from companion.journal.service import JournalService
from companion.vault.connection import Connection
from companion.vault.vault import Vault

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

GOAL = 1.35
_ENTRY = (
    "INSERT INTO entry (seq, id, at_ms, zone, day, created_ms, changed_ms, mood, words, fingerprint, digest,"
    " title, excerpt, labels, text) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_LIMIT = (
    "A save writes some 40 pages, in the journal and in the file, and each is encrypted and authenticated first;"
    " where the disk takes a save in under 2 ms, that alone is most of the goal's room (see parts)."
)
_LABEL = "INSERT INTO label (entry_seq, kind, position, name) VALUES (?, 'tag', ?, ?)"


def measure(entries: int, pairs: int) -> Figure:
    """New entries of about 230 words with two tags, each its own transaction, on copies of both databases."""
    folder = corpus.vault(entries)
    twin = plain_twin(folder)
    with tempfile.TemporaryDirectory(dir=corpus.CACHE) as place:
        shutil.copytree(folder, Path(place) / "ours.vault")
        shutil.copy(twin, Path(place) / "plain.db")
        clock = SystemClock()
        vault = Vault(Path(place) / "ours.vault", clock)
        vault.unlock(corpus.PASSPHRASE)
        plain = open_plain(Path(place) / "plain.db")
        try:
            journal = JournalService(vault, clock)
            made = _new_entries(3 * pairs + 5)
            fresh, others = made[: 2 * pairs + 5], made[2 * pairs + 5 :]

            def ours(n: int) -> float:
                return seconds(lambda: journal.save(EntryId(new_id()), fresh[n]))

            def baseline(n: int) -> float:
                row, labels = _rows(fresh[n])
                return seconds(lambda: _by_hand(plain, row, labels))

            def encrypted(n: int) -> float:
                row, labels = _rows(others[n])
                return seconds(lambda: _by_hand(vault.connection, row, labels))

            measured = interleave(ours, baseline, pairs, warm_up=5)
            cipher = interleave(encrypted, lambda n: baseline(n + pairs), pairs, warm_up=0)
        finally:
            vault.lock()
            plain.close()
    return Figure(
        name=f"durable save, {entries:,} entries",
        goal=GOAL,
        pairs=measured,
        ours_is="the journal's save of a new entry with two tags, until it is on the disk",
        baseline_is="the same rows, made ready beforehand, into plain SQLite; journal_mode DELETE, synchronous EXTRA",
        known_limit=_LIMIT,
        parts=(("the same rows by hand into the encrypted database", cipher.ratio),),
    )


def _new_entries(count: int) -> list[Content]:
    """Later than all of the corpus, so that they go where a person's newest entry goes."""
    return [
        Content(at=corpus.END + (corpus.END - old.at), text=old.text, mood=old.mood, tags=corpus.TAGS[:2])
        for old in reversed(list(corpus.contents(count, seed=7)))
    ]


def _rows(content: Content) -> tuple[tuple[object, ...], list[tuple[object, ...]]]:
    at_ms = to_ms(content.at)
    seq, day = at_ms * 4096, content.at.date().isoformat()
    digests = (fingerprint(content), content.digest())
    words = (content.title, excerpt(content.text), " ".join(content.tags), content.text)
    mood = content.mood and int(content.mood)
    row = (seq, new_id(), at_ms, "Europe/London", day, at_ms, at_ms, mood, count_words(content.text), *digests, *words)
    return row, [(seq, n, tag) for n, tag in enumerate(content.tags, start=1)]


def _by_hand(
    database: dbapi2.Connection | Connection, row: tuple[object, ...], labels: list[tuple[object, ...]]
) -> None:
    if isinstance(database, Connection):
        with database.transaction():
            database.execute(_ENTRY, row)
            database.executemany(_LABEL, labels)
        return
    database.execute("BEGIN IMMEDIATE")
    database.execute(_ENTRY, row)
    database.executemany(_LABEL, labels)
    database.execute("COMMIT")
