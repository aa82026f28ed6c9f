"""Makes the frame of a space, if possible while its key is still being derived on the vault thread.

The pages hold no word of the person before they ask the open vault for one, so a
frame that was made too early is only an empty frame; it waits for the next try.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from companion.ui.shell.frame import Frame

if TYPE_CHECKING:
    from companion.ui.shell.main_window import MainWindow
    from companion.ui.shell.space import Space

AFTER_MS = 20  # the words "Opening your space" are painted first


class FrameMaker(QObject):
    """Holds at most one frame that is not shown yet."""

    def __init__(self, window: MainWindow, make: Callable[[Space], Frame], space_of: Callable[[Path], Space]) -> None:
        super().__init__(window)
        self._window = window
        self._make = make
        self._space_of = space_of
        self._folder: Path | None = None
        self._ready: tuple[Space, Frame] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self._on_time)

    def begin(self, folder: Path | None) -> None:
        """This space is about to be opened."""
        self._folder = folder
        self._timer.start()

    def take(self, space: Space) -> Frame:
        """The frame for this space, made before or now."""
        self._timer.stop()
        ready, self._ready = self._ready, None
        if ready is not None and ready[0] is space:
            return ready[1]
        if ready is not None:
            self._window.drop_screen(ready[1])
        return self._make(space)

    def drop(self) -> None:
        """Another space was chosen, or the look of the app changed its name."""
        self._timer.stop()
        ready, self._ready = self._ready, None
        if ready is not None:
            self._window.drop_screen(ready[1])

    def _on_time(self) -> None:
        if self._folder is None or self._ready is not None:
            return
        space = self._space_of(self._folder)
        frame = self._make(space)
        self._window.add_screen(frame)
        # Painted once, unseen: then styles, layouts and pictures are there when the vault is open.
        frame.resize(self._window.size())
        frame.grab()
        self._ready = (space, frame)
