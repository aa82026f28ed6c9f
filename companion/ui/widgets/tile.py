"""A large thing to press: picture, title, one more line, and an arrow."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from companion.ui.icons import Icons, facing
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.press import PressButton
from companion.ui.widgets.text_block import TextBlock


class Tile(PressButton):
    """Sizes itself from its words; `big` is for screens with three choices at most. The second line describes it."""

    def __init__(
        self, theme: Theme, icons: Icons, icon: str, title: str, second: str = "", *, big: bool = False
    ) -> None:
        super().__init__(theme, icons)
        self._icon = icon
        self._second = second
        self._big = big
        self._blocks: tuple[TextBlock, TextBlock | None] | None = None
        self.setText(title)
        self.setAccessibleDescription(second)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_second(self, second: str) -> None:
        """Say something else in the second line."""
        self._second = second
        self.setAccessibleDescription(second)
        self._restyle()

    def _restyle(self) -> None:
        self._blocks = None
        super()._restyle()

    def _text_blocks(self) -> tuple[TextBlock, TextBlock | None]:
        if self._blocks is None:
            font, pitch = self._theme.font, self._theme.line_pitch
            title, second = ("number", "lead") if self._big else ("label", "small")
            first = TextBlock(self.text(), font(title), pitch(title))
            self._blocks = (first, TextBlock(self._second, font(second), pitch(second)) if self._second else None)
        return self._blocks

    def ring_radius(self) -> int:
        """Its own corner."""
        return self._theme.px(18 if self._big else 14)

    def _sides(self) -> tuple[int, int]:
        """Room before and after the words."""
        px = self._theme.px
        before = px(22 + 30 + 18) if self._big else px(16 + 24 + 14)
        return before, px(12 + 20 + (20 if self._big else 14))

    def sizeHint(self) -> QSize:
        """One line each."""
        title, second = self._text_blocks()
        width = int(max(title.width, second.width if second else 0)) + 1 + sum(self._sides())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        title, second = self._text_blocks()
        words = max(title.longest_word, second.longest_word if second else 0)
        return QSize(int(words) + 1 + sum(self._sides()), self._theme.target(44))

    def heightForWidth(self, width: int) -> int:
        """The height the words need."""
        title, second = self._text_blocks()
        room = max(1, width - sum(self._sides()))
        words = title.height(room) + (self._theme.px(2) + second.height(room) if second else 0)
        return max(self._theme.px(56), words + self._theme.px(28 if self._big else 24))

    def draw(self, painter: QPainter) -> None:
        """Surface, picture, words, arrow."""
        px, colour, direction, room = self._theme.px, self._theme.colour, self.layoutDirection(), self.rect()
        hot = self._hot or self.isDown()
        edge = colour("border_strong" if hot else "border")
        fill = colour("surface_sunken" if hot else "surface")
        rounded(painter, room, self.ring_radius(), fill, edge, self._theme.edge)
        before, after = self._sides()
        size, start = (30, 22) if self._big else (24, 16)
        role = "accent" if self.isEnabled() else "text_disabled"
        spot = mirrored(direction, room, QRect(px(start), 0, px(size), room.height()))
        self._icons.paint(painter, self._icon, role, spot, size)
        end = QRect(room.width() - after + px(12), 0, px(20), room.height())
        arrow = facing("chevron-right", direction)
        self._icons.paint(painter, arrow, "text_muted", mirrored(direction, room, end))
        title, second = self._text_blocks()
        width = room.width() - before - after
        used = title.height(width) + (px(2) + second.height(width) if second else 0)
        area = QRect(before, (room.height() - used) // 2, width, title.height(width))
        align = at_start(direction)
        painter.setPen(colour("text" if self.isEnabled() else "text_disabled"))
        title.draw(painter, mirrored(direction, room, area), align)
        if second is not None:
            painter.setPen(colour("text_muted"))
            area = QRect(before, area.bottom() + 1 + px(2), width, second.height(width))
            second.draw(painter, mirrored(direction, room, area), align)
