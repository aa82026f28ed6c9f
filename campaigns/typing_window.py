"""The real window with someone at it, to be killed: `python -m campaigns.typing_window DATA SEED PAUSE_MS`.

It is `companion.app.App` as it ships, with its own threads; only the key
derivation is cheap. It says "state ID DIGEST" for everything the fields hold in
turn, "saving" when a draft was sent to the vault thread, and "saved ID DIGEST"
whenever "Saved …" was painted under them: from then on the words must outlive
the process.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from campaigns import ground
from campaigns.children import say
from companion.app import App, make_application
from companion.core.paths import Paths
from companion.ui.journal.editor import TYPING_PAUSE_MS, EntryEditor
from companion.ui.journal.writing import REVISION_EVERY_MS, Writing
from companion.vault.process import harden_at_start

PATIENCE_MS = 30_000
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def let_go_on(ms: int) -> None:
    """Let events run; an event loop gives the other threads the interpreter, QTest.qWait would not."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def until(condition: Callable[[], object], what: str, patience_ms: int = PATIENCE_MS) -> None:
    """Let events run until it is so. Raises TimeoutError."""
    left = patience_ms
    while not condition():
        if left <= 0:
            raise TimeoutError(what)
        let_go_on(10)
        left -= 10


class SavedWatch(QObject):
    """Tells what stands in the fields at each change, and at each painting of "Saved …"."""

    def __init__(self, editor: EntryEditor, writing: Writing) -> None:
        super().__init__(editor)
        self._editor, self._writing = editor, writing
        self._told = ""
        editor.changed.connect(self.tell_state)
        editor.paused.connect(lambda: say("saving"))  # connected last, so it is on its way by now
        for part in (editor.status, *editor.status.findChildren(QWidget)):
            part.installEventFilter(self)

    def tell_state(self) -> None:
        """What the fields hold now may be saved from now on."""
        self._tell("state")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A painted promise counts, with the words that stand beside it."""
        if event.type() == QEvent.Type.Paint and self._editor.status.text().startswith("Saved"):
            self._tell("saved")
        return False

    def _tell(self, what: str) -> None:
        line = f"{what} {self._writing.entry_id} {self._editor.content().digest()}"
        if line != self._told:
            self._told = line
            say(line)


class Person:
    """Unlocks, writes, pauses, begins new notes, goes elsewhere, locks; all by keys and buttons."""

    def __init__(self, app: App, rnd: random.Random, pause_ms: int, revision_ms: int) -> None:
        self._app, self._rnd = app, rnd
        self._intervals = {TYPING_PAUSE_MS: pause_ms, REVISION_EVERY_MS: revision_ms}

    @property
    def editor(self) -> EntryEditor:
        """The editor of the space that is open."""
        found = self._shown()
        if len(found) != 1:
            raise RuntimeError(f"{len(found)} editors are shown")
        return found[0]

    def _shown(self) -> list[EntryEditor]:
        return [editor for editor in self._app.window.findChildren(EntryEditor) if editor.isVisible()]

    @property
    def writing(self) -> Writing:
        """How much of it is safe."""
        found = self.editor.findChild(Writing)
        if found is None:
            raise RuntimeError("nothing saves")
        return found

    def unlock(self) -> None:
        """Type the passphrase into the field that has the focus, and Enter."""
        self.come_forward()
        until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "focus")
        field = QApplication.focusWidget() or self._app.window
        QTest.keyClicks(field, ground.PASSPHRASE)
        QTest.keyClick(field, Qt.Key.Key_Return)
        until(lambda: self._app.shell.is_open, "open")
        self._app.shell.go("journal", "write")
        let_go_on(60)  # words from before come back
        for timer in self.editor.findChildren(QTimer):
            timer.setInterval(self._intervals.get(timer.interval(), timer.interval()))
        SavedWatch(self.editor, self.writing)

    def come_forward(self) -> None:
        """Have the keys: without a screen there is no window manager that would see to it."""
        self._app.window.activateWindow()
        until(self._app.window.isActiveWindow, "active window")

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        """A key of the whole window."""
        self.come_forward()
        QTest.keyClick(self._app.window, key, modifier)

    def go_on(self) -> None:
        """One more thing; after Done the window shows the timeline, from where the way back is one key."""
        if not self._shown():
            self._app.shell.go("journal", "write")
        self._rnd.choice(_THINGS)(self)

    def type_words(self) -> None:
        """A few words at the end of the text."""
        self.editor.focus_text()
        self.editor.text.moveCursor(self.editor.text.textCursor().MoveOperation.End)
        QTest.keyClicks(self.editor.text, f"{ground.words(self._rnd, self._rnd.randint(1, 4))} ")

    def take_back(self) -> None:
        """Some letters less."""
        for _ in range(self._rnd.randint(1, 6)):
            QTest.keyClick(self.editor.text, Qt.Key.Key_Backspace)

    def paste_much(self) -> None:
        """Many words at once, over several pages of the file."""
        self.editor.focus_text()
        self.editor.text.insertPlainText(ground.words(self._rnd, 1500))

    def write_title(self) -> None:
        """A title."""
        self.editor.title.setFocus()
        QTest.keyClicks(self.editor.title, ground.word(self._rnd))

    def rest(self) -> None:
        """Pause, so that it saves."""
        let_go_on(self._rnd.randint(1, 120))

    def begin_new(self) -> None:
        """Ctrl+N."""
        self.press(Qt.Key.Key_N, CONTROL)

    def be_done(self) -> None:
        """Done; then back to writing."""
        self.editor.done.click()
        let_go_on(30)
        self._app.shell.go("journal", "new")

    def go_elsewhere(self) -> None:
        """To Today and back."""
        self.press(Qt.Key.Key_1, ALT)
        let_go_on(self._rnd.randint(0, 30))
        self._app.shell.go("journal", "write")

    def lock(self) -> None:
        """Ctrl+L, and come back."""
        self.lock_only()
        self.unlock()

    def lock_only(self) -> None:
        """Ctrl+L, until the vault is closed."""
        self.press(Qt.Key.Key_L, CONTROL)
        until(lambda: not self._app.shell.is_open, "locked")
        closed: list[object] = []
        self._app.tasks.run(self._app, lambda: None, closed.append, across_lock=True)
        until(lambda: closed, "closed")
        say("locked")


_THINGS: list[Callable[[Person], None]] = [
    thing
    for thing, times in (
        (Person.type_words, 9),
        (Person.rest, 7),
        (Person.take_back, 2),
        (Person.write_title, 1),
        (Person.paste_much, 1),
        (Person.begin_new, 1),
        (Person.be_done, 1),
        (Person.go_elsewhere, 1),
        (Person.lock, 1),
    )
    for _ in range(times)
]


def main(data: Path, seed: str, pause_ms: int) -> None:
    """Write until killed."""
    harden_at_start()
    rnd = random.Random(seed)
    qt, _private = make_application(["companion"])
    app = App(qt, Paths(data), cost=ground.CHEAP)
    person = Person(app, rnd, pause_ms, rnd.choice((300, REVISION_EVERY_MS)))
    app.start()
    until(lambda: app.shell.session is not None, "threads")
    person.unlock()
    say("writing")
    while True:
        person.go_on()
        let_go_on(1)


def main_of(arguments: list[str]) -> None:
    """As it is called by a nursery."""
    main(Path(arguments[0]), arguments[1], int(arguments[2]))


if __name__ == "__main__":
    main_of(sys.argv[1:])
