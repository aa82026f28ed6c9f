"""Bringing another journal in: read in a child process, staged, made live in one step, taken back in one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from companion.core.clock import Clock
from companion.core.errors import AttachmentDamaged, CompanionError, InputRefused, NotEnoughRoom
from companion.core.ids import BatchId, EntryId, new_id
from companion.core.room import free_bytes
from companion.core.stopping import StopSwitch
from companion.journal import batches
from companion.journal.encoding import fingerprint
from companion.journal.import_room import FreeBytes, ImportRoom, size_of_entry
from companion.journal.importers.records import ImportedEntry
from companion.journal.model import (
    Attachment,
    Content,
    ImportReport,
    Refusal,
    Summary,
    Undone,
    count_words,
    excerpt,
)
from companion.journal.own_format import Restored, content_of, source_of
from companion.journal.reading import Batch, MediaStream, Reading
from companion.journal.reading import Summary as Ended
from companion.journal.store import STAGED, EntryStore

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from companion.vault.vault import Vault

T = TypeVar("T")
Progress = Callable[[int, int], None]
PREVIEW_ROWS = 200


class OnVault(Protocol):
    """Runs a job on the thread that owns the vault and gives back what it returned."""

    def __call__(self, job: Callable[[], T], /) -> T:
        """Run it and wait."""


def _here(job: Callable[[], T], /) -> T:
    return job()


@dataclass(frozen=True, slots=True)
class _Incoming:
    """An entry that is not here yet, with the number the reader gave it."""

    number: int
    id: EntryId
    content: Content
    entry: ImportedEntry
    attachments: tuple[Attachment, ...]

    @property
    def original_id(self) -> str:
        return self.entry.original_id


@dataclass(slots=True)
class _Tally:
    """What was met so far."""

    new: int = 0
    new_bytes: int = 0
    duplicates: int = 0
    refused: list[Refusal] = field(default_factory=list)
    first_day: str | None = None
    last_day: str | None = None
    preview: list[Summary] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    is_copied: bool = False
    restored: Restored | None = None

    def note_day(self, content: Content) -> None:
        day = content.at.date().isoformat()
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)

    def report(self, ended: Ended, batch: BatchId | None) -> ImportReport:
        return ImportReport(
            format=ended.format,
            found=ended.found,
            new=self.new,
            duplicates=self.duplicates,
            refused=tuple(self.refused),
            attachments_found=ended.attachments_found,
            attachments_missing=ended.attachments_missing,
            other=ended.other,
            batch=batch,
            first_day=self.first_day,
            last_day=self.last_day,
            preview=tuple(self.preview),
        )


class Importing:
    """Looks at a foreign journal, brings it in, takes it back.

    `preview` and `bring_in` may run on any thread: they reach the vault only
    through `on_vault`, a batch of at most 100 rows at a time, so that a save
    never waits behind a whole journal. Files are encrypted on the calling thread.
    """

    def __init__(self, vault: Vault, clock: Clock, free: FreeBytes = free_bytes) -> None:
        self._vault = vault
        self._clock = clock
        self._room = ImportRoom(vault.folder, free)

    def preview(
        self,
        path: Path,
        wanted: str | None = None,
        *,
        progress: Progress | None = None,
        stop: StopSwitch | None = None,
        on_vault: OnVault = _here,
    ) -> ImportReport:
        """What would come in, and whether the disk has room for it; writes nothing. Raises InputRefused, Stopped."""
        return self._read(path, wanted, None, progress, stop or StopSwitch(), on_vault)

    def bring_in(
        self,
        path: Path,
        wanted: str | None = None,
        *,
        progress: Progress | None = None,
        stop: StopSwitch | None = None,
        on_vault: OnVault = _here,
    ) -> ImportReport:
        """Bring everything new in, all or none, after a proved copy.

        Raises NotEnoughRoom before anything is written, InputRefused, Stopped, StorageTrouble.
        """
        stop = stop or StopSwitch()
        if not self._room.is_plenty(path):
            looked = self._read(path, wanted, None, None, stop, on_vault)
            if looked.no_room is not None:
                raise looked.no_room
        batch = BatchId(new_id())
        on_vault(partial(self._begin, batch))
        try:
            report = self._read(path, wanted, batch, progress, stop, on_vault)
            if report.new == 0 and not on_vault(partial(batches.has_drafts, self._vault.connection, batch)):
                on_vault(partial(batches.remove_staged, self._vault, batch))
                return replace(report, batch=None)
            on_vault(partial(batches.make_live, self._vault.connection, batch, report.format))
        except BaseException:
            # Where the vault was locked meanwhile, the next opening removes what is staged.
            with suppress(CompanionError):
                on_vault(partial(batches.remove_staged, self._vault, batch))
            raise
        return report

    def undo(self, batch: BatchId) -> Undone:
        """Take a whole batch back; entries changed since then stay. Raises BatchNotFound."""
        return batches.take_back(self._vault, batch)

    # --- inside ----------------------------------------------------------

    def _copy_first(self) -> None:
        if self._has_entries():
            self._vault.backup(reason="import")

    def _has_entries(self) -> bool:
        return self._vault.connection.value("SELECT 1 FROM entry WHERE state <> 2 LIMIT 1") is not None

    def _no_room(self, tally: _Tally) -> NotEnoughRoom | None:
        return self._room.trouble(tally.new_bytes, with_copy=self._has_entries())

    def _begin(self, batch: BatchId) -> None:
        batches.begin(self._vault.connection, batch, "", self._clock.now())

    def _read(
        self,
        path: Path,
        wanted: str | None,
        batch: BatchId | None,
        progress: Progress | None,
        stop: StopSwitch,
        on_vault: OnVault,
    ) -> ImportReport:
        tally = _Tally()
        staged: dict[int, EntryId] = {}
        with Reading(path, wanted, self._clock.zone_name(), batch is not None) as reading:
            stop.when_stopped(reading.stop)
            for item in reading:
                stop.check()
                if isinstance(item, Batch):
                    staged = on_vault(partial(self._take_batch, item, reading.format, batch, tally))
                    if progress is not None:
                        progress(item.first + len(item.entries), 0)
                elif isinstance(item, MediaStream):
                    if item.entry in staged:
                        self._keep_file(item, staged[item.entry], on_vault)
                elif isinstance(item, Ended):
                    report = tally.report(item, batch)
                    return report if batch else replace(report, no_room=on_vault(partial(self._no_room, tally)))
        raise InputRefused("reader-failed", path.name)

    def _take_batch(self, item: Batch, source_format: str, batch: BatchId | None, tally: _Tally) -> dict[int, EntryId]:
        """Sort out what is here already; stage the rest unless this is a preview. Runs on the vault thread."""
        db = self._vault.connection
        tally.refused += [Refusal(problem.where, problem.reason) for problem in item.problems]
        restored = tally.restored = tally.restored or Restored(db, batch)
        incoming = [_incoming(n, entry) for n, entry in enumerate(item.entries, start=item.first)]
        known_ids, known_prints = batches.known(
            db, source_format, [one.original_id for one in incoming], [fingerprint(one.content) for one in incoming]
        )
        fresh = []
        for one in incoming:
            tally.note_day(one.content)
            mark = self._mark(one)
            is_known = one.original_id in known_ids or fingerprint(one.content) in known_prints or mark in tally.seen
            if is_known or restored.is_here(one.entry):
                tally.duplicates += 1
                continue
            tally.seen.add(mark)
            tally.new += 1
            tally.new_bytes += size_of_entry(len(one.content.text), item.sizes[one.number - item.first])
            if len(tally.preview) < PREVIEW_ROWS:
                tally.preview.append(_summary(one))
            fresh.append(one if one.entry.kept is None else replace(one, id=restored.id_for(one.entry)))
        if batch is None:
            return {}
        if fresh and not tally.is_copied:
            tally.is_copied = True
            self._copy_first()
        with db.transaction():
            store, now = EntryStore(db), self._clock.now()
            for one in fresh:
                store.insert(
                    one.id,
                    one.content,
                    now,
                    state=STAGED,
                    batch=batch,
                    source=source_of(source_format, one.entry),
                    attachments=one.attachments,
                )
                if one.entry.kept is not None:
                    restored.note(one.id, one.entry.kept)
            restored.stage_words(item.words)
        return {one.number: one.id for one in fresh}

    def _keep_file(self, item: MediaStream, entry_id: EntryId, on_vault: OnVault) -> None:
        try:
            kept = self._vault.media.put(io.BufferedReader(_ChunkStream(item.chunks)))
        except AttachmentDamaged:
            return  # the entry says that the file is missing; the reader reports it as a problem
        on_vault(
            partial(
                batches.name_file,
                self._vault.connection,
                entry_id,
                item.position,
                kept.name,
                kept.size_bytes,
                kept.sha256,
            )
        )

    def _mark(self, one: _Incoming) -> tuple[str, str]:
        """Two entries of one source are the same by its own ids, else by time and words."""
        return ("id", one.original_id) if one.original_id else ("print", fingerprint(one.content))


def _incoming(number: int, entry: ImportedEntry) -> _Incoming:
    files = tuple(Attachment(media.name, media.media_type, 0, "", "") for media in entry.attachments)
    return _Incoming(number, EntryId(new_id()), content_of(entry), entry, files)


class _ChunkStream(io.RawIOBase):
    """The pieces of a file as one stream to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        if not self._left:
            self._left = next(self._chunks, b"")
        piece, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(piece)] = piece
        return len(piece)


def _summary(one: _Incoming) -> Summary:
    content = one.content
    return Summary(
        id=one.id,
        at=content.at,
        title=content.title,
        excerpt=excerpt(content.text),
        mood=content.mood,
        energy=content.energy,
        tags=content.tags,
        words=count_words(content.text),
        attachments=len(one.attachments),
    )
