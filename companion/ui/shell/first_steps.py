"""Shows the first-run pages over the window and says how they ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from companion.core.errors import CompanionError
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.ui.shell.first_run import FirstRun
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import SpaceBook
    from companion.ui.tasks import Tasks

ROOM_BYTES = 20_000_000  # a new space with its first notes and a backup
# What a person may begin with, as place and what is asked of it.
BEGINNINGS = {
    "write": ("journal", "new"),
    "check-in": ("today", "check-in"),
    "import": ("journal", "import"),
}


class FirstSteps(QObject):
    """Made by the shell; the pages exist only while they are shown."""

    create_requested = Signal(str, bool)
    looked_around = Signal()
    space_found = Signal(str)
    finished = Signal(str, str)
    folder_chosen = Signal(Path)
    backup_file_requested = Signal()

    def __init__(self, shell: Shell, spaces: SpaceBook) -> None:
        super().__init__(shell)
        self._shell, self._spaces = shell, spaces
        self._pages: FirstRun | None = None
        self._tasks: Tasks | None = None
        self._make_in: Path | None = None

    def attach(self, tasks: Tasks) -> None:
        """The threads are there."""
        self._tasks = tasks

    @property
    def is_shown(self) -> bool:
        """Whether the pages are there."""
        return self._pages is not None

    def show(self) -> None:
        """The pages from hello to the first useful thing."""
        from companion.ui.shell.first_run import FirstRun

        self.drop()
        shell = self._shell
        pages = FirstRun(shell.kit, shell.settings, shell.facts, shell.clock, shell.clipboard)
        pages.create_requested.connect(self.create_requested)
        pages.look_around_requested.connect(self.looked_around)
        pages.finished.connect(self._on_finished)
        pages.open_existing_requested.connect(self._on_open_existing)
        pages.find_existing_requested.connect(self.find_existing)
        pages.backup_file_requested.connect(self.backup_file_requested)
        pages.folder_chosen.connect(self._on_folder_chosen)
        pages.hide_requested.connect(shell.hide)
        pages.help_requested.connect(shell.help)
        pages.check_place = partial(self._check_place, pages)
        pages.existing_found([str(path) for path in self._spaces.known()])
        self._pages = pages
        shell.window.show_screen(pages)
        stop = pages.current.first_stop()
        if stop is not None:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_created(self, code: str | None) -> None:
        """The space is made; go on with its recovery key."""
        if self._pages is not None:
            self._pages.show_created(code)

    def show_error(self, error: CompanionError) -> None:
        """The space was not made."""
        if self._pages is not None:
            self._pages.show_error(error)

    def find_existing(self) -> None:
        """A space from another disk, or one whose place was forgotten: the person shows the folder."""
        from PySide6.QtWidgets import QFileDialog  # not needed before the first paint

        window = self._shell.window
        options = QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        picked = QFileDialog.getExistingDirectory(window, _("Where is your space?"), str(Path.home()), options)
        if not picked:
            return
        found = self._spaces.add_from(Path(picked))
        if not found:
            words = _("There is no private space in that folder. Look for one whose name ends in .vault.")
            window.toasts.show(words, icon="info", seconds=20)
            return
        self.space_found.emit(str(found[0]))
        self.looked_around.emit()

    def drop(self) -> None:
        """Take the pages away with everything typed in them."""
        pages, self._pages = self._pages, None
        if pages is not None:
            self._shell.show_lock_screen()
            self._shell.window.drop_screen(pages)

    def _on_folder_chosen(self, folder: Path) -> None:
        self._make_in = folder
        self.folder_chosen.emit(folder)
        if self._pages is not None:
            self._pages.try_again()

    def _check_place(self, pages: FirstRun, receive: Callable[[CompanionError | None], None]) -> None:
        """Ask the disk on a thread of its own, because a stick may never answer."""
        from companion.core.room import require_place

        if self._tasks is None:
            receive(None)
            return
        job = partial(require_place, self._spaces.new_folder(self._make_in).parent, ROOM_BYTES)
        self._tasks.apart(pages, job, receive, receive)

    def _on_open_existing(self, _name: str) -> None:
        self.drop()
        self.looked_around.emit()

    def _on_finished(self, wish: str) -> None:
        self.drop()
        self.finished.emit(*BEGINNINGS.get(wish, ("today", "")))
