"""Finding entries by their words, newest first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from companion.core.ids import EntryId
from companion.journal.encoding import moment
from companion.journal.model import Found, Hit
from companion.journal.store import LIVE, STAGED

if TYPE_CHECKING:
    from companion.vault.connection import Connection

_MOST_TERMS = 12
_TERM = re.compile(r'"([^"]+)"|(\S+)')
_SNIPPET_WORDS = 18

# The table's own order is newest first, so the reading ends after `limit` hits however many there are.
_FIND = (
    "SELECT e.id, e.at_ms, e.zone, e.title,"
    f" snippet(entry_words, -1, char(2), char(3), '…', {_SNIPPET_WORDS})"
    " FROM entry_words JOIN entry e ON e.seq = entry_words.rowid"
    " WHERE entry_words MATCH ? AND e.state = ? ORDER BY entry_words.rowid DESC LIMIT ?"
)
_COUNT = (
    "SELECT (SELECT count(*) FROM entry_words WHERE entry_words MATCH ?), EXISTS (SELECT 1 FROM batch WHERE live = 0)"
)
_COUNT_STAGED = (
    "SELECT count(*) FROM entry_words JOIN entry e ON e.seq = entry_words.rowid"
    " WHERE entry_words MATCH ? AND e.state = ?"
)


def find(db: Connection, words: str, limit: int) -> Found:
    """Entries that hold every word (the last one as a beginning), or the "quoted phrase"."""
    query = match_query(words)
    if not query:
        return Found(0, ())
    rows: list[tuple[Any, ...]] = db.rows(_FIND, (query, LIVE, limit))
    total, has_staged = db.row(_COUNT, (query,)) or (0, 0)
    if has_staged:
        total -= int(db.value(_COUNT_STAGED, (query, STAGED)))
    hits = [Hit(EntryId(r[0]), moment(r[1], r[2]), r[3], r[4], float(n)) for n, r in enumerate(rows, start=1)]
    return Found(total, tuple(hits))


def match_query(words: str) -> str:
    """What the person typed as an FTS5 query in which nothing they type is an operator."""
    terms: list[str] = []
    pieces = list(_TERM.finditer(words))[:_MOST_TERMS]
    for n, piece in enumerate(pieces):
        phrase, word = piece.group(1), piece.group(2)
        plain = (phrase or word).replace('"', " ").replace("\0", " ").strip()
        if not re.search(r"\w", plain):
            continue
        is_last_word = phrase is None and n == len(pieces) - 1 and not words[-1:].isspace()
        terms.append(f'"{plain}"' + ("*" if is_last_word and not plain.endswith("*") else ""))
    return " AND ".join(terms)
