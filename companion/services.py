"""Builds vault and services without Qt; the window and the command line both start here.

What the first paint needs (settings, known vault folders, public facts) loads at
once; the vault with its cryptography is imported by `build`, when it is wanted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.core.clock import Clock, SystemClock
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile

if TYPE_CHECKING:
    from companion.journal.service import JournalService
    from companion.resources.service import Directory
    from companion.vault.keyslots import Cost
    from companion.vault.vault import Vault

_VAULT_FILES = ("keys.json", "keys.bak.json", "vault.db")


class SettingsStore:
    """The settings in force; every change is on the disk before it counts."""

    def __init__(self, paths: Paths) -> None:
        self._file = SettingsFile(paths.settings)
        self.current: Settings = self._file.load()

    def change(self, **changes: Any) -> Settings:
        """Keep these values. Raises StorageTrouble, with the former values still in force."""
        changed = self.current.with_changes(**changes)
        if changed != self.current:
            self._file.save(changed)
            self.current = changed
        return self.current


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
    ) -> None:
        self.paths, self.clock, self.settings = paths, clock, settings
        self.vault, self.journal, self.directory = vault, journal, directory


def known_vaults(paths: Paths, settings: Settings) -> list[Path]:
    """Vault folders that exist, the one used last first, the others by age of the folder."""
    found = [Path(text) for text in settings.vaults]
    if paths.vaults.is_dir():
        found += sorted(paths.vaults.glob("*.vault"), key=lambda p: (p.stat().st_mtime, p.name))
    real = [path for path in dict.fromkeys(found) if holds_vault(path)]
    last = Path(settings.last_vault) if settings.last_vault else None
    return sorted(real, key=lambda path: path != last)


def holds_vault(folder: Path) -> bool:
    """Whether any part of a vault lies here; a damaged one counts, so that it is never built over."""
    return any((folder / name).exists() for name in _VAULT_FILES)


def new_vault_folder(paths: Paths, inside: Path | None = None) -> Path:
    """A name for a new vault that says nothing about its owner."""
    import secrets

    return (inside or paths.vaults) / f"{secrets.token_hex(6)}.vault"


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
) -> Services:
    """Join everything for one vault: the named one, else the one used last, else a new place.

    `cost` makes the key derivation cheap in tests; no option or setting reaches it.
    """
    from companion.journal.service import JournalService
    from companion.vault.vault import Vault

    clock = clock or SystemClock()
    settings = settings or SettingsStore(paths)
    if vault is None:
        known = known_vaults(paths, settings.current)
        vault = known[0] if known else new_vault_folder(paths)
    opened = Vault(vault, clock, cost=cost)
    return Services(paths, clock, settings, opened, JournalService(opened, clock), facts or directory(clock))
