"""The power goes at any moment: what a run wrote is logged once, and then cut off in thousands of places.

Of what was not yet flushed any part may survive (see `disk_model`). Each state is
put on the disk and judged as after a kill: what was acknowledged before the cut
is there. The runs are saving, and the whole life of a vault as in `kill_lifecycle`.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from campaigns import calls, disk_log, ground, judge, kill_lifecycle, kill_store
from campaigns.children import Child, say
from campaigns.disk_log import Act
from campaigns.disk_model import Disk
from campaigns.lifecycle import CASES
from campaigns.lifecycle.case import VAULT
from campaigns.outcome import Outcome, Size, Tally, in_turn, side_by_side
from companion.core.clock import SystemClock
from companion.journal.service import JournalService
from companion.vault.process import harden_at_start

NAME = "power_loss"
PASSES = "0 acknowledged changes lost, 0 corrupt; always one whole vault"
SAVING_RUNS = {"small": 1, "gate": 2, "release": 20}
SAVING_STATES = {"small": 12, "gate": 60, "release": 400}
STATES = {"small": 1, "gate": 10, "release": 200}
CHANGES_EACH = 25
Judge = Callable[[Path, list[str], str, Tally], object]
Cut = tuple[int, int, int]
Spread = Callable[[Callable[[Cut], object], list[Cut]], object]


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Save several times, live once through every case, and cut each off in many places."""
    tally = Tally(NAME, seed, PASSES, place)
    if not calls.can_inject():
        return tally.not_run("strace is missing or may not watch processes here")
    for number in range(SAVING_RUNS[size]):
        _saving(place / f"saving{number}", seed, number, SAVING_STATES[size], tally)

    def live(name: str) -> None:
        _living(place / name.replace(" ", "-"), seed, name, STATES[size], tally)

    side_by_side(live, [name for name, case in CASES.items() if not case.stands_alone])
    in_turn(live, [name for name, case in CASES.items() if case.stands_alone])
    return tally.outcome()


def _saving(place: Path, seed: int, number: int, states: int, tally: Tally) -> None:
    template = place / "template"
    template.mkdir(parents=True)
    ground.make_journal(template / VAULT, ground.chance(NAME, seed, number), 40)
    with ground.opened(template / VAULT) as (vault, journal):
        before = judge.state_of(vault, journal)

    def look(root: Path, said: list[str], where: str, tally: Tally) -> None:
        kill_store.look(root / VAULT, kill_store.possible(before, said), where, tally)

    log = logged(place, f"campaigns.{NAME}", f"{seed}.{number}")
    rnd = ground.chance(NAME, seed, f"cut {number}")
    cut_everywhere(place, log, states, rnd, f"saving {number}", look, tally, side_by_side)
    shutil.rmtree(place)


def _living(place: Path, seed: int, name: str, states: int, tally: Tally) -> None:
    template = place / "template"
    template.mkdir(parents=True)
    CASES[name].prepare(template, seed)
    with CASES[name].around():
        log = logged(place, f"campaigns.{kill_lifecycle.NAME}", name)
        spread = side_by_side if CASES[name].stands_alone else in_turn
        cut_everywhere(place, log, states, ground.chance(NAME, seed, name), name, judge_of(name), tally, spread)
    shutil.rmtree(place)


def judge_of(name: str) -> Judge:
    """How a state of this case is judged."""

    def look(root: Path, said: list[str], where: str, tally: Tally) -> None:
        kill_lifecycle.judge_round(name, root, where, kill_lifecycle.DONE in said, tally)

    return look


def logged(place: Path, module: str, what: str) -> list[Act]:
    """Run it once on a copy of the template; what it did there."""
    root, log = place / "run", place / "log"
    shutil.copytree(place / "template", root)
    with Child(module, what, str(root), wrap=disk_log.wrap(log)) as child:
        child.rest()
        if child.process.returncode:
            raise RuntimeError(f"{what} does not work at all: {child.complaint}")
    return disk_log.read(log, root)


def cut_everywhere(
    place: Path,
    log: list[Act],
    states: int,
    rnd: random.Random,
    name: str,
    look: Judge,
    tally: Tally,
    spread: Spread,
) -> None:
    """So many states, cut off at moments spread over the run."""
    cuts = [(number, rnd.randint(0, len(log)), rnd.getrandbits(64)) for number in range(states)]
    spread(lambda cut: _cut(place, log, *cut, name, look, tally), cuts)


def _cut(place: Path, log: list[Act], number: int, at: int, seed: int, name: str, look: Judge, tally: Tally) -> None:
    disk = Disk(place / "template", root=place / "run")
    disk.follow(log[:at])
    root = place / f"state{number}"
    disk.after_crash(random.Random(seed), root)
    said = [act.data.decode() for act in log[:at] if act.kind == "said"]
    tally.tried(acknowledged=sum(line.startswith("done") for line in said))
    tally.note(name.partition(" ")[0] if name.startswith("saving") else name)
    look(root, said, f"{name} cut at {at} of {len(log)}", tally)
    shutil.rmtree(root, ignore_errors=True)


def main(seed: str, root: Path) -> None:
    """In the child: some changes, each acknowledged."""
    harden_at_start()
    vault = ground.vault_at(root / VAULT)
    vault.unlock(ground.PASSPHRASE)
    journal = JournalService(vault, SystemClock())
    journal.after_unlock()
    writer = kill_store.Writer(vault, journal, random.Random(seed), lambda job: job())
    for number, (change, job) in zip(range(CHANGES_EACH), writer.changes(), strict=False):
        say("begin " + json.dumps(change))
        job()
        say(f"done {number}")
    vault.lock()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
