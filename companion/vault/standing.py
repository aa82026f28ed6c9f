"""What is true now of the folder around the database, of this process, and of the newest backup; for the proof."""

from __future__ import annotations

import ctypes
import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.core.files import storage_trouble
from companion.vault.engine import is_plain_sqlite
from companion.vault.shelf import verify
from companion.vault.staging import BACKUPS, MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.vault.backup import Source
    from companion.vault.shelf import BackupInfo

# Every name this program gives a file in a vault's folder; docs/vault-format.md says what each is.
_OURS: Final = tuple(
    re.compile(pattern + r"\Z")
    for pattern in (
        r"vault\.db(-journal)?",
        r"keys(\.bak)?\.json",
        r"\.keys(\.bak)?\.json\.\d+\.new",
        r"vault\.lock",
        r"ballast",
        r"(backups/)?media/[0-9a-f]{2}/([0-9a-f]{64}|\.[^/]+\.part)",
        r"media/\.?[^/]*\.part[^/]*",
        r"backups/\.?[^/]+\.vbak(\.part[^/]*)?",
        r"backups/\.[^/]*\.part[^/]*",
        r"(quarantine|incoming)/.+",
    )
)
_READ_NOW_BYTES: Final = 256_000_000  # a backup larger than this is not read again while someone waits for the proof
_PR_GET_DUMPABLE: Final = 3  # Linux <sys/prctl.h>
_NOT_CACHED: Final = 5000  # bytes; glibc hands smaller pieces out again without a look at them
_FILLED_WITH: Final = 255 ^ 90  # what M_PERTURB fills a new piece with (mallopt(3))


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """What this process is protected by, read from it now; None where this system has no such thing to read."""

    no_core_file: bool | None
    closed_to_others: bool | None
    freed_memory_overwritten: bool | None

    @property
    def is_good(self) -> bool:
        """Nothing that could be read is against it."""
        return False not in (self.no_core_file, self.closed_to_others, self.freed_memory_overwritten)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found.

    `strangers` are files in the folder that this program has no name for or that are plain databases;
    `open_to_others` what other accounts may read or change; `backup_whole` whether every backup beside the vault can be
    read, and the newest one was read again to the last byte (None: there is none, or it is too large to be read now);
    `words_left` whether copies of words that were taken away may still be in the file.
    """

    strangers: tuple[str, ...]
    open_to_others: tuple[str, ...]
    temporary_in_memory: bool
    deleted_overwritten: bool
    process: ProcessFacts
    backup_whole: bool | None
    words_left: bool

    @property
    def is_good(self) -> bool:
        """Whether all of it is as it should be, backups left aside."""
        in_database = self.temporary_in_memory and self.deleted_overwritten
        return not self.strangers and not self.open_to_others and in_database and self.process.is_good


def look_around(source: Source, names: list[str], backups: list[BackupInfo]) -> Standing:
    """`names` are the files of the vault's folder. Raises StorageTrouble."""
    leftovers = source.connection.leftovers
    return Standing(
        strangers=strangers(source.folder, names),
        open_to_others=open_to_others(source.folder),
        temporary_in_memory=source.connection.value("PRAGMA temp_store") == 2,
        deleted_overwritten=source.connection.value("PRAGMA secure_delete") == 1,
        process=read_process(),
        backup_whole=_backup_whole(source, backups),
        words_left=leftovers is not None and leftovers.are_due,
    )


def strangers(folder: Path, names: list[str]) -> tuple[str, ...]:
    """Files that are not ours by name, and any unencrypted database. Raises StorageTrouble."""
    found = [name for name in names if not any(ours.match(name) for ours in _OURS) or _is_plain(folder / name)]
    return tuple(sorted(found))


def _is_plain(path: Path) -> bool:
    try:
        return is_plain_sqlite(path)
    except FileNotFoundError:  # gone since it was listed
        return False
    except OSError as error:
        raise storage_trouble(error, path) from error


def open_to_others(folder: Path) -> tuple[str, ...]:
    """Names in the folder, "." for itself, that other accounts may read or change; () where modes say nothing."""
    if os.name != "posix":
        return ()
    others = stat.S_IRWXG | stat.S_IRWXO
    try:
        everything = (folder, *sorted(folder.rglob("*")))
        found = [path for path in everything if path.lstat().st_mode & others and not path.is_symlink()]
    except OSError as error:
        raise storage_trouble(error, folder) from error
    return tuple(path.relative_to(folder).as_posix() for path in found)


def read_process() -> ProcessFacts:
    """Ask the system, not what was set up once."""
    return ProcessFacts(_no_core_file(), _closed_to_others(), _freed_memory_overwritten())


def _no_core_file() -> bool | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def _closed_to_others() -> bool | None:
    prctl = _libc("prctl")
    if prctl is None or Path("/.flatpak-info").exists():  # Flatpak keeps others out by itself
        return None
    return bool(prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0)


def _freed_memory_overwritten() -> bool | None:
    """By taking a piece of memory and looking what is in it: with the protection on, it was filled."""
    if _libc("gnu_get_libc_version") is None:
        return None
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    piece = libc.malloc(ctypes.c_size_t(_NOT_CACHED))
    if not piece:
        return None
    try:
        return ctypes.string_at(piece, _NOT_CACHED) == bytes([_FILLED_WITH]) * _NOT_CACHED
    finally:
        libc.free(piece)


def _libc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def _backup_whole(source: Source, backups: list[BackupInfo]) -> bool | None:
    if any(not info.ok for info in backups):
        return False
    if not backups or backups[0].size_bytes > _READ_NOW_BYTES:
        return None
    return verify(backups[0], source.key_file.vault_id, source.key, (source.folder / BACKUPS / MEDIA,))
