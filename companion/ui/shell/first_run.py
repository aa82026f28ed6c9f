"""The first run: from hello to the first useful thing, with Help and Hide on every page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.shell.first_run_page import FirstRunPage
from companion.ui.shell.first_run_pages import ChoicePage, HelloPage, OneThingPage, OthersPage, WherePage
from companion.ui.shell.first_run_secret import KeyPage, PassphrasePage, RecoveryPage
from companion.ui.shell.look import change_look
from companion.ui.shell.top_bar import TopBar
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from companion.core.clock import Clock
    from companion.core.errors import CompanionError
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit

SHARED_LOCK_MINUTES = 2
PATIENCE_MS = 1500  # a disk that has not answered by then is met again when the space is made
CheckPlace = Callable[[Callable[["CompanionError | None"], None]], None]


class FirstRun(QWidget):
    """Shows one page at a time. The passphrase is kept only until the space is made.

    `finished` carries what comes next: today, check-in, write or import.
    """

    create_requested = Signal(str, bool)
    look_around_requested = Signal()
    open_existing_requested = Signal(str)
    find_existing_requested = Signal()
    backup_file_requested = Signal()
    folder_chosen = Signal(Path)
    finished = Signal(str)
    hide_requested = Signal()
    help_requested = Signal()

    def __init__(self, kit: Kit, settings: SettingsStore, facts: Directory, clock: Clock, clipboard: Clipboard) -> None:
        super().__init__()
        self._kit = kit
        self._settings = settings
        self._clock = clock
        self._clipboard = clipboard
        self._passphrase = ""
        self._wants_key = False
        self._existing: list[str] = []
        self.check_place: CheckPlace | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)  # runs while the disk is asked
        self._patience.timeout.connect(self._on_place_fits)
        self.top_bar = TopBar(kit, settings)
        self.top_bar.show_help(True)
        self.top_bar.hide_requested.connect(self.hide_requested)
        self.top_bar.help_requested.connect(self.help_requested)
        self._pages = QStackedWidget()
        self._areas: dict[FirstRunPage, QWidget] = {}
        self.hello = HelloPage(kit)
        self.where = WherePage(kit, settings, facts)
        self.choice = ChoicePage(kit)
        self.passphrase = PassphrasePage(kit)
        self.recovery = RecoveryPage(kit)
        self.others = OthersPage(kit)
        self.one_thing = OneThingPage(kit)
        self._all: tuple[FirstRunPage, ...] = (
            self.hello,
            self.where,
            self.choice,
            self.passphrase,
            self.recovery,
            self.others,
            self.one_thing,
        )
        for page in self._all:
            self._add(page)
        fill(kit.column(self, spacing=0), self.top_bar, (self._pages, 1))
        self._connect()
        self.current: FirstRunPage = self.hello
        self.show_page(self.hello)

    # --- what the shell asks ---------------------------------------------

    def existing_found(self, names: list[str]) -> None:
        """There are spaces already: offer to open one. Nothing is ever made over them."""
        self._existing = names
        if names:
            self.hello.existing.set_text(_("There is a private space on this computer already."))
            self.hello.existing.show()

    def show_created(self, recovery_key: str | None) -> None:
        """The space is made; show its recovery key if there is one, then go on."""
        self._forget()
        self.recovery.show_working(False)
        if recovery_key is None:
            self.show_page(self.others)
            return
        page = KeyPage(self._kit, self._clipboard, recovery_key, self._clock.now().date())
        page.next_requested.connect(self._on_key_kept)
        self._add(page)
        self.show_page(page)

    def show_error(self, error: CompanionError) -> None:
        """Making the space did not work; nothing was made."""
        self.recovery.show_error(error)

    def try_again(self) -> None:
        """Go on after another folder was picked: ask it, or make the space there with what was chosen."""
        if self.current is self.choice:
            self._on_set_up()
        elif self._passphrase:
            self.recovery.show_working(True)
            self.create_requested.emit(self._passphrase, self._wants_key)

    def show_page(self, page: FirstRunPage) -> None:
        """Show this page and put the focus where its work begins."""
        self._patience.stop()
        self.current = page
        self._pages.setCurrentWidget(self._areas[page])
        self._take_focus()
        announce(page, page.title)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where the work of the page begins."""
        super().showEvent(event)
        self._take_focus()

    def _add(self, page: FirstRunPage) -> None:
        area = self._kit.scroll(page)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Page Up and Down reach it from everything inside
        self._areas[page] = area
        self._pages.addWidget(area)

    def _take_focus(self) -> None:
        stop = self.current.first_stop()
        if stop is not None:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- the way through -------------------------------------------------

    def _connect(self) -> None:
        self.hello.next_requested.connect(lambda: self.show_page(self.where))
        self.hello.existing.action_clicked.connect(self._on_open_existing)
        self.hello.find_existing_requested.connect(self.find_existing_requested)
        self.hello.backup_file_requested.connect(self.backup_file_requested)
        self.where.next_requested.connect(lambda: self.show_page(self.choice))
        self.where.back_requested.connect(lambda: self.show_page(self.hello))
        self.choice.set_up_requested.connect(self._on_set_up)
        self.choice.folder_chosen.connect(self.folder_chosen)
        self.choice.back_requested.connect(lambda: self.show_page(self.where))
        self.passphrase.chosen.connect(self._on_passphrase)
        self.passphrase.back_requested.connect(lambda: self.show_page(self.choice))
        self.recovery.answered.connect(self._on_recovery)
        self.recovery.folder_chosen.connect(self.folder_chosen)
        self.recovery.back_requested.connect(lambda: self.show_page(self.passphrase))
        self.others.answered.connect(self._on_others)
        self.one_thing.chosen.connect(self.finished)
        for page in (self.hello, self.where, self.choice, self.passphrase):
            page.look_around_requested.connect(self._on_look_around)

    def _on_open_existing(self) -> None:
        self.open_existing_requested.emit(self._existing[0])

    def _on_look_around(self) -> None:
        self._forget()
        self.look_around_requested.emit()

    def _on_set_up(self) -> None:
        """Nobody thinks of a passphrase for a place that takes nothing, so the disk is asked first, on another thread.

        It answers in an instant. One that does not is not waited for.
        """
        self.choice.trouble.hide()
        if self.check_place is None:
            self._on_place_fits()
            return
        self._patience.start()
        self.check_place(self._on_place_known)

    def _on_place_known(self, error: CompanionError | None) -> None:
        if not self._patience.isActive():
            return  # the person is elsewhere by now
        if error is None:
            self._on_place_fits()
            return
        self._patience.stop()
        self.choice.trouble.show_error(error, take_focus=True)

    def _on_place_fits(self) -> None:
        self.show_page(self.passphrase)

    def _on_passphrase(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self.show_page(self.recovery)

    def _on_recovery(self, wants_key: bool) -> None:
        self._wants_key = wants_key
        self.try_again()

    def _on_key_kept(self) -> None:
        page, area = self.current, self._areas.pop(self.current)
        self.show_page(self.others)
        self._pages.removeWidget(area)
        page.hide()
        area.deleteLater()

    def _on_others(self, is_shared: bool) -> None:
        changes: dict[str, object] = {"shared_computer": is_shared}
        if is_shared:
            changes |= {"auto_lock_minutes": SHARED_LOCK_MINUTES, "neutral_name": True}
        change_look(self._settings, self._kit.theme, **changes)
        self.show_page(self.one_thing)

    def _forget(self) -> None:
        self._passphrase = ""
        self.passphrase.wipe()
