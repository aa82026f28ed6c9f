"""kill -9 at every change of the disk while a vault is made, re-keyed, backed up, restored, migrated, or filled.

Where strace may watch processes, the run is listed once and then killed right
before chosen calls, spread over the whole of it; elsewhere at random moments.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest import mock

from campaigns import calls, ground, judge
from campaigns.calls import Point
from campaigns.children import Child, pause, say
from campaigns.lifecycle import CASES
from campaigns.outcome import Outcome, Size, Tally, in_turn, side_by_side
from companion.core.errors import CompanionError
from companion.vault import aside
from companion.vault.aside import Aside
from companion.vault.process import harden_at_start

T = TypeVar("T")
NAME = "kill_lifecycle"
PASSES = "always one whole vault that opens with a known secret; imports whole or not at all; 0 faults"
ROUNDS = {"small": 1, "gate": 8, "release": 200}
DONE = "done"


def run(size: Size, seed: int, place: Path) -> Outcome:
    """The cases side by side, as far as they may be."""
    tally = Tally(NAME, seed, PASSES, place)
    moments: dict[str, int] = {}

    def work(name: str) -> None:
        moments[name] = _case(name, ROUNDS[size], seed, place / name.replace(" ", "-"), tally)

    side_by_side(work, [name for name, case in CASES.items() if not case.stands_alone])
    in_turn(work, [name for name, case in CASES.items() if case.stands_alone])
    return tally.outcome(killed_at="calls" if calls.can_inject() else "random times", moments=moments)


def _case(name: str, rounds: int, seed: int, place: Path, tally: Tally) -> int:
    """So many rounds of one case; how many moments there were to choose from."""
    template = place / "template"
    template.mkdir(parents=True)
    CASES[name].prepare(template, seed)
    with CASES[name].around():
        if calls.can_inject():
            known = calls.points(partial(_whole_run, name, template, place / "listed"))
            chosen: list[Point | float] = [*calls.choose(known, rounds, ground.chance(NAME, seed, name))]
        else:
            began = time.monotonic()
            _whole_run(name, template, place / "listed", ())
            longest, known = time.monotonic() - began, []
            chosen = [ground.chance(NAME, seed, f"{name} {n}").uniform(0, longest) for n in range(rounds)]
        tally.tried(acknowledged=1)
        judge_round(name, place / "listed", f"{name}, not killed before it was acknowledged", True, tally)
        spread = side_by_side if CASES[name].stands_alone else in_turn
        spread(lambda at: one_round(name, template, place / f"at-{at}", at, tally), chosen)
    shutil.rmtree(place)
    return len(known)


def _whole_run(name: str, template: Path, root: Path, wrap: Sequence[str]) -> None:
    """The act from beginning to end, with nothing killed. Raises where it does not get there."""
    shutil.copytree(template, root)
    with Child(f"campaigns.{NAME}", name, str(root), wrap=wrap) as child:
        if DONE not in child.rest():
            raise RuntimeError(f"{name} does not work at all: {child.complaint}")


def one_round(name: str, template: Path, root: Path, at: Point | float, tally: Tally) -> None:
    """Kill the act there and judge what is left."""
    shutil.copytree(template, root)
    where = f"{name} at {at}"
    with Child(f"campaigns.{NAME}", name, str(root), wrap=at.wrap() if isinstance(at, Point) else ()) as child:
        if not isinstance(at, Point):
            pause(at)
            child.kill()
        done = DONE in child.rest()
        tally.tried(acknowledged=done)
        if not child.was_killed and not done:
            tally.fault(where, [f"the child ended by itself: {child.complaint}"])
    judge_round(name, root, where, done, tally)


def judge_round(name: str, root: Path, where: str, done: bool, tally: Tally) -> None:
    """Add up what is wrong with what is left, and remove it."""
    with tally.keeping(where, root):
        try:
            tally.fault(where, CASES[name].judge(root, done))
        except CompanionError as error:
            tally.fault(where, [f"judging ended in {judge.named(error)}"])
    shutil.rmtree(root)


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Do what is done aside where it is asked for: the vault's thread waits for it anyway, and calls can be counted."""

    def do_here(work: Callable[[Aside], T], add: Callable[[int], None], *, wait_for_end: bool = True) -> T:
        here = Aside()
        answer = work(here)
        add(here.take_count())
        return answer

    real = aside.do_aside
    with ExitStack() as patched:
        for name, module in list(sys.modules.items()):
            if name.startswith("companion.vault.") and getattr(module, "do_aside", None) is real:
                patched.enter_context(mock.patch.object(module, "do_aside", do_here))
        yield


def main(name: str, root: Path) -> None:
    """In the child: act, and say so."""
    harden_at_start()
    with CASES[name].around(), on_one_thread():
        CASES[name].act(root)
        say(DONE)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1], Path(sys.argv[2]))
