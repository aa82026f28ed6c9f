"""One window for each data folder: a second start raises the first and ends."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from companion.core.errors import StorageTrouble
from companion.core.files import private_folder, write_atomic
from companion.core.paths import Paths


class RaiseWatch(QObject):
    """Tells when another start asked this window to come forward: "window" or "help-now"."""

    asked = Signal(str)

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._watcher = QFileSystemWatcher(self)
        with suppress(StorageTrouble):  # where nothing can be written, no other start can ask either
            self._watcher.addPath(str(private_folder(paths.data)))
        self._watcher.directoryChanged.connect(self._on_directory_changed)

    def _on_directory_changed(self, _folder: str) -> None:
        try:
            wish = self._paths.raise_request.read_text(encoding="utf-8").strip()
            self._paths.raise_request.unlink()
        except OSError:
            return
        self.asked.emit("help-now" if wish == "help-now" else "window")


def ask_to_raise(paths: Paths, wish: str) -> None:
    """Ask the window that is already open to come forward."""
    write_atomic(paths.raise_request, wish.encode())
