"""What the window does so that little of it is left behind: in memory after a lock, and in pictures of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from companion.ui.shell import capture

if TYPE_CHECKING:
    from companion.ui.shell.shell import Shell
    from companion.ui.tasks import Tasks

SOON_MS = 50


class Quiet(QObject):
    """Made once the threads are there; dialogs of the toolkit are windows of their own and are not kept out."""

    def __init__(self, shell: Shell, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._shell, self._tasks = shell, tasks
        self._is_kept_out = False
        shell.look_changed.connect(self.keep_out_of_pictures)
        shell.closed.connect(self.overwrite_memory)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.overwrite_own_cache)
        self.keep_out_of_pictures()

    def keep_out_of_pictures(self) -> None:
        """As the setting says, where this system has a way."""
        wanted, way = self._shell.settings.current.hide_from_capture, capture.capture_of()
        if way is not None and wanted != self._is_kept_out:
            self._is_kept_out = way.keep_out(int(self._shell.window.winId()), wanted) and wanted

    def overwrite_memory(self) -> None:
        """After the collector, which was connected before."""
        from companion.vault.scrub import overwrite_all

        self._tasks.in_background(self, overwrite_all, across_lock=True)

    def note_activity(self) -> None:
        """Someone did something, so words may have been freed; nothing is done while nobody does anything."""
        if self._shell.is_open and not self._soon.isActive():
            self._soon.start()

    def overwrite_own_cache(self) -> None:
        """Leave glibc's cache of this thread full of pieces that say nothing; takes less than a millisecond.

        A piece that is taken out of it by something that stays, a font's name say, would keep the end of a line of text
        after Lock, where nothing can reach it. And where the cache is full, what is freed goes where it is overwritten.
        """
        from companion.vault.scrub import overwrite_thread_cache

        overwrite_thread_cache()
