"""Figure: from Open to the timeline on the screen, against the key derivation alone."""

from __future__ import annotations

from benchmarks.child import windows
from benchmarks.measure import Figure, Pairs

GOAL = 1.15


def measure(entries: int, pairs: int) -> Figure:
    """One window that is locked and unlocked; the derivation has the same cost and runs in the same process."""
    with windows(entries) as run:
        times = run.times("unlock", pairs)
    return Figure(
        name=f"unlock to timeline, {entries:,} entries",
        goal=GOAL,
        pairs=Pairs(tuple(times["ours"]), tuple(times["baseline"])),
        ours_is="from Open, with the passphrase in the field, to the end of the paint of the first 50 entries",
        baseline_is="Argon2id with the cost of the vault's slot (256 MiB, 3 passes, 4 lanes)",
    )
