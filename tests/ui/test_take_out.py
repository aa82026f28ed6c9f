"""Taking notes out in the window: said before and after, stopped by Lock, deleted when it is wanted."""

from __future__ import annotations

import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog

from companion.core.errors import DiskFull
from companion.journal.exporters import places
from companion.journal.model import Content
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.shell.settings.take_out import TakeOut
from tests.ui.app_kit import OpenApp, wait_until
from tests.ui.stage import button, line, words

AT = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
LOUD = "This file can be read by anyone. It is not encrypted."


def sheet(opened: OpenApp, *texts: str) -> TakeOut:
    """The sheet, over a space with these notes."""
    space = opened.app.shell.space
    contents = [Content(at=AT, title=text, text=text, people=("Mira",)) for text in texts]
    opened.app.worker.submit(lambda: space.journal.add_many(contents)).result()
    opened.app.shell.go("settings")
    page = opened.app.window.findChild(SettingsPage)
    page.open_section("backup")
    button(opened.app.window, "Take notes out").click()
    found = opened.app.window.findChild(TakeOut)
    wait_until(lambda: words_in(found, "It will be a folder named"))
    return found


def words_in(widget: TakeOut, text: str) -> bool:
    return text in words(widget)


def pick(widget: TakeOut, text: str) -> None:
    next(each for each in widget.findChildren(QAbstractButton) if each.text() == text).click()


def out(widget: TakeOut, folder: Path) -> None:
    wait_until(lambda: button(widget, "Choose where").isEnabled())
    widget.write_into(str(folder))
    wait_until(lambda: words_in(widget, "Keep it"))


def test_it_is_said_before_and_after_and_shows_what_it_will_be(opened: OpenApp, tmp_path: Path) -> None:
    found = sheet(opened, "Tea", "Bread")
    assert LOUD in words(found)
    assert "2 notes" in words(found)
    assert "It will be a folder named Notes 2026-11-22." in words(found)
    wait_until(lambda: words_in(found, "Example: 2026/2026-11-20 Bread.md"))
    folder = tmp_path / "stick"
    folder.mkdir()
    out(found, folder)
    assert "Want to delete it when you've printed it?" in words(found)
    assert sorted(path.name for path in folder.rglob("*.md")) == ["2026-11-20 Bread.md", "2026-11-20 Tea.md"]
    assert opened.app.shell.session.is_held is False
    button(found, "Keep it").click()
    wait_until(lambda: not opened.app.window.sheets.is_open)
    assert len(list(folder.rglob("*.md"))) == 2


def test_delete_it_now_removes_what_was_written_and_nothing_else(opened: OpenApp, tmp_path: Path) -> None:
    found = sheet(opened, "Tea")
    folder = tmp_path / "stick"
    folder.mkdir()
    out(found, folder)
    (folder / "Notes 2026-11-22" / "mine.txt").write_text("mine")
    button(found, "Delete it now").click()
    wait_until(lambda: words_in(found, "The file is deleted."))
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["mine.txt"]


def test_names_and_days_count_at_once(opened: OpenApp, tmp_path: Path) -> None:
    found = sheet(opened, "Tea")
    pick(found, "JSON")
    wait_until(lambda: words_in(found, "Notes 2026-11-22.json"))
    wait_until(lambda: words_in(found, "Mira"))
    pick(found, "Leave out the names under People")
    wait_until(lambda: "Mira" not in words(found))
    pick(found, "Some days")
    line(found, "Last day").setText("2026-11-19")
    line(found, "Last day").editingFinished.emit()
    wait_until(lambda: words_in(found, "There is no note on these days."))
    assert not button(found, "Choose where").isEnabled()
    line(found, "Last day").setText("the day before")
    line(found, "Last day").editingFinished.emit()
    assert "Write the day as 2026-11-22." in words(found)
    assert not button(found, "Choose where").isEnabled()
    line(found, "Last day").setText("2026-11-20")
    line(found, "Last day").editingFinished.emit()
    out(found, tmp_path)
    text = (tmp_path / "Notes 2026-11-22.json").read_text(encoding="utf-8")
    assert "Tea" in text
    assert "Mira" not in text


def test_what_is_there_is_never_replaced(opened: OpenApp, tmp_path: Path) -> None:
    found = sheet(opened, "Tea")
    (tmp_path / "Notes 2026-11-22").mkdir()
    (tmp_path / "Notes 2026-11-22" / "mine").write_text("mine")
    out(found, tmp_path)
    assert (tmp_path / "Notes 2026-11-22 2").is_dir()
    assert (tmp_path / "Notes 2026-11-22" / "mine").read_text() == "mine"


