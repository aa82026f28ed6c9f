"""A key store in memory, so that a self-test never asks, fills or empties the one of the computer it runs on."""

from __future__ import annotations

from companion.core.errors import DeviceUnavailable
from companion.vault.device_key import Item


class StillKeyStore:
    """Holds what it is given; `trouble` is the reason with which it fails instead, or "".

    `asked` names each thing it was asked, in order.
    """

    def __init__(self) -> None:
        self.held: dict[Item, bytearray] = {}
        self.trouble = ""
        self.asked: list[str] = []

    def fetch(self, item: Item) -> bytearray:
        """A copy of what is held."""
        self._take_part("fetch")
        if item not in self.held:
            raise DeviceUnavailable("gone")
        return bytearray(self.held[item])

    def store(self, item: Item, secret: bytearray) -> None:
        """Hold a copy."""
        self._take_part("store")
        self.held[item] = bytearray(secret)

    def remove(self, item: Item) -> None:
        """Let go."""
        self._take_part("remove")
        self.held.pop(item, None)

    def name(self) -> str:
        """What it is."""
        return "memory"

    def _take_part(self, act: str) -> None:
        self.asked.append(act)
        if self.trouble:
            raise DeviceUnavailable(self.trouble)
