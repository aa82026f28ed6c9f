"""How long the key store has been opening a vault by itself: after two weeks the passphrase is asked once.

The vault remembers when it was last opened so, and how much of the two weeks is spent. A clock that
jumps forward spends what it jumped over. One that goes back cannot say how much time passed: each
time costs a day, so that a computer whose clock starts anew every morning comes to its two weeks
too. Nothing here locks anyone out: the passphrase opens at any time, and begins the weeks anew.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from companion.core.errors import ReadOnlyVault, StorageTrouble
from companion.vault.connection import Connection

ASK_AFTER: Final = timedelta(days=14)
_WENT_BACK: Final = timedelta(days=1)
_EACH_TIME: Final = timedelta(minutes=10)  # so that a clock which stands still comes to the end as well
_RECENT: Final = timedelta(days=1)  # typed within a day is not written down again at every opening
_KEY: Final = "device_opened"


class _Spent(NamedTuple):
    seen_at: datetime
    spent: timedelta

    def until(self, now: datetime) -> timedelta:
        """What is spent when the vault is opened now."""
        passed = now - self.seen_at
        return self.spent + (max(passed, _EACH_TIME) if passed >= timedelta() else _WENT_BACK)


def note_passphrase(connection: Connection, now: datetime) -> None:
    """The passphrase was typed: the two weeks begin anew. Raises ReadOnlyVault, StorageTrouble."""
    known = _read(connection)
    if known is None or now < known.seen_at or known.until(now) > _RECENT:
        _write(connection, _Spent(now, timedelta()))


def may_open(connection: Connection, now: datetime) -> bool:
    """Whether the key store may open the vault without the passphrase; where it may, that is remembered."""
    known = _read(connection)
    if known is None or known.until(now) > ASK_AFTER:
        return False
    # A disk that takes nothing keeps nobody out; the time counts at the next opening.
    with suppress(ReadOnlyVault, StorageTrouble):
        _write(connection, _Spent(now, known.until(now)))
    return True


def _read(connection: Connection) -> _Spent | None:
    raw = connection.value("SELECT value FROM vault_meta WHERE key=?", (_KEY,))
    try:
        plain = json.loads(raw)
        seen_at, spent = datetime.fromisoformat(plain["at"]), timedelta(seconds=plain["spent_s"])
        is_possible = seen_at.tzinfo is not None and timedelta() <= spent <= ASK_AFTER
        return _Spent(seen_at, spent) if is_possible else None
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


def _write(connection: Connection, known: _Spent) -> None:
    plain = {"at": known.seen_at.astimezone(UTC).isoformat(), "spent_s": known.spent.total_seconds()}
    with connection.transaction():
        connection.execute("INSERT OR REPLACE INTO vault_meta (key, value) VALUES (?, ?)", (_KEY, json.dumps(plain)))
