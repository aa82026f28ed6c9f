"""The text in the editor is the text that is stored; the toolkit's own Markdown would change it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication

from companion.ui.journal.editor import EntryEditor
from companion.ui.kit import Kit
from tests.build import content
from tests.fakes import FakeClock

TEXTS = {
    "lines": "one\ntwo\n\n\nthree\n",
    "marks": "__bold__ and *it*, a_b_c 2*3*4",
    "lists": "* a\n- b\n1) one\n\t2) two",
    "html": "<b>not bold</b> & <script>no</script>",
    "long line": "word " * 200,
    "trailing spaces": "two spaces  \nand one \n",
    "no-break spaces": "10\u00a0km, \u00ab\u202fmerci\u202f\u00bb\u00a0!",
    "scripts": "\u05e9\u05dc\u05d5\u05dd caf\u00e9 cafe\u0301 \U0001f33f \u6f22\u5b57",
}


@pytest.fixture
def editor(kit: Kit, clock: FakeClock) -> Iterator[EntryEditor]:
    one = EntryEditor(kit, clock)
    yield one
    one.deleteLater()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_letter_comes_back(editor: EntryEditor, text: str) -> None:
    editor.show_content(content(text))
    assert editor.content().text == text


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_writing_in_one_place_changes_no_other(editor: EntryEditor, text: str) -> None:
    editor.show_content(content(text))
    cursor = editor.text.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText("now")
    assert editor.content().text == text + "now"


def test_what_is_typed_with_shift_and_enter_is_a_line_end(editor: EntryEditor) -> None:
    editor.show_content(content("one"))
    cursor = editor.text.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText("\u2028two")
    assert editor.content().text == "one\ntwo"


def test_the_toolkit_still_rewrites_markdown(qapp: QApplication) -> None:
    """Why the text itself is edited. When this fails, a rich editor can be thought of again."""
    document = QTextDocument()
    document.setMarkdown("one\ntwo, __bold__")
    assert document.toMarkdown().strip() != "one\ntwo, __bold__"
