"""`python -m campaigns --size small|gate|release [--only NAME] [--record]`: runs them, says what they found."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from campaigns import report
from campaigns.list import CAMPAIGNS
from campaigns.outcome import SIZES, Outcome, Size
from companion.core.clock import SystemClock
from companion.vault.process import harden_at_start


def outcomes(names: Sequence[str], size: Size, seed: int) -> Iterator[Outcome]:
    """One campaign after the other, each in a folder of its own."""
    clock = SystemClock()
    for name in names:
        with tempfile.TemporaryDirectory(prefix="campaign-") as place:
            started = clock.monotonic()
            outcome = CAMPAIGNS[name](size, seed, Path(place))
            yield replace(outcome, seconds=clock.monotonic() - started)


def main() -> int:
    """0 where every campaign that could run passed."""
    parser = argparse.ArgumentParser(prog="campaigns", description="Long campaigns against the real program.")
    parser.add_argument("--size", choices=SIZES, default="gate", help="small: seconds; gate: minutes; release: an hour")
    parser.add_argument("--only", choices=sorted(CAMPAIGNS), action="append", help="this one (again for more)")
    parser.add_argument("--seed", type=int, help="run what a former run ran; without it a new one is drawn and said")
    parser.add_argument("--record", action="store_true", help="also write docs/figures/campaigns.json")
    chosen = parser.parse_args()
    harden_at_start()
    seed = random.SystemRandom().randrange(1 << 32) if chosen.seed is None else chosen.seed
    found = []
    for outcome in outcomes(chosen.only or list(CAMPAIGNS), chosen.size, seed):
        found.append(outcome)
        sys.stdout.write(report.line(outcome) + "\n")
        sys.stdout.flush()
    report.write_result(found)
    if chosen.record:
        only = "".join(f" --only {name}" for name in chosen.only or ())
        report.write_record(found, f"python -m campaigns --size {chosen.size} --seed {seed}{only}", SystemClock())
    return 0 if all(outcome.met is not False for outcome in found) else 1


if __name__ == "__main__":
    sys.exit(main())
