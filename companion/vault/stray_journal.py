"""A journal beside the database that this computer did not leave there: never simply played back.

After a crash here, SQLite's journal takes back what was half written, and that is
right. But a sync program can bring a journal from another computer, or put another
database beside the journal that is here. Played back, old pages would go into a newer
file, each of them authentic. So such a journal is first tried on a copy of both.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from companion.core.errors import CompanionError
from companion.core.files import private_folder, storage_trouble, sync_folder
from companion.vault.connection import Connection, open_database
from companion.vault.guards import Identity
from companion.vault.keyed import Mode
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.lineage import Mark, read_lineage
from companion.vault.lockfile import Holder, database_number, is_this_computer
from companion.vault.presence import DATABASE
from companion.vault.quarantine import keep_copy
from companion.vault.soundness import find_faults
from companion.vault.staging import JOURNAL, QUARANTINE


def keep_stray_journal_out(folder: Path, key_file: KeyFile, key: MasterKey, last: Holder) -> None:
    """Move a journal that does not belong to the database into `quarantine/`; leave one that does.

    `last` is who had the vault open last and did not close it. Raises StorageTrouble.
    """
    if is_this_computer(last) and last.database == database_number(folder) != 0:
        return  # a crash here, and the file is still the one that was open
    try:
        if not (folder / JOURNAL).stat().st_size:
            return
        alone = _state(folder / DATABASE, key_file, key, "still")
        played = _played(folder, key_file, key)
    except OSError as error:
        raise storage_trouble(error, folder) from error
    if not _belongs(alone, played):
        _put_aside(folder)


def _belongs(alone: Mark | None, played: Mark | None) -> bool:
    """Whether playing it back is right; None stands for a file that is not whole.

    Its pages are from before one transaction. Where the database is whole without it and knows of that
    transaction, the transaction was finished.
    """
    if played is None:
        return alone is None  # neither is whole: the file is damaged, and stays as it was found
    return alone is None or alone == played


def _played(folder: Path, key_file: KeyFile, key: MasterKey) -> Mark | None:
    """What the database would be after playing the journal back, tried on a copy beside."""
    trial = folder / QUARANTINE / ".trial"
    shutil.rmtree(trial, ignore_errors=True)
    private_folder(trial.parent)
    private_folder(trial)
    try:
        for name in (DATABASE, JOURNAL):
            shutil.copyfile(folder / name, trial / name)
        return _state(trial / DATABASE, key_file, key, "rw")
    finally:
        shutil.rmtree(trial, ignore_errors=True)


def _state(path: Path, key_file: KeyFile, key: MasterKey, mode: Mode) -> Mark | None:
    """The moment a database is at, or None where it is not whole."""
    try:
        connection: Connection = open_database(path, key, key_file.cipher_salt, Identity(key_file.vault_id), mode=mode)
    except CompanionError:
        return None
    try:
        faults = find_faults(connection)
        broken = connection.rows("PRAGMA foreign_key_check")
        whole = not (faults.pages or faults.structure or faults.search_index or broken)
        return read_lineage(connection).mark if whole else None
    except CompanionError:
        return None
    finally:
        connection.close()


def _put_aside(folder: Path) -> None:
    journal = folder / JOURNAL
    keep_copy(folder, folder / DATABASE)
    target = private_folder(folder / QUARANTINE) / f"{JOURNAL}-{journal.stat().st_mtime_ns:x}"
    try:
        os.replace(journal, target)
    except OSError as error:
        raise storage_trouble(error, journal) from error
    with suppress(OSError):
        sync_folder(folder)
