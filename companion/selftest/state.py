"""What a state of the window is: a page, what is special about it, and how a person gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from companion.selftest.worlds import COUNTRY

if TYPE_CHECKING:
    from companion.selftest.stage import Stage


@dataclass(frozen=True, slots=True)
class State:
    """One picture. `alone` states leave marks behind, so no other state may follow on the same stage."""

    page: str
    state: str
    reach: Callable[[Stage], None]
    world: str = "demo"
    opened: bool = True
    alone: bool = False
    small: bool = False  # a main one: looked at in the smallest usual window too
    compact: bool = False  # there only where the side panel gave way to Menu
    first_run_done: bool = True
    country: str = COUNTRY
    has_zone: bool = True  # the computer's time zone says where it is

    @property
    def name(self) -> str:
        """Unique, and good for a file name."""
        return f"{self.page}-{self.state}"

    @property
    def start(self) -> tuple[str, bool, bool, str, bool]:
        """States with the same start can share a stage."""
        return self.world, self.opened, self.first_run_done, self.country, self.has_zone

    @property
    def is_main_set(self) -> bool:
        """Shown in every palette; the sparse worlds only in the light one."""
        return self.world not in ("empty", "one", "draft")


def nothing(_stage: Stage) -> None:
    """The state is there from the start."""
