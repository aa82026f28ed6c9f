"""Asked once, when closing would lose words that the disk would not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.ui.kit import Kit
    from companion.ui.shell.main_window import MainWindow


class LoseWordsSheet(QWidget):
    """Keep is the filled button; closing anyway says what it costs."""

    keep_requested = Signal()
    close_requested = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        column = kit.column(self, spacing=14)
        words = _("They could not be saved when the app locked. Open your space, and they are saved then.")
        column.addWidget(kit.label(words))
        row = kit.row()
        lose = kit.button(_("Close and lose them"), kind="ghost")
        lose.clicked.connect(self.close_requested)
        keep = kit.button(_("Stay and keep them"), kind="primary")
        keep.clicked.connect(self.keep_requested)
        row.addWidget(lose)
        row.addStretch(1)
        row.addWidget(keep)
        column.addLayout(row)
        self.setFocusProxy(keep)  # Space or Enter on a frightened evening must not lose them


def ask_before_losing_words(kit: Kit, window: MainWindow, stay: Callable[[], None]) -> None:
    """Ask once; closing is still possible, staying is what Enter finds."""
    sheet = LoseWordsSheet(kit)

    def keep() -> None:
        window.sheets.close()
        focus = window.focusWidget()
        if focus is None or not focus.isVisible():  # on the cover it is where it was
            stay()

    sheet.keep_requested.connect(keep)
    sheet.close_requested.connect(window.finish)
    window.sheets.open(sheet, _("Your last words are not saved"))
