"""One private space as the window sees it: opened and closed on the vault thread, never on this one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from companion.core.errors import CompanionError, StorageTrouble
from companion.vault.process import harden_after_unlock

if TYPE_CHECKING:
    from companion.core.copies import OtherVersion
    from companion.journal.service import JournalService
    from companion.ui.shell.place import Pending
    from companion.vault.keeping import Keeping
    from companion.vault.restoring import RestoreResult
    from companion.vault.salvage.contract import SalvageResult
    from companion.vault.vault import Vault


class Space(Protocol):
    """What the window needs of the services of one vault."""

    vault: Vault
    journal: JournalService
    keeping: Keeping

    def salvage(self, to: Path, passphrase: str, progress: Callable[[int, int], None]) -> SalvageResult:
        """Save what can still be read in it into a new space; on a thread of the caller's, while it is locked."""


class SpaceBook(Protocol):
    """The spaces on this account; app.py gives the real one."""

    def known(self) -> list[Path]:
        """Vault folders that exist, the one used last first."""

    def new_folder(self, inside: Path | None = None) -> Path:
        """Where a new space would go: in the usual place, or inside the folder the person picked."""

    def add_from(self, folder: Path) -> list[Path]:
        """Spaces that are in a folder the person picked, listed from now on."""

    def services(self, folder: Path) -> Space:
        """The services of the vault in this folder, the same ones on every thread."""

    def remember(self, folder: Path) -> None:
        """This space was opened."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a space left over: words whose save failed, with the first reason."""

    left_over: tuple[Pending, ...] = ()
    error: CompanionError | None = None


def close_space(
    space: Space, pending: list[Pending], before_lock: Callable[[Space], None] = lambda _space: None
) -> Closed:
    """Save what is on its way, then lock, whatever the saves said. Runs on the vault thread.

    `before_lock` may use the open space once more; it raises nothing.
    """
    left: list[Pending] = []
    first: CompanionError | None = None
    for words in pending:
        try:
            words.job()
        except CompanionError as error:
            left.append(words)
            first = first or error
    try:
        before_lock(space)
    finally:
        space.vault.lock()
    return Closed(tuple(left), first)


@dataclass(frozen=True, slots=True)
class Opened:
    """A space that is open: what `unlock` answered, and words that still could not be saved, with the first reason.

    `others` are second copies that nobody has looked at yet; `from_elsewhere`: another computer wrote in it since.
    """

    space: Space
    answer: object = None
    left_over: tuple[Pending, ...] = ()
    error: CompanionError | None = None
    others: tuple[OtherVersion, ...] = ()
    from_elsewhere: bool = False

    @property
    def restored(self) -> RestoreResult | None:
        """What came out of a backup, where this opening brought one back."""
        from companion.vault.restoring import RestoreResult

        return self.answer if isinstance(self.answer, RestoreResult) else None


def open_space(
    services: Callable[[], Space], unlock: Callable[[Vault], object], waiting: tuple[Pending, ...]
) -> Opened:
    """Open and tidy; words left over from the last lock become drafts again. Runs on the vault thread.

    A disk that still takes nothing keeps nobody from reading: the words go on waiting. After any other failure it is
    locked again, because the window goes on showing the lock screen.
    """
    from companion.vault.left_versions import versions_to_tell  # with the vault's own code, after the first paint

    space = services()
    answer = unlock(space.vault)
    try:
        harden_after_unlock()
        with suppress(StorageTrouble):  # what an import left is removed at another opening
            space.journal.after_unlock()
        left: list[Pending] = []
        first: CompanionError | None = None
        for words in waiting:
            try:
                words.keep()
            except CompanionError as error:
                left.append(words)
                first = first or error
        others = versions_to_tell(space.vault)
    except BaseException:
        space.vault.lock()
        raise
    return Opened(space, answer, tuple(left), first, others, space.vault.arrival.from_elsewhere)
