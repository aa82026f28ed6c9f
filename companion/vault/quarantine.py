"""Keeps one copy of a damaged file, so that whatever is tried next cannot make it worse."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from companion.core.errors import StorageTrouble
from companion.core.files import new_private_file, private_folder, sync_folder
from companion.vault.shelf import digest_of
from companion.vault.staging import QUARANTINE

_ROOM = 2


def keep_copy(vault_folder: Path, damaged: Path) -> Path | None:
    """Copy the damaged file into `quarantine/`, once for each content; the copy, or None where the disk has no room.

    Named by its content, so that trying to open it again makes no second one.
    The folder is never emptied by the program.
    """
    part: Path | None = None
    try:
        digest = digest_of(damaged)
        folder = private_folder(vault_folder / QUARANTINE)
        copy = folder / f"{damaged.stem}-{digest[:16]}{damaged.suffix}"
        if copy.exists():
            return copy
        if shutil.disk_usage(folder).free < _ROOM * damaged.stat().st_size:
            return None
        part = copy.with_name(f".{copy.name}.part")
        with damaged.open("rb") as source, new_private_file(part) as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        os.replace(part, copy)
        sync_folder(folder)
        return copy
    except (OSError, StorageTrouble):
        return None
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
