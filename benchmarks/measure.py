"""The arithmetic of a figure: interleaved pairs, the median of their ratios, and how far they lie apart."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

UNEXPLAINED = "No cause is known yet; profile this figure before shipping."


@dataclass(frozen=True, slots=True)
class Pairs:
    """Seconds of ours and of the baseline, in the order they ran: ours, baseline, ours, baseline."""

    ours: tuple[float, ...]
    baseline: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what has no ratio."""
        if len(self.ours) != len(self.baseline) or not self.ours:
            raise ValueError("as many measurements of ours as of the baseline, and at least one")
        if min(self.baseline) <= 0 or min(self.ours) < 0:
            raise ValueError("a measured time is more than nothing")

    @property
    def ratios(self) -> list[float]:
        """Ours divided by the baseline that ran right after it."""
        return [ours / base for ours, base in zip(self.ours, self.baseline, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios: what drifts over the run drifts in both halves of a pair."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The lower and upper quartile of the ratios."""
        ordered = self.ratios
        if len(ordered) < 2:
            return ordered[0], ordered[0]
        low, _, high = statistics.quantiles(ordered, n=4, method="inclusive")
        return low, high


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `known_limit` says why the goal is not reached, for when it is not."""

    name: str
    goal: float
    pairs: Pairs
    ours_is: str
    baseline_is: str
    known_limit: str = ""
    parts: tuple[tuple[str, float], ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether the ratio is at or under its goal; the number as it is reported decides."""
        return round(self.pairs.ratio, 3) <= self.goal

    def to_plain(self) -> dict[str, Any]:
        """The figure for JSON; times in milliseconds."""
        pairs = self.pairs
        low, high = pairs.spread
        plain: dict[str, Any] = {
            "name": self.name,
            "goal": self.goal,
            "ratio": round(pairs.ratio, 3),
            "n": len(pairs.ours),
            "spread": [round(low, 3), round(high, 3)],
            "met": self.is_met,
            "limit": None if self.is_met else self.known_limit or UNEXPLAINED,
            "ours": self.ours_is,
            "baseline": self.baseline_is,
            "median_ms": {
                "ours": _ms(statistics.median(pairs.ours)),
                "baseline": _ms(statistics.median(pairs.baseline)),
            },
            "raw_ms": {"ours": [_ms(value) for value in pairs.ours], "baseline": [_ms(v) for v in pairs.baseline]},
        }
        if self.parts:
            plain["parts"] = {name: round(ratio, 3) for name, ratio in self.parts}
        return plain


def interleave(
    ours: Callable[[int], float], baseline: Callable[[int], float], pairs: int, *, warm_up: int = 1
) -> Pairs:
    """Run ours, baseline, ours, baseline, …; each is given the number of its pair and returns seconds.

    The first `warm_up` pairs are run and thrown away.
    """
    measured = [(ours(n), baseline(n)) for n in range(-warm_up, pairs)][warm_up:]
    return Pairs(tuple(a for a, _ in measured), tuple(b for _, b in measured))


def seconds(job: Callable[[], object]) -> float:
    """How long the job takes."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _ms(value: float) -> float:
    return round(value * 1000, 4)
