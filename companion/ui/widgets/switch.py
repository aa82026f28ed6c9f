"""On or off, and a thing that can be ticked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from companion.core.i18n import _
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_end, at_start, mirrored, rounded
from companion.ui.widgets.text_block import TextBlock


class Switch(QCheckBox):
    """A switch with the word On or Off beside it; all of it is the target, and it is a check box to a screen reader."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(self._theme.font("label"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the longer word."""
        widest = max(self.fontMetrics().horizontalAdvance(word) for word in (_("On"), _("Off")))
        px = self._theme.px
        return QSize(max(px(92), widest + px(10 + 46 + 4)), self._theme.target(36))

    def minimumSizeHint(self) -> QSize:
        """It does not shrink."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """All of it."""
        return self.rect().contains(pos)

    def ring_rect(self) -> QRect:
        """What the focus ring goes around."""
        return self.rect()

    def ring_radius(self) -> int:
        """Half its height."""
        return self._theme.px(18)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter switches too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The word, the track, the knob."""
        px, colour, on = self._theme.px, self._theme.colour, self.isChecked()
        painter = QPainter(self)
        room, direction = self.rect(), self.layoutDirection()
        track = QRect(room.width() - px(46), (room.height() - px(26)) // 2, px(46), px(26))
        track = mirrored(direction, room, track)
        if self.isEnabled():
            fill, edge, knob = (
                ("accent", "accent", "accent_text") if on else ("surface", "border_strong", "border_strong")
            )
        else:
            fill, edge, knob = "surface_sunken", "text_disabled", "text_disabled"
        rounded(painter, track, px(13), colour(fill), colour(edge), 2)
        knob_side = px(18 if on else 16)
        knob_at_end = on == (direction == Qt.LayoutDirection.LeftToRight)
        inset = (track.height() - knob_side) / 2
        left = track.right() + 1 - inset - knob_side if knob_at_end else track.left() + inset
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(knob))
        painter.drawEllipse(QRectF(left, track.top() + inset, knob_side, knob_side))
        words = mirrored(direction, room, QRect(0, 0, room.width() - px(46 + 10), room.height()))
        role = ("text" if on else "text_muted") if self.isEnabled() else "text_disabled"
        painter.setPen(colour(role))
        painter.setFont(self._theme.font("label" if on else "body"))
        align = at_end(direction)
        painter.drawText(words, align | Qt.AlignmentFlag.AlignVCenter, _("On") if on else _("Off"))


class Check(QCheckBox):
    """A thing that can be ticked: box of 24, words, and a second line if there is one; both wrap."""

    def __init__(self, theme: Theme, icons: Icons, text: str, second: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._theme = theme
        self._icons = icons
        self._words = text
        self._second = second
        self._blocks: tuple[TextBlock, TextBlock | None] | None = None
        self.setAccessibleName(text)
        self.setAccessibleDescription(second)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self._blocks = None
        self.updateGeometry()
        self.update()

    def _text_blocks(self) -> tuple[TextBlock, TextBlock | None]:
        if self._blocks is None:
            font, pitch = self._theme.font, self._theme.line_pitch
            first = TextBlock(self._words, font("body"), pitch("body"))
            second = TextBlock(self._second, font("small"), pitch("small")) if self._second else None
            self._blocks = (first, second)
        return self._blocks

    def _frame(self) -> int:
        return self._theme.px(4 + 24 + 14)

    def sizeHint(self) -> QSize:
        """One line each."""
        first, second = self._text_blocks()
        width = int(max(first.width, second.width if second else 0)) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        first, second = self._text_blocks()
        width = int(max(first.longest_word, second.longest_word if second else 0)) + 1 + self._frame()
        return QSize(width, self._theme.target(44))

    def heightForWidth(self, width: int) -> int:
        """The height the words need at this width, 44 at least."""
        first, second = self._text_blocks()
        room = max(1, width - self._frame())
        words = first.height(room) + (self._theme.px(2) + second.height(room) if second else 0)
        return max(self._theme.target(44), words + self._theme.px(12))

    def hitButton(self, pos: QPoint) -> bool:
        """The words tick too."""
        return self.rect().contains(pos)

    def ring_rect(self) -> QRect:
        """What the focus ring goes around."""
        return self.rect()

    def ring_radius(self) -> int:
        """The corner of a control."""
        return self._theme.px(10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, tick, words."""
        px, colour, on = self._theme.px, self._theme.colour, self.isChecked()
        painter = QPainter(self)
        room, direction = self.rect(), self.layoutDirection()
        box = mirrored(direction, room, QRect(px(4), (room.height() - px(24)) // 2, px(24), px(24)))
        hot = self.underMouse() and self.isEnabled()
        fill = "accent" if on else ("surface_sunken" if hot else "surface")
        rounded(painter, box, px(7), colour(fill), colour("accent" if on else "border_strong"), 2)
        if on:
            self._icons.paint(painter, "check", "accent_text", box, 16)
        first, second = self._text_blocks()
        width = room.width() - self._frame()
        used = first.height(width) + (px(2) + second.height(width) if second else 0)
        area = QRect(self._frame(), (room.height() - used) // 2, width, first.height(width))
        align = at_start(direction)
        painter.setPen(colour("text" if self.isEnabled() else "text_disabled"))
        first.draw(painter, mirrored(direction, room, area), align)
        if second is not None:
            painter.setPen(colour("text_muted"))
            area = QRect(area.left(), area.bottom() + 1 + px(2), width, second.height(width))
            second.draw(painter, mirrored(direction, room, area), align)
