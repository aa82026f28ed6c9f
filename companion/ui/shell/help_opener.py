"""Opens Help right now over whatever is shown, whatever state the space is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from companion.core.i18n import _
from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.hide import close_dialogs

if TYPE_CHECKING:
    from companion.ui.shell.main_window import MainWindow
    from companion.ui.shell.shell import Shell

KEY = "help-now"


def open_help(shell: Shell) -> None:
    """One sheet above all others. A modal window would stand before it, so it goes."""
    window = shell.window
    modal = QApplication.activeModalWidget()
    if modal is not None and modal is not window:
        modal.close()
    if window.isMinimized():
        window.come_forward()
    if window.sheets.has(KEY):
        return
    content = HelpNow(shell.kit, shell.settings, shell.facts, shell.clock, shell.clipboard)
    content.country_changed.connect(shell.change_country)
    window.sheets.open(content, _("Help right now"), key=KEY)


def close_all_but_help(window: MainWindow) -> None:
    """At a lock: what a dialog or a sheet shows belongs to the space that is left; people to call do not."""
    close_dialogs(window)
    window.sheets.close_all(keep=KEY)
