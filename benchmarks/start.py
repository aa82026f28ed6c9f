"""Figure: from the start of the process to the painted lock screen, against an empty PySide6 window."""

from __future__ import annotations

from benchmarks.child import windows
from benchmarks.measure import Figure, interleave

GOAL = 1.25


def measure(entries: int, pairs: int) -> Figure:
    """Whole processes, one after the other."""
    with windows(entries) as run:
        measured = interleave(lambda _: run.first_paint("lock-screen"), lambda _: run.first_paint("empty"), pairs)
    return Figure(
        name="start to painted lock screen",
        goal=GOAL,
        pairs=measured,
        ours_is="`companion`, from the start of the process to the end of the first paint of the lock screen",
        baseline_is="an empty QMainWindow of the same size, same Python and PySide6, same screen plugin",
    )
