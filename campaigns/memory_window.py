"""The real window with a space read, searched and written in, whose memory is then searched from outside.

`python -m campaigns.memory_window DATA`: the words are spelled on standard input, one letter a line with the next
letter of the alphabet in its place, so that this driver never holds them. It says what it did, waits for a line
after each, and at last starts afresh as the strict lock does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from campaigns import ground
from campaigns.children import say
from campaigns.typing_window import CONTROL, let_go_on, until
from companion.app import App, make_application
from companion.core.afresh import Afresh, begin
from companion.core.paths import Paths
from companion.ui.journal.entry_model import EntryModel
from companion.ui.journal.page import JournalPage
from companion.ui.journal.search_tab import SearchTab
from companion.vault.process import harden_at_start

OPENED = 12  # entries that are opened one after the other


def spelled(line: str) -> Iterator[str]:
    """The letters that were meant."""
    return (" " if letter == "_" else chr(ord(letter) - 1) for letter in line)


class Reader:
    """Opens, reads, searches and writes, by the same signals and keys as a person."""

    def __init__(self, app: App) -> None:
        self._app = app

    def type(self, widget: QWidget, letters: Iterator[str]) -> None:
        """Letter by letter."""
        for letter in letters:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def unlock(self, passphrase: str) -> None:
        """Through the field that has the focus."""
        self._app.window.activateWindow()
        until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "focus")
        field = QApplication.focusWidget() or self._app.window
        self.type(field, spelled(passphrase))
        QTest.keyClick(field, Qt.Key.Key_Return)
        until(lambda: self._app.shell.is_open, "open")
        let_go_on(100)

    def read_and_write(self, word: str) -> None:
        """Today, the timeline, entries one by one, the search, and a note that is not done."""
        shell = self._app.shell
        shell.go("today")
        let_go_on(80)
        shell.go("journal", "timeline")
        page = self._app.window.findChild(JournalPage)
        if page is None:
            raise RuntimeError("no journal")
        let_go_on(150)
        model = page.findChild(EntryModel)
        for row in range(OPENED):
            summary = model.summary(row) if model is not None else None
            if summary is None:
                raise RuntimeError("no entries")
            QTest.keyClick(self._app.window, Qt.Key.Key_Shift)  # nobody gets from page to page without a key or a click
            shell.go("journal", f"read:{summary.id}")
            let_go_on(60)
        shell.go("journal", "search")
        tab = self._app.window.findChild(SearchTab)
        if tab is None:
            raise RuntimeError("no search")
        field = tab.findChild(QLineEdit)
        if field is None:
            raise RuntimeError("no field")
        self.type(field, spelled(word))
        QTest.keyClick(field, Qt.Key.Key_Return)
        until(lambda: tab.model.rowCount(QModelIndex()) > 0, "found")
        let_go_on(80)
        shell.go("journal", "write")
        page.new_note()
        self.type(page.editor.text, spelled(word))
        self.type(page.editor.title, spelled(word))
        let_go_on(60)
        page.editor.text.undo()
        page.editor.text.redo()

    def leave(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        """Lock or Hide, until all is closed and what was to be destroyed is."""
        QTest.keyClick(self._app.window, key, modifier)
        until(lambda: not self._app.shell.is_open, "left")
        closed: list[object] = []
        self._app.tasks.run(self._app, lambda: None, closed.append, across_lock=True)
        until(lambda: closed, "closed")
        let_go_on(1500)


def _open_to_the_search() -> None:
    """Let the process that started this one look, as it may not when a space was opened."""
    import ctypes

    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)


def main(data: Path) -> None:
    """Do it all, and wait for a line after each part."""
    harden_at_start()
    passphrase, word = (sys.stdin.readline().strip() for _ in range(2))
    qt, _private = make_application(["companion"])
    app = App(qt, Paths(data), cost=ground.CHEAP)
    reader = Reader(app)
    app.start()
    until(lambda: app.shell.session is not None, "threads")

    def part(name: str) -> None:
        _open_to_the_search()
        say(name)
        sys.stdin.readline()

    for key, modifier, name in ((Qt.Key.Key_L, CONTROL, "locked"), (Qt.Key.Key_F9, Qt.KeyboardModifier(0), "hidden")):
        app.window.showNormal()
        let_go_on(50)
        reader.unlock(passphrase)
        reader.read_and_write(word)
        part("open")
        reader.leave(key, modifier)
        part(name)
    app.stop()
    begin(Afresh(), [sys.executable, "-c", "import sys; print('afresh', flush=True); sys.stdin.read()"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
