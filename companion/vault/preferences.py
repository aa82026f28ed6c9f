"""Choices that are kept inside the vault because they say something about the person."""

from __future__ import annotations

import json
from typing import Any

from companion.vault.connection import Connection


class Preferences:
    """JSON values by name, in the open vault."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, key: str, default: Any = None) -> Any:
        """The stored value, or `default` where there is none."""
        row = self._db.row("SELECT value FROM preference WHERE key=?", (key,))
        return default if row is None else json.loads(row[0])

    def put(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold. Raises ReadOnlyVault, StorageTrouble."""
        raw = json.dumps(value, ensure_ascii=False, allow_nan=False)
        with self._db.transaction():
            self._db.execute("INSERT OR REPLACE INTO preference (key, value) VALUES (?, ?)", (key, raw))

    def remove(self, key: str) -> None:
        """Forget the value, if there is one."""
        with self._db.transaction():
            self._db.execute("DELETE FROM preference WHERE key=?", (key,))
