"""The part of an open vault that knows of second copies beside it; `Vault` gives it the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from companion.core.copies import OtherVersion
from companion.core.ids import VaultId
from companion.vault.arrival import Arrival, Copies
from companion.vault.lineage import read_lineage
from companion.vault.sync_watch import find_versions, set_apart

if TYPE_CHECKING:
    from companion.vault.secret_changes import OpenVault


class VaultCopies(ABC):
    """Second copies are found, told and copied beside; never merged, moved or removed."""

    folder: Path
    _copies: Copies

    @property
    def arrival(self) -> Arrival:
        """How this database compares with what this computer saw last. Raises VaultLocked."""
        return self._opened().arrival

    def other_versions(self, *, deep: bool = False) -> tuple[OtherVersion, ...]:
        """Second copies beside it, as sync programs make them; `deep` looks among attachments and backups too.

        Raises VaultLocked.
        """
        state = self._opened()
        return find_versions(self.folder, state.key_file, state.key, read_lineage(state.connection), deep=deep)

    def set_apart(self, other: OtherVersion, target: Path) -> None:
        """Copy that version to a new folder as a space of its own; nothing here changes. Raises StorageTrouble."""
        set_apart(other, self.folder, self._opened().key_file, target)

    def expect_another(self, vault_id: VaultId) -> None:
        """Another version was put here at the person's wish, such as a backup: it is no stale copy."""
        self._copies.forget(vault_id)

    @abstractmethod
    def _opened(self) -> OpenVault:
        """What exists while it is open. Raises VaultLocked."""
