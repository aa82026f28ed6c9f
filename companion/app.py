"""Composition root of the window: joins settings, facts, theme, threads and places.

Up to the first paint only what the lock screen and Help right now need is
loaded; the vault, its thread and the system's signals follow behind it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from companion import services
from companion.core import i18n
from companion.core.clock import Clock, SystemClock
from companion.core.errors import StorageTrouble
from companion.core.paths import Paths, assets
from companion.ui.clipboard import Clipboard
from companion.ui.collector import Collector
from companion.ui.kit import Kit
from companion.ui.shell.main_window import MainWindow
from companion.ui.shell.shell import Shell
from companion.ui.theme import Theme

if TYPE_CHECKING:
    from companion.core.afresh import Afresh
    from companion.resources.service import Directory
    from companion.services import Services, SettingsStore
    from companion.ui.shell.place import Slot
    from companion.ui.shell.space import Space
    from companion.vault.device_key import KeyStore
    from companion.vault.keyslots import Cost
    from companion.vault.lockfile import LockFile
    from companion.vault.worker import VaultWorker

ORGANISATION = "companion"
AFRESH = "COMPANION_AFRESH"  # companion.core.afresh.NAME, which is loaded only where it is there


class Spaces:
    """The private spaces on this account, for the shell."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        settings: SettingsStore,
        facts: Directory,
        cost: Cost | None,
        key_store: KeyStore | None,
    ) -> None:
        self._paths, self._clock, self._settings, self._facts, self._cost = paths, clock, settings, facts, cost
        self._key_store = key_store  # one for all spaces: while it hangs for one, it is not asked for another
        self._built: dict[Path, Services] = {}
        self.worker: VaultWorker | None = None  # from the first paint on
        self._lock = threading.Lock()  # the vault thread and the window may ask at the same time

    def known(self) -> list[Path]:
        """Vault folders that exist, the one used last first."""
        return services.known_vaults(self._paths, self._settings.current)

    def new_folder(self, inside: Path | None = None) -> Path:
        """Where a new space would go."""
        return services.new_vault_folder(self._paths, inside)

    def services(self, folder: Path) -> Services:
        """The services of one vault; the same ones every time."""
        from companion.vault.device_key import KeyringStore

        with self._lock:
            self._key_store = self._key_store or KeyringStore()
            if folder not in self._built:
                built = services.build(
                    self._paths,
                    self._clock,
                    vault=folder,
                    cost=self._cost,
                    settings=self._settings,
                    facts=self._facts,
                    key_store=self._key_store,
                )
                if self.worker is not None:  # so that a save does not wait for a backup, and a lock ends it
                    from companion.vault.backup import Pauses

                    built.vault.pauses = Pauses(self.worker.serve_waiting, self.worker.let_go)
                self._built[folder] = built
            return self._built[folder]

    def add_from(self, folder: Path) -> list[Path]:
        """Spaces that are in this folder, listed from now on."""
        found = services.vaults_in(folder)
        listed = self._settings.current.vaults
        new = tuple(str(path) for path in found if str(path) not in listed)
        if new:
            self._settings.note(vaults=(*listed, *new))
        return found

    def remember(self, folder: Path) -> None:
        """This space was opened; offer it first next time."""
        listed = self._settings.current.vaults
        vaults = listed if str(folder) in listed else (*listed, str(folder))
        self._settings.note(last_vault=str(folder), vaults=vaults)


