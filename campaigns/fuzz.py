"""Hostile input for everything that reads what others may have written: key file, backups, settings, journals.

Good input is spoiled by bytes and by structure, in a way drawn from the seed and
the number of the case, and read in worker processes by the product's own readers.
A worker may not take 1 GiB more than it starts with. The cases that ended badly
are kept, with the vault they were made from, so that each can be read again.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb
from types import FrameType

from campaigns import ground
from campaigns.children import ROOT, Child, say
from campaigns.fuzzing import seeds
from campaigns.fuzzing.seeds import Seeds
from campaigns.fuzzing.targets import TARGETS, Wrong
from campaigns.outcome import WORKERS, Outcome, Size, Tally, side_by_side
from companion.vault.process import harden_at_start

NAME = "fuzz"
PASSES = (
    "no crash, no hang over 2 s of processor time, no allocation over 1 GiB; only the typed errors of each reader;"
    " what is read comes back as it was written"
)
CASES = {"small": 300, "gate": 2_000, "release": 500_000}
BATCH = 4_000
ALIVE_EVERY = 100
PATIENCE_S = 60.0
LONGEST_S = 2.0
MOST_BYTES = 1 << 30
_NAMES, _SHARES = list(TARGETS), [target.share for target in TARGETS.values()]
_SLOW = "journal in the confined reader"  # its time is that of a process that starts


# --- the rounds --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """All cases in batches, each batch in a worker of its own."""
    tally = Tally(NAME, seed, PASSES)
    seeds.make(place)
    batch = min(BATCH, -(-CASES[size] // WORKERS))
    firsts = range(0, CASES[size], batch)
    side_by_side(lambda first: _batch(place, seed, first, min(first + batch, CASES[size]), tally), firsts)
    for folder in place.glob("work*"):
        shutil.rmtree(folder)
    return tally.outcome()


def _batch(place: Path, seed: int, first: int, end: int, tally: Tally) -> None:
    """All cases of a batch; after one that ended its worker, the next goes on."""
    work = place / f"work{first}"
    work.mkdir()
    while first < end:
        with Child(f"campaigns.{NAME}", str(place), str(work), str(seed), str(first), str(end)) as child:
            told, ended = _listen(child, tally)
        if not ended:
            return
        number = int.from_bytes((work / "at").read_bytes(), "big")
        name = name_of(seed, number)
        tally.tried(number + 1 - first - told)
        tally.fault(f"case {number} ({name})", [ended])
        _keep(place, name, number, TARGETS[name].make(chance(seed, number), seeds.load_in(place, work)))
        first = number + 1


def _listen(child: Child, tally: Tally) -> tuple[int, str]:
    """Take what the worker found: how many cases it told of, and how it ended, nothing if all is done."""
    told = 0
    while True:
        try:
            line = child.line(PATIENCE_S)
        except TimeoutError:
            return told, f"hangs for {PATIENCE_S:.0f} s"
        if line is None:
            child.process.wait(PATIENCE_S)
            return told, f"ended its process: {child.process.returncode} {child.complaint}"
        if line == "done":
            return told, ""
        found = json.loads(line)
        told += found["cases"]
        tally.tried(found["cases"], **found["counts"])
        for where, what in found["faults"]:
            tally.fault(where, [what])


def _keep(place: Path, name: str, number: int, raw: bytes) -> None:
    (place / "kept").mkdir(exist_ok=True)
    (place / "kept" / f"{name.replace(' ', '-')}-{number}").write_bytes(raw)


def chance(seed: int, number: int) -> random.Random:
    """The random numbers of one case."""
    return ground.chance(NAME, seed, number)


def name_of(seed: int, number: int) -> str:
    """Which reader gets this case; the first cases go once through all of them."""
    if number < len(_NAMES):
        return _NAMES[number]
    return ground.chance(NAME, seed, f"which {number}").choices(_NAMES, _SHARES)[0]


def reached(folder: Path) -> int:
    """The number of the case that a worker was at."""
    return int.from_bytes((folder / "at").read_bytes(), "big")


# --- the worker --------------------------------------------------------------


class TooLong(BaseException):
    """A case used more processor time than it may; nothing that is fuzzed can catch it by accident."""


def one(name: str, raw: bytes, work: Path, good: Seeds) -> tuple[str, str]:
    """Read one input: a word for the counts, and what is wrong, or nothing."""
    target = TARGETS[name]
    try:
        return target.read(raw, work, good), ""
    except TooLong:
        return "too long", f"more than {LONGEST_S:.0f} s"
    except Wrong as error:
        return "wrong", str(error)
    except target.may_raise as error:
        reason = getattr(error, "reason", "")
        return f"{type(error).__name__} {reason}".strip(), ""
    except Exception as error:  # noqa: BLE001 - any other error is what this looks for
        return "other error", f"{type(error).__name__} at {_place_of(error)}"


def _place_of(error: BaseException) -> str:
    """The deepest line of the product in the error's trace."""
    frames = [frame for frame in extract_tb(error.__traceback__) if f"{os.sep}companion{os.sep}" in frame.filename]
    if not frames:
        return "a library"
    return f"{Path(frames[-1].filename).relative_to(ROOT)}:{frames[-1].lineno}"


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def cases(place: Path, work: Path, seed: int, first: int, end: int) -> Iterator[tuple[str, str, str]]:
    """Where, a word for the counts and what is wrong, for each case."""
    good = seeds.load_in(place, work)
    with (work / "at").open("w+b") as file:
        file.write(bytes(8))
        file.flush()
        at = mmap.mmap(file.fileno(), 8)
    inside = work / "inside"
    inside.mkdir(exist_ok=True)
    for number in range(first, end):
        at[:] = number.to_bytes(8, "big")
        name = name_of(seed, number)
        _clear(inside)
        raw = TARGETS[name].make(chance(seed, number), good)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
        word, wrong = one(name, raw, inside, good)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if not wrong and time.process_time() - began > LONGEST_S and name != _SLOW:
            wrong = f"more than {LONGEST_S:.0f} s"
        if wrong:
            _keep(place, name, number, raw)
        yield f"case {number} ({name})", f"{name}: {word}", wrong


def _clear(folder: Path) -> None:
    for name in os.listdir(folder):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def main(arguments: list[str]) -> None:
    """In the worker: a line now and then, and "done"."""
    harden_at_start()
    place, work, (seed, first, end) = Path(arguments[0]), Path(arguments[1]), map(int, arguments[2:])
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MOST_BYTES, now + MOST_BYTES))
    signal.signal(signal.SIGPROF, _too_long)
    counts: Counter[str] = Counter()
    faults: list[tuple[str, str]] = []
    for number, (where, word, wrong) in enumerate(cases(place, work, seed, first, end), first + 1):
        counts[word] += 1
        faults += [(where, wrong)] if wrong else []
        if number % ALIVE_EVERY == 0 or number == end or wrong:
            say(json.dumps({"cases": counts.total(), "counts": counts, "faults": faults}))
            counts, faults = Counter(), []
    say("done")


if __name__ == "__main__":
    main(sys.argv[1:])
