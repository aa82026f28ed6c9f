"""The system clipboard as Companion uses it: crisis numbers stay, the person's own words leave again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QWidget

    from companion.services import SettingsStore

OWN_TEXT_STAYS_S = 60

# What clipboard histories on Linux (KDE), Windows and macOS look for before they keep a copy.
SECRET_HINTS = {
    "x-kde-passwordManagerHint": b"secret",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "application/x-nspasteboard-concealed-type": b"1",
}


def mark_secret(mime: QMimeData) -> QMimeData:
    """The same data, with the hints that ask clipboard histories not to keep it."""
    for name, value in SECRET_HINTS.items():
        mime.setData(name, value)
    return mime


def is_marked_secret(mime: QMimeData) -> bool:
    """Whether somebody marked it already; a text field never does."""
    return all(mime.hasFormat(name) for name in SECRET_HINTS)


def selected_text(widget: QWidget | None) -> str:
    """What is selected in a field, an editor or a label; "" for anything else."""
    from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QTextEdit  # not needed before the first paint

    if isinstance(widget, QLineEdit | QLabel):
        return widget.selectedText()
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        return widget.textCursor().selection().toPlainText()
    return ""


class Clipboard(QObject):
    """Copies text and knows which text on the clipboard came from here.

    The person's own text leaves after `OWN_TEXT_STAYS_S` seconds where that setting is on.
    """

    def __init__(self, app: QGuiApplication, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = app.clipboard()
        self._settings = settings
        self._number = ""
        self._own = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(OWN_TEXT_STAYS_S * 1000)
        self._timer.timeout.connect(self._on_time_out)
        self._is_ours_to_set = False
        self._board.dataChanged.connect(self._on_changed)

    def copy_public(self, text: str) -> None:
        """Copy a public number or address; it stays until Hide."""
        self._timer.stop()
        self._own, self._number = "", text
        with self._setting():
            self._board.setText(text)

    @property
    def number_there(self) -> str:
        """The public number or address from here that is on the clipboard now; "" for none."""
        return self._number if self._number and self._board.text() == self._number else ""

    def copy_own(self, text: str) -> None:
        """Copy the person's own text, marked secret; it leaves again when that setting is on."""
        from PySide6.QtCore import QMimeData

        mime = QMimeData()
        mime.setText(text)
        self.take_own(mark_secret(mime))

    def take_own(self, mime: QMimeData) -> None:
        """Put the person's own text, with its formats, on the clipboard and remember it."""
        self._number, self._own = "", mime.text()
        with self._setting():
            self._board.setMimeData(mark_secret(mime))
        if self._settings.current.clear_clipboard:
            self._timer.start()
        else:
            self._timer.stop()

    def clear_ours(self, include_numbers: bool) -> None:
        """Take back what came from here if it is still there: own text always, numbers for Hide."""
        self._timer.stop()
        there = self._board.text()
        ours = {self._own} | ({self._number} if include_numbers else set())
        if there and there in ours:
            self._board.clear()
        self._own = ""
        if include_numbers:
            self._number = ""
        # On X11 selecting text is enough to put it on the second clipboard.
        if self._board.supportsSelection() and self._board.ownsSelection():
            self._board.clear(self._board.Mode.Selection)

    @contextmanager
    def _setting(self) -> Iterator[None]:
        self._is_ours_to_set = True
        try:
            yield
        finally:
            self._is_ours_to_set = False

    def _on_changed(self) -> None:
        """Copy and Cut of a text field go to the clipboard by themselves; know them by what is selected there."""
        there = self._board.mimeData()
        if self._is_ours_to_set or there is None or not there.text() or is_marked_secret(there):
            return
        from PySide6.QtCore import QMimeData
        from PySide6.QtWidgets import QApplication

        if there.text() != selected_text(QApplication.focusWidget()):
            return
        same = QMimeData()
        for name in there.formats():
            same.setData(name, there.data(name))
        self.take_own(same)

    def _on_time_out(self) -> None:
        self.clear_ours(include_numbers=False)
