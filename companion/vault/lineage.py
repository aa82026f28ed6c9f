"""Which save came from which: how an older copy, or one that another computer wrote, is told from the one seen last.

Each opening in which something is written is a generation with a random token. The
database keeps the tokens of its last generations, so that a copy which went on from
what was seen last can be told from one that only has the same number, or a higher one.
Within a generation every transaction counts up, so that a copy from the middle of an
evening is older than its end.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from companion.core.clock import Clock

if TYPE_CHECKING:
    from companion.vault.connection import Connection

KEPT: Final = 256
TRAIL: Final = 16
_PREFIX: Final = "save_"
_MAXIMUM: Final = 1 << 53
Relation = Literal["same", "newer", "older", "apart"]


class Mark(NamedTuple):
    """One moment of a database: its generation, the transactions in it, when, and the tokens that led there."""

    generation: int = 0
    saves: int = 0
    at: datetime | None = None
    trail: tuple[str, ...] = ()

    def token_of(self, generation: int) -> str | None:
        """The token of this or an earlier generation, or None where it is not known (any more)."""
        place = generation - self.generation - 1
        return self.trail[place] if -len(self.trail) <= place < 0 else None


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a database says of itself. `tokens` end with the present generation's; `computer` wrote that one."""

    tokens: tuple[str, ...] = ()
    generation: int = 0
    saves: int = 0
    computer: str = ""
    at: datetime | None = None

    @property
    def mark(self) -> Mark:
        """This moment of it."""
        return Mark(self.generation, self.saves, self.at, self.tokens[-TRAIL:])

    def compared_with(self, seen: Mark) -> Relation:
        """What this database is to one that was `seen`."""
        here = Mark(self.generation, self.saves, self.at, self.tokens)
        shared = min(seen.generation, self.generation)
        ours, theirs = here.token_of(shared), seen.token_of(shared)
        # Where one is so far behind that the other no longer knows of it, it is still the same space.
        if ours is not None and theirs is not None and ours != theirs:
            return "apart"
        if (self.generation, self.saves) == (seen.generation, seen.saves):
            return "same"
        return "newer" if (self.generation, self.saves) > (seen.generation, seen.saves) else "older"


def read_lineage(connection: Connection) -> Lineage:
    """What the database says; one from before there were generations is generation 0. Raises VaultDamaged."""
    rows = connection.rows("SELECT key, value FROM vault_meta WHERE substr(key, 1, 5) = ?", (_PREFIX,))
    found = {str(key)[len(_PREFIX) :]: str(value) for key, value in rows}
    at: datetime | None = None
    with suppress(ValueError):
        at = datetime.fromisoformat(found.get("at", ""))
    tokens = tuple(found.get("tokens", "").split())[-KEPT:]
    generation = max(_number(found.get("generation")), len(tokens))
    return Lineage(tokens, generation, _number(found.get("count")), found.get("computer", ""), at)


def _number(text: str | None) -> int:
    return min(int(text), _MAXIMUM) if text is not None and text.isdecimal() else 0


class Stamp:
    """Writes the generation along with what is saved: the first transaction of an opening begins one.

    `on_begun` hears the mark of that first one once it is on the disk.
    """

    def __init__(self, lineage: Lineage, computer: str, clock: Clock, on_begun: Callable[[Mark], None]) -> None:
        self.lineage = lineage
        self._on_begun = on_begun
        self._computer, self._clock = computer, clock
        self._next: Lineage | None = None
        self._has_begun = False

    @property
    def has_begun(self) -> bool:
        """Whether anything was saved since the opening."""
        return self._has_begun

    def write(self, connection: Connection) -> None:
        """Inside a transaction, before anything else in it."""
        now, old = self._clock.now(), self.lineage
        if self._has_begun:
            self._next = Lineage(old.tokens, old.generation, old.saves + 1, old.computer, now)
            rows = [("count", str(old.saves + 1)), ("at", now.isoformat())]
        else:
            tokens = (*old.tokens, secrets.token_hex(8))[-KEPT:]
            self._next = Lineage(tokens, old.generation + 1, 1, self._computer, now)
            rows = [
                ("generation", str(old.generation + 1)),
                ("tokens", " ".join(tokens)),
                ("count", "1"),
                ("computer", self._computer),
                ("at", now.isoformat()),
            ]
        for key, value in rows:
            connection.execute("INSERT OR REPLACE INTO vault_meta (key, value) VALUES (?, ?)", (_PREFIX + key, value))

    def settle(self, *, committed: bool) -> None:
        """The transaction ended; what it said counts only if it was committed."""
        new, self._next = self._next, None
        if committed and new is not None:
            is_first, self._has_begun = not self._has_begun, True
            self.lineage = new
            if is_first:
                self._on_begun(new.mark)
