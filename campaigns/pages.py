r"""Decrypts the pages of a vault's database without SQLCipher, from its published format and the key alone.

SQLCipher 4, raw key (zetetic.net/sqlcipher/design): pages of 4096 bytes, of which
the last 80 are a 16-byte IV and HMAC-SHA512 over ciphertext, IV and page number
(little-endian, from 1); AES-256-CBC; the HMAC's key is PBKDF2-HMAC-SHA512 of the
key with the salt, each byte XOR 0x3A, 2 rounds. The first 16 bytes of the file
are the salt and stand for "SQLite format 3\0".
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from companion.vault.keyslots import KeyFile

PAGE, IV, MAC = 4096, 16, 64
CONTENT = PAGE - IV - MAC
_SALT = 16
_FIRST_FREE_AT, _FREE_COUNT_AT = 32, 36


class BadPage(Exception):
    """A page's HMAC is not that of its content."""


def database_key(folder: Path, passphrase: str) -> bytes:
    """The key of the database, from the key file."""
    key = KeyFile.load(folder).unlock(passphrase)
    try:
        return bytes(key.derive("db"))
    finally:
        key.wipe()


def plain_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page's plain content, 4016 bytes each. Raises BadPage."""
    raw = path.read_bytes()
    salt = raw[:_SALT]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    for number in range(1, len(raw) // PAGE + 1):
        page = raw[(number - 1) * PAGE : number * PAGE]
        start = _SALT if number == 1 else 0
        sealed, iv, mac = page[start:CONTENT], page[CONTENT : CONTENT + IV], page[CONTENT + IV :]
        if not hmac.compare_digest(hmac.digest(mac_key, sealed + iv + struct.pack("<I", number), "sha512"), mac):
            raise BadPage(number)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        yield b"SQLite format 3\0"[:start] + decryptor.update(sealed) + decryptor.finalize()


def free_leaves(pages: list[bytes]) -> set[int]:
    """Numbers of the pages that belong to nothing, whose content has no meaning (sqlite.org/fileformat2, freelist)."""
    (trunk,) = struct.unpack_from(">I", pages[0], _FIRST_FREE_AT)
    found: set[int] = set()
    while trunk:
        trunk_page = pages[trunk - 1]
        trunk, count = struct.unpack_from(">II", trunk_page)
        found.update(struct.unpack_from(f">{count}I", trunk_page, 8))
    return found


def is_unused(page: bytes, at: int, *, is_first: bool = False) -> bool:
    """Whether this byte lies between the cell pointers and the cells of a b-tree page, where nothing is kept.

    SQLite moves cells when it balances a tree and leaves what was there; secure_delete does not reach it.
    """
    start = 100 if is_first else 0
    kind, _first_free, cells, content = struct.unpack_from(">BHHH", page, start)
    if kind not in (2, 5, 10, 13):
        return False
    header = 12 if kind in (2, 5) else 8
    return bool(start + header + 2 * cells <= at < (content or CONTENT))
