"""Keeps backups while the window is open: a daily one, one behind the lock screen, and copies in a second place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from companion.core.errors import CompanionError, DiskUnreachable, Stopped, VaultLocked
from companion.core.i18n import _
from companion.ui.backup_words import not_made_line
from companion.ui.shell.opened_words import SECONDS
from companion.vault.keeping import Occasion, Place
from companion.vault.second_place import Carried, Errand, carry_over

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import Space
    from companion.ui.tasks import Tasks
    from companion.vault.shelf import BackupInfo

FIRST_LOOK_MS = 45_000  # after opening, when the person has begun
LOOK_EVERY_MS = 10 * 60_000
AT_LOCK_SECONDS = 4.0
_NO_NEWS = (Stopped, VaultLocked)

WhereNow = Literal["none", "looking", "there", "missing", "trouble"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands: why the last automatic backup was not made, and what is known of the second place.

    `elsewhere` are the backups found there, newest first.
    """

    trouble: CompanionError | None = None
    where: WhereNow = "none"
    place_trouble: CompanionError | None = None
    elsewhere: tuple[BackupInfo, ...] = ()


class Keeper(QObject):
    """Looks from time to time, off the window's thread; whatever else wants the vault goes first.

    `told` says a failure once, until something went well again; `missed` that
    the second place was not there for a month.
    """

    changed = Signal()
    told = Signal(object, bool)  # the error; whether it is about the second place
    missed = Signal(object)  # the Place

    def __init__(self, tasks: Tasks, clock: Clock, shell: Shell) -> None:
        super().__init__(shell)
        self._tasks, self._clock, self._shell = tasks, clock, shell
        self.standing = Standing()
        self._round: tuple[Space, int] | None = None
        self._said: set[type[CompanionError]] = set()
        self._at_lock: CompanionError | None = None
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self.told.connect(self._say)
        self.missed.connect(self._say_missed)
        shell.took_space.connect(self._on_opened)
        shell.closer.before_lock = self.before_lock
        shell.closer.closed.connect(self._on_closed)
        if shell.is_open:
            self._on_opened()

    # --- while it is open --------------------------------------------------

    def look(self) -> None:
        """Make what is due and carry it to the second place; once at a time."""
        self._timer.start(LOOK_EVERY_MS)
        space, session = self._shell.space, self._shell.session
        if space is None or session is None or session.is_held:
            return
        if self._round is not None:
            self._again = True
            return
        self._round = (space, session.epoch)
        self._tasks.run(self, lambda: space.keeping.place, self._on_place, self._on_failed)

    def _on_place(self, place: Place | None) -> None:
        if place is None:
            self._keep(None, False)
            return
        # A stick or a share that does not answer must hold neither the window nor the vault.
        looked = partial(self._keep, place)
        self._tasks.apart(self, place.folder.is_dir, looked, self._on_failed)

    def _keep(self, place: Place | None, is_there: bool) -> None:
        space = self._space()
        if space is None:
            return

        def job() -> Errand | None:
            space.keeping.keep(Occasion.OPEN, place_is_there=is_there)
            return space.keeping.errand()

        self._tasks.run(self, job, partial(self._on_kept, place, is_there), self._on_failed)

    def _on_kept(self, place: Place | None, is_there: bool, errand: Errand | None) -> None:
        self._show(trouble=None)
        self._said.clear()
        if place is None:
            self._finish(where="none", place_trouble=None, elsewhere=())
        elif not is_there:
            self._finish(where="missing", place_trouble=None, elsewhere=())
            if place.offer_due(self._clock.now()):
                self._mention(place)
        elif errand is None:
            self._finish(where="there", place_trouble=None)
        else:
            self._show(where="looking")
            self._tasks.apart(self, partial(carry_over, errand), self._on_carried, self._on_not_carried)

    def _on_carried(self, carried: Carried) -> None:
        self._finish(where="there", place_trouble=None, elsewhere=carried.backups)

    def _on_not_carried(self, error: CompanionError) -> None:
        is_gone = isinstance(error, DiskUnreachable)
        self._finish(where="missing" if is_gone else "trouble", place_trouble=error)
        self._tell(error, is_elsewhere=True)

    def _mention(self, place: Place) -> None:
        space = self._space()
        if space is not None:
            self._tasks.run(self, space.keeping.note_offered, failed=lambda _error: None)
            self.missed.emit(place)

    # --- as it closes ------------------------------------------------------

    def before_lock(self, space: Space, is_over: Callable[[], bool]) -> None:
        """Behind the lock screen, on the vault thread: a backup if one is due and nobody waits for anything."""
        latest = self._clock.monotonic() + AT_LOCK_SECONDS

        def stop() -> None:
            if is_over() or self._clock.monotonic() > latest:
                raise Stopped

        try:
            stop()
            space.keeping.keep(Occasion.CLOSING, stop=stop)
        except _NO_NEWS:
            pass
        except CompanionError as error:
            self._at_lock = error

    # --- inside ------------------------------------------------------------

    def _on_opened(self) -> None:
        self._timer.start(FIRST_LOOK_MS)
        if self._at_lock is not None:
            error, self._at_lock = self._at_lock, None
            self._show(trouble=error)
            self._tell(error, is_elsewhere=False)

    def _on_closed(self, _closed: object) -> None:
        self._timer.stop()
        self._round = None
        self._again = False
        self.standing = Standing()

    def _space(self) -> Space | None:
        """The space of this round, while it is open."""
        if self._round is None or self._shell.space is not self._round[0]:
            return None
        return self._round[0]

    def _finish(self, **changes: object) -> None:
        self._round = None
        self._show(**changes)
        if self._again:
            self._again = False
            self.look()

    def _on_failed(self, error: CompanionError) -> None:
        self._finish()
        if not isinstance(error, _NO_NEWS):
            self._show(trouble=error)
            self._tell(error, is_elsewhere=False)

    def _tell(self, error: CompanionError, *, is_elsewhere: bool) -> None:
        if type(error) not in self._said:
            self._said.add(type(error))
            self.told.emit(error, is_elsewhere)

    def _say(self, error: CompanionError, is_elsewhere: bool) -> None:
        self._shell.window.toasts.show(not_made_line(error, elsewhere=is_elsewhere), icon="archive", seconds=SECONDS)

    def _say_missed(self, _place: Place) -> None:
        words = _("The second place for backups was not here for a month. Plug it in when it suits you.")
        self._shell.window.toasts.show(words, icon="usb", seconds=SECONDS)

    def _show(self, **changes: object) -> None:
        self.standing = replace(self.standing, **changes)  # type: ignore[arg-type]
        self.changed.emit()
