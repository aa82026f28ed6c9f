"""How it is, in five words: tiles for Today, rows beside the editor."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.core.i18n import _
from companion.journal.model import Mood
from companion.ui.icons import Icons
from companion.ui.moods import MOOD_ICONS, mood_word
from companion.ui.theme import Theme
from companion.ui.widgets.choice import Choice, ChoiceGroup
from companion.ui.widgets.flow import EvenLayout
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.text_block import TextBlock


class _MoodChoice(Choice):
    """Shared by tile and row: colours and words of one mood."""

    def __init__(self, theme: Theme, icons: Icons, mood: Mood) -> None:
        super().__init__(theme, str(int(mood)), mood_word(mood))
        self._icons = icons
        self._mood = mood
        self._blocks: dict[bool, TextBlock] = {}
        self.setAccessibleName(
            _("{mood}, {number} of {count}").format(mood=mood_word(mood), number=int(mood), count=len(Mood))
        )

    def _restyle(self) -> None:
        self._blocks = {}
        super()._restyle()

    def _text_block(self, *, bold: bool) -> TextBlock:
        if bold not in self._blocks:
            role = "label" if bold else "body"
            self._blocks[bold] = TextBlock(self.words, self._theme.font(role), self._theme.line_pitch(role))
        return self._blocks[bold]

    @property
    def _role(self) -> str:
        return f"mood_{int(self._mood)}"

    def _draw_face(self, painter: QPainter, radius: float) -> None:
        colour, on = self._theme.colour, self.isChecked()
        fill = f"{self._role}_soft" if on else ("surface_sunken" if self._hot else "surface")
        edge = "border_strong" if self._theme.is_high_contrast or self._hot else "border"
        edge = self._role if on else edge
        # A chosen one differs by its tick, its weight and a wider edge too, never by colour alone.
        width = 3 if on and self._theme.is_high_contrast else 2 if on else max(1.2, self._theme.edge)
        rounded(painter, self.rect(), radius, colour(fill), colour(edge), width)


class MoodTile(_MoodChoice):
    """Icon above word, 96 high."""

    def __init__(self, theme: Theme, icons: Icons, mood: Mood) -> None:
        super().__init__(theme, icons, mood)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def ring_radius(self) -> int:
        """The corner of a tile."""
        return self._theme.px(14)

    def sizeHint(self) -> QSize:
        """Room for the bold word on one line."""
        width = max(self._theme.target(84), int(self._text_block(bold=True).width) + 1 + self._theme.px(12))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        word = int(self._text_block(bold=True).longest_word) + 1 + self._theme.px(12)
        return QSize(max(self._theme.target(84), word), self._theme.target(96))

    def heightForWidth(self, width: int) -> int:
        """Icon, gap, words."""
        words = self._text_block(bold=True).height(max(1, width - self._theme.px(12)))
        return max(self._theme.target(96), self._theme.px(16 + 30 + 12 + 16) + words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Face, picture, word, and a tick when it is the one."""
        px, on = self._theme.px, self.isChecked()
        painter = QPainter(self)
        self._draw_face(painter, px(14))
        room = self.rect()
        block = self._text_block(bold=on)
        height = block.height(room.width() - px(12))
        top = max(px(10), (room.height() - px(30 + 12) - height) // 2)
        self._icons.paint(painter, MOOD_ICONS[self._mood], self._role, QRect(0, top, room.width(), px(30)), 30)
        painter.setPen(self._theme.colour(f"{self._role}_on" if on else "text"))
        words = QRect(px(6), top + px(30 + 12), room.width() - px(12), height)
        block.draw(painter, words, Qt.AlignmentFlag.AlignHCenter)
        if on:
            spot = QRect(room.width() - px(18 + 8), px(8), px(18), px(18))
            spot = mirrored(self.layoutDirection(), room, spot)
            rounded(painter, spot, px(9), self._theme.colour(self._role))
            self._icons.paint(painter, "check", "surface", spot, 12)


class MoodRow(_MoodChoice):
    """Icon before word, 44 high, tick at the end."""

    def __init__(self, theme: Theme, icons: Icons, mood: Mood) -> None:
        super().__init__(theme, icons, mood)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _frame(self) -> int:
        return self._theme.px(12 + 22 + 12 + 8 + 18 + 12)

    def sizeHint(self) -> QSize:
        """The bold word on one line."""
        width = int(self._text_block(bold=True).width) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        return QSize(int(self._text_block(bold=True).longest_word) + 1 + self._frame(), self._theme.target(44))

    def heightForWidth(self, width: int) -> int:
        """44, more if the words wrap."""
        words = self._text_block(bold=True).height(max(1, width - self._frame()))
        return max(self._theme.target(44), words + self._theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, word, and fill, edge and tick when it is the one."""
        px, on, direction = self._theme.px, self.isChecked(), self.layoutDirection()
        painter = QPainter(self)
        if on or self._hot or self._theme.is_high_contrast:
            self._draw_face(painter, px(10))
        room = self.rect()
        spot = mirrored(direction, room, QRect(px(12), 0, px(22), room.height()))
        self._icons.paint(painter, MOOD_ICONS[self._mood], self._role, spot, 22)
        role = f"{self._role}_on" if on else "text"
        painter.setPen(self._theme.colour(role))
        words = QRect(px(12 + 22 + 12), 0, room.width() - self._frame(), room.height())
        align = at_start(direction) | Qt.AlignmentFlag.AlignVCenter
        self._text_block(bold=on).draw(painter, mirrored(direction, room, words), align)
        if on:
            spot = QRect(room.width() - px(12 + 18), 0, px(18), room.height())
            self._icons.paint(painter, "check", role, mirrored(direction, room, spot), 18)


class MoodPicker(ChoiceGroup):
    """One of five moods, or none. Arrows move, 1 to 5 choose while the focus is here, Delete clears.

    `picked` carries the level, 1 to 5, or None after the person cleared it.
    """

    picked = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, *, tiles: bool, parent: QWidget | None = None) -> None:
        super().__init__(_("How are you right now?"), clearable=True, digits=True, parent=parent)
        layout = EvenLayout(theme, spacing=8 if tiles else 4, wanted=len(Mood) if tiles else 1, parent=self)
        shape = MoodTile if tiles else MoodRow
        for mood in Mood:
            choice = shape(theme, icons, mood)
            self.add(choice)
            layout.addWidget(choice)
        self.chosen.connect(self._on_chosen)

    @property
    def level(self) -> int | None:
        """The chosen level, 1 to 5, or None."""
        return int(self.current) if self.current else None

    def set_level(self, level: int | None) -> None:
        """Show this level as chosen; nothing is emitted."""
        self.choose("" if level is None else str(int(level)))

    def _on_chosen(self, key: str) -> None:
        self.picked.emit(int(key) if key else None)
