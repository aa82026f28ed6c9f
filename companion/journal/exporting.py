"""Taking notes out: read one by one, proved, and written as files that anyone can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion import __version__
from companion.core.clock import Clock
from companion.core.errors import DiskUnreachable, EntryNotFound, PlaceRefused, Stopped, UsageRefused, VaultDamaged
from companion.core.files import storage_trouble
from companion.core.ids import EntryId, MediaName
from companion.journal.exporters.json_format import JsonForm, file_name
from companion.journal.exporters.markdown import Names, note_text, place_of, safe_file
from companion.journal.exporters.places import Archive, FileAndMedia, Folder, Place, require_free, writing
from companion.journal.exporters.taken import TakenDraft, TakenEntry
from companion.journal.model import Attachment, Content, Draft
from companion.journal.store import DELETED, LIVE, EntryStore

if TYPE_CHECKING:
    from companion.vault.vault import Vault

FORMATS: Final = ("markdown", "json")
PARTS: Final = ("journal",)  # what can be taken out so far
_PIECE = 1 << 20
_MOST_LEFT_OUT = 1_000  # told one by one
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take out. Days are local, "YYYY-MM-DD", both included; None leaves a side open.

    Without `names` no label for a person is written; names inside titles, texts, tags and file names stay.
    """

    format: str
    first_day: str | None = None
    last_day: str | None = None
    names: bool = True
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that could not be read, so that it is not in the export: an entry's id, and what about it.

    `reason` is "entry", "older-version", "draft" or "attachment".
    """

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What would be written: counts, bytes of attached files, and the beginning of the newest note's file."""

    entries: int
    media: int
    media_bytes: int
    drafts: int
    example_name: str
    example: str


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written. `bytes` are those on the disk; `digest` is over everything, see docs/export-format.md.

    `names` are the files in folders beside or below `to`, seen from the folder that `to` lies in.
    """

    to: Path
    files: int
    entries: int
    media: int
    bytes: int
    drafts: int
    older_versions: int
    digest: str
    left_out: tuple[LeftOut, ...]
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(slots=True)
class _Run:
    place: Place
    wanted: Wanted
    progress: Callable[[], None]
    form: JsonForm = field(default_factory=JsonForm)
    names: Names = field(default_factory=Names)
    entries: int = 0
    media: int = 0
    drafts: int = 0
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, where: str, reason: str) -> None:
        if len(self.left_out) < _MOST_LEFT_OUT:
            self.left_out.append(LeftOut(where, reason))


class Exporter:
    """Writes the journal of one open vault; on the thread that owns the vault.

    `progress(done, all)` is called between two entries and between two pieces of
    a file, outside any transaction: it may serve what waits, and may raise to
    stop the work. Then, and after any error, nothing of the export is left.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def preview(self, wanted: Wanted) -> ExportPreview:
        """What would be written, and how it begins. Writes nothing."""
        ids = self._ids(wanted)
        where, days = _in_range(wanted)
        counted = self._vault.connection.row(
            "SELECT count(*), coalesce(sum(size_bytes), 0) FROM attachment JOIN entry e ON e.seq = entry_seq"
            f" WHERE media <> '' AND {where}",
            days,
        )
        media, media_bytes = counted or (0, 0)
        drafts = self._drafts(wanted, lambda _where, _reason: None)
        name, text = self._example(ids, wanted)
        return ExportPreview(len(ids), media, media_bytes, len(drafts), name, text)

    def write(
        self, to: Path, wanted: Wanted, *, replace_existing: bool = False, progress: Progress | None = None
    ) -> ExportResult:
        """Take out what is there now; what is written meanwhile is not in it.

        Entries and files that can't be read are left out and named. Raises
        PlaceRefused, StorageTrouble (for the target), VaultDamaged where the
        database can't be read, and whatever `progress` raises.
        """
        place = self._place(to, wanted)
        require_free(to, self._vault.folder, replace=replace_existing)
        ids = self._ids(wanted)
        done, opened = 0, self._vault.connection

        def step() -> None:
            if progress is not None:
                progress(done, len(ids))
            # What was served meanwhile may have been Lock: then not even the file that is open is read on.
            if not self._vault.is_open or self._vault.connection is not opened:
                raise Stopped

        with writing(place):
            run = _Run(place, wanted, step)
            if wanted.format == "json":
                self._put(run, run.form.head(__version__, self._clock.now(), _facts(wanted)))
            for entry_id in ids:
                step()
                taken = self._taken(entry_id, run)
                if taken is not None:
                    self._write_entry(taken, run)
                    run.entries += 1
                done += 1
            for draft in self._drafts(wanted, run.leave_out):
                self._write_draft(draft, run)
                run.drafts += 1
            if wanted.format == "json":
                self._put(run, run.form.end())
            step()
        return ExportResult(
            to=place.target,
            files=place.files,
            entries=run.entries,
            media=run.media,
            bytes=place.bytes,
            drafts=run.drafts,
            older_versions=run.form.older_versions,
            digest=run.form.digest,
            left_out=tuple(run.left_out),
            names=tuple(place.names),
        )

    # --- reading ---------------------------------------------------------

    def _ids(self, wanted: Wanted) -> list[EntryId]:
        """Every entry that is there now, oldest first: one whose time changes meanwhile is neither lost nor twice."""
        where, days = _in_range(wanted)
        rows = self._vault.connection.rows(f"SELECT e.id FROM entry e WHERE {where} ORDER BY e.seq", days)
        return [EntryId(row[0]) for row in rows]

    def _taken(self, entry_id: EntryId, run: _Run) -> TakenEntry | None:
        store = EntryStore(self._vault.connection)
        try:
            entry = store.entry(entry_id, include_deleted=run.wanted.deleted)
        except EntryNotFound:
            return None  # deleted meanwhile
        except VaultDamaged:
            run.leave_out(entry_id, "entry")
            return None
        versions = []
        try:
            versions = store.revisions(entry_id)[::-1]
        except VaultDamaged:
            run.leave_out(entry_id, "older-version")
        if not run.wanted.names:
            entry = replace(entry, content=_without_names(entry.content))
            versions = [(saved_at, _without_names(content)) for saved_at, content in versions]
        return TakenEntry(entry, tuple(versions))

    def _drafts(self, wanted: Wanted, leave_out: Callable[[str, str], None]) -> list[TakenDraft]:
        store = EntryStore(self._vault.connection)
        found: list[Draft] = []
        for (entry_id,) in self._vault.connection.rows("SELECT entry_id FROM draft ORDER BY saved_ms, entry_id"):
            try:
                draft = store.draft(entry_id)
            except VaultDamaged:
                leave_out(entry_id, "draft")
                continue
            day = draft.content.at.date().isoformat() if draft else ""
            if draft and (wanted.first_day or day) <= day <= (wanted.last_day or day):
                found.append(draft)
        return [
            TakenDraft(each.entry_id, each.content if wanted.names else _without_names(each.content), each.saved_at)
            for each in found
        ]

    def _example(self, ids: list[EntryId], wanted: Wanted) -> tuple[str, str]:
        run = _Run(Folder(Path("none")), wanted, lambda: None)
        for entry_id in reversed(ids[-20:]):
            taken = self._taken(entry_id, run)
            if taken is None or taken.entry.content.heavy:
                continue  # nobody meets a heavy note by surprise
            if wanted.format == "json":
                files = [file_name(taken, n) if each.media else None for n, each in _numbered(taken)]
                return "", run.form.entry(taken, files).strip()
            folder, name = place_of(taken.entry.content)
            names = [f"{name} - files/{''.join(safe_file(each.name, n))}" for n, each in _numbered(taken)]
            return f"{folder}/{name}.md", note_text(taken.entry.content, list(names), taken.entry)
        return "", ""

    # --- writing ---------------------------------------------------------

    def _place(self, to: Path, wanted: Wanted) -> Place:
        if wanted.format not in FORMATS:
            raise UsageRefused
        ending = to.suffix.casefold()
        if ending == ".zip":
            return Archive(to, "journal.json" if wanted.format == "json" else "")
        if wanted.format == "json":
            if ending != ".json":
                raise PlaceRefused("name", to)
            return FileAndMedia(to)
        if ending in (".md", ".markdown", ".txt", ".json"):
            raise PlaceRefused("name", to)
        return Folder(to)

    def _put(self, run: _Run, text: str) -> None:
        run.place.write(text.encode())

    def _write_entry(self, taken: TakenEntry, run: _Run) -> None:
        if run.wanted.format == "json":
            prefix = "journal.media/" if isinstance(run.place, Archive) else ""
            files = [
                name if self._write_file(each, f"{prefix}{name}", taken, run) else None
                for each, name in ((each, file_name(taken, n)) for n, each in _numbered(taken))
            ]
            self._put(run, run.form.entry(taken, files))
            return
        content = taken.entry.content
        folder, name = place_of(content)
        name = run.names.free(folder, name, ".md")
        places: list[str | None] = []
        for n, each in _numbered(taken):
            beside = f"{name} - files"
            stem, ending = safe_file(each.name, n)
            place = f"{beside}/{run.names.free(f'{folder}/{beside}', stem, ending)}{ending}"
            places.append(place if self._write_file(each, f"{folder}/{place}", taken, run) else None)
        run.place.add(f"{folder}/{name}.md", [note_text(content, places, taken.entry).encode()])

    def _write_draft(self, draft: TakenDraft, run: _Run) -> None:
        if run.wanted.format == "json":
            self._put(run, run.form.draft(draft))
            return
        folder, name = place_of(draft.content)
        name = run.names.free(folder, f"{name} (draft)", ".md")
        run.place.add(f"{folder}/{name}.md", [note_text(draft.content, []).encode()])

    def _write_file(self, attachment: Attachment, name: str, taken: TakenEntry, run: _Run) -> bool:
        if not attachment.media:
            return False  # it was missing already when the entry was brought in
        media = MediaName(attachment.media)
        try:
            # Read once before: a file that breaks in the middle must not be in the export cut off.
            for _piece in self._plain(media, run):
                pass
        except (VaultDamaged, DiskUnreachable):
            run.leave_out(taken.entry.id, "attachment")
            return False
        run.place.add(name, self._plain(media, run))
        run.media += 1
        return True

    def _plain(self, media: MediaName, run: _Run) -> Iterator[bytes]:
        with self._vault.media.open(media) as stream:
            while piece := stream.read(_PIECE):
                yield piece
                run.progress()


