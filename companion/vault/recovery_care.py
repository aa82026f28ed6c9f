"""When the recovery key was made and last tried; once a year the person is offered to try it again.

Kept inside the vault, as the preference "recovery_key": {made, checked, put_off, never}, times in ISO 8601.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from companion.core.clock import Clock
from companion.core.errors import ReadOnlyVault, StorageTrouble
from companion.vault.connection import Connection
from companion.vault.preferences import Preferences

OFFER_AFTER: Final = timedelta(days=365)
_KEY: Final = "recovery_key"


class RecoveryCare:
    """What is remembered about the recovery key of an open vault. A disk that takes nothing is no reason to fail."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._preferences = Preferences(connection)
        self._clock = clock

    @property
    def made_at(self) -> datetime | None:
        """When the key in force was made; None where that was not written down."""
        return self._time("made")

    @property
    def checked_at(self) -> datetime | None:
        """When it was last typed and opened the vault, or None."""
        return self._time("checked")

    @property
    def offer_due(self) -> bool:
        """Whether a year passed since it was made, tried or put off; never where the person said so."""
        if self._known().get("never"):
            return False
        created = self._connection.value("SELECT value FROM vault_meta WHERE key='created_at'")
        begun = self.made_at or (datetime.fromisoformat(created) if created else None)
        times = [at for at in (begun, self.checked_at, self._time("put_off")) if at is not None]
        return bool(times) and self._clock.now() - max(times) >= OFFER_AFTER

    def note_made(self) -> None:
        """There is a new key: what was known about another one counts no more, but "never" does."""
        self._keep({"made": self._now(), "never": bool(self._known().get("never"))})

    def note_checked(self) -> None:
        """It was typed, and opened the vault."""
        self._keep(self._known() | {"checked": self._now()})

    def put_off(self) -> None:
        """Not now: in a year again."""
        self._keep(self._known() | {"put_off": self._now()})

    def never_offer(self) -> None:
        """Do not ask again."""
        self._keep(self._known() | {"never": True})

    # --- inside ----------------------------------------------------------

    def _now(self) -> str:
        return self._clock.now().isoformat()

    def _known(self) -> dict[str, Any]:
        known = self._preferences.get(_KEY)
        return known if isinstance(known, dict) else {}

    def _time(self, name: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(self._known()[name])
        except (KeyError, TypeError, ValueError):
            return None
        return found if found.tzinfo is not None else None

    def _keep(self, known: dict[str, Any]) -> None:
        with suppress(StorageTrouble, ReadOnlyVault):
            self._preferences.put(_KEY, known)
