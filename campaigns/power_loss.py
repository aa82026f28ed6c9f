"""The power goes at any moment: what a run wrote is logged once, and then cut off in thousands of places.

Of what was not yet flushed any part may survive (see `disk_model`). Each state is
put on the disk and judged as after a kill: what was acknowledged before the cut
is there. The runs are saving, and the whole life of a vault as in `kill_lifecycle`.
"""

from __future__ import annotations

import json
import pickle
import random
import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from campaigns import calls, disk_log, ground, judge, kill_lifecycle, kill_store
from campaigns.children import Child, say
from campaigns.disk_log import Act
from campaigns.disk_model import Disk
from campaigns.judge import State
from campaigns.lifecycle import CASES
from campaigns.lifecycle.case import VAULT
from campaigns.outcome import WORKERS, Outcome, Size, Tally, side_by_side
from companion.core.clock import SystemClock
from companion.journal.service import JournalService
from companion.vault.process import harden_at_start

NAME = "power_loss"
PASSES = "0 acknowledged changes lost, 0 corrupt; always one whole vault"
SAVING_RUNS = {"small": 1, "gate": 2, "release": 20}
SAVING_STATES = {"small": 12, "gate": 120, "release": 500}
# Of the life of a vault: so many in all, the same number from every case.
STATES = {"small": 1, "gate": 260, "release": 10_000}
TOLD_EVERY = 20
CHANGES_EACH = 25
Judge = Callable[[Path, list[str], str, Tally], object]
Cut = tuple[int, int, int]
TRACE, JUDGE = "trace.pickle", "judge"


@dataclass(frozen=True, slots=True)
class Trace:
    """One run that was logged, and where it is cut off; `before` is what the vault held, where the run only saves."""

    name: str
    log: list[Act]
    cuts: list[Cut]
    before: State | None = None

    def judge(self) -> Judge:
        """How a state of this run is judged."""
        return judge_of(self.name) if self.before is None else _judge_of_saving(self.before)


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Save several times, live once through every case, and cut each off in many places."""
    tally = Tally(NAME, seed, PASSES, place)
    if not calls.can_inject():
        return tally.not_run("strace is missing or may not watch processes here")
    for number in range(SAVING_RUNS[size]):
        _tried(place / f"saving{number}", lambda at, number=number: _saving(at, seed, number, size), tally)
    for name in CASES:
        _tried(place / name.replace(" ", "-"), lambda at, name=name: _living(at, seed, name, size), tally)
    return tally.outcome(traces=SAVING_RUNS[size] + len(CASES))


def _tried(place: Path, make: Callable[[Path], Trace], tally: Tally) -> None:
    (place / "template").mkdir(parents=True)
    trace = make(place)
    if len(trace.cuts) < TOLD_EVERY:
        with around(trace.name):
            cut_everywhere(place, trace, trace.judge(), tally)
    else:
        (place / TRACE).write_bytes(pickle.dumps(trace))
        side_by_side(lambda first: _in_a_process(place, first, tally), range(WORKERS))
    shutil.rmtree(place)


def _in_a_process(place: Path, first: int, tally: Tally) -> None:
    """Every WORKERS-th cut from the first on: judging takes the interpreter for itself."""
    with Child(f"campaigns.{NAME}", JUDGE, str(place), str(first)) as child:
        for line in child.rest():
            tally.add_plain(json.loads(line))
        if child.process.returncode:
            raise RuntimeError(f"judging ended: {child.complaint}")


def around(name: str) -> AbstractContextManager[object]:
    """What holds while a case is logged and judged."""
    return CASES[name].around() if name in CASES else nullcontext()


def _saving(place: Path, seed: int, number: int, size: Size) -> Trace:
    ground.make_journal(place / "template" / VAULT, ground.chance(NAME, seed, number), 40)
    with ground.opened(place / "template" / VAULT) as (vault, journal):
        before = judge.state_of(vault, journal)
    log = logged(place, f"campaigns.{NAME}", f"{seed}.{number}")
    rnd = ground.chance(NAME, seed, f"cut {number}")
    return Trace(f"saving {number}", log, cuts_of(log, SAVING_STATES[size], rnd), before)


def _living(place: Path, seed: int, name: str, size: Size) -> Trace:
    CASES[name].prepare(place / "template", seed)
    with CASES[name].around():
        log = logged(place, f"campaigns.{kill_lifecycle.NAME}", name)
    states = -(-STATES[size] // len(CASES))
    return Trace(name, log, cuts_of(log, states, ground.chance(NAME, seed, name)))


def _judge_of_saving(before: State) -> Judge:
    def look(root: Path, said: list[str], where: str, tally: Tally) -> None:
        kill_store.look(root / VAULT, kill_store.possible(before, said), where, tally)

    return look


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


def cuts_of(log: list[Act], states: int, rnd: random.Random) -> list[Cut]:
    """So many moments spread over the run."""
    return [(number, rnd.randint(0, len(log)), rnd.getrandbits(64)) for number in range(states)]


def cut_everywhere(place: Path, trace: Trace, look: Judge, tally: Tally) -> None:
    """Judge every state of a run, one after the other."""
    for cut in trace.cuts:
        _cut(place, trace.log, *cut, trace.name, look, tally)


def _cut(place: Path, log: list[Act], number: int, at: int, seed: int, name: str, look: Judge, tally: Tally) -> None:
    disk = Disk(place / "template", root=place / "run")
    disk.follow(log[:at])
    root = place / f"state{number}"
    disk.after_crash(random.Random(seed), root)
    said = [act.data.decode() for act in log[:at] if act.kind == "said"]
    tally.tried(acknowledged=sum(line.startswith("done") for line in said))
    tally.note(name.partition(" ")[0] if name.startswith("saving") else name)
    look(root, said, f"{name} cut at {at} of {len(log)}, state {number}", tally)
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


def judge_part(place: Path, first: int) -> None:
    """In a process of its own: every WORKERS-th cut of a trace from the first on."""
    harden_at_start()
    trace = pickle.loads((place / TRACE).read_bytes())
    tally = Tally(NAME, 0, PASSES, place.parent)
    cuts = trace.cuts[first::WORKERS]
    with around(trace.name):
        for start in range(0, len(cuts), TOLD_EVERY):
            part = replace(trace, cuts=cuts[start : start + TOLD_EVERY])
            cut_everywhere(place, part, trace.judge(), tally)
            say(json.dumps(tally.take_plain()))


if __name__ == "__main__" and sys.argv[1] == JUDGE:
    judge_part(Path(sys.argv[2]), int(sys.argv[3]))
elif __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
