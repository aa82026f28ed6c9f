"""Figure: from the start of the process to the painted lock screen, against an empty PySide6 window."""

from __future__ import annotations

from benchmarks.child import windows
from benchmarks.measure import Figure, interleave

GOAL = 1.25


def measure(entries: int, pairs: int) -> Figure:
    """Whole processes, one after the other."""
    with windows(entries) as run:
        measured = interleave(lambda _: run.first_paint("lock-screen"), lambda _: run.first_paint("empty"), pairs)
        named = interleave(lambda _: run.first_paint("named"), lambda _: run.first_paint("empty"), pairs)
    return Figure(
        name="start to painted lock screen",
        goal=GOAL,
        pairs=measured,
        ours_is="`companion`, from the start of the process to the end of the first paint of the lock screen",
        baseline_is="an empty QMainWindow of the same size, same Python and PySide6, same screen plugin",
        known_limit=(
            "PySide6 makes its classes and enums when they are first named: an empty window that named those of a form"
            f" takes {named.ratio:.2f} by itself; the rest is loading Companion's own modules and building the screen."
        ),
        parts=(("an empty window in a process that named the Qt classes of a form", named.ratio),),
    )
