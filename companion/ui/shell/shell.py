"""Joins screens and the states of the space: first run, locked, opening, open, hidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.ui.messages import one_line
from companion.ui.shell.frame import Frame
from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.hide import HideCover
from companion.ui.shell.opener import Opener
from companion.ui.shell.space import Closed, Space, SpaceBook, close_space
from companion.ui.shell.unlock import LockScreen

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.first_run import FirstRun
    from companion.ui.shell.lock_guard import LockGuard
    from companion.ui.shell.main_window import MainWindow
    from companion.ui.shell.place import Place
    from companion.ui.tasks import Tasks
    from companion.vault.session import Session

SLOW_CLOSE_MS = 5000
PlaceFactory = Callable[[Space, "Shell"], "list[Place]"]


class Shell(QObject):
    """The states of the window and the ways between them.

    Public signals are facts for others; everything the person does comes in
    through the methods named as verbs.
    """

    opened = Signal()
    locked = Signal()

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
        self._first_run: FirstRun | None = None
        self._cover: HideCover | None = None
        self._is_hidden = False
        self._came_from = ("today", "")
        self._after_close: Callable[[], None] | None = None
        self._lock_screen = LockScreen(kit, settings, facts, clock, clipboard)
        self._opener = Opener(spaces, self)
        self._wire()

    # --- start -----------------------------------------------------------

    def start(self) -> None:
        """Show what the person meets first; nothing here touches a vault."""
        self.apply_names()
        known = self._opener.choose_first()
        self._refresh_lock_screen()
        if not known and not self.settings.current.first_run_done:
            self.show_first_run()
        else:
            self.window.show_screen(self._lock_screen)
            self._lock_screen.focus_field()

    def attach(self, tasks: Tasks, session: Session, guard: LockGuard) -> None:
        """The threads are there (after the first paint); from now on a space can be opened."""
        self._tasks, self._session, self._guard = tasks, session, guard
        self._opener.attach(tasks)
        session.set_idle_minutes(self.settings.current.auto_lock_minutes)
        guard.lock_due.connect(self.lock)

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
        if self._frame is None or self.window.sheets.is_open:
            return
        place = self._frame.go(key)
        if place is not None and where:
            place.go_back_to(where)

    def go_number(self, number: int) -> None:
        """Alt+1 to Alt+7."""
        if self._frame is not None and not self.window.sheets.is_open:
            self._frame.go_number(number)

    def find(self) -> None:
        """Ctrl+F in the place that is shown."""
        if self._frame is not None and not self.window.sheets.is_open:
            self._frame.find_here()

    def next_pane(self, *, back: bool = False) -> None:
        """F6 and Shift+F6."""
        if self._frame is not None and not self.window.sheets.is_open:
            self._frame.next_pane(back=back)

    def refresh_title(self) -> None:
        """A place changed its title."""
        if self._frame is not None:
            self._frame.refresh_title()

    def change_look(self, **changes: object) -> None:
        """Keep these settings and show them at once."""
        try:
            self.settings.change(**changes)
        except CompanionError as error:
            self.window.toasts.show(one_line(error), icon="info")
        self.kit.theme.apply(self.settings.current)
        self.apply_names()
        if self._session is not None:
            self._session.set_idle_minutes(self.settings.current.auto_lock_minutes)

    def minimised(self) -> None:
        """Lock with the window where the person wants it so."""
        if self.settings.current.lock_on_minimise:
            self.lock()

    # --- open ------------------------------------------------------------

    def _on_opening(self) -> None:
        self._lock_screen.show_opening()

    def _on_opened(self, space: Space) -> None:
        self._take(space)
        self._is_hidden = False
        self.apply_names()
        self._lock_screen.clear()
        self._show_frame()
        self.opened.emit()

    def _on_open_failed(self, error: CompanionError) -> None:
        if self._is_hidden and self._cover is not None:
            self._cover.show_error(error)
        else:
            self._lock_screen.show_error(error)

    def _on_created(self, space: Space, code: object) -> None:
        self._take(space)
        self.settings.change(first_run_done=True)
        if self._first_run is not None:
            self._first_run.show_created(code if isinstance(code, str) else None)
        else:
            self._show_frame()

    def _on_create_failed(self, error: CompanionError) -> None:
        if self._first_run is not None:
            self._first_run.show_error(error)

    def _take(self, space: Space) -> None:
        self._space = space
        if self._session is not None and self._guard is not None:
            self._session.unlocked()
            self._guard.watch()

    def _show_frame(self) -> None:
        if self._space is None:
            return
        places = self._make_places(self._space, self)
        frame = Frame(self.kit, places, self.window.sheets, self.app_name())
        frame.help_requested.connect(self.help)
        frame.hide_requested.connect(self.hide)
        frame.lock_requested.connect(self.lock)
        self._frame = frame
        self.window.show_screen(frame)
        key, where = self._came_from
        place = frame.go(key) or frame.go("today")
        if place is not None and where:
            place.go_back_to(where)

    # --- lock and hide ---------------------------------------------------

    def lock(self) -> None:
        """Show the lock screen at once; save, then drop the keys behind it."""
        if self._space is None:
            return
        self._leave_space(self._lock_screen)
        self._lock_screen.clear()
        self._lock_screen.focus_field()

    def hide(self) -> None:
        """Cover within a moment, whatever is open; then save, lock and minimise."""
        self._close_dialogs()
        self._is_hidden = True
        cover = self._the_cover()
        self.window.sheets.close_all()
        self.window.toasts.clear()
        self.window.show_screen(cover)
        self.apply_names()
        self.clipboard.clear_ours(include_numbers=True)
        cover.clear()
        if self._space is not None:
            self._after_close = self.window.showMinimized
            self._leave_space(cover)
        else:
            self.window.showMinimized()

    def _leave_space(self, screen: QWidget) -> None:
        space, tasks = self._space, self._tasks
        if space is None or tasks is None or self._session is None or self._guard is None:
            return
        pending = self._frame.pending() if self._frame is not None else []
        if self._frame is not None:
            self._came_from = self._frame.where()
            self.window.show_screen(screen)
            self.window.drop_screen(self._frame)
            self._frame = None
        self._drop_first_run()
        self.window.toasts.clear()
        self._guard.rest()
        self._session.locked()
        self._space = None
        self.locked.emit()
        self.window.show_screen(screen)
        self._slow_close = QTimer(self)
        self._slow_close.setSingleShot(True)
        self._slow_close.timeout.connect(self._on_slow_close)
        self._slow_close.start(SLOW_CLOSE_MS)
        self.clipboard.clear_ours(include_numbers=self._is_hidden)
        tasks.run(self, partial(close_space, space, pending), self._on_closed, across_lock=True)

    def _on_closed(self, closed: Closed) -> None:
        self._slow_close.stop()
        self._lock_screen.show_state("normal")
        if closed.left_over and closed.error is not None:
            self._opener.keep_for_later(closed.left_over)
            self._lock_screen.show_error(closed.error)
        then, self._after_close = self._after_close, None
        if then is not None and not closed.left_over:
            then()

    def _on_slow_close(self) -> None:
        self._lock_screen.show_state("busy")

    def _close_dialogs(self) -> None:
        """Menus, popups and modal windows (a file dialog) go before the cover shows."""
        for _attempt in range(10):
            top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if top is None or top is self.window:
                return
            top.close()

    def _the_cover(self) -> HideCover:
        if self._cover is None:
            self._cover = HideCover(self.kit)
            self._cover.unlock_requested.connect(self._opener.unlock)
        return self._cover

    # --- help ------------------------------------------------------------

    def help(self) -> None:
        """People to call, over whatever is shown; never closed by Lock."""
        modal = QApplication.activeModalWidget()
        if modal is not None and modal is not self.window:
            modal.close()
        if self.window.isMinimized():
            self.window.come_forward()
        if self.window.sheets.has("help-now"):
            return
        content = HelpNow(self.kit, self.settings, self.facts, self.clock, self.clipboard)
        content.close_requested.connect(lambda: self.window.sheets.close_named("help-now"))
        content.hide_requested.connect(self.hide)
        content.country_changed.connect(self.change_country)
        self.window.sheets.open(content, _("Help right now"), key="help-now")

    def change_country(self, code: str) -> None:
        """Remember whose lines to show."""
        self.settings.change(country=code)
        self._refresh_lock_screen()

    # --- first run -------------------------------------------------------

    def show_first_run(self) -> None:
        """The pages from hello to the first useful thing."""
        from companion.ui.shell.first_run import FirstRun

        self._drop_first_run()
        pages = FirstRun(self.kit, self.settings, self.facts, self.clock, self.clipboard)
        pages.create_requested.connect(self._opener.create)
        pages.look_around_requested.connect(self._on_look_around)
        pages.finished.connect(self._on_first_run_finished)
        pages.hide_requested.connect(self.hide)
        pages.help_requested.connect(self.help)
        self._first_run = pages
        self.window.show_screen(pages)

    def _on_look_around(self) -> None:
        self._drop_first_run()
        self._refresh_lock_screen()
        self.window.show_screen(self._lock_screen)

    def _on_first_run_finished(self, next_place: str) -> None:
        self._drop_first_run()
        self.apply_names()
        self._came_from = {
            "write": ("journal", "write"),
            "check-in": ("today", "check-in"),
            "import": ("journal", "import"),
        }.get(next_place, ("today", ""))
        if self._session is not None:
            self._session.set_idle_minutes(self.settings.current.auto_lock_minutes)
        self._refresh_lock_screen()
        self._show_frame()
        self.opened.emit()

    def _drop_first_run(self) -> None:
        if self._first_run is not None:
            self.window.show_screen(self._lock_screen)
            self.window.drop_screen(self._first_run)
            self._first_run = None

    # --- the rest --------------------------------------------------------

    def close(self) -> None:
        """Save, lock, then close the window."""
        if self._space is None:
            self.window.finish()
            return
        self._after_close = self.window.finish
        self.lock()

    def _wire(self) -> None:
        opener, screen = self._opener, self._lock_screen
        opener.begun.connect(self._on_opening)
        opener.opened.connect(self._on_opened)
        opener.open_failed.connect(self._on_open_failed)
        opener.created.connect(self._on_created)
        opener.create_failed.connect(self._on_create_failed)
        screen.unlock_requested.connect(opener.unlock)
        screen.recovery_requested.connect(opener.recover)
        screen.space_chosen.connect(self._on_space_chosen)
        screen.new_space_requested.connect(self.show_first_run)
        screen.country_changed.connect(self.change_country)
        screen.hide_requested.connect(self.hide)
        screen.help_requested.connect(self.help)

    def _on_space_chosen(self, key: str) -> None:
        self._opener.folder = Path(key)
        self._came_from = ("today", "")

    def _refresh_lock_screen(self) -> None:
        known = self._spaces.known()
        names = [(str(path), _("Space {number}").format(number=n)) for n, path in enumerate(sorted(known), start=1)]
        current = str(self._opener.folder) if self._opener.folder else ""
        self._lock_screen.set_spaces(names, current)
        self._lock_screen.show_state("normal" if known else "no-space")
