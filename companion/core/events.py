"""Changed: the one value that says what a write touched, so that other views can look again."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What sort of record a write touched."""

    JOURNAL = "journal"
    SETTINGS = "settings"
    VAULT = "vault"


@dataclass(frozen=True, slots=True)
class Changed:
    """A write touched these records; empty `ids` means any of the kind."""

    kind: Kind
    ids: frozenset[str] = field(default_factory=frozenset)
