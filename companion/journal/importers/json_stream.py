"""Reads a JSON object whose one list is long, element by element, so that memory stays small."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from companion.core.errors import InputRefused

_WHITE = re.compile(r"[ \t\n\r]*")
_FIRST_READ = 64 * 1024
_LONGEST_NUMBER = 40  # characters; longer ones say nothing in a journal and cost time squared
_NEAR_END = 16  # a cut-off word or escape is found at most this far before the end


class JsonStream:
    """A forward reader over pieces of bytes. Every method raises InputRefused: "damaged", "too-deep", "too-large"."""

    def __init__(self, pieces: Iterable[bytes], where: str, element_chars: int) -> None:
        self._pieces = iter(pieces)
        self._where = where
        self._most = element_chars
        self._text = ""
        self._at = 0
        self._ended = False
        self._decoder: codecs.IncrementalDecoder | None = None
        # Control characters inside strings are tolerated: a journal is not refused for a raw tab.
        self._json = json.JSONDecoder(strict=False, parse_int=_number, parse_constant=lambda _name: None)

    def root_keys(self) -> Iterator[str]:
        """The keys of the root object; after each, call `value` or `elements` once. Ends at the end of the file.

        Raises InputRefused("not-this-format") when the root is no object.
        """
        if self._peek() != "{":
            raise self._refused("not-this-format" if self._peek() else "empty")
        self._at += 1
        if self._peek() == "}":
            self._at += 1
        else:
            while True:
                key = self.value() if self._peek() == '"' else None
                if not isinstance(key, str):
                    raise self._refused("damaged")
                self._take(":")
                yield key
                if self._take(",}") == "}":
                    break
        if self._peek():
            raise self._refused("damaged")

    def elements(self) -> Iterator[Any]:
        """The elements of the list that comes next; nothing when it is no list (the value is read over)."""
        if self._peek() != "[":
            self.value()
            return
        self._at += 1
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._take(",]") == "]":
                return

    def value(self) -> Any:
        """The value that comes next, whole. NaN and numbers beyond all use become None."""
        self._peek()
        wanted = _FIRST_READ
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                unfinished = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _NEAR_END
                if self._ended or not unfinished:
                    raise self._refused("damaged") from error
            except RecursionError as error:
                raise self._refused("too-deep") from error
            else:
                # A number at the very end of what was read may go on in the next piece.
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._more(wanted)
            wanted *= 2

    # --- the window over the text ----------------------------------------

    def _take(self, wanted: str) -> str:
        found = self._peek()
        if not found or found not in wanted:
            raise self._refused("damaged")
        self._at += 1
        return found

    def _peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            white = _WHITE.match(self._text, self._at)
            self._at = white.end() if white else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more(_FIRST_READ)

    def _more(self, wanted: int) -> None:
        """Read about `wanted` more characters and forget those that were used."""
        kept = self._text[self._at :]
        if len(kept) > self._most:
            raise self._refused("too-large")
        parts, length = [kept], 0
        while length < wanted and not self._ended:
            text = self._decoded()
            parts.append(text)
            length += len(text)
        self._text = "".join(parts)
        self._at = 0

    def _decoded(self) -> str:
        piece = next(self._pieces, b"")
        self._ended = not piece
        try:
            if self._decoder is None:
                encoding = json.detect_encoding(piece[:4])
                self._decoder = codecs.getincrementaldecoder(encoding)("strict")
            return self._decoder.decode(piece, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._refused("damaged") from error

    def _refused(self, reason: str) -> InputRefused:
        return InputRefused(reason, self._where)


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None
