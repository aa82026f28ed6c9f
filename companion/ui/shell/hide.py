"""What covers the window after Hide: a blank page that says nothing about what lies behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.core.errors import CompanionError
    from companion.ui.kit import Kit


class HideCover(QWidget):
    """A blank page named "Notes" with one line to type in. The passphrase opens the app where it was.

    Nothing here, nor what a screen reader says of it, names the app, a lock or a passphrase.
    """

    unlock_requested = Signal(str)
    empty_entered = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._theme = kit.theme
        self.setAccessibleName(_("Notes"))
        self._line = kit.line_edit(_("Notes"))
        self._line.setAccessibleDescription(_("Type here, then press Enter."))
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._line.returnPressed.connect(self._on_return)
        self._line.textEdited.connect(self._on_typed)
        self._said = kit.label("", "small", tone="text_muted")
        page = kit.card(padding=28, spacing=8)
        fill(page.body, self._line, self._said, None)
        fill(kit.column(self, spacing=18, margins=(40, 28, 40, 40)), kit.label(_("Notes"), "title"), (page, 1))
        self.setFocusProxy(self._line)

    def show_error(self, error: CompanionError) -> None:
        """Whatever went wrong is said neutrally; the words behind it wait for the open app.

        A full disk is named: nothing typed here helps until there is room, and any program could say it.
        """
        from companion.core.errors import DiskFull

        full = _("There is no space left on this disk. Free some space, then try again.")
        self._say(full if isinstance(error, DiskFull) else _("That did not work. You can try again."))
        self._line.selectAll()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Leave no typed word behind, and wait for the next one."""
        self._line.clear()
        self._say("")
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Plain paper; nothing behind it shows through."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("background"))

    # --- inside ----------------------------------------------------------

    def _on_return(self) -> None:
        typed = self._line.text()
        if not typed:
            self.empty_entered.emit()
            return
        self._say(_("One moment."))
        self.unlock_requested.emit(typed)

    def _on_typed(self) -> None:
        self._say("")

    def _say(self, words: str) -> None:
        self._said.setText(words)
        announce(self._said, words)


def close_dialogs(window: QWidget) -> None:
    """Menus, popups and modal windows (a file dialog) go before the cover shows."""
    for _attempt in range(10):
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is None or top is window:
            return
        top.close()
