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
