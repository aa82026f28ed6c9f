"""A damaged space saved as far as it can be read: asked, done in the background, and told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, Stopped, WrongSecret
from companion.core.i18n import _
from companion.core.stopping import StopSwitch
from companion.ui.announce import announce
from companion.ui.messages import one_line, words_for
from companion.ui.salvage_words import lost_lines, saved_lines
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.shell.doorway import Doorway
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import SpaceBook
    from companion.ui.tasks import Tasks
    from companion.vault.salvage.contract import SalvageResult

_MOST_LINES = 500


class SalvageSheet(QWidget):
    """Asks for the passphrase, works, and says what came back. Closing it, or Hide, stops the work."""

    open_requested = Signal(object, str)  # the new space's Path, its passphrase

    def __init__(self, shell: Shell, tasks: Tasks, spaces: SpaceBook, folder: Path) -> None:
        super().__init__()
        self._shell, self._tasks, self._spaces, self._folder = shell, tasks, spaces, folder
        self._stop = StopSwitch()
        self._is_working = False
        self._result: SalvageResult | None = None
        kit = shell.kit
        self._about = kit.label(
            _(
                "This reads everything in the damaged space that is still whole, and saves it in a new space "
                "with the same passphrase. The damaged space stays where it is, and nothing in it is changed."
            )
        )
        self._field = kit.field(_("Passphrase of the damaged space"), secret=True)
        self._field.edit.returnPressed.connect(self._on_start)
        self._field.edit.textEdited.connect(self._field.clear_error)
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._progress = kit.progress(_("Saving what can still be read"))
        self._progress.hide()
        self._told = fill(kit.column(spacing=6))
        self._report = fill(kit.column(spacing=6))
        self._start = kit.button(_("Save it now"), kind="primary", icon="life-buoy")
        self._start.clicked.connect(self._on_start)
        self._cancel = kit.button(_("Stop"), icon="x")
        self._cancel.clicked.connect(self._on_cancel)
        self._cancel.hide()
        self._copy = kit.button(_("Copy the list"), icon="copy")
        self._copy.clicked.connect(self._on_copy)
        self._copy.hide()
        self._open = kit.button(_("Open the new space"), kind="primary", icon="lock-open")
        self._open.clicked.connect(self._on_open)
        self._open.hide()
        ways = kit.flow(spacing=12)
        for way in (self._open, self._start, self._cancel, self._copy):
            ways.addWidget(way)
        fill(
            kit.column(self, spacing=14),
            self._about,
            self._field,
            self._trouble,
            self._progress,
            self._told,
            ways,
            self._report,
        )
        self.setFocusProxy(self._field.edit)
        self.destroyed.connect(self._stop.stop)

    # --- reactions -------------------------------------------------------

    def _on_start(self) -> None:
        typed = self._field.text()
        if self._is_working or self._result is not None:
            return
        if not typed:
            self._field.set_error(_("Type your passphrase first."))
            self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._show_working(is_working=True)
        words = _("Reading page by page. You can go on using Help.")
        self._progress.show_progress(0, 0, words)
        announce(self._progress, words)
        stop, tasks, told = self._stop, self._tasks, self._on_progress

        def step(done: int, total: int) -> None:
            stop.check()
            tasks.tell(self, told, (done, total))

        job = partial(_salvaged, self._spaces, self._folder, typed, step)
        self._tasks.in_background(self, job, self._on_done, self._on_failed, across_lock=True)

    def _on_progress(self, done_and_total: tuple[int, int]) -> None:
        done, total = done_and_total
        if self._is_working:
            percent = 100 * done // max(total, 1)
            self._progress.show_progress(percent, 100, _("{percent} % read").format(percent=percent))

    def _on_cancel(self) -> None:
        self._stop.stop()
        self._progress.show_words(_("Stopping…"))

    def _on_failed(self, error: CompanionError) -> None:
        self._stop = StopSwitch()
        self.destroyed.connect(self._stop.stop)
        self._show_working(is_working=False)
        self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(error, WrongSecret):
            self._field.set_error(words_for(error).joined())
            self._field.edit.selectAll()
            return
        line = _("Stopped. Nothing was changed.") if isinstance(error, Stopped) else one_line(error)
        self._trouble.set_text(line)
        self._trouble.show()
        announce(self._trouble, line)

    def _on_done(self, result: SalvageResult) -> None:
        self._result = result
        self._show_working(is_working=False)
        for part in (self._about, self._field, self._start):
            part.hide()
        today = self._shell.clock.now().date()
        kit = self._shell.kit
        for line in saved_lines(result, today):
            self._told.addWidget(kit.label(line))
        lost = lost_lines(result.lost, today)
        if lost:
            self._report.addWidget(kit.label(_("What did not come back whole"), "h3"))
        for line in lost[:_MOST_LINES]:
            self._report.addWidget(kit.label(line, "small"))
        if len(lost) > _MOST_LINES:
            self._report.addWidget(kit.label(_("The copied list has all of it."), "small"))
        untouched = _("The damaged space is as it was. Both are on the lock screen.")
        self._told.addWidget(kit.label(untouched, "muted"))
        self._copy.setVisible(bool(lost))
        self._open.show()
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._open, " ".join(saved_lines(result, today)))

    def _on_copy(self) -> None:
        if self._result is not None:
            today = self._shell.clock.now().date()
            self._shell.clipboard.copy_own("\n".join(lost_lines(self._result.lost, today)))

    def _on_open(self) -> None:
        if self._result is not None:
            self.open_requested.emit(self._result.folder, self._field.text())

    @property
    def is_done(self) -> bool:
        """Whether the new space is there."""
        return self._result is not None

    def wipe(self) -> None:
        """Leave no typed word behind."""
        self._field.wipe()

    def _show_working(self, *, is_working: bool) -> None:
        self._is_working = is_working
        self._trouble.hide()
        self._field.clear_error()
        self._field.edit.setReadOnly(is_working)
        self._start.setEnabled(not is_working)
        self._progress.setVisible(is_working)
        self._cancel.setVisible(is_working)


def _salvaged(spaces: SpaceBook, folder: Path, passphrase: str, step: Callable[[int, int], None]) -> SalvageResult:
    """The work itself, on the background thread."""
    return spaces.services(folder).salvage(free_place(spaces, folder), passphrase, step)


def free_place(spaces: SpaceBook, folder: Path) -> Path:
    """Where the new space goes: the same name again after an attempt that was cut off, so that nothing piles up."""
    from companion.vault.presence import holds_vault

    usual, number = spaces.new_folder().parent, 2
    while holds_vault(usual / f"{folder.stem}-{number}.vault"):
        number += 1
    return usual / f"{folder.stem}-{number}.vault"


def offer_salvage(shell: Shell, tasks: Tasks, spaces: SpaceBook, doorway: Doorway) -> None:
    """Open the sheet for the chosen space."""
    folder = doorway.opener.folder
    if folder is None:
        return
    sheet = SalvageSheet(shell, tasks, spaces, folder)

    def open_new(new: Path, passphrase: str) -> None:
        shell.window.sheets.close()
        doorway.choose(new)
        doorway.opener.unlock(passphrase)

    sheet.open_requested.connect(open_new)

    def closed() -> None:
        sheet.wipe()
        if sheet.is_done:  # there is one more space now
            doorway.refresh()

    shell.window.sheets.open(sheet, _("Save what can still be read"), closed)
