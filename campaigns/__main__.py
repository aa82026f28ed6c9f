"""`python -m campaigns --size small|gate|release [--only NAME] [--record]`: runs them, says what they found."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.report import write_json
from campaigns import report
from campaigns.list import CAMPAIGNS
from campaigns.outcome import SIZES, Outcome, Size
from campaigns.report import Run
from companion.core.clock import SystemClock
from companion.vault.process import harden_at_start


def outcomes(names: Sequence[str], size: Size, seed: int, kept: Path = report.KEPT) -> Iterator[Outcome]:
    """One campaign after the other, each in a folder of its own; of one that failed the folder is kept."""
    clock = SystemClock()
    for number, name in enumerate(names, 1):
        _tell(f"{number} of {len(names)}: {name} ({size}, seed {seed})")
        with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
            place = Path(folder) / "place"
            place.mkdir()
            started = clock.monotonic()
            try:
                outcome = CAMPAIGNS[name](size, seed, place)
            except BaseException:
                _keep(place, kept / f"{name}-{size}-{seed}", {"command": report.again(name, size, seed)})
                raise
            outcome = replace(outcome, seconds=clock.monotonic() - started)
            if outcome.met is False:
                target = kept / f"{name}-{size}-{seed}"
                _keep(place, target, outcome.to_plain() | {"command": report.again(name, size, seed)})
            yield outcome


def _keep(place: Path, target: Path, facts: dict[str, object]) -> None:
    """What is needed to look at a failure and to repeat it."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(place, target, symlinks=True, ignore_dangling_symlinks=True)
    write_json(target / "failure.json", facts)
    _tell(f"  kept in {target.relative_to(report.ROOT) if target.is_relative_to(report.ROOT) else target}")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="campaigns", description="Long campaigns against the real program.")
    parser.add_argument("--size", choices=SIZES, default="gate", help="small: seconds; gate: minutes; release: an hour")
    parser.add_argument("--only", choices=sorted(CAMPAIGNS), action="append", help="this one (again for more)")
    parser.add_argument("--seed", type=int, help="run what a former run ran; without it a new one is drawn and said")
    parser.add_argument("--record", action="store_true", help="also put them into the figures in docs/figures")
    chosen = parser.parse_args()
    if chosen.record and chosen.size not in report.RECORDS:
        parser.error("the small size is not recorded")
    if chosen.record and (changed := report.unrecorded_changes()):
        parser.error(f"there is something that no commit holds, so nothing is recorded: {', '.join(changed[:5])}")
    return chosen


def main() -> int:
    """0 where every campaign that could run passed."""
    chosen = _asked()
    harden_at_start()
    seed = random.SystemRandom().randrange(1 << 32) if chosen.seed is None else chosen.seed
    names = [name for name in CAMPAIGNS if not chosen.only or name in chosen.only]
    run = Run.now(chosen.size, seed, SystemClock())
    found: list[Outcome] = []
    for outcome in outcomes(names, chosen.size, seed):
        found.append(outcome)
        sys.stdout.write(report.line(outcome) + "\n")
        sys.stdout.flush()
        report.write_result(found, run)
        if chosen.record:
            report.write_record([outcome], run, list(CAMPAIGNS), report.RECORDS[chosen.size])
    return 0 if all(outcome.met is not False for outcome in found) else 1


if __name__ == "__main__":
    sys.exit(main())
