"""Whether a folder holds a vault: by the names of its parts, before anything of it is loaded or opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DATABASE: Final = "vault.db"
KEY_FILES: Final = ("keys.bak.json", "keys.json")
INCOMING: Final = "incoming"
READY: Final = "ready"


def holds_vault(folder: Path) -> bool:
    """Whether any part of a vault is here; a damaged one counts, so that it is never built over."""
    return is_pending(folder) or any((folder / name).exists() for name in (DATABASE, *KEY_FILES))


def is_pending(folder: Path) -> bool:
    """Whether a finished vault waits for the moves that a crash left undone."""
    return (folder / INCOMING / READY).exists()
