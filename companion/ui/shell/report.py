"""A fault of the program, told calmly, with a report that holds no word the person wrote."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from companion import __version__
from companion.core.faults import places
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit


def report_text(error: BaseException) -> str:
    """The version, and where it happened."""
    head = f"Companion {__version__}, Python {platform.python_version()}, {platform.system()}"
    return "\n".join([head, *places(error)])


class FaultSheet(QWidget):
    """What happened, what is safe, and a report that can be copied by hand."""

    finished = Signal()

    def __init__(self, kit: Kit, clipboard: Clipboard, error: BaseException) -> None:
        super().__init__()
        text = report_text(error)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(kit.theme.px(12))
        layout.addWidget(kit.label(_("Something in the app did not work. What was saved is still saved.")))
        layout.addWidget(
            kit.label(
                _("You can go on. If it happens again, this report may help. None of your words are in it."), "muted"
            )
        )
        shown = QPlainTextEdit(text)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setAccessibleName(_("Report"))
        layout.addWidget(shown)
        row = kit.row()
        copy = kit.button(_("Copy report"), icon="copy")
        copy.clicked.connect(lambda: clipboard.copy_public(text))
        row.addWidget(copy)
        row.addStretch(1)
        layout.addLayout(row)
