"""Drawing from written pieces by chance without telling the same one again too soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any


class Deck:
    """Gives every piece once before any comes a second time."""

    def __init__(self, pieces: Sequence[Any], chance: Random) -> None:
        self._pieces, self._chance = list(pieces), chance
        self._given: list[Any] = []
        self._left = list(pieces)
        chance.shuffle(self._left)

    def draw(self, fits: Callable[[Any], bool] = lambda piece: True, *, again: bool = True) -> Any | None:
        """The next piece that fits, or None where none does; without `again` no piece comes a second time."""
        if again and not any(fits(piece) for piece in self._left):
            self._left += self._shuffled_again(fits)
        for n, piece in enumerate(self._left):
            if fits(piece):
                self._given.append(piece)
                return self._left.pop(n)
        return None

    def _shuffled_again(self, fits: Callable[[Any], bool]) -> list[Any]:
        more = [piece for piece in self._pieces if fits(piece)]
        self._chance.shuffle(more)
        lately = self._given[-(len(more) // 2) :] if len(more) > 1 else []
        return sorted(more, key=lambda piece: piece in lately)
