"""The state of saving: an icon and words, said again at every key and so made to cost nothing."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.label import LONGEST_LINE_CH
from companion.ui.widgets.paint import at_start, mirrored
from companion.ui.widgets.text_block import TextBlock

_LOOKS = {"": ("", "text_muted"), "ok": ("check", "success"), "warn": ("triangle-alert", "warning")}
_ICON, _GAP = 18, 8
_KEPT = 8


class SaveStatus(QLabel):
    """Words such as "Saved 14:02", with a tick or a warning beside them; screen readers hear them as its name.

    The name is always all of the words: announce from the page, not from here.
    Draws itself: other words of the same height do not lay the page out anew.
    """

    def __init__(self, theme: Theme, icons: Icons, text: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._words, self._tone = "", ""
        self._blocks: dict[str, TextBlock] = {}  # of the few things that are said again and again
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_state(text)

    def text(self) -> str:
        """The words that are shown."""
        return self._words

    def show_state(self, words: str, tone: str = "") -> None:
        """Show these words; `tone` is "", "ok" or "warn"."""
        if (words, tone) == (self._words, self._tone):
            return
        before = self.heightForWidth(self.width())
        self._words, self._tone = words, tone
        self.setAccessibleName(words)
        if self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        self.update()

    # --- sizes -----------------------------------------------------------

    def _restyle(self) -> None:
        self._blocks = {}
        self.setFont(self._theme.font("caption"))
        self.updateGeometry()
        self.update()

    def _text_block(self) -> TextBlock:
        block = self._blocks.get(self._words)
        if block is None:
            if len(self._blocks) > _KEPT:
                self._blocks.clear()
            block = self._blocks[self._words] = TextBlock(self._words, self.font(), self._theme.line_pitch("caption"))
        return block

    def _lead(self) -> int:
        return self._theme.px(_ICON) + self._theme.px(_GAP) if _LOOKS[self._tone][0] else 0

    def sizeHint(self) -> QSize:
        """One line if it is short enough, else a comfortable block."""
        block = self._text_block()
        width = self._lead() + int(min(block.width, block.average_width * LONGEST_LINE_CH)) + 1
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        block = self._text_block()
        return QSize(self._lead() + int(block.longest_word) + 1, block.line_height)

    def heightForWidth(self, width: int) -> int:
        """The height the words need at this width."""
        words = self._text_block().height(max(1, width - self._lead()))
        return max(words, self._theme.px(_ICON)) if self._lead() else words

    # --- drawing ---------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and words in the middle of the height."""
        if not self._words:
            return
        room, lead, direction = self.rect(), self._lead(), self.layoutDirection()
        icon, role = _LOOKS[self._tone]
        painter = QPainter(self)
        if icon:
            spot = QRect(0, 0, self._theme.px(_ICON), room.height())
            self._icons.paint(painter, icon, role, mirrored(direction, room, spot), _ICON)
        painter.setPen(self._theme.colour(role))
        area = mirrored(direction, room, QRect(lead, 0, room.width() - lead, room.height()))
        self._text_block().draw(painter, area, at_start(direction) | Qt.AlignmentFlag.AlignVCenter)
