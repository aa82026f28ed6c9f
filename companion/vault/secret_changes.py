"""What opens a vault is changed: another passphrase, another recovery key, another master key."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from companion.core.clock import Clock
from companion.core.errors import CompanionError, ReadOnlyVault, Stopped, StorageTrouble, VaultNewer
from companion.vault import staging
from companion.vault.arrival import Arrival, Even
from companion.vault.backup import BackupResult, Pauses, Progress, Source
from companion.vault.connection import Connection
from companion.vault.device_slot import DeviceSlot
from companion.vault.keeping import chosen_place
from companion.vault.keyslots import Cost, KeyFile, MasterKey
from companion.vault.lockfile import LockFile
from companion.vault.media import MediaStore
from companion.vault.opening import note_generation
from companion.vault.passphrase import require_long_enough
from companion.vault.preferences import Preferences
from companion.vault.presence import is_pending
from companion.vault.recovery_care import RecoveryCare
from companion.vault.reslot import Relocked, relock
from companion.vault.retired import BACKUPS_LEFT, LEFT_TO_DO, UNTOLD, left_to_do, put
from companion.vault.rotation import OLD_KEY, Prepared, WayIn, destroy_replaced, prepare, stretch
from companion.vault.second_place import folder_in


@dataclass(slots=True)
class OpenVault:
    """Everything that exists only while the vault is open. `lock` is None where the disk cannot be written."""

    connection: Connection
    key: MasterKey
    key_file: KeyFile
    media: MediaStore
    lock: LockFile | None
    newer: VaultNewer | None
    arrival: Arrival = field(default_factory=Arrival)


class VaultSecrets(ABC):
    """The part of a vault that changes its secrets; `Vault` gives it the rest."""

    folder: Path
    device: DeviceSlot
    pauses: Pauses
    _clock: Clock
    _state: OpenVault | None
    _is_rotating = False  # `incoming/` is in use, and what serves meanwhile must leave it alone

    def change_passphrase(self, old: str, new: str) -> None:
        """Let `new` open the vault instead of `old`; open or locked stays as it is.

        After a crash exactly one of the two opens it. Raises PassphraseTooShort,
        WrongSecret, ReadOnlyVault, StorageTrouble and what `unlock` raises.
        """
        require_long_enough(new)
        was_open = self.is_open
        self.unlock(old)
        try:
            self._renew(lambda key_file, key: key_file.with_passphrase(key, new, self._slot_cost()))
        finally:
            if not was_open:
                self.lock()

    def recover(self, code: str, new: str, *, even: Even = ()) -> None:
        """Open with the recovery key and set a new passphrase; left open. Raises like `change_passphrase`.

        `even` as for `unlock`.
        """
        require_long_enough(new)
        was_open = self.is_open
        self.unlock_with_recovery(code, even=even)
        try:
            self._renew(lambda key_file, key: key_file.with_passphrase(key, new, self._slot_cost()))
            self.device.passphrase_typed()
        except BaseException:
            if not was_open:
                self.lock()
            raise

    def add_recovery_key(self) -> str:
        """A fresh recovery key; any other stops working. Raises VaultLocked, ReadOnlyVault, StorageTrouble."""
        state = self._opened()
        key_file, code = state.key_file.with_recovery(state.key)
        self._renew(lambda _, __: key_file)
        self.recovery_care.note_made()
        return code

    @property
    def recovery_care(self) -> RecoveryCare:
        """What is remembered about the recovery key. Raises VaultLocked."""
        return RecoveryCare(self._opened().connection, self._clock)

    def check_recovery_key(self, code: str) -> None:
        """Try the recovery key on the open vault; nothing changes but when it was tried.

        Raises WrongSecret of kind "recovery-typo" or "recovery", and VaultLocked.
        """
        self._opened().key_file.unlock_with_recovery(code).wipe()
        self.recovery_care.note_checked()

    def rotate(
        self, old: str, new: str, *, with_recovery: bool | None = None, progress: Progress | None = None
    ) -> str | None:
        """Change the passphrase and the master key, for when someone else could know the old one (see `rotation`).

        The new recovery key, if one is wanted (None: as it was before); call `finish_rotation` once it can be
        shown. Left open. Raises like `change_passphrase` and `make_backup`, and what `progress` raises: then all
        is as it was.
        """
        require_long_enough(new)
        self.unlock(old)
        source = self._source()
        if source.connection.read_only:
            raise ReadOnlyVault
        self.backup(reason="rotation", progress=stretch(progress, 0.0, 0.3))
        self._is_rotating = True
        try:
            wanted = source.key_file.has_recovery if with_recovery is None else with_recovery
            way_in = WayIn(new, self._slot_cost(), wanted)
            prepared = prepare(source, way_in, stretch(progress, 0.3, 1.0), self.pauses.stop)
        finally:
            self._is_rotating = False
        if self._opened().key_file is not source.key_file:  # another secret was changed meanwhile
            prepared.key.wipe()
            staging.discard(self.folder)
            raise Stopped
        self._change_places(prepared)
        self.device.forget(source.key_file)
        if prepared.code is not None:
            self.recovery_care.note_made()
        return prepared.code

    def finish_rotation(self, *, progress: Progress | None = None) -> Relocked:
        """Give the backups beside the vault and in its second place the new passphrase.

        To be called when the new recovery key can be shown. What is cut off here goes on at the next opening. Raises
        VaultLocked, StorageTrouble, what `progress` raises.
        """
        source = self._source()
        put(source.connection, LEFT_TO_DO, BACKUPS_LEFT)
        place = chosen_place(Preferences(source.connection))
        return relock(source, folder_in(place.folder, source.key_file.vault_id) if place else None, progress)

    # --- what the vault gives ------------------------------------------------

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether the key is in memory and the database open."""

    @abstractmethod
    def unlock(self, passphrase: str) -> None:
        """Open the vault; where it is open already, only ask the key file."""

    @abstractmethod
    def unlock_with_recovery(self, code: str, *, even: Even = ()) -> None:
        """Open with the recovery key."""

    @abstractmethod
    def lock(self) -> None:
        """Close and wipe the key."""

    @abstractmethod
    def backup(
        self,
        to: Path | None = None,
        *,
        with_media: bool = True,
        progress: Progress | None = None,
        reason: str = "manual",
    ) -> BackupResult:
        """Make and prove a backup."""

    @abstractmethod
    def _opened(self) -> OpenVault: ...

    @abstractmethod
    def _source(self) -> Source: ...

    @abstractmethod
    def _slot_cost(self) -> Cost: ...

    @abstractmethod
    def _enter(self, key_file: KeyFile, key: MasterKey, lock: LockFile | None) -> None: ...

    # --- inside --------------------------------------------------------------

    def _change_places(self, prepared: Prepared) -> None:
        """The prepared vault becomes the vault; the old one is destroyed once the new one has opened."""
        state, self._state = self._opened(), None
        state.connection.close()
        try:
            staging.commit(self.folder, f"{self._clock.now():%Y%m%d-%H%M%S}-{OLD_KEY}")
        except BaseException:
            prepared.key.wipe()
            if is_pending(self.folder):  # it is the vault already, and the next opening does the moves
                self._state = state
                self.lock()
            else:
                staging.discard(self.folder)
                self._enter(state.key_file, state.key, state.lock)
            raise
        state.key.wipe()
        if state.lock is not None:
            state.lock.note_database()
        try:
            self._enter(prepared.key_file, prepared.key, state.lock)
        except BaseException:
            prepared.key.wipe()
            if state.lock is not None:
                state.lock.release()
            raise
        destroy_replaced(self.folder, prepared.key)

    def _go_on_rotating(self) -> None:
        """What a rotation that was cut off left to do.

        Whatever refuses, it stays for the next time: it keeps nobody from opening the vault.
        """
        state = self._opened()
        if not state.key.retired or state.connection.read_only:
            return
        destroy_replaced(self.folder, state.key)
        with suppress(CompanionError):
            left = left_to_do(state.connection)
            if left == UNTOLD and state.key_file.has_recovery:  # nobody has ever seen that recovery key
                self._renew(lambda key_file, key: key_file.without(key, "recovery"))
            if left:
                self.finish_rotation()

    def _renew(self, make: Callable[[KeyFile, MasterKey], KeyFile]) -> None:
        """Put a new key file in force; the order is explained at `note_generation`."""
        state = self._opened()
        if state.connection.read_only:
            raise ReadOnlyVault
        key_file = make(state.key_file, state.key)
        key_file.save(self.folder)
        state.key_file = key_file
        with suppress(StorageTrouble):  # done at the next opening
            note_generation(state.connection, key_file)
