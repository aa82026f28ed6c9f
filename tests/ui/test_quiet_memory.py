"""While someone reads and writes, freed words do not wait in a cache for something that stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from companion.ui.shell.quiet import SOON_MS
from companion.vault import scrub
from tests.ui.app_kit import OpenApp, wait, wait_until


@pytest.fixture
def overwritten(opened: OpenApp, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    times: list[bool] = []
    wait_until(lambda: hasattr(opened.app, "quiet"))
    wait(2 * SOON_MS)
    monkeypatch.setattr(scrub, "overwrite_thread_cache", lambda: times.append(True))
    return times


def test_soon_after_a_key_and_not_while_nobody_does_anything(opened: OpenApp, overwritten: list[bool]) -> None:
    wait(3 * SOON_MS)
    assert overwritten == []
    for _press in range(5):
        QTest.keyClick(opened.app.window, Qt.Key.Key_Shift)
    wait_until(lambda: overwritten)
    wait(2 * SOON_MS)
    assert len(overwritten) == 1, "once for many keys"


def test_not_on_the_lock_screen(opened: OpenApp, overwritten: list[bool]) -> None:
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell.closer.is_closing)
    wait(10 * SOON_MS)  # what was begun before the lock has ended, on a busy machine too
    overwritten.clear()
    QTest.keyClick(opened.app.window, Qt.Key.Key_Shift)
    wait(2 * SOON_MS)
    assert overwritten == []
