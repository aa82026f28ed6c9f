import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from companion.ui.journal.editing import continue_list, set_prefix, surround


@pytest.fixture
def editor(qtbot) -> QTextEdit:
    made = QTextEdit()
    qtbot.addWidget(made)
    return made


def choose(editor: QTextEdit, first: int, last: int) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(first)
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def test_bold_goes_round_the_words_and_not_the_spaces(editor: QTextEdit) -> None:
    editor.setPlainText("a good day")
    choose(editor, 1, 7)
    surround(editor, "**")
    assert editor.toPlainText() == "a **good** day"


def test_bold_twice_is_as_before(editor: QTextEdit) -> None:
    editor.setPlainText("good")
    choose(editor, 0, 4)
    surround(editor, "**")
    choose(editor, 0, 8)
    surround(editor, "**")
    assert editor.toPlainText() == "good"


def test_each_press_is_one_undo_step(editor: QTextEdit) -> None:
    editor.setPlainText("one\ntwo")
    choose(editor, 0, 7)
    set_prefix(editor, "- ")
    assert editor.toPlainText() == "- one\n- two"
    editor.undo()
    assert editor.toPlainText() == "one\ntwo"


def test_a_prefix_replaces_another_and_goes_again(editor: QTextEdit) -> None:
    editor.setPlainText("# one")
    set_prefix(editor, "> ")
    assert editor.toPlainText() == "> one"
    set_prefix(editor, "> ")
    assert editor.toPlainText() == "one"


@pytest.mark.parametrize(
    ("before", "after"),
    [("- one", "- one\n- "), ("3. one", "3. one\n4. "), ("> one", "> one\n> "), ("- ", "")],
)
def test_enter_goes_on_with_a_list_and_ends_an_empty_item(editor: QTextEdit, before: str, after: str) -> None:
    editor.setPlainText(before)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    assert continue_list(editor)
    assert editor.toPlainText() == after


def test_enter_elsewhere_is_left_to_the_editor(editor: QTextEdit) -> None:
    editor.setPlainText("plain")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    assert not continue_list(editor)
