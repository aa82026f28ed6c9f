"""The clipboard: own words leave again and are marked, public numbers stay until Hide, others' text is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from companion.ui.clipboard import OWN_TEXT_STAYS_S, SECRET_HINTS, Clipboard
from tests.ui.stage import Stage, staged


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


def board() -> object:
    return QApplication.clipboard()


def test_own_words_carry_the_hints_that_histories_look_for(stage: Stage) -> None:
    stage.clipboard.copy_own("what I wrote")
    mime = board().mimeData()
    assert mime.text() == "what I wrote"
    assert {name: bytes(mime.data(name)) for name in SECRET_HINTS} == SECRET_HINTS


def test_public_numbers_carry_none(stage: Stage) -> None:
    stage.clipboard.copy_public("116 123")
    assert not any(board().mimeData().hasFormat(name) for name in SECRET_HINTS)


def test_own_words_leave_after_a_minute_if_they_are_still_there(stage: Stage) -> None:
    stage.clipboard.copy_own("what I wrote")
    timer = stage.clipboard._timer
    assert timer.isActive()
    assert timer.interval() == OWN_TEXT_STAYS_S * 1000 == 60_000
    timer.timeout.emit()
    assert board().text() == ""


def test_what_someone_else_put_there_since_is_left_alone(stage: Stage) -> None:
    stage.clipboard.copy_own("what I wrote")
    board().setText("a recipe")
    stage.clipboard._timer.timeout.emit()
    stage.clipboard.clear_ours(include_numbers=True)
    assert board().text() == "a recipe"


def test_where_the_setting_is_off_own_words_stay_until_lock(stage: Stage) -> None:
    stage.settings.change(clear_clipboard=False)
    stage.clipboard.copy_own("what I wrote")
    assert not stage.clipboard._timer.isActive()
    stage.clipboard.clear_ours(include_numbers=False)
    assert board().text() == ""


def test_a_number_copied_after_own_words_stops_their_clock(stage: Stage) -> None:
    stage.clipboard.copy_own("what I wrote")
    stage.clipboard.copy_public("116 123")
    assert not stage.clipboard._timer.isActive()
    stage.clipboard.clear_ours(include_numbers=False)
    assert board().text() == "116 123"


def test_two_that_watch_do_not_answer_each_other_for_ever(stage: Stage) -> None:
    others = [Clipboard(stage.app, stage.settings) for _one in range(4)]
    field = QLineEdit("what I wrote")
    stage.show(field)
    field.setFocus()
    field.selectAll()
    changes: list[bool] = []
    board().dataChanged.connect(lambda: changes.append(True))
    field.copy()
    assert len(changes) == 2, "the field, and one that marked it"
    assert board().mimeData().hasFormat("x-kde-passwordManagerHint")
    for other in others:
        other.clear_ours(include_numbers=True)
        other.deleteLater()


@pytest.mark.parametrize("kind", [QLineEdit, QTextEdit, QPlainTextEdit])
@pytest.mark.parametrize("way", ["copy", "cut"])
def test_copy_and_cut_in_a_field_count_as_own_words(stage: Stage, kind: type, way: str) -> None:
    field = kind()
    stage.show(field)
    field.setFocus()
    field.setText("what I wrote") if kind is QLineEdit else field.setPlainText("what I wrote\nand more")
    field.selectAll()
    getattr(field, way)()
    assert board().text().startswith("what I wrote")
    assert board().mimeData().hasFormat("x-kde-passwordManagerHint")
    if kind is QTextEdit:
        assert "what I wrote" in board().mimeData().html()
    stage.clipboard.clear_ours(include_numbers=False)
    assert board().text() == ""


def test_what_another_program_copied_is_never_taken_for_ours(stage: Stage) -> None:
    field = QLineEdit("what I wrote")
    stage.show(field)
    field.setFocus()
    board().setText("a recipe")
    assert not board().mimeData().hasFormat("x-kde-passwordManagerHint")
    stage.clipboard.clear_ours(include_numbers=True)
    assert board().text() == "a recipe"
