"""The line between the reading process and Companion: frames of limited size, JSON messages and raw file pieces.

A frame is one byte of kind, four bytes of length (big-endian) and the content.
Messages, all JSON objects with a "type":

- request (to the reader): path, format, zone, media, memory
- header: format
- batch: entries, problems, words (older versions and drafts, after the entries they belong to)
- media: entry (running number from 0), position (from 1); then file pieces; then media-end: whole
- summary: other, untold (refused entries beyond those told one by one)
- refused: reason, where

The reader may have been taken over by the file it read, so the receiving side
trusts no length, type or number in here.
"""

from __future__ import annotations

import json
import os
import select
import struct
from typing import Any, BinaryIO

MESSAGE = b"J"
PIECE = b"M"
LONGEST_MESSAGE = 48 << 20  # one entry of five million characters, every one of them escaped
LONGEST_PIECE = 1 << 20
_HEAD = struct.Struct(">cI")
_LONGEST = {MESSAGE: LONGEST_MESSAGE, PIECE: LONGEST_PIECE}
_READ_AT_ONCE = 64 * 1024


class ProtocolBroken(Exception):
    """What arrived is not what a reader of ours would send."""


class NoProgress(Exception):
    """Nothing arrived for too long."""


class FrameWriter:
    """The sending side."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def message(self, kind: str, **fields: Any) -> None:
        """Send one JSON message."""
        raw = json.dumps({"type": kind, **fields}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        self._frame(MESSAGE, raw)

    def piece(self, raw: bytes) -> None:
        """Send a piece of a file, at most 1 MiB."""
        self._frame(PIECE, raw)

    def _frame(self, kind: bytes, raw: bytes) -> None:
        if len(raw) > _LONGEST[kind]:
            raise ValueError("longer than a frame can be")
        self._stream.write(_HEAD.pack(kind, len(raw)))
        self._stream.write(raw)
        self._stream.flush()


class FrameReader:
    """The receiving side, on a pipe's file descriptor."""

    def __init__(self, handle: int, timeout_s: float) -> None:
        self._handle = handle
        self._timeout_ms = round(timeout_s * 1000)
        self._poll = select.poll()
        self._poll.register(handle, select.POLLIN)

    def next(self) -> tuple[bytes, bytes]:
        """Kind and content of the next frame. Raises ProtocolBroken, EOFError at the end, NoProgress."""
        kind, length = _HEAD.unpack(self._exactly(_HEAD.size))
        longest = _LONGEST.get(kind)
        if longest is None or length > longest:
            raise ProtocolBroken("frame")
        return kind, self._exactly(length)

    def message(self, raw: bytes) -> dict[str, Any]:
        """The content of a message frame. Raises ProtocolBroken."""
        try:
            message = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ProtocolBroken("json") from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise ProtocolBroken("message")
        return message

    def _exactly(self, length: int) -> bytes:
        pieces = bytearray()
        while len(pieces) < length:
            if not self._poll.poll(self._timeout_ms):
                raise NoProgress
            piece = os.read(self._handle, min(_READ_AT_ONCE, length - len(pieces)))
            if not piece:
                raise EOFError
            pieces += piece
        return bytes(pieces)


def _no_constant(name: str) -> None:
    raise ValueError(name)
