"""Gives back the journal of a damaged vault: as it was where a digest proves it, else as near as can be, and named."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from companion.core.clock import Clock
from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.core.ids import EntryId, MediaName, new_id
from companion.journal.encoding import moment
from companion.journal.model import Content
from companion.journal.salvage_rows import (
    BEGINNING,
    OLDER,
    SLOTS,
    WHOLE,
    WITHOUT_LABELS,
    Candidate,
    DraftLeft,
    Remains,
    Version,
    drafts,
    files_may_be_missing,
)
from companion.journal.store import STAGED, EntryStore
from companion.vault.salvage.contract import Lost, MediaRescue, Rescued
from companion.vault.salvage.copying import insert

if TYPE_CHECKING:
    from companion.vault.connection import Connection
    from companion.vault.salvage.finds import Finds

_REASONS = {WITHOUT_LABELS: "labels", OLDER: "older-version", BEGINNING: "beginning"}
_UNKNOWN_TYPE: Final = "application/octet-stream"


class JournalRescuer:
    """Entries, labels, files, older versions and drafts (see `vault.salvage.contract.Rescuer`)."""

    tables = frozenset({"entry", "label", "attachment", "revision", "draft"})

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def rescue(self, finds: Finds, into: Connection, media: MediaRescue) -> Rescued:
        """Write every entry that is proved, and of the others what comes nearest."""
        return _Rescue(Remains(finds), into, media, self._clock.now()).run()

    def prove(self, db: Connection) -> bool:
        """Whether every entry, older version and draft in the new vault has its digest."""
        store = EntryStore(db)
        try:
            for (entry_id,) in db.rows("SELECT id FROM entry"):
                store.entry(EntryId(entry_id), include_deleted=True)
                store.revisions(EntryId(entry_id))
            store.drafts()
        except CompanionError:
            return False
        return True


class _Rescue:
    """One rescue on its way."""

    def __init__(self, remains: Remains, into: Connection, media: MediaRescue, now: datetime) -> None:
        self._remains = remains
        self._db = into
        self._store = EntryStore(into)
        self._media = media
        self._now = now
        self._result = Rescued(maybe_more=remains.maybe_more)
        self._drafts = {one.entry_id: one for one in drafts(remains.finds)}
        self._seen: set[int] = set()

    def run(self) -> Rescued:
        """Entries first, then what only their belongings tell of, then drafts and files without an owner."""
        for entry_id in self._remains.entry_ids():
            self._one(entry_id)
        for seq in self._remains.nameless(self._seen):
            self._seen.add(seq)
            self._without_row(None, seq)
        for seq in sorted(set(self._remains.files) - self._seen):
            self._files_of_lost(seq, _time_of(seq, None))
        for draft in self._drafts.values():
            self._draft(draft)
        if files_may_be_missing(self._remains.finds):
            self._result.maybe_more = True
            self._files_without_owner()
        return self._result

    # --- entries ---------------------------------------------------------

    def _one(self, entry_id: str) -> None:
        found = self._remains.candidates(entry_id)
        self._seen.update(one.seq for one in found)
        if any(one.row.get("state") == STAGED for one in found[:1]):
            return  # an import that was never finished
        best = found[0] if found else None
        if best is not None and best.proof in (WHOLE, WITHOUT_LABELS):
            self._put_row(entry_id, best)
            return
        seq = best.seq if best else self._remains.seq_of(entry_id)
        if seq is None:
            return
        self._seen.add(seq)
        version = self._remains.newest_version(seq)
        if best is not None and self._comes_nearest(best, version, entry_id):
            self._put_row(entry_id, best)
        else:
            self._without_row(entry_id, seq, best)

    def _comes_nearest(self, best: Candidate, version: Version | None, entry_id: str) -> bool:
        """Whether a row that is not the newest, or not all of it, is still the best that is left."""
        if best.proof == OLDER:
            return version is None or version.number < best.row.get("version", 0)
        draft = self._drafts.get(entry_id)
        return best.proof == BEGINNING and version is None and (draft is None or draft.content is None)

    def _put_row(self, entry_id: str, best: Candidate) -> None:
        """The row itself, with whatever of it had to change."""
        content = best.content
        if content is None:
            raise ValueError(best.proof)
        if best.proof == WHOLE:
            seq = self._free(best.seq)
            insert(self._db, "entry", {**best.row, "seq": seq})
            self._put_labels(seq, content)
            self._result.saved += 1
        else:
            created = moment(best.row["created_ms"], best.row["zone"])
            self._put_content(entry_id, content, created, best.row.get("version", 1))
            kept = {name: best.row.get(name) for name in ("state", "deleted_ms", "changed_ms", "origin", "origin_id")}
            self._change(entry_id, {name: value for name, value in kept.items() if value is not None})
            self._lose("entry", entry_id, content.at, _REASONS[best.proof])
        self._belongings(entry_id, best.seq, best.row.get("version", 1), content.at)

    def _without_row(self, entry_id: str | None, seq: int, best: Candidate | None = None) -> None:
        """The row is lost: its newest older version, else what was typed and not kept, else only its name."""
        at = _time_of(seq, best)
        version = self._remains.newest_version(seq)
        draft = self._drafts.get(entry_id or "")
        if version is not None:
            entry_id = entry_id or new_id()
            self._put_content(entry_id, version.content, moment(version.saved_ms, "UTC"), version.number)
            self._lose("entry", entry_id, at, "older-version")
            self._belongings(entry_id, seq, version.number, at)
        elif entry_id is not None and draft is not None and draft.content is not None:
            del self._drafts[entry_id]
            self._put_content(entry_id, draft.content, moment(draft.saved_ms, "UTC"), 1)
            self._lose("entry", entry_id, at, "draft")
            self._belongings(entry_id, seq, 0, at)
        else:
            self._lose("entry", entry_id, at, "unreadable")
            self._seen.discard(seq)  # its files come when all others have theirs

    def _put_content(self, entry_id: str, content: Content, when: datetime, version: int) -> None:
        self._store.insert(EntryId(entry_id), content, when)
        self._change(entry_id, {"version": max(version, 1)})

    def _change(self, entry_id: str, values: dict[str, Any]) -> None:
        changes = ", ".join(f"{name}=?" for name in values)
        self._db.execute(f"UPDATE entry SET {changes} WHERE id=?", (*values.values(), entry_id))

    def _free(self, seq: int) -> int:
        while self._db.value("SELECT 1 FROM entry WHERE seq=?", (seq,)):
            seq += 1
        return seq

    def _put_labels(self, seq: int, content: Content) -> None:
        for kind, names in (("tag", content.tags), ("person", content.people), ("feeling", content.feelings)):
            for position, name in enumerate(names, start=1):
                label = {"entry_seq": seq, "kind": kind, "position": position, "name": name}
                insert(self._db, "label", label)

    # --- what belongs to an entry ----------------------------------------

    def _belongings(self, entry_id: str, old_seq: int, version: int, at: datetime) -> None:
        seq = int(self._db.value("SELECT seq FROM entry WHERE id=?", (entry_id,)))
        versions = self._remains.versions.get(old_seq, {})
        for number, found in versions.items():
            if number < version:
                self._put_version(seq, found)
        for _number in self._missing_versions(old_seq, version):
            self._lose("version", entry_id, at, "unreadable")
        for position, row in sorted(self._remains.files.get(old_seq, {}).items()):
            self._put_file(seq, position, row, at)

    def _missing_versions(self, seq: int, version: int) -> set[int]:
        """Numbers of older versions that are known to have been there and cannot be read."""
        good = set(self._remains.versions.get(seq, ()))
        broken = {number for number in self._remains.versions_broken.get(seq, ()) if number < version}
        if self._remains.finds.is_whole("revision"):
            return broken
        lowest = min((*good, *broken, version - 1))
        return {number for number in range(max(lowest, 1), version) if number not in good}

    def _put_version(self, seq: int, version: Version) -> None:
        row = {
            "entry_seq": seq,
            "number": version.number,
            "saved_ms": version.saved_ms,
            "digest": version.digest,
            "content": version.raw,
        }
        self._result.saved += insert(self._db, "revision", row)

    def _put_file(self, seq: int, position: int, row: dict[str, Any], at: datetime | None) -> None:
        name = MediaName(row["media"])
        stored = self._media.take(name) if name else None
        if name and stored is None:
            self._lose("file", name, at, self._media.why_lost(name))
        if "sha256" not in row:
            if stored is None:
                return
            self._lose("file", name, at, "name")
            row = {
                "name": _("File {number}").format(number=position),
                "media_type": _UNKNOWN_TYPE,
                "size_bytes": stored.size_bytes,
                "sha256": stored.sha256,
            }
        media = stored.name if stored else ""
        insert(self._db, "attachment", {**row, "entry_seq": seq, "position": position, "media": media})

    def _files_of_lost(self, seq: int, at: datetime) -> None:
        """The entry is gone; its files are kept together under its day."""
        files = {
            position: row
            for position, row in self._remains.files.get(seq, {}).items()
            if row["media"] and self._media.is_untaken(MediaName(row["media"]))
        }
        if not files:
            return
        entry_id = new_id()
        self._put_content(entry_id, Content(at=at, title=_("Files of a note that was lost")), self._now, 1)
        new_seq = int(self._db.value("SELECT seq FROM entry WHERE id=?", (entry_id,)))
        for position, row in sorted(files.items()):
            self._put_file(new_seq, position, row, at)

    def _files_without_owner(self) -> None:
        names = list(self._media.untaken())
        taken = [(name, stored) for name in names if (stored := self._media.take(name)) is not None]
        for name in names:
            reason = "no-entry" if any(name == one for one, _stored in taken) else self._media.why_lost(name)
            self._lose("file", name, None, reason)
        if not taken:
            return
        entry_id = new_id()
        self._put_content(entry_id, Content(at=self._now, title=_("Files of notes that were lost")), self._now, 1)
        seq = int(self._db.value("SELECT seq FROM entry WHERE id=?", (entry_id,)))
        for position, (_name, stored) in enumerate(taken, start=1):
            row = {
                "entry_seq": seq,
                "position": position,
                "name": _("File {number}").format(number=position),
                "media_type": _UNKNOWN_TYPE,
                "size_bytes": stored.size_bytes,
                "sha256": stored.sha256,
                "media": stored.name,
            }
            insert(self._db, "attachment", row)

    # --- drafts ----------------------------------------------------------

    def _draft(self, draft: DraftLeft) -> None:
        at = moment(draft.saved_ms, "UTC")
        if draft.content is None:
            if not self._was_kept_since(draft):
                self._lose("draft", draft.entry_id, at, "unreadable")
            return
        self._store.put_draft(EntryId(draft.entry_id), draft.content, at)
        if draft.is_older:
            self._lose("draft", draft.entry_id, at, "older-version")
        else:
            self._result.saved += 1

    def _was_kept_since(self, draft: DraftLeft) -> bool:
        """An older page still tells of a draft that was kept since, or that was never there on whole pages."""
        changed = self._db.value("SELECT changed_ms FROM entry WHERE id=?", (draft.entry_id,))
        return changed is not None and int(changed) >= draft.saved_ms

    def _lose(self, kind: str, what: str | None, at: datetime | None, reason: str) -> None:
        self._result.lost.append(Lost(kind, what, at, reason))


def _time_of(seq: int, best: Candidate | None) -> datetime:
    if best is not None:
        at, zone = best.row.get("at_ms"), best.row.get("zone")
        if isinstance(at, int) and isinstance(zone, str):
            return moment(at, zone)
    return moment(seq // SLOTS, "UTC")
