"""`python -m benchmarks [--quick] [--record]`: every figure, the table, and build/bench.json."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import report
from benchmarks.measure import Figure
from companion.core.clock import SystemClock
from companion.vault.process import harden_at_start


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: entries in the big and the small journal, pairs of each kind of figure."""

    big: int
    small: int
    starts: int
    unlocks: int
    pages: int
    searches: int  # for each kind of search
    saves: int
    keys: int


FULL = Size(big=100_000, small=1_000, starts=15, unlocks=11, pages=11, searches=15, saves=60, keys=200)
QUICK = Size(big=10_000, small=1_000, starts=4, unlocks=3, pages=3, searches=5, saves=25, keys=60)


def figures(size: Size, clock: SystemClock) -> Iterator[Figure]:
    """All figures, one after the other."""
    from benchmarks import keypress, save, search, start, timeline, unlock

    steps: list[tuple[str, Callable[[], Figure]]] = [
        ("start", lambda: start.measure(size.small, size.starts)),
        ("unlock, small", lambda: unlock.measure(size.small, size.unlocks)),
        ("unlock, big", lambda: unlock.measure(size.big, size.unlocks)),
        ("search", lambda: search.measure(size.big, size.searches)),
        ("timeline", lambda: timeline.measure(size.big, size.pages)),
        ("save", lambda: save.measure(min(size.big, 10_000), size.saves)),
        ("key press", lambda: keypress.measure(size.small, size.keys)),
        ("key press in a long note", lambda: keypress.measure_long(size.small, size.keys // 4)),
    ]
    for name, measure in steps:
        started = clock.monotonic()
        figure = measure()
        _say(f"  {name}: {clock.monotonic() - started:.0f} s")
        yield figure


def main() -> int:
    """Measure, print, write; 0 whether or not the goals are met: the report says which are not, and why."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Figures against baselines of the same run.")
    parser.add_argument("--quick", action="store_true", help="10,000 entries instead of 100,000, fewer pairs")
    parser.add_argument("--record", action="store_true", help="also write docs/figures/bench.json")
    chosen = parser.parse_args()
    harden_at_start()  # as the product does: freed memory is overwritten, which costs both sides
    clock = SystemClock()
    found = list(figures(QUICK if chosen.quick else FULL, clock))
    report.write_result(found)
    if chosen.record:
        command = "make bench" + (" QUICK=1" if chosen.quick else "") + " RECORD=1"
        report.write_record(found, command, clock)
    sys.stdout.write(report.table(found) + "\n")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
