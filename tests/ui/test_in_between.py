"""What happens between two states: Lock and Hide while a space opens or is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from companion.ui.shell.main_window import first_size
from tests.fakes import FakeClock
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait, wait_until


def lock(opened: OpenApp) -> None:
    done: list[int] = []
    opened.app.shell.closed.connect(lambda: done.append(1))
    opened.app.shell.lock()
    wait_until(lambda: done)


def vault_is_open(opened: OpenApp) -> object:
    return opened.on_vault(lambda: opened.app.spaces.services(opened.app.shell._opener.folder).vault.is_open)


def test_hide_while_it_opens_stays_hidden_and_locked(opened: OpenApp) -> None:
    lock(opened)
    shell = opened.app.shell
    shell.unlock(PASSPHRASE)
    shell.hide()
    wait_until(lambda: not shell._opener._is_busy)
    wait(50)
    assert opened.app.window.current_screen() is shell._cover
    assert not shell.is_open
    assert not vault_is_open(opened)
    assert opened.app.window.windowTitle() == "Notes"
    shell._cover.unlock_requested.emit(PASSPHRASE)
    wait_until(lambda: shell.is_open)


def test_hide_while_a_space_is_made_stays_hidden_and_locked(opened: OpenApp) -> None:
    lock(opened)
    shell = opened.app.shell
    shell.show_first_run()
    shell.create(PASSPHRASE, with_recovery=True)
    shell.hide()
    wait_until(lambda: not shell._opener._is_busy)
    wait(50)
    assert opened.app.window.current_screen() is shell._cover
    assert not shell.is_open
    assert not vault_is_open(opened)
    shell._cover.unlock_requested.emit(PASSPHRASE)
    wait_until(lambda: shell.is_open)


def test_the_passphrase_given_again_before_the_first_answer_counts(opened: OpenApp) -> None:
    lock(opened)
    shell = opened.app.shell
    shell.unlock(PASSPHRASE)
    shell.hide()
    shell._cover.unlock_requested.emit(PASSPHRASE)
    wait_until(lambda: shell.is_open)
    assert vault_is_open(opened)


def test_a_wrong_passphrase_called_off_is_not_answered(opened: OpenApp) -> None:
    lock(opened)
    shell = opened.app.shell
    shell.unlock("not these words at all")
    shell.hide()
    wait_until(lambda: not shell._opener._is_busy)
    wait(50)
    assert shell._cover._said.text() == ""


def test_lock_while_it_opens_leaves_it_locked(opened: OpenApp) -> None:
    lock(opened)
    shell = opened.app.shell
    shell.unlock(PASSPHRASE)
    shell.lock()
    wait_until(lambda: not shell._opener._is_busy)
    wait(50)
    assert opened.app.window.current_screen() is shell._lock_screen
    assert not shell.is_open
    assert not vault_is_open(opened)
    opened.unlock()


@pytest.mark.parametrize(
    ("room", "wide", "high"), [((1366, 728), 1280, 728 - 40), ((1920, 1040), 1280, 860), ((600, 400), 640, 480)]
)
def test_the_window_begins_inside_the_screen(room: tuple[int, int], wide: int, high: int) -> None:
    size = first_size(QRect(0, 0, *room).size())
    assert (size.width(), size.height()) == (wide, high)


def test_enter_alone_leads_out_of_the_cover_before_there_is_a_space(
    qapp: QApplication, tmp_path: Path, clock: FakeClock
) -> None:
    made = OpenApp(qapp, tmp_path / "data", clock)
    try:
        shell = made.app.shell
        shell.hide()
        made.app.window.showNormal()
        shell._cover._line.returnPressed.emit()
        assert made.app.window.current_screen() is shell._lock_screen
    finally:
        made.close()
