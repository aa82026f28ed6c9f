"""Makes a new vault from what can still be read in a damaged one; the damaged one is opened for reading only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from companion.core.clock import Clock
from companion.core.errors import (
    BackupDamaged,
    CompanionError,
    EncryptionMissing,
    NoVault,
    StorageTrouble,
    VaultDamaged,
    VaultExists,
    VaultInUse,
    VaultNewer,
)
from companion.core.files import storage_trouble
from companion.vault import staging
from companion.vault.connection import create_database, open_database
from companion.vault.container import ContainerReader
from companion.vault.engine import is_plain_sqlite, load_engine
from companion.vault.guards import Identity
from companion.vault.keyslots import Cost, KeyFile, MasterKey, cost_for_this_machine, wipe
from companion.vault.lockfile import holder
from companion.vault.media import MediaStore
from companion.vault.migrations import load_steps, migrate
from companion.vault.opening import GENERATION, empty_place
from companion.vault.passphrase import require_long_enough
from companion.vault.presence import DATABASE, holds_vault
from companion.vault.salvage.contract import Lost, Rescued, Rescuer, SalvageResult
from companion.vault.salvage.copying import copy_tables, drop_orphans
from companion.vault.salvage.files import FileRescue
from companion.vault.salvage.finds import Finds
from companion.vault.salvage.keys import Opened, open_key
from companion.vault.salvage.pages import PAGE, Pages
from companion.vault.shelf import BackupInfo, list_backups
from companion.vault.soundness import find_faults
from companion.vault.staging import JOURNAL, MEDIA

Progress = Callable[[int, int], None]
_LARGEST_JOURNAL = 1 << 30


def salvage(
    folder: Path,
    to: Path,
    unlock: Callable[[KeyFile], MasterKey],
    passphrase: str,
    clock: Clock,
    rescuers: Sequence[Rescuer],
    *,
    cost: Cost | None = None,
    progress: Progress | None = None,
) -> SalvageResult:
    """Read everything undamaged in `folder` into a new vault in `to`, which `passphrase` opens; it is left locked.

    `unlock` gets the key out of a key file. `progress(bytes done, bytes in all)` may raise to stop; then, and
    after any other error or a kill, `to` holds no vault. Nothing is ever written in `folder`. Raises NoVault,
    VaultExists, VaultInUse, WrongSecret, PassphraseTooShort, VaultDamaged (KeyFileDamaged where no key file can
    be read, reason "nothing-left" where nothing else can; `backup` names the newest one), VaultNewer,
    EncryptionMissing, NotEnoughMemory, StorageTrouble.
    """
    require_long_enough(passphrase)
    _require_places(folder, to)
    load_engine()
    backups = [info for info in list_backups(folder) if info.ok]
    newest = backups[0] if backups else None
    job = _Salvage(folder, rescuers, progress)
    try:
        with ExitStack() as stack:
            opened = job.open(stack, unlock)
            stack.callback(opened.key.wipe)
            return job.make(to, opened, passphrase, clock, cost, newest)
    except VaultDamaged as error:
        error.backup = newest.file if newest else None
        raise


def _require_places(folder: Path, to: Path) -> None:
    if not holds_vault(folder):
        raise NoVault(folder)
    if holds_vault(to) or to.resolve().is_relative_to(folder.resolve()):
        raise VaultExists(to)
    other = holder(folder)
    if other is not None:
        raise VaultInUse(other.pid, other.since)


class _Salvage:
    """One salvage on its way."""

    def __init__(self, folder: Path, rescuers: Sequence[Rescuer], progress: Progress | None) -> None:
        self._folder = folder
        self._rescuers = rescuers
        self._progress = progress
        self._done = 0
        self._total = _bytes_of(folder)
        self._pages: Pages
        self._journal = b""
        self._file: BinaryIO

    def open(self, stack: ExitStack, unlock: Callable[[KeyFile], MasterKey]) -> Opened:
        """The database's file, its key, and its pages looked at."""
        self._file, self._journal = _database(self._folder, stack)
        opened = open_key(self._folder, unlock, self._belongs)
        self._pages = self._pages_with(opened)
        self._pages.look_at_all(self._step)
        return opened

    def make(
        self,
        to: Path,
        opened: Opened,
        passphrase: str,
        clock: Clock,
        cost: Cost | None,
        newest: BackupInfo | None,
    ) -> SalvageResult:
        """The new vault, proved before it has its name."""
        finds = Finds(self._pages, self._step)
        with empty_place(to, clock) as (lock, incoming):
            key_file, key, _code = KeyFile.new(passphrase, cost or cost_for_this_machine(clock), with_recovery=False)
            try:
                media = FileRescue(self._folder, opened.key, MediaStore(incoming / MEDIA, key), self._step)
                rescued = self._fill(incoming / DATABASE, finds, key_file, key, clock, media)
                if not (rescued.saved or media.saved) and not self._is_sound:
                    raise VaultDamaged("nothing-left")
                self._prove(incoming / DATABASE, key_file, key)
                key_file.save(incoming)
                self._step(0)
                staging.commit(to, "replaced")
            finally:
                key.wipe()
            lock.release()
        lost = tuple(rescued.lost)
        not_files = sum(one.kind != "file" for one in lost)
        return SalvageResult(
            vault_id=key_file.vault_id,
            folder=to,
            records=rescued.saved + not_files,
            saved=rescued.saved,
            lost=lost,
            maybe_more=rescued.maybe_more,
            media=media.asked,
            media_saved=media.saved,
            pages=self._pages.count,
            pages_bad=self._pages.bad,
            backup=newest.file if newest else None,
            backup_made_at=newest.made_at if newest else None,
            in_backup=_held_by(newest, opened, lost) if newest and not_files else None,
        )

    @property
    def _is_sound(self) -> bool:
        return bool(self._pages.count) and not self._pages.bad

    def _fill(
        self, path: Path, finds: Finds, key_file: KeyFile, key: MasterKey, clock: Clock, media: FileRescue
    ) -> Rescued:
        db = create_database(path, key, key_file.cipher_salt)
        try:
            # As old as the damaged one, so that its rows fit; the newer steps then find them as at any opening.
            migrate(db, lambda: None, load_steps()[: finds.schema])
            meta = {
                "vault_id": key_file.vault_id,
                GENERATION: str(key_file.generation),
                "created_at": clock.now().isoformat(),
            }
            db.execute("PRAGMA foreign_keys=OFF")  # what a row belongs to may come later, or be lost
            with db.transaction():
                db.executemany("INSERT INTO vault_meta (key, value) VALUES (?, ?)", list(meta.items()))
                claimed = frozenset[str]().union(*(rescuer.tables for rescuer in self._rescuers))
                result = copy_tables(finds, db, media, claimed)
                for rescuer in self._rescuers:
                    result.add(rescuer.rescue(finds, db, media))
                result.add(drop_orphans(db))
            db.execute("PRAGMA foreign_keys=ON")
            migrate(db, lambda: None)
        finally:
            db.close()
        if is_plain_sqlite(path):
            path.unlink()
            raise EncryptionMissing("plain-file")
        return result

    def _prove(self, path: Path, key_file: KeyFile, key: MasterKey) -> None:
        """Open what was made with its key, and read all of it. Raises VaultDamaged where it is not what it must be."""
        identity = Identity(key_file.vault_id, key_file.generation)
        db = open_database(path, key, key_file.cipher_salt, identity, mode="ro")
        try:
            faults = find_faults(db)
            if faults.pages or faults.structure or not all(rescuer.prove(db) for rescuer in self._rescuers):
                raise VaultDamaged("salvage-proof")
        finally:
            db.close()

    # --- pages -----------------------------------------------------------

    def _belongs(self, opened: Opened) -> bool:
        """Whether any page opens with this key."""
        pages = self._pages_with(opened)
        return any(pages.plain(number) is not None for number in range(1, pages.count + 1))

    def _pages_with(self, opened: Opened) -> Pages:
        return _pages(self._file, opened, self._journal)

    def _step(self, size: int) -> None:
        self._done = min(self._done + size, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)


