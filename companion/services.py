"""Builds vault and services without Qt; the window and the command line both start here.

What the first paint needs (settings, known vault folders, public facts) loads at
once; the vault with its cryptography is imported by `build`, when it is wanted.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.core.clock import Clock, SystemClock
from companion.core.errors import StorageTrouble
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile
from companion.vault.presence import holds_vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.journal.service import JournalService
    from companion.resources.service import Directory
    from companion.vault.device_key import KeyStore
    from companion.vault.keeping import Keeping
    from companion.vault.keyslots import Cost, KeyFile, MasterKey
    from companion.vault.salvage.contract import SalvageResult
    from companion.vault.vault import Vault


class SettingsStore:
    """The settings in force; a change that the disk does not take counts until the program ends."""

    def __init__(self, paths: Paths, on_trouble: Callable[[StorageTrouble], None] | None = None) -> None:
        self._file = SettingsFile(paths.settings)
        self._on_trouble = on_trouble
        self.current: Settings = self._file.load()
        self._stored = self.current
        self._lock = threading.Lock()

    def change(self, **changes: Any) -> Settings:
        """Keep these values. Where the disk does not take them, `on_trouble` is told, or StorageTrouble raised."""
        try:
            self._keep(changes)
        except StorageTrouble as error:
            if self._on_trouble is None:
                raise
            self._on_trouble(error)
        return self.current

    def note(self, **changes: Any) -> None:
        """Keep what nobody asked to keep; that a disk does not take it is no news."""
        with suppress(StorageTrouble):
            self._keep(changes)

    def _keep(self, changes: dict[str, Any]) -> None:
        with self._lock:  # the vault thread notes what it saw
            self._keep_in_turn(changes)

    def _keep_in_turn(self, changes: dict[str, Any]) -> None:
        # In force first: larger text, or the lines of another country, cannot wait for a disk.
        self.current = self.current.with_changes(**changes)
        if self.current != self._stored:
            self._file.save(self.current)
            self._stored = self.current


class SettingsMemory:
    """The settings as the place where the vault keeps what this computer saw last (see `vault/seen.py`)."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def seen(self) -> tuple[str, ...]:
        """The lines, the newest last."""
        return self._settings.current.seen

    def computer(self) -> str:
        """The random name of this computer."""
        return self._settings.current.computer

    def keep(self, *, computer: str, seen: tuple[str, ...]) -> None:
        """Keep both, as far as the disk takes them."""
        self._settings.note(computer=computer, seen=seen)


class Services:
    """What a window or a command works with."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        settings: SettingsStore,
        vault: Vault,
        journal: JournalService,
        directory: Directory,
        keeping: Keeping,
        cost: Cost | None = None,
    ) -> None:
        self.paths, self.clock, self.settings = paths, clock, settings
        self.vault, self.journal, self.directory = vault, journal, directory
        self.keeping = keeping
        self._cost = cost

    def salvage(self, to: Path, passphrase: str, progress: Callable[[int, int], None]) -> SalvageResult:
        """Give back what can still be read in this vault, which is locked, into a new one (see `salvage_vault`)."""

        def unlock(key_file: KeyFile) -> MasterKey:
            return key_file.unlock(passphrase)

        folder = self.vault.folder
        return salvage_vault(self.clock, folder, to, unlock, passphrase, cost=self._cost, progress=progress)


def known_vaults(paths: Paths, settings: Settings) -> list[Path]:
    """Vault folders that exist, the one used last first, the others by age of the folder."""
    found = [Path(text) for text in settings.vaults]
    with suppress(OSError):  # a folder that is shut shows none, and keeps no window away
        found += sorted(paths.vaults.glob("*.vault"), key=lambda p: (p.stat().st_mtime, p.name))
    real = [path for path in dict.fromkeys(found) if holds_vault(path)]
    last = Path(settings.last_vault) if settings.last_vault else None
    return sorted(real, key=lambda path: path != last)


def _is_vault(folder: Path) -> bool:
    """Seen to be one: what is shut may be anything, unless it is known already."""
    return os.access(folder, os.X_OK) and holds_vault(folder)


def vaults_in(folder: Path) -> list[Path]:
    """The vaults a person may mean by this folder: itself, else those right inside it; none where it can't be read."""
    if _is_vault(folder):
        return [folder]
    try:
        return sorted(inside for inside in folder.iterdir() if inside.is_dir() and _is_vault(inside))
    except OSError:
        return []


def new_vault_folder(paths: Paths, inside: Path | None = None) -> Path:
    """A name for a new vault that says nothing about its owner."""
    import secrets

    return (inside or paths.vaults) / f"{secrets.token_hex(6)}.vault"


def salvage_vault(
    clock: Clock,
    folder: Path,
    to: Path,
    unlock: Callable[[KeyFile], MasterKey],
    passphrase: str,
    *,
    cost: Cost | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SalvageResult:
    """Give back what can still be read in a damaged vault, into a new one (see `vault.salvage.rescue`)."""
    from companion.journal.salvaging import JournalRescuer
    from companion.vault.salvage.rescue import salvage

    return salvage(folder, to, unlock, passphrase, clock, [JournalRescuer(clock)], cost=cost, progress=progress)


def directory(clock: Clock | None = None) -> Directory:
    """The built-in public facts; needs no vault."""
    from companion.resources.service import Directory

    return Directory(clock or SystemClock())


def build(
    paths: Paths,
    clock: Clock | None = None,
    *,
    vault: Path | None = None,
    cost: Cost | None = None,
    settings: SettingsStore | None = None,
    facts: Directory | None = None,
    key_store: KeyStore | None = None,
) -> Services:
    """Join everything for one vault: the named one, else the one used last, else a new place.

    `cost` makes the key derivation cheap in tests; no option or setting reaches it. Without `key_store` it is this
    computer's own.
    """
    from companion.journal.service import JournalService
    from companion.vault.keeping import Keeping
    from companion.vault.seen import SeenBook
    from companion.vault.vault import Vault

    clock = clock or SystemClock()
    settings = settings or SettingsStore(paths)
    if vault is None:
        known = known_vaults(paths, settings.current)
        vault = known[0] if known else new_vault_folder(paths)
    opened = Vault(vault, clock, cost=cost, key_store=key_store, seen=SeenBook(SettingsMemory(settings)))
    journal, keeping = JournalService(opened, clock), Keeping(opened, clock)
    return Services(paths, clock, settings, opened, journal, facts or directory(clock), keeping, cost)
