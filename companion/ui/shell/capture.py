"""Keeps the window out of pictures and recordings of the screen, where the system has a way to ask for it.

Windows and macOS have one; X11 has none, and with Wayland it is for the desktop to decide. It was written from the
systems' documentation and never run on Windows or macOS; the tests use stand-ins for their libraries.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Protocol

# Windows <winuser.h>; the second came with Windows 10 2004, the first turns the window black.
_WDA_NONE, _WDA_MONITOR, _WDA_EXCLUDE = 0x0, 0x1, 0x11
# macOS NSWindowSharingType.
_SHARING_NONE, _SHARING_READ_ONLY = 0, 1


class Capture(Protocol):
    """A system's way to keep a window out of pictures."""

    def keep_out(self, window: int, wanted: bool) -> bool:
        """Ask for it or take it back, for the window of this system id; whether the system agreed."""


class WindowsCapture:
    """SetWindowDisplayAffinity."""

    def __init__(self, user32: Any) -> None:
        self._user32 = user32

    def keep_out(self, window: int, wanted: bool) -> bool:
        """On a Windows that does not know the newer way the older one is used."""
        ways = (_WDA_EXCLUDE, _WDA_MONITOR) if wanted else (_WDA_NONE,)
        return any(self._user32.SetWindowDisplayAffinity(ctypes.c_void_p(window), ctypes.c_uint32(way)) for way in ways)


class MacCapture:
    """NSWindow.sharingType, through the Objective-C library."""

    def __init__(self, objc: Any) -> None:
        self._objc = objc
        objc.sel_registerName.restype = ctypes.c_void_p
        objc.sel_registerName.argtypes = [ctypes.c_char_p]

    def keep_out(self, window: int, wanted: bool) -> bool:
        """Qt's id of a window is its view; the view knows its window."""
        found = self._send(ctypes.c_void_p, window, b"window")
        if not found:
            return False
        self._send(None, found, b"setSharingType:", _SHARING_NONE if wanted else _SHARING_READ_ONLY)
        return True

    def _send(self, result: Any, receiver: int, name: bytes, *numbers: int) -> Any:
        kinds = [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_ulong for _ in numbers]]
        # A prototype for each call: the function has none of its own.
        call = ctypes.CFUNCTYPE(result, *kinds)(("objc_msgSend", self._objc))
        return call(receiver, self._objc.sel_registerName(name), *numbers)


def capture_of(system: str = sys.platform) -> Capture | None:
    """This system's way; None where it has none."""
    try:
        if system == "win32":
            return WindowsCapture(getattr(ctypes, "windll").user32)  # noqa: B009 - the stubs know it on Windows only
        if system == "darwin":
            ctypes.CDLL("/System/Library/Frameworks/AppKit.framework/AppKit")
            return MacCapture(ctypes.CDLL("/usr/lib/libobjc.dylib"))
    except (OSError, AttributeError):
        return None
    return None
