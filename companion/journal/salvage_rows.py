"""What is left of a journal in a damaged vault, and which of it is proved: rows in, judged candidates out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from companion.journal.encoding import content_from_text, fingerprint, moment
from companion.journal.model import Content, Energy, Mood
from companion.vault.salvage.records import Gone

if TYPE_CHECKING:
    from companion.vault.salvage.finds import Finds, FoundRow

SLOTS: Final = 4096  # entry.seq is milliseconds times this, plus a running number
_ID_LENGTH = 26
_IDS, _LABELS_BY_NAME, _DRAFT_TIMES, _FILES = (
    "sqlite_autoindex_entry_1", "label_by_name", "draft_by_time", "attachment_by_media",
)  # fmt: skip
_KINDS = {"tag": "tags", "person": "people", "feeling": "feelings"}
_NO_TIME = 1 << 20

WHOLE, WITHOUT_LABELS, OLDER, BEGINNING, NOTHING = 4, 3, 2, 1, 0

Labels = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Version:
    """An older version whose digest is right."""

    number: int
    saved_ms: int
    digest: str
    raw: str
    content: Content


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one row says about an entry, and how far that is proved (`WHOLE` down to `NOTHING`)."""

    proof: int
    seq: int
    row: dict[str, Any]
    content: Content | None

    @property
    def order(self) -> tuple[int, int, int]:
        """The better proved, then the newer one, is the greater."""
        return self.proof, int(self.row.get("version") or 0), int(self.row.get("changed_ms") or 0)


class Remains:
    """Everything of a journal that a readable page holds."""

    def __init__(self, finds: Finds) -> None:
        self.finds = finds
        self._labels = [_labels(finds.rows("label")), _labels(finds.rows(_LABELS_BY_NAME))]
        self.ids = dict(_ids(finds))
        self.versions, self.versions_broken = _versions(finds)
        self._rows = self._entry_rows()
        self.files = _files(finds)

    def entry_ids(self) -> list[str]:
        """Every entry that is known to have been there, by id, in no order."""
        return list({**self._rows, **self.ids})

    def seq_of(self, entry_id: str) -> int | None:
        """The entry's number, from the index where its row is lost."""
        return self.ids.get(entry_id)

    def nameless(self, known: set[int]) -> list[int]:
        """Numbers of entries that only what belonged to them tells of."""
        if self.finds.is_whole("entry") or self.finds.is_whole(_IDS):
            return []
        told = {*self.versions, *self.files, *self._labels[0], *self._labels[1]}
        return sorted(told - known - set(self.ids.values()))

    def candidates(self, entry_id: str) -> list[Candidate]:
        """Each row of this entry, judged; the best one first."""
        return sorted(map(self._judged, self._rows.get(entry_id, ())), key=lambda one: one.order, reverse=True)

    def newest_version(self, seq: int) -> Version | None:
        """The newest older version whose digest is right."""
        found = self.versions.get(seq)
        return found[max(found)] if found else None

    @property
    def maybe_more(self) -> bool:
        """Whether an entry or draft may have been there of which nothing tells any more."""
        finds = self.finds
        entries = finds.is_whole("entry") or finds.is_whole(_IDS)
        return not (entries and (finds.is_whole("draft") or finds.is_whole(_DRAFT_TIMES)))

    # --- judging ---------------------------------------------------------

    def _entry_rows(self) -> dict[str, list[FoundRow]]:
        rows: dict[str, list[FoundRow]] = defaultdict(list)
        for found in self.finds.rows("entry"):
            if isinstance(found.values.get("id"), str):
                rows[found.values["id"]].append(found)
        reached = {entry_id for entry_id, found in rows.items() if any(one.reached for one in found)}
        if self.finds.is_whole(_IDS) and reached <= set(self.ids):
            # What only a lone page holds and the index does not know was deleted for good since.
            return {entry_id: found for entry_id, found in rows.items() if entry_id in self.ids}
        return rows

    def _judged(self, found: FoundRow) -> Candidate:
        row, seq = found.values, found.values["seq"]
        known = {name: value for name, value in row.items() if not isinstance(value, Gone)}
        versions = self.versions.get(seq)
        is_newest = isinstance(row.get("version"), int) and row["version"] > (max(versions) if versions else 0)
        if not found.whole:
            content = self._beginning(row, seq)
            proof = BEGINNING if content is not None and is_newest else NOTHING
            return Candidate(proof, seq, known, content if proof else None)
        tried = [content for labels in self._label_sets(seq) if (content := _content(row, labels)) is not None]
        for content in tried:
            if content.digest() == row["digest"]:
                return Candidate(WHOLE if is_newest else OLDER, seq, known, content)
        if not tried or fingerprint(tried[-1]) != row["fingerprint"]:
            return Candidate(NOTHING, seq, known, None)
        return Candidate(WITHOUT_LABELS if is_newest else OLDER, seq, known, tried[-1])

    def _beginning(self, row: dict[str, Any], seq: int) -> Content | None:
        cut = row.get("text")
        if not isinstance(cut, Gone) or not cut.beginning.strip():
            return None
        return _content({**row, "text": cut.beginning.rstrip() + "\n\n[…]"}, list(self._label_sets(seq))[-1])

    def _label_sets(self, seq: int) -> Iterator[Labels]:
        """The labels as the table, the index, and both together have them; the digest knows which is right."""
        table, index = (labels.get(seq, {}) for labels in self._labels)
        yield table
        if index != table:
            yield index
            yield table | index
            yield index | table


