"""One window on a data folder of its own, driven as a person at the keyboard would drive it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QCursor, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTextEdit, QWidget

from companion.app import App
from companion.core.paths import Paths
from companion.selftest.still_key_store import StillKeyStore
from companion.services import Services
from companion.ui.shell.unlock import LockScreen
from companion.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.vault.keyslots import Cost

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)

LONGEST_WAIT_MS = 20_000
_NOWHERE = QPoint(0, 0)  # the bare corner of every screen
_TURNS = 3  # an answer may ask once more, and that answer once more


class NotThere(Exception):
    """What a state reached for is not on the screen."""


class Stage:
    """The real composition root, offscreen; every verb ends with the window at rest."""

    def __init__(
        self,
        qt: QApplication,
        data: Path,
        clock: Clock,
        *,
        cost: Cost | None,
        size: QSize | None = None,
        key_store: StillKeyStore | None = None,
    ) -> None:
        self.data = data
        self.key_store = key_store or StillKeyStore()
        self.app = App(qt, Paths(data), clock=clock, cost=cost, key_store=self.key_store)
        self.window = self.app.window
        self.faults: list[BaseException] = []
        self._held: threading.Event | None = None
        self._marks: list[Callable[[], object]] = []
        self._heard = False
        self._loop = QEventLoop(self.window)
        self._limit = QTimer(self.window)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._loop.quit)
        if size is not None:
            self.window.resize(size)
        self.app.start()
        self.window.activateWindow()
        QCursor.setPos(_NOWHERE)  # a pointer over a button would show in it
        self.until(lambda: self.app.shell.session is not None)
        self.app.tasks.crashed.connect(self.faults.append)
        self.settle()

    # --- waiting ---------------------------------------------------------

    def until(self, condition: Callable[[], object]) -> None:
        """Let events run until it is so. Raises NotThere after 20 s."""
        left_ms = LONGEST_WAIT_MS
        while not condition():
            if left_ms <= 0:
                raise NotThere("waited 20 s")
            _let_run(5)
            left_ms -= 5

    def settle(self) -> None:
        """Until the vault thread has answered and every layout has its size; a held vault answers nothing."""
        for _turn in range(_TURNS if self._held is None else 0):
            self._hear_from_vault()
        for _turn in range(_TURNS):
            _let_run(0)

    def _hear_from_vault(self) -> None:
        """One answer from the vault thread, and with it every answer to what was asked before."""
        self._heard = False
        self.app.tasks.run(self.window, lambda: None, self._on_answer, across_lock=True)
        self._limit.start(LONGEST_WAIT_MS)
        self._loop.exec()
        self._limit.stop()
        if not self._heard:
            raise NotThere("an answer from the vault thread")

    def _on_answer(self, _nothing: None) -> None:
        self._heard = True
        self._loop.quit()

    def on_vault(self, job: Callable[[], T]) -> T:
        """What `job` returns on the vault thread."""
        future = self.app.worker.submit(job)
        self.until(future.done)
        return future.result()

    def hold_vault(self) -> None:
        """Keep the vault thread busy, so that what waits for it can be looked at."""
        self._held = held = threading.Event()
        self.app.worker.submit(held.wait)

    def let_go(self) -> None:
        """Let the vault thread go on."""
        held, self._held = self._held, None
        if held is not None:
            held.set()

    # --- the parts of the screen -----------------------------------------

    @property
    def top(self) -> QWidget:
        """What has the person's attention: a popup, what lies over the window, a sheet, else the screen."""
        popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if popup is not None:
            return popup
        for child in reversed(self.window.children()):
            if isinstance(child, QWidget) and child.isVisible() and _covers(child, self.window):
                return child
        sheet = self.window.sheets.top
        return sheet or self.window.current_screen() or self.window

    def all(self, kind: type[W]) -> Iterator[W]:
        """Everything of this kind that shows, in the order of the tree."""
        top = self.top
        if isinstance(top, kind):
            yield top
        for widget in top.findChildren(kind):
            if widget.isVisibleTo(top):
                yield widget

    def one(self, kind: type[W]) -> W:
        """The first of this kind. Raises NotThere."""
        for widget in self.all(kind):
            return widget
        raise NotThere(kind.__name__)

    def named(self, kind: type[W], name: str) -> W:
        """The one with this accessible name or these words. Raises NotThere."""
        for widget in self.all(kind):
            if name in (widget.accessibleName(), _words(widget)):
                return widget
        raise NotThere(f"{name!r} among {[_words(w) or w.accessibleName() for w in self.all(kind)]}")

    def shows(self, words: str, *, part: bool = False) -> bool:
        """Whether these words, or words with these in them, are on the screen."""
        said = [text for widget in self.all(QWidget) for text in (widget.accessibleName(), _words(widget)) if text]
        return any(words in text for text in said) if part else words in said

    def picture(self) -> QPixmap:
        """What is on the screen: the window, and a dialog over its middle."""
        picture = self.window.grab()
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            painter = QPainter(picture)
            painter.drawPixmap(
                (picture.width() - dialog.width()) // 2, (picture.height() - dialog.height()) // 2, dialog.grab()
            )
            painter.end()
        return picture

    # --- what a person does ----------------------------------------------

    def press(self, name: str) -> None:
        """Press the button with this name, where it can be seen."""
        button = self.named(QAbstractButton, name)
        self._bring_into_view(button)
        button.click()
        self.settle()

    def type(self, name: str, words: str) -> None:
        """Put the cursor in this field and type."""
        field = next((f for f in self.all(QLineEdit) if f.accessibleName() == name), None)
        self.type_into(field or self.named(QTextEdit, name), words)

    def type_into(self, field: QWidget, words: str) -> None:
        """Type, one key after the other."""
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bring_into_view(field)
        for letter in words:
            key = Qt.Key.Key_Return if letter == "\n" else Qt.Key.Key_unknown
            self.key(key, field, "\r" if letter == "\n" else letter, rest=False)
        self.settle()

    def _bring_into_view(self, widget: QWidget) -> None:
        _let_run(0)
        for area in self.window.findChildren(ScrollArea):
            if area.isAncestorOf(widget):
                area.reveal(widget)

    def key(self, key: Qt.Key, target: QObject | None = None, text: str = "", *, rest: bool = True) -> None:
        """Press and let go of one key, where the focus is."""
        receiver = target or self.window.focusWidget() or self.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(receiver, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
        if rest:
            self.settle()

    @property
    def services(self) -> Services:
        """The services of the space that is open or was used last."""
        return self.app.spaces.services(self.app.spaces.known()[0])

    def home(self, passphrase: str = "") -> None:
        """Away with what the last state left: open on Today with a passphrase, else at the empty lock screen."""
        self.let_go()
        while (popup := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
            popup.close()
        self.window.sheets.close_all()
        self.window.toasts.clear()
        self.settle()
        while self._marks:
            self._marks.pop()()
        shell = self.app.shell
        if passphrase and not shell.is_open:
            shell.unlock(passphrase)
            self.until(lambda: shell.is_open)
        elif not passphrase and shell.is_open:
            shell.lock()
        if passphrase:
            shell.go("today")
        else:
            self._clear_lock_screen()
        self.settle()

    def _clear_lock_screen(self) -> None:
        screen = self.window.current_screen()
        if isinstance(screen, LockScreen):
            screen.clear()
            screen.lines.show_country(screen.lines.country)
            screen.focus_field()

    def afterwards(self, undo: Callable[[], object]) -> None:
        """Do this before the next state, to leave no mark on it."""
        self._marks.append(undo)

    def close(self) -> None:
        """Lock, close the window, end the threads."""
        self.home()
        self.window.finish()
        self.app.stop()
        for part in (self.window, self.app.theme, self.app):
            part.deleteLater()
        _let_run(0)


def _let_run(ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def _covers(widget: QWidget, window: QWidget) -> bool:
    corner = widget.mapTo(window, QPoint(0, 0))
    return widget.size() == window.size() and corner == QPoint(0, 0) and bool(widget.accessibleName())


def _words(widget: QWidget) -> str:
    words = getattr(widget, "text", None)
    return str(words()) if callable(words) else ""
