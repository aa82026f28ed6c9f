"""The measured side with a window, as a process of its own: `python -m benchmarks.window WHAT PAIRS`.

The product is started as it always is and watched from here; nothing in it knows
that it is measured. "empty", "named" and "lock-screen" print the moment of their first
paint (CLOCK_MONOTONIC, seconds); the others print a JSON object with the times.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

# Nothing else here: what this file loads, no start that is measured has to load.
if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from companion.app import App

_PATIENCE_MS = 60_000
_CLASSES = {
    "QtCore": "Qt QEvent QObject QTimer QPoint QPointF QRect QRectF QSize QLocale Signal Slot",
    "QtGui": "QColor QFont QFontDatabase QFontMetrics QGuiApplication QIcon QImage QKeyEvent QKeySequence QPainter"
    " QPainterPath QPalette QPen QPixmap QShortcut",
    "QtWidgets": "QApplication QFrame QHBoxLayout QLabel QLayout QLineEdit QPushButton QScrollArea QSizePolicy"
    " QStackedLayout QStyle QVBoxLayout QWidget",
}
Part = TypeVar("Part", bound="QObject")


def _report_and_leave() -> None:
    sys.stdout.write(f"{time.monotonic()}\n")
    sys.stdout.flush()
    os._exit(0)


def empty() -> None:
    """The baseline: an empty main window of the same size."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    from benchmarks.paint_watch import PaintWatch

    qt = QApplication(["empty"])
    window = QMainWindow()
    window.resize(1280, 860)
    window.show()
    PaintWatch(window, _report_and_leave)
    qt.exec()


def named() -> None:
    """The empty window again, in a process that has named the Qt classes any window with a form needs.

    PySide6 makes a class, with its enums, when it is first named; this is what that costs.
    """
    for module, names in _CLASSES.items():
        found = importlib.import_module(f"PySide6.{module}")
        for name in names.split():
            getattr(found, name)
    empty()


def lock_screen() -> None:
    """Companion from its own `main`, until the lock screen is painted."""
    from companion.__main__ import main
    from companion.ui import toolkit

    load = toolkit.load

    def load_and_watch() -> None:
        load()
        from companion import app

        begin = app.App.start

        def start(self: App, **wish: Any) -> None:
            from benchmarks.paint_watch import PaintWatch

            begin(self, **wish)
            PaintWatch(self.window, _report_and_leave)

        setattr(app.App, "start", start)  # noqa: B010 - the product has no place for this

    setattr(toolkit, "load", load_and_watch)  # noqa: B010
    main([])


class OpenWindow:
    """Companion's window with a vault of the corpus, driven by the same calls as its buttons."""

    def __init__(self) -> None:
        from benchmarks.corpus import PASSPHRASE
        from companion.app import App, make_application
        from companion.core.paths import Paths

        self._passphrase = PASSPHRASE
        self.qt, self._private = make_application(["companion"])
        self.app = App(self.qt, Paths.find())
        self.wait(self.app.window.first_painted, self.app.start)
        self.wait(self.app.shell.opened, self.unlock)

    def unlock(self) -> None:
        """What the button Open does."""
        from companion.ui.shell.unlock import LockScreen

        self.part(LockScreen).unlock_requested.emit(self._passphrase)

    def part(self, kind: type[Part]) -> Part:
        """The one object of this kind in the window."""
        found = self.app.window.findChild(kind)
        if found is None:
            raise RuntimeError(f"the window has no {kind.__name__}")
        return found

    def lock(self) -> None:
        """Lock, and wait until the vault is closed."""
        self.app.shell.lock()
        self.settle()

    def settle(self) -> None:
        """Wait until the vault thread has done all that was asked of it."""
        from PySide6.QtCore import QEventLoop

        loop = QEventLoop()
        self.app.tasks.run(self.app, lambda: None, lambda _: loop.quit(), across_lock=True)
        self._run(loop)

    def wait(self, signal: Any, begin: Callable[[], object]) -> None:
        """Begin, and go on with events until the signal came."""
        from PySide6.QtCore import QEventLoop

        loop = QEventLoop()
        came: list[bool] = []

        def quit_loop(*_: object) -> None:
            came.append(True)
            loop.quit()

        signal.connect(quit_loop)
        begin()
        if not came:
            self._run(loop)
        signal.disconnect(quit_loop)

    def _run(self, loop: Any) -> None:
        from PySide6.QtCore import QTimer

        late = QTimer()
        late.setSingleShot(True)
        late.timeout.connect(lambda: sys.exit("the window did not answer"))
        late.start(_PATIENCE_MS)
        loop.exec()
        late.stop()

    def close(self) -> None:
        """Lock and end the threads."""
        if self.app.shell.is_open:
            self.lock()
        self.app.stop()
        self._private.cleanup()


