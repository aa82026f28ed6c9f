"""Bringing a journal in: what an earlier reading still answers is not taken for the one that is on the screen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from companion.ui.journal.bring_in import BringIn
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait, wait_until


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path, clock: FakeClock) -> Iterator[OpenApp]:
    made = OpenApp(qapp, tmp_path / "data", clock)
    try:
        made.make_space()
        yield made
    finally:
        made.close()


def _journal(folder: Path, name: str, notes: int) -> str:
    entries = [
        {"uuid": f"{name}{n}", "creationDate": "2025-03-01T08:00:00Z", "text": f"{name} {n}"} for n in range(notes)
    ]
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"metadata": {"version": "1.0"}, "entries": entries}))
    return str(path)


def _shown(page: BringIn) -> list[str]:
    widgets = [*page.findChildren(QLabel), *page.findChildren(QPushButton)]
    return [widget.text() for widget in widgets if widget.isVisible()]


def test_a_reading_that_was_left_does_not_put_its_answer_over_the_next(opened: OpenApp, tmp_path: Path) -> None:
    opened.app.shell.go("journal", "import")
    wait_until(lambda: opened.app.window.findChild(BringIn))
    page = opened.app.window.findChild(BringIn)
    held = threading.Event()
    opened.app.worker.submit(held.wait)
    page.look_at(_journal(tmp_path, "first", 3))
    wait(300)
    page.begin()
    page.look_at(_journal(tmp_path, "second", 5))
    held.set()
    wait_until(lambda: "Bring in 5 notes" in _shown(page))
    assert "Stopped. Nothing was added." not in _shown(page)


def test_stop_says_that_nothing_was_added(opened: OpenApp, tmp_path: Path) -> None:
    opened.app.shell.go("journal", "import")
    wait_until(lambda: opened.app.window.findChild(BringIn))
    page = opened.app.window.findChild(BringIn)
    held = threading.Event()
    opened.app.worker.submit(held.wait)
    page.look_at(_journal(tmp_path, "first", 3))
    wait(100)
    next(b for b in page.findChildren(QPushButton) if b.isVisible() and b.text() == "Stop").click()
    held.set()
    wait_until(lambda: "Stopped. Nothing was added." in _shown(page))


def _page(opened: OpenApp) -> BringIn:
    opened.app.shell.go("journal", "import")
    wait_until(lambda: opened.app.window.findChild(BringIn))
    page = opened.app.window.findChild(BringIn)
    assert page is not None
    return page


def _press(page: BringIn, words: str) -> None:
    next(b for b in page.findChildren(QPushButton) if b.isVisible() and b.text() == words).click()


def test_while_it_comes_in_the_bar_knows_how_much_there_is(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    page.look_at(_journal(tmp_path, "first", 3))
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    told: list[str] = []
    bar = page._bars["bringing"]
    real = bar.show_progress
    bar.show_progress = lambda done, total, words: (told.append(words), real(done, total, words))
    _press(page, "Bring in 3 notes")
    wait_until(lambda: "3 notes are in." in _shown(page))
    assert told == ["3 of 3 notes"]


def test_what_lock_stopped_is_said_when_one_is_back(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    held = threading.Event()
    opened.app.worker.submit(held.wait)
    page.look_at(_journal(tmp_path, "first", 3))
    wait(100)
    opened.app.shell.lock()
    held.set()
    opened.unlock()
    page = opened.app.window.findChild(BringIn)
    assert page is not None
    wait_until(lambda: any("stopped when this locked" in words for words in _shown(page)))


def test_after_a_finished_import_lock_has_nothing_to_say(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    page.look_at(_journal(tmp_path, "first", 3))
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    _press(page, "Bring in 3 notes")
    wait_until(lambda: "3 notes are in." in _shown(page))
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    opened.unlock()
    wait(50)
    page = opened.app.window.findChild(BringIn)
    assert page is None or not page._trouble.isVisible()


def test_taking_it_back_says_so_at_once_and_cannot_be_asked_twice(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    page.look_at(_journal(tmp_path, "first", 3))
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    _press(page, "Bring in 3 notes")
    wait_until(lambda: "3 notes are in." in _shown(page))
    held = threading.Event()
    opened.app.worker.submit(held.wait)
    _press(page, "Take it all back")
    assert "Taking them back…" in _shown(page)
    assert "Take it all back" not in _shown(page)
    assert page._see.hasFocus()
    held.set()
    wait_until(lambda: "3 notes were taken back." in _shown(page))
