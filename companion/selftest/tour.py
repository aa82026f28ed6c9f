"""Goes through states one after the other, on as few stages as their marks allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from companion.selftest.measure import where
from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.still_clock import StillClock
from companion.selftest.worlds import PASSPHRASE, Worlds
from companion.ui.shell.main_window import MainWindow

WIDE, SMALL = QSize(1280, 860), QSize(800, 600)
_NARROW = 1000  # px at 100 % text, below which the side panel gives way to Menu


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, text size and window size."""

    palette: str = "light"
    scale: float = 1.0
    size: QSize = WIDE

    @property
    def percent(self) -> int:
        """The text size in words."""
        return round(self.scale * 100)

    @property
    def is_compact(self) -> bool:
        """Whether the side panel gives way to Menu."""
        return self.scale >= 1.5 or self.size.width() < _NARROW

    @property
    def name(self) -> str:
        """Good for a file name."""
        place = "" if self.size == WIDE else f"-{self.size.width()}x{self.size.height()}"
        return f"{self.palette}-{self.percent}{place}"


class Tour:
    """Opens stages, reaches states, closes stages."""

    def __init__(self, qt: QApplication, worlds: Worlds) -> None:
        self._qt, self._worlds = qt, worlds
        self._watch = _WindowWatch(qt)
        qt.installEventFilter(self._watch)
        qt.setCursorFlashTime(0)

    @property
    def strays(self) -> list[str]:
        """Windows that showed beside the one window, if only for a moment; the file dialog is meant."""
        return self._watch.strays

    def visit(self, states: Iterable[State], look: Look) -> Iterator[tuple[State, Stage]]:
        """Each state in this look, while it is on the screen; states with the same start follow on each other."""
        for _start, group in groupby(self.plan(states, look), key=_order):
            yield from self._visit_together(list(group), look)

    def plan(self, states: Iterable[State], look: Look) -> list[State]:
        """The states that there are in this look, in the order in which `visit` comes to them."""
        return sorted((state for state in states if look.is_compact or not state.compact), key=_order)

    def _visit_together(self, states: list[State], look: Look) -> Iterator[tuple[State, Stage]]:
        stage: Stage | None = None
        try:
            for state in states:
                stage = stage or self.open(state, look)
                yield self._reach(state, stage), stage
                if state.alone:
                    _close(stage)
                    stage = None
        finally:
            if stage is not None:
                _close(stage)

    def open(self, state: State, look: Look) -> Stage:
        """A stage from which this state can be reached."""
        data = self._worlds.copy(
            state.world,
            first_run_done=state.first_run_done,
            country=state.country,
            palette=look.palette,
            text_scale=look.scale,
        )
        clock = StillClock() if state.has_zone else StillClock(zone="")
        return Stage(self._qt, data, clock, cost=self._worlds.cost, size=look.size, key_store=self._worlds.key_store)

    def _reach(self, state: State, stage: Stage) -> State:
        stage.home(PASSPHRASE if state.opened else "")
        state.reach(stage)
        stage.settle()
        return state


class _WindowWatch(QObject):
    """Sees what is shown before it has a parent: on a desktop that flashes as a window of its own."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.strays: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note every window but the one and Qt's file dialog."""
        if event.type() != QEvent.Type.Show or not isinstance(watched, QWidget) or not watched.isWindow():
            return False
        if not isinstance(watched, MainWindow | QFileDialog):
            self.strays.append(where(watched))
        return False


def _order(state: State) -> tuple[object, ...]:
    return (*state.start, state.alone)


def _close(stage: Stage) -> None:
    stage.close()
    if stage.faults:
        raise stage.faults[0]
