"""What the Settings pages ask of the vault; answers come back on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QObject

from companion.core.errors import CompanionError

if TYPE_CHECKING:
    from datetime import datetime

    from companion.core.stopping import StopSwitch
    from companion.ui.tasks import Tasks
    from companion.vault.backup import BackupResult
    from companion.vault.report import ProofReport
    from companion.vault.session import Session
    from companion.vault.shelf import BackupInfo
    from companion.vault.vault import Relocked, Vault

T = TypeVar("T")

Failed = Callable[[CompanionError], None]


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """When the recovery key was made and last tried, as far as known, and whether to offer trying it."""

    made_at: datetime | None = None
    checked_at: datetime | None = None
    offer_due: bool = False


@dataclass(frozen=True, slots=True)
class VaultState:
    """What the privacy page shows of the open vault; `backups` are those beside it, newest first."""

    folder: Path
    has_recovery_key: bool
    backups: tuple[BackupInfo, ...]
    opens_by_device: bool = False
    recovery: RecoveryFacts = RecoveryFacts()
    is_easier_to_guess: bool = False  # than it has to be on this computer


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

    def rotate(
        self,
        owner: QObject,
        secrets: tuple[str, str],
        stop: StopSwitch,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[str | None], None],
        failed: Failed,
    ) -> None:
        """Old and new passphrase: another key too; the new recovery key, if there was one. `stop` ends it in time."""

    def finish_rotation(
        self,
        owner: QObject,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[Relocked], None],
        failed: Failed,
    ) -> None:
        """The new recovery key is shown now: give the backups the new passphrase."""

    def check_recovery_key(self, owner: QObject, code: str, done: Callable[[None], None], failed: Failed) -> None:
        """Whether this key opens the space; nothing changes."""

    def answer_offer(self, owner: QObject, *, never: bool, done: Callable[[None], None], failed: Failed) -> None:
        """The recovery key is not tried now: ask again in a year, or never."""


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

        def tell(step: int, of: int) -> None:
            self._tasks.tell(owner, progress, (step, of))

        self._long(owner, partial(self._vault.backup, to, progress=tell), done, failed)

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

    def rotate(
        self,
        owner: QObject,
        secrets: tuple[str, str],
        stop: StopSwitch,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[str | None], None],
        failed: Failed,
    ) -> None:
        """Another key; saving goes on meanwhile, and Lock ends it with everything as it was."""

        def tell(step: int, of: int) -> None:
            stop.check()
            self._tasks.serve_waiting()
            self._tasks.tell(owner, progress, (step, of))

        self._long(owner, partial(self._vault.rotate, *secrets, progress=tell), done, failed)

    def finish_rotation(
        self,
        owner: QObject,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[Relocked], None],
        failed: Failed,
    ) -> None:
        """Give the backups the new passphrase; what Lock cuts off goes on at the next opening."""

        def tell(step: int, of: int) -> None:
            self._tasks.serve_waiting()
            self._tasks.tell(owner, progress, (step, of))

        self._long(owner, partial(self._vault.finish_rotation, progress=tell), done, failed)

    def check_recovery_key(self, owner: QObject, code: str, done: Callable[[None], None], failed: Failed) -> None:
        """Whether this key opens the space; nothing changes."""
        self._tasks.run(owner, partial(self._vault.check_recovery_key, code), done, failed)

    def answer_offer(self, owner: QObject, *, never: bool, done: Callable[[None], None], failed: Failed) -> None:
        """Ask again in a year, or never."""

        def answer() -> None:
            care = self._vault.recovery_care
            care.never_offer() if never else care.put_off()

        self._tasks.run(owner, answer, done, failed)

    def _long(self, owner: QObject, job: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Idle time does not count while it runs."""
        self._hold()

        def finished(result: T) -> None:
            self._release()
            done(result)

        def broke(error: CompanionError) -> None:
            self._release()
            failed(error)

        self._tasks.run(owner, job, finished, broke)

    def _state(self) -> VaultState:
        vault = self._vault
        care, there = vault.recovery_care, vault.has_recovery_key
        recovery = RecoveryFacts(care.made_at, care.checked_at, care.offer_due) if there else RecoveryFacts()
        backups, easier = tuple(vault.backups()), vault.upgrade_offered
        return VaultState(vault.folder, there, backups, vault.device.is_on, recovery, easier)

    def _hold(self) -> None:
        if self._session is not None:
            self._session.hold("backup")

    def _release(self) -> None:
        if self._session is not None:
            self._session.release("backup")
