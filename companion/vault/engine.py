"""Loads SQLCipher, proves that what was loaded encrypts, and names what it says in our own errors."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from companion.core.errors import (
    CompanionError,
    DiskFull,
    DiskReadOnly,
    DiskUnreachable,
    EncryptionMissing,
    ReadOnlyVault,
    Stopped,
    VaultDamaged,
    VaultInUse,
)

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

KNOWN_CIPHER_MAJOR: Final = "4"
# Older ones have the WAL-reset fault (sqlite.org/wal.html, fixed in 3.51.3); a system library is usually older still.
OLDEST_SQLITE: Final = (3, 51, 3)
_PLAIN_HEADER: Final = b"SQLite format 3\0"
_NO_ROOM_BYTES = 128 * 1024

_BUSY, _LOCKED, _READ_ONLY, _INTERRUPT, _IO, _CORRUPT, _FULL, _CANNOT_OPEN, _PROTOCOL, _NOT_A_DB = (
    5, 6, 8, 9, 10, 11, 13, 14, 15, 26,
)  # fmt: skip
# The backup interface raises without a code; these are the library's own texts for it (sqlite3_errstr).
_BY_TEXT: Final = {
    "database is locked": _BUSY,
    "attempt to write a readonly database": _READ_ONLY,
    "disk I/O error": _IO,
    "database disk image is malformed": _CORRUPT,
    "database or disk is full": _FULL,
    "unable to open database file": _CANNOT_OPEN,
    "file is not a database": _NOT_A_DB,
}


def load_engine() -> ModuleType:
    """The `sqlcipher3.dbapi2` module, loaded without the system's OpenSSL configuration.

    Raises EncryptionMissing where it cannot be loaded, or where another SQLite
    answers in its place: with a system libsqlite3 in the global symbol scope the
    key is ignored and the file would be written in plain text.
    """
    # A broken openssl.cnf of the system would make the import fail (VAULT: fact 3).
    os.environ["OPENSSL_CONF"] = os.devnull
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise EncryptionMissing("not-loadable") from error
    probe = dbapi2.connect(":memory:")
    try:
        require_cipher(probe)
    finally:
        probe.close()
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise EncryptionMissing("sqlite-too-old")
    return dbapi2


def require_cipher(raw: dbapi2.Connection) -> str:
    """The cipher's version text. Raises EncryptionMissing where this connection would not encrypt."""
    found = raw.execute("PRAGMA cipher_version").fetchone()
    version = str(found[0]) if found and found[0] else ""
    if not version:
        raise EncryptionMissing("not-sqlcipher")
    if version.partition(".")[0] != KNOWN_CIPHER_MAJOR:
        raise EncryptionMissing("cipher-version")
    return version


def is_sound(raw: dbapi2.Connection) -> bool:
    """Whether every page that this connection has read so far was authentic. Takes about 2 µs.

    Has to be asked after each read: SQLCipher 4.19 hands out zeros for the last
    overflow page of a long value when its HMAC fails, and reports no error, and
    the backup interface copies such a page as if it were good (both seen; the
    same damage in any other page is reported).
    """
    return raw.execute("PRAGMA cipher_status").fetchone() == ("1",)


def is_plain_sqlite(path: Path) -> bool:
    """Whether the file begins as an unencrypted SQLite database does."""
    with path.open("rb") as file:
        return file.read(16) == _PLAIN_HEADER


def typed_error(error: Exception, path: Path, *, read_only: bool = False) -> CompanionError | None:
    """What a SQLCipher error means for the person, or None where it is a fault of the program.

    The library reports primary result codes only (seen with 0.6.4), so what a
    code leaves open is told apart by looking at the disk.
    """
    code = getattr(error, "sqlite_errorcode", _BY_TEXT.get(str(error)))
    if code is None:
        return VaultDamaged("corrupt") if quotes_content(error) else None
    code &= 0xFF
    if code in (_NOT_A_DB, _CORRUPT):
        return _damage(code, str(error))
    if code in (_BUSY, _LOCKED, _PROTOCOL):
        return VaultInUse()
    if code == _INTERRUPT:
        return Stopped()
    return _storage(code, path, read_only=read_only)


def quotes_content(error: Exception) -> bool:
    """Whether the error repeats what is in the database: its words for text that is no UTF-8, without a code."""
    return str(error).startswith("Could not decode to UTF-8")


def _damage(code: int, message: str) -> VaultDamaged:
    if code == _NOT_A_DB:
        return VaultDamaged("not-a-database")
    # A search index that does not fit its table raises the same code; the entries are not touched by it.
    return VaultDamaged("search-index" if message.startswith("fts5:") else "corrupt")


def _storage(code: int, path: Path, *, read_only: bool) -> CompanionError | None:
    if code == _FULL:
        return DiskFull(path)
    if code == _READ_ONLY:
        if not path.exists():
            return DiskUnreachable(path)
        return ReadOnlyVault() if read_only else DiskReadOnly(path)
    if code in (_IO, _CANNOT_OPEN):
        return _unreachable(path)
    return None


def _unreachable(path: Path) -> CompanionError:
    try:
        if shutil.disk_usage(path.parent).free < _NO_ROOM_BYTES:
            return DiskFull(path)
    except OSError:
        return DiskUnreachable(path)
    if path.exists() and not os.access(path.parent, os.W_OK):
        return DiskReadOnly(path)
    return DiskUnreachable(path)
