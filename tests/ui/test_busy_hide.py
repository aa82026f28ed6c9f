"""Hide and Help while a space of some 100 MB is written out or backed up: at once, and nothing half-written."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from companion.core.clock import SystemClock
from companion.core.ids import EntryId
from companion.core.paths import Paths
from companion.journal.model import Attachment, Content
from companion.journal.store import EntryStore
from companion.services import build
from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.help_opener import KEY as HELP
from companion.ui.shell.hide import HideCover
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.shell.settings.take_out import TakeOut
from tests.fakes import FakeClock
from tests.ui.app_kit import CHEAP, PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import button, words

FILES, FILE_BYTES = 10, 8_000_000
NOTES, NOTE_WORDS = 1_500, 3_000
COVER_S, KEYS_S, LATER_S = 0.1, 1.0, 0.1


@pytest.fixture(scope="module")
def large_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a space of 100 MB: long notes, and files of the size of a short film."""
    data = tmp_path_factory.mktemp("large")
    made = build(Paths(data), cost=CHEAP)
    made.vault.create(PASSPHRASE)
    try:
        now = SystemClock().now()
        made.journal.add_many([Content(at=now, text=f"{n} " + "word " * NOTE_WORDS) for n in range(NOTES)])
        kept = [made.vault.media.put(io.BytesIO(os.urandom(FILE_BYTES))) for _ in range(FILES)]
        store = EntryStore(made.vault.connection)
        with made.vault.connection.transaction():
            for n, film in enumerate(kept):
                file = Attachment(f"film {n}.mp4", "video/mp4", film.size_bytes, film.sha256, film.name)
                store.insert(EntryId(f"{n:026d}"), Content(at=now, text=f"film {n}"), now, attachments=[file])
    finally:
        made.vault.lock()
    return data


@pytest.fixture
def large(qapp: QApplication, tmp_path: Path, clock: FakeClock, large_data: Path) -> Iterator[OpenApp]:
    """That space, open in the whole window."""
    shutil.copytree(large_data, tmp_path / "data")
    made = OpenApp(qapp, tmp_path / "data", clock)
    folder = next((tmp_path / "data" / "vaults").glob("*.vault"))
    made.unlock()
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) > 95_000_000
    yield made
    made.app.shell.lock_at_once()  # a lock would make a backup first
    made.close()


class Painted(QObject):
    """When a widget, or anything in it, was painted first from now on."""

    def __init__(self, kind: type[QWidget]) -> None:
        super().__init__()
        self.at = 0.0
        self._kind = kind
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.at and event.type() == QEvent.Type.Paint and isinstance(watched, self._kind):
            self.at = time.monotonic()
        return False

    def stop(self) -> None:
        QApplication.instance().removeEventFilter(self)


def to_backups(opened: OpenApp) -> None:
    """Settings, Backup and export."""
    opened.app.shell.go("settings")
    page = opened.app.window.findChild(SettingsPage)
    assert page is not None
    page.open_section("backup")


def write_it_out(opened: OpenApp, stick: Path) -> None:
    """Begin to take all notes out; this returns when some of it is written."""
    button(opened.app.window, "Take notes out").click()
    sheet = opened.app.window.findChild(TakeOut)
    assert sheet is not None
    wait_until(lambda: "It will be a folder named" in words(sheet))
    wait_until(lambda: button(sheet, "Choose where").isEnabled())
    stick.mkdir()
    sheet.write_into(str(stick))
    wait_until(lambda: len(list(stick.rglob("*"))) > 5)


def back_it_up(opened: OpenApp, _stick: Path) -> None:
    """Begin a backup; this returns when it is under way."""
    page = opened.app.window.findChild(SettingsPage)
    assert page is not None
    page.backup.backups.make()
    wait_until(lambda: any(parts(opened)))


def parts(opened: OpenApp) -> list[Path]:
    """What is not finished beside the backups."""
    return list((opened.app.shell._opener.folder / "backups").glob(".*"))


@pytest.mark.parametrize("begin", [write_it_out, back_it_up])
def test_hide_covers_at_once_and_nothing_half_written_stays(
    large: OpenApp, tmp_path: Path, begin: Callable[[OpenApp, Path], None]
) -> None:
    stick = tmp_path / "stick"
    vault = large.app.shell.space.vault
    to_backups(large)
    begin(large, stick)
    cover = Painted(HideCover)
    began = time.monotonic()
    QTest.keyClick(large.app.window, Qt.Key.Key_F9)
    wait_until(lambda: cover.at)
    wait_until(lambda: not vault.is_open)
    dropped = time.monotonic() - began
    cover.stop()
    print(f"{begin.__name__}: cover {1000 * (cover.at - began):.0f} ms, keys dropped {1000 * dropped:.0f} ms")
    wait_until(lambda: not large.app.shell.closer.is_closing)
    large.app.worker.drain(5)
    assert cover.at - began < COVER_S
    assert dropped < KEYS_S
    assert list(stick.rglob("*")) == []
    assert parts(large) == []
    assert vault.backups() == []
    large.unlock()
    assert large.on_vault(large.app.shell.space.journal.count) == NOTES + FILES


def help_seconds(opened: OpenApp) -> float:
    """From F1 to Help on the screen; then it is closed again."""
    shown = Painted(HelpNow)
    began = time.monotonic()
    QTest.keyClick(opened.app.window, Qt.Key.Key_F1)
    wait_until(lambda: shown.at)
    shown.stop()
    QTest.keyClick(opened.app.window.focusWidget(), Qt.Key.Key_Escape)
    wait_until(lambda: not opened.app.window.sheets.has(HELP))
    return shown.at - began


@pytest.mark.parametrize("begin", [write_it_out, back_it_up])
def test_help_waits_for_nothing_and_the_work_goes_on(
    large: OpenApp, tmp_path: Path, begin: Callable[[OpenApp, Path], None]
) -> None:
    """Compared with the same key while nothing goes on, so that a slow computer does not decide it."""
    stick = tmp_path / "stick"
    to_backups(large)
    alone = sorted(help_seconds(large) for _time in range(3))[1]
    begin(large, stick)
    busy = min(help_seconds(large) for _time in range(2))
    print(f"{begin.__name__}: help {1000 * busy:.0f} ms, {1000 * alone:.0f} ms while nothing goes on")
    assert busy < alone + LATER_S
    assert large.app.shell.is_open
    if begin is back_it_up:
        wait_until(large.app.shell.space.vault.backups, 30_000)
    else:
        wait_until(lambda: len(list(stick.rglob("*.mp4"))) == FILES, 30_000)
