"""Keeps backups by itself: when one is due, what a second place needs, what was tested, when to offer something.

The decisions are plain functions of times; `Keeping` asks them for one vault.
All of it runs on the vault's thread, but for what `second_place` copies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from companion.core.clock import Clock
from companion.core.errors import UsageRefused
from companion.vault.second_place import Errand
from companion.vault.shelf import BACKUP_AFTER, BackupInfo, holds_back, in_order, is_backup_due, rotate
from companion.vault.staging import BACKUPS, MEDIA
from companion.vault.trial import Inside, Trial, look_inside, try_backup

if TYPE_CHECKING:
    from companion.vault.backup import BackupResult
    from companion.vault.preferences import Preferences
    from companion.vault.vault import Vault

DAY: Final = timedelta(hours=24)
OFFER_AFTER: Final = timedelta(days=30)
_PLACE, _TESTED, _ACCEPTED = "backup_place", "backup_tested", "backup_smaller_is_right"
_TESTED_AT_MOST = 200


class Occasion(Enum):
    """Why a backup may be made without being asked for, as the word in its name."""

    OPEN = "daily"
    CLOSING = "closing"


AGE: Final[Mapping[Occasion, timedelta]] = {Occasion.OPEN: DAY, Occasion.CLOSING: BACKUP_AFTER}


@dataclass(frozen=True, slots=True)
class Place:
    """A second place as the person chose it.

    `used_at` is when a backup was last made while it was there; `offered_at` when
    its absence was last mentioned. `reminder` is "monthly" or "never".
    """

    folder: Path
    chosen_at: datetime
    used_at: datetime | None = None
    offered_at: datetime | None = None
    reminder: Literal["monthly", "never"] = "monthly"

    def offer_due(self, now: datetime) -> bool:
        """Whether its absence may be mentioned: not for a month, and never where that is wanted."""
        if self.reminder == "never":
            return False
        # A time that is still to come was written down while the clock was wrong: no reason to wait for it.
        known = [at for at in (self.chosen_at, self.used_at, self.offered_at) if at is not None and at <= now]
        return not known or now - max(known) >= OFFER_AFTER

    def to_plain(self) -> dict[str, Any]:
        """What the vault remembers of it."""
        times = {"chosen_at": self.chosen_at, "used_at": self.used_at, "offered_at": self.offered_at}
        plain = {name: at and at.isoformat() for name, at in times.items()}
        return plain | {"folder": str(self.folder), "reminder": self.reminder}

    @classmethod
    def from_plain(cls, plain: Any) -> Place | None:
        """What was remembered; None where that is nothing, or not to be understood."""
        try:
            times = {name: plain[name] and datetime.fromisoformat(plain[name]) for name in _TIMES}
            never = plain["reminder"] == "never"
            return cls(Path(plain["folder"]), reminder="never" if never else "monthly", **times)
        except (TypeError, KeyError, ValueError):
            return None


_TIMES = ("chosen_at", "used_at", "offered_at")


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show: backups beside the vault, newest first; when each was tested, by `mark_of`.

    `holds_back` says that none may go just now, because the newest holds much less than one before it.
    """

    backups: tuple[BackupInfo, ...]
    tested: Mapping[str, datetime]
    place: Place | None
    holds_back: bool


def mark_of(info: BackupInfo) -> str:
    """What names a backup wherever it lies; "" for a file that cannot be read."""
    return info.manifest.database_sha256 if info.manifest else ""