def delete_export(result: ExportResult) -> None:
    """Remove what this export wrote, as far as it is still there, and nothing else. Raises StorageTrouble.

    What other programs made of it (a print queue, a copy, a sync service) is not in reach.
    """
    folder = result.to.parent
    try:
        if not result.to.is_dir():
            result.to.unlink(missing_ok=True)
        for name in result.names:
            (folder / name).unlink(missing_ok=True)
        folders = {parent for name in result.names for parent in Path(name).parents if parent.name}
        for inside in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            with suppress(OSError):  # something else lies in it
                (folder / inside).rmdir()
    except OSError as error:
        raise storage_trouble(error, result.to) from error


def _in_range(wanted: Wanted) -> tuple[str, list[object]]:
    states = f"({LIVE}, {DELETED})" if wanted.deleted else f"({LIVE})"
    where, days = [f"e.state IN {states}"], list[object]()
    if wanted.first_day:
        where.append("e.day >= ?")
        days.append(wanted.first_day)
    if wanted.last_day:
        where.append("e.day <= ?")
        days.append(wanted.last_day)
    return " AND ".join(where), days


def _numbered(taken: TakenEntry) -> Iterator[tuple[int, Attachment]]:
    return enumerate(taken.entry.attachments, start=1)


def _facts(wanted: Wanted) -> dict[str, object]:
    return {
        "from": wanted.first_day,
        "to": wanted.last_day,
        "names": wanted.names,
        "deleted_entries": wanted.deleted,
    }


def _without_names(content: Content) -> Content:
    return replace(content, people=())
