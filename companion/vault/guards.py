"""What is asked of a vault's file before the first write, and the settings every connection must keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.core.errors import EncryptionMissing, KeyFileRolledBack, VaultReplaced
from companion.core.files import storage_trouble
from companion.core.ids import VaultId
from companion.vault.engine import is_plain_sqlite

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

APPLICATION_ID: Final = int.from_bytes(b"CMPN", "big")

# name, value to set, value that must be read back. locking_mode stays NORMAL: EXCLUSIVE leaves a journal at rest.
PRAGMAS: Final = (
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("mmap_size", "0", 0),
    ("locking_mode", "NORMAL", "normal"),
    ("journal_mode", "DELETE", "delete"),
    ("synchronous", "EXTRA", 3),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
    ("cache_size", "-64000", -64000),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database this must be: the key file's vault id, and its generation (None: not compared)."""

    vault_id: VaultId
    generation: int | None = None


def guard_file(path: Path) -> None:
    """Refuse a file that is missing, empty or not encrypted, before anything opens it.

    Raises VaultReplaced: such a file is lost or was replaced, and SQLite would
    take an empty one for a new database.
    """
    try:
        if not path.is_file():
            raise VaultReplaced("missing")
        if path.stat().st_size == 0:
            raise VaultReplaced("empty")
        if is_plain_sqlite(path):
            raise VaultReplaced("plain")
    except OSError as error:
        raise storage_trouble(error, path) from error


def guard_identity(raw: dbapi2.Connection, expected: Identity) -> None:
    """Refuse a readable database that is not this vault's. Reads only.

    Raises VaultReplaced, or KeyFileRolledBack where the database knows a newer key file.
    """
    tables = {str(row[0]) for row in raw.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()}
    if not tables:
        raise VaultReplaced("no-tables")
    if raw.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise VaultReplaced("application-id")
    if not {"vault_meta", "preference"} <= tables:
        raise VaultReplaced("no-tables")
    meta = dict(raw.execute("SELECT key, value FROM vault_meta").fetchall())
    if meta.get("vault_id") != expected.vault_id:
        raise VaultReplaced("other-vault")
    if expected.generation is not None and int(meta.get("header_generation", 0)) > expected.generation:
        raise KeyFileRolledBack("key-file-older")


def settle(raw: dbapi2.Connection) -> None:
    """Set every pragma and read it back. Raises EncryptionMissing("pragma-…") where one does not hold."""
    for name, value, expected in PRAGMAS:
        raw.execute(f"PRAGMA {name}={value}").fetchall()
        found = raw.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != expected:
            raise EncryptionMissing(f"pragma-{name}")
