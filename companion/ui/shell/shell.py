"""Joins screens and the states of the space: first run, locked, opening, open, hidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, OtherCopy
from companion.core.i18n import _
from companion.ui.shell.closer import Closer
from companion.ui.shell.doorway import Doorway

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.frame import Frame
    from companion.ui.shell.frame_maker import FrameMaker
    from companion.ui.shell.hide import HideCover
    from companion.ui.shell.lock_guard import LockGuard
    from companion.ui.shell.main_window import MainWindow
    from companion.ui.shell.opener import Opener
    from companion.ui.shell.place import Pending, Slot
    from companion.ui.shell.space import Closed, Space, SpaceBook
    from companion.ui.tasks import Tasks
    from companion.vault.session import Session

PlaceFactory = Callable[["Space", "Shell"], "list[Slot]"]


class Shell(QObject):
    """The states of the window and the ways between them; what a person does comes in through the verbs."""

    opened = Signal()
    closed = Signal()
    look_changed = Signal()
    took_space = Signal()  # open or just made, whatever is shown

    def __init__(
        self,
        window: MainWindow,
        kit: Kit,
        clock: Clock,
        settings: SettingsStore,
        facts: Directory,
        clipboard: Clipboard,
        spaces: SpaceBook,
        places: PlaceFactory,
    ) -> None:
        super().__init__(window)
        self.window = window
        self.kit = kit
        self.clock = clock
        self.settings = settings
        self.facts = facts
        self.clipboard = clipboard
        self._spaces = spaces
        self._make_places = places
        self._tasks: Tasks | None = None
        self._session: Session | None = None
        self._guard: LockGuard | None = None
        self._space: Space | None = None
        self._frame: Frame | None = None
        self._cover: HideCover | None = None
        self._is_hidden = False
        self._came_from = ("today", "")
        self._closer = Closer(self)
        self._doorway = Doorway(self, spaces)
        self._lock_screen, self._opener = self._doorway.screen, self._doorway.opener
        self._first_steps = self._doorway.first_steps
        self._frames: FrameMaker  # from `attach` on
        self._wire()

    # --- start -----------------------------------------------------------

    def start(self) -> None:
        """Show what the person meets first; nothing here touches a vault."""
        self.apply_names()
        self._doorway.start()

    def attach(self, tasks: Tasks, session: Session, guard: LockGuard) -> None:
        """The threads are there (after the first paint); from now on a space can be opened."""
        self._tasks, self._session, self._guard = tasks, session, guard
        from companion.ui.shell.frame_maker import FrameMaker

        self._frames = FrameMaker(self.window, self._make_frame, self._spaces.services)
        self._doorway.attach(tasks)
        session.set_idle_minutes(self.settings.current.auto_lock_minutes)
        guard.lock_due.connect(self.lock_at_once)

    @property
    def tasks(self) -> Tasks:
        """The bridge to the vault thread."""
        if self._tasks is None:
            raise RuntimeError("asked before the first paint")
        return self._tasks

    @property
    def is_open(self) -> bool:
        """Whether a space is open now."""
        return self._space is not None

    @property
    def space(self) -> Space | None:
        """The space that is open now."""
        return self._space

    @property
    def opener(self) -> Opener:
        """Which space is chosen, and whether words wait for it."""
        return self._opener

    @property
    def is_hidden(self) -> bool:
        """Whether the cover of Hide is shown."""
        return self._is_hidden

    @property
    def doorway(self) -> Doorway:
        """What stands before the lock."""
        return self._doorway

    @property
    def closer(self) -> Closer:
        """Closes the space behind the lock screen."""
        return self._closer

    @property
    def session(self) -> Session | None:
        """The idle clock; None before the first paint."""
        return self._session

    def apply_names(self) -> None:
        """Window title and app name by the neutral-name setting."""
        self.window.setWindowTitle(self.app_name())

    def app_name(self) -> str:
        """The neutral name until the person chose to be shown the real one."""
        neutral = self.settings.current.neutral_name or self._is_hidden
        return _("Notes") if neutral else "Companion"

    # --- going about -----------------------------------------------------

    def go(self, key: str, where: str = "") -> None:
        """Show a place, and in it what `where` names; nothing while locked."""
        frame = self.free_frame
        if frame is not None:
            frame.go(key, where)

    @property
    def free_frame(self) -> Frame | None:
        """The frame for the keys of the window; None while locked or under a sheet."""
        return None if self.window.sheets.is_open else self._frame

    def refresh_title(self) -> None:
        """A place changed its title."""
        if self._frame is not None:
            self._frame.refresh_title()

    def change_look(self, **changes: object) -> None:
        """Keep these settings and show them at once."""
        self.settings.change(**changes)
        self.kit.theme.apply(self.settings.current)
        self.apply_names()
        if self._session is not None:
            self._session.set_idle_minutes(self.settings.current.auto_lock_minutes)
        self.look_changed.emit()

    def minimised(self) -> None:
        """Lock with the window where the person wants it so."""
        if self.settings.current.lock_on_minimise:
            self.lock_at_once()

    # --- open ------------------------------------------------------------

    def unlock(self, passphrase: str) -> None:
        """Open the chosen space."""
        self._opener.unlock(passphrase)

    def open_demo(self, passphrase: str) -> None:
        """Open the invented person's space; its passphrase is no secret and stands on the lock screen."""
        self._lock_screen.show_hint(
            _("Demo: an invented person. The passphrase is “{words}”.").format(words=passphrase)
        )
        self._opener.unlock(passphrase)

    def create(self, passphrase: str, *, with_recovery: bool) -> None:
        """Make a new space and open it."""
        self._opener.create(passphrase, with_recovery)

    def _on_opening(self) -> None:
        self._lock_screen.show_opening()
        self._frames.begin(self._opener.folder)

    def _on_opened(self, space: Space) -> None:
        self._take(space)
        self._is_hidden = False
        self.apply_names()
        self._lock_screen.clear()
        self._show_frame()
        self.opened.emit()

    def _on_open_failed(self, error: CompanionError) -> None:
        # Only the right passphrase hears of another copy, and that needs a choice that the cover has no words for.
        if self._is_hidden and self._cover is not None and not isinstance(error, OtherCopy):
            self._cover.show_error(error)
        else:
            self._is_hidden = False
            self.apply_names()
            self.show_lock_screen()
            self._lock_screen.show_error(error)

    def _on_created(self, space: Space, code: object) -> None:
        self._take(space)
        self.settings.change(first_run_done=True)
        if self._first_steps.is_shown:
            self._first_steps.show_created(code if isinstance(code, str) else None)
        else:
            self._show_frame()

    def _take(self, space: Space) -> None:
        self._space = space
        if self._session is not None and self._guard is not None:
            self._session.unlocked()
            self._guard.watch()
        self.took_space.emit()

    def _show_frame(self) -> None:
        if self._space is None:
            return
        frame = self._frame = self._frames.take(self._space)
        frame.show_name(self.app_name())
        self.window.show_screen(frame)
        if frame.go(*self._came_from) is None:
            frame.go("today")

    def _make_frame(self, space: Space) -> Frame:
        from companion.ui.shell.frame import Frame

        frame = Frame(self.kit, self._make_places(space, self), self.window.sheets)
        frame.help_requested.connect(self.help)
        frame.hide_requested.connect(self.hide)
        frame.lock_requested.connect(self.lock)
        frame.prepare(*self._came_from)
        return frame

    # --- lock and hide ---------------------------------------------------

    def lock(self) -> None:
        """Show the lock screen at once; save, then drop the keys behind it."""
        if self._space is None and not self._opener.call_off():
            return
        if self._is_hidden:
            self._the_cover().clear()
            return
        self._first_steps.drop()
        self._leave_space(self._lock_screen)
        self._lock_screen.clear()
        self._lock_screen.focus_field()

    def lock_at_once(self) -> None:
        """Lock for a computer that sleeps, or because nobody is there: no backup comes before the keys go."""
        self._closer.hurry()
        self.lock()

    def hide(self) -> None:
        """Cover within a moment, whatever is open; then save, lock and minimise."""
        self._closer.hurry()
        from companion.ui.shell.hide import close_dialogs

        close_dialogs(self.window)
        self._is_hidden = True
        cover = self._the_cover()
        self.window.sheets.close_all()
        self.window.toasts.clear()
        self.window.show_screen(cover)
        self.apply_names()
        self.clipboard.clear_ours(include_numbers=True)
        cover.clear()
        if self._space is not None:
            self._closer.then(self.window.showMinimized, in_any_case=True)
            self._leave_space(cover)
        else:
            self._opener.call_off()
            self.window.showMinimized()

    def _leave_space(self, screen: QWidget) -> None:
        space, tasks = self._space, self._tasks
        if space is None or tasks is None or self._session is None or self._guard is None:
            return
        from companion.ui.shell.help_opener import close_all_but_help

        close_all_but_help(self.window)
        pending: list[Pending] = []
        if self._frame is not None:
            self._came_from, pending = self._frame.where(), self._frame.pending()
            self.window.show_screen(screen)
            self.window.drop_screen(self._frame)
            self._frame = None
        self._first_steps.drop()
        self.window.toasts.clear()
        self._guard.rest()
        self._session.locked()
        self._space = None
        self.window.show_screen(screen)
        self.clipboard.clear_ours(include_numbers=self._is_hidden)
        self._closer.begin(tasks, space, pending)

    def _on_closed(self, closed: Closed) -> None:
        self._lock_screen.show_state("normal")
        if closed.error is not None:
            self._opener.keep_for_later(closed.left_over, closed.error)
        if self._opener.trouble is not None:
            self._lock_screen.show_not_saved(self._opener.trouble)
        self.closed.emit()

    def _the_cover(self) -> HideCover:
        if self._cover is None:
            from companion.ui.shell.hide import HideCover

            self._cover = HideCover(self.kit)
            self._cover.unlock_requested.connect(self._on_cover_words)
            self._cover.empty_entered.connect(partial(self._on_cover_words, ""))
        return self._cover

    def _on_cover_words(self, words: str) -> None:
        if self._opener.choose_first():
            self._opener.unlock(words)
            return
        # There is no space yet, so there is nothing to keep from whoever types here.
        self._is_hidden = False
        self.start()

    def help(self) -> None:
        """People to call, over whatever is shown; never closed by Lock."""
        from companion.ui.shell.help_opener import open_help  # loaded by the time anyone can press F1

        open_help(self)

    def change_country(self, code: str) -> None:
        """Remember whose lines to show."""
        self.settings.change(country=code)
        self._doorway.refresh()

    def show_first_run(self) -> None:
        """The pages from hello to the first useful thing."""
        self._first_steps.show()

    def show_lock_screen(self) -> None:
        """What stands before the lock."""
        self.window.show_screen(self._lock_screen)

    def _on_first_steps_finished(self, place: str, where: str) -> None:
        self.apply_names()
        self._came_from = (place, where)
        if self._session is not None:
            self._session.set_idle_minutes(self.settings.current.auto_lock_minutes)
        self._doorway.refresh()
        self._show_frame()

    def close(self) -> None:
        """Save, lock, then close the window; never while words are only in memory, unless the person says so."""
        if self._space is not None or self._closer.is_closing:
            self._closer.then(self._finish)
            self.lock()
        else:
            self._finish()

    def _finish(self) -> None:
        if self._opener.holds_words:
            from companion.ui.shell.lose_words import ask_before_losing_words

            ask_before_losing_words(self.kit, self.window, self._lock_screen.focus_field)
        else:
            self.window.finish()

    def _wire(self) -> None:
        self.window.sheets.hide_all = self.hide
        opener = self._opener
        opener.begun.connect(self._on_opening)
        opener.opened.connect(self._on_opened)
        opener.open_failed.connect(self._on_open_failed)
        opener.created.connect(self._on_created)
        self._first_steps.finished.connect(self._on_first_steps_finished)
        self._doorway.other_space.connect(self._on_other_space)
        self._closer.closed.connect(self._on_closed)
        self._closer.slow.connect(partial(self._lock_screen.show_state, "busy"))

    def _on_other_space(self) -> None:
        self._frames.drop()
        self._came_from = ("today", "")
