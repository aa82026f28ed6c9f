"""Two versions of your notes: what lies beside a space, and the way to read the other one. Nothing is ever mixed."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.sync_words import version_facts, version_title
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.core.copies import OtherVersion
    from companion.core.errors import CompanionError, OtherCopy
    from companion.ui.kit import Kit
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import Opened, Space, SpaceBook
    from companion.ui.widgets.sheet import SheetHost

KEY = "two-versions"
_SECONDS = 20


class VersionsSheet(QWidget):
    """One row for each copy. With `can_look`, one that opens can be made a space of its own."""

    look_requested = Signal(object)
    leave_requested = Signal()

    def __init__(self, kit: Kit, others: tuple[OtherVersion, ...], today: date, *, can_look: bool) -> None:
        super().__init__()
        self._kit, self._today = kit, today
        self._looks: list[QWidget] = []
        column = kit.column(self, spacing=14)
        column.addWidget(kit.label(self._lead(others, can_look=can_look)))
        for other in others:
            column.addWidget(self._row(other, can_look=can_look))
        self._said = kit.notice("", tone="warn")
        self._said.hide()
        column.addWidget(self._said)
        close = kit.button(_("Leave it") if can_look else _("Close"), kind="primary")
        close.clicked.connect(self.leave_requested)
        column.addWidget(box(fill(kit.row(), None, close)))
        self.setFocusProxy(close)

    def show_working(self, is_working: bool) -> None:
        """A copy is being made."""
        for button in self._looks:
            button.setEnabled(not is_working)

    def show_error(self, error: CompanionError) -> None:
        """It could not be copied; nothing changed."""
        from companion.ui.messages import one_line

        self.show_working(False)
        self._said.set_text(one_line(error))
        self._said.show()
        announce(self._said, one_line(error))

    # --- inside ----------------------------------------------------------

    @staticmethod
    def _lead(others: tuple[OtherVersion, ...], *, can_look: bool) -> str:
        if not others:
            return _(
                "No second copy was found beside it. The newer notes may still be on the other computer, in the "
                "program that keeps the folders the same, or in a backup. Lock, and look there before you write here."
            )
        if not can_look:
            return _(
                "These lie beside your space. Nothing was mixed and nothing was deleted. When this space is open, you "
                "can look at each of them."
            )
        return _(
            "A program that keeps folders the same on two computers can make second copies. Nothing was mixed and "
            "nothing was deleted. Looking at one makes it a space of its own, beside this one."
        )

    def _row(self, other: OtherVersion, *, can_look: bool) -> QWidget:
        facts = version_facts(other, self._today)
        second = f"{other.path.name}. {facts}" if facts else other.path.name
        look: QWidget | None = None
        if can_look and other.can_be_opened:
            button = self._kit.button(_("Look at it"), name=_("Look at it: {name}").format(name=other.path.name))
            button.clicked.connect(partial(self.look_requested.emit, other))
            self._looks.append(button)
            look = button
        icon = "key-round" if other.kind == "keys" else "notebook-pen"
        return self._kit.setting_row(icon, version_title(other, than_seen=not can_look), second, look)


def show_told(kit: Kit, sheets: SheetHost, told: OtherCopy, today: date) -> None:
    """The copies that were found while another one was asked for; the space is locked."""
    sheet = VersionsSheet(kit, told.others, today, can_look=False)
    sheet.leave_requested.connect(sheets.close)
    sheets.open(sheet, _("Two versions of your notes"), key=KEY)


class TwoVersions(QObject):
    """Shows the sheet over an open space and does what is chosen in it. `made_apart`: there is one space more."""

    made_apart = Signal()

    def __init__(self, shell: Shell, spaces: SpaceBook) -> None:
        super().__init__(shell)
        self._shell, self._spaces = shell, spaces

    def show(self, opened: Opened) -> None:
        """What was found at this opening."""
        shell = self._shell
        if not shell.is_open:
            return
        sheet = VersionsSheet(shell.kit, opened.others, shell.clock.now().date(), can_look=True)
        sheet.look_requested.connect(partial(self._look, sheet, opened.space))
        sheet.leave_requested.connect(partial(self._leave, opened))
        shell.window.sheets.open(sheet, _("Two versions of your notes"), key=KEY)

    # --- inside ----------------------------------------------------------

    def _look(self, sheet: VersionsSheet, space: Space, other: OtherVersion) -> None:
        sheet.show_working(True)
        target = self._spaces.new_folder()
        job = partial(space.vault.set_apart, other, target)
        self._shell.tasks.run(sheet, job, partial(self._on_apart, target), sheet.show_error)

    def _on_apart(self, target: Path, _nothing: None) -> None:
        self._spaces.add_from(target)
        self._shell.window.sheets.close_named(KEY)
        words = _("It is a space of its own now. Lock, and choose it there. Your passphrase opens it.")
        self._shell.window.toasts.show(words, icon="check", seconds=_SECONDS)
        self.made_apart.emit()

    def _leave(self, opened: Opened) -> None:
        from companion.vault.left_versions import leave

        self._shell.window.sheets.close_named(KEY)
        job = partial(leave, opened.space.vault, opened.others)
        self._shell.tasks.run(self, job, lambda _none: None, lambda _error: None)
