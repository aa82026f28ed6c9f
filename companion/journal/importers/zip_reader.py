"""Reads zip archives that may be built to do harm: nothing is extracted, and every number in them is doubted.

The standard library's reader trusts the directory before it can be checked and
stops at a name that is not valid UTF-8. Format: PKWARE APPNOTE 6.3.10,
sections 4.3 (records) and 4.5.3 (64-bit sizes).
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from companion.core.errors import InputRefused
from companion.journal.importers.limits import CHUNK, Limits
from companion.journal.importers.names import shown

_END = struct.Struct("<4s4H2LH")
_END64_PLACE = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_RECORD = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_IN_64 = 0xFFFFFFFF
_PACKED_PIECE = 256 * 1024

_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13
_UTF8_NAME = 1 << 11
_STORED, _DEFLATED = 0, 8
_MADE_ON_UNIX = (3, 19)  # 19 is macOS


@dataclass(frozen=True, slots=True)
class ZipRecord:
    """One line of the archive's directory. Sizes and places are in bytes, and still only claimed."""

    name: str
    size: int
    packed: int
    checksum: int
    method: int
    encrypted: bool
    is_folder: bool
    is_link: bool
    start: int


class ZipReader:
    """The directory of one archive and the content of its files. Raises InputRefused."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._length = file.seek(0, 2)
        self._directory_at = 0
        self.records = tuple(self._read_directory())
        self._check_totals()
        self._check_overlaps()

    def chunks(self, record: ZipRecord) -> Iterator[bytes]:
        """The file's content in pieces of at most 1 MiB.

        Raises InputRefused: "encrypted", "not-this-format" (a compression that
        is not read), "hostile" (more than it claims), "damaged".
        """
        if record.encrypted:
            raise InputRefused("encrypted", shown(record.name))
        if record.method not in (_STORED, _DEFLATED):
            raise InputRefused("not-this-format", shown(record.name))
        start = self._content_start(record)
        pieces = self._stored(record, start) if record.method == _STORED else self._inflated(record, start)
        seen = checksum = 0
        for piece in pieces:
            seen += len(piece)
            if seen > record.size:
                raise InputRefused("hostile", shown(record.name))
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if seen != record.size or checksum != record.checksum:
            raise InputRefused("damaged", shown(record.name))

    # --- the directory ---------------------------------------------------

    def _read_directory(self) -> Iterator[ZipRecord]:
        claimed, size, offset, end_at = self._end()
        if claimed == 0 and size == 0:
            raise InputRefused("empty")
        if claimed > self._limits.members or size > self._limits.directory_bytes:
            raise InputRefused("too-large")
        # Bytes in front of the archive move every place in it by the same distance.
        shift = end_at - size - offset
        self._directory_at = end_at - size
        if shift < 0 or self._directory_at < 0:
            raise InputRefused("damaged")
        raw = self._at(self._directory_at, size)
        at = count = 0
        while at + _RECORD.size <= len(raw):
            record, at = _record(raw, at, shift)
            count += 1
            if count > self._limits.members:
                raise InputRefused("too-large")
            yield record
        if at != len(raw) or count & 0xFFFF != claimed & 0xFFFF:
            raise InputRefused("damaged")

    def _end(self) -> tuple[int, int, int, int]:
        """Number of files, size and place of the directory, and where it ends."""
        tail_length = min(self._length, _END.size + _LONGEST_COMMENT)
        tail = self._at(self._length - tail_length, tail_length)
        found = tail.rfind(b"PK\x05\x06")
        while found >= 0:
            if found + _END.size <= len(tail):
                fields = _END.unpack_from(tail, found)
                if found + _END.size + fields[7] <= len(tail):
                    return self._end_fields(fields, self._length - tail_length + found)
            found = tail.rfind(b"PK\x05\x06", 0, found)
        raise InputRefused("damaged")

    def _end_fields(self, fields: tuple[int, ...], at: int) -> tuple[int, int, int, int]:
        _mark, disk, first_disk, here, count, size, offset, _comment = fields
        if 0xFFFF in (here, count) or _IN_64 in (size, offset):
            wide = self._end64(at)
            if wide is not None:
                return wide
            if _IN_64 in (size, offset):
                raise InputRefused("damaged")
        if disk or first_disk:
            raise InputRefused("damaged")
        return count, size, offset, at

    def _end64(self, end_at: int) -> tuple[int, int, int, int] | None:
        place_at = end_at - _END64_PLACE.size
        if place_at < 0:
            return None
        mark, _disk, claimed_at, _disks = _END64_PLACE.unpack(self._at(place_at, _END64_PLACE.size))
        if mark != b"PK\x06\x07":
            return None
        for at in (place_at - _END64.size, claimed_at):
            if 0 <= at <= self._length - _END64.size:
                fields = _END64.unpack(self._at(at, _END64.size))
                if fields[0] == b"PK\x06\x06":
                    return fields[7], fields[8], fields[9], at
        raise InputRefused("damaged")

    def _check_totals(self) -> None:
        limits = self._limits
        for record in self.records:
            if record.is_link:
                raise InputRefused("hostile", shown(record.name))
            if record.size > limits.ratio_floor and record.size > limits.ratio * max(record.packed, 1):
                raise InputRefused("hostile", shown(record.name))
        total = sum(record.size for record in self.records)
        if total > limits.ratio_floor * 4 and total > limits.ratio * self._length:
            raise InputRefused("hostile")
        if total > limits.total_bytes:
            raise InputRefused("too-large")

    def _check_overlaps(self) -> None:
        """Several records on the same bytes is how a small archive unpacks to a huge one."""
        end, owner = 0, ""
        for record in sorted(self.records, key=lambda each: each.start):
            if record.start < end:
                raise InputRefused("hostile", shown(owner))
            end, owner = record.start + _LOCAL.size + record.packed, record.name
        if end > self._directory_at:
            raise InputRefused("damaged", shown(owner))

    # --- content ---------------------------------------------------------

    def _content_start(self, record: ZipRecord) -> int:
        fields = _LOCAL.unpack(self._at(record.start, _LOCAL.size))
        start = record.start + _LOCAL.size + int(fields[9]) + int(fields[10])
        if fields[0] != b"PK\x03\x04" or start + record.packed > self._directory_at:
            raise InputRefused("damaged", shown(record.name))
        return start

    def _stored(self, record: ZipRecord, start: int) -> Iterator[bytes]:
        for at in range(start, start + record.packed, CHUNK):
            yield self._at(at, min(CHUNK, start + record.packed - at))

    def _inflated(self, record: ZipRecord, start: int) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        at, end, waiting = start, start + record.packed, b""
        while not inflater.eof:
            if not waiting and at < end:
                waiting = self._at(at, min(_PACKED_PIECE, end - at))
                at += len(waiting)
            try:
                piece = inflater.decompress(waiting, CHUNK)
            except zlib.error as error:
                raise InputRefused("damaged", shown(record.name)) from error
            if not piece and not waiting and at >= end:
                raise InputRefused("damaged", shown(record.name))
            waiting = inflater.unconsumed_tail
            if piece:
                yield piece

    def _at(self, place: int, length: int) -> bytes:
        self._file.seek(place)
        raw = self._file.read(length)
        if len(raw) != length:
            raise InputRefused("damaged")
        return raw


def _record(raw: bytes, at: int, shift: int) -> tuple[ZipRecord, int]:
    fields = _RECORD.unpack_from(raw, at)
    mark, _made, made_on = fields[0], fields[1], fields[2]
    flags, method = fields[5], fields[6]
    checksum, packed, size = fields[9], fields[10], fields[11]
    name_length, extra_length, comment_length = fields[12:15]
    attributes, start = fields[17], fields[18]
    name_at = at + _RECORD.size
    extra_at = name_at + name_length
    end = extra_at + extra_length + comment_length
    if mark != b"PK\x01\x02" or end > len(raw):
        raise InputRefused("damaged")
    size, packed, start = _sizes64(raw[extra_at : extra_at + extra_length], size, packed, start)
    name = _name(raw[name_at:extra_at], utf8=bool(flags & _UTF8_NAME))
    mode = attributes >> 16 if made_on in _MADE_ON_UNIX else 0
    record = ZipRecord(
        name=name,
        size=size,
        packed=packed,
        checksum=checksum,
        method=method,
        encrypted=bool(flags & _ENCRYPTED),
        is_folder=name.endswith(("/", "\\")),
        is_link=stat.S_ISLNK(mode),
        start=start + shift,
    )
    return record, end


def _sizes64(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
    """Replace the sizes that did not fit into 32 bits by those of the extra field 1, in the order of the format."""
    if _IN_64 not in (size, packed, start):
        return size, packed, start
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            try:
                size = next(values) if size == _IN_64 else size
                packed = next(values) if packed == _IN_64 else packed
                start = next(values) if start == _IN_64 else start
            except StopIteration as error:
                raise InputRefused("damaged") from error
            return size, packed, start
        at += 4 + length
    return size, packed, start


def _name(raw: bytes, *, utf8: bool) -> str:
    """The name as text: marked or valid UTF-8 as such (macOS forgets the mark), else the old DOS code page."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8" if utf8 else "cp437", "replace")