def _content(row: dict[str, Any], labels: Labels) -> Content | None:
    names: dict[str, list[str]] = {field: [] for field in _KINDS.values()}
    for (kind, _position), name in sorted(labels.items()):
        if kind in _KINDS:
            names[_KINDS[kind]].append(name)
    try:
        return Content(
            at=moment(row["at_ms"], row["zone"]),
            title=row["title"],
            text=row["text"],
            mood=Mood(row["mood"]) if row["mood"] else None,
            energy=Energy(row["energy"]) if row["energy"] else None,
            feelings=tuple(names["feelings"]),
            tags=tuple(names["tags"]),
            people=tuple(names["people"]),
            heavy=bool(row["heavy"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return None


def content_proved(raw: Any, digest: Any) -> Content | None:
    """The content of a draft or older version, where its digest is right."""
    try:
        content = content_from_text(raw)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return None
    return content if content.digest() == digest else None


def _labels(rows: Iterator[FoundRow]) -> dict[int, Labels]:
    found: dict[int, Labels] = defaultdict(dict)
    for row in sorted((row for row in rows if row.whole), key=lambda row: row.reached):
        values = row.values
        found[values["entry_seq"]][values["kind"], values["position"]] = values["name"]
    return found


def _ids(finds: Finds) -> Iterator[tuple[str, int]]:
    for row in sorted(finds.rows(_IDS), key=lambda row: row.reached):
        entry_id, seq = row.values["id"], row.values["seq"]
        # Other indexes look the same inside; their names are longer and their numbers small.
        if row.whole and (row.reached or (len(entry_id) == _ID_LENGTH and not 0 <= seq < _NO_TIME)):
            yield entry_id, seq


def _versions(finds: Finds) -> tuple[dict[int, dict[int, Version]], dict[int, set[int]]]:
    """Older versions by entry and number: those that are proved, and the numbers of those that are not."""
    good: dict[int, dict[int, Version]] = defaultdict(dict)
    broken: dict[int, set[int]] = defaultdict(set)
    for row in finds.rows("revision"):
        seq, number = row.values["entry_seq"], row.values["number"]
        content = content_proved(row.values.get("content"), row.values.get("digest")) if row.whole else None
        if content is None:
            broken[seq].add(number)
        elif row.reached or number not in good[seq]:
            values = row.values
            good[seq][number] = Version(number, values["saved_ms"], values["digest"], values["content"], content)
    return (
        {seq: found for seq, found in good.items() if found},
        {seq: numbers - set(good.get(seq, ())) for seq, numbers in broken.items()},
    )


def _files(finds: Finds) -> dict[int, dict[int, dict[str, Any]]]:
    """Rows of attached files by entry and place; without a name where only the index tells of them."""
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    named: dict[str, dict[str, Any]] = {}
    for row in sorted(finds.rows("attachment"), key=lambda row: row.reached):
        if row.whole:
            found[row.values["entry_seq"]][row.values["position"]] = row.values
            named[row.values["media"]] = row.values
    for row in finds.rows(_FILES):
        # An entry's number changes with its time, and an older page may still tell of the former one.
        media, seq, position = (row.values[name] for name in ("media", "entry_seq", "position"))
        if row.whole and position not in found.get(seq, {}):
            found[seq][position] = named.get(media, {}) | row.values
    return found


def files_may_be_missing(finds: Finds) -> bool:
    """Whether a file may belong to an entry without any row that says so."""
    return not (finds.is_whole("attachment") or finds.is_whole(_FILES))


@dataclass(frozen=True, slots=True)
class DraftLeft:
    """A draft: its content where that is proved, and whether a newer one was saved after it."""

    entry_id: str
    saved_ms: int
    content: Content | None
    is_older: bool = False


def drafts(finds: Finds) -> list[DraftLeft]:
    """Every draft that is known to have been there, the newest of each."""
    best: dict[str, DraftLeft] = {}
    for row in finds.rows("draft"):
        values = row.values
        entry_id, saved = values["entry_id"], values["saved_ms"]
        if isinstance(entry_id, Gone) or isinstance(saved, Gone):
            continue
        content = content_proved(values.get("content"), values.get("digest")) if row.whole else None
        one, known = DraftLeft(entry_id, saved, content), best.get(entry_id)
        if known is None or (content is not None, saved) > (known.content is not None, known.saved_ms):
            best[entry_id] = one
    for row in finds.rows(_DRAFT_TIMES):
        entry_id, saved = row.values["entry_id"], row.values["saved_ms"]
        if not row.whole or (not row.reached and len(entry_id) != _ID_LENGTH):
            continue
        known = best.get(entry_id)
        if known is None:
            best[entry_id] = DraftLeft(entry_id, saved, None)
        elif saved > known.saved_ms:
            best[entry_id] = replace(known, is_older=True)
    return list(best.values())
