"""A small word that can be chosen, pressed or taken away."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy

from companion.core.i18n import _
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.press import PressButton
from companion.ui.widgets.text_block import TextBlock


class Chip(PressButton):
    """Chosen shows a tick, bold words and a 2 px edge; a removable one has a cross, and Delete takes it away."""

    removed = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        text: str,
        *,
        checkable: bool = False,
        removable: bool = False,
        icon: str = "",
    ) -> None:
        super().__init__(theme, icons)
        self._icon = icon
        self._removable = removable
        self._blocks: dict[bool, TextBlock] = {}
        self.setCheckable(checkable)
        self.setText(text)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if removable:
            self.setAccessibleDescription(_("Delete takes it away"))
            self.setToolTip(_("Take away: {name}").format(name=text))
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self) -> None:
        self.updateGeometry()
        self.update()

    def _restyle(self) -> None:
        self._blocks = {}
        self.setFont(self._theme.font("body"))
        super()._restyle()

    @property
    def _is_marked(self) -> bool:
        return self.isChecked() or self._removable

    def _text_block(self) -> TextBlock:
        marked = self._is_marked
        if marked not in self._blocks:
            role = "label" if marked else "body"
            self._blocks[marked] = TextBlock(self.text(), self._theme.font(role), self._theme.line_pitch(role))
        return self._blocks[marked]

    def _lead_icon(self) -> str:
        if self.isChecked():
            return "check"
        return self._icon

    def _lead(self) -> int:
        return self._theme.px(16 + 6) if self._lead_icon() else 0

    def _tail(self) -> int:
        return self._theme.px(16 + 8) if self._removable else 0

    def _frame(self) -> int:
        return 2 * self._theme.px(12) + self._lead() + self._tail()

    @property
    def _height(self) -> int:
        return self._theme.px(36 if self._theme.is_high_contrast else 34)

    def sizeHint(self) -> QSize:
        """One line."""
        width = int(self._text_block().width) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        return QSize(int(self._text_block().longest_word) + 1 + self._frame(), self._height)

    def heightForWidth(self, width: int) -> int:
        """The height the words need at this width."""
        words = self._text_block().height(max(1, width - self._frame()))
        return max(self._height, words + 2 * self._theme.px(6))

    def ring_radius(self) -> int:
        """Its own round corner."""
        return self._theme.px(16)

    def _cross_area(self) -> QRect:
        side = self._theme.px(12) + self._tail()
        return mirrored(self.layoutDirection(), self.rect(), QRect(self.width() - side, 0, side, self.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go over the cross: take it away; the rest presses."""
        if self._removable and self.isDown() and self._cross_area().contains(event.position().toPoint()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace take a removable chip away."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def draw(self, painter: QPainter) -> None:
        """Face, tick or picture, words, cross."""
        px, colour, marked = self._theme.px, self._theme.colour, self._is_marked
        words = "accent_soft_text" if marked else "text"
        if not self.isEnabled():
            words = "text_disabled"
        fill = "accent_soft" if marked else ("surface_sunken" if self._hot else "surface")
        edge = "accent" if marked else "border_strong"
        width = 2 if marked or self._theme.is_high_contrast else 1
        rounded(painter, self.rect(), px(16), colour(fill), colour(edge), width)
        room, direction = self.rect(), self.layoutDirection()
        if self._lead():
            spot = QRect(px(12), 0, px(16), room.height())
            self._icons.paint(painter, self._lead_icon(), words, mirrored(direction, room, spot), 16)
        if self._removable:
            spot = QRect(room.width() - px(12 + 16), 0, px(16), room.height())
            self._icons.paint(painter, "x", words, mirrored(direction, room, spot), 16)
        area = QRect(px(12) + self._lead(), 0, room.width() - self._frame(), room.height())
        painter.setPen(colour(words))
        align = at_start(direction) | Qt.AlignmentFlag.AlignVCenter
        self._text_block().draw(painter, mirrored(direction, room, area), align)
