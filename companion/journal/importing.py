"""Bringing another journal in: read in a child process, staged in the vault, made live in one step, taken back in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from companion.core.clock import Clock
from companion.core.errors import InputRefused, Stopped
from companion.core.ids import BatchId, EntryId, new_id
from companion.journal import batches
from companion.journal.encoding import fingerprint
from companion.journal.importers.records import ImportedEntry
from companion.journal.model import (
    Attachment,
    Content,
    ImportReport,
    Refusal,
    Source,
    Summary,
    Undone,
    count_words,
    excerpt,
)
from companion.journal.reading import Batch, MediaStream, Reading
from companion.journal.reading import Summary as ReadingSummary
from companion.journal.store import STAGED, EntryStore

if TYPE_CHECKING:
    from companion.vault.vault import Vault

T = TypeVar("T")
OnVault = Callable[[Callable[[], T]], T]
Progress = Callable[[int, int], None]
PREVIEW_ROWS = 200


def _here(job: Callable[[], T]) -> T:
    return job()


@dataclass(slots=True)
class _Tally:
    """What was met so far."""

    found: int = 0
    new: int = 0
    duplicates: int = 0
    refused: list[Refusal] = field(default_factory=list)
    first_day: str | None = None
    last_day: str | None = None
    preview: list[Summary] = field(default_factory=list)
    seen_ids: set[str] = field(default_factory=set)
    seen_prints: set[str] = field(default_factory=set)

    def note_day(self, day: str) -> None:
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)
