"""The pages of a damaged database one by one, without SQLCipher: what is authentic as plain bytes, the rest as None.

SQLCipher stops at the first page that fails, and one page that fails can hide a
whole table. Here each page stands for itself (format: docs/vault-format.md). A
page that was moved, cut, mixed or changed fails its HMAC, which covers its number.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE: Final = 4096
IV, MAC = 16, 64
USABLE: Final = PAGE - IV - MAC
SALT: Final = 16
_MAGIC = b"SQLite format 3\0"
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_JOURNAL_HEADER = struct.Struct(">8sIIIII")
_RECORD = 4 + PAGE + 4
_UNKNOWN_COUNT = 0xFFFFFFFF


class Pages:
    """A database file and, where a crash left one, the journal that takes its last, unfinished change back."""

    def __init__(self, file: BinaryIO, key: bytearray, salt: bytes, journal: bytes = b"") -> None:
        self._file = file
        self._cipher = algorithms.AES(bytes(key))
        mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
        self._mac = hmac.new(mac_key, digestmod="sha512")
        self._file.seek(0, 2)
        self._size = self._file.tell()
        self.count = -(-self._size // PAGE)
        self._undone: dict[int, bytes] = {}
        self._take_back(journal)
        self.good: frozenset[int] = frozenset()

    @property
    def bad(self) -> int:
        """How many pages are damaged or missing in part."""
        return self.count - len(self.good)

    def look_at_all(self, step: Callable[[int], object] = lambda _: None) -> None:
        """Find out which pages are authentic; `step(bytes read)` may raise to stop."""
        good = set()
        for number in range(1, self.count + 1):
            if self._sealed(number) is not None:
                good.add(number)
            if number % 64 == 0:
                step(64 * PAGE)
        self.good = frozenset(good)

    def plain(self, number: int) -> bytes | None:
        """The 4,016 plain bytes of a page that is authentic, counted from 1, else None."""
        sealed = self._sealed(number)
        if sealed is None:
            return None
        start = SALT if number == 1 else 0
        decryptor = Cipher(self._cipher, modes.CBC(sealed[USABLE : USABLE + IV])).decryptor()
        return _MAGIC[:start] + decryptor.update(sealed[start:USABLE]) + decryptor.finalize()

    def _sealed(self, number: int) -> bytes | None:
        if number in self._undone:
            return self._undone[number]
        if not 1 <= number <= self.count:
            return None
        try:
            self._file.seek((number - 1) * PAGE)
            raw = self._file.read(PAGE)
        except OSError:  # a place on the disk that cannot be read
            return None
        return raw if self._is_authentic(number, raw) else None

    def _is_authentic(self, number: int, raw: bytes) -> bool:
        if len(raw) != PAGE:
            return False
        found = self._mac.copy()
        found.update(raw[SALT if number == 1 else 0 : -MAC] + struct.pack("<I", number))
        return hmac.compare_digest(found.digest(), raw[-MAC:])

    # --- a journal that was left -----------------------------------------

    def _take_back(self, journal: bytes) -> None:
        """Pages as they were before a change that never ended (sqlite.org/fileformat2, the rollback journal)."""
        at, first_count = 0, 0
        while at + _JOURNAL_HEADER.size <= len(journal):
            magic, records, _nonce, pages, sector, size = _JOURNAL_HEADER.unpack_from(journal, at)
            if magic != _JOURNAL_MAGIC or size != PAGE or not 32 <= sector <= 1 << 16:
                break
            first_count = first_count or pages
            start = at + sector
            if records == _UNKNOWN_COUNT:
                records = (len(journal) - start) // _RECORD
            end = start + records * _RECORD
            self._take_records(journal[start:end])
            at = -(-end // sector) * sector
        if first_count and self._undone:
            self.count = min(self.count, first_count)

    def _take_records(self, raw: bytes) -> None:
        for at in range(0, len(raw) - _RECORD + 1, _RECORD):
            number = int.from_bytes(raw[at : at + 4], "big")
            page = raw[at + 4 : at + 4 + PAGE]
            # The first copy is the oldest; what was half written when the power went is no page.
            if number and number not in self._undone and self._is_authentic(number, page):
                self._undone[number] = page
