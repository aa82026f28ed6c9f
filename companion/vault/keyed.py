"""Opens a database file with its key, and hands it out only after every guard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from companion.core.errors import EncryptionMissing, VaultDamaged
from companion.vault.engine import is_sound, load_engine, require_cipher, typed_error
from companion.vault.guards import Identity, guard_identity, settle
from companion.vault.keyslots import wipe

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

# "still" reads the file as it is: no lock, and no journal beside it is ever played back.
Mode = Literal["rw", "ro", "still"]
_MODES = {"rw": "mode=rw", "ro": "mode=ro", "still": "mode=ro&immutable=1"}
BUSY_SECONDS = 2.0


def connect_keyed(path: Path, key: bytearray, mode: Mode) -> dbapi2.Connection:
    """A keyed connection that is known to encrypt; nothing was read or written yet. Wipes `key`.

    Raises EncryptionMissing, or StorageTrouble where the file cannot be opened.
    """
    engine = load_engine()
    try:
        raw: dbapi2.Connection = engine.connect(
            f"{path.absolute().as_uri()}?{_MODES[mode]}", uri=True, isolation_level=None, timeout=BUSY_SECONDS
        )
    except engine.Error as error:
        raise (typed_error(error, path) or error) from error
    try:
        # First: SQLCipher would else print to standard error on a wrong key.
        raw.execute("PRAGMA cipher_log_level=NONE").fetchall()
        raw.execute("PRAGMA cipher_memory_security=OFF").fetchall()
        try:
            raw.set_key(key)
        except engine.Error as error:
            raise EncryptionMissing("key-refused") from error
        raw.execute("PRAGMA cipher_compatibility=4").fetchall()
        require_cipher(raw)
    except BaseException:
        raw.close()
        raise
    finally:
        wipe(key)
    return raw


def checked(path: Path, raw: dbapi2.Connection, expected: Identity | None) -> dbapi2.Connection:
    """The connection after its guards (none for a new database) and with its settings; closed on any fault."""
    engine = load_engine()
    try:
        if expected is not None:
            guard_identity(raw, expected)
        settle(raw)
        if not is_sound(raw):
            raise VaultDamaged("corrupt")
    except engine.Error as error:
        raw.close()
        raise (typed_error(error, path) or error) from error
    except BaseException:
        raw.close()
        raise
    return raw
