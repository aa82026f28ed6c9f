"""A kit for each test, and proof that the test left no window and no running timer behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from companion.core.paths import assets
from companion.core.settings import Settings
from companion.ui.kit import Kit
from companion.ui.theme import Theme
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp

# The offscreen platform says this of every window with a least size; it is no fault of ours.
_OFFSCREEN_ONLY = "This plugin does not support propagateSizeHints"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore(_OFFSCREEN_ONLY, extend=True))


@pytest.fixture
def kit(qapp: QApplication) -> Iterator[Kit]:
    """A kit in the light palette at 100 %; `kit.theme.apply` changes the look."""
    theme = Theme(qapp, assets())
    theme.apply(Settings(palette="light"))
    yield Kit(theme)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    theme.deleteLater()


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path, clock: FakeClock) -> Iterator[OpenApp]:
    """The whole window with a new space in it, open."""
    made = OpenApp(qapp, tmp_path / "data", clock)
    made.make_space()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _nothing_left_open(qapp: QApplication) -> Iterator[None]:
    timers_before = set(map(id, _running_timers()))
    yield
    _let_go_of_the_mouse()
    settle()
    gc.collect()
    settle()
    windows = [f"{type(w).__name__} {w.accessibleName() or w.windowTitle()!r}" for w in _windows()]
    timers = [timer for timer in _running_timers() if id(timer) not in timers_before]
    owners = [f"{type(timer.parent()).__name__}: {timer.interval()} ms" for timer in timers]
    for widget in _windows():
        widget.deleteLater()
    settle()
    gc.freeze()  # what stays is not looked through again: by the end of the run that took a tenth of a second a test
    assert not windows, f"left open: {windows}"
    assert not owners, f"still running: {owners}"


def _let_go_of_the_mouse() -> None:
    """A press whose widget went away before the release would hold the button down for every test after it."""
    if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
        spot = QWindow()
        spot.show()
        QTest.mouseRelease(spot, Qt.MouseButton.LeftButton)
        QCoreApplication.processEvents()
        spot.hide()
        spot.deleteLater()


def settle() -> None:
    """Let layouts, pictures and deletions happen."""
    for _round in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _windows() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if shiboken6.isValid(w) and type(w).__name__ != "QTipLabel"]


def _running_timers() -> list[QTimer]:
    found = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    return [timer for timer in found if shiboken6.isValid(timer) and timer.isActive()]