class Keeping:
    """The backups of one open vault. Everything raises VaultLocked where it is locked."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._is_keeping = False

    # --- by itself -------------------------------------------------------------

    def is_due(self, occasion: Occasion) -> bool:
        """Whether a backup should be made now: changed since the newest, and that is old enough."""
        if self._is_keeping or self._vault.read_only:
            return False
        return is_backup_due(self._vault.folder, self._clock.now(), AGE[occasion])

    def keep(
        self, occasion: Occasion, *, place_is_there: bool = False, stop: Callable[[], None] = lambda: None
    ) -> BackupResult | None:
        """Make a backup if one is due. Raises what `Vault.backup` and `stop` raise, and Stopped where something waits.

        That the second place is there is noted first, so that the note is in the
        backup too: written afterwards it would count as a change, and call for the next one.
        """
        if not self.is_due(occasion):
            return None
        self._is_keeping = True
        try:
            place = self.place
            if place is not None and place_is_there:
                self._remember(replace(place, used_at=self._clock.now(), offered_at=None))
            return self._vault.backup(reason=occasion.value, stop=stop)
        finally:
            self._is_keeping = False

    def errand(self) -> Errand | None:
        """What the second place needs: the newest backup, unless none is chosen or there is nothing to carry."""
        place, backups = self.place, in_order(self._vault.backups(), self._clock.now())
        newest = next((info for info in backups if info.ok and self._is_own(info)), None)
        if place is None or newest is None:
            return None
        return Errand(newest, place.folder, self._vault.vault_id, not _holds_back(self._vault, backups))

    # --- what is shown and chosen ------------------------------------------------

    def look(self) -> Shown:
        """What there is to show."""
        backups = self._vault.backups()
        tested = self._vault.preferences.get(_TESTED, {})
        times = {mark: datetime.fromisoformat(at) for mark, at in tested.items()}
        held = _holds_back(self._vault, in_order(backups, self._clock.now()))
        return Shown(tuple(backups), times, self.place, held)

    @property
    def place(self) -> Place | None:
        """The second place, if one was chosen."""
        return chosen_place(self._vault.preferences)

    def choose_place(self, folder: Path | None) -> None:
        """Keep a copy of each backup in this folder from now on; None forgets it, and what is there stays.

        Raises UsageRefused for a folder inside the vault's own, where it would be no second place.
        """
        if folder is None:
            self._vault.preferences.remove(_PLACE)
            return
        own = self._vault.folder.resolve()
        if folder.resolve() == own or own in folder.resolve().parents:
            raise UsageRefused
        self._remember(Place(folder.absolute(), self._clock.now()))

    def set_reminder(self, reminder: Literal["monthly", "never"]) -> None:
        """Whether a second place that is not there may be mentioned."""
        if (place := self.place) is not None:
            self._remember(replace(place, reminder=reminder))

    def note_offered(self) -> None:
        """That the place is not there was mentioned just now."""
        if (place := self.place) is not None:
            self._remember(replace(place, offered_at=self._clock.now()))

    def accept_smaller(self) -> None:
        """The person says that it is right that the newest backup holds less: older ones may go again."""
        self._vault.preferences.put(_ACCEPTED, self._clock.now().isoformat())

    def here(self) -> dict[str, int]:
        """What is in the space now, to be seen beside what a backup holds: rows of `entry`, and `media`."""
        notes = self._vault.connection.value("SELECT count(*) FROM entry") or 0
        return {"entry": int(notes), "media": sum(1 for _ in self._vault.media.names())}

    # --- one backup --------------------------------------------------------------

    def look_inside(self, file: Path, passphrase: str | None = None) -> Inside:
        """What a backup holds, by its passphrase, or with None by the keys now and before.

        Raises WrongSecret("backup") where that does not open it, BackupDamaged, VaultNewer, StorageTrouble.
        """
        return look_inside(file, self._vault.keys if passphrase is None else (), passphrase)

    def try_backup(self, file: Path, passphrase: str | None = None) -> Trial:
        """Test a backup with the key now or before, or with its own passphrase, and remember when.

        Raises WrongSecret("backup"), BackupDamaged, VaultNewer, StorageTrouble, Stopped.
        """
        vault = self._vault
        places = (vault.folder / BACKUPS / MEDIA, vault.folder / MEDIA)

        def add(_size: int) -> None:
            vault.pauses.serve()

        trial = try_backup(file, vault.keys, passphrase, vault.folder / BACKUPS, places, add)
        if not trial.media_missing and not vault.read_only:
            tested = vault.preferences.get(_TESTED, {})
            tested[trial.mark] = self._clock.now().isoformat()
            vault.preferences.put(_TESTED, dict(list(tested.items())[-_TESTED_AT_MOST:]))
        return trial

    # --- inside --------------------------------------------------------------------

    def _is_own(self, info: BackupInfo) -> bool:
        return info.manifest is not None and info.manifest.vault_id == self._vault.vault_id

    def _remember(self, place: Place) -> None:
        self._vault.preferences.put(_PLACE, place.to_plain())


def chosen_place(preferences: Preferences) -> Place | None:
    """The second place that a vault remembers, if one was chosen."""
    return Place.from_plain(preferences.get(_PLACE))


def let_older_go(vault: Vault, made_at: datetime) -> None:
    """After a proved backup beside the open vault: remove what it and others stand for, unless it holds much less."""
    if not _holds_back(vault, in_order(vault.backups(), made_at)):
        rotate(vault.folder / BACKUPS, vault.vault_id, made_at)


def _holds_back(vault: Vault, backups: list[BackupInfo]) -> bool:
    at = vault.preferences.get(_ACCEPTED)
    return holds_back(backups, vault.vault_id, vault.keys[0], datetime.fromisoformat(at) if at else None)