def _pages(file: BinaryIO, opened: Opened, journal: bytes = b"") -> Pages:
    key = opened.key.derive("db")
    try:
        return Pages(file, key, opened.key_file.cipher_salt, journal)
    finally:
        wipe(key)


def _database(folder: Path, stack: ExitStack) -> tuple[BinaryIO, bytes]:
    """The file to read, empty where it has gone, and the journal that a crash left beside it."""
    try:
        file: BinaryIO = stack.enter_context((folder / DATABASE).open("rb"))
    except FileNotFoundError:
        file = BytesIO()
    except OSError as error:
        raise storage_trouble(error, folder / DATABASE) from error
    try:
        with (folder / JOURNAL).open("rb") as journal:
            return file, journal.read(_LARGEST_JOURNAL)
    except OSError:
        return file, b""


def _bytes_of(folder: Path) -> int:
    total = 0
    for path in (folder / DATABASE, *(folder / MEDIA).glob("??/*")):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return max(total, PAGE)


def _held_by(newest: BackupInfo, opened: Opened, lost: Iterable[Lost]) -> int | None:
    """How many of the lost records the newest backup knows, by their ids alone; None where it can't be asked."""
    wanted = {one.id for one in lost if one.id is not None and one.kind != "file"}
    copy = BytesIO()
    try:
        with ContainerReader(newest.file) as backup:
            if backup.manifest.database_bytes > _LARGEST_JOURNAL:
                return None
            backup.database(copy, lambda _: None)
            key_file = KeyFile.from_bytes(backup.key_file)
    except (BackupDamaged, StorageTrouble, VaultDamaged, VaultNewer):
        return None
    pages = _pages(copy, Opened(key_file, opened.key))
    pages.look_at_all()
    if not pages.good:
        return None
    try:
        finds = Finds(pages)
    except CompanionError:
        return None
    known = {value for table in finds.tables() for row in finds.rows(table) for value in row.values.values()}
    return len(wanted & {value for value in known if isinstance(value, str)})
