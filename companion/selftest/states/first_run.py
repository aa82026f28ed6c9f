"""States of the first run, from hello to the first useful thing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from companion.core.paths import Paths
from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.worlds import PASSPHRASE
from companion.ui.shell.first_run import FirstRun


def _begin(stage: Stage) -> None:
    pages = stage.window.current_screen()
    if isinstance(pages, FirstRun):
        pages.passphrase.wipe()
        pages.show_page(pages.hello)
    else:
        stage.app.shell.show_first_run()
    stage.settle()


def _where(stage: Stage) -> None:
    _begin(stage)
    stage.press("Continue")


def _choice(stage: Stage) -> None:
    _where(stage)
    stage.press("Continue")


def _block(stage: Stage) -> None:
    """A file where a folder has to be."""
    vaults = Paths(stage.data).vaults
    if vaults.is_dir():
        vaults.rmdir()
    vaults.write_bytes(b"")
    stage.afterwards(vaults.unlink)


def _no_place(stage: Stage) -> None:
    _choice(stage)
    _block(stage)
    trouble = stage.one(FirstRun).choice.trouble
    stage.press("Set up my private space")
    stage.until(trouble.isVisible)
    stage.afterwards(trouble.hide)


def _passphrase(stage: Stage, first: str = "", second: str = "", *, go_on: bool = False) -> None:
    _choice(stage)
    pages = stage.one(FirstRun)
    stage.press("Set up my private space")
    stage.until(lambda: pages.current is not pages.choice)  # the disk is asked first
    stage.settle()
    if first:
        stage.type("Passphrase", first)
    if second:
        stage.type("The same words again", second)
    if go_on:
        stage.press("Continue")


def _recovery(stage: Stage) -> None:
    _passphrase(stage, PASSPHRASE, PASSPHRASE, go_on=True)


def _working(stage: Stage) -> None:
    _recovery(stage)
    stage.hold_vault()
    stage.press("Make a recovery key")


def _not_made(stage: Stage) -> None:
    _recovery(stage)
    _block(stage)
    stage.press("Make a recovery key")


def _key(stage: Stage) -> None:
    _recovery(stage)
    stage.press("Make a recovery key")
    stage.until(lambda: stage.app.shell.is_open)


def _key_slip(stage: Stage) -> None:
    _key(stage)
    stage.settle()
    stage.press("Continue")


def _others(stage: Stage) -> None:
    _recovery(stage)
    stage.press("Not now")
    stage.until(lambda: stage.app.shell.is_open)


def _one_thing(stage: Stage) -> None:
    _others(stage)
    stage.settle()
    stage.press("Only me")


def make_space(stage: Stage) -> None:
    """From hello to Today, as a person goes who is alone at the computer and wants no recovery key now."""
    _one_thing(stage)
    stage.press("Go to Today")


def _existing(stage: Stage) -> None:
    _begin(stage)
    pages = stage.one(FirstRun)
    pages.existing_found(["Space 1"])
    stage.afterwards(pages.hello.existing.hide)


def _no_country(stage: Stage) -> None:
    _where(stage)
    stage.type("Type the name of a country", "Fin")


def _shared(stage: Stage) -> None:
    _others(stage)
    stage.settle()
    stage.press("Other people too")
    stage.key(Qt.Key.Key_Tab)


_state = partial(State, "first-run", world="none", opened=False, first_run_done=False)

STATES = (
    _state("hello", _begin, small=True),
    _state("hello-existing", _existing),
    _state("where", _where, small=True),
    _state("where-typing", _no_country),
    _state("where-no-country", _where, country="", has_zone=False),
    _state("choice", _choice, small=True),
    _state("choice-no-place", _no_place, small=True),
    _state("passphrase", _passphrase, small=True),
    _state("passphrase-short", partial(_passphrase, first="otters", go_on=True)),
    _state("passphrase-okay", partial(_passphrase, first="lantern otters")),
    _state("passphrase-strong", partial(_passphrase, first=PASSPHRASE)),
    _state("passphrase-differs", partial(_passphrase, first=PASSPHRASE, second="lantern gravel", go_on=True)),
    _state("recovery", _recovery),
    _state("recovery-not-made", _not_made),
    _state("recovery-working", _working),
    _state("key", _key, small=True),
    _state("key-slip", _key_slip),
    _state("others", _others),
    _state("one-thing", _one_thing),
    _state("one-thing-shared", _shared),
)
