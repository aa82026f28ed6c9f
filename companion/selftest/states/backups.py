"""States of the page of backups: the list, one backup tested or brought back, the second place, moving."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from companion.core.errors import DiskFull
from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.states.steps import go
from companion.ui.shell.backup_file import BackupFileSheet
from companion.ui.shell.settings.page import SettingsPage

ANOTHER = "/media/blue stick"


def _page(stage: Stage) -> SettingsPage:
    go(stage, "settings", "backup")
    return stage.one(SettingsPage)


def _with_backups(stage: Stage, number: int = 2) -> Path:
    vault = stage.services.vault
    files = [stage.on_vault(lambda: vault.backup().file) for _ in range(number)]
    stage.afterwards(lambda: shutil.rmtree(vault.folder / "backups"))
    _page(stage).backup.arrive()
    stage.settle()
    return files[-1]


def _list(stage: Stage, number: int) -> None:
    _with_backups(stage, number)


def _less(stage: Stage) -> None:
    _with_backups(stage)
    page = stage.one(SettingsPage).backup
    page.backups.show_backups(page.backups.listed, holds_back=True, trouble=DiskFull(Path("vault")))
    stage.settle()


def _sheet(stage: Stage) -> Path:
    file = _with_backups(stage, 1)
    stage.one(SettingsPage).backup.open_backup(file)
    stage.until(lambda: stage.shows("In this backup", part=True))
    return file


def _open_sheet(stage: Stage) -> None:
    _sheet(stage)


def _tested(stage: Stage) -> None:
    _sheet(stage)
    stage.press("Test this backup")
    stage.until(lambda: stage.shows("This backup opens", part=True))


def _testing(stage: Stage) -> None:
    _sheet(stage)
    stage.hold_vault()
    stage.press("Test this backup")


def _test_failed(stage: Stage) -> None:
    file = _sheet(stage)
    raw = bytearray(file.read_bytes())
    raw[20000] ^= 1
    file.write_bytes(raw)
    stage.press("Test this backup")
    stage.until(lambda: stage.shows("did not pass the check", part=True))


def _restore(stage: Stage) -> None:
    _sheet(stage)
    stage.press("Bring it back")
    stage.until(lambda: stage.shows("Here now", part=True))


def _restore_wrong(stage: Stage) -> None:
    _restore(stage)
    stage.type("Passphrase of this backup", "lantern gravel seven gates")
    stage.press("Put it in place")
    stage.until(lambda: stage.shows("Wrong passphrase for this backup", part=True))


def _move(stage: Stage) -> None:
    _page(stage).backup.show_move()
    stage.settle()


def _place(stage: Stage, folder: Path) -> None:
    page = _page(stage)
    page.backup.place.choose(folder)
    keeping = stage.services.keeping
    stage.afterwards(lambda: stage.on_vault(lambda: keeping.choose_place(None)))
    stage.afterwards(lambda: shutil.rmtree(stage.services.vault.folder / "backups", ignore_errors=True))


def _place_there(stage: Stage) -> None:
    stick = Path(tempfile.mkdtemp(prefix="companion-stick-"))
    stage.afterwards(lambda: shutil.rmtree(stick))
    _place(stage, stick)
    stage.until(lambda: stage.shows("It is there now", part=True))


def _place_missing(stage: Stage) -> None:
    _place(stage, Path(ANOTHER))
    stage.until(lambda: stage.shows("It is not there now", part=True))


def _have_a_file(stage: Stage) -> None:
    stage.press("I have a backup file")
    stage.one(BackupFileSheet).take(Path(ANOTHER) / "20261103-1820-manual.vbak")
    stage.settle()


_state = partial(State, "backups")

STATES = (
    _state("list", partial(_list, number=2), small=True),
    _state("many", partial(_list, number=8)),
    _state("less-and-failed", _less),
    _state("sheet", _open_sheet, small=True),
    _state("testing", _testing),
    _state("tested", _tested),
    _state("test-failed", _test_failed),
    _state("restore-sheet", _restore, small=True),
    _state("restore-wrong", _restore_wrong),
    _state("move", _move, small=True),
    _state("second-place-there", _place_there),
    _state("second-place-missing", _place_missing),
    State("lock", "backup-file", _have_a_file, world="none", opened=False),
)
