"""Collects garbage on the window's thread only.

Python may run its cycle collector on any thread that allocates. A widget that
dies in such a run dies on the wrong thread, and the process with it (seen: a
segmentation fault after Lock). So the automatic runs are off while a window
exists, and a timer does them here.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class Collector(QObject):
    """On from the moment it is made until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        # What is there by now stays for good; later runs need not look through it.
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def collect_all(self) -> None:
        """Everything that is not used, now; after Lock, so that no word stays in a dead widget or where one was."""
        from companion.vault.scrub import overwrite_thread_cache

        gc.collect()
        overwrite_thread_cache()

    def stop(self) -> None:
        """Back to Python's own way."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
