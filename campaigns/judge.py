"""Reads a whole vault again and says what it holds and what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from companion.core.errors import CompanionError
from companion.core.ids import EntryId
from companion.journal.service import JournalService
from companion.journal.store import EntryStore
from companion.vault import contents
from companion.vault.vault import Vault

State = dict[str, str]
_LOOSE = ("*-journal", "*-wal", "*-shm", "*.part", "*.new", ".*.part", ".*.new", ".new-*", "incoming")


def state_of(vault: Vault, journal: JournalService) -> State:
    """Every entry, draft and file, each with the digest of what is read now. Raises our errors for what cannot be."""
    store = EntryStore(vault.connection)
    state: State = {}
    for row in vault.connection.rows("SELECT id FROM entry WHERE state <> 2"):
        entry = store.entry(EntryId(row[0]), include_deleted=True)
        standing = "deleted" if entry.deleted_at else "live"
        state[f"entry {entry.id}"] = f"{standing} {entry.content.digest()} {entry.revisions}"
    for draft in journal.drafts():
        state[f"draft {draft.entry_id}"] = draft.content.digest()
    for name in vault.media.names():
        state[f"file {name}"] = hashlib.sha256(vault.media.read(name)).hexdigest()
    return state


def faults_of(vault: Vault, journal: JournalService) -> list[str]:
    """What reading every page, entry, file and backup again shows; nothing where all is well."""
    found: list[str] = []
    try:
        report = vault.check()
        if report.cipher_pages_bad:
            found.append(f"{report.cipher_pages_bad} pages fail their HMAC")
        found += [f"structure: {line}" for line in report.faults]
        if not report.search_index_fits:
            found.append("the search index does not fit")
        if not report.key_file.copies == report.key_file.valid == 2:
            found.append(f"key file: {report.key_file.valid} of {report.key_file.copies} copies are good")
        found += [f"attachment {name[:8]} is damaged" for name in report.media_bad]
        found += [f"backup {backup.file.name} does not pass" for backup in report.backups if not backup.ok]
        verified = journal.verify()
        found += [f"entry {entry_id} is not what was saved" for entry_id in verified.entries_bad]
        found += [f"attachment {name[:8]} of an entry is bad" for name in verified.media_bad]
        if verified.search_index != "ok":
            found.append("the search index had to be made anew")
        if vault.connection.value("SELECT count(*) FROM entry WHERE state = 2"):
            found.append("half an import is left")
    except CompanionError as error:
        found.append(f"check ended in {named(error)}")
    return found


def left_over(folder: Path) -> list[str]:
    """Files that must not lie in a vault that was opened and locked again."""
    names = {path.relative_to(folder).as_posix() for pattern in _LOOSE for path in folder.rglob(pattern)}
    return [f"left behind: {name}" for name in sorted(names)]


def tables_of(vault: Vault) -> dict[str, str]:
    """A digest for each table, over every value of every row."""
    db = vault.connection
    return {name: contents.table_digest(db, name, contents.columns(db, name))[1] for name in contents.tables(db)}


def named(error: BaseException) -> str:
    """An error by its class and its code word; never its text, which may hold a path."""
    reason = getattr(error, "reason", None)
    return type(error).__name__ + (f"({reason})" if isinstance(reason, str) else "")


def kept(found: State, states: Sequence[State]) -> list[str]:
    """What of `found` is in none of the states, one after the other, in which the vault may be; nothing if it is one.

    What is acknowledged is in all of them, so this is what was lost.
    """
    if found in states:
        return []
    return list(_differing(found, states)) or ["what is there never was there together"]


def _differing(found: State, states: Sequence[State]) -> Iterator[str]:
    for key in sorted(set(found).union(*states)):
        allowed = {state.get(key) for state in states}
        if found.get(key) not in allowed:
            kind = key.partition(" ")[0]
            yield f"{kind} {'is gone' if key not in found else 'is not what was acknowledged'}"
