"""Figure: a key until its letter is painted while a draft is being saved, against the same with nothing going on."""

from __future__ import annotations

import statistics

from benchmarks.child import windows
from benchmarks.measure import Figure, Pairs

GOAL = 1.2
LONG_GOAL = 1.0
FRAME = 1 / 60  # seconds
_LIMIT = (
    "An autosave is Python too, on the vault thread, which takes turns with the window's thread; a key of about a"
    " millisecond feels a third of a millisecond of that, far inside a frame of 16.7."
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


def measure_long(entries: int, keys: int) -> Figure:
    """In a note of 50,000 words, which stays smooth as long as a key takes less than a frame, autosave or not."""
    with windows(entries, on_a_copy=True) as run:
        times = run.times("long-typing", keys)
    frames = Pairs(tuple(times["ours"]), (FRAME,) * len(times["ours"]))
    quiet = statistics.median(times["baseline"])
    return Figure(
        name="key press in 50,000 words, of a frame",
        goal=LONG_GOAL,
        pairs=frames,
        ours_is="key press to repainted window in 50,000 words of paragraphs, right after the autosave began",
        baseline_is="16.7 ms, one frame of a screen with 60 a second",
        parts=(
            ("the same key with no save going on", quiet / FRAME),
            ("hand-over of a save on the window's thread", statistics.median(times["hand_over"]) / FRAME),
            ("the slowest key", max(times["ours"]) / FRAME),
        ),
    )
