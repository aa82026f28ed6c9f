"""Words: labels that wrap without clipping, and pictures that stand beside them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.paint import at_end, at_start, rounded
from companion.ui.widgets.text_block import TextBlock

LONGEST_LINE_CH = 68  # characters; longer lines tire the eye
LONGEST_WORD_EM = 11  # a longer word may break, so that it never makes a page too wide

_TONES = {"muted": "text_muted", "caption": "text_muted", "small": "text_muted"}


class Label(QLabel):
    """Plain words in one step of the type scale; `tone` is a colour role when the step's own does not fit.

    Wrapped words are laid out here, not by QLabel: the line height follows the
    reading comfort, and the height asked for is the height drawn. Selectable
    words are drawn by QLabel, which knows about selections.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        role: str = "body",
        *,
        wrap: bool = True,
        selectable: bool = False,
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._tone = tone
        self._selectable = selectable
        self._block: TextBlock | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.setText(text)
        theme.changed.connect(self._restyle)
        self._restyle()

    # --- what it says and how --------------------------------------------

    @property
    def role(self) -> str:
        """The step of the type scale."""
        return self._role

    def setText(self, text: str) -> None:
        """Show other words."""
        self._block = None
        super().setText(text)
        self.updateGeometry()

    def set_role(self, role: str) -> None:
        """Use another step of the type scale."""
        self._role = role
        self._restyle()

    def set_tone(self, tone: str) -> None:
        """Use another colour role; "" goes back to the step's own."""
        self._tone = tone
        self._restyle()

    def _restyle(self) -> None:
        self._block = None
        self.setFont(self._theme.font(self._role))
        self.setPalette(self._theme.text_palette(self._tone or _TONES.get(self._role, "text")))
        self.updateGeometry()
        self.update()

    # --- sizes -----------------------------------------------------------

    def _words(self) -> TextBlock:
        if self._block is None:
            self._block = TextBlock(self.text(), self.font(), self._theme.line_pitch(self._role), wrap=self.wordWrap())
        return self._block

    def sizeHint(self) -> QSize:
        """One line if it is short enough, else a comfortable block."""
        if self._selectable:
            return super().sizeHint()
        words = self._words()
        width = words.width
        if self.wordWrap():
            width = min(width, words.average_width * LONGEST_LINE_CH)
        return QSize(int(width) + 1, words.height(int(width) + 1))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the longest word."""
        if not self.wordWrap():
            return self.sizeHint()
        words = self._words()
        longest = min(words.longest_word, words.em * LONGEST_WORD_EM)
        return QSize(int(longest) + 1, words.line_height)

    def heightForWidth(self, width: int) -> int:
        """The height the words need at this width."""
        if self._selectable or not self.wordWrap():
            return super().heightForWidth(width)
        return self._words().height(width)

    # --- drawing ---------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, or let QLabel draw what it must."""
        if self._selectable or not self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        align, direction = self.alignment(), self.layoutDirection()
        if not align & Qt.AlignmentFlag.AlignHCenter:
            side = at_end(direction) if align & Qt.AlignmentFlag.AlignRight else at_start(direction)
            align = align & Qt.AlignmentFlag.AlignVertical_Mask | side
        self._words().draw(painter, self.contentsRect(), align)


class IconLabel(QWidget):
    """A picture beside words; decorative, so it has no accessible name and takes no focus."""

    def __init__(
        self, theme: Theme, icons: Icons, name: str, role: str = "text_muted", size: float = 20, box: float = 0
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._name = name
        self._role = role
        self._size = size
        self._box = box
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_icon(self, name: str, role: str = "") -> None:
        """Show another picture, in another colour role if one is given."""
        self._name = name
        self._role = role or self._role
        self.update()

    def _restyle(self) -> None:
        side = self._theme.px(self._box or self._size)
        self.setFixedSize(side, side)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, on its tinted box if it has one."""
        painter = QPainter(self)
        if self._box:
            self._draw_box(painter)
        self._icons.paint(painter, self._name, self._role, self.rect(), self._size)

    def _draw_box(self, painter: QPainter) -> None:
        fill = self._role.removesuffix("_text")
        edge = self._role if self._theme.is_high_contrast else fill
        rounded(painter, self.rect(), self._theme.px(12), self._theme.colour(fill), self._theme.colour(edge), 2)
