"""Makes hostile input out of good input: by bytes, and by the structure of JSON."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable, Sequence
from typing import Any

LONGEST = 1 << 20
_LONGEST_REPEAT = 1 << 18
_EDGES = (0, 1, 7, 8, 16, 127, 128, 255, 256, 4095, 4096, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)
_TOKENS = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"{", b"[", b'"', b"\\u0000", b"\\ud800", b"null",
    b"NaN", b"-Infinity", b"1e999", b"9" * 400, b"9" * 5000, b"[" * 3000, b'{"a":' * 3000, b"PK\x03\x04", b"PK\x05\x06",
    b"PK\x01\x02", b"CMPVBAK1", b"1KABVPMC", b"CMPMED\x00\x01", b"../", b"..\\", b"/", b"\r\n", b"\n\n", b"]]>",
    b"<!--", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"---\n", b"![](attachment:1)", b"\xe2\x80\xae", "é😀".encode(),
    b"[2020-02-30 25:61] ", b"9999-12-31T23:59:59+23:59", b"0001-01-01T00:00:00-23:59",
)  # fmt: skip
_ODD: tuple[Callable[[random.Random], Any], ...] = (
    lambda rnd: rnd.choice((None, True, False, 0, -1, 1, 0.5, -0.0, 1e308, float("nan"), float("inf"))),
    lambda rnd: rnd.choice(_EDGES) * rnd.choice((1, -1)),
    lambda rnd: 10 ** rnd.choice((20, 400)),
    lambda rnd: "",
    lambda rnd: rnd.choice(("\ud800", "\x00", "../../x", "é" * 300, "A" * 70_000, "\u202e", "0" * 64, "ff" * 16, "-1")),
    lambda rnd: rnd.choice(("9999-12-31T23:59:59+23:59", "0001-01-01T00:00:00-23:59", "2024-02-30", "now", "NaN")),
    lambda rnd: rnd.choice(([], {}, [[]], {"": None}, [None] * 40, ["a"] * 1000, {"a": {"b": {"c": []}}})),
    lambda rnd: _nested(rnd.choice((40, 400))),
)


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


# --- bytes -------------------------------------------------------------------


def in_bytes(raw: bytes, rnd: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """One to five changes; `others` are good inputs whose parts may come in. At most `LONGEST` bytes."""
    data = bytearray(raw)
    for _ in range(rnd.choice((1, 1, 1, 2, 3, 5))):
        rnd.choice(_CHANGES)(data, rnd, others)
    return bytes(data[:LONGEST])


def _flip(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    if data:
        data[rnd.randrange(len(data))] ^= 1 << rnd.randrange(8)


def _set(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    if data:
        data[rnd.randrange(len(data))] = rnd.choice((0, 1, 0x7F, 0x80, 0xFF, rnd.randrange(256)))


def _cut(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    at = rnd.randint(0, len(data))
    del data[at : at + rnd.choice((1, 2, 8, 100, len(data)))]


def _repeat(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    at = rnd.randint(0, len(data))
    piece = data[at : at + rnd.choice((1, 4, 40, 400))]
    data[at:at] = bytes(piece) * rnd.choice((1, 1, 2, 50))


def _token(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    at = rnd.randint(0, len(data))
    token = rnd.choice(_TOKENS)
    data[at : at + rnd.choice((0, len(token)))] = token


def _number(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    form = rnd.choice((">I", "<I", ">Q", "<Q", "<H"))
    size = struct.calcsize(form)
    if len(data) >= size:
        at = rnd.randint(0, len(data) - size)
        edge = rnd.choice(_EDGES) + rnd.choice((-1, 0, 0, 1))
        data[at : at + size] = struct.pack(form, edge % (1 << 8 * size))


def _mix(data: bytearray, rnd: random.Random, others: Sequence[bytes]) -> None:
    if others and data:
        other = rnd.choice(others)
        at, start = rnd.randint(0, len(data)), rnd.randint(0, len(other))
        data[at : at + rnd.choice((0, 16, 400))] = other[start : start + rnd.choice((1, 16, 400, 4000))]


def _swap(data: bytearray, rnd: random.Random, _others: Sequence[bytes]) -> None:
    size = rnd.choice((1, 2, 16, 64))
    if len(data) > 2 * size:
        first, second = rnd.randint(0, len(data) - size), rnd.randint(0, len(data) - size)
        data[first : first + size], data[second : second + size] = (
            data[second : second + size],
            data[first : first + size],
        )


_CHANGES = (_flip, _flip, _set, _cut, _repeat, _token, _token, _number, _number, _mix, _swap)


# --- JSON --------------------------------------------------------------------


def in_json(value: Any, rnd: random.Random) -> Any:
    """The same document with one to four of its places changed; the one given is not touched."""
    document = [json.loads(json.dumps(value))]
    for _ in range(rnd.choice((1, 1, 2, 4))):
        holder, key = rnd.choice(list(_places(document)))
        _change(holder, key, rnd)
        if not document:
            return None
    if rnd.random() < 0.05:
        _grow(document, rnd)
    return document[0]


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack and len(found) < 2000:
        holder = stack.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                stack.append(holder[key])
    return found or [(value, 0)]


def _change(holder: Any, key: Any, rnd: random.Random) -> None:
    how = rnd.randrange(10)
    if not holder:
        return
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, dict):
        holder[rnd.choice(("", "x", "format", "id", "kind", str(key).upper(), f"{key} "))] = holder.pop(key)
    elif how == 2 and isinstance(holder, list):
        holder.append(holder[key])
    elif how == 3 and isinstance(holder[key], str):
        holder[key] = in_text(holder[key], rnd)
    elif how == 4 and type(holder[key]) is int:
        holder[key] += rnd.choice((-1, 1, 1 << 31, 1 << 53))
    elif how == 5 and isinstance(holder, dict):
        holder[key] = holder[rnd.choice(list(holder))]
    else:
        holder[key] = rnd.choice(_ODD)(rnd)


def _grow(document: list[Any], rnd: random.Random) -> None:
    """Many times the same element; last, so that nothing in it grows again."""
    lists = [(holder, key) for holder, key in _places(document) if isinstance(holder, list) and holder is not document]
    if lists:
        holder, key = rnd.choice(lists)
        times = rnd.choice((20, 300, 3000))
        if times * len(json.dumps(holder[key])) < _LONGEST_REPEAT:
            holder.extend([holder[key]] * times)


def in_text(text: str, rnd: random.Random) -> str:
    """The words changed as bytes are; what is no text any more becomes half a surrogate."""
    return in_bytes(text.encode("utf-8", "surrogatepass"), rnd).decode("utf-8", "surrogateescape")


def written(value: Any, rnd: random.Random) -> bytes:
    """JSON in one of the ways it can be written, now and then with a member twice or with a comma too many."""
    between = rnd.choice(((",", ":"), (", ", ": "), (" ,\n", "\t: ")))
    text = json.dumps(value, ensure_ascii=rnd.random() < 0.7, separators=between)
    if rnd.random() < 0.05:
        text = text.replace("{", '{"format": 1, ', 1) if rnd.random() < 0.5 else text.replace(",", ",,", 1)
    return text.encode("utf-8", "surrogatepass")
