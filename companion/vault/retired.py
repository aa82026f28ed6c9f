"""The master keys that a vault had before its key was rotated, kept inside it for the backups from before.

`vault_meta` has them under "retired_keys": a JSON list of {key, slots}. `key` is the old master key in
hexadecimal; `slots` is a key file, as keys.json would hold it, whose slots wrap that key for the passphrase
and the recovery key of now. A slot is bound to vault id and slot id only, so the same slots serve in every
backup from before (see `reslot`), and none of that needs a secret once the vault is open.

"rotation" says what is left to do: "untold" until someone was given the new recovery key, then "backups".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from companion.vault.connection import Connection
from companion.vault.keyslots import KeyFile, MasterKey

KEYS: Final = "retired_keys"
LEFT_TO_DO: Final = "rotation"
UNTOLD, BACKUPS_LEFT = "untold", "backups"


@dataclass(frozen=True, slots=True)
class Retired:
    """One key from before, and the slots that open it now. Whoever reads it wipes the key."""

    key: MasterKey
    slots: KeyFile


def read(connection: Connection) -> list[Retired]:
    """The keys from before, the newest first."""
    stored = connection.value("SELECT value FROM vault_meta WHERE key=?", (KEYS,))
    return [
        Retired(MasterKey(bytearray.fromhex(one["key"])), KeyFile.from_bytes(one["slots"].encode("ascii")))
        for one in (json.loads(stored) if stored else ())
    ]


def read_keys(connection: Connection) -> tuple[MasterKey, ...]:
    """Only the keys."""
    return tuple(one.key for one in read(connection))


def write(connection: Connection, retired: Sequence[Retired]) -> None:
    """Keep these, the newest first."""
    plain = [{"key": one.key.exposed(), "slots": one.slots.to_bytes().decode("ascii")} for one in retired]
    put(connection, KEYS, json.dumps(plain))


def left_to_do(connection: Connection) -> str:
    """UNTOLD, BACKUPS_LEFT, or "" where nothing of a rotation is left to do."""
    return connection.value("SELECT value FROM vault_meta WHERE key=?", (LEFT_TO_DO,)) or ""


def put(connection: Connection, name: str, value: str) -> None:
    """Set one line of `vault_meta`; an empty value takes it away."""
    with connection.transaction():
        if value:
            connection.execute("INSERT OR REPLACE INTO vault_meta (key, value) VALUES (?, ?)", (name, value))
        else:
            connection.execute("DELETE FROM vault_meta WHERE key=?", (name,))
