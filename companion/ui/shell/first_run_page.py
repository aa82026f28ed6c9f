"""What every page of the first run has in common: one column in the middle, a title, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.widgets.filling import Item, box, fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.widgets.label import Label


class FirstRunPage(QWidget):
    """A page `width` px wide at 100 % text; narrower windows get all there is."""

    back_requested = Signal()
    look_around_requested = Signal()

    def __init__(self, kit: Kit, title: str, width: int = 880) -> None:
        super().__init__()
        self._kit = kit
        self._width = width
        self.title = title
        self.setAccessibleName(title)
        self._holder = QWidget()
        self.column = kit.column(self._holder, spacing=18)
        self._title_label: Label | None = None
        self._hills: QWidget | None = None
        self._outer = fill(kit.row(self, spacing=0), None, (self._holder, 1000), None)
        kit.theme.changed.connect(self._fit)
        self._fit()

    def first_stop(self) -> QWidget | None:
        """Where the focus begins on this page."""
        return None

    # --- parts of pages --------------------------------------------------

    def heading(self, under: str, *, centred: bool = False) -> QWidget:
        """The title and one line under it."""
        kit = self._kit
        self._title_label = kit.label(self.title, "hero")
        labels = [self._title_label, kit.label(under, "lead", tone="text_muted")]
        if centred:
            for label in labels:
                label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._fit()
        return box(fill(kit.column(spacing=8), *labels))

    def picture(self, height: int) -> QWidget:
        """The hills, where they leave room for what the page is about."""
        self._hills = self._kit.hills(height)
        if not self._has_room_for_picture:
            self._hills.hide()
        return self._hills

    def back(self) -> QWidget:
        """The way to the page before."""
        button = self._kit.button(_("Back"), kind="link", icon="arrow-left")
        button.clicked.connect(self.back_requested)
        return button

    def ways(self, *buttons: QWidget) -> Item:
        """Back at one end, the ways on at the other."""
        kit = self._kit
        on = kit.flow(spacing=8)
        for button in buttons:
            on.addWidget(button)
        ways = kit.side(spacing=16, words=90)
        ways.addWidget(box(fill(kit.row(), self.back(), None)))
        ways.addWidget(box(on))
        return ways

    def look_around(self) -> QWidget:
        """The way out of setting up, without a question."""
        button = self._kit.button(_("Look around first"), kind="ghost")
        button.clicked.connect(self.look_around_requested)
        return button

    def _fit(self) -> None:
        theme = self._kit.theme
        self._holder.setMaximumWidth(theme.px(self._width))
        self._outer.set_margins((16, 16, 16, 24) if theme.reflow else (40, 2, 40, 32))
        if self._title_label is not None:
            self._title_label.set_role("h1" if theme.reflow else "hero")
        # Before it has a place it would show as a window of its own.
        if self._hills is not None and self._hills.parentWidget() is not None:
            self._hills.setVisible(self._has_room_for_picture)

    @property
    def _has_room_for_picture(self) -> bool:
        return self._kit.theme.pictures and not self._kit.theme.reflow
