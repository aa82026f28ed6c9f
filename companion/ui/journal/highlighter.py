"""Shows Markdown as what it means while it is written; the marks stay in the text and fade.

The text in the editor is the text that is stored, letter for letter, so editing
one line can never change another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

if TYPE_CHECKING:
    from companion.ui.theme import Theme

_HEADING = re.compile(r"(#{1,3})(\s+)(\S.*)")
_QUOTE = re.compile(r"(>\s?)(.*)")
_LIST = re.compile(r"\s{0,6}([-*+]|\d{1,3}[.)])\s+")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![*\w])(\*|_)(?![*_\s])([^*_\n]+?)(?<!\s)\1(?![*\w])")


class MarkdownHighlighter(QSyntaxHighlighter):
    """Bold, italic, headings, quotes and lists, line by line."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._make_formats()
        theme.changed.connect(self._on_theme_changed)

    def highlightBlock(self, text: str) -> None:
        """Format one line."""
        if not text:
            return
        if (heading := _HEADING.match(text)) is not None:
            self._set(heading, 1, self._mark)
            self._set(heading, 3, self._heading)
        elif (quote := _QUOTE.match(text)) is not None:
            self._set(quote, 1, self._mark)
            self._set(quote, 2, self._quote)
        elif (item := _LIST.match(text)) is not None:
            self._set(item, 1, self._bullet)
        if "*" not in text and "_" not in text:
            return
        for bold in _BOLD.finditer(text):
            self._emphasise(bold, self._bold)
        for italic in _ITALIC.finditer(text):
            self._emphasise(italic, self._italic)

    def _emphasise(self, found: re.Match[str], look: QTextCharFormat) -> None:
        width = len(found.group(1))
        self.setFormat(found.start(2), len(found.group(2)), look)
        self.setFormat(found.start(), width, self._mark)
        self.setFormat(found.end() - width, width, self._mark)

    def _set(self, found: re.Match[str], group: int, look: QTextCharFormat) -> None:
        self.setFormat(found.start(group), len(found.group(group)), look)

    def _make_formats(self) -> None:
        colour = self._theme.colour
        self._mark = QTextCharFormat()
        self._mark.setForeground(colour("border_strong"))
        self._bullet = QTextCharFormat()
        self._bullet.setForeground(colour("accent"))
        self._bullet.setFontWeight(QFont.Weight.Bold)
        self._heading = QTextCharFormat()
        self._heading.setFont(self._theme.font("h3"))
        self._quote = QTextCharFormat()
        self._quote.setFontItalic(True)
        self._quote.setForeground(colour("text_muted"))
        self._bold = QTextCharFormat()
        self._bold.setFontWeight(QFont.Weight.Bold)
        self._italic = QTextCharFormat()
        self._italic.setFontItalic(True)

    def _on_theme_changed(self) -> None:
        self._make_formats()
        self.rehighlight()
