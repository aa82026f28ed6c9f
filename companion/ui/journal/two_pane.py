"""A list with a reading pane beside it; below a width, or with large text, one of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from companion.ui.journal.reader import Reader
    from companion.ui.kit import Kit

ALONE_BELOW = 860  # px of content at 100 % text
LIST_WIDTH = 372


class TwoPane(QWidget):
    """Puts the list at 372 px and the reader beside it, or shows one of the two."""

    def __init__(self, kit: Kit, list_side: QWidget, reader: Reader, first_stop: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self._list_side = list_side
        self._reader = reader
        self._first_stop = first_stop  # not a focus proxy: Tab would pass over what stands before it
        self._is_reading = False
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(list_side)
        self._holder = holder
        self._layout.addWidget(holder)
        self._layout.addWidget(reader, 1)
        reader.back_requested.connect(self.show_list)
        reader.emptied.connect(self._on_emptied)
        kit.theme.changed.connect(self._fit)
        self._fit()

    @property
    def is_alone(self) -> bool:
        """Whether only one of the two fits."""
        return self._kit.theme.reflow or self.width() < self._kit.theme.px(ALONE_BELOW)

    def has_room_for_both(self) -> bool:
        """Whether reader and list stand side by side."""
        return not self.is_alone

    def show_reader(self) -> None:
        """An entry was opened."""
        self._is_reading = True
        self._fit()

    def show_list(self) -> None:
        """Back to the list."""
        self._is_reading = False
        self._fit()
        self._first_stop.setFocus()

    def _on_emptied(self) -> None:
        # An empty reader alone would be a page without a way on.
        had_focus = self._reader.isAncestorOf(self.window().focusWidget() or self.window())
        self._is_reading = False
        self._fit()
        if had_focus:
            self._first_stop.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One or two panes by width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px, alone = self._kit.theme.px, self.is_alone
        self._layout.setSpacing(px(18))
        self._reader.set_alone(alone)
        self._holder.setVisible(not alone or not self._is_reading)
        self._reader.setVisible(not alone or self._is_reading)
        if alone:
            self._holder.setMinimumWidth(0)
            self._holder.setMaximumWidth(16777215)
        else:
            self._holder.setFixedWidth(px(LIST_WIDTH))
        self.setMinimumHeight(px(420))
