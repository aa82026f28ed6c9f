"""Open without typing: only by the person's own press, and every failure ends at the passphrase with plain words."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from campaigns.key_stores import Drawer
from companion.core.errors import DEVICE_REASONS, PassphraseDue
from companion.ui.device_words import device_reason
from companion.ui.messages import one_line
from companion.ui.shell.hide import HideCover
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.shell.unlock import LockScreen
from companion.vault.device_key import LIMIT_S, KeyringStore
from tests.fakes import FakeClock
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import button, line, visible, words

NAME = "Open without typing"


def lock(opened: OpenApp) -> LockScreen:
    """Locked, and the key file was looked at."""
    looked: list[bool] = []
    opened.app.shell.closed.connect(lambda: looked.append(True))
    opened.app.shell.lock()
    wait_until(lambda: looked)
    settle(opened)
    return screen_of(opened)


def settle(opened: OpenApp) -> None:
    """The background thread has answered what was asked before."""
    answered: list[None] = []
    opened.app.tasks.in_background(opened.app.window, lambda: None, answered.append, across_lock=True)
    wait_until(lambda: answered)


def screen_of(opened: OpenApp) -> LockScreen:
    screen = opened.app.window.current_screen()
    assert isinstance(screen, LockScreen)
    return screen


def offers(root: QWidget) -> bool:
    return NAME in [one.text() for one in visible(root, QAbstractButton)]


def enable(opened: OpenApp) -> None:
    vault = opened.app.spaces.services(opened.app.spaces.known()[0]).vault
    opened.on_vault(lambda: vault.device.enable(PASSPHRASE))
    opened.key_store.asked.clear()


@pytest.fixture
def device(opened: OpenApp) -> OpenApp:
    """A space that the key store opens, locked."""
    enable(opened)
    lock(opened)
    return opened


def test_without_a_slot_there_is_no_button(opened: OpenApp) -> None:
    screen = lock(opened)
    assert not offers(screen)
    assert "Only your passphrase opens it." in words(screen)
    assert opened.key_store.asked == []


def test_one_press_opens_it(device: OpenApp) -> None:
    screen = screen_of(device)
    assert offers(screen)
    assert "Your passphrase opens it, or this computer." in words(screen)
    assert line(screen, "Passphrase").hasFocus()
    button(screen, NAME).click()
    assert "Asking the key store of this computer." in words(screen)
    wait_until(lambda: device.app.shell.is_open)
    assert device.key_store.asked == ["fetch"]


def test_the_keyboard_reaches_it_after_open(device: OpenApp) -> None:
    screen = screen_of(device)
    button(screen, "Open").setFocus()
    QTest.keyClick(button(screen, "Open"), Qt.Key.Key_Tab)
    assert button(screen, NAME).hasFocus()
    QTest.keyClick(button(screen, NAME), Qt.Key.Key_Space)
    wait_until(lambda: device.app.shell.is_open)


def test_it_never_opens_by_itself(device: OpenApp, clock: FakeClock) -> None:
    shell = device.app.shell
    settle(device)
    assert not shell.is_open
    device.unlock()
    clock.move(minutes=30)
    device.app.guard._on_time()
    assert not shell.is_open
    wait_until(lambda: not shell._closer.is_closing)
    settle(device)
    device.unlock()
    shell.hide()
    wait_until(lambda: not shell._closer.is_closing)
    settle(device)
    assert device.key_store.asked == [], "neither to look whether it could, nor to open"


def test_the_cover_does_not_offer_it(device: OpenApp) -> None:
    device.unlock()
    device.app.shell.hide()
    wait_until(lambda: not device.app.shell._closer.is_closing)
    settle(device)
    cover = device.app.window.current_screen()
    assert isinstance(cover, HideCover)
    assert visible(cover, QAbstractButton) == []


@pytest.mark.parametrize("reason", DEVICE_REASONS)
def test_every_failure_is_said_and_the_passphrase_has_the_focus(device: OpenApp, reason: str) -> None:
    screen = screen_of(device)
    device.key_store.trouble = reason
    button(screen, NAME).setFocus()
    button(screen, NAME).click()
    wait_until(lambda: device_reason(reason) in words(screen))
    field = line(screen, "Passphrase")
    assert field.hasFocus()
    assert not field.isReadOnly()
    assert offers(screen) == (reason not in ("off", "gone", "garbage"))
    QTest.keyClicks(field, PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: device.app.shell.is_open)


def test_what_was_half_typed_stays_when_it_fails(device: OpenApp) -> None:
    screen = screen_of(device)
    QTest.keyClicks(line(screen, "Passphrase"), "lantern gra")
    device.key_store.trouble = "locked"
    button(screen, NAME).click()
    wait_until(lambda: device_reason("locked") in words(screen))
    assert line(screen, "Passphrase").text() == "lantern gra"


def test_a_key_store_that_sleeps_holds_neither_window_nor_help_and_is_left_after_three_seconds(
    device: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    awake = threading.Event()
    vault = device.app.spaces.services(device.app.spaces.known()[0]).vault
    store = KeyringStore(Drawer(get=lambda: awake.wait(30)).find)
    monkeypatch.setattr(vault, "device", vault.device.__class__(
        store, device.clock, vault.device.opened, vault.device.unlock, vault.device.renew, vault.device.lock
    ))  # fmt: skip
    screen = screen_of(device)
    began = time.monotonic()
    button(screen, NAME).click()
    QTest.keyClick(device.app.window, Qt.Key.Key_F1)
    assert device.app.window.sheets.is_open, "help is there while the key store is asked"
    device.app.window.sheets.close()
    wait_until(lambda: device_reason("slow") in words(screen), 8000)
    assert time.monotonic() - began <= LIMIT_S + 1.0
    assert line(screen, "Passphrase").hasFocus()
    awake.set()
    device.unlock()


def test_lock_while_the_key_store_is_asked_leaves_it_locked(device: OpenApp) -> None:
    button(screen_of(device), NAME).click()
    device.app.shell.lock()
    device.app.worker.drain(5)
    settle(device)
    assert not device.app.shell.is_open


def test_what_the_key_store_lost_is_offered_to_be_renewed_once(device: OpenApp) -> None:
    device.key_store.held.clear()
    screen = screen_of(device)
    button(screen, NAME).click()
    wait_until(lambda: device_reason("gone") in words(screen))
    assert "Type your passphrase. Then you can turn this on again in Settings." in words(screen)
    device.unlock()
    toast = device.app.window.toasts.toast
    assert toast is not None
    assert toast.text() == "Opening without typing does not work on this computer now."
    button(toast, "Settings").click()
    page = device.app.window.findChild(SettingsPage)
    assert page.privacy.isVisible()
    lock(device)
    device.unlock()
    assert device.app.window.toasts.toast is None, "said once"


def test_after_two_weeks_the_passphrase_is_asked_and_then_the_button_is_back(device: OpenApp, clock: FakeClock) -> None:
    clock.move(days=15)
    screen = screen_of(device)
    button(screen, NAME).click()
    wait_until(lambda: one_line(PassphraseDue()) in words(screen))
    assert one_line(PassphraseDue()) == (
        "It has been two weeks. Type your passphrase once, so that you don't forget it."
    )
    assert not offers(screen)
    assert line(screen, "Passphrase").hasFocus()
    assert not device.app.shell.is_open
    device.unlock()
    screen = lock(device)
    assert "two weeks" not in words(screen)
    button(screen, NAME).click()
    wait_until(lambda: device.app.shell.is_open)


def test_it_follows_the_chosen_space(device: OpenApp) -> None:
    first = device.app.spaces.known()[0]
    device.make_space()
    screen = lock(device)
    assert not offers(screen)
    screen.space_chosen.emit(str(first))
    settle(device)
    assert offers(screen)
    other = next(path for path in device.app.spaces.known() if path != first)
    screen.space_chosen.emit(str(other))
    assert not offers(screen), "not even until the other one was looked at"
    settle(device)
    assert not offers(screen)


def test_a_key_file_that_cannot_be_read_offers_nothing(device: OpenApp) -> None:
    folder = device.app.spaces.known()[0]
    for name in ("keys.json", "keys.bak.json"):
        (folder / name).write_bytes(b"{")
    device.app.shell.closed.emit()
    settle(device)
    assert not offers(screen_of(device))


# --- the switch in Settings --------------------------------------------------


def privacy(opened: OpenApp) -> SettingsPage:
    opened.app.shell.go("settings")
    page = opened.app.window.findChild(SettingsPage)
    page.open_section("privacy")
    wait_until(lambda: page.privacy.proof.report is not None)
    return page


def type_and_turn_on(opened: OpenApp, typed: str) -> QWidget:
    sheet = opened.app.window.sheets.top
    field = line(sheet, "Passphrase")
    assert field.hasFocus()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    return sheet


def test_it_is_off_and_is_switched_on_with_the_passphrase_and_off_without(opened: OpenApp) -> None:
    switch = privacy(opened).privacy.device.switch
    assert not switch.isChecked()
    switch.click()
    assert not switch.isChecked(), "not before it is so"
    sheet = opened.app.window.sheets.top
    assert "Whoever gets into your account on this computer can then open your notes." in words(sheet)
    assert "If it starts without a password, so can whoever takes it." in words(sheet)
    type_and_turn_on(opened, "not the right one")
    wait_until(lambda: "That didn't open it." in words(sheet))
    assert opened.key_store.held == {}
    type_and_turn_on(opened, PASSPHRASE)
    wait_until(lambda: not opened.app.window.sheets.is_open)
    assert switch.isChecked()
    assert len(opened.key_store.held) == 1
    assert "Whoever gets into your account here can open your notes." in words(opened.app.window)
    screen = lock(opened)
    assert offers(screen)
    button(screen, NAME).click()
    wait_until(lambda: opened.app.shell.is_open)
    switch = privacy(opened).privacy.device.switch
    assert switch.isChecked()
    switch.click()
    wait_until(lambda: not switch.isChecked())
    assert opened.key_store.held == {}
    assert not offers(lock(opened))


@pytest.mark.parametrize("reason", ["none", "weak", "locked", "slow", "broken", "not-kept"])
def test_a_key_store_that_takes_nothing_leaves_it_off(opened: OpenApp, reason: str) -> None:
    switch = privacy(opened).privacy.device.switch
    opened.key_store.trouble = reason
    switch.click()
    sheet = type_and_turn_on(opened, PASSPHRASE)
    wait_until(lambda: device_reason(reason) in words(sheet))
    assert button(sheet, "Turn on").isEnabled()
    opened.app.window.sheets.close()
    assert not switch.isChecked()
    assert not offers(lock(opened))


def test_a_key_store_that_keeps_its_key_is_told_when_it_is_switched_off(opened: OpenApp) -> None:
    enable(opened)
    switch = privacy(opened).privacy.device.switch
    opened.key_store.trouble = "locked"
    switch.click()
    wait_until(lambda: not switch.isChecked())
    assert "It does not open your space any more." in opened.app.window.toasts.toast.text()


def test_on_a_shared_computer_it_is_off_and_says_why(opened: OpenApp) -> None:
    opened.app.settings.change(shared_computer=True)
    page = privacy(opened)
    wait_until(lambda: "Better left off: others use this computer" in words(page))
    page.privacy.device.switch.click()
    assert "You said that others use this computer." in words(opened.app.window.sheets.top)
    opened.app.window.sheets.close()


def test_the_search_of_the_settings_finds_it(opened: OpenApp) -> None:
    page = privacy(opened)
    assert page.privacy.device.switch in [item.control for _section, item in page.found("key store")]
    assert page.privacy.device.switch in [item.control for _section, item in page.found("without typing")]
