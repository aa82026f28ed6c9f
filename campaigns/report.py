"""What a run leaves behind: lines to read, a list for machines, and a record with its circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import circumstances, write_json
from campaigns.children import ROOT
from campaigns.outcome import Outcome
from companion.core.clock import Clock

RESULT = ROOT / "build" / "campaigns.json"
RECORD = ROOT / "docs" / "figures" / "campaigns.json"


def write_result(outcomes: Sequence[Outcome], path: Path = RESULT) -> None:
    """The bare list."""
    write_json(path, [outcome.to_plain() for outcome in outcomes])


def write_record(outcomes: Sequence[Outcome], command: str, clock: Clock, path: Path = RECORD) -> None:
    """The list with the commit, the day, the machine and the command it came from."""
    write_json(path, circumstances(command, clock) | {"campaigns": [outcome.to_plain() for outcome in outcomes]})


def line(outcome: Outcome) -> str:
    """One campaign in one line, and a line for each thing it found."""
    if outcome.met is None:
        return f"not run  {outcome.name}: {outcome.not_run}"
    verdict = "met     " if outcome.met else "NOT MET "
    head = (
        f"{verdict} {outcome.name}: {outcome.n} tried, {outcome.lost} lost, {outcome.faults} faults,"
        f" {outcome.seconds:.0f} s, seed {outcome.seed}"
    )
    return "\n".join([head, *(f"           {found}" for found in outcome.found)])
