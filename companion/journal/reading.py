"""Reads another journal in a process of its own and hands over what arrives, checked, piece by piece.

The process holds no key, can write nowhere and is killed on `stop`. Nothing
here knows the vault.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from companion.core.errors import AttachmentDamaged, InputRefused
from companion.journal.importers.confine import DEFAULT_MEMORY
from companion.journal.importers.limits import Limits
from companion.journal.importers.messages import (
    BATCH,
    counts_from_json,
    entry_from_json,
    integer_from_json,
    problem_from_json,
    words_from_json,
)
from companion.journal.importers.protocol import MESSAGE
from companion.journal.importers.records import (
    MOST_ATTACHMENTS,
    MOST_PROBLEMS,
    ImportedEntry,
    ImportedMedia,
    ImportedProblem,
    ImportedWords,
)
from companion.journal.reader_process import NO_PROGRESS_S, ReaderProcess, Request, reader_command

MOST_ENTRIES = 2_000_000
FORMATS = ("dayone", "jrnl", "companion")


@dataclass(frozen=True, slots=True)
class Batch:
    """At most 100 entries, problems and other words each; `first` is the running number of the first entry, from 0.

    `sizes` is what the files of each entry claim to take, in bytes.
    """

    entries: tuple[ImportedEntry, ...]
    problems: tuple[ImportedProblem, ...]
    first: int
    words: tuple[ImportedWords, ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaStream:
    """An attached file of an entry in the batch before: attachment `position` (from 1) of entry number `entry`.

    `chunks` gives its bytes once, at most 1 MiB at a time, and raises
    AttachmentDamaged when the file could not be read to its end: then it is
    missing, and a problem in a later batch says so. What is not taken is
    read over.
    """

    entry: int
    position: int
    name: str
    media_type: str
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Summary:
    """The end: `found` counts entries, taken or refused; attachments are counted as they turned out."""

    format: str
    found: int
    other: dict[str, int]
    attachments_found: int
    attachments_missing: int


Item = Batch | MediaStream | Summary


class Reading:
    """One reading of one source; a context manager to be iterated once.

    Yields batches, after each (with `want_media`) the files of its entries, and
    at last the summary. Raises InputRefused, and Stopped after `stop`. What was
    yielded before an error is not to be kept.
    """

    def __init__(
        self,
        path: Path,
        wanted: str | None,
        zone: str,
        want_media: bool,
        *,
        command: Callable[[], list[str]] = reader_command,
        memory_bytes: int = DEFAULT_MEMORY,
        no_progress_s: float = NO_PROGRESS_S,
    ) -> None:
        """`zone` is the local one ("" where it is not known); `wanted` a format, None for any."""
        self.format = ""  # one of FORMATS, known from the first batch on
        self._want_media = want_media
        self._process = ReaderProcess(Request(path, wanted, zone, want_media, memory_bytes), command, no_progress_s)
        self._entries = 0
        self._problems = 0
        self._words = 0
        self._refused_entries = 0
        self._found = 0
        self._missing = 0
        self._awaited: dict[tuple[int, int], ImportedMedia] = {}
        self._limits = Limits()

    def __enter__(self) -> Reading:
        """Start the reading process. Raises Stopped, InputRefused."""
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the reading process, whatever it is doing."""
        self._process.close()

    def stop(self) -> None:
        """End it at once, from any thread; the iteration raises Stopped."""
        self._process.stop()

    def __iter__(self) -> Iterator[Item]:
        """Everything that arrives. Raises InputRefused, Stopped."""
        header = self._process.message()
        found_format = header.get("format")
        if header["type"] != "header" or found_format not in FORMATS:
            raise self._failed("no header")
        self.format = str(found_format)
        while True:
            message = self._process.message()
            if message["type"] == "batch":
                yield self._batch(message)
            elif message["type"] == "media":
                stream = self._media(message)
                yield stream
                with contextlib.suppress(AttachmentDamaged):
                    for _rest in stream.chunks:
                        pass
            elif message["type"] == "summary":
                yield self._summary(message)
                return
            else:
                raise self._failed("order")

    # --- what arrives ----------------------------------------------------

    def _batch(self, message: dict[str, Any]) -> Batch:
        raw_entries, raw_problems, raw_words = (self._list(message, n) for n in ("entries", "problems", "words"))
        if self._awaited or len(self._list(message, "sizes")) != len(raw_entries):
            raise self._failed("batch")
        with self._process.checked():
            entries = tuple(entry_from_json(raw) for raw in raw_entries)
            problems = tuple(problem_from_json(raw) for raw in raw_problems)
            words = tuple(words_from_json(raw) for raw in raw_words)
            most = MOST_ATTACHMENTS * self._limits.media_bytes
            sizes = tuple(integer_from_json(raw, 0, most) for raw in self._list(message, "sizes"))
        self._words += len(words)
        first = self._entries
        for number, entry in enumerate(entries, start=first):
            for position, media in enumerate(entry.attachments, start=1):
                self._missing += media.missing
                self._found += not media.missing
                if self._want_media and not media.missing:
                    self._awaited[number, position] = media
        self._entries += len(entries)
        self._problems += len(problems)
        self._refused_entries += sum(problem.is_entry for problem in problems)
        if max(self._entries, self._words) > MOST_ENTRIES or self._problems > MOST_PROBLEMS:
            raise self._failed("too much")
        return Batch(entries, problems, first, words, sizes)

    def _list(self, message: dict[str, Any], name: str) -> list[Any]:
        raw = message.get(name)
        if not isinstance(raw, list) or len(raw) > BATCH:
            raise self._failed("batch length")
        return raw

    def _media(self, message: dict[str, Any]) -> MediaStream:
        with self._process.checked():
            entry = integer_from_json(message.get("entry"), 0, MOST_ENTRIES)
            position = integer_from_json(message.get("position"), 1, MOST_ATTACHMENTS)
        media = self._awaited.pop((entry, position), None)
        if media is None:
            raise self._failed("media nobody named")
        return MediaStream(entry, position, media.name, media.media_type, self._pieces(media))

    def _pieces(self, media: ImportedMedia) -> Iterator[bytes]:
        total = 0
        while True:
            kind, raw = self._process.frame()
            if kind == MESSAGE:
                break
            total += len(raw)
            if total > self._limits.media_bytes:
                raise self._failed("media length")
            yield raw
        message = self._process.opened(raw)
        if message["type"] != "media-end" or not isinstance(message.get("whole"), bool):
            raise self._failed("media end")
        if not message["whole"]:
            self._found -= 1
            self._missing += 1
            raise AttachmentDamaged(media.where)

    def _summary(self, message: dict[str, Any]) -> Summary:
        if self._awaited:
            raise self._failed("media left out")
        with self._process.checked():
            other = counts_from_json(message.get("other"))
            untold = integer_from_json(message.get("untold"), 0, MOST_ENTRIES)
        found = self._entries + self._refused_entries + untold
        return Summary(self.format, found, other, self._found, self._missing)

    def _failed(self, what: str) -> InputRefused:
        return self._process.failed(what)
