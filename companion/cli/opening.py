"""What a command works with: folders, settings, facts, and the vault opened for as long as the work lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from companion import services
from companion.cli.asking import Asked, secret
from companion.cli.rules import FaultReport
from companion.core.clock import Clock, SystemClock
from companion.core.errors import NoVault
from companion.core.i18n import _
from companion.core.paths import Paths

if TYPE_CHECKING:
    from companion.services import Services, SettingsStore
    from companion.vault.arrival import Even
    from companion.vault.keyslots import Cost


class Windows(Protocol):
    """What needs Qt, and so is not known to the command line; `companion.__main__` gives it."""

    def open(self, paths: Paths, wish: str) -> int:
        """Open the window for "window", "help-now" or "demo" and stay until it is closed."""

    def self_test(self, *, as_json: bool) -> int:
        """Open every page and state without a screen."""


def harden() -> None:
    """Keep other processes of this account out of our memory while a vault is open."""
    from companion.vault.process import harden_after_unlock

    harden_after_unlock()


@dataclass(slots=True)
class Run:
    """One run of one command. `cost` makes the key derivation cheap in tests; no option or setting reaches it."""

    windows: Windows
    clock: Clock = field(default_factory=SystemClock)
    cost: Cost | None = None
    report: FaultReport = field(default_factory=FaultReport)
    harden: Callable[[], None] = harden
    data_dir: Path | None = None
    vault: Path | None = None
    _settings: SettingsStore | None = None

    @property
    def paths(self) -> Paths:
        """The folders of this run."""
        return Paths.find(self.data_dir)

    @property
    def settings(self) -> SettingsStore:
        """The settings, read once."""
        if self._settings is None:
            self._settings = services.SettingsStore(self.paths)
        return self._settings

    def services(self) -> Services:
        """The services of the named vault, else of the one used last, else of a new place."""
        return services.build(self.paths, self.clock, vault=self.vault, cost=self.cost, settings=self.settings)

    def existing(self) -> Services:
        """The services of a vault that is there. Raises NoVault."""
        found = self.services()
        if not found.vault.exists:
            raise NoVault(self.vault)
        return found

    def remember(self, folder: Path) -> None:
        """This vault was used last. A disk that cannot be written keeps nobody from reading."""
        self.add_to_list(folder)
        self.settings.note(last_vault=str(folder.absolute()))

    def add_to_list(self, folder: Path) -> None:
        """Let the window know this vault, without making it the one that commands mean next."""
        listed, name = self.settings.current.vaults, str(folder.absolute())
        if name not in listed:
            self.settings.note(vaults=(*listed, name))

    @contextmanager
    def opened(self, how: Asked, *, tidy: bool = True, even: Even = ()) -> Iterator[Services]:
        """The vault, open until the end of the block; `tidy` removes what an unfinished import left, `even` goes on.

        Raises NoVault before it asks for anything, and what `Vault.unlock` raises.
        """
        found = self.existing()
        if how.is_recovery:
            found.vault.unlock_with_recovery(secret(_("Recovery key: "), from_stdin=how.from_stdin), even=even)
        else:
            found.vault.unlock(secret(_("Passphrase: "), from_stdin=how.from_stdin), even=even)
        try:
            self.harden()
            if tidy:
                found.journal.after_unlock()
            self.remember(found.vault.folder)
            yield found
        finally:
            found.vault.lock()
