"""A throw-away data folder with an invented person's vault in it, and the same vault written where someone asks."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from companion.core.clock import Clock
from companion.core.files import storage_trouble, write_atomic
from companion.core.paths import Paths
from companion.demo.year import words, year
from companion.services import SettingsStore, new_vault_folder
from companion.vault.lockfile import LockFile, holder

if TYPE_CHECKING:
    from companion.journal.model import Content
    from companion.journal.service import JournalService
    from companion.vault.keyslots import Cost

DEMO_PASSPHRASE: Final = "four slow geese walking"
GREETING_PREFERENCE: Final = "greeting_name"
_FOLDER_PREFIX: Final = "companion-demo-"
_MARKER: Final = "companion-demo.json"
_MARK: Final = b'{"companion": "demo", "removable": true}\n'


@dataclass(frozen=True, slots=True)
class DemoWritten:
    """A vault with the invented year in it."""

    folder: Path
    entries: int


def fill(journal: JournalService, clock: Clock) -> int:
    """Put the invented year into an open journal, all of it or nothing; how many entries that made."""
    now = clock.now()
    zone = now.tzinfo
    assert zone is not None  # Clock.now is aware
    contents = [_not_later(content, now) for content in year(now.date(), zone)]
    return len(journal.add_many(contents))


def write_demo(folder: Path, passphrase: str, clock: Clock, cost: Cost | None = None) -> DemoWritten:
    """Make a vault at `folder`, fill it with the invented year, and leave it locked.

    `cost` makes the key derivation cheap in tests. Raises VaultExists,
    PassphraseTooShort, StorageTrouble.
    """
    from companion.journal.service import JournalService
    from companion.vault.vault import Vault

    vault = Vault(folder, clock, cost=cost)
    vault.create(passphrase)
    try:
        entries = fill(JournalService(vault, clock), clock)
        vault.preferences.put(GREETING_PREFERENCE, words()["person"])
    finally:
        vault.lock()
    return DemoWritten(folder, entries)


class DemoSpace:
    """A temporary data folder of the demo's own, removed by `close`, or by the next demo where a crash kept it.

    Making one creates the folder and its marker only; `make_vault` takes about a
    second and belongs on the vault thread.
    """

    def __init__(self, clock: Clock, parent: Path | None = None) -> None:
        self._clock = clock
        self._parent = parent or Path(tempfile.gettempdir())
        remove_leftovers(self._parent)
        try:
            folder = Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX, dir=self._parent))
        except OSError as error:
            raise storage_trouble(error, self._parent) from error
        self.paths = Paths(folder)
        self.passphrase = DEMO_PASSPHRASE
        self._lock = LockFile(folder, clock)
        # The lock comes before the marker: a marked folder that nobody holds is a leftover.
        self._lock.acquire()
        write_atomic(folder / _MARKER, _MARK)

    def make_vault(self, cost: Cost | None = None) -> DemoWritten:
        """Write the invented person's vault into this folder, where `services.build` finds it."""
        settings = SettingsStore(self.paths)
        written = write_demo(new_vault_folder(self.paths), self.passphrase, self._clock, cost)
        settings.change(first_run_done=True, last_vault=str(written.folder))
        return written

    def close(self) -> None:
        """Remove the folder and all that is in it; lock the vault first."""
        self._lock.release()
        shutil.rmtree(self.paths.data, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def remove_leftovers(parent: Path | None = None) -> list[Path]:
    """Remove demo folders of this account that no running demo holds; everything else is left alone."""
    removed = []
    for folder in sorted((parent or Path(tempfile.gettempdir())).glob(f"{_FOLDER_PREFIX}*")):
        if _is_leftover(folder):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def _is_leftover(folder: Path) -> bool:
    try:
        about, mark = folder.lstat(), (folder / _MARKER).lstat()
        if not stat.S_ISDIR(about.st_mode) or not stat.S_ISREG(mark.st_mode):
            return False
        if hasattr(os, "getuid") and about.st_uid != os.getuid():
            return False
        return (folder / _MARKER).read_bytes() == _MARK and holder(folder) is None
    except OSError:
        return False


def _not_later(content: Content, now: datetime) -> Content:
    return replace(content, at=now) if content.at > now else content