class App(QObject):
    """Everything the window is made of, joined once."""

    def __init__(
        self,
        qt: QApplication,
        paths: Paths,
        *,
        clock: Clock | None = None,
        cost: Cost | None = None,
        demo_passphrase: str = "",
        key_store: KeyStore | None = None,
    ) -> None:
        super().__init__()
        self.qt, self.paths, self.demo_passphrase = qt, paths, demo_passphrase
        self.clock = clock or SystemClock()
        self.settings = services.SettingsStore(paths, self._on_not_kept)
        if self.settings.current.language:
            i18n.use_language(self.settings.current.language, assets() / "locale")
        self.facts = services.directory(self.clock)
        self.theme = Theme(qt, assets())
        self.theme.prepare(self.settings.current)
        self.theme.decorates = False
        self.kit = Kit(self.theme)
        self.clipboard = Clipboard(qt, self.settings, self)
        self.window = MainWindow(self.kit)
        self.theme.dress_only(self.window)
        self.spaces = Spaces(paths, self.clock, self.settings, self.facts, cost, key_store)
        self.collector = Collector(self)
        self.shell = Shell(
            self.window,
            self.kit,
            self.clock,
            self.settings,
            self.facts,
            self.clipboard,
            self.spaces,
            self._places,
        )
        self.afresh: Afresh | None = None  # how to come back, where the program is to start anew
        self._stop: list[Callable[[], object]] = []
        self._connect()

    def _connect(self) -> None:
        self.window.close_requested.connect(self.shell.close)
        self.window.minimised.connect(self.shell.minimised)
        self.shell.closed.connect(self.collector.collect_all)
        self.window.first_painted.connect(self.after_first_paint)

    def _take_keys(self) -> None:
        """F1, F9 and the rest, before anything else that follows the first paint.

        Not sooner: the filter sees every event, and the many that a window is made with would pass through Python.
        """
        from companion.ui.shell.keys import KeyFilter
        from companion.ui.shell.shortcuts import add_shortcuts

        self.keys = KeyFilter(self)
        self.keys.help_pressed.connect(self.shell.help)
        self.keys.hide_pressed.connect(self.shell.hide)
        self.keys.lock_pressed.connect(self.shell.lock)
        self.qt.installEventFilter(self.keys)
        self._stop.append(lambda: self.qt.removeEventFilter(self.keys))
        self._shortcuts = add_shortcuts(self.window, self.shell)

    def start(self, *, help_now: bool = False, afresh: Afresh | None = None) -> None:
        """Show the first screen; `afresh` says how the window was before it was started anew."""
        self.shell.start()
        self.theme.apply_sheet()
        if afresh is not None:
            self._come_back(afresh)
        elif help_now:
            self.window.show()
            self.shell.help()
        else:
            self.window.show()

    def _come_back(self, afresh: Afresh) -> None:
        if afresh.number:
            self.clipboard.copy_public(afresh.number)
        if afresh.place is None:
            self.window.setWindowState(Qt.WindowState.WindowMaximized)
        else:
            self.window.setGeometry(*afresh.place)
        if afresh.hidden:
            self.shell.hide()
            QTimer.singleShot(0, self.after_first_paint)  # a window that is minimised is not painted
            return
        self.window.show()
        if afresh.help_now:
            self.shell.help()

    def after_first_paint(self) -> None:
        """The keys that work everywhere, the threads, the vault's code, the system's signals."""
        if hasattr(self, "keys"):
            return
        self._take_keys()
        from companion.ui.shell import help_opener  # F1 opens help without a wait, so it is loaded next
        from companion.ui.shell.lock_guard import LockGuard
        from companion.ui.tasks import Tasks
        from companion.vault.process import harden_memory
        from companion.vault.session import Session
        from companion.vault.worker import VaultWorker

        del help_opener
        harden_memory()
        self.worker = self.spaces.worker = VaultWorker()
        self.session = Session(self.clock)
        self.tasks = Tasks(self.worker, self.session, self)
        self.tasks.crashed.connect(self.report)
        self.guard = LockGuard(self.session, self)
        self.keys.active.connect(self.guard.note_activity)
        self.shell.attach(self.tasks, self.session, self.guard)
        if self.demo_passphrase:
            self.shell.open_demo(self.demo_passphrase)
        # The vault's libraries take some 50 ms to load; the first passphrase finds them there.
        self.tasks.run(self, _load_vault_code, across_lock=True)
        self._stop += [self.tasks.stop, lambda: self.worker.stop(5)]
        QTimer.singleShot(0, self._join_system)

    def _join_system(self) -> None:
        from companion.ui.shell.keeper import Keeper
        from companion.ui.shell.quiet import Quiet
        from companion.ui.shell.quiet_moment import QuietMoment
        from companion.ui.shell.single import RaiseWatch
        from companion.ui.shell.strict_lock import StrictLock
        from companion.ui.shell.system_lock import SystemLock

        self._system_lock = SystemLock(self)
        self._system_lock.about_to_lock.connect(self.shell.lock_at_once)
        self._raise_watch = RaiseWatch(self.paths, self)
        self._raise_watch.asked.connect(self._on_asked_to_raise)
        self._strict_lock = StrictLock(self.shell)
        self._strict_lock.due.connect(self._on_afresh)
        self.quiet = Quiet(self.shell, self.tasks, self)
        self.keys.active.connect(self.quiet.note_activity)
        self.keeper = Keeper(self.tasks, self.clock, self.shell)
        self.quiet_moment = QuietMoment(self.tasks, self.session, lambda: self.shell.space, self)

    def _on_afresh(self, afresh: Afresh) -> None:
        if not self.demo_passphrase:  # its space is gone when it ends
            self.afresh = afresh
            self.qt.exit()

    def _on_asked_to_raise(self, wish: str) -> None:
        self.window.come_forward()
        if wish == "help-now":
            self.shell.help()

    def _places(self, space: Space, shell: Shell) -> list[Slot]:
        from companion.ui.places import Places

        is_demo = bool(self.demo_passphrase)
        return Places(self.kit, self.clock, self.settings, self.facts, self.clipboard, space, shell, is_demo).slots()

    # --- faults ----------------------------------------------------------

    def _on_not_kept(self, error: StorageTrouble) -> None:
        from companion.ui.disk_words import not_kept_line

        self.window.toasts.show(not_kept_line(error), icon="info")

    def report(self, error: BaseException) -> None:
        """A fault of the program: a calm sheet, and a report without a word the person wrote."""
        from companion.ui.shell.report import FaultSheet

        self.window.sheets.open(FaultSheet(self.kit, self.clipboard, error), i18n._("Something went wrong"))

    def catch_faults(self) -> None:
        """Let every uncaught error end in `report` instead of on a terminal."""

        def main(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
            self.report(error)

        def thread(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None and hasattr(self, "tasks"):
                self.tasks.tell(self, self.report, args.exc_value)

        sys.excepthook = main
        threading.excepthook = thread

    def stop(self) -> None:
        """End the threads; the vault is locked by now."""
        for stop in self._stop:
            stop()
        self.collector.stop()


def _load_vault_code() -> None:
    from companion.journal import service
    from companion.vault import vault

    del service, vault


class ToolkitFolder:
    """Where the toolkit keeps its own settings: its file dialog writes the names of chosen folders there.

    They must not outlive the window; what one that was killed left goes at the next start.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cleanup()
        for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(kind, QSettings.Scope.UserScope, str(path))

    def cleanup(self) -> None:
        """Remove the folder."""
        if self.path.exists():
            import shutil

            shutil.rmtree(self.path, ignore_errors=True)


def make_application(arguments: list[str], folder: Path | None = None) -> tuple[QApplication, ToolkitFolder]:
    """The Qt application, with its own settings in `folder` (by default a new temporary one)."""
    if folder is None:
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="companion-qt-"))
    private = ToolkitFolder(folder)
    QApplication.setOrganizationName(ORGANISATION)
    QApplication.setApplicationName("Notes")
    QApplication.setDesktopFileName("notes")  # desktops show it as the id of the window
    Theme.before_app()
    return QApplication(arguments), private


def run(paths: Paths, *, help_now: bool = False, demo_passphrase: str = "") -> int:
    """Open the window and stay until it is closed. Returns the exit code."""
    before = None
    if AFRESH in os.environ:
        from companion.core.afresh import taken

        before = taken()
    lock = _hold_window_lock(paths)
    if lock is None:
        from companion.ui.shell.single import ask_to_raise

        ask_to_raise(paths, "help-now" if help_now else "window")
        return 0
    qt, private = make_application(["notes"], paths.toolkit_settings)
    try:
        app = App(qt, paths, demo_passphrase=demo_passphrase)
        app.catch_faults()
        app.start(help_now=help_now, afresh=before)
        code = qt.exec()
        app.stop()
    finally:
        private.cleanup()
        lock.release()
    if app.afresh is not None:
        from companion.core.afresh import begin

        begin(app.afresh)
    return code


def _hold_window_lock(paths: Paths) -> LockFile | None:
    """The lock of the one window, or None where another window holds it."""
    from companion.core.errors import VaultInUse
    from companion.core.files import private_folder
    from companion.vault.lockfile import LockFile

    lock = LockFile(paths.data, SystemClock(), name=paths.window_lock.name)
    try:
        private_folder(paths.data)
        lock.acquire()
    except VaultInUse:
        return None
    except StorageTrouble:
        # A folder that cannot be written must not stand between a person and the numbers to call.
        # Each vault has a lock of its own, so a second window does it no harm.
        pass
    return lock
