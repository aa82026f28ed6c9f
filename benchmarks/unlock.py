"""Figure: from Open to the timeline on the screen, against the key derivation alone."""

from __future__ import annotations

import statistics

from benchmarks.child import windows
from benchmarks.measure import Figure, Pairs

GOAL = 1.15


def measure(entries: int, pairs: int) -> Figure:
    """One window that is locked and unlocked; the derivation has the same cost and runs in the same process."""
    with windows(entries, on_a_copy=True) as run:
        times = run.times("unlock", pairs)
    measured = Pairs(tuple(times["ours"]), tuple(times["baseline"]))
    to_open = statistics.median(times["vault_open"]) / statistics.median(measured.baseline)
    window = statistics.median(times["window"]) * 1000
    return Figure(
        name=f"unlock to timeline, {entries:,} entries",
        goal=GOAL,
        pairs=measured,
        ours_is="from Open, with the passphrase in the field, to the end of the paint of the first 50 entries",
        baseline_is="Argon2id with the cost of the vault's slot (256 MiB, 3 passes, 4 lanes)",
        known_limit=(
            f"The vault is open after {to_open:.2f} of the derivation; the other {window:.0f} ms are the window making"
            " its places and painting the list, on its own thread, after the vault said yes."
        ),
        parts=(("until the vault is open and tidied", to_open), ("the window after that, ms", window)),
    )
