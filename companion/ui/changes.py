"""One signal through which every view learns that something was written."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Changes(QObject):
    """Emits `changed(Changed)` after a write is on the disk; views look again at what they show."""

    changed = Signal(object)