def test_a_disk_that_is_full_says_so_and_nothing_is_left(opened: OpenApp, tmp_path: Path, monkeypatch) -> None:
    found = sheet(opened, "Tea")

    def full(_path: Path, _pieces: object) -> int:
        raise DiskFull(_path)

    monkeypatch.setattr(places, "_write_file", full)
    folder = tmp_path / "stick"
    folder.mkdir()
    wait_until(lambda: button(found, "Choose where").isEnabled())
    found.write_into(str(folder))
    wait_until(lambda: words_in(found, "There is no space left on this disk."))
    assert list(folder.iterdir()) == []
    assert button(found, "Choose where").isVisible()
    assert opened.app.shell.session.is_held is False


class Slow:
    """Holds the export at its second file until it is let go."""

    def __init__(self, monkeypatch) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        real = places._write_file

        def slow(path: Path, pieces: object) -> int:
            self.reached.set()
            self.go_on.wait(20)
            return real(path, pieces)

        monkeypatch.setattr(places, "_write_file", slow)


def test_lock_ends_it_and_nothing_is_left(opened: OpenApp, tmp_path: Path, monkeypatch) -> None:
    found = sheet(opened, "Tea", "Bread", "Rain")
    slow = Slow(monkeypatch)
    folder = tmp_path / "stick"
    folder.mkdir()
    wait_until(lambda: button(found, "Choose where").isEnabled())
    found.write_into(str(folder))
    wait_until(slow.reached.is_set)
    assert opened.app.shell.session.is_held
    opened.app.shell.lock()
    slow.go_on.set()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    assert not opened.app.shell.is_open
    wait_until(lambda: list(folder.iterdir()) == [])
    assert opened.faults == []
    opened.unlock()
    wait_until(lambda: opened.app.shell.is_open)


def test_stop_ends_it_and_a_save_does_not_wait_for_it(opened: OpenApp, tmp_path: Path, monkeypatch) -> None:
    found = sheet(opened, "Tea", "Bread", "Rain")
    slow = Slow(monkeypatch)
    folder = tmp_path / "stick"
    folder.mkdir()
    wait_until(lambda: button(found, "Choose where").isEnabled())
    found.write_into(str(folder))
    wait_until(slow.reached.is_set)
    journal = opened.app.shell.space.journal
    left_then: list[list[Path]] = []

    def save() -> None:
        journal.add(Content(at=AT, text="meanwhile"))
        left_then.append(list(folder.iterdir()))

    saved = opened.app.worker.submit(save)
    slow.go_on.set()
    wait_until(saved.done)
    assert left_then[0], "the save came after the export"
    found.stop()
    wait_until(lambda: words_in(found, "Stopped. Nothing was written.") or words_in(found, "Keep it"))
    if words_in(found, "Stopped"):
        assert list(folder.iterdir()) == []


def test_escape_while_it_writes_stops_it(opened: OpenApp, tmp_path: Path, monkeypatch) -> None:
    found = sheet(opened, "Tea", "Bread", "Rain")
    slow = Slow(monkeypatch)
    folder = tmp_path / "stick"
    folder.mkdir()
    wait_until(lambda: button(found, "Choose where").isEnabled())
    found.write_into(str(folder))
    wait_until(slow.reached.is_set)
    opened.app.window.sheets.close()
    slow.go_on.set()
    wait_until(lambda: list(folder.iterdir()) == [])
    wait_until(lambda: opened.app.shell.session.is_held is False)


def test_help_opens_over_the_dialog_that_asks_where(opened: OpenApp) -> None:
    found = sheet(opened, "Tea")
    wait_until(lambda: button(found, "Choose where").isEnabled())
    button(found, "Choose where").click()
    dialog = opened.app.window.findChild(QFileDialog)
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
    QTest.keyClick(dialog, Qt.Key.Key_F1)
    wait_until(lambda: opened.app.window.sheets.has("help-now"))


def test_with_files_it_is_one_zip(opened: OpenApp, tmp_path: Path) -> None:
    from tests.journal.test_round_trip import attach

    space = opened.app.shell.space

    def make() -> None:
        attach(space.vault, space.journal.add(Content(at=AT, text="x")).entry_id, ("p.jpg", b"picture"))

    opened.app.worker.submit(make).result()
    found = sheet(opened, "Tea")
    pick(found, "JSON")
    wait_until(lambda: words_in(found, "Notes 2026-11-22.zip"))
    out(found, tmp_path)
    assert len(zipfile.ZipFile(tmp_path / "Notes 2026-11-22.zip").namelist()) == 2
