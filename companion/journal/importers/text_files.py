"""Bytes from other programs as text, and what bytes that are no text may be."""

from __future__ import annotations

import codecs
import json
import re

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_KNOWN_BINARY = (
    b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"\x1f\x8b", b"SQLite format 3", b"RIFF", b"\x7fELF", b"MZ",
    b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"bplist", b"ID3", b"OggS", b"\x00\x00\x00",
    b"II*\x00", b"MM\x00*", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_CONTROL = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_FERNET = re.compile(rb"gAAAAA[A-Za-z0-9_=\s-]{50,}")
_AES_BLOCK = 16


def decoded(raw: bytes, *, whole: bool = True) -> str | None:
    """The text in `raw`; None when it is not text. With `whole` false the last character may be cut off.

    Byte order marks are obeyed. Without one it is UTF-8, else the Western
    code page of old Windows programs.
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), json.detect_encoding(raw[:4]))
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(raw, final=whole)
    except UnicodeDecodeError:
        if encoding != "utf-8" or _CONTROL.search(raw):
            return None
        return raw.decode("cp1252", "replace")


def is_known_binary(head: bytes) -> bool:
    """Whether it begins like a picture, a document, an archive or a program."""
    return head.startswith(_KNOWN_BINARY)


def is_encrypted_jrnl(head: bytes, size: int) -> bool:
    """Whether it looks like a journal that jrnl has encrypted.

    Version 3 begins with its name, version 2 is a Fernet token, and 1.x is bare
    AES in whole blocks: bytes that are no text, spread over all values.
    """
    if head.startswith(b"JRNLv3") or _FERNET.match(head):
        return True
    if size % _AES_BLOCK or size < 2 * _AES_BLOCK or decoded(head, whole=False) is not None:
        return False
    return not is_known_binary(head) and len(set(head)) > min(len(head), 256) * 0.55
