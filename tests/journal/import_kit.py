"""What the import tests share: reading in this process, and builders of exports."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from companion.core.errors import InputRefused
from companion.journal.importers.child import reader_for, serve
from companion.journal.importers.detect import find_journal
from companion.journal.importers.limits import Limits
from companion.journal.importers.protocol import FrameWriter
from companion.journal.importers.records import ImportedEntry, ImportedProblem, ImportedWords
from companion.journal.importers.sources import open_source

ZONE = "Europe/Berlin"


@dataclass
class Taken:
    """Everything a reader yielded."""

    entries: list[ImportedEntry] = field(default_factory=list)
    problems: list[ImportedProblem] = field(default_factory=list)
    words: list[ImportedWords] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)
    format: str = ""

    @property
    def only(self) -> ImportedEntry:
        assert len(self.entries) == 1, [entry.title for entry in self.entries]
        return self.entries[0]

    @property
    def reasons(self) -> list[str]:
        return [problem.reason for problem in self.problems]


def take(path: Path, wanted: str | None = None, zone: str = ZONE, limits: Limits | None = None) -> Taken:
    """Read a source in this process, without the line in between."""
    source = open_source(path, limits)
    try:
        journal = find_journal(source, wanted)
        reader = reader_for(source, journal, zone, wanted)
        taken = Taken(problems=list(source.problems), format=journal.format)
        for item in reader.items():
            if isinstance(item, ImportedEntry):
                taken.entries.append(item)
            elif isinstance(item, ImportedWords):
                taken.words.append(item)
            else:
                taken.problems.append(item)
        taken.other = reader.other
        return taken
    finally:
        source.close()


def refusal(path: Path, wanted: str | None = None, limits: Limits | None = None) -> str:
    """The reason why a source is refused."""
    try:
        taken = take(path, wanted, limits=limits)
    except InputRefused as refused:
        return refused.reason
    raise AssertionError(f"{len(taken.entries)} entries came in")


def served(path: Path, *, media: bool = True, wanted: str | None = None, limits: Limits | None = None) -> bytes:
    """What the reading process would send for a source."""
    out = io.BytesIO()
    serve(path, wanted, ZONE, FrameWriter(out), media=media, limits=limits)
    return out.getvalue()


def outcome(sent: bytes) -> dict[str, Any]:
    """The last message of what was sent: a summary or a refusal."""
    at, last = 0, b""
    while at < len(sent):
        kind, length = struct.unpack_from(">cI", sent, at)
        at += 5
        if kind == b"J":
            last = sent[at : at + length]
        at += length
    return json.loads(last)


def day_one(*entries: dict[str, Any], **root: Any) -> bytes:
    """A Day One document; slashes written as its Apple clients do."""
    document = {"metadata": {"version": "1.0"}, **root, "entries": list(entries)}
    return json.dumps(document).replace("/", "\\/").encode()


def entry(text: str | None = None, **fields: Any) -> dict[str, Any]:
    """A Day One entry with the two fields that are always there."""
    made = {
        "uuid": "0123456789ABCDEF0123456789ABCDEF",
        "creationDate": "2024-03-10T08:15:00Z",
        "timeZone": "Europe/London",
    }
    made |= {} if text is None else {"text": text}
    return made | fields


def zipped(path: Path, members: dict[str, bytes], *, stored: bool = False) -> Path:
    """An ordinary archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@dataclass
class RawMember:
    """One member of a hand-made archive; what the headers claim may differ from what is there."""

    name: bytes
    content: bytes = b""
    claims_size: int | None = None
    claims_packed: int | None = None
    checksum: int | None = None
    flags: int = 0
    method: int = 8
    attributes: int = 0
    made_on: int = 3
    at: int | None = None  # the place of another member's content


def raw_zip(path: Path, members: list[RawMember], *, in_front: bytes = b"", claims_count: int | None = None) -> Path:
    """An archive written byte by byte, as no ordinary tool would."""
    body, directory = bytearray(), bytearray()
    for member in members:
        packed = member.content
        if member.method == 8:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = deflate.compress(member.content) + deflate.flush()
        checksum = zlib.crc32(member.content) if member.checksum is None else member.checksum
        size = len(member.content) if member.claims_size is None else member.claims_size
        packed_size = len(packed) if member.claims_packed is None else member.claims_packed
        start = len(body) if member.at is None else member.at
        if member.at is None:
            body += struct.pack(
                "<4s5H3L2H", b"PK\x03\x04", 20, member.flags, member.method, 0, 0, checksum, packed_size, size,
                len(member.name), 0,
            )  # fmt: skip
            body += member.name + packed
        directory += struct.pack(
            "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, member.made_on, 20, 0, member.flags, member.method, 0, 0, checksum,
            packed_size, size, len(member.name), 0, 0, 0, 0, member.attributes, start,
        )  # fmt: skip
        directory += member.name
    count = len(members) if claims_count is None else claims_count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(in_front + bytes(body) + bytes(directory) + end)
    return path
