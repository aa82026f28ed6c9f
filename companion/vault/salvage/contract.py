"""What salvage asks of a feature that knows its own rows, and what it hands back about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from companion.core.ids import MediaName, VaultId
from companion.vault.connection import Connection

if TYPE_CHECKING:
    from companion.vault.media import StoredMedia
    from companion.vault.salvage.finds import Finds


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that did not come back as it was last saved; never any words of it.

    `kind` is "entry", "version", "draft", "file" or the name of a table. `at` is its own time where that
    is known. `reason` is one of `REASONS`.
    """

    kind: str
    id: str | None
    at: datetime | None
    reason: str


REASONS = (
    "unreadable",  # on a damaged page; nothing of it came back
    "older-version",  # an older version of it came back
    "draft",  # what was typed and not kept yet came back in its place
    "beginning",  # only its beginning came back
    "labels",  # its words came back; its tags, people or feelings are not all there, or are from an earlier time
    "name",  # the file came back without its name
    "no-entry",  # the file came back, but which entry it belonged to is not known
    "file-missing",  # the file is not there
    "file-damaged",  # the file is damaged
    "without-owner",  # what it belonged to is lost
)


@dataclass(slots=True)
class Rescued:
    """How many records came back just as they were saved, and what did not; `maybe_more` may have left no trace."""

    saved: int = 0
    lost: list[Lost] = field(default_factory=list)
    maybe_more: bool = False

    def add(self, other: Rescued) -> None:
        """Count these too."""
        self.saved += other.saved
        self.lost += other.lost
        self.maybe_more = self.maybe_more or other.maybe_more


class MediaRescue(Protocol):
    """The attached files of the damaged vault."""

    def take(self, name: MediaName) -> StoredMedia | None:
        """Put this file into the new vault; what it is called there, or None where it is missing or damaged."""

    def why_lost(self, name: MediaName) -> str:
        """The reason for None."""

    def is_untaken(self, name: MediaName) -> bool:
        """Whether nobody took this file so far."""

    def untaken(self) -> Iterable[MediaName]:
        """Files of the damaged vault that nobody took so far."""


class Rescuer(Protocol):
    """A feature that proves its own rows. Tables that no rescuer claims are copied row by row as they are."""

    @property
    def tables(self) -> frozenset[str]:
        """The tables it takes care of."""

    def rescue(self, finds: Finds, into: Connection, media: MediaRescue) -> Rescued:
        """Write what is proved into the new database, inside its transaction; other tables are in it already."""

    def prove(self, db: Connection) -> bool:
        """Whether everything in the finished database reads as it was written."""


@dataclass(frozen=True, slots=True)
class SalvageResult:
    """A finished salvage: the new vault in `folder`, left locked, and what did not come back.

    `records` is what is known to have been there, `saved` what is back just as it was; both without files.
    `backup` is the newest backup beside the damaged vault that can be read, `backup_made_at` its time, and
    `in_backup` how many of the lost entries, versions and drafts are in it (None: not known).
    """

    vault_id: VaultId
    folder: Path
    records: int
    saved: int
    lost: tuple[Lost, ...]
    maybe_more: bool
    media: int
    media_saved: int
    pages: int
    pages_bad: int
    backup: Path | None = None
    backup_made_at: datetime | None = None
    in_backup: int | None = None
