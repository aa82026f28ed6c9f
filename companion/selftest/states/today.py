"""States of Today, of the frame around every place, and of what can lie over it."""

from __future__ import annotations

from functools import partial

from companion.selftest.stage import Stage
from companion.selftest.state import State, nothing
from companion.selftest.states.steps import go, newest


def _check_in(stage: Stage, *, words: str = "") -> None:
    stage.press("Mixed")
    if words:
        stage.press("Some")
        stage.type("A few words, if you like", words)


def _put_away(stage: Stage) -> None:
    stage.press("Not today")


def _fault(stage: Stage) -> None:
    try:
        raise RuntimeError("shown on purpose")
    except RuntimeError as error:
        stage.app.report(error)


def _deleted(stage: Stage) -> None:
    go(stage, "journal", f"read:{newest(stage, lambda summary: not summary.heavy)}")
    stage.press("Delete this note")


def _told(stage: Stage) -> None:
    stage.window.toasts.show("Copied. Paste it somewhere safe.", icon="copy")


def _key_offer(stage: Stage) -> None:
    vault = stage.services.vault
    stage.on_vault(vault.add_recovery_key)
    stage.on_vault(lambda: vault.preferences.put("recovery_key", {"made": "2020-01-01T00:00:00+00:00"}))
    go(stage, "settings", "look")
    stage.app.shell.go("today")
    stage.afterwards(lambda: stage.on_vault(vault.recovery_care.note_checked))


STATES = (
    State("today", "first-day", nothing, world="empty", small=True),
    State("today", "one-entry", nothing, world="one"),
    State("today", "demo", nothing, small=True),
    State("frame", "menu", lambda stage: stage.press("Menu"), compact=True, small=True),
    State("frame", "fault", _fault),
    State("frame", "toast", _told),
)

MARKS = (
    State("today", "checked-in", _check_in, world="empty", small=True),
    State("today", "checked-in-demo", partial(_check_in, words="Slept badly. Tea helped.")),
    State("today", "put-away", _put_away),
    State("today", "key-offer", _key_offer),
)

DELETED = (State("frame", "toast-undo", _deleted),)
