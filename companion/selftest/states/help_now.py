"""States of Help right now, over the lock screen and over an open space."""

from __future__ import annotations

from functools import partial

from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.states.steps import go, write_a_note
from companion.ui.shell.line_card import LineCard
from companion.ui.widgets.button import Button


def _help(stage: Stage) -> None:
    stage.app.shell.help()
    stage.settle()


def _then(stage: Stage, name: str) -> None:
    _help(stage)
    stage.press(name)


def _more_lines(stage: Stage) -> None:
    _help(stage)
    next(button for button in stage.all(Button) if button.text().startswith("Show ")).click()


def _ways(stage: Stage) -> None:
    _help(stage)
    stage.one(LineCard).set_open(True)
    stage.settle()


def _way(stage: Stage, action: str) -> None:
    _ways(stage)
    next(button for button in stage.all(Button) if button.accessibleName().startswith(action)).click()


def _no_such_country(stage: Stage) -> None:
    _then(stage, "Another country")
    stage.type("Type the name of a country", "Narn")


def _over_writing(stage: Stage) -> None:
    write_a_note(stage)
    _help(stage)


def _over_a_sheet(stage: Stage) -> None:
    go(stage, "journal", "new")
    stage.press("More for this note")
    _help(stage)


_state = partial(State, "help", opened=False)

STATES = (
    _state("lines", _help, small=True),
    _state("us", _help, country="US"),
    _state("only-emergency", _help, country="AD"),
    _state("no-country", _help, country="", has_zone=False),
    _state("more-lines", _more_lines, country="US"),
    _state("ways-open", _ways),
    _state("qr", partial(_way, action="Scan with your phone")),
    _state("big", partial(_way, action="Show big")),
    _state("what-happens", partial(_then, name="What happens when I call?")),
    _state("another-country", partial(_then, name="Another country")),
    _state("no-such-country", _no_such_country),
    _state("first-run", _help, world="none", first_run_done=False),
)

MARKS = (
    State("help", "over-writing", _over_writing),
    State("help", "over-a-sheet", _over_a_sheet),
)
