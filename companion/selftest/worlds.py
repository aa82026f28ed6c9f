"""What the window can be started on: no space, an empty one, one note, an invented year, a damaged space."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.core.clock import Clock
from companion.core.ids import EntryId, new_id
from companion.core.paths import Paths
from companion.demo import write_demo
from companion.journal.model import Content, Energy, Mood
from companion.journal.service import JournalService
from companion.selftest.still_clock import StillClock
from companion.selftest.still_key_store import StillKeyStore
from companion.services import SettingsStore
from companion.vault.presence import DATABASE
from companion.vault.vault import Vault

if TYPE_CHECKING:
    from companion.vault.keyslots import Cost

PASSPHRASE: Final = "lantern gravel seven otters"
COUNTRY: Final = "GB"
OPEN: Final = frozenset({"empty", "one", "demo", "draft"})  # worlds whose states are seen with the space open

_PAGE: Final = 4096


class Worlds:
    """Makes each world once; every stage gets a copy of its own."""

    def __init__(self, folder: Path, clock: Clock, cost: Cost | None) -> None:
        self._folder, self._clock, self.cost = folder, clock, cost
        self.key_store = StillKeyStore()
        self._made: set[str] = set()
        self._copies = 0
        self._makers: dict[str, Callable[[Path], None]] = {
            "none": lambda _vaults: None,
            "empty": self._empty,
            "one": self._one,
            "demo": self._demo,
            "draft": self._draft,
            "several": self._several,
            "device": partial(self._opened_by_device, clock),
            "device-due": partial(self._opened_by_device, StillClock(clock.now() - timedelta(weeks=3))),
            "damaged": self._damaged,
            "damaged-start": self._without_its_start,
            "damaged-backup": self._damaged_with_a_backup,
        }

    def copy(self, world: str, *, first_run_done: bool = True, country: str = COUNTRY, **look: object) -> Path:
        """A data folder with this world in it, and settings with this look."""
        made = self._folder / world
        if world not in self._made:
            (made / "vaults").mkdir(parents=True)
            self._makers[world](made / "vaults")
            self._made.add(world)
        self._copies += 1
        copy = self._folder / "stages" / f"{self._copies}" / "data"
        shutil.copytree(made, copy)
        SettingsStore(Paths(copy)).change(
            first_run_done=first_run_done, country=country, motion="reduced", auto_lock_minutes=15, **look
        )
        return copy

    # --- the worlds ------------------------------------------------------

    def _new(self, folder: Path) -> tuple[Vault, JournalService]:
        vault = Vault(folder, self._clock, cost=self.cost)
        vault.create(PASSPHRASE)
        return vault, JournalService(vault, self._clock)

    def _empty(self, vaults: Path) -> None:
        vault, _journal = self._new(vaults / "a.vault")
        vault.lock()

    def _one(self, vaults: Path) -> None:
        vault, journal = self._new(vaults / "a.vault")
        journal.add(first_note(self._clock))
        vault.lock()

    def _demo(self, vaults: Path) -> None:
        write_demo(vaults / "a.vault", PASSPHRASE, self._clock, self.cost)

    def _draft(self, vaults: Path) -> None:
        vault, journal = self._new(vaults / "a.vault")
        words = replace(first_note(self._clock), title="", text="I meant to write about the bus, and")
        journal.save_draft(EntryId(new_id()), words)
        vault.lock()

    def _several(self, vaults: Path) -> None:
        for name in ("a", "b", "c"):
            vault, _journal = self._new(vaults / f"{name}.vault")
            vault.lock()

    def _opened_by_device(self, clock: Clock, vaults: Path) -> None:
        vault = Vault(vaults / "a.vault", clock, cost=self.cost, key_store=self.key_store)
        vault.create(PASSPHRASE)
        vault.device.enable(PASSPHRASE)
        vault.lock()

    def _damaged_with_a_backup(self, vaults: Path) -> None:
        vault, journal = self._new(vaults / "a.vault")
        journal.add(first_note(self._clock))
        vault.backup()
        vault.lock()
        self._damage(vaults)

    def _without_its_start(self, vaults: Path) -> None:
        """No page says any more what is where, a long note lost its end, and all the rest is whole."""
        vault, journal = self._new(vaults / "a.vault")
        journal.add(first_note(self._clock))
        journal.add(replace(first_note(self._clock), title="", text="The rain has stopped. " * 900))
        vault.lock()
        database = vaults / "a.vault" / DATABASE
        raw = bytearray(database.read_bytes())
        raw[100] ^= 0xFF
        for at in range(len(raw) // _PAGE // 2 * _PAGE, len(raw) - 2 * _PAGE, _PAGE):
            raw[at + 100] ^= 0xFF
        database.write_bytes(raw)

    def _damaged(self, vaults: Path) -> None:
        self._one(vaults)
        self._damage(vaults)

    @staticmethod
    def _damage(vaults: Path) -> None:
        database = vaults / "a.vault" / DATABASE
        raw = bytearray(database.read_bytes())
        for start in range(_PAGE, len(raw), _PAGE):
            raw[start + 100] ^= 0xFF
        database.write_bytes(raw)


def first_note(clock: Clock) -> Content:
    """A short note from an hour ago."""
    return Content(
        at=clock.now() - timedelta(hours=1),
        title="Rain stopped at four",
        text="Went out with the dog. **It was enough** for one day.\n\n- boots by the door\n- tea after",
        mood=Mood.OKAY,
        energy=Energy.SOME,
        tags=("walk", "dog"),
    )
