"""Figure: a warm search for words against plain SQLite with the same schema, rows and library."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from benchmarks import corpus
from benchmarks.measure import Figure, interleave, seconds
from benchmarks.plain import open_plain, plain_twin
from companion.core.clock import SystemClock
from companion.journal.search import match_query
from companion.journal.service import JournalService
from companion.vault.connection import Connection
from companion.vault.vault import Vault

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

GOAL = 1.1
LIMIT = 50
# What anyone would write for this question; the words a person typed become the same query on both sides.
_FIND = (
    "SELECT e.id, e.at_ms, e.zone, e.title, snippet(entry_words, -1, char(2), char(3), '…', 18)"
    " FROM entry_words JOIN entry e ON e.seq = entry_words.rowid"
    " WHERE entry_words MATCH ? AND e.state = 0 ORDER BY entry_words.rowid DESC LIMIT ?"
)
_LIMIT = (
    "The database answers about as fast encrypted as plain (see parts); the rest is Python making 50 typed results,"
    " 0.15 ms however big the journal, which weighs most where the answer itself takes under a millisecond."
)
_COUNT = "SELECT count(*) FROM entry_words WHERE entry_words MATCH ?"


def searches() -> dict[str, str]:
    """What is searched for, by what makes it hard."""
    words = corpus.vocabulary()
    return {
        "3 entries": corpus.RARE_WORD,
        "1 in 100": corpus.HUNDREDTH_WORD,
        "about 1 in 3": words[60] + " ",
        "nearly all": words[0] + " ",
        "two words": f"{words[120]} {words[300]} ",
        "a beginning": words[900][:3],
    }


def measure(entries: int, pairs: int) -> Figure:
    """Ours through the journal service, the baseline by hand; `pairs` for each kind of search."""
    folder = corpus.vault(entries)
    plain = open_plain(plain_twin(folder))
    vault = Vault(folder, SystemClock())
    vault.unlock(corpus.PASSPHRASE)
    try:
        journal = JournalService(vault, SystemClock())
        kinds = list(searches().items())
        for _, words in kinds:
            _require_same(journal, plain, words)

        def ours(n: int) -> float:
            return seconds(lambda: journal.search(kinds[n % len(kinds)][1], LIMIT))

        def baseline(n: int) -> float:
            query = match_query(kinds[n % len(kinds)][1])
            return seconds(lambda: _by_hand(plain, query))

        def encrypted(n: int) -> float:
            query = match_query(kinds[n % len(kinds)][1])
            return seconds(lambda: _by_hand(vault.connection, query))

        measured = interleave(ours, baseline, pairs * len(kinds), warm_up=2 * len(kinds))
        cipher = interleave(encrypted, baseline, pairs * len(kinds), warm_up=len(kinds))
    finally:
        vault.lock()
        plain.close()
    parts = [(kind, statistics.median(measured.ratios[n :: len(kinds)])) for n, (kind, _) in enumerate(kinds)]
    parts.append(("the same questions by hand to the encrypted database", cipher.ratio))
    return Figure(
        name=f"search, warm, {entries:,} entries",
        goal=GOAL,
        pairs=measured,
        ours_is="the journal's search: newest 50 with snippets, and how many there are in all",
        baseline_is="the same question to a plain SQLite database of the same rows, schema, settings and library",
        known_limit=_LIMIT,
        parts=tuple(parts),
    )


def _by_hand(database: dbapi2.Connection | Connection, query: str) -> tuple[list[Any], int]:
    if isinstance(database, Connection):
        return database.rows(_FIND, (query, LIMIT)), database.rows(_COUNT, (query,))[0][0]
    return database.execute(_FIND, (query, LIMIT)).fetchall(), database.execute(_COUNT, (query,)).fetchall()[0][0]


def _require_same(journal: JournalService, plain: dbapi2.Connection, words: str) -> None:
    found = journal.search(words, LIMIT)
    rows, total = _by_hand(plain, match_query(words))
    if [hit.id for hit in found.hits] != [row[0] for row in rows] or found.total != total or not total:
        raise RuntimeError(f"the two sides of the search for {words!r} do not find the same")
