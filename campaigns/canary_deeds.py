"""The rarer deeds of the real window, each through its own widgets: `canary_deeds DATA THEIRS STICK`.

It runs under the trace of the canary campaign. The words it uses come on standard input, each letter as the next one,
so that its arguments tell nothing; the recovery keys it is given go out the same way. `THEIRS` is the person's own
folder, where a journal waits and where an export and a sheet may go; `STICK` is a second place for backups.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTextEdit, QWidget

from campaigns import ground
from campaigns.children import say
from campaigns.typing_window import let_go_on, until
from companion.app import App, make_application
from companion.core.afresh import begin
from companion.core.ids import EntryId
from companion.core.paths import Paths
from companion.ui.journal.bring_in import BringIn
from companion.ui.journal.page import JournalPage
from companion.ui.shell.recovery_key import RecoveryKeyView
from companion.ui.shell.report import FaultSheet
from companion.ui.shell.settings.backup_sheet import BackupSheet
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.shell.settings.take_out import TakeOut
from companion.vault.process import harden_at_start

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")
DEEDS = (
    "bring_in", "read_files", "take_out", "back_up", "second_place", "bring_back", "make_key", "change_secret",
    "see_deleted", "meet_a_fault", "salvage", "start_afresh",
)  # fmt: skip


def spelled(words: str) -> str:
    """Each letter as the next one."""
    return "".join(chr(ord(letter) + 1) for letter in words)


def meant(line: str) -> str:
    """What was spelled."""
    return "".join(chr(ord(letter) - 1) for letter in line)


class Deeds:
    """One after the other, in one window."""

    def __init__(self, app: App, word: str, secret: str, later: str, theirs: Path, stick: Path) -> None:
        self._app, self._word, self._secret, self._later = app, word, secret, later
        self._theirs, self._stick = theirs, stick

    # --- hands -------------------------------------------------------------

    def open(self, secret: str) -> None:
        """Type into the line that has the focus, and Enter."""
        self._line("Passphrase").setText(secret)
        self._press("Open")
        until(lambda: self._app.shell.is_open, "open")
        let_go_on(200)

    def _shown(self, kind: type[QWidget]) -> list[QWidget]:
        return [one for one in self._app.window.findChildren(kind) if one.isVisible()]

    def _press(self, text: str) -> None:
        def found() -> list[QAbstractButton]:
            buttons = [b for b in self._shown(QAbstractButton) if isinstance(b, QAbstractButton) and b.isEnabled()]
            same = [b for b in buttons if text in (b.text(), b.accessibleName())]
            return same or [b for b in buttons if b.text().startswith(text)]

        until(found, f"button {text}")
        found()[-1].click()  # the last one is the one on top
        let_go_on(80)

    def _line(self, name: str) -> QLineEdit:
        def found() -> list[QLineEdit]:
            return [e for e in self._shown(QLineEdit) if isinstance(e, QLineEdit) and e.accessibleName() == name]

        until(found, f"line {name}")
        return found()[-1]

    def _settings(self, section: str) -> SettingsPage:
        self._app.shell.go("settings")
        page = self._the(SettingsPage)
        page.open_section(section)
        let_go_on(200)
        return page

    def _the(self, kind: type[W]) -> W:
        until(lambda: self._app.window.findChild(kind) is not None, kind.__name__)
        return self._app.window.findChild(kind)  # type: ignore[no-any-return]

    def _on_vault(self, job: Callable[[], T]) -> T:
        future = self._app.worker.submit(job)
        until(future.done, "the vault")
        return future.result()

    def _rest(self) -> None:
        self._app.window.sheets.close_all()
        let_go_on(100)

    # --- deeds ---------------------------------------------------------------

    def bring_in(self) -> None:
        """A journal with pictures, its preview with a note that cannot be taken, and the report."""
        self._app.shell.go("journal", "import")
        page = self._the(BringIn)
        page.look_at(str(self._theirs / f"{self._word}.zip"))
        self._press("Bring in")
        self._press("See my notes")

    def read_files(self) -> None:
        """Notes with a picture, and a note that is written here."""
        space = self._app.shell.space
        page = self._on_vault(lambda: space.journal.page(None, None))
        for summary in page.entries[:6]:
            self._app.shell.go("journal", f"read:{summary.id}")
            let_go_on(250)
        self._app.shell.go("journal", "write")
        journal = self._the(JournalPage)
        journal.new_note()
        QTest.keyClicks(journal.editor.text, f"{self._word} written here")
        self._press("Done")

    def take_out(self) -> None:
        """Both forms, into the person's own folder."""
        for form in ("Markdown", "JSON"):
            self._settings("backup")
            self._press("Take notes out")
            sheet = self._the(TakeOut)
            self._press(form)
            until(lambda: any(b.text() == "Choose where" and b.isEnabled() for b in self._buttons()), "counted")
            let_go_on(200)
            sheet.write_into(str(self._theirs))
            self._press("Keep it")
            self._rest()

    def _buttons(self) -> list[QAbstractButton]:
        return [b for b in self._shown(QAbstractButton) if isinstance(b, QAbstractButton)]

    def back_up(self) -> None:
        """Make one, and test it."""
        page = self._settings("backup")
        page.backup.backups.make()
        until(lambda: page.backup.backups.words.startswith("Backup done"), "backup")
        page.backup.open_backup(page.backup.backups.listed[0].file)
        sheet = self._the(BackupSheet)
        let_go_on(300)
        sheet.test_button.click()
        until(lambda: sheet.words, "tested")
        self._rest()

    def second_place(self) -> None:
        """A folder as if it were a stick."""
        self._stick.mkdir(exist_ok=True)
        self._settings("backup").backup.place.choose(self._stick)
        until(lambda: list(self._stick.rglob("*.vbak")), "second place")

    def bring_back(self) -> None:
        """The newest backup in place of what is here."""
        page = self._settings("backup")
        until(lambda: page.backup.backups.listed, "backups")
        page.backup.open_backup(page.backup.backups.listed[0].file)
        sheet = self._the(BackupSheet)
        let_go_on(300)
        sheet.back_button.click()
        let_go_on(300)
        self._line("Passphrase of this backup").setText(self._secret)
        sheet.swap_button.click()
        until(lambda: not self._app.shell.is_open, "locked to bring back")
        until(lambda: self._app.shell.is_open, "brought back")
        let_go_on(300)

    def make_key(self) -> None:
        """The recovery key, saved as a page and as text where the person says."""
        self._settings("privacy")
        self._press("Make a recovery key")
        let_go_on(200)
        self._press("Make a recovery key")
        view = self._the(RecoveryKeyView)
        self._tell_key(view)
        view.save_to(self._theirs / "key.pdf")
        view.save_to(self._theirs / "key.txt")
        self._press("Close without checking")
        self._rest()

    def _tell_key(self, view: RecoveryKeyView) -> None:
        """Copied, as a person can; so the clipboard holds it too, until the lock."""
        self._press("Copy the recovery key")
        until(lambda: view.isVisible() and QApplication.clipboard().text().count("-") > 7, "copied")
        say("key " + spelled(QApplication.clipboard().text()))

    def change_secret(self) -> None:
        """Someone could know the old one: everything is encrypted anew, and there is another recovery key."""
        self._settings("privacy")
        self._press("Change passphrase")
        self._line("Passphrase now").setText(self._secret)
        self._line("New passphrase").setText(self._later)
        self._line("The same new words again").setText(self._later)
        self._press("Yes, or not sure")
        self._press("Change passphrase")
        self._tell_key(self._the(RecoveryKeyView))
        self._press("Close without checking")
        self._rest()

    def see_deleted(self) -> None:
        """A note that is deleted, in the list of those that can come back."""
        self._app.shell.go("journal", "timeline")
        journal = self._app.shell.space.journal
        page = self._on_vault(lambda: journal.page(None, None))
        self._on_vault(lambda: journal.delete(EntryId(page.entries[0].id)))
        self._press("Deleted notes")
        until(lambda: any(b.accessibleName().startswith("Bring back") for b in self._buttons()), "deleted notes")
        let_go_on(200)
        self._rest()

    def meet_a_fault(self) -> None:
        """On the window's thread and on the vault's, with words in what the error says."""

        def fault() -> None:
            raise RuntimeError(f"no such note: {self._word}")

        for begin_fault in (lambda: QTimer.singleShot(0, fault), lambda: self._app.tasks.run(self._app, fault)):
            begin_fault()
            sheet = self._the(FaultSheet)
            let_go_on(200)
            for shown in sheet.findChildren(QTextEdit):
                shown.selectAll()
            self._press("Copy report")
            self._rest()

    def salvage(self) -> None:
        """Page 1 is gone and there is no backup: what can be read is saved into a new space, which is opened."""
        folder = self._app.shell.space.vault.folder
        closed: list[bool] = []
        self._app.shell.closed.connect(lambda: closed.append(True))
        self._app.shell.lock()
        until(lambda: closed, "closed")
        raw = bytearray((folder / "vault.db").read_bytes())
        raw[:4096] = bytes(4096)
        (folder / "vault.db").write_bytes(raw)
        shutil.rmtree(folder / "backups")
        self._line("Passphrase").setText(self._later)
        self._press("Open")
        self._press("Save what can still be read")
        self._line("Passphrase of the damaged space").setText(self._later)
        self._press("Save it now")
        self._press("Open the new space")
        until(lambda: self._app.shell.is_open, "open")
        let_go_on(300)

    def start_afresh(self) -> None:
        """Lock as strictly as there is: the process begins anew in its own place, and the window is back."""
        self._app.settings.change(strict_lock=True)
        self._app.shell.go("journal", "timeline")
        let_go_on(200)
        self._app.shell.lock()
        until(lambda: self._app.afresh is not None, "afresh")


def main(data: Path, theirs: Path, stick: Path) -> None:
    """All of them; then go on as the program itself."""
    word, secret, later = (meant(sys.stdin.readline().rstrip("\n")) for _ in range(3))
    harden_at_start()
    paths = Paths(data)
    qt, _private = make_application(["notes"], paths.toolkit_settings)
    app = App(qt, paths, cost=ground.CHEAP)
    app.catch_faults()
    app.start()
    until(lambda: app.shell.session is not None and hasattr(app, "keeper"), "threads")
    deeds = Deeds(app, word, secret, later, theirs, stick)
    deeds.open(secret)
    for name in DEEDS:
        getattr(deeds, name)()
        say(f"did {name}")
    app.stop()
    if app.afresh is not None:
        begin(app.afresh, [sys.executable, "-m", "companion"])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
