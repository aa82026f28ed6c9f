"""Keeping the window out of pictures of the screen, against stand-ins for the systems' libraries."""

from __future__ import annotations

import ctypes
import sys

import pytest
from PySide6.QtWidgets import QLabel

from companion.ui.shell import capture
from companion.ui.shell.capture import MacCapture, WindowsCapture, capture_of
from tests.ui.app_kit import OpenApp, wait_until


class User32:
    """Knows which ways this Windows has."""

    def __init__(self, *known: int) -> None:
        self.known, self.asked = known, []

    def SetWindowDisplayAffinity(self, window: ctypes.c_void_p, way: ctypes.c_uint32) -> int:
        self.asked.append((window.value, way.value))
        return int(way.value in self.known)


def test_windows_asks_for_the_newer_way_and_takes_the_older_one() -> None:
    new, old, none = User32(0, 1, 0x11), User32(0, 1), User32()
    assert WindowsCapture(new).keep_out(77, True)
    assert new.asked == [(77, 0x11)]
    assert WindowsCapture(old).keep_out(77, True)
    assert old.asked == [(77, 0x11), (77, 1)]
    assert WindowsCapture(old).keep_out(77, False)
    assert old.asked[-1] == (77, 0)
    assert not WindowsCapture(none).keep_out(77, True)


class Objc:
    """Answers messages as the views and windows of a Mac would."""

    class _Names:
        def __call__(self, name: bytes) -> bytes:
            return name

    def __init__(self) -> None:
        self.sel_registerName = self._Names()
        self.sent: list[tuple] = []


def test_macos_tells_the_window_of_the_view(monkeypatch: pytest.MonkeyPatch) -> None:
    objc = Objc()

    def send(self: MacCapture, _result: object, receiver: int, name: bytes, *numbers: int) -> int | None:
        objc.sent.append((receiver, name, *numbers))
        return {1: 2}.get(receiver) if name == b"window" else None

    monkeypatch.setattr(MacCapture, "_send", send)
    assert MacCapture(objc).keep_out(1, True)
    assert MacCapture(objc).keep_out(1, False)
    assert [message for message in objc.sent if message[1] != b"window"] == [
        (2, b"setSharingType:", 0),
        (2, b"setSharingType:", 1),
    ]
    assert not MacCapture(objc).keep_out(9, True)


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux has")
def test_linux_has_no_way_and_settings_say_so(opened: OpenApp) -> None:
    assert capture_of() is None
    assert capture_of("darwin") is None  # its libraries are not here
    assert capture_of("win32") is None
    opened.app.shell.go("settings", "privacy")
    words = [label.text() for label in opened.app.window.findChildren(QLabel)]
    assert "Not here" in words
    assert any(text.startswith("This system has no way to do that.") for text in words)


def test_where_there_is_a_way_the_switch_asks_for_it_at_once(opened: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    system = User32(0, 0x11)
    wait_until(lambda: hasattr(opened.app, "quiet_moment"))
    monkeypatch.setattr(capture, "capture_of", lambda: WindowsCapture(system))
    window = int(opened.app.window.winId())
    opened.app.shell.change_look(hide_from_capture=True)
    assert system.asked == [(window, 0x11)]
    opened.app.shell.change_look(pictures=False)
    assert len(system.asked) == 1
    opened.app.shell.change_look(hide_from_capture=False)
    assert system.asked[-1] == (window, 0)
