"""What a run leaves behind: lines to read, a list for machines, and a record to which each run adds its campaigns.

`build/campaigns.json` is the bare list of the last run: {name, rounds, failures,
seed, seconds, …}. A record (docs/figures/campaigns.json, and campaigns-release.json
beside it for the release size) is {commit, date, machine, command, campaigns}. The
release size takes over an hour and may be run in parts: a run replaces only its own
campaigns, and each of them says which commit, day, seed and command it came from.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import circumstances, write_json
from campaigns.children import ROOT
from campaigns.outcome import Outcome, Size
from companion.core.clock import Clock

RESULT = ROOT / "build" / "campaigns.json"
KEPT = ROOT / "build" / "campaigns"
FIGURES = ROOT / "docs" / "figures"
RECORDS: Mapping[Size, Path] = {
    "gate": FIGURES / "campaigns.json",
    "release": FIGURES / "campaigns-release.json",
}
# What a recording itself writes, and what is built from it.
_WRITTEN_HERE = (":!docs/figures", ":!SECURITY.md")


@dataclass(frozen=True, slots=True)
class Run:
    """The circumstances of one run; `circumstances` as in every record."""

    size: Size
    seed: int
    circumstances: Mapping[str, Any]

    @classmethod
    def now(cls, size: Size, seed: int, clock: Clock) -> Run:
        """A run that begins here and now."""
        found = circumstances(f"make campaigns SIZE={size} RECORD=1", clock)
        return cls(size, seed, found | {"commit": found["commit"].rstrip("+")})

    def plain(self, outcome: Outcome) -> dict[str, Any]:
        """A campaign's entry, with what is needed to run it again."""
        return outcome.to_plain() | {
            "size": self.size,
            "commit": self.circumstances["commit"],
            "date": self.circumstances["date"],
            "command": again(outcome.name, self.size, outcome.seed),
        }


def again(name: str, size: Size, seed: int) -> str:
    """The command that runs one campaign just so."""
    return f"python -m campaigns --only {name} --size {size} --seed {seed}"


def unrecorded_changes() -> list[str]:
    """Files that differ from the commit, for which figures could not say what they measured."""
    words = ["git", "status", "--porcelain", "--untracked-files=normal", "--", ".", *_WRITTEN_HERE]
    try:
        found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ["git does not say"]
    return [line[3:] for line in found.splitlines()]


def write_result(outcomes: Sequence[Outcome], run: Run, path: Path = RESULT) -> None:
    """The bare list."""
    write_json(path, [run.plain(outcome) for outcome in outcomes])


def write_record(outcomes: Sequence[Outcome], run: Run, order: Sequence[str], path: Path) -> None:
    """Put these campaigns into the record in the order given; what other runs recorded stays."""
    entries = recorded(path) | {outcome.name: run.plain(outcome) for outcome in outcomes}
    known = [entries[name] for name in order if name in entries]
    write_json(path, {**run.circumstances, "campaigns": known})


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """The entries of a record by name; nothing where there is none yet."""
    if not path.exists():
        return {}
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["campaigns"]
    return {entry["name"]: entry for entry in entries}


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
