"""States of the Journal: write, timeline, search."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.states.steps import fail_every_write, go, newest, write_a_note
from companion.ui.journal.page import JournalPage
from companion.ui.journal.timeline import EntryList, Timeline


def _write(stage: Stage) -> None:
    go(stage, "journal", "new")


def _saved(stage: Stage) -> None:
    write_a_note(stage)
    stage.press("Okay")
    stage.type("New tag", "walk")
    stage.press("Add this tag")
    page = stage.one(JournalPage)
    page.leave()


def _not_saved(stage: Stage) -> None:
    write_a_note(stage)
    fail_every_write(stage)
    stage.one(JournalPage).leave()


def _draft(stage: Stage) -> None:
    go(stage, "journal")


def _sheet(stage: Stage, button: str) -> None:
    write_a_note(stage)
    stage.press(button)


def _edit(stage: Stage) -> None:
    go(stage, "journal", f"edit:{newest(stage, lambda summary: summary.words > 60 and not summary.heavy)}")


def _timeline(stage: Stage) -> None:
    go(stage, "journal", "timeline")
    if stage.shows("Back to the list"):  # where there is room for one pane only
        stage.press("Back to the list")


def _read(stage: Stage, least_words: int = 0) -> None:
    go(stage, "journal", f"read:{newest(stage, lambda one: one.words >= least_words and not one.heavy)}")


def _pick(stage: Stage, row: int) -> None:
    _timeline(stage)
    rows = stage.one(EntryList)
    rows.setFocus(Qt.FocusReason.OtherFocusReason)
    for _press in range(row):
        stage.key(Qt.Key.Key_Down)


def _heavy(stage: Stage, *, opened: bool = False) -> None:
    _timeline(stage)
    heavy = newest(stage, lambda summary: summary.heavy)
    timeline = stage.one(Timeline)
    while (row := timeline.model.row_of(heavy)) < 0:
        timeline.model.fetchMore(QModelIndex())
        stage.settle()
    timeline.list.scrollTo(timeline.model.index(row))
    if opened:
        timeline.list.setFocus(Qt.FocusReason.OtherFocusReason)
        timeline.select_row(row)
        stage.key(Qt.Key.Key_Return, timeline.list)


def _unfolded(stage: Stage) -> None:
    _heavy(stage, opened=True)
    stage.settle()
    stage.press("Unfold")


def _deleted(stage: Stage) -> None:
    _timeline(stage)
    stage.press("Deleted notes")


def _cover(stage: Stage) -> None:
    _timeline(stage)
    switch = stage.named(QAbstractButton, "Cover mode: titles only")
    switch.click()
    stage.afterwards(switch.click)


def _search(stage: Stage, words: str = "") -> None:
    go(stage, "journal", "search")
    if stage.shows("Back to the list"):
        stage.press("Back to the list")
    field = stage.named(QLineEdit, "Words to find")
    field.clear()
    stage.type_into(field, words)
    stage.key(Qt.Key.Key_Return)


READING = (
    State("timeline", "empty", _timeline, world="empty", small=True),
    State("timeline", "one-entry", _timeline, world="one"),
    State("timeline", "one-entry-open", _read, world="one"),
    State("timeline", "demo", _timeline, small=True),
    State("timeline", "heavy-folded", _heavy),
    State("timeline", "cover-mode", _cover),
    State("timeline", "picked", partial(_pick, row=2), small=True),
    State("timeline", "long-open", partial(_read, least_words=80)),
    State("timeline", "heavy-picked", partial(_heavy, opened=True)),
    State("timeline", "heavy-unfolded", _unfolded),
    State("timeline", "deleted-none", _deleted),
    State("search", "empty-journal", _search, world="empty"),
    State("search", "one-entry", _search, world="one"),
    State("search", "empty", _search, small=True),
    State("search", "found", partial(_search, words="river"), small=True),
    State("search", "none", partial(_search, words="zeppelin")),
)

EMPTY = (
    State("write", "empty", _write, world="empty", small=True),
    State("write", "one-entry", _write, world="one"),
    State("write", "draft-back", _draft, world="draft"),
    State("write", "demo", _write, small=True),
)

WRITING = (
    State("write", "edit", _edit),
    State("write", "formatted", write_a_note, small=True),
    State("write", "more-sheet", partial(_sheet, button="More for this note")),
    State("write", "time-sheet", partial(_sheet, button="Change date and time")),
    State("write", "saved", _saved),
    State("write", "not-saved", _not_saved),
)

DELETED = (State("timeline", "deleted-notes", _deleted),)
