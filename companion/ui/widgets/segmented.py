"""One of a few short words, side by side in one track."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.ui.theme import Theme
from companion.ui.widgets.choice import Choice, ChoiceGroup
from companion.ui.widgets.flow import FlowLayout
from companion.ui.widgets.paint import mirrored, rounded
from companion.ui.widgets.text_block import TextBlock


class _Segment(Choice):
    """One word of the track."""

    def __init__(self, theme: Theme, key: str, text: str) -> None:
        super().__init__(theme, key, text)
        self._blocks: dict[bool, TextBlock] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _restyle(self) -> None:
        self._blocks = {}
        super()._restyle()

    def _text_block(self, *, bold: bool) -> TextBlock:
        if bold not in self._blocks:
            role = "label" if bold else "body"
            self._blocks[bold] = TextBlock(self.words, self._theme.font(role), self._theme.line_pitch(role))
        return self._blocks[bold]

    def sizeHint(self) -> QSize:
        """The bold word on one line, so that nothing moves when it is chosen."""
        width = int(self._text_block(bold=True).width) + 1 + self._theme.px(32)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        return QSize(int(self._text_block(bold=True).longest_word) + 1 + self._theme.px(32), self._theme.target(38))

    def heightForWidth(self, width: int) -> int:
        """38, more if the words wrap."""
        words = self._text_block(bold=True).height(max(1, width - self._theme.px(32)))
        return max(self._theme.target(38), words + self._theme.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chosen one stands on its own surface, bold."""
        px, colour, on = self._theme.px, self._theme.colour, self.isChecked()
        painter = QPainter(self)
        if on:
            edge = "accent" if self._theme.is_high_contrast else "border"
            rounded(painter, self.rect(), px(9), colour("surface_raised"), colour(edge), self._theme.edge)
        elif self._hot:
            rounded(painter, self.rect(), px(9), None, colour("border_strong"), 1)
        painter.setPen(colour("accent" if on else "text" if self.isEnabled() else "text_disabled"))
        area = QRect(px(16), 0, self.width() - px(32), self.height())
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        self._text_block(bold=on).draw(painter, area, align)


class Segmented(ChoiceGroup):
    """One of a few short words; the words wrap to more rows when there is no room."""

    def __init__(
        self,
        theme: Theme,
        items: list[tuple[str, str]],
        name: str,
        *,
        clearable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, clearable=clearable, parent=parent)
        self._theme = theme
        self._flow = FlowLayout(theme, 4, self)
        for key, text in items:
            segment = _Segment(theme, key, text)
            self.add(segment)
            self._flow.addWidget(segment)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if items and not clearable:
            self.choose(items[0][0])
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        pad = self._theme.px(4)
        self._flow.setContentsMargins(pad, pad, pad, pad)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The track, as long and as high as the words."""
        used = self._flow.geometry()
        height = min(self.height(), self._flow.heightForWidth(self.width()))
        track = QRect(0, used.top(), min(self.width(), self._flow.sizeHint().width()), height)
        track = mirrored(self.layoutDirection(), self.rect(), track)
        edge = "border" if self._theme.is_high_contrast else "surface_sunken"
        fill = self._theme.colour("surface_sunken")
        painter = QPainter(self)
        rounded(painter, track, self._theme.px(12), fill, self._theme.colour(edge), self._theme.edge)
