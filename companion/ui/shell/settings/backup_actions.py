"""What the page of backups asks; answers come back on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from companion.core.errors import CompanionError

if TYPE_CHECKING:
    from companion.ui.shell.keeper import Keeper, Standing
    from companion.ui.shell.shell import Shell
    from companion.vault.backup import BackupResult
    from companion.vault.keeping import Keeping, Shown
    from companion.vault.trial import Inside, Trial
    from companion.vault.vault import Vault

Failed = Callable[[CompanionError], None]


class BackupActions(Protocol):
    """Asked by a widget, `owner`; an answer is dropped when that widget is gone, or the space was locked since."""

    def look(self, owner: QObject, done: Callable[[Shown], None], failed: Failed) -> None:
        """What there is to show."""

    def here(self, owner: QObject, done: Callable[[dict[str, int]], None], failed: Failed) -> None:
        """What is in the space now: "entry" and "media"."""

    def look_inside(
        self, owner: QObject, file: Path, passphrase: str | None, done: Callable[[Inside], None], failed: Failed
    ) -> None:
        """What a backup holds, opened with its passphrase, or with None by the key now."""

    def try_backup(
        self, owner: QObject, file: Path, passphrase: str | None, done: Callable[[Trial], None], failed: Failed
    ) -> None:
        """Test a backup, with its passphrase, or with None by the key now."""

    def copy_first(
        self,
        owner: QObject,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[BackupResult], None],
        failed: Failed,
    ) -> None:
        """A proved backup of what is here now, before something takes its place."""

    def change(
        self, owner: QObject, change: Callable[[Keeping], None], done: Callable[[None], None], failed: Failed
    ) -> None:
        """Keep a choice about backups."""

    def bring_back(self, file: Path, passphrase: str, *, beside: bool) -> None:
        """Lock, and open this backup in place of the space or as another one beside it."""

    @property
    def standing(self) -> Standing | None:
        """How it stands with automatic backups and the second place; None where nothing keeps them."""

    def watch(self, owner: QObject, changed: Callable[[], None]) -> None:
        """Call this when `standing` changes."""

    def look_now(self) -> None:
        """Make what is due and carry it to the second place now."""


class TasksBackupActions:
    """The actions, on the vault thread."""

    def __init__(self, shell: Shell, keeping: Keeping, vault: Vault) -> None:
        self._shell, self._keeping, self._vault = shell, keeping, vault

    @property
    def _keeper(self) -> Keeper | None:
        from companion.ui.shell.keeper import Keeper

        return self._shell.findChild(Keeper)

    def look(self, owner: QObject, done: Callable[[Shown], None], failed: Failed) -> None:
        """What there is to show."""
        self._shell.tasks.run(owner, self._keeping.look, done, failed)

    def here(self, owner: QObject, done: Callable[[dict[str, int]], None], failed: Failed) -> None:
        """What is in the space now."""
        self._shell.tasks.run(owner, self._keeping.here, done, failed)

    def look_inside(
        self, owner: QObject, file: Path, passphrase: str | None, done: Callable[[Inside], None], failed: Failed
    ) -> None:
        """What a backup holds."""
        self._shell.tasks.run(owner, partial(self._keeping.look_inside, file, passphrase), done, failed)

    def try_backup(
        self, owner: QObject, file: Path, passphrase: str | None, done: Callable[[Trial], None], failed: Failed
    ) -> None:
        """Test a backup."""
        self._shell.tasks.run(owner, partial(self._keeping.try_backup, file, passphrase), done, failed)

    def copy_first(
        self,
        owner: QObject,
        progress: Callable[[tuple[int, int]], None],
        done: Callable[[BackupResult], None],
        failed: Failed,
    ) -> None:
        """A proved backup of what is here now."""
        tasks = self._shell.tasks

        def tell(step: int, of: int) -> None:
            tasks.tell(owner, progress, (step, of))

        tasks.run(owner, partial(self._vault.backup, reason="restore", progress=tell), done, failed)

    def change(
        self, owner: QObject, change: Callable[[Keeping], None], done: Callable[[None], None], failed: Failed
    ) -> None:
        """Keep a choice about backups."""
        self._shell.tasks.run(owner, partial(change, self._keeping), done, failed)

    def bring_back(self, file: Path, passphrase: str, *, beside: bool) -> None:
        """Lock, then open this backup."""
        act = partial(self._shell.doorway.bring_back, file, passphrase, beside=beside)
        self._shell.closer.then(act)
        self._shell.lock_at_once()

    @property
    def standing(self) -> Standing | None:
        """How it stands."""
        return self._keeper.standing if self._keeper is not None else None

    def watch(self, owner: QObject, changed: Callable[[], None]) -> None:
        """Call this when `standing` changes; Qt ends it with the widget that asked."""
        if self._keeper is not None:
            self._keeper.changed.connect(changed)

    def look_now(self) -> None:
        """Make what is due and carry it to the second place now."""
        if self._keeper is not None:
            self._keeper.look()
