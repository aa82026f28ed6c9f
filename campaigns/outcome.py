"""What a campaign found: numbers for machines, lines for people, and whether it passed."""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

Size = Literal["small", "gate", "release"]
SIZES: tuple[Size, ...] = ("small", "gate", "release")
MOST_LINES = 50
MOST_KEPT = 5
WORKERS = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One campaign's result. `lost` counts what was acknowledged and is gone, `faults` everything else that is wrong.

    `found` describes the first of both in words that name no content; `raw` holds
    the counts behind the result. `not_run` says why nothing was tried.
    """

    name: str
    passes: str
    n: int
    lost: int
    faults: int
    seed: int
    found: tuple[str, ...]
    raw: dict[str, Any]
    not_run: str = ""
    seconds: float = 0.0

    @property
    def met(self) -> bool | None:
        """Whether it passed; None where it could not be tried."""
        if self.not_run:
            return None
        return self.n > 0 and not self.lost and not self.faults

    def to_plain(self) -> dict[str, Any]:
        """The result for JSON."""
        plain: dict[str, Any] = {
            "name": self.name,
            "passes": self.passes,
            "n": self.n,
            "rounds": self.n,
            "failures": self.lost + self.faults,
            "lost": self.lost,
            "faults": self.faults,
            "met": self.met,
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "found": list(self.found),
            "raw": self.raw,
        }
        if self.not_run:
            plain["not_run"] = self.not_run
        return plain


class Campaign(Protocol):
    """What each campaign's module is called through."""

    def __call__(self, size: Size, seed: int, place: Path, /) -> Outcome:
        """Run it at this size in an empty folder that is removed afterwards."""


class Tally:
    """Adds up what the rounds of one campaign found; usable from several threads."""

    def __init__(self, name: str, seed: int, passes: str, place: Path | None = None) -> None:
        """What failed rounds left is kept in `place`, where one is given."""
        self.name, self.seed, self.passes = name, seed, passes
        self._keep = place / "kept" if place else None
        self.n = self.lost = self.faults = 0
        self.counts: Counter[str] = Counter()
        self._found: list[str] = []
        self._failed: set[str] = set()
        self._kept = 0
        self._lock = threading.Lock()

    def tried(self, count: int = 1, **more: int) -> None:
        """So many more rounds were tried; `more` adds to the raw counts."""
        with self._lock:
            self.n += count
            self.counts.update(more)

    def note(self, what: str, count: int = 1) -> None:
        """Add to a raw count."""
        with self._lock:
            self.counts[what] += count

    def lose(self, where: str, what: Iterable[str]) -> None:
        """Each of `what` was acknowledged and is gone or wrong."""
        self._add("lost", where, list(what))

    def fault(self, where: str, what: Iterable[str]) -> None:
        """Each of `what` must not be so."""
        self._add("faults", where, list(what))

    def _add(self, kind: str, where: str, what: list[str]) -> None:
        with self._lock:
            setattr(self, kind, getattr(self, kind) + len(what))
            self._found += [f"{where}: {line}" for line in what]
            del self._found[MOST_LINES:]
            if what:
                self._failed.add(where)

    def take_plain(self) -> dict[str, Any]:
        """What was added up so far, for another process; it begins anew."""
        with self._lock:
            plain = {"n": self.n, "lost": self.lost, "faults": self.faults, "counts": dict(self.counts)}
            plain["found"], self._found = self._found, []
            self.n = self.lost = self.faults = 0
            self.counts.clear()
        return plain

    def add_plain(self, plain: dict[str, Any]) -> None:
        """What another process added up."""
        with self._lock:
            self.n += plain["n"]
            self.lost += plain["lost"]
            self.faults += plain["faults"]
            self.counts.update(plain["counts"])
            self._found += plain["found"]
            del self._found[MOST_LINES:]

    @contextmanager
    def keeping(self, where: str, root: Path) -> Iterator[None]:
        """While a round is judged, which may change what it judges, keep a copy; it stays where the round failed."""
        if self._keep is None:
            yield
            return
        copy = self._keep / re.sub(r"[^a-z0-9]+", "-", where.lower())
        shutil.copytree(root, copy, symlinks=True)
        yield
        with self._lock:
            stays = where in self._failed and self._kept < MOST_KEPT
            self._kept += stays
        if not stays:
            shutil.rmtree(copy)

    def outcome(self, **raw: Any) -> Outcome:
        """The result of all rounds; a campaign that tried nothing did not pass."""
        counts = dict(sorted(self.counts.items()))
        return Outcome(
            self.name, self.passes, self.n, self.lost, self.faults, self.seed, tuple(self._found), counts | raw
        )

    def not_run(self, why: str) -> Outcome:
        """The result where this machine does not let it be tried."""
        return Outcome(self.name, self.passes, 0, 0, 0, self.seed, (), {}, not_run=why)


def side_by_side(work: Callable[[T], object], items: Iterable[T], workers: int = WORKERS) -> None:
    """Do `work` for each item, a few at a time; the first error ends it."""
    with ThreadPoolExecutor(workers, thread_name_prefix="campaign") as pool:
        for future in [pool.submit(work, item) for item in items]:
            future.result()


def in_turn(work: Callable[[T], object], items: Iterable[T]) -> None:
    """Do `work` for one item after the other."""
    for item in items:
        work(item)
