"""Checks that need Qt, for `companion doctor`: a process of their own, because a broken display ends the process.

Run as `python -m companion.ui.probe NAME…`; prints one JSON line for each name: `{name, ok, detail}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from companion.core.i18n import _
from companion.core.paths import assets
from companion.ui.fonts import ATKINSON, FRAUNCES, LEXEND, LITERATA, Fonts
from companion.ui.icons import Icons
from companion.ui.theme import Theme

Answer = tuple[bool | None, str]
_SHOWN_ALWAYS = ("siren", "phone", "lock", "eye", "check", "x")
_NOTIFICATIONS = "org.freedesktop.Notifications"


def screen(application: QApplication) -> Answer:
    """Whether a window can open, and how large the screen is."""
    first = application.primaryScreen()
    if first is None:
        return False, _("The window system shows no screen.")
    size, name = first.size(), application.platformName()
    return True, _("{width} x {height}, {system}.").format(width=size.width(), height=size.height(), system=name)


def tray(_application: QApplication) -> Answer:
    """Whether there is a place for an icon beside the clock."""
    if QSystemTrayIcon.isSystemTrayAvailable():
        return True, _("There is a place beside the clock.")
    return False, _("This desktop has no place beside the clock. Everything else works.")


def fonts(_application: QApplication) -> Answer:
    """Whether the app's own faces can be drawn."""
    faces = Fonts()
    wanted = (ATKINSON, FRAUNCES, LITERATA, LEXEND)
    missing = [family for family in wanted if faces.family(family) != family]
    if missing:
        return False, _("Missing: {names}. The system's font stands in.").format(names=", ".join(missing))
    return True, ", ".join(wanted) + "."


def icons(application: QApplication) -> Answer:
    """Whether the icon package is there."""
    pictures = Icons(Theme(application, assets()))
    if all(pictures.has(name) for name in _SHOWN_ALWAYS):
        return True, _("The icons are here.")
    return False, _("Icons are missing. Words stand in.")


def notifications(_application: QApplication) -> Answer:
    """Whether somebody would show a notification; none is shown."""
    if sys.platform != "linux":
        return None, _("Not checked on this system.")
    if not _has_session_bus():
        return False, _("This session has no message bus, so no notification can be shown.")
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    interface = bus.interface() if bus.isConnected() else None
    if interface is None:
        return False, _("The message bus of this session does not answer.")
    if interface.isServiceRegistered(_NOTIFICATIONS).value():
        return True, _("This desktop shows notifications.")
    if _NOTIFICATIONS in interface.activatableServiceNames().value():
        return True, _("This desktop starts its notifications when one is sent.")
    return False, _("Nothing on this desktop shows notifications. Everything else works.")


def _has_session_bus() -> bool:
    # Asking without one can start a bus of its own, and that would stay.
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(folder and (Path(folder) / "bus").exists())


CHECKS: dict[str, Callable[[QApplication], Answer]] = {
    "screen": screen,
    "tray": tray,
    "fonts": fonts,
    "icons": icons,
    "notifications": notifications,
}


def main(names: list[str]) -> int:
    """Answer each check as soon as it is known, so that one that hangs does not take the others along."""
    application = QApplication(["companion"])
    for name in names:
        ok, detail = CHECKS[name](application)
        sys.stdout.write(json.dumps({"name": name, "ok": ok, "detail": detail}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
