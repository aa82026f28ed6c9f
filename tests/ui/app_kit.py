"""The whole window over a real vault with a cheap key derivation, for tests of what the places do together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from companion.app import App
from companion.core.paths import Paths
from companion.selftest.still_key_store import StillKeyStore
from companion.ui.journal.page import JournalPage
from companion.ui.shell.main_window import DEFAULT_SIZE
from companion.ui.today.page import TodayPage
from companion.vault.keyslots import Cost
from tests.fakes import FakeClock

PASSPHRASE = "lantern gravel seven otters"
CHEAP = Cost(8192, 1, 1)
WAIT_MS = 8000


def wait(ms: int) -> None:
    """Let events run without holding the interpreter, as QTest.qWait would."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], object], ms: int = WAIT_MS) -> None:
    """Let events run until it is so."""
    left = ms
    while not condition():
        assert left > 0, "waited too long"
        wait(10)
        left -= 10


class OpenApp:
    """An app with a space in it, and short names for its parts."""

    def __init__(self, qapp: QApplication, folder: Path, clock: FakeClock) -> None:
        self.clock = clock
        self.key_store = StillKeyStore()
        self.app = App(qapp, Paths(folder), clock=clock, cost=CHEAP, key_store=self.key_store)
        self.app.settings.change(first_run_done=True, country="GB", motion="reduced")
        self.app.window.resize(DEFAULT_SIZE)  # the screen of tests is smaller
        self.faults: list[BaseException] = []
        self.app.start()
        wait_until(lambda: self.app.shell.session is not None)
        self.app.tasks.crashed.connect(self.faults.append)

    def make_space(self) -> None:
        """A new space, open."""
        self.app.shell.create(PASSPHRASE, with_recovery=False)
        wait_until(lambda: self.app.shell.is_open)

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        """Open the space again."""
        self.app.shell.unlock(passphrase)
        wait_until(lambda: self.app.shell.is_open)

    @property
    def journal(self) -> JournalPage:
        """The Journal place, shown."""
        self.app.shell.go("journal")
        page = self.app.window.findChild(JournalPage)
        assert page is not None
        return page

    @property
    def today(self) -> TodayPage:
        """The Today place, shown."""
        self.app.shell.go("today")
        page = self.app.window.findChild(TodayPage)
        assert page is not None
        return page

    def on_vault(self, job: Callable[[], object]) -> object:
        """Run on the vault thread, letting events go on."""
        future = self.app.worker.submit(job)
        wait_until(future.done)
        return future.result()

    def close(self) -> None:
        """End everything."""
        if self.app.shell.is_open:
            self.app.shell.lock_at_once()  # tests of the backup that Lock makes are in test_backups_page.py
        self.app.worker.drain(5)
        wait(20)
        self.app.window.finish()
        self.app.stop()
        self.app.window.deleteLater()
        self.app.theme.deleteLater()
        self.app.deleteLater()
        wait(0)
        assert self.faults == []
