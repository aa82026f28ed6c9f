"""States of Settings: its pages, the search, the sheets about the secrets, backups."""

from __future__ import annotations

import shutil
from functools import partial

from PySide6.QtWidgets import QLineEdit

from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.states.steps import go
from companion.selftest.worlds import PASSPHRASE
from companion.ui.shell.settings.take_out import TakeOut

WRONG = "lantern gravel seven gates"


def _section(stage: Stage, key: str) -> None:
    go(stage, "settings", key)


def _list(stage: Stage) -> None:
    _section(stage, "look")
    if stage.shows("All settings"):
        stage.press("All settings")


def _find(stage: Stage, words: str) -> None:
    _list(stage)
    stage.type("Find a setting", words)
    stage.afterwards(stage.named(QLineEdit, "Find a setting").clear)


def _changed(stage: Stage) -> None:
    _section(stage, "privacy")
    stage.press("Lock when I minimise")
    stage.afterwards(lambda: stage.app.shell.change_look(lock_on_minimise=False))


def _sheet(stage: Stage, button: str) -> None:
    _section(stage, "privacy")
    stage.press(button)


def _change(stage: Stage, old: str, new: str, again: str) -> None:
    _sheet(stage, "Change passphrase")
    _type_passphrases(stage, old, new, again)
    stage.press("No")
    stage.press("Change passphrase")


def _type_passphrases(stage: Stage, old: str, new: str, again: str) -> None:
    for name, words in (("Passphrase now", old), ("New passphrase", new), ("The same new words again", again)):
        stage.type(name, words)


def _unanswered(stage: Stage) -> None:
    _sheet(stage, "Change passphrase")
    _type_passphrases(stage, PASSPHRASE, PASSPHRASE, PASSPHRASE)
    stage.press("Change passphrase")


def _rotate(stage: Stage, *, hold: bool = False) -> None:
    _sheet(stage, "Change passphrase")
    _type_passphrases(stage, PASSPHRASE, PASSPHRASE, PASSPHRASE)
    stage.press("Yes, or not sure")
    if hold:
        stage.hold_vault()
    stage.press("Change passphrase")
    if not hold:
        stage.until(lambda: stage.shows("Companion cannot change those", part=True))


def _check(stage: Stage, *, typed: str = "") -> None:
    code = stage.on_vault(stage.services.vault.add_recovery_key)
    _sheet(stage, "Check the recovery key")
    if typed:
        stage.type("Recovery key", code if typed == "right" else typed)
        stage.press("Check it")


def _key(stage: Stage) -> None:
    _sheet(stage, "Make a recovery key")
    stage.press("Make a recovery key")


DEVICE = "Open without typing"


def _device(stage: Stage, *, typed: str = "", trouble: str = "") -> None:
    stage.key_store.trouble = trouble
    stage.afterwards(lambda: setattr(stage.key_store, "trouble", ""))
    _sheet(stage, DEVICE)
    if typed:
        stage.type("Passphrase", typed)
        stage.press("Turn on")


def _device_on(stage: Stage) -> None:
    _device(stage, typed=PASSPHRASE)
    stage.until(lambda: stage.services.vault.device.is_on)
    stage.afterwards(lambda: stage.on_vault(stage.services.vault.device.disable))


def _device_shared(stage: Stage) -> None:
    stage.app.shell.change_look(shared_computer=True)
    stage.afterwards(lambda: stage.app.shell.change_look(shared_computer=False))
    _device(stage)


def _backup(stage: Stage) -> None:
    _section(stage, "backup")
    stage.press("Make a backup now")
    stage.until(lambda: stage.shows("Backup done", part=True))


def _no_backup(stage: Stage) -> None:
    _section(stage, "backup")
    place = stage.services.vault.folder / "backups"
    place.write_bytes(b"")  # a file where a folder has to be
    stage.afterwards(place.unlink)
    stage.press("Make a backup now")


def _working(stage: Stage) -> None:
    _section(stage, "backup")
    stage.hold_vault()
    stage.press("Make a backup now")


def _take_out(stage: Stage, more: str = "") -> None:
    _section(stage, "backup")
    stage.press("Take notes out")
    if more:
        stage.press(more)


def _taken(stage: Stage, more: str = "") -> None:
    _take_out(stage)
    folder = stage.data.parent / "stick"
    folder.mkdir(exist_ok=True)
    stage.afterwards(partial(shutil.rmtree, folder, ignore_errors=True))
    stage.one(TakeOut).write_into(str(folder))
    stage.until(lambda: stage.shows("Keep it"))
    if more:
        stage.press(more)
        stage.until(lambda: stage.shows("The file is deleted."))


def _taking(stage: Stage) -> None:
    _take_out(stage)
    stage.hold_vault()
    stage.one(TakeOut).write_into(str(stage.data.parent))
    stage.afterwards(stage.one(TakeOut).stop)


def _take_days(stage: Stage) -> None:
    _take_out(stage, "Some days")
    stage.type("Last day", "x")
    stage.press("JSON")


def _no_place(stage: Stage) -> None:
    _take_out(stage)
    stage.one(TakeOut).write_into(str(stage.data.parent / "not there"))
    stage.settle()


_settings = partial(State, "settings")

STATES = (
    _settings("look", partial(_section, key="look"), small=True),
    _settings("list", _list, compact=True, small=True),
    _settings("privacy", partial(_section, key="privacy"), small=True),
    _settings("privacy-empty", partial(_section, key="privacy"), world="empty"),
    _settings("backup", partial(_section, key="backup"), small=True),
    _settings("backup-empty", partial(_section, key="backup"), world="empty"),
    _settings("country", partial(_section, key="country")),
    _settings("about", partial(_section, key="about")),
    _settings("find", partial(_find, words="lock")),
    _settings("find-none", partial(_find, words="zeppelin")),
    _settings("changed", _changed),
    _settings("passphrase-sheet", partial(_sheet, button="Change passphrase"), small=True),
    _settings("passphrase-wrong", partial(_change, old=WRONG, new=PASSPHRASE, again=PASSPHRASE)),
    _settings("passphrase-differs", partial(_change, old=PASSPHRASE, new=PASSPHRASE, again=WRONG)),
    _settings("recovery-sheet", partial(_sheet, button="Make a recovery key"), small=True),
    _settings("device-sheet", _device, small=True),
    _settings("device-shared", _device_shared),
    _settings("device-wrong", partial(_device, typed=WRONG)),
    _settings("device-no-key-store", partial(_device, typed=PASSPHRASE, trouble="none")),
    _settings("device-on", _device_on),
    _settings("files", partial(_sheet, button="Where are my files?")),
    _settings("backup-failed", _no_backup),
    _settings("backup-made", _backup),
    _settings("backing-up", _working),
    _settings("take-out", _take_out, small=True),
    _settings("take-out-json", partial(_take_out, more="JSON")),
    _settings("take-out-days", _take_days),
    _settings("take-out-failed", _no_place),
    _settings("taking-out", _taking),
    _settings("taken-out", _taken, small=True),
    _settings("taken-out-deleted", partial(_taken, more="Delete it now")),
    _settings("recovery-key", _key),
    _settings("recovery-check", _check, small=True),
    _settings("recovery-check-typo", partial(_check, typed="4f7k 9q2m")),
    _settings("recovery-check-good", partial(_check, typed="right")),
    _settings("passphrase-unanswered", _unanswered),
    _settings("key-changing", partial(_rotate, hold=True), small=True),
    _settings("key-changed", _rotate, small=True),
)
