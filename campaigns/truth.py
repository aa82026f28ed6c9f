"""Everything that reading a journal gives back, to be compared word by word with what is read after damage."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from campaigns import judge
from companion.core.errors import CompanionError
from companion.core.ids import EntryId, MediaName
from companion.journal.model import Page, Summary
from companion.journal.service import JournalService
from companion.vault.vault import Vault


@dataclass(slots=True)
class Truth:
    """What each question to the journal answers. The words to search for are fixed beforehand."""

    entries: dict[str, str] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(slots=True)
class Reading:
    """What reading after damage gave: refusals by name, and answers that are not the truth."""

    refused: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def ask(self, kind: str, question: Callable[[], object], truth: object) -> None:
        """A question has the true answer, or is refused with one of our errors."""
        try:
            answer = question()
        except CompanionError as error:
            self.refused[judge.named(error)] += 1
            return
        if answer != truth:
            self.wrong[kind] += 1


def learn(vault: Vault, journal: JournalService, words: list[str]) -> Truth:
    """Ask everything of a sound vault."""
    ids = [str(row[0]) for row in vault.connection.rows("SELECT id FROM entry WHERE state = 0")]
    return Truth(
        entries={entry_id: entry_digest(journal, entry_id) for entry_id in ids},
        attached={entry_id: attached_names(journal, entry_id) for entry_id in ids},
        rows=row_digests(journal),
        drafts=draft_digests(journal),
        files={name: file_digest(vault, name) for name in vault.media.names()},
        found={word: found_ids(journal, word) for word in words},
        tables=judge.tables_of(vault),
    )


def compare(vault: Vault, journal: JournalService, truth: Truth) -> Reading:
    """Ask everything again."""
    reading = Reading()
    for entry_id, digest in truth.entries.items():
        reading.ask("entry", partial(entry_digest, journal, entry_id), digest)
        reading.ask("list of files", partial(attached_names, journal, entry_id), truth.attached[entry_id])
    reading.ask("timeline", partial(row_digests, journal), truth.rows)
    reading.ask("drafts", partial(draft_digests, journal), truth.drafts)
    for name, digest in truth.files.items():
        reading.ask("file", partial(file_digest, vault, name), digest)
    for word, ids in truth.found.items():
        reading.ask("search", partial(found_ids, journal, word), ids)
    return reading


def entry_digest(journal: JournalService, entry_id: str) -> str:
    """One entry, every word of it."""
    return journal.entry(EntryId(entry_id)).content.digest()


def attached_names(journal: JournalService, entry_id: str) -> list[str]:
    """The files that an entry names."""
    return [attached.media for attached in journal.entry(EntryId(entry_id)).attachments]


def row_digests(journal: JournalService) -> dict[str, str]:
    """All rows of the timeline."""
    return {str(row.id): _row_digest(row) for page in _pages(journal) for row in page.entries}


def draft_digests(journal: JournalService) -> dict[str, str]:
    """All drafts."""
    return {str(draft.entry_id): draft.content.digest() for draft in journal.drafts()}


def file_digest(vault: Vault, name: str) -> str:
    """One attached file."""
    return hashlib.sha256(vault.media.read(MediaName(name))).hexdigest()


def found_ids(journal: JournalService, word: str) -> list[str]:
    """Which entries a search shows, with the words around."""
    found = journal.search(word, limit=100)
    return [str(found.total), *(f"{hit.id} {hit.title} {hit.snippet}" for hit in found.hits)]


def _row_digest(row: Summary) -> str:
    return hashlib.sha256(repr((row.at, row.title, row.excerpt, row.mood, row.tags, row.words)).encode()).hexdigest()


def _pages(journal: JournalService) -> Iterator[Page]:
    after: str | None = None
    while True:
        page = journal.page(after=after, limit=20)
        yield page
        after = page.next
        if after is None:
            return
