"""Whether a folder holds a vault: by the names of its parts, before anything of it is loaded or opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from companion.core.errors import StorageTrouble
from companion.core.files import storage_trouble

DATABASE: Final = "vault.db"
KEY_FILES: Final = ("keys.bak.json", "keys.json")
INCOMING: Final = "incoming"
READY: Final = "ready"


def holds_vault(folder: Path) -> bool:
    """Whether any part of a vault is here; one that is damaged or shut counts, so that it is never built over."""
    try:
        return is_pending(folder) or any(is_there(folder / name) for name in (DATABASE, *KEY_FILES))
    except StorageTrouble:
        return True


def is_pending(folder: Path) -> bool:
    """Whether a finished vault waits for the moves that a crash left undone. Raises StorageTrouble where it is shut."""
    return is_there(folder / INCOMING / READY)


def is_there(path: Path) -> bool:
    """Whether there is something at this path. Raises StorageTrouble where nobody may look."""
    try:
        return path.exists()
    except OSError as error:
        raise storage_trouble(error, path.parent) from error
