"""Decides at an opening whether this database counts, and remembers it; nothing is merged and nothing passed by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from companion.core.clock import Clock
from companion.core.errors import CompanionError, StaleCopy, TwoComputers
from companion.core.ids import VaultId
from companion.vault.connection import Connection
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.lineage import Mark, Stamp, read_lineage
from companion.vault.seen import SeenBook
from companion.vault.sync_watch import find_versions

Even = Collection[type[CompanionError]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How an opening began: the generation found, and whether another computer wrote it since it was open here."""

    generation: int = 0
    from_elsewhere: bool = False


class Copies:
    """One vault folder's side of it. Lives as long as its vault object."""

    def __init__(self, folder: Path, clock: Clock, seen: SeenBook | None) -> None:
        self._folder, self._clock, self._seen = folder, clock, seen

    @property
    def computer(self) -> str:
        """This computer's random name for itself; "" where it has none yet."""
        return self._seen.computer() if self._seen else ""

    def forget(self, vault_id: VaultId) -> None:
        """The person had another version put here (a backup): at the next opening it is the one that counts."""
        if self._seen is not None:
            self._seen.forget(vault_id, self._folder)

    def approve(self, key_file: KeyFile, key: MasterKey, even: Even, connection: Connection) -> None:
        """Raises StaleCopy or TwoComputers where this is not what was seen last, unless `even` has it."""
        if self._seen is None:
            return
        known = self._seen.last(key_file.vault_id, self._folder)
        if known is None:
            return
        lineage = read_lineage(connection)
        relation = lineage.compared_with(known)
        if relation in ("same", "newer"):
            return
        kind = StaleCopy if relation == "older" else TwoComputers
        if kind in even:
            return
        others = find_versions(self._folder, key_file, key, lineage, against=known)
        raise kind(lineage.at, known.at, others)

    def arrive(self, vault_id: VaultId, connection: Connection) -> Arrival:
        """It counts from now on; what is written is stamped."""
        lineage, computer = read_lineage(connection), self._seen.name_computer() if self._seen else ""
        known = self._seen.last(vault_id, self._folder) if self._seen else None
        if not connection.read_only:
            note = partial(self._note, vault_id)
            connection.stamp = Stamp(lineage, computer, self._clock, note)
        self._note(vault_id, lineage.mark)
        is_new = known is not None and lineage.generation > known.generation
        elsewhere = is_new and lineage.computer not in ("", computer)
        return Arrival(lineage.generation, elsewhere)

    def note_end(self, vault_id: VaultId, connection: Connection) -> None:
        """The opening ends; what it saved is what was seen last."""
        if connection.stamp is not None and connection.stamp.has_begun:
            self._note(vault_id, connection.stamp.lineage.mark)

    def _note(self, vault_id: VaultId, mark: Mark) -> None:
        if self._seen is not None:
            self._seen.note(vault_id, self._folder, mark)
