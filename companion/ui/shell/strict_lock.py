"""Starts the program anew after each lock, where the person wants it: what was in memory is gone with the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from companion.core.afresh import Afresh, command

if TYPE_CHECKING:
    from companion.ui.shell.shell import Shell


class StrictLock(QObject):
    """`due` comes when everything is saved and locked and the setting is on.

    Never while words wait in memory because the disk did not take them, while a space opens, or on the way out.
    """

    due = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        # After what was to follow the lock: minimising, or the end of the window.
        shell.closed.connect(lambda: QTimer.singleShot(0, self, self.look))

    def look(self) -> None:
        """Ask for it, where nothing stands against it."""
        shell, opener = self._shell, self._shell.opener
        busy = shell.is_open or opener.is_busy or opener.holds_words or shell.window.is_finished
        if shell.settings.current.strict_lock and not busy and command() is not None:
            self.due.emit(self.state())

    def state(self) -> Afresh:
        """How the window is now."""
        from companion.ui.shell.help_opener import KEY

        window = self._shell.window
        fills = window.isMaximized() or window.isFullScreen()
        shape = window.geometry()
        place = None if fills else (shape.x(), shape.y(), shape.width(), shape.height())
        return Afresh(self._shell.is_hidden, window.sheets.has(KEY), place, self._shell.clipboard.number_there)
