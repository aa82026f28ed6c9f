"""One of many: says what is chosen, and opens a list to choose from."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy

from companion.core.i18n import _
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.list_popup import ListPopup
from companion.ui.widgets.paint import at_start, mirrored, rounded
from companion.ui.widgets.press import PressButton
from companion.ui.widgets.text_block import TextBlock


class ListButton(PressButton):
    """Looks like a field and says what is chosen; `chosen` carries the key when the person picks."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, items: list[tuple[str, str]], name: str) -> None:
        super().__init__(theme, icons)
        self._name = name
        self._items: list[tuple[str, str]] = []
        self._current = ""
        self._block: TextBlock | None = None
        self._popup: ListPopup | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(self.open_list)
        self.set_items(items)

    @property
    def current(self) -> str:
        """The key of what is chosen."""
        return self._current

    def set_items(self, items: list[tuple[str, str]]) -> None:
        """Offer these; the first is chosen if the one chosen before is not among them."""
        self._items = list(items)
        keys = [key for key, _label in items]
        self.choose(self._current if self._current in keys else (keys[0] if keys else ""))

    def choose(self, key: str) -> None:
        """Show this one as chosen; nothing is emitted."""
        self._current = key
        label = dict(self._items).get(key, "")
        self.setText(label)
        self.setAccessibleName(_("{name}: {value}").format(name=self._name, value=label) if label else self._name)

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._popup is not None and self._popup.isVisible()

    def open_list(self) -> None:
        """Show the list under the button, or above it where there is more room."""
        if self.is_open or not self._items:
            return
        self._popup = ListPopup(self, self._theme, self._icons, self._items, self._current, self._name)
        self._popup.picked.connect(self._on_picked)
        self._popup.open_at(self)

    def _on_picked(self, key: str) -> None:
        changed = key != self._current
        self.choose(key)
        if changed:
            self.chosen.emit(key)

    # --- sizes and drawing -----------------------------------------------

    def _restyle(self) -> None:
        self._block = None
        super()._restyle()

    def _text_block(self) -> TextBlock:
        if self._block is None:
            self._block = TextBlock(self.text(), self._theme.font("body"), self._theme.line_pitch("body"))
        return self._block

    def _frame(self) -> int:
        return self._theme.px(14 + 10 + 18 + 12)

    def sizeHint(self) -> QSize:
        """Room for the longest label, so that the button does not change its size."""
        metrics = self._theme.font("body")
        widest = max((TextBlock(label, metrics, 0).width for _key, label in self._items), default=0.0)
        width = int(widest) + 1 + self._frame()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One word a line."""
        return QSize(int(self._text_block().longest_word) + 1 + self._frame(), self._theme.target(44))

    def heightForWidth(self, width: int) -> int:
        """44, more if the words wrap."""
        words = self._text_block().height(max(1, width - self._frame()))
        return max(self._theme.target(44), words + self._theme.px(16))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down open the list too."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4):
            self.open_list()
            return
        super().keyPressEvent(event)

    def draw(self, painter: QPainter) -> None:
        """A field with an arrow."""
        px, colour, direction, room = self._theme.px, self._theme.colour, self.layoutDirection(), self.rect()
        fill = "surface_sunken" if self._hot else "surface"
        rounded(painter, room, px(10), colour(fill), colour("border_strong"), self._theme.edge)
        arrow = QRect(room.width() - px(12 + 18), 0, px(18), room.height())
        role = "text" if self.isEnabled() else "text_disabled"
        self._icons.paint(painter, "chevron-down", role, mirrored(direction, room, arrow), 18)
        painter.setPen(colour(role))
        area = QRect(px(14), 0, room.width() - self._frame(), room.height())
        align = at_start(direction) | Qt.AlignmentFlag.AlignVCenter
        self._text_block().draw(painter, mirrored(direction, room, area), align)
