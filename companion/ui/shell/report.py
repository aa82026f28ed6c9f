"""A fault of the program, told calmly, with a report that holds no word the person wrote."""

from __future__ import annotations

import platform
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from companion import __version__
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit


def report_text(error: BaseException) -> str:
    """Where it happened: kinds of error, files and lines; no message, no value, no path outside the program."""
    lines = [f"Companion {__version__}, Python {platform.python_version()}, {platform.system()}"]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(type(current).__name__)
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


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
