"""Whether a database is whole: every page, its structure, and its content against known figures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from companion.core.errors import BackupDamaged, StorageTrouble, VaultDamaged
from companion.vault.connection import Connection, open_database
from companion.vault.contents import Contents, read_contents
from companion.vault.guards import Identity
from companion.vault.keyslots import KeyFile, MasterKey

# SQLite reports a search index that does not fit its table among real faults; the entries are not touched by it.
_INDEX_FAULTS = ("malformed inverted index", "unable to validate the inverted index")
_LESS_THAN_A_PAGE, _LARGEST_ROW = 3000, 64 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a database: pages that fail their HMAC, structure, and the search index."""

    pages: int
    structure: tuple[str, ...]
    search_index: bool


def find_faults(connection: Connection, *, quick: bool = False) -> Faults:
    """Check every page and the structure of the whole file; `quick` leaves out comparing indexes with tables."""
    # One row for each bad page: the first row alone is not the answer.
    pages = len(connection.rows("PRAGMA cipher_integrity_check"))
    try:
        lines = [str(row[0]) for row in connection.rows("PRAGMA quick_check" if quick else "PRAGMA integrity_check")]
    except VaultDamaged as error:
        lines = [error.reason]
    faults = [line for line in lines if line != "ok"]
    index = [line for line in faults if line.startswith(_INDEX_FAULTS)]
    return Faults(pages, tuple(line for line in faults if line not in index), bool(index))


def prove_copy(
    path: Path,
    key: MasterKey,
    key_file: KeyFile,
    expected: Contents,
    on_open: Callable[[Connection], None] = lambda _: None,
) -> None:
    """Open the copy with its key and compare it with what it must hold. Raises BackupDamaged, StorageTrouble.

    `on_open` gets the connection that does the work, so that another thread can interrupt it (Stopped).
    """
    try:
        connection = open_database(
            path, key, key_file.cipher_salt, Identity(key_file.vault_id, key_file.generation), mode="ro"
        )
        try:
            on_open(connection)
            faults = find_faults(connection, quick=True)
            found = read_contents(connection)
        finally:
            connection.close()
    except VaultDamaged as error:
        raise BackupDamaged(error.reason) from error
    if faults.pages or faults.structure:
        raise BackupDamaged("pages" if faults.pages else "structure")
    if found.tables != expected.tables:
        raise BackupDamaged("rows")
    if found.digest != expected.digest:
        raise BackupDamaged("content")


def renew_free_pages(connection: Connection) -> None:
    """Write the pages that belong to nothing anew, where a power cut left one of them half written.

    SQLite keeps no copy of such a page in its journal, because its content has no
    meaning. But here it has an HMAC: half written it looks like damage to every
    check, and no copy of the file can be made (VACUUM fails too). Taking all free
    pages into use and giving them back needs none of them to be read. Where the
    disk has no room for that, or more than free pages is damaged, all stays as it is.
    """
    if not connection.value("PRAGMA freelist_count") or not connection.rows("PRAGMA cipher_integrity_check"):
        return
    with suppress(StorageTrouble, VaultDamaged), connection.transaction():
        connection.execute("CREATE TABLE free_pages (content BLOB)")
        while free := int(connection.value("PRAGMA freelist_count")):
            size = min(free * _LESS_THAN_A_PAGE, _LARGEST_ROW)
            connection.execute("INSERT INTO free_pages VALUES (zeroblob(?))", (size,))
        connection.execute("DROP TABLE free_pages")
