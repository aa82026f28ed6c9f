"""States of the lock screen and of the cover."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt

from companion.core.errors import StaleCopy
from companion.selftest.stage import Stage
from companion.selftest.state import State, nothing
from companion.selftest.states.steps import fail_every_write, write_a_note
from companion.selftest.still_clock import StillClock
from companion.selftest.worlds import PASSPHRASE
from companion.ui.shell.unlock import LockScreen
from companion.vault.lockfile import LOCK_NAME, LockFile
from companion.vault.presence import DATABASE

WRONG = "lantern gravel seven gates"


def _try(stage: Stage, passphrase: str = WRONG) -> None:
    stage.type("Passphrase", passphrase)
    stage.press("Open")


def _bring_back(stage: Stage) -> None:
    _try(stage, PASSPHRASE)
    stage.settle()
    stage.press("Open the backup")


def _salvage(stage: Stage, passphrase: str = "") -> None:
    _try(stage, PASSPHRASE)
    stage.settle()
    stage.press("Save what can still be read")
    if passphrase:
        stage.type("Passphrase of the damaged space", passphrase)
        stage.press("Save it now")
        stage.until(lambda: stage.shows("Open the new space") or not stage.shows("Stop"))


def _opening(stage: Stage) -> None:
    stage.hold_vault()
    _try(stage)


def _in_use(stage: Stage) -> None:
    lock = LockFile(stage.app.spaces.known()[0], StillClock())
    lock.acquire()
    stage.afterwards(lock.release)
    _try(stage, PASSPHRASE)


def _key_store(stage: Stage, trouble: str = "") -> None:
    stage.until(lambda: stage.shows("Open without typing"))
    if trouble:
        stage.key_store.trouble = trouble
        stage.afterwards(lambda: setattr(stage.key_store, "trouble", ""))
        stage.press("Open without typing")


def _due(stage: Stage) -> None:
    _key_store(stage)
    stage.press("Open without typing")


def _open_elsewhere(stage: Stage) -> None:
    lock = stage.app.spaces.known()[0] / LOCK_NAME
    lock.write_text(json.dumps({"pid": 4711, "host": "laptop", "since": StillClock().now().isoformat()}))
    stage.afterwards(lambda: lock.write_text(""))
    _try(stage, PASSPHRASE)


def _older_copy(stage: Stage) -> None:
    """The space as it was before its last evening; the newer one lies beside it."""
    database = stage.app.spaces.known()[0] / DATABASE
    vault = stage.services.vault
    newer = database.with_name("vault.sync-conflict-20261122-101010-ABC1234.db")

    def write(text: str) -> None:
        vault.unlock(PASSPHRASE)
        vault.preferences.put("evening", text)
        vault.lock()

    def put_back() -> None:
        write("first")
        old = database.read_bytes()
        write("second")
        database.rename(newer)
        database.write_bytes(old)

    def undo() -> None:
        newer.replace(database)

    stage.on_vault(put_back)
    stage.afterwards(undo)
    _try(stage, PASSPHRASE)


def _forgot_older_copy(stage: Stage) -> None:
    stage.press("I forgot my passphrase")
    now = StillClock().now()
    stage.one(LockScreen).show_error(StaleCopy(now - timedelta(days=2), now))


def _other_versions(stage: Stage) -> None:
    _older_copy(stage)
    stage.settle()
    stage.press("What else is there")


def _saving(stage: Stage) -> None:
    # What shows where the last save takes over 5 seconds.
    stage.one(LockScreen).show_state("busy")


def _wrong_key(stage: Stage, key: str) -> None:
    stage.press("I forgot my passphrase")
    stage.type("Recovery key", key)
    stage.type("New passphrase", PASSPHRASE)
    stage.type("The same new words again", PASSPHRASE)
    stage.press("Open with the recovery key")


def _not_saved(stage: Stage) -> None:
    write_a_note(stage)
    fail_every_write(stage)
    stage.app.shell.lock()


def _closing(stage: Stage) -> None:
    _not_saved(stage)
    stage.settle()
    stage.app.shell.close()


def _hidden(stage: Stage) -> None:
    stage.key(Qt.Key.Key_F9)
    stage.window.showNormal()


def _hidden_wrong(stage: Stage) -> None:
    _hidden(stage)
    stage.type("Notes", WRONG)
    stage.key(Qt.Key.Key_Return)


def _open_line(stage: Stage) -> None:
    stage.one(LockScreen).lines.cards[0].set_open(True)


_lock = partial(State, "lock", opened=False)

STATES = (
    _lock("normal", nothing, small=True),
    _lock("no-space", nothing, world="none", small=True),
    _lock("several-spaces", nothing, world="several"),
    _lock("nothing-typed", lambda stage: stage.press("Open")),
    _lock("wrong-passphrase", _try, small=True),
    _lock("opening", _opening),
    _lock("key-store", _key_store, world="device", small=True),
    _lock("key-store-locked", partial(_key_store, trouble="locked"), world="device"),
    _lock("key-store-lost", partial(_key_store, trouble="gone"), world="device"),
    _lock("passphrase-due", _due, world="device-due"),
    _lock("saving", _saving),
    _lock("damaged", partial(_try, passphrase=PASSPHRASE), world="damaged"),
    _lock("damaged-backup", partial(_try, passphrase=PASSPHRASE), world="damaged-backup"),
    _lock("salvage", _salvage, world="damaged-start", small=True),
    _lock("salvage-wrong", partial(_salvage, passphrase=WRONG), world="damaged-start"),
    _lock("salvage-done", partial(_salvage, passphrase=PASSPHRASE), world="damaged-start", small=True),
    _lock("damaged-brought-back", _bring_back, world="damaged-backup"),
    _lock("in-use", _in_use),
    _lock("open-elsewhere", _open_elsewhere),
    _lock("older-copy", _older_copy, small=True),
    _lock("two-versions", _other_versions, small=True),
    _lock("forgot", lambda stage: stage.press("I forgot my passphrase"), small=True),
    _lock("forgot-wrong-key", partial(_wrong_key, key="0000-0000-0000-0000-0000-0000-0000-0000-0")),
    _lock("forgot-older-copy", _forgot_older_copy, small=True),
    _lock("forgot-typing-slip", partial(_wrong_key, key="0000-0000-0000-0000-0000-0000-0000-0001-0")),
    _lock("line-open", _open_line),
    _lock("choose-country", lambda stage: stage.press("Change country")),
    _lock("text-size-list", lambda stage: stage.press("Text size")),
    _lock("colours-list", lambda stage: stage.press("Colours")),
    _lock("us", nothing, country="US"),
    _lock("only-emergency", nothing, country="AD"),
    _lock("no-country", nothing, country="", has_zone=False),
)

MARKS = (
    State("cover", "hidden", _hidden),
    State("cover", "wrong", _hidden_wrong),
    State("lock", "not-saved", _not_saved, alone=True),
    State("lock", "closing-would-lose-words", _closing, alone=True),
)
