"""What the formatting buttons do to the text of an editor; each is one undo step."""

from __future__ import annotations

import re

from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QTextEdit

_PREFIX = re.compile(r"(#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+)")


def surround(editor: QTextEdit, mark: str) -> None:
    """Put `mark` around the chosen words, or take it away where it is already there."""
    cursor = editor.textCursor()
    if not cursor.hasSelection():
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
    chosen = cursor.selectedText()
    inner = chosen.strip()
    width = len(mark)
    cursor.beginEditBlock()
    if inner.startswith(mark) and inner.endswith(mark) and len(inner) > 2 * width:
        cursor.insertText(inner[width:-width])
    elif not inner:
        cursor.insertText(mark + mark)
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.MoveAnchor, width)
    else:
        before = chosen[: len(chosen) - len(chosen.lstrip())]
        after = chosen[len(chosen.rstrip()) :]
        cursor.insertText(f"{before}{mark}{inner}{mark}{after}")
    cursor.endEditBlock()
    editor.setTextCursor(cursor)
    editor.setFocus()


def set_prefix(editor: QTextEdit, prefix: str) -> None:
    """Begin every chosen line with `prefix`, or take it away where all have it."""
    cursor = editor.textCursor()
    blocks = _blocks(editor, cursor)
    remove = all(block.text().startswith(prefix) for block in blocks)
    cursor.beginEditBlock()
    for block in blocks:
        line = QTextCursor(block)
        found = _PREFIX.match(block.text())
        if found is not None:
            line.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, found.end())
            line.removeSelectedText()
        if not remove:
            line.insertText(prefix)
    cursor.endEditBlock()
    editor.setFocus()


def continue_list(editor: QTextEdit) -> bool:
    """Enter inside a list or quote begins the next item; on an empty item it ends the list. False: nothing done."""
    cursor = editor.textCursor()
    if cursor.hasSelection():
        return False
    text = cursor.block().text()
    found = re.match(r"(\s{0,6})([-*+]|\d{1,3}[.)]|>)\s+", text)
    if found is None or cursor.positionInBlock() < found.end():
        return False
    cursor.beginEditBlock()
    if not text[found.end() :].strip():
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
    else:
        mark = found.group(2)
        if mark[:-1].isdigit():
            mark = f"{int(mark[:-1]) + 1}{mark[-1]}"
        cursor.insertBlock()
        cursor.insertText(f"{found.group(1)}{mark} ")
    cursor.endEditBlock()
    editor.setTextCursor(cursor)
    return True


def _blocks(editor: QTextEdit, cursor: QTextCursor) -> list[QTextBlock]:
    document = editor.document()
    block = document.findBlock(cursor.selectionStart())
    last = document.findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - (1 if cursor.hasSelection() else 0)))
    blocks = [block]
    while block != last and block.next().isValid():
        block = block.next()
        blocks.append(block)
    return blocks
