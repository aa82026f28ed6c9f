"""Figure: a key until its letter is painted while a draft is being saved, against the same with nothing going on."""

from __future__ import annotations

import statistics

from benchmarks.child import windows
from benchmarks.measure import Figure, Pairs

GOAL = 1.2
_LIMIT = (
    "A draft becomes JSON and a digest in Python on the vault thread, which takes turns with the window's thread, and"
    " the words about saving are laid out anew; a key of a few milliseconds feels both, far inside a frame of 16."
)


def measure(entries: int, pairs: int) -> Figure:
    """In a note of 5,000 words; the autosave is handed to the vault thread right before the key."""
    with windows(entries, on_a_copy=True) as run:
        times = run.times("typing", pairs)
    measured = Pairs(tuple(times["ours"]), tuple(times["baseline"]))
    hand_over = statistics.median(times["hand_over"])
    return Figure(
        name="key press to repaint during autosave",
        goal=GOAL,
        pairs=measured,
        ours_is="key press to repainted window in 5,000 words, right after the autosave began",
        baseline_is="the same key with no save going on",
        known_limit=_LIMIT,
        parts=(
            ("hand-over of a save on the window's thread, ms", hand_over * 1000),
            (
                "key pressed as the hand-over begins",
                (hand_over + statistics.median(measured.ours)) / statistics.median(measured.baseline),
            ),
        ),
    )
