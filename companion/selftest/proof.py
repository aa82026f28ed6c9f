"""Notes survive: made at the shipped cost, searched in the window, backed up, restored elsewhere, checked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from companion.core.clock import SystemClock
from companion.demo import fill
from companion.journal.service import JournalService
from companion.selftest.stage import Stage
from companion.selftest.states.first_run import make_space
from companion.selftest.states.steps import go
from companion.selftest.worlds import PASSPHRASE
from companion.ui.journal.search_tab import SearchTab
from companion.vault.restoring import restore
from companion.vault.vault import Vault

WORDS = "river"


class ProofFailed(Exception):
    """Notes did not come through; says at which step."""


def prove(qt: QApplication, folder: Path) -> int:
    """Go the whole way with the key derivation that people get. Returns how many notes came through."""
    data = folder / "data"
    data.mkdir(parents=True)
    stage = Stage(qt, data, SystemClock(), cost=None)
    try:
        make_space(stage)
        space = stage.services
        count = stage.on_vault(lambda: fill(space.journal, stage.app.clock))
        _search(stage)
        backup = stage.on_vault(lambda: space.vault.backup().file)
        checked = stage.on_vault(space.vault.check)
        if not checked.ok:
            raise ProofFailed("check")
        stage.app.shell.lock()
        stage.settle()
        restored = stage.on_vault(lambda: _restored(backup, folder / "elsewhere.vault"))
    finally:
        stage.close()
    if restored != count:
        raise ProofFailed("restore")
    return count


def _search(stage: Stage) -> None:
    expected = stage.on_vault(lambda: stage.services.journal.search(WORDS).total)
    go(stage, "journal", "search")
    stage.type("Words to find", WORDS)
    stage.key(Qt.Key.Key_Return)
    shown = stage.one(SearchTab).model.rowCount()
    if not expected or not shown:
        raise ProofFailed("search")


def _restored(backup: Path, folder: Path) -> int:
    """How many whole notes the backup gives in another place. Runs on the vault thread."""
    clock = SystemClock()
    restore(backup, folder, PASSPHRASE, clock)
    vault = Vault(folder, clock)
    vault.unlock(PASSPHRASE)
    try:
        found = JournalService(vault, clock).verify()
        if not vault.check().ok or found.entries_bad or found.media_bad:
            raise ProofFailed("restored check")
        return found.entries
    finally:
        vault.lock()