def unlock(pairs: int) -> dict[str, list[float]]:
    """From Open to the painted timeline, against the key derivation in the same process."""
    from PySide6.QtCore import QEventLoop

    from benchmarks.corpus import PASSPHRASE
    from benchmarks.measure import interleave, seconds
    from benchmarks.paint_watch import PaintWatch
    from companion.journal.service import JournalService
    from companion.ui.journal.entry_model import EntryModel
    from companion.ui.journal.timeline import Timeline
    from companion.vault.kdf import DEFAULT_COST, argon2id

    window = OpenWindow()
    shell, secret = window.app.shell, bytearray(PASSPHRASE.encode())
    shell.go("journal", "timeline")  # unlocking comes back to where the person was
    window.settle()

    opened_at: list[float] = []
    tidy = JournalService.after_unlock

    def tidied(journal: JournalService) -> None:
        tidy(journal)
        opened_at.append(time.perf_counter())

    setattr(JournalService, "after_unlock", tidied)  # noqa: B010 - the product has no place for this
    to_open: list[float] = []
    in_window: list[float] = []

    def to_timeline(_: int) -> float:
        window.lock()
        loop = QEventLoop()
        ended: list[float] = []

        def painted() -> None:
            ended.append(time.perf_counter())
            loop.quit()

        def filled() -> None:
            PaintWatch(window.part(Timeline).list.viewport(), painted)

        def opened() -> None:
            window.part(EntryModel).filled.connect(filled)

        shell.opened.connect(opened)
        started = time.perf_counter()
        window.unlock()
        window._run(loop)  # noqa: SLF001 - same module
        shell.opened.disconnect(opened)
        to_open.append(opened_at[-1] - started)
        in_window.append(ended[0] - opened_at[-1])
        return ended[0] - started

    measured = interleave(to_timeline, lambda _: seconds(lambda: argon2id(secret, bytes(16), DEFAULT_COST)), pairs)
    window.close()
    times = {"ours": measured.ours, "baseline": measured.baseline}
    return {**{name: list(row) for name, row in times.items()}, "vault_open": to_open[1:], "window": in_window[1:]}


def typing(pairs: int) -> dict[str, list[float]]:
    """A key until its letter is painted, in 5,000 words: while a draft is being saved, and with nothing going on."""
    return _type_in(5000, pairs)


def long_typing(pairs: int) -> dict[str, list[float]]:
    """The same in 50,000 words."""
    return _type_in(50_000, pairs)


def _text(words: int) -> str:
    """Paragraphs as in the corpus."""
    from benchmarks import corpus

    some = " ".join(content.text for content in corpus.contents(25)).split(" ")
    return " ".join((some * (words // len(some) + 1))[:words])


def _type_in(words: int, pairs: int) -> dict[str, list[float]]:
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent, QTextCursor

    from benchmarks.measure import interleave, seconds
    from companion.ui.journal.editor import EntryEditor
    from companion.ui.journal.writing import Writing

    window = OpenWindow()
    window.app.shell.go("journal", "new")
    window.settle()
    editor, writing = window.part(EntryEditor), window.part(Writing)
    editor.text.setPlainText(_text(words))
    editor.text.moveCursor(QTextCursor.MoveOperation.End)
    window.wait(writing.saved, editor.paused.emit)

    def press() -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
            QCoreApplication.sendEvent(editor.text, event)
        QCoreApplication.sendPostedEvents(None, 0)

    hand_overs: list[float] = []

    def while_saving(_: int) -> float:
        hand_overs.append(seconds(editor.paused.emit))
        taken = seconds(press)
        window.settle()
        return taken

    def quietly(_: int) -> float:
        window.settle()
        return seconds(press)

    measured = interleave(while_saving, quietly, pairs, warm_up=5)
    writing.save()
    window.settle()
    window.close()
    return {"ours": list(measured.ours), "baseline": list(measured.baseline), "hand_over": hand_overs[5:]}


def main(arguments: list[str]) -> None:
    """Run what was asked for; ends the process."""
    what = arguments[0]
    starts = {"empty": empty, "named": named, "lock-screen": lock_screen}
    if what in starts:
        starts[what]()
        return
    import json

    times = {"unlock": unlock, "typing": typing, "long-typing": long_typing}[what](int(arguments[1]))
    sys.stdout.write(json.dumps(times) + "\n")
    sys.stdout.flush()
    # Measured and locked; the order in which Python takes Qt's objects apart is not part of it.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
