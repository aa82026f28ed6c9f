"""Bringing a journal in: its steps, what is said of problems, and the way on that is always in sight."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea

from companion.core import room
from companion.core.errors import CompanionError, DiskFull, ReadOnlyVault, StorageTrouble
from companion.core.ids import EntryId
from companion.journal.model import ImportReport, Refusal, Summary
from companion.journal.store import EntryStore
from companion.ui.journal.bring_in import BringIn
from companion.ui.journal.bring_in_report import PreviewPage
from companion.ui.messages import place_words
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait, wait_until
from tests.ui.stage import SIZES, Stage, cut, staged, words


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


def test_while_it_works_the_keys_are_on_stop(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    held = threading.Event()
    opened.app.worker.submit(held.wait)
    page.look_at(_journal(tmp_path, "first", 3))
    assert page.window().focusWidget() is page._stops["reading"]
    held.set()
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    held.clear()
    opened.app.worker.submit(held.wait)
    _press(page, "Bring in 3 notes")
    wait(20)
    assert page.window().focusWidget() is page._stops["bringing"]
    held.set()
    wait_until(lambda: "3 notes are in." in _shown(page))


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


def _problem_journal(folder: Path) -> str:
    entries: list[object] = [
        {
            "uuid": f"{n:032X}",
            "creationDate": f"2025-01-{n + 1:02d}T08:00:00Z",
            "text": f"Day {n}\n\nRain.",
            "tags": ["x"],
        }
        for n in range(28)
    ]
    entries[1] = {"uuid": "B" * 32, "text": "no date"}
    entries += ["not an entry", entries[0]]
    path = folder / "Journal.json"
    path.write_text(json.dumps({"metadata": {"version": "1.0"}, "entries": entries}))
    return str(path)


def _area(page: BringIn) -> QScrollArea:
    parent = page.parentWidget()
    while not isinstance(parent, QScrollArea):
        assert parent is not None
        parent = parent.parentWidget()
    return parent


def _is_seen(page: BringIn, words: str) -> bool:
    area = _area(page)
    button = next(b for b in page.findChildren(QPushButton) if b.isVisible() and b.text() == words)
    top = button.mapTo(area.viewport(), button.rect().topLeft())
    return area.viewport().rect().contains(QRect(top, button.size()))


def test_the_way_on_is_seen_without_scrolling_however_much_there_is_to_look_at(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    page.look_at(_problem_journal(tmp_path))
    wait_until(lambda: "Bring in 27 notes" in _shown(page))
    wait(50)
    assert _area(page).verticalScrollBar().value() == 0
    for way in ("Bring in 27 notes", "Stop here", "Choose another file"):
        assert _is_seen(page, way)


def test_a_problem_is_placed_in_words(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    page.look_at(_problem_journal(tmp_path))
    wait_until(lambda: "Bring in 27 notes" in _shown(page))
    shown = _shown(page)
    assert "Note 2 of Journal.json:" in shown
    assert "No date that can be read." in shown
    _press(page, "Bring in 27 notes")
    wait_until(lambda: "27 notes are in." in _shown(page))
    assert "Note 2 of Journal.json: No date that can be read." in _shown(page)
    assert not any("#" in words for words in _shown(page))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("Journal.json#2", "Note 2 of Journal.json"),
        ("a#b/Journal.json#12345", "Note 12,345 of a#b/Journal.json"),
        ("diary.txt:17", "Line 17 of diary.txt"),
        ("photos/x.jpg", "photos/x.jpg"),
        ("week #3.txt", "week #3.txt"),
        ("C:\\notes", "C:\\notes"),
        ("", ""),
    ],
)
def test_places_as_one_would_say_them(where: str, words: str) -> None:
    assert place_words(where) == words


def test_a_short_page_after_a_long_one_does_not_scroll(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    page.look_at(_problem_journal(tmp_path))
    wait_until(lambda: "Bring in 27 notes" in _shown(page))
    _press(page, "Bring in 27 notes")
    wait_until(lambda: "27 notes are in." in _shown(page))
    wait(50)
    assert _area(page).verticalScrollBar().maximum() == 0
    (tmp_path / "recipes.txt").write_bytes(b"\x00\x01 not a journal")
    page.begin()
    page.look_at(str(tmp_path / "recipes.txt"))
    wait_until(lambda: page._trouble.isVisible())
    wait(50)
    assert _area(page).verticalScrollBar().maximum() == 0


def test_an_archive_built_to_do_harm_is_named_for_what_it_is_and_not_with_its_own_words(
    opened: OpenApp, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("../../../etc/Journal.json", "{}")
    page = _page(opened)
    page.look_at(str(tmp_path / "export.zip"))
    wait_until(lambda: page._trouble.isVisible())
    assert page._trouble.text() == (
        "This file looks built to do harm, so it was not opened. Nothing was changed. "
        "Don't open this file. Export it from the other app again."
    )


def test_when_everything_is_here_already_the_keys_are_on_a_way_on(opened: OpenApp, tmp_path: Path) -> None:
    page = _page(opened)
    path = _journal(tmp_path, "first", 3)
    page.look_at(path)
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    _press(page, "Bring in 3 notes")
    wait_until(lambda: "3 notes are in." in _shown(page))
    page.begin()
    page.look_at(path)
    wait_until(lambda: "3 notes are already here." in _shown(page))
    assert not any(words.startswith("Bring in 0") for words in _shown(page))
    focused = opened.app.window.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Choose another file"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            DiskFull(Path("/home/jo/x")),
            "There is no space left on this disk. Nothing was added. Free some space, then try again.",
        ),
        (
            ReadOnlyVault(),
            "This disk can't be written just now. Nothing was added. Check the disk, then try again.",
        ),
        (
            StorageTrouble(Path("/home/jo/x")),
            "This disk can't be reached just now. Nothing was added. Check the disk, then try again.",
        ),
    ],
)
def test_when_the_disk_does_not_take_it_one_hears_that_nothing_was_added(
    opened: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: CompanionError, said: str
) -> None:
    page = _page(opened)
    page.look_at(_journal(tmp_path, "first", 3))
    wait_until(lambda: "Bring in 3 notes" in _shown(page))

    def refuse(*_args: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(EntryStore, "insert", refuse)
    _press(page, "Bring in 3 notes")
    wait_until(lambda: page._trouble.isVisible())
    assert page._trouble.text() == said


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


def _report() -> ImportReport:
    """Larger and longer than any real one, in every part."""
    long = "very-long-name-" * 20
    at = datetime(2025, 1, 1, 8, 0, tzinfo=UTC)
    rows = [Summary(EntryId(f"{n}"), at, long, long, None, None, (long, long), 9) for n in range(12)]
    return ImportReport(
        format="dayone",
        found=61_002,
        new=30_000,
        duplicates=30_001,
        refused=(Refusal(f"{long}.json#1234567", "no-date"), *(Refusal("a.json#2", "no-date"),) * 1500),
        attachments_missing=1001,
        first_day="1995-01-01",
        last_day="2025-01-01",
        preview=tuple(rows),
    )


def test_large_counts_are_in_groups(stage: Stage) -> None:
    page = PreviewPage(stage.kit, lambda: date(2026, 1, 1))
    page.show_report(_report())
    stage.show(page)
    shown = words(page)
    for part in (
        "Bring in 30,000 notes",
        "61,002",
        "30,001 notes are already here.",
        "1,001 files are not",
        "and 1,481",
    ):
        assert part in shown, part


@pytest.mark.parametrize(("size", "scale"), [*SIZES, (QSize(640, 480), 2.0)])
def test_nothing_is_cut_whatever_a_file_calls_itself(stage: Stage, size: QSize, scale: float) -> None:
    page = PreviewPage(stage.kit, lambda: date(2026, 1, 1))
    page.show_report(_report())
    area = stage.kit.scroll(page)
    stage.show(area, size, scale)
    assert cut(area) == []
    assert page.minimumSizeHint().width() <= area.viewport().width()


def test_too_little_room_is_said_with_both_numbers_and_tried_again_when_there_is_some(
    opened: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page(opened)
    real = room.shutil.disk_usage
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: real(path)._replace(free=1_000_000))
    said = (
        "There is too little space on this disk: about 3 MB is needed, 1 MB is free. Nothing was added. "
        "Free some space, then try again."
    )
    page.look_at(_journal(tmp_path, "first", 3))
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    assert said in _shown(page)
    _press(page, "Bring in 3 notes")
    wait_until(lambda: "Choose a file" in _shown(page))
    assert said in _shown(page)
    monkeypatch.setattr(room.shutil, "disk_usage", real)
    page.look_at(_journal(tmp_path, "first", 3))
    wait_until(lambda: "Bring in 3 notes" in _shown(page))
    assert said not in _shown(page)
    _press(page, "Bring in 3 notes")
    wait_until(lambda: "3 notes are in." in _shown(page))
