"""The twin of a measured vault as plain SQLite: same schema, same rows, same library, no key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import PASSPHRASE
from companion.vault.engine import load_engine
from companion.vault.guards import settle
from companion.vault.keyed import connect_keyed
from companion.vault.keyslots import KeyFile, database_key

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2


def plain_twin(folder: Path) -> Path:
    """The plain copy of this vault's database, made once beside the cached vault."""
    twin = folder.with_suffix(".plain.db")
    if twin.is_file():
        return twin
    part = twin.with_suffix(".part")
    part.unlink(missing_ok=True)
    keys = KeyFile.load(folder)
    raw = connect_keyed(folder / "vault.db", database_key(keys.unlock(PASSPHRASE), keys.cipher_salt), "rw")
    try:
        raw.execute("ATTACH DATABASE ? AS plain KEY ''", (str(part),))
        raw.execute("SELECT sqlcipher_export('plain')").fetchall()
        raw.execute("DETACH DATABASE plain")
    finally:
        raw.close()
    os.replace(part, twin)
    return twin


def open_plain(path: Path) -> dbapi2.Connection:
    """A connection without key and with every setting that a vault's connection has."""
    raw: dbapi2.Connection = load_engine().connect(str(path), isolation_level=None)
    settle(raw)
    return raw
