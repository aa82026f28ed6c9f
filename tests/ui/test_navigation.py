"""The lists of places and of pages: every entry is a stop of Tab, and the one that is shown stays marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from companion.ui.widgets.nav import NavButton
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait, wait_until
from tests.ui.look import description_of, role_of


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path, clock: FakeClock) -> Iterator[OpenApp]:
    made = OpenApp(qapp, tmp_path / "data", clock)
    try:
        made.make_space()
        made.app.window.resize(1280, 860)  # below 1000 the panel gives way to Menu
        wait_until(lambda: _entries(made))
        yield made
    finally:
        made.close()


def _entries(opened: OpenApp) -> list[NavButton]:
    return [entry for entry in opened.app.window.findChildren(NavButton) if entry.isVisible()]


def go(opened: OpenApp, key: str, where: str = "") -> None:
    opened.app.shell.go(key, where)
    wait(50)


def _marked(opened: OpenApp) -> list[str]:
    return [entry.text() for entry in _entries(opened) if entry.is_current]


@pytest.mark.parametrize("place", ["today", "journal", "settings"])
def test_every_entry_is_a_stop_of_tab_whatever_is_shown(opened: OpenApp, place: str) -> None:
    go(opened, place)
    assert len(_entries(opened)) == (9 if place == "settings" else 4)
    for entry in _entries(opened):
        entry.setFocus()
    left_out = [e.text() for e in _entries(opened) if not e.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert left_out == []


def test_the_place_that_is_shown_is_marked(opened: OpenApp) -> None:
    go(opened, "journal")
    assert _marked(opened) == ["Journal"]
    go(opened, "settings", "privacy")
    assert _marked(opened) == ["Settings", "Privacy and lock"]


def test_entries_are_read_out_as_buttons_and_say_which_is_shown(opened: OpenApp) -> None:
    go(opened, "journal")
    assert {role_of(entry) for entry in _entries(opened)} == {QAccessible.Role.Button}
    said = {entry.text(): description_of(entry) for entry in _entries(opened)}
    assert said == {"Today": "", "Journal": "Shown now.", "Settings": "", "Lock": ""}


def test_pressing_what_is_shown_leaves_it_marked(opened: OpenApp) -> None:
    go(opened, "settings", "look")
    for entry in _entries(opened):
        if entry.is_current:
            entry.click()
    assert _marked(opened) == ["Settings", "Look and reading"]


def test_pressing_another_moves_the_mark(opened: OpenApp) -> None:
    go(opened, "today")
    next(entry for entry in _entries(opened) if entry.text() == "Journal").click()
    wait(50)
    assert _marked(opened) == ["Journal"]
