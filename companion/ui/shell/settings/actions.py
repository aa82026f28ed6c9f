"""What the Settings pages ask of the vault; answers come back on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from companion.core.errors import CompanionError

if TYPE_CHECKING:
    from companion.ui.tasks import Tasks
    from companion.vault.backup import BackupResult
    from companion.vault.report import ProofReport
    from companion.vault.session import Session
    from companion.vault.shelf import BackupInfo
    from companion.vault.vault import Vault

Failed = Callable[[CompanionError], None]


@dataclass(frozen=True, slots=True)
class VaultState:
    """What the privacy page shows of the open vault; `backups` are those beside it, newest first."""

    folder: Path
    has_recovery_key: bool
    backups: tuple[BackupInfo, ...]
    opens_by_device: bool = False


class VaultActions(Protocol):
    """Everything here is asked by a widget, `owner`; its answer is dropped when that widget is gone."""

    def look(self, owner: QObject, done: Callable[[VaultState], None], failed: Failed) -> None:
        """What there is to show."""

    def prove(self, owner: QObject, done: Callable[[ProofReport], None], failed: Failed) -> None:
        """Look at the file and the process now."""

    def back_up(
        self,
        owner: QObject,
        to: Path | None,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[BackupResult], None],
        failed: Failed,
    ) -> None:
        """Make and prove a backup beside the vault, or in the folder `to`; `progress` gets steps done and all."""

    def change_passphrase(
        self, owner: QObject, old: str, new: str, done: Callable[[None], None], failed: Failed
    ) -> None:
        """Let `new` open the vault instead of `old`."""

    def add_recovery_key(self, owner: QObject, done: Callable[[str], None], failed: Failed) -> None:
        """A fresh recovery key; any other stops working."""

    def enable_device(self, owner: QObject, passphrase: str, done: Callable[[None], None], failed: Failed) -> None:
        """Let this computer's key store open the vault too."""

    def disable_device(self, owner: QObject, done: Callable[[bool], None], failed: Failed) -> None:
        """Let it open the vault no more; `done` hears whether it forgot its key."""


class TasksVaultActions:
    """The actions, run one after the other on the vault thread."""

    def __init__(self, tasks: Tasks, vault: Vault, session: Session | None = None) -> None:
        self._tasks = tasks
        self._vault = vault
        self._session = session

    def look(self, owner: QObject, done: Callable[[VaultState], None], failed: Failed) -> None:
        """What there is to show."""
        self._tasks.run(owner, self._state, done, failed)

    def prove(self, owner: QObject, done: Callable[[ProofReport], None], failed: Failed) -> None:
        """Look at the file and the process now."""
        self._tasks.run(owner, self._vault.proof, done, failed)

    def back_up(
        self,
        owner: QObject,
        to: Path | None,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[BackupResult], None],
        failed: Failed,
    ) -> None:
        """Make and prove a backup; idle time does not count while it runs."""
        self._hold()

        def tell(step: int, of: int) -> None:
            self._tasks.tell(owner, progress, (step, of))

        def finished(result: BackupResult) -> None:
            self._release()
            done(result)

        def broke(error: CompanionError) -> None:
            self._release()
            failed(error)

        self._tasks.run(owner, partial(self._vault.backup, to, progress=tell), finished, broke)

    def change_passphrase(
        self, owner: QObject, old: str, new: str, done: Callable[[None], None], failed: Failed
    ) -> None:
        """Let `new` open the vault instead of `old`."""
        self._tasks.run(owner, partial(self._vault.change_passphrase, old, new), done, failed)

    def add_recovery_key(self, owner: QObject, done: Callable[[str], None], failed: Failed) -> None:
        """A fresh recovery key; any other stops working."""
        self._tasks.run(owner, self._vault.add_recovery_key, done, failed)

    def enable_device(self, owner: QObject, passphrase: str, done: Callable[[None], None], failed: Failed) -> None:
        """Let this computer's key store open the vault too."""
        self._tasks.run(owner, partial(self._vault.device.enable, passphrase), done, failed)

    def disable_device(self, owner: QObject, done: Callable[[bool], None], failed: Failed) -> None:
        """Let it open the vault no more."""
        self._tasks.run(owner, self._vault.device.disable, done, failed)

    def _state(self) -> VaultState:
        vault = self._vault
        return VaultState(vault.folder, vault.has_recovery_key, tuple(vault.backups()), vault.device.is_on)

    def _hold(self) -> None:
        if self._session is not None:
            self._session.hold("backup")

    def _release(self) -> None:
        if self._session is not None:
            self._session.release("backup")
