"""Paints the shell's screens in every palette and at two text sizes into build/preview, for looking at."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from companion.core.clock import SystemClock
from companion.core.errors import DiskReadOnly, VaultDamaged, WrongSecret
from companion.core.paths import Paths, assets
from companion.resources.service import Directory
from companion.services import SettingsStore
from companion.ui.clipboard import Clipboard
from companion.ui.kit import Kit
from companion.ui.shell.first_run import FirstRun
from companion.ui.shell.frame import Frame
from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.hide import HideCover
from companion.ui.shell.settings.actions import VaultState
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.shell.settings.secrets import ChangePassphrase
from companion.ui.shell.unlock import LockScreen
from companion.ui.theme import Theme
from companion.ui.widgets.sheet import SheetHost
from companion.ui.widgets.toast import ToastHost
from companion.vault.report import FileFact, ProofReport
from companion.vault.shelf import BackupInfo

PALETTES = ("light", "dark", "hc_light", "hc_dark")
SCALES = (1.0, 2.0)
WIDE, SMALL = QSize(1280, 860), QSize(800, 600)


class Stage:
    """One window, and everything a screen is made with."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app = app
        self.clock = SystemClock()
        self.settings = SettingsStore(Paths(folder))
        self.settings.change(country="US", palette="light")
        self.facts = Directory(self.clock)
        self.theme = Theme(app, assets())
        self.theme.apply(self.settings.current)
        self.kit = Kit(self.theme)
        self.clipboard = Clipboard(app, self.settings)

    def parts(self) -> tuple[object, ...]:
        """What every screen is given."""
        return self.kit, self.settings, self.facts, self.clock, self.clipboard

    def show(self, screen: QWidget, size: QSize) -> QWidget:
        """A window with this screen in it."""
        window = QWidget()
        window.setProperty("kind", "window")
        layout = QVBoxLayout(window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(screen)
        self.theme.set_window_width(size.width())
        window.resize(size)
        window.show()
        self.settle()
        return window

    def settle(self) -> None:
        """Let layouts and paint events happen."""
        for _turn in range(4):
            self.app.processEvents()


def lock(stage: Stage) -> QWidget:
    return LockScreen(*stage.parts())


def lock_wrong(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.set_spaces([("a", "Space 1"), ("b", "Space 2")], "a")
    screen.show_error(WrongSecret("passphrase"))
    return screen


def lock_damaged(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.show_error(VaultDamaged("page", Path("20261103-0710-daily.vbak")))
    return screen


def lock_opening(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.show_opening()
    return screen


def lock_none(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.show_state("no-space")
    return screen


def lock_forgot(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.card.show_forgot()
    return screen


def lock_open_line(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.lines.cards[0].set_open(True)
    return screen


def big_number(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.after = lambda: screen.lines.cards[1].show_big("HOME to 741741")
    return screen


def lock_scan(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    card = screen.lines.cards[0]
    card.set_open(True)
    next(b for b in card.findChildren(QPushButton) if b.text() == "Scan with your phone").click()
    return screen


def lock_country(stage: Stage) -> QWidget:
    screen = LockScreen(*stage.parts())
    screen.lines.choose_country()
    return screen


def lock_of(country: str) -> Callable[[Stage], QWidget]:
    def make(stage: Stage) -> QWidget:
        screen = LockScreen(*stage.parts())
        screen.lines.show_country(country or None)
        return screen

    return make


def help_sheet(country: str = "US", then: Callable[[HelpNow], None] | None = None) -> Callable[[Stage], QWidget]:
    def make(stage: Stage) -> QWidget:
        stage.settings.change(country=country)
        behind = LockScreen(*stage.parts())
        content = HelpNow(*stage.parts())
        if not country:
            content.show_country("")
        if then is not None:
            then(content)
        stage.settings.change(country="US")
        behind.opens = content  # type: ignore[attr-defined]
        return behind

    return make


def first(page: str, then: Callable[[FirstRun], None] | None = None) -> Callable[[Stage], QWidget]:
    def make(stage: Stage) -> QWidget:
        screen = FirstRun(*stage.parts())
        if page:
            screen.show_page(getattr(screen, page))
        if then is not None:
            then(screen)
        return screen

    return make


def _typed(screen: FirstRun) -> None:
    form = screen.passphrase.form
    form.first.edit.setText("lantern gravel seven otters")
    form.second.edit.setText("lantern gravel seven otter")
    form.value()


class PreviewActions:
    """A vault that answers at once, with invented facts."""

    def __init__(self, clock: SystemClock) -> None:
        now = clock.now()
        made = [now - timedelta(days=days, hours=3) for days in (1, 31)]
        file = Path("/home/sam/.local/share/companion/vaults/3f9a1c.vault")
        self.state = VaultState(
            file,
            True,
            (
                BackupInfo(file / "a.vbak", True, made[0], made[0], "", 14_200_000, 12),
                BackupInfo(file / "b.vbak", True, made[1], None, "", 9_100_000, 1),
            ),
        )
        files = (FileFact("keys.json", 1412), FileFact("vault.db", 4_100_000))
        self.report = ProofReport(True, True, "aes-256-cbc", files, (), (), made[0])

    def look(self, _owner: object, done: Callable[[VaultState], None], _failed: object) -> None:
        """What there is to show."""
        done(self.state)

    def prove(self, _owner: object, done: Callable[[ProofReport], None], _failed: object) -> None:
        """What was looked at."""
        done(self.report)


class PreviewShell:
    """Keeps nothing."""

    tasks = session = None

    def change_look(self, **_changes: object) -> None:
        """Nothing."""


def settings(key: str, then: Callable[[SettingsPage], None] | None = None) -> Callable[[Stage], QWidget]:
    def make(stage: Stage) -> QWidget:
        holder = QWidget()
        sheets, toasts = SheetHost(holder, stage.kit), ToastHost(holder, stage.kit)
        page = SettingsPage(
            stage.kit,
            stage.clock,
            stage.settings,
            stage.facts,
            stage.clipboard,
            sheets,
            toasts,
            PreviewShell(),
            None,
            actions=PreviewActions(stage.clock),
        )
        frame = Frame(stage.kit, [page], sheets, "Companion")
        frame.keep = (holder, sheets, toasts)
        frame.go("settings")
        if key:
            page.open_section(key)
        if then is not None:
            then(page)
        return frame

    return make


def sheet_of(make_content: Callable[[Stage], QWidget], name: str) -> Callable[[Stage], QWidget]:
    def make(stage: Stage) -> QWidget:
        behind = settings("privacy")(stage)
        behind.opens = make_content(stage)
        behind.opens_name = name
        return behind

    return make


def cover(stage: Stage) -> QWidget:
    return HideCover(stage.kit)


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "lock": lock,
    "lock-wrong": lock_wrong,
    "lock-damaged": lock_damaged,
    "lock-opening": lock_opening,
    "lock-none": lock_none,
    "lock-forgot": lock_forgot,
    "lock-open-line": lock_open_line,
    "lock-country": lock_country,
    "lock-scan": lock_scan,
    "big": big_number,
    "lock-gb": lock_of("GB"),
    "lock-de": lock_of("DE"),
    "lock-only-emergency": lock_of("AD"),
    "lock-nowhere": lock_of(""),
    "help": help_sheet(),
    "help-gb": help_sheet("GB"),
    "help-more": help_sheet("US", lambda h: h.lines.show_rest()),
    "help-call": help_sheet("US", lambda h: h.show_call()),
    "help-country": help_sheet("US", lambda h: h.show_countries()),
    "help-only-emergency": help_sheet("AD"),
    "help-nowhere": help_sheet(""),
    "cover": cover,
    "settings-list": settings(""),
    "settings-look": settings("look"),
    "settings-privacy": settings("privacy"),
    "settings-country": settings("country"),
    "settings-about": settings("about"),
    "settings-found": settings("", lambda p: p.search.setText("lock")),
    "settings-passphrase": sheet_of(lambda s: ChangePassphrase(s.kit, PreviewActions(s.clock)), "Change passphrase"),
    "first-hello": first("hello"),
    "first-where": first("where"),
    "first-choice": first("choice"),
    "first-passphrase": first("passphrase", _typed),
    "first-recovery": first("recovery"),
    "first-trouble": first("recovery", lambda f: f.show_error(DiskReadOnly(Path("/data/notes")))),
    "first-key": first("", lambda f: f.show_created("4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C")),
    "first-others": first("others"),
    "first-one-thing": first("one_thing"),
}


def paint(stage: Stage, name: str, palette: str, scale: float, size: QSize, folder: Path) -> None:
    stage.settings.change(palette=palette, text_scale=scale)
    stage.theme.apply(stage.settings.current)
    screen = SCREENS[name](stage)
    window = stage.show(screen, size)
    content = getattr(screen, "opens", None)
    getattr(screen, "after", lambda: None)()
    host = SheetHost(window, stage.kit)
    if content is not None:
        host.open(content, getattr(screen, "opens_name", "Help right now"), key="help-now", hide=lambda: None)
    stage.settle()
    place = "" if size == WIDE else f"-{size.width()}"
    window.grab().save(str(folder / f"{name}-{palette}-{int(scale * 100)}{place}.png"))
    host.close_all()
    window.close()
    window.deleteLater()
    stage.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> int:
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    quick = "--quick" in sys.argv
    folder = Path(__file__).resolve().parent.parent / "build" / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as data:
        stage = Stage(app, Path(data))
        for name in SCREENS:
            if wanted and not any(name.startswith(word) for word in wanted):
                continue
            for palette in PALETTES[:1] if quick else PALETTES:
                for scale in SCALES:
                    paint(stage, name, palette, scale, WIDE, folder)
            if "--small" in sys.argv:
                paint(stage, name, "light", 1.0, SMALL, folder)
    print(f"painted into {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
