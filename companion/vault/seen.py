"""What this computer saw last of each space; kept outside the vault, because it must not go back with it."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from companion.core.ids import VaultId
from companion.vault.lineage import Mark

MOST: Final = 64


class Memory(Protocol):
    """Where it is kept: the settings. `note` never raises for a disk."""

    def seen(self) -> tuple[str, ...]:
        """The lines, the newest last."""

    def computer(self) -> str:
        """The random name of this computer, or "" before it has one."""

    def keep(self, *, computer: str, seen: tuple[str, ...]) -> None:
        """Keep both; a disk that does not take them is no reason to stop."""


class SeenBook:
    """The last mark of each space at its place. A copy at another place is another one, and no alarm there."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def computer(self) -> str:
        """The random name of this computer; "" until a space was opened on it."""
        return self._memory.computer()

    def name_computer(self) -> str:
        """The random name of this computer, made now where it has none."""
        name = self._memory.computer()
        if not name:
            name = secrets.token_hex(8)
            self._memory.keep(computer=name, seen=self._memory.seen())
        return name

    def last(self, vault_id: VaultId, folder: Path) -> Mark | None:
        """What the space was when it was open here last; None where it never was."""
        place = _place(vault_id, folder)
        for line in reversed(self._memory.seen()):
            if line.startswith(place + " "):
                return _mark(line)
        return None

    def note(self, vault_id: VaultId, folder: Path, mark: Mark) -> None:
        """This is what it is now."""
        at = mark.at.isoformat() if mark.at else "-"
        place = _place(vault_id, folder)
        line = f"{place} {mark.generation} {mark.saves} {at} {'.'.join(mark.trail) or '-'}"
        self._put(place, (line,))

    def forget(self, vault_id: VaultId, folder: Path) -> None:
        """What is there next was put there by us, at the person's wish."""
        self._put(_place(vault_id, folder), ())

    def _put(self, place: str, line: tuple[str, ...]) -> None:
        before = self._memory.seen()
        others = tuple(one for one in before if not one.startswith(place + " "))
        after = (*others, *line)[-MOST:]
        if after != before:
            self._memory.keep(computer=self._memory.computer(), seen=after)


def _place(vault_id: VaultId, folder: Path) -> str:
    """A name that says nothing of the folder's own; a folder that was moved begins anew."""
    with suppress(OSError):
        folder = folder.resolve()
    return hashlib.sha256(f"{vault_id}\n{folder}".encode(errors="surrogateescape")).hexdigest()[:32]


def _mark(line: str) -> Mark | None:
    try:
        _, generation, saves, at, trail = line.split(" ")
        return Mark(int(generation), int(saves), _moment(at), () if trail == "-" else tuple(trail.split(".")))
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    return None
