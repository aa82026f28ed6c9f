"""Opening and making a space, on the vault thread; one attempt at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from companion.core.errors import CompanionError

if TYPE_CHECKING:
    from companion.ui.shell.place import Pending
    from companion.ui.shell.space import Opened, Space, SpaceBook
    from companion.ui.tasks import Tasks
    from companion.vault.vault import Vault


class Opener(QObject):
    """Knows which space is chosen, and words left over from a lock that could not save them.

    `opened` comes first, then `told` with everything there is to say about it.
    """

    begun = Signal()
    opened = Signal(object)
    told = Signal(object)
    open_failed = Signal(object)
    created = Signal(object, object)
    create_failed = Signal(object)
    called_off = Signal()

    def __init__(self, spaces: SpaceBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spaces = spaces
        self._tasks: Tasks | None = None
        self._is_busy = False
        self._opening: Path | None = None
        self._is_called_off = False
        self._next: Callable[[], None] | None = None
        self._waiting: dict[Path, tuple[Pending, ...]] = {}
        self._why_waiting: CompanionError | None = None
        self._even: dict[Path, set[type[CompanionError]]] = {}  # what was chosen counts for one opening
        self.folder: Path | None = None
        self._make_in: Path | None = None

    def attach(self, tasks: Tasks) -> None:
        """The threads are there."""
        self._tasks = tasks

    def choose_first(self) -> list[Path]:
        """Look which spaces there are and choose the one used last, unless another is chosen."""
        known = self._spaces.known()
        if self.folder is None and known:
            self.folder = known[0]
        return known

    def unlock(self, passphrase: str) -> None:
        """Open the chosen space with its passphrase; nothing typed opens nothing."""
        if passphrase:
            even = self._passed_by()
            self._open(lambda vault: vault.unlock(passphrase, even=even) if even else vault.unlock(passphrase))

    def unlock_even(self, passphrase: str, told: CompanionError) -> None:
        """Open it although `told` was said: an older copy, or one that another computer had open."""
        if passphrase and self.folder is not None:
            self.pass_by(told)
            self.unlock(passphrase)

    def pass_by(self, told: CompanionError) -> None:
        """At the next opening of the chosen space this is passed by, whatever opens it."""
        if self.folder is not None:
            self._even.setdefault(self.folder, set()).add(type(told))

    def unlock_with_device(self) -> None:
        """Open the chosen space with what this computer's key store holds."""
        even = self._passed_by()
        self._open(lambda vault: vault.device.open(even=even))

    def recover(self, code: str, new_passphrase: str) -> None:
        """Open it with the recovery key; from then on the new passphrase counts."""
        even = self._passed_by()
        self._open(lambda vault: vault.recover(code, new_passphrase, even=even))

    def bring_back(self, backup: Path, passphrase: str) -> None:
        """Make this backup the chosen space and open it; what was there is moved aside."""
        if passphrase:
            self._open(lambda vault: vault.bring_back(backup, passphrase))

    def begin_new(self) -> None:
        """What is opened next goes into a folder of its own."""
        self.folder = self._spaces.new_folder(self._make_in)

    def create(self, passphrase: str, with_recovery: bool) -> None:
        """Make a new space and leave it open."""
        if self._tasks is None or self._is_busy:
            return
        self._is_busy = True
        folder = self.folder = self._opening = self._spaces.new_folder(self._make_in)
        make = partial(self._spaces.services, folder)
        from companion.ui.shell.space import open_space

        job = partial(open_space, make, lambda v: v.create(passphrase, with_recovery=with_recovery), ())
        self._tasks.run(self, job, self._on_created, self._on_create_failed, across_lock=True, alone=True)

    def call_off(self) -> bool:
        """Lock or Hide came while a space opens: it is locked again unseen. Says whether one was on its way."""
        self._is_called_off = self._is_busy
        self._next = None
        return self._is_busy

    def make_in(self, folder: Path) -> None:
        """New spaces go into this folder, because the usual one could not be written."""
        self._make_in = folder

    def keep_for_later(self, words: tuple[Pending, ...], error: CompanionError) -> None:
        """Words that Lock could not save, and why; they become drafts at the next opening."""
        if self.folder is not None:
            self._waiting[self.folder] = self._waiting.get(self.folder, ()) + words
            self._why_waiting = error

    @property
    def is_busy(self) -> bool:
        """Whether a space is being opened or made."""
        return self._is_busy

    @property
    def trouble(self) -> CompanionError | None:
        """Why words are waiting in memory; None where none are."""
        return self._why_waiting if self.holds_words else None

    @property
    def holds_words(self) -> bool:
        """Whether words are waiting in memory to be saved."""
        return any(self._waiting.values())

    def _passed_by(self) -> frozenset[type[CompanionError]]:
        return frozenset(self._even.get(self.folder, ())) if self.folder else frozenset()

    def _open(self, unlock: Callable[[Vault], object]) -> None:
        folder = self.folder
        if self._tasks is None or folder is None:
            return
        if self._is_busy:
            self._next = partial(self._open, unlock) if self._is_called_off else None
            return
        self._is_busy = True
        self._opening = folder
        self.begun.emit()
        from companion.ui.shell.space import open_space

        job = partial(open_space, partial(self._spaces.services, folder), unlock, self._waiting.get(folder, ()))
        self._tasks.run(self, job, self._on_opened, self._on_open_failed, across_lock=True, alone=True)

    def _remember(self, opened: Opened) -> None:
        if self._opening is not None:
            self._even.pop(self._opening, None)
            self._waiting[self._opening] = opened.left_over
            self._why_waiting = opened.error or self._why_waiting
            self._spaces.remember(self._opening)

    def _on_opened(self, opened: Opened) -> None:
        self._remember(opened)
        if not self._was_called_off(opened.space):
            self.opened.emit(opened.space)
            self.told.emit(opened)

    def _on_open_failed(self, error: CompanionError) -> None:
        known = self._spaces.known()
        if self.folder not in known:  # a new one that came to nothing
            self.folder = known[0] if known else None
        if not self._was_called_off():
            self.open_failed.emit(error)

    def _on_created(self, made: Opened) -> None:
        self._remember(made)
        if not self._was_called_off(made.space):
            self.created.emit(made.space, made.answer)

    def _on_create_failed(self, error: CompanionError) -> None:
        self.folder = None
        if not self._was_called_off():
            self.create_failed.emit(error)

    def _was_called_off(self, space: Space | None = None) -> bool:
        """The answer is there; where nobody may see it, lock, then go on with what was asked for since."""
        was, self._is_busy, self._is_called_off = self._is_called_off, False, False
        if not was:
            return False
        if space is not None and self._tasks is not None:
            self._tasks.run(self, space.vault.lock, across_lock=True, alone=True)
        self.called_off.emit()
        again, self._next = self._next, None
        if again is not None:
            again()
        return True
