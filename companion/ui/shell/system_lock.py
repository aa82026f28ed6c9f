"""Tells when the computer is about to sleep or its session is locked, where the desktop says so.

Sources: org.freedesktop.login1 (PrepareForSleep, Session.Lock) on the system bus; ActiveChanged of
org.freedesktop.ScreenSaver, org.gnome.ScreenSaver, org.xfce.ScreenSaver, org.mate.ScreenSaver and
org.cinnamon.ScreenSaver on the session bus. Without a bus nothing is told, and the idle clock remains.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.xfce.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.cinnamon.ScreenSaver",
)

# Slots as the meta-object system spells them.
FLAG = "1on_flag(bool)"
LOCK = "1on_lock()"


class SystemLock(QObject):
    """`about_to_lock` is emitted for sleep and for a locked session."""

    about_to_lock = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sources: list[str] = []
        system = QDBusConnection.systemBus()
        if system.isConnected():
            self._join(system, "org.freedesktop.login1.Manager", "PrepareForSleep", FLAG)
            self._join(system, "org.freedesktop.login1.Session", "Lock", LOCK)
        session = QDBusConnection.sessionBus()
        if session.isConnected():
            for saver in _SAVERS:
                self._join(session, saver, "ActiveChanged", FLAG)

    def _join(self, bus: QDBusConnection, interface: str, name: str, slot: str) -> None:
        # Any sender and any path: desktops differ in both, and the signal can only make us lock.
        # The stubs ask for bytes; the binding takes a str.
        if bus.connect("", "", interface, name, self, slot):  # type: ignore[call-overload]
            self.sources.append(f"{interface}.{name}")

    @Slot(bool)
    def on_flag(self, active: bool) -> None:
        """Sleep begins or the screen saver went on; both also tell their end."""
        if active:
            self.about_to_lock.emit()

    @Slot()
    def on_lock(self) -> None:
        """The session manager asks everything to lock."""
        self.about_to_lock.emit()
