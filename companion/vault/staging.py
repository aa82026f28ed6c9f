"""Puts a finished vault in place of nothing or of another one, so that a crash leaves one whole vault.

Everything new is written into `incoming/` and flushed. Then one small file,
`incoming/ready`, is written: from that moment on the new vault is the vault.
Whoever opens the folder next (holding its lock) first does the moves that are
left: each old part goes to `quarantine/`, each new part to its place. Every
move is one rename and can be repeated, so a crash between any two of them only
means that the next opener goes on. Without `ready`, what lies in `incoming/`
was never a vault and is removed by the next create or restore.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Final

from companion.core.files import private_folder, storage_trouble, sync_folder, write_atomic
from companion.vault.presence import DATABASE, INCOMING, KEY_FILES, READY, is_pending

MEDIA: Final = "media"
QUARANTINE: Final = "quarantine"
BACKUPS: Final = "backups"
JOURNAL: Final = DATABASE + "-journal"
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,79}")
# The journal goes first: beside a new database an old journal would be played back into it. Of the two
# key files one is always in place, so that the folder is recognised as a vault at every moment.
_PARTS: Final = (MEDIA, DATABASE, *KEY_FILES)


def begin(folder: Path) -> Path:
    """An empty folder for the new vault; what an unfinished attempt left is removed. Hold the vault's lock."""
    incoming = folder / INCOMING
    try:
        if incoming.exists():
            shutil.rmtree(incoming)
    except OSError as error:
        raise storage_trouble(error, incoming) from error
    return private_folder(incoming)


def discard(folder: Path) -> None:
    """Remove an unfinished attempt, as far as the disk allows."""
    if not is_pending(folder):
        shutil.rmtree(folder / INCOMING, ignore_errors=True)


def commit(folder: Path, moved_to: str) -> Path | None:
    """Make what is in `incoming/` the vault; the folder that now holds what was there before, or None.

    `moved_to` names that folder inside `quarantine/`.
    """
    incoming = folder / INCOMING
    private_folder(incoming / MEDIA)
    sync_folder(incoming)
    write_atomic(incoming / READY, json.dumps({"moved_to": _free_name(folder, moved_to)}).encode())
    sync_folder(folder)
    return finish(folder)


def finish(folder: Path) -> Path | None:
    """Do the moves that a crash left undone, if any. Hold the vault's lock. Raises StorageTrouble."""
    incoming = folder / INCOMING
    ready = incoming / READY
    try:
        if not ready.exists():
            return None
        aside = folder / QUARANTINE / _noted(folder, ready.read_bytes())
        if (incoming / DATABASE).exists():
            _move(folder / JOURNAL, aside / JOURNAL)
        for name in _PARTS:
            if (incoming / name).exists():
                _move(folder / name, aside / name)
                _move(incoming / name, folder / name)
        sync_folder(folder)
        ready.unlink()
        shutil.rmtree(incoming, ignore_errors=True)
        sync_folder(folder)
        return aside if aside.exists() else None
    except OSError as error:
        raise storage_trouble(error, folder) from error


def _noted(folder: Path, note: bytes) -> str:
    """The name in a note; where it is damaged a free one, because the moves have to be done all the same."""
    try:
        name = json.loads(note)["moved_to"]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = None
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    return _free_name(folder, "replaced")


def _move(source: Path, target: Path) -> None:
    if not source.exists():
        return
    if not target.parent.exists():
        private_folder(target.parent.parent)
        private_folder(target.parent)
    os.replace(source, target)
    sync_folder(target.parent)
    sync_folder(source.parent)


def _free_name(folder: Path, wanted: str) -> str:
    name, number = wanted, 1
    while (folder / QUARANTINE / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name
