"""What a page of a table or index holds, by SQLite's published file format (sqlite.org/fileformat2).

Nothing is believed: a cell that points outside its page, or a value that does
not fit its length, ends that cell and no more.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from companion.vault.salvage.pages import USABLE

INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF = 2, 5, 10, 13
KINDS: Final = frozenset({INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF})
_LEAST_LOCAL = (USABLE - 12) * 32 // 255 - 23
_MOST_LOCAL_TABLE = USABLE - 35
_MOST_LOCAL_INDEX = (USABLE - 12) * 64 // 255 - 23
_WHOLE_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_MOST_COLUMNS = 2000

PageOf = Callable[[int], bytes | None]


@dataclass(frozen=True, slots=True)
class Gone:
    """Stands for a value that is on a damaged page; of a text that was cut, its beginning."""

    beginning: str = ""


LOST: Final = Gone()


class _Malformed(Exception):
    """Bytes that are no cell or record."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a table or entry of an index; `whole` is False where the end of it is on a damaged page."""

    rowid: int | None
    values: tuple[Any, ...]
    whole: bool
    spill: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A page of a tree: its kind (None for any other page), the pages below it, and its cells."""

    kind: int | None
    below: tuple[int, ...]
    cells: tuple[Cell, ...]
    malformed: bool = False


_NOTHING = Node(None, (), ())


def read_node(page: bytes, number: int, page_of: PageOf) -> Node:
    """Read a page as part of a tree."""
    start = 100 if number == 1 else 0
    kind = page[start]
    if kind not in KINDS:
        return _NOTHING
    (count,) = struct.unpack_from(">H", page, start + 3)
    is_interior = kind in (INDEX_INTERIOR, TABLE_INTERIOR)
    first = start + (12 if is_interior else 8)
    if first + 2 * count > USABLE:
        return Node(kind, (), (), malformed=True)
    below, cells, malformed = [], [], False
    for at in struct.unpack_from(f">{count}H", page, first):
        try:
            if is_interior:
                below.append(struct.unpack_from(">I", page, at)[0])
            if kind != TABLE_INTERIOR:
                cells.append(_cell(page, at, kind, page_of))
        except (_Malformed, struct.error, IndexError):
            malformed = True
    if is_interior:
        below.append(struct.unpack_from(">I", page, start + 8)[0])
    return Node(kind, tuple(below), tuple(cells), malformed)


def _cell(page: bytes, at: int, kind: int, page_of: PageOf) -> Cell:
    if kind == INDEX_INTERIOR:
        at += 4
    size, at = _varint(page, at)
    rowid = None
    if kind == TABLE_LEAF:
        rowid, at = _varint(page, at)
        rowid -= (rowid >> 63) << 64
    local = _local_size(size, kind)
    payload = page[at : at + local]
    if at + local > USABLE or len(payload) != local:
        raise _Malformed
    spill: list[int] = []
    if local < size:
        (first,) = struct.unpack_from(">I", page, at + local)
        payload = b"".join([payload, *_spilled(first, size - local, page_of, spill)])
    values = tuple(_values(payload, size))
    is_whole = len(payload) == size and not any(isinstance(value, Gone) for value in values)
    return Cell(rowid, values, is_whole, tuple(spill))


def _local_size(size: int, kind: int) -> int:
    """How much of a record lies in the page itself; the rest is in a chain of pages of its own."""
    most = _MOST_LOCAL_TABLE if kind == TABLE_LEAF else _MOST_LOCAL_INDEX
    if size <= most:
        return size
    wanted = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (USABLE - 4)
    return wanted if wanted <= most else _LEAST_LOCAL


def _spilled(number: int, left: int, page_of: PageOf, spill: list[int]) -> Iterator[bytes]:
    """The rest of a record, as far as its pages can be read; `spill` gets their numbers."""
    seen: set[int] = set()
    while left > 0 and number and number not in seen:
        seen.add(number)
        spill.append(number)
        page = page_of(number)
        if page is None:
            return
        part = page[4 : 4 + min(left, USABLE - 4)]
        yield part
        left -= len(part)
        (number,) = struct.unpack_from(">I", page)


def _values(payload: bytes, size: int) -> Iterator[Any]:
    header, at = _varint(payload, 0)
    if header > size or not header:
        raise _Malformed
    kinds: list[int] = []
    while at < min(header, len(payload)):
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != header or len(kinds) > _MOST_COLUMNS:
        raise _Malformed
    for kind in kinds:
        length = _length(kind)
        yield _value(payload, at, kind, length) if at + length <= len(payload) else _cut(payload[at:], kind)
        at += length
    if at != size:
        raise _Malformed


def _length(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind == 7:
        return 8
    if kind in (10, 11):
        raise _Malformed
    return _WHOLE_SIZES.get(kind, 0)


def _value(payload: bytes, at: int, kind: int, length: int) -> Any:
    raw = payload[at : at + length]
    if kind in (8, 9):
        return kind - 8
    if kind == 0:
        return None
    if kind in _WHOLE_SIZES:
        return int.from_bytes(raw, "big", signed=True)
    if kind == 7:
        return struct.unpack(">d", raw)[0]
    if kind % 2 == 0:
        return bytes(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return LOST


def _cut(raw: bytes, kind: int) -> Gone:
    """The value goes on where nothing can be read; the beginning of a text is worth something by itself."""
    is_text = kind >= 13 and kind % 2 == 1
    return Gone(raw.decode("utf-8", "ignore")) if is_text else LOST


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(8):
        byte = raw[at + n]
        value = value << 7 | byte & 127
        if byte < 128:
            return value, at + n + 1
    return value << 8 | raw[at + 8], at + 9
