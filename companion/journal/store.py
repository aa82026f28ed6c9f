"""How entries are kept: rows in, models out; the service owns every transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from companion.core.errors import EntryNotFound, VaultDamaged
from companion.core.ids import EntryId
from companion.journal.encoding import content_from_text, content_to_text, fingerprint, moment
from companion.journal.model import (
    Attachment,
    Content,
    Draft,
    Energy,
    Entry,
    Filter,
    Mood,
    Page,
    Source,
    Summary,
    count_words,
    excerpt,
    to_ms,
    zone_text,
)

if TYPE_CHECKING:
    from companion.vault.connection import Connection

LIVE, DELETED, STAGED = 0, 1, 2
KEPT_REVISIONS: Final = 20
_SLOTS = 4096
_LABEL_KINDS = (("tag", "tags"), ("person", "people"), ("feeling", "feelings"))

_SUMMARY = (
    "seq, id, at_ms, zone, title, excerpt, mood, energy, words, heavy,"
    " (SELECT count(*) FROM attachment a WHERE a.entry_seq = e.seq)"
)
_ENTRY = (
    "seq, id, at_ms, zone, created_ms, changed_ms, deleted_ms, mood, energy, heavy,"
    " origin, origin_id, digest, title, text, version"
)
_DRAFT = "entry_id, saved_ms, content, digest"
_REVISIONS = "SELECT count(*), coalesce(max(number), 0) FROM revision WHERE entry_seq=?"
_INSERT = (
    "INSERT INTO entry (seq, id, state, at_ms, zone, day, created_ms, changed_ms, mood, energy, heavy, words,"
    " batch, origin, origin_id, fingerprint, digest, title, excerpt, labels, text)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_STORED = "SELECT (SELECT digest FROM entry WHERE id=?), (SELECT max(seq) FROM entry WHERE seq >= ? AND seq < ?)"
_INSERT_LABEL = "INSERT INTO label (entry_seq, kind, position, name) VALUES (?,?,?,?)"
_UPDATE = (
    "UPDATE entry SET seq=?, at_ms=?, zone=?, day=?, changed_ms=?, mood=?, energy=?, heavy=?, words=?,"
    " fingerprint=?, digest=?, version=?, title=?, excerpt=?, labels=?, text=? WHERE id=?"
)


class EntryStore:
    """Reads and writes entries over one open connection; never commits."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    # --- reading ---------------------------------------------------------

    def entry(self, entry_id: EntryId, *, include_deleted: bool = False) -> Entry:
        """The whole entry. Raises EntryNotFound; VaultDamaged where its text is not the text that was saved last."""
        row = self._db.row(f"SELECT {_ENTRY}, state FROM entry WHERE id=?", (entry_id,))
        if row is None or row[16] == STAGED or (row[16] == DELETED and not include_deleted):
            raise EntryNotFound(entry_id)
        content = _whole(lambda: self._content(row), row[12], "entry-digest")
        revisions, newest = self._db.row(_REVISIONS, (row[0],)) or (0, 0)
        if row[15] <= newest:
            raise VaultDamaged("entry-older")
        return Entry(
            id=EntryId(row[1]),
            content=content,
            created_at=moment(row[4], row[3]),
            changed_at=moment(row[5], row[3]),
            attachments=self._attachments(row[0]),
            source=Source(row[10], row[11] or "") if row[10] else None,
            revisions=revisions + 1,
            deleted_at=moment(row[6], row[3]) if row[6] is not None else None,
        )

    def exists(self, entry_id: EntryId) -> bool:
        """Whether an entry with this id was ever saved."""
        return self._db.value("SELECT 1 FROM entry WHERE id=?", (entry_id,)) is not None

    def content_of(self, entry_id: EntryId) -> tuple[Content, str]:
        """What is stored for this entry, with the digest it was stored under."""
        row = self._db.row(f"SELECT {_ENTRY} FROM entry WHERE id=?", (entry_id,))
        if row is None:
            raise EntryNotFound(entry_id)
        return self._content(row), row[12]

    def page(self, wanted: Filter, after: int | None, limit: int, state: int = LIVE) -> Page:
        """Newest first, beginning behind the key `after`."""
        where, params = _conditions(wanted, state)
        if after is not None:
            where.append("e.seq < ?")
            params.append(after)
        source = "entry e"
        if wanted.tag is not None:
            source = "label l CROSS JOIN entry e ON e.seq = l.entry_seq"
        rows = self._db.rows(
            f"SELECT {_SUMMARY} FROM {source} WHERE {' AND '.join(where)} ORDER BY e.seq DESC LIMIT ?",
            (*params, limit + 1),
        )
        shown = rows[:limit]
        more = str(shown[-1][0]) if len(rows) > limit else None
        return Page(tuple(self.summaries(shown)), more)

    def count(self, wanted: Filter, state: int = LIVE) -> int:
        """How many entries the filter lets through."""
        where, params = _conditions(wanted, state)
        source = "entry e" if wanted.tag is None else "label l CROSS JOIN entry e ON e.seq = l.entry_seq"
        return int(self._db.value(f"SELECT count(*) FROM {source} WHERE {' AND '.join(where)}", params))

    def summaries(self, rows: Sequence[tuple[Any, ...]]) -> list[Summary]:
        """Rows of a list with their tags, read in one further question."""
        tags = self._tags([row[0] for row in rows])
        return [
            Summary(
                id=EntryId(row[1]),
                at=moment(row[2], row[3]),
                title=row[4],
                excerpt=row[5],
                mood=Mood(row[6]) if row[6] else None,
                energy=Energy(row[7]) if row[7] else None,
                tags=tuple(tags.get(row[0], ())),
                words=row[8],
                heavy=bool(row[9]),
                attachments=row[10],
            )
            for row in rows
        ]

    def revisions(self, entry_id: EntryId) -> list[tuple[datetime, Content]]:
        """Older versions, newest first, each with the time it was saved. Raises VaultDamaged."""
        rows = self._db.rows(
            "SELECT r.saved_ms, r.content, e.zone, r.digest FROM revision r JOIN entry e ON e.seq = r.entry_seq"
            " WHERE e.id=? ORDER BY r.number DESC",
            (entry_id,),
        )
        return [(moment(row[0], row[2]), _from_text(row[1], row[3], "revision-digest")) for row in rows]

    # --- writing ---------------------------------------------------------

    def save(self, entry_id: EntryId, content: Content, now: datetime) -> None:
        """Add the entry, or change it where it says something else now; its draft goes."""
        first = to_ms(content.at) * _SLOTS
        stored, taken = self._db.row(_STORED, (entry_id, first, first + _SLOTS)) or (None, None)
        if stored is None:
            self.insert(entry_id, content, now, seq=self._next_free(taken) if taken else first)
        elif stored != content.digest():
            self.update(entry_id, content, now)
        self.remove_draft(entry_id)

    def insert(
        self,
        entry_id: EntryId,
        content: Content,
        now: datetime,
        *,
        state: int = LIVE,
        batch: str | None = None,
        source: Source | None = None,
        attachments: Iterable[Attachment] = (),
        seq: int | None = None,
    ) -> None:
        """Add a new entry with its labels and files; `seq` is its place where that is known already."""
        seq = self._free_seq(content.at) if seq is None else seq
        now_ms, at_ms = to_ms(now), to_ms(content.at)
        self._db.execute(
            _INSERT,
            (
                seq,
                entry_id,
                state,
                at_ms,
                zone_text(content.at),
                content.at.date().isoformat(),
                now_ms,
                now_ms,
                content.mood and int(content.mood),
                content.energy and int(content.energy),
                int(content.heavy),
                count_words(content.text),
                batch,
                source.format if source else None,
                source.original_id if source else None,
                fingerprint(content),
                content.digest(),
                content.title,
                excerpt(content.text),
                _label_text(content),
                content.text,
            ),
        )
        self._put_labels(seq, content)
        for n, a in enumerate(attachments, start=1):
            file = (seq, n, a.name, a.media_type, a.size_bytes, a.sha256, a.media)
            self._db.execute("INSERT INTO attachment VALUES (?,?,?,?,?,?,?)", file)

    def update(self, entry_id: EntryId, content: Content, now: datetime) -> None:
        """Replace what the entry says; what it said becomes the newest older version."""
        old, old_digest = self.content_of(entry_id)
        seq, changed_ms = self._db.row("SELECT seq, changed_ms FROM entry WHERE id=?", (entry_id,)) or (0, 0)
        _, newest = self._db.row(_REVISIONS, (seq,)) or (0, 0)
        self._db.execute(
            "INSERT INTO revision (entry_seq, number, saved_ms, digest, content) VALUES (?,?,?,?,?)",
            (seq, newest + 1, changed_ms, old_digest, content_to_text(old)),
        )
        self._db.execute(
            "DELETE FROM revision WHERE entry_seq=? AND number <= ?",
            (seq, newest + 1 - KEPT_REVISIONS),
        )
        new_seq = seq if to_ms(old.at) == to_ms(content.at) else self._free_seq(content.at)
        self._db.execute(
            _UPDATE,
            (
                new_seq,
                to_ms(content.at),
                zone_text(content.at),
                content.at.date().isoformat(),
                to_ms(now),
                content.mood and int(content.mood),
                content.energy and int(content.energy),
                int(content.heavy),
                count_words(content.text),
                fingerprint(content),
                content.digest(),
                newest + 2,
                content.title,
                excerpt(content.text),
                _label_text(content),
                content.text,
                entry_id,
            ),
        )
        self._db.execute("DELETE FROM label WHERE entry_seq=?", (new_seq,))
        self._put_labels(new_seq, content)

    def set_deleted(self, entry_id: EntryId, when: datetime | None) -> None:
        """Mark as deleted at `when`, or bring back with None. Raises EntryNotFound."""
        state, was = (DELETED, LIVE) if when else (LIVE, DELETED)
        changed = self._db.execute(
            "UPDATE entry SET state=?, deleted_ms=? WHERE id=? AND state=?",
            (state, to_ms(when) if when else None, entry_id, was),
        )
        if not changed:
            raise EntryNotFound(entry_id)

    # --- drafts ----------------------------------------------------------

    def put_draft(self, entry_id: EntryId, content: Content, now: datetime) -> None:
        """Overwrite the one draft of this entry."""
        self._db.execute(
            "INSERT OR REPLACE INTO draft (entry_id, saved_ms, digest, content) VALUES (?,?,?,?)",
            (entry_id, to_ms(now), content.digest(), content_to_text(content)),
        )

    def remove_draft(self, entry_id: EntryId) -> None:
        """Forget the draft of this entry, if there is one."""
        self._db.execute("DELETE FROM draft WHERE entry_id=?", (entry_id,))

    def drafts(self) -> list[Draft]:
        """All drafts, newest first. Raises VaultDamaged where one of them is not what was saved last."""
        rows = self._db.rows(f"SELECT {_DRAFT} FROM draft NOT INDEXED ORDER BY saved_ms DESC")
        return self._newest(rows, self._db.rows("SELECT entry_id, saved_ms FROM draft INDEXED BY draft_by_time"))

    def draft(self, entry_id: EntryId) -> Draft | None:
        """The draft of this entry, or None where there is none. Raises VaultDamaged like `drafts`."""
        rows = self._db.rows(f"SELECT {_DRAFT} FROM draft WHERE entry_id=?", (entry_id,))
        known = self._db.rows(
            "SELECT entry_id, saved_ms FROM draft INDEXED BY draft_by_time WHERE entry_id=?", (entry_id,)
        )
        found = self._newest(rows, known)
        return found[0] if found else None

    def _newest(self, rows: Sequence[tuple[Any, ...]], known: Sequence[tuple[Any, ...]]) -> list[Draft]:
        """The rows as drafts, unless the index on another page knows a newer one."""
        there = {row[0]: row[1] for row in rows}
        if any(there.get(entry_id, saved_ms - 1) < saved_ms for entry_id, saved_ms in known):
            raise VaultDamaged("draft-older")
        return [self._draft(row) for row in rows]

    @staticmethod
    def _draft(row: tuple[Any, ...]) -> Draft:
        content = _from_text(row[2], row[3], "draft-digest")
        return Draft(EntryId(row[0]), content, moment(row[1], zone_text(content.at)))

    # --- inside ----------------------------------------------------------

    def _content(self, row: tuple[Any, ...]) -> Content:
        names: dict[str, list[str]] = {kind: [] for kind, _ in _LABEL_KINDS}
        for kind, name in self._db.rows(
            "SELECT kind, name FROM label WHERE entry_seq=? ORDER BY kind, position", (row[0],)
        ):
            names[kind].append(name)
        return Content(
            at=moment(row[2], row[3]),
            title=row[13],
            text=row[14],
            mood=Mood(row[7]) if row[7] else None,
            energy=Energy(row[8]) if row[8] else None,
            feelings=tuple(names["feeling"]),
            tags=tuple(names["tag"]),
            people=tuple(names["person"]),
            heavy=bool(row[9]),
        )

    def _attachments(self, seq: int) -> tuple[Attachment, ...]:
        rows = self._db.rows(
            "SELECT name, media_type, size_bytes, sha256, media FROM attachment WHERE entry_seq=? ORDER BY position",
            (seq,),
        )
        return tuple(Attachment(*row) for row in rows)

    def _tags(self, seqs: list[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for start in range(0, len(seqs), 500):
            part = seqs[start : start + 500]
            marks = ",".join("?" * len(part))
            for seq, name in self._db.rows(
                f"SELECT entry_seq, name FROM label WHERE kind='tag' AND entry_seq IN ({marks})"
                " ORDER BY entry_seq, position",
                part,
            ):
                found.setdefault(seq, []).append(name)
        return found

    def _put_labels(self, seq: int, content: Content) -> None:
        # One by one: for many at once a savepoint is needed, and at each the search index writes what it holds.
        for kind, field in _LABEL_KINDS:
            for n, name in enumerate(getattr(content, field), start=1):
                self._db.execute(_INSERT_LABEL, (seq, kind, n, name))

    def _free_seq(self, at: datetime) -> int:
        first = to_ms(at) * _SLOTS
        taken = self._db.value("SELECT max(seq) FROM entry WHERE seq >= ? AND seq < ?", (first, first + _SLOTS))
        return first if taken is None else self._next_free(taken)

    def _next_free(self, taken: int) -> int:
        seq = taken + 1
        # A full millisecond (an import that gave 4,096 entries one time) runs over into the next.
        while self._db.value("SELECT 1 FROM entry WHERE seq=?", (seq,)):
            seq += 1
        return seq


def _whole(read: Callable[[], Content], digest: str, reason: str) -> Content:
    """What is read, unless it is not what was saved under this digest. Raises VaultDamaged with the reason."""
    try:
        content = read()
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise VaultDamaged(reason) from error
    if content.digest() != digest:
        raise VaultDamaged(reason)
    return content


def _from_text(raw: str, digest: str, reason: str) -> Content:
    return _whole(lambda: content_from_text(raw), digest, reason)


def _label_text(content: Content) -> str:
    return " ".join((*content.tags, *content.people, *content.feelings))


def _conditions(wanted: Filter, state: int) -> tuple[list[str], list[Any]]:
    where = ["e.state = ?"]
    params: list[Any] = [state]
    if wanted.first_day:
        where.append("e.day >= ?")
        params.append(wanted.first_day)
    if wanted.last_day:
        where.append("e.day <= ?")
        params.append(wanted.last_day)
    if wanted.mood is not None:
        where.append("e.mood = ?")
        params.append(int(wanted.mood))
    if wanted.tag is not None:
        where.append("l.kind = 'tag' AND l.name = ?")
        params.append(wanted.tag)
    return where, params
