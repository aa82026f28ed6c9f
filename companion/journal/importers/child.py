"""The reading process: takes one request on standard input, streams what it reads to standard output."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from companion.core.errors import InputRefused
from companion.journal.importers.companion_json import CompanionReader
from companion.journal.importers.confine import DEFAULT_MEMORY, confine
from companion.journal.importers.dayone import DayOneReader
from companion.journal.importers.detect import Journal, find_journal
from companion.journal.importers.jrnl import JrnlReader
from companion.journal.importers.limits import Limits
from companion.journal.importers.messages import BATCH, MOST_OTHER, entry_to_json, problem_to_json, words_to_json
from companion.journal.importers.names import shown
from companion.journal.importers.protocol import LONGEST_PIECE, FrameWriter
from companion.journal.importers.records import MOST_PROBLEMS, ImportedEntry, ImportedProblem, ImportedWords
from companion.journal.importers.sources import Member, Source, open_source

_BATCH_CHARS = 256 * 1024
_SHOWN_AGAIN = 4
_DAY_FIRST = {"jrnl-day-first": True, "jrnl-month-first": False}


class Reader(Protocol):
    """One journal format."""

    format: str
    other: Counter[str]

    def items(self) -> Iterator[ImportedEntry | ImportedProblem | ImportedWords]:
        """Entries and problems, in order; older versions and drafts after the entries they belong to."""

    def attachment(self, where: str) -> Member:
        """The file of an attachment."""


def reader_for(source: Source, journal: Journal, zone: str, wanted: str | None) -> Reader:
    """The reader of this journal."""
    if journal.format == "dayone":
        return DayOneReader(source, journal, zone)
    if journal.format == "companion":
        return CompanionReader(source, journal)
    return JrnlReader(source, journal, zone, _DAY_FIRST.get(wanted or ""))


class Sender:
    """Sends what a reader yields, in batches, each followed by its attached files."""

    def __init__(self, source: Source, reader: Reader, writer: FrameWriter, *, media: bool) -> None:
        self._source = source
        self._reader = reader
        self._writer = writer
        self._media = media
        self._entries: list[ImportedEntry] = []
        self._problems: list[ImportedProblem] = []
        self._words: list[ImportedWords] = []
        self._chars = 0
        self._sent = 0
        self._told = 0
        self._untold = 0
        self.untold_entries = 0
        # A few entries may share a photo; a journal that shows one file for ever is built to fill the disk.
        all_files = sum(member.size for member in source.members)
        self._media_left = _SHOWN_AGAIN * all_files + source.limits.ratio_floor

    def send(self) -> int:
        """Everything, then the summary; returns how many entries, refused ones and other words there were."""
        found = 0
        self._writer.message("header", format=self._reader.format)
        for problem in self._source.problems:
            self._problem(problem)
        for item in self._reader.items():
            if isinstance(item, ImportedProblem):
                found += item.is_entry
                self._problem(item)
                continue
            if isinstance(item, ImportedWords):
                self._words.append(item)
                self._chars += len(item.content.text) + 1_000
            else:
                self._entries.append(item)
                self._chars += len(item.text) + 1_000
            found += 1
            if max(len(self._entries), len(self._words)) >= BATCH or self._chars >= _BATCH_CHARS:
                self._flush()
        self._flush()
        self._flush()  # what went wrong with the files of the last batch
        return found

    def summary(self) -> dict[str, int]:
        """The counts beside entries, the most frequent ones when there are too many kinds."""
        counts = +self._reader.other
        if self._untold:
            counts["more_problems"] = self._untold
        return dict(counts.most_common(MOST_OTHER))

    def _problem(self, problem: ImportedProblem) -> None:
        self._note(problem)
        if len(self._problems) >= BATCH:
            self._flush()

    def _note(self, problem: ImportedProblem) -> None:
        if self._told < MOST_PROBLEMS:
            self._told += 1
            self._problems.append(problem)
        else:
            self._untold += 1
            self.untold_entries += problem.is_entry

    def _flush(self) -> None:
        entries, problems, words = self._entries, self._problems, self._words
        self._entries, self._problems, self._words, self._chars = [], [], [], 0
        while len(problems) > BATCH:
            self._batch([], problems[:BATCH], [])
            problems = problems[BATCH:]
        if not (entries or problems or words):
            return
        self._batch(entries, problems, words)
        first, self._sent = self._sent, self._sent + len(entries)
        if self._media:
            for number, entry in enumerate(entries, start=first):
                for position, media in enumerate(entry.attachments, start=1):
                    if not media.missing:
                        self._attachment(number, position, media.where)

    def _batch(self, entries: list[ImportedEntry], problems: list[ImportedProblem], words: list[ImportedWords]) -> None:
        self._writer.message(
            "batch",
            entries=[entry_to_json(entry) for entry in entries],
            problems=[problem_to_json(problem) for problem in problems],
            words=[words_to_json(each) for each in words],
            sizes=[self._size(entry) for entry in entries],
        )

    def _size(self, entry: ImportedEntry) -> int:
        """Bytes of its attached files, as the source claims; what is too large does not come in."""
        sizes = (self._reader.attachment(media.where).size for media in entry.attachments if not media.missing)
        return sum(size for size in sizes if size <= self._source.limits.media_bytes)

    def _attachment(self, number: int, position: int, where: str) -> None:
        member = self._reader.attachment(where)
        self._writer.message("media", entry=number, position=position)
        reason = ""
        if member.size > self._source.limits.media_bytes:
            reason = "attachment-too-large"
        else:
            try:
                for piece in self._source.chunks(member):
                    self._media_left -= len(piece)
                    if self._media_left < 0:
                        raise InputRefused("hostile", where)
                    for at in range(0, len(piece), LONGEST_PIECE):
                        self._writer.piece(piece[at : at + LONGEST_PIECE])
            except InputRefused as refusal:
                if refusal.reason in ("hostile", "too-large"):
                    raise
                reason = "attachment-damaged"
        self._writer.message("media-end", whole=not reason)
        if reason:
            self._note(ImportedProblem(where, reason))


def serve(
    path: Path, wanted: str | None, zone: str, writer: FrameWriter, *, media: bool, limits: Limits | None = None
) -> None:
    """Read the source at `path` and send all of it, or the one reason why not."""
    try:
        source = open_source(path, limits)
        try:
            journal = find_journal(source, wanted)
            sender = Sender(source, reader_for(source, journal, zone, wanted), writer, media=media)
            found = sender.send()
            if not found:
                raise InputRefused("no-entries", shown(path.name))
            writer.message("summary", other=sender.summary(), untold=sender.untold_entries)
        finally:
            source.close()
    except InputRefused as refusal:
        writer.message("refused", reason=refusal.reason, where=refusal.where or shown(path.name))
    except MemoryError:
        writer.message("refused", reason="too-large", where=shown(path.name))
    except RecursionError:
        writer.message("refused", reason="too-deep", where=shown(path.name))
    except BrokenPipeError:
        raise
    except OSError:
        writer.message("refused", reason="damaged", where=shown(path.name))


def main() -> int:
    """Confine this process, then serve the one request."""
    request = json.loads(sys.stdin.buffer.readline())
    confine(int(request.get("memory", DEFAULT_MEMORY)))
    path = Path(os.fsdecode(base64.b64decode(request["path"])))
    try:
        serve(path, request["format"], request["zone"], FrameWriter(sys.stdout.buffer), media=bool(request["media"]))
    except BrokenPipeError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
