"""One vault folder: made, opened, locked, backed up; lives across lock and unlock, on one thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from companion.core.clock import Clock
from companion.core.errors import (
    NoVault,
    OpenElsewhere,
    ReadOnlyVault,
    StorageTrouble,
    VaultDamaged,
    VaultLocked,
    VaultNewer,
    WrongSecret,
)
from companion.core.ids import VaultId
from companion.vault import staging
from companion.vault.arrival import Copies, Even
from companion.vault.backup import BackupResult, Pauses, Progress, Source, make_backup, note_backup_elsewhere
from companion.vault.ballast import Ballast
from companion.vault.compacting import compact, compact_while_locking
from companion.vault.connection import Connection
from companion.vault.device_key import KeyringStore, KeyStore
from companion.vault.device_slot import DeviceSlot
from companion.vault.engine import load_engine
from companion.vault.keeping import let_older_go
from companion.vault.keyslots import (
    Cost,
    KeyFile,
    MasterKey,
    cost_for_memory,
    cost_for_this_machine,
    memory_of_this_machine,
)
from companion.vault.lockfile import LockFile
from companion.vault.media import MediaStore
from companion.vault.opening import (
    create_files,
    empty_place,
    finish_pending,
    hold,
    open_files,
    require_key_file,
)
from companion.vault.passphrase import require_long_enough
from companion.vault.preferences import Preferences
from companion.vault.presence import holds_vault, is_pending
from companion.vault.report import CheckReport, ProofReport, VaultInfo, check_vault, prove_vault, read_info
from companion.vault.reslot import Relocked
from companion.vault.restoring import RestoreResult, restore
from companion.vault.retired import read_keys
from companion.vault.scrub import give_back, overwrite_thread_cache
from companion.vault.secret_changes import OpenVault, VaultSecrets
from companion.vault.seen import SeenBook
from companion.vault.shelf import BackupInfo, clear_unfinished, is_backup_due, list_backups, newest_backup
from companion.vault.staging import BACKUPS, MEDIA
from companion.vault.vault_copies import VaultCopies

__all__ = ["BackupInfo", "BackupResult", "Relocked", "RestoreResult", "Vault", "restore"]


class Vault(VaultSecrets, VaultCopies):
    """A private space on the disk.

    `cost` is for tests only: without it a new slot costs what this machine can
    do, never less than the floor. `device` is the way in by this computer's key store.
    `seen` is what this computer saw last of its spaces; without it every copy counts.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        cost: Cost | None = None,
        key_store: KeyStore | None = None,
        seen: SeenBook | None = None,
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._cost = cost
        self._copies = Copies(folder, clock, seen)
        self._ballast = Ballast(folder)
        self._state: OpenVault | None = None
        self.device = DeviceSlot(key_store or KeyringStore(), clock, self._opened, self._unlock, self._renew, self.lock)
        self.pauses = Pauses()  # what goes on in between during a backup

    # --- what it is now ------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether any part of a vault is in the folder; a damaged one counts."""
        return holds_vault(self.folder)

    @property
    def is_open(self) -> bool:
        """Whether the key is in memory and the database open."""
        return self._state is not None

    @property
    def read_only(self) -> bool:
        """Open, but nothing can be changed: written by a newer Companion, or a disk that cannot be written."""
        return self._state is not None and self._state.connection.read_only

    @property
    def newer(self) -> VaultNewer | None:
        """Where a newer Companion wrote this vault: which schema it has and which is known here."""
        return self._state.newer if self._state else None

    @property
    def vault_id(self) -> VaultId:
        """The vault's own name. Raises VaultLocked."""
        return self._opened().key_file.vault_id

    @property
    def connection(self) -> Connection:
        """The database. Raises VaultLocked."""
        return self._opened().connection

    @property
    def media(self) -> MediaStore:
        """The attachments. Raises VaultLocked."""
        return self._opened().media

    @property
    def preferences(self) -> Preferences:
        """Choices kept inside the vault. Raises VaultLocked."""
        return Preferences(self._opened().connection)

    @property
    def keys(self) -> tuple[MasterKey, ...]:
        """What opens this vault's backups: its key, and those it had before. Raises VaultLocked."""
        return self._opened().key.every

    @property
    def has_recovery_key(self) -> bool:
        """Whether a recovery key opens this vault. Raises VaultLocked."""
        return self._opened().key_file.has_recovery

    @property
    def upgrade_offered(self) -> bool:
        """Whether setting the passphrase anew would make it harder to guess on this machine. Raises VaultLocked."""
        best = self._cost or cost_for_memory(memory_of_this_machine())
        return self._opened().key_file.upgrade_offered(best)

    # --- making and opening --------------------------------------------------

    def create(self, passphrase: str, *, with_recovery: bool = False) -> str | None:
        """Make a new vault and leave it open; the recovery key where one is wanted.

        A crash in the middle leaves no vault, or a whole one. Raises VaultExists,
        PassphraseTooShort, EncryptionMissing, NotEnoughMemory, VaultInUse, StorageTrouble.
        """
        require_long_enough(passphrase)
        load_engine()
        with empty_place(self.folder, self._clock) as (lock, incoming):
            key_file, key, code = KeyFile.new(passphrase, self._slot_cost(), with_recovery=with_recovery)
            try:
                create_files(incoming, key_file, key, self._clock)
                staging.commit(self.folder, "replaced")
                lock.note_database()
                self._enter(key_file, key, lock)
            except BaseException:
                key.wipe()
                raise
        if code is not None:
            self.recovery_care.note_made()
        return code

    def unlock(self, passphrase: str, *, even: Even = ()) -> None:
        """Open the vault; where it is open already, only ask the key file.

        `even` holds what the person was told and chose to pass by: OpenElsewhere, StaleCopy, TwoComputers.
        Raises these, NoVault, WrongSecret, NotEnoughMemory, VaultInUse, VaultDamaged with
        its kinds (`backup` names the newest one), VaultNewer where the key file is
        a newer Companion's, EncryptionMissing, StorageTrouble.
        """
        self._unlock(lambda key_file: key_file.unlock(passphrase), even)
        self.device.passphrase_typed()

    def unlock_with_recovery(self, code: str, *, even: Even = ()) -> None:
        """Open with the recovery key. Raises like `unlock`."""
        self._unlock(lambda key_file: key_file.unlock_with_recovery(code), even)

    def lock(self) -> None:
        """Close, wipe the key and let others open the vault; fine when it is locked already."""
        if self._state is None:
            return
        source = self._source()
        state, self._state = self._state, None
        try:
            if not state.connection.read_only:
                self._ballast.ensure()
                compact_while_locking(source)
            self._copies.note_end(state.key_file.vault_id, state.connection)
        finally:
            # Whatever happened to the last things done: no key stays in memory, and nothing stays open.
            state.key.wipe()
            try:
                state.connection.close()
            finally:
                if state.lock is not None:
                    state.lock.release()
                # No garbage collection: here it would take apart the window's objects, which belong to another thread.
                overwrite_thread_cache()
                give_back()

    # --- what was taken away ---------------------------------------------------

    @property
    def compacting_due(self) -> bool:
        """Whether the file is to be written anew, now that words were taken away from it. Raises VaultLocked."""
        leftovers = self._opened().connection.leftovers
        return leftovers is not None and leftovers.are_due_now(self._clock)

    def compact(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Leave nothing of words that were taken away in the file; whether that was done.

        Not while anything else reads or writes this vault; `stop` is asked all the time and ends it. What cannot be
        done now (no room, say) stays due, and everything as it was. Raises VaultLocked.
        """
        return not self._is_rotating and compact(self._source(), stop)

    # --- proof and backup ----------------------------------------------------

    def info(self) -> VaultInfo:
        """What is known without any secret. Raises NoVault, KeyFileDamaged, VaultNewer, StorageTrouble."""
        if not self.is_open:
            finish_pending(self.folder, self._clock)
        require_key_file(self.folder)
        return read_info(self.folder)

    def check(self) -> CheckReport:
        """Read everything again, backups too. Raises VaultLocked, StorageTrouble."""
        return check_vault(self._source())

    def proof(self) -> ProofReport:
        """What the disk and the process say now. Raises VaultLocked, StorageTrouble."""
        return prove_vault(self._source(), self.backups())

    def backup(
        self,
        to: Path | None = None,
        *,
        with_media: bool = True,
        progress: Progress | None = None,
        reason: str = "manual",
        stop: Callable[[], None] = lambda: None,
    ) -> BackupResult:
        """Make and prove a backup (see `make_backup`); in the vault's own folder older ones may go for it.

        What `stop` raises ends it.
        """
        source = self._source()
        pauses = self.pauses.also(stop)
        result = make_backup(source, to, reason=reason, with_media=with_media, progress=progress, pauses=pauses)
        if result.file.parent == (self.folder / BACKUPS).absolute():
            let_older_go(self, result.made_at)
        else:
            with suppress(StorageTrouble, ReadOnlyVault):
                note_backup_elsewhere(source)
        return result

    def bring_back(self, backup: Path, passphrase: str) -> RestoreResult:
        """Make the backup this vault and open it; what was there is moved aside (see `restore`).

        The passphrase is the backup's; a wrong one is told as WrongSecret("backup").
        """
        self.lock()
        try:
            result = restore(backup, self.folder, passphrase, self._clock)
        except WrongSecret as error:
            raise WrongSecret("backup") from error
        self.expect_another(result.vault_id)
        self.unlock(passphrase)
        return result

    def backups(self) -> list[BackupInfo]:
        """The backups beside the vault, newest first."""
        return list_backups(self.folder)

    def backup_due(self) -> bool:
        """Whether the vault was changed since a newest backup that is over 12 hours old, or there is none."""
        return is_backup_due(self.folder, self._clock.now())

    # --- inside --------------------------------------------------------------

    def _opened(self) -> OpenVault:
        if self._state is None:
            raise VaultLocked
        return self._state

    def _source(self) -> Source:
        state = self._opened()
        return Source(self.folder, state.connection, state.key, state.key_file, state.media, self._clock)

    def _slot_cost(self) -> Cost:
        return self._cost or cost_for_this_machine(self._clock)

    def _unlock(self, key_from: Callable[[KeyFile], MasterKey], even: Even = ()) -> None:
        if self._state is not None:
            key_from(self._state.key_file).wipe()
            return
        if not self.exists:
            raise NoVault(self.folder)
        lock = hold(self.folder, self._clock, computer=self._copies.computer, even_from_elsewhere=OpenElsewhere in even)
        try:
            if lock is not None:
                if is_pending(self.folder):
                    staging.finish(self.folder)
                    lock.note_database()
                staging.discard(self.folder)
                clear_unfinished(self.folder)
            require_key_file(self.folder)
            key_file = KeyFile.load(self.folder)
            key = key_from(key_file)
            try:
                self._enter(key_file, key, lock, even)
            except BaseException:
                key.wipe()
                raise
            self._go_on_rotating()
        except BaseException as error:
            if lock is not None:
                lock.release(as_found=True)
            if isinstance(error, VaultDamaged):
                error.backup = newest_backup(self.folder, self._clock.now())
            raise

    def _enter(self, key_file: KeyFile, key: MasterKey, lock: LockFile | None, even: Even = ()) -> None:
        approve = partial(self._copies.approve, key_file, key, even)
        on_full = self._ballast.release
        connection, newer = open_files(self.folder, key_file, key, self._clock, lock, on_full, approve)
        arrival = self._copies.arrive(key_file.vault_id, connection)
        if lock is not None:
            connection.on_replaced = lock.note_database
        if lock is not None and newer is None:
            self._ballast.ensure()
        key.retired = read_keys(connection)
        media = MediaStore(self.folder / MEDIA, key)
        self._state = OpenVault(connection, key, key_file, media, lock, newer, arrival)
