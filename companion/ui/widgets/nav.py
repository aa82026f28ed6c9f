"""An entry of a list of places or pages: chosen has its own surface, a bar and bold words."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from companion.core.i18n import _
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.press import PressButton
from companion.ui.widgets.text_block import TextBlock


class NavButton(PressButton):
    """44 high, 56 with a second line, which is also its description."""

    def __init__(self, theme: Theme, icons: Icons, icon: str, text: str, second: str = "") -> None:
        super().__init__(theme, icons)
        self._icon = icon
        self._second = second
        self._is_current = False
        self._blocks: dict[str, TextBlock] = {}
        self.setText(text)
        self._describe()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_current(self) -> bool:
        """Whether what it leads to is shown."""
        return self._is_current

    def set_current(self, is_current: bool) -> None:
        """Mark it as the one that is shown; not as Qt's "checked", which is read out as a box to tick."""
        if is_current != self._is_current:
            self._is_current = is_current
            self._describe()
            self.update()

    def set_second(self, second: str) -> None:
        """Say something else in the second line."""
        self._second = second
        self._describe()
        self._restyle()

    def _describe(self) -> None:
        shown = _("Shown now.") if self._is_current else ""
        self.setAccessibleDescription(" ".join(part for part in (self._second, shown) if part))

    def _restyle(self) -> None:
        self._blocks = {}
        super()._restyle()

    def _block(self, role: str) -> TextBlock:
        if role not in self._blocks:
            text = self._second if role == "caption" else self.text()
            self._blocks[role] = TextBlock(text, self._theme.font(role), self._theme.line_pitch(role))
        return self._blocks[role]

    def _frame(self) -> int:
        return self._theme.px(14 + (20 + 13 if self._icon else 2) + 10)

    def sizeHint(self) -> QSize:
        """One line each."""
        words = max(self._block("label").width, self._block("caption").width if self._second else 0)
        width = int(words) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        return QSize(int(self._block("label").longest_word) + 1 + self._frame(), self._theme.target(44))

    def heightForWidth(self, width: int) -> int:
        """The height the words need."""
        px, room = self._theme.px, max(1, width - self._frame())
        words = self._block("label").height(room) + (self._block("caption").height(room) if self._second else 0)
        return max(self._theme.target(56 if self._second else 44), words + px(12))

    def draw(self, painter: QPainter) -> None:
        """Surface, bar, picture, words."""
        px, colour, on, direction = self._theme.px, self._theme.colour, self._is_current, self.layoutDirection()
        room = self.rect()
        if on:
            rounded(painter, room, px(10), colour("surface_raised"))
            bar = QRect(px(5), round(room.height() * 0.26), px(4), round(room.height() * 0.48))
            rounded(painter, mirrored(direction, room, bar), px(2), colour("accent"))
        elif self._hot:
            edge = colour("border_strong") if self._theme.is_high_contrast else None
            rounded(painter, room, px(10), colour("surface_sunken"), edge, 1)
        spot = QRect(px(14), 0, px(20), room.height())
        picture = "accent" if on else "text_muted"
        self._icons.paint(painter, self._icon, picture, mirrored(direction, room, spot))
        first = self._block("label" if on else "body")
        width = room.width() - self._frame()
        second = self._block("caption").height(width) if self._second else 0
        height = first.height(width)
        align = at_start(direction)
        area = QRect(self._frame() - px(10), (room.height() - height - second) // 2, width, height)
        painter.setPen(colour("accent" if on else "text"))
        first.draw(painter, mirrored(direction, room, area), align)
        if self._second:
            area = QRect(area.left(), area.bottom() + 1, width, second)
            painter.setPen(colour("text_muted"))
            self._block("caption").draw(painter, mirrored(direction, room, area), align)


def mark(entries: Iterable[NavButton], chosen: NavButton) -> None:
    """Mark this one of the entries as the one that is shown."""
    for entry in entries:
        entry.set_current(entry is chosen)
