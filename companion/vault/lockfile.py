"""`vault.lock`: held while a vault is open, so that only one Companion writes to it."""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from companion.core.clock import Clock
from companion.core.errors import OpenElsewhere, StorageTrouble, VaultInUse
from companion.core.files import storage_trouble
from companion.vault.presence import DATABASE

LOCK_NAME = "vault.lock"
_TRIES = 5
_WAIT_SECONDS = 0.02
_LONGEST = 4096
# Windows locks bytes for reading too, so the lock lies behind what is written for others to read.
_LOCK_BYTE = 1 << 30
_HELD_ERRORS = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class Holder(NamedTuple):
    """Who has a vault open; fields are None where the lock file does not say.

    `computer` is the random name that a computer has for itself, `database` which file it opened.
    """

    pid: int | None
    host: str | None
    since: datetime | None
    computer: str = ""
    database: int = 0


class LockFile:
    """An operating-system lock on one file; it ends with the process, however that ends.

    Where the file system has no locks (some network and synced folders), what the
    file says is believed instead: a living process on this computer, or any on another one.
    """

    def __init__(self, folder: Path, clock: Clock, name: str = LOCK_NAME, *, computer: str = "") -> None:
        self.path = folder / name
        self._clock = clock
        self._computer = computer
        self.found = Holder(None, None, None)
        self._raw = b""
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._handle is not None

    def acquire(self, *, even_from_elsewhere: bool = True) -> None:
        """Hold the lock; `found` is then what stood in the file before. Raises VaultInUse, StorageTrouble.

        Without `even_from_elsewhere`, what another computer wrote there is believed (OpenElsewhere): in a synced
        folder the file travels, and the lock on it does not.
        """
        if self._handle is not None:
            return
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise storage_trouble(error, self.path) from error
        try:
            self._take(handle)
            self._raw = _raw(self.path)
            self.found = _parsed(self._raw)
            if not even_from_elsewhere and self._is_elsewhere(self.found):
                _unlock(handle)
                raise OpenElsewhere(self.found.host, self.found.since)
            self._write(handle)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle

    def note_database(self) -> None:
        """Another file is the database now: after a crash its journal must be known as its own."""
        if self._handle is not None:
            with suppress(StorageTrouble):  # then the journal is tried on a copy first
                self._write(self._handle)

    def release(self, *, as_found: bool = False) -> None:
        """Let others open the vault; the file stays, empty.

        `as_found` is for who came no further than the lock: what a crash left written there still counts for the next.
        """
        handle, self._handle = self._handle, None
        if handle is None:
            return
        # The lock itself ends with the handle, whatever the disk says.
        with suppress(OSError):
            os.ftruncate(handle, 0)
            if as_found:
                os.lseek(handle, 0, os.SEEK_SET)
                os.write(handle, self._raw)
        with suppress(OSError):
            _unlock(handle)
        os.close(handle)

    def _take(self, handle: int) -> None:
        for attempt in range(_TRIES):
            try:
                held = not _try_lock(handle)
            except OSError as error:
                if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
                    raise storage_trouble(error, self.path) from error
                held = _seems_alive(_read(self.path))
            if not held:
                return
            if attempt < _TRIES - 1:
                # A look at the lock by `holder`, or one that is just being given up, lasts milliseconds.
                threading.Event().wait(_WAIT_SECONDS)
        found = _read(self.path)
        raise VaultInUse(found.pid, found.since)

    def _is_elsewhere(self, found: Holder) -> bool:
        if found.pid is None or found.host == _host():
            return False
        # A computer can get another name from its network overnight; the one it gave itself stays.
        return not (self._computer and found.computer == self._computer)

    def _write(self, handle: int) -> None:
        facts = {
            "pid": os.getpid(),
            "host": _host(),
            "since": self._clock.now().isoformat(),
            "computer": self._computer,
            "database": database_number(self.path.parent),
        }
        try:
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, json.dumps(facts).encode())
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise storage_trouble(error, self.path) from error
            # A full disk must not keep anyone from reading or deleting; the lock itself is held.


def database_number(folder: Path) -> int:
    """Which file the database is on its disk (its inode); 0 where there is none."""
    try:
        return (folder / DATABASE).stat().st_ino
    except OSError:
        return 0


def is_this_computer(found: Holder) -> bool:
    """Whether the lock file was written on this computer, by its network's name."""
    return found.host == _host()


def holder(folder: Path) -> Holder | None:
    """Who has the vault in this folder open, or None. Changes nothing."""
    path = folder / LOCK_NAME
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        if _try_lock(handle):
            _unlock(handle)
            return None
    except OSError:
        found = _read(path)
        return found if _seems_alive(found) else None
    finally:
        os.close(handle)
    return _read(path)


def _read(path: Path) -> Holder:
    return _parsed(_raw(path))


def _raw(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except OSError:
        return b""


def _parsed(raw: bytes) -> Holder:
    try:
        facts = json.loads(raw)
        since = datetime.fromisoformat(facts["since"])
        computer, database = str(facts.get("computer", "")), int(facts.get("database", 0))
        return Holder(int(facts["pid"]), str(facts["host"]), since, computer, database)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Holder(None, None, None)


def _host() -> str:
    """The name of this computer on its network."""
    if os.name == "posix":
        return os.uname().nodename
    import platform

    return platform.node()


def _seems_alive(found: Holder) -> bool:
    if found.pid is None:
        return False
    if found.host != _host():
        return True
    if found.pid == os.getpid() or os.name != "posix":
        return True  # signal 0 is not a question on Windows
    try:
        os.kill(found.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _LOCK_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in _HELD_ERRORS:
                return False
            raise
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, _LOCK_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD_ERRORS:
                return False
            raise
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
