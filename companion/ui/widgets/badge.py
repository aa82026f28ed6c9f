"""A fact in two words: icon and text, never to be pressed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.text_block import TextBlock

# Tone -> role of words, role of fill.
_TONES = {
    "neutral": ("text_muted", "surface_sunken"),
    "plain": ("text_muted", "surface_sunken"),
    "soft": ("accent_soft_text", "accent_soft"),
    "ok": ("success_soft_text", "success_soft"),
    "warn": ("warning_soft_text", "warning_soft"),
    "hope": ("hope_soft_text", "hope_soft"),
    "help": ("help_soft_text", "help_soft"),
    "danger": ("danger_soft_text", "danger_soft"),
    "paper": ("accent_soft_text", "surface"),
}


class Badge(QLabel):
    """Icon and words on a tint; tones: neutral, soft, ok, warn, hope, help, danger, paper, mood_1 to mood_5."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        text: str,
        icon: str = "",
        tone: str = "neutral",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon = icon
        self._tone = tone
        self._block: TextBlock | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_fact(self, text: str, icon: str = "", tone: str = "neutral") -> None:
        """Show another fact."""
        self._icon = icon
        self._tone = tone
        self.setText(text)
        self._restyle()

    def _restyle(self) -> None:
        self._block = None
        self.setFont(self._theme.font("caption_bold"))
        self.updateGeometry()
        self.update()

    def _words(self) -> TextBlock:
        if self._block is None:
            self._block = TextBlock(self.text(), self.font(), self._theme.line_pitch("caption_bold"))
        return self._block

    def _lead(self) -> int:
        return self._theme.px(14 + 5) if self._icon and self._icons.has(self._icon) else 0

    def _frame(self) -> int:
        return self._lead() + self._theme.px(8 + 10)

    def sizeHint(self) -> QSize:
        """One line."""
        width = int(self._words().width) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        width = int(self._words().longest_word) + 1 + self._frame()
        return QSize(width, self._words().line_height + self._theme.px(6))

    def heightForWidth(self, width: int) -> int:
        """The height the words need at this width."""
        return self._words().height(max(1, width - self._frame())) + self._theme.px(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it as big as its words, at the start of its room."""
        hint = self.sizeHint()
        width = min(self.width(), hint.width())
        height = min(self.height(), self.heightForWidth(width))
        face = QRect(0, (self.height() - height) // 2, width, height)
        face = mirrored(self.layoutDirection(), self.rect(), face)
        words, fill = _TONES.get(self._tone) or (f"{self._tone}_on", f"{self._tone}_soft")
        painter = QPainter(self)
        edge = self._theme.colour(words) if self._theme.is_high_contrast else None
        rounded(painter, face, self._theme.px(10), self._theme.colour(fill), edge, 1)
        px = self._theme.px
        picture = QRect(face.left() + px(8), face.top(), px(14), face.height())
        area = QRect(face.left() + px(8) + self._lead(), face.top(), face.width() - self._frame(), face.height())
        if self._lead():
            self._icons.paint(painter, self._icon, words, mirrored(self.layoutDirection(), face, picture), 14)
        painter.setPen(self._theme.colour(words))
        align = at_start(self.layoutDirection())
        area = mirrored(self.layoutDirection(), face, area)
        self._words().draw(painter, area, align | Qt.AlignmentFlag.AlignVCenter)
