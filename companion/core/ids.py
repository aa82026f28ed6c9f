"""Typed identifiers that cannot be mixed up."""

from __future__ import annotations

import secrets
from typing import NewType

EntryId = NewType("EntryId", str)
BatchId = NewType("BatchId", str)
VaultId = NewType("VaultId", str)
MediaName = NewType("MediaName", str)


def new_id() -> str:
    """A fresh random identifier: 26 lower-case hexadecimal characters (104 bits)."""
    return secrets.token_hex(13)
