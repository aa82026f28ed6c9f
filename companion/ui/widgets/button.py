"""Buttons: one filled at most on a page, every one with words or a name."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.ui.icons import Icons, facing
from companion.ui.theme import Theme
from companion.ui.widgets.paint import rounded
from companion.ui.widgets.press import PressButton
from companion.ui.widgets.text_block import TextBlock


class _Face(NamedTuple):
    """Colour roles of one kind; "" draws nothing."""

    text: str
    fill: str = ""
    hover: str = ""
    pressed: str = ""
    edge: str = ""
    hover_edge: str = ""
    padding: int = 16
    height: int = 44


_FACES: dict[str, _Face] = {
    "outline": _Face("text", "surface", "surface_sunken", "surface_sunken", "border_strong", "text"),
    "primary": _Face("accent_text", "accent", "accent_hover", "accent_pressed"),
    "soft": _Face("accent_soft_text", "accent_soft", "accent_soft", "accent_soft", "accent_soft", "accent"),
    "ghost": _Face("text", "", "surface_sunken", "surface_sunken", "", "border_strong"),
    "link": _Face("accent", padding=0, height=36),
    "help": _Face("help_text", "help", "help_hover", "help_hover"),
    "danger": _Face("danger_text", "danger", "danger", "danger", "danger", "text"),
}


class Button(PressButton):
    """A button with words; they wrap when there is no room for one line.

    Kinds: primary (the one filled button of a page), outline (second choice), soft (go deeper),
    ghost (quiet), link (lines up with text above), help (reach a person), danger (something goes for good).
    Given more height than it needs it stays its own size in the middle.
    """

    def __init__(
        self, theme: Theme, icons: Icons, text: str, kind: str = "outline", icon: str = "", name: str = ""
    ) -> None:
        super().__init__(theme, icons)
        self._kind = kind
        self._icon = icon
        self._block: TextBlock | None = None
        self.setText(text)
        if name:
            self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def kind(self) -> str:
        """Which sort of button it is."""
        return self._kind

    def set_kind(self, kind: str) -> None:
        """Become another sort of button."""
        self._kind = kind
        self._restyle()

    def set_icon(self, icon: str) -> None:
        """Show another picture; "" shows none."""
        self._icon = icon
        self._restyle()

    # --- sizes -----------------------------------------------------------

    def _restyle(self) -> None:
        self._block = None
        self.setFont(self._theme.font("label"))
        super()._restyle()

    def _text_block(self) -> TextBlock:
        if self._block is None:
            self._block = TextBlock(self._words, self.font(), self._theme.line_pitch("label"))
        return self._block

    def _lead(self) -> int:
        """Room for the picture and its gap."""
        shown = self._icon and self._icons.has(self._icon)
        return self._theme.px(20 + (8 if self._kind == "link" else 10)) if shown else 0

    def _frame(self) -> int:
        return 2 * self._theme.px(_FACES[self._kind].padding) + self._lead()

    def sizeHint(self) -> QSize:
        """Words on one line."""
        width = int(self._text_block().width) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        width = int(self._text_block().longest_word) + 1 + self._frame()
        return QSize(width, self._theme.target(_FACES[self._kind].height))

    def heightForWidth(self, width: int) -> int:
        """The height the words need at this width, never under the target size."""
        words = self._text_block().height(max(1, width - self._frame()))
        return max(self._theme.target(_FACES[self._kind].height), words + 2 * self._theme.px(8))

    def _face_rect(self) -> QRect:
        face = QRect(self.rect())
        if self._kind == "link":
            face.setWidth(min(face.width(), self.sizeHint().width()))
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                face.moveRight(self.rect().right())
        height = min(face.height(), self.heightForWidth(face.width()))
        face.setTop(face.top() + (face.height() - height) // 2)
        face.setHeight(height)
        return face

    def ring_rect(self) -> QRect:
        """Around the face, not around spare room."""
        return self._face_rect()

    def hitButton(self, pos: QPoint) -> bool:
        """Spare room does not press."""
        return self._face_rect().contains(pos)

    # --- drawing ---------------------------------------------------------

    def _colours(self) -> tuple[str, str, str]:
        """Roles of words, fill and edge as things are now."""
        face = _FACES[self._kind]
        high_contrast = self._theme.is_high_contrast
        if not self.isEnabled():
            return "text_disabled", face.fill and "surface_sunken", face.edge and "text_disabled"
        if self.isChecked():
            return "accent_soft_text", "accent_soft", "accent"
        edge = face.edge
        if high_contrast and self._kind == "soft":
            edge = "accent_soft_text"
        if self.isDown():
            return face.text, face.pressed or face.fill, face.hover_edge or edge
        if self._hot:
            return face.text, face.hover or face.fill, face.hover_edge or edge
        return face.text, face.fill, edge

    def draw(self, painter: QPainter) -> None:
        """Face, picture, words."""
        text, fill, edge = self._colours()
        face = self._face_rect()
        colour = self._theme.colour
        if fill or edge:
            rounded(
                painter,
                face,
                self._theme.px(10),
                colour(fill) if fill else None,
                colour(edge) if edge else None,
                2 if edge else 0,
            )
        lead = self._lead()
        padding = self._theme.px(_FACES[self._kind].padding)
        block = self._text_block()
        room = face.width() - self._frame()
        words = min(room, int(block.width) + 1)
        start = face.left() + padding + (0 if self._kind == "link" else (room - words) // 2)
        picture = QRect(start, face.top(), self._theme.px(20), face.height())
        area = QRect(start + lead, face.top(), words, face.height())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            picture.moveLeft(face.left() + face.right() - picture.right())
            area.moveLeft(face.left() + face.right() - area.right())
        if lead:
            self._icons.paint(painter, facing(self._icon, self.layoutDirection()), text, picture)
        font_hint = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colour(text))
        align = Qt.AlignmentFlag.AlignLeft if lead or self._kind == "link" else Qt.AlignmentFlag.AlignHCenter
        if align == Qt.AlignmentFlag.AlignLeft and self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            align = Qt.AlignmentFlag.AlignRight
        block.draw(painter, area, align | font_hint)


class IconButton(PressButton):
    """A square button with a picture, a name and a tooltip; the name is shown where the picture is missing."""

    def __init__(
        self, theme: Theme, icons: Icons, icon: str, name: str, *, size: int = 36, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, icons, parent)
        self._icon = icon
        self._size = size
        self.set_name(name)
        self._restyle()

    def set_icon(self, icon: str) -> None:
        """Show another picture."""
        self._icon = icon
        self.update()

    def set_name(self, name: str) -> None:
        """Say what it does."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def _restyle(self) -> None:
        self.setFont(self._theme.font("label"))
        side = self._theme.target(self._size)
        width = side
        if not self._icons.has(self._icon):
            width = max(side, self.fontMetrics().horizontalAdvance(self.accessibleName()) + self._theme.px(16))
        self.setFixedSize(width, side)
        super()._restyle()

    def sizeHint(self) -> QSize:
        """Its fixed size."""
        return self.minimumSize()

    def draw(self, painter: QPainter) -> None:
        """The picture, on a quiet fill under the pointer."""
        role = "text" if self.isEnabled() else "text_disabled"
        if self._hot or self.isDown():
            edge = self._theme.colour("border_strong")
            rounded(painter, self.rect(), self._theme.px(10), self._theme.colour("surface_sunken"), edge, 1)
        if self._icons.has(self._icon):
            self._icons.paint(painter, facing(self._icon, self.layoutDirection()), role, self.rect())
            return
        painter.setPen(self._theme.colour(role))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.accessibleName())
