"""What is known of a second copy of a space's files, as data that an error can carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A file or folder that looks like a second copy, as a sync program makes one; it was only read.

    `kind`: "database", "keys", "folder", "journal" (never to be played back) or "files" (`notes` counts them).
    `relation` to the space it lies beside: "newer", "older", "same", "apart" (both went on by themselves), or
    "unknown" where it does not open with this space's key. `notes` and `changed_at` are None where nobody can tell.
    """

    path: Path
    kind: str
    relation: str
    notes: int | None = None
    changed_at: datetime | None = None

    @property
    def can_be_opened(self) -> bool:
        """Whether it holds notes that were read with this space's key."""
        return self.kind in ("database", "folder") and self.relation != "unknown"
