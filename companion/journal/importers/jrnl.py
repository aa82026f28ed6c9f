"""Reads the journals of jrnl: text files, folders of days, and all of its exports that hold entries.

Format: what jrnl 1.9 to 4.6 writes, seen in its files. Times are local and
have no zone. Nothing has an id. What stands in a file before its first date
is told as a problem; other files of a folder are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from companion.core.errors import InputRefused
from companion.journal.importers import detect, jrnl_exports
from companion.journal.importers.jrnl_headers import Heading, markdown_headings, text_headings, without_structure
from companion.journal.importers.jrnl_words import STARRED, lowered_headings, split_title, tags_in, without_star
from companion.journal.importers.records import ImportedEntry, ImportedProblem
from companion.journal.importers.sources import Member, Source
from companion.journal.importers.stamps import Stamp, day_comes_first, moment
from companion.journal.importers.text_files import decoded
from companion.journal.importers.zones import in_local_zone, in_range
from companion.journal.model import LONGEST_TEXT, clean_text, tidy_labels

Item = ImportedEntry | ImportedProblem


class JrnlReader:
    """The entries of one jrnl journal. Raises InputRefused while it is read."""

    format = "jrnl"

    def __init__(self, source: Source, journal: detect.Journal, zone: str, day_first: bool | None = None) -> None:
        """`day_first` answers for dates that are unclear in themselves; None lets the file decide or refuses."""
        self._source = source
        self._journal = journal
        self._zone = zone
        self._day_first = day_first
        self.other: Counter[str] = Counter()
        ignored = len(source.members) - len(journal.members)
        if ignored and source.single is None:
            self.other["files_ignored"] = ignored

    def items(self) -> Iterator[Item]:
        """Entries and problems, in the order of the files."""
        kind = self._journal.kind
        if kind == detect.JRNL_FOLDER:
            return self._folder()
        if kind in (detect.JRNL_TEXT, detect.JRNL_MARKDOWN):
            return self._texts()
        return self._exports(kind)

    # --- texts -----------------------------------------------------------

    def _texts(self) -> Iterator[Item]:
        markdown = self._journal.kind == detect.JRNL_MARKDOWN
        for member in self._journal.members:
            text = self._text_of(member)
            headings = markdown_headings(text) if markdown else text_headings(text)
            if not headings:
                yield ImportedProblem(member.name, "no-date", is_entry=True)
                continue
            day_first = self._order([heading.stamp for heading in headings], member.name)
            yield from self._entries(text, headings, member, day_first)

    def _folder(self) -> Iterator[Item]:
        for member in self._journal.members:
            text = self._text_of(member)
            if not text.strip():
                continue
            day = _day_of(member)
            if day is None:
                yield ImportedProblem(member.name, "no-date", is_entry=True)
                continue
            headings = text_headings(text, times_alone=True)
            if not headings:
                yield self._entry(text, datetime.combine(day, time()), member.name)
                continue
            yield from self._entries(text, headings, member, day_first=True, day=day)

    def _entries(
        self, text: str, headings: Sequence[Heading], member: Member, day_first: bool, day: date | None = None
    ) -> Iterator[Item]:
        in_front = text[: headings[0].start]
        if in_front.strip() and without_structure(in_front).strip():
            yield ImportedProblem(member.name, "before-first-entry")
        ends = [heading.start for heading in headings[1:]] + [len(text)]
        line = before = 0
        for heading, end in zip(headings, ends, strict=True):
            line += text.count("\n", before, heading.start)
            before = heading.start
            at = moment(heading.stamp, day_first=day_first, day=day)
            body = text[heading.end : end]
            if heading.level == 3:
                body = without_structure(body)
            if heading.level:
                body = lowered_headings(body, heading.level)
            yield self._entry(heading.rest + "\n" + body, at, f"{member.name}:{line + 1}")

    def _entry(self, words: str, at: datetime | None, where: str) -> Item:
        words, starred = without_star(clean_text(words))
        title, body = split_title(words)
        return self.made(title, body, at, where, tags=(*tags_in(words), *((STARRED,) if starred else ())))

    # --- exports ---------------------------------------------------------

    def _exports(self, kind: str) -> Iterator[Item]:
        for member in self._journal.members:
            if kind == detect.JRNL_JSON:
                rows = jrnl_exports.json_rows(self._source, member)
            elif kind == detect.JRNL_XML:
                rows = jrnl_exports.xml_rows(self._source, member)
            else:
                rows = jrnl_exports.yaml_rows(self._text_of(member), member)
            for row in rows:
                yield row if isinstance(row, ImportedProblem) else self._from_row(row, member)

    def _from_row(self, row: jrnl_exports.Row, member: Member) -> Item:
        at = None
        if row.stamp is not None:
            day_first = True if row.day else self._order([row.stamp], member.name)
            at = moment(row.stamp, day_first=day_first, day=row.day)
        self.other.update(row.left_out)
        tags = row.tags if row.tags is not None else tags_in(f"{row.title}\n{row.body}")
        if row.starred:
            tags = (*tags, STARRED)
        return self.made(row.title, row.body, at, row.where, tags=tags, original_id=row.original_id)

    # --- both ------------------------------------------------------------

    def attachment(self, where: str) -> Member:
        """The file of an attachment; jrnl keeps none."""
        raise KeyError(where)

    def made(
        self, title: str, body: str, at: datetime | None, where: str, *, tags: tuple[str, ...], original_id: str = ""
    ) -> Item:
        """The entry, or the reason why there is none."""
        if at is None or not in_range(at):
            return ImportedProblem(where, "no-date", is_entry=True)
        if len(body) > LONGEST_TEXT:
            return ImportedProblem(where, "too-long", is_entry=True)
        if not (title or body or tags):
            return ImportedProblem(where, "empty-entry", is_entry=True)
        tags = tidy_labels(tags)
        lived_at = at if at.tzinfo is not None else in_local_zone(at, self._zone)
        return ImportedEntry(original_id, lived_at, title=title, text=body, tags=tags)

    def _order(self, stamps: list[Stamp], where: str) -> bool:
        """Whether the day comes first in the mixed dates of a file."""
        try:
            return day_comes_first(stamps, where)
        except InputRefused:
            if self._day_first is None:
                raise
            return self._day_first

    def _text_of(self, member: Member) -> str:
        text = decoded(self._source.read(member))
        if text is None:
            raise InputRefused("damaged", member.name)
        return clean_text(text)


def _day_of(member: Member) -> date | None:
    year, month, name = member.parts[-3:]
    try:
        return date(int(year), int(month), int(name[:2]))
    except ValueError:
        return None
