"""The side panel: every place in its fixed order, then Settings and Lock. The one list of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSpacerItem, QVBoxLayout

from companion.core.i18n import _
from companion.ui.widgets.nav import mark

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.shell.place import Slot
    from companion.ui.widgets.nav import NavButton

# The order never changes; a place that does not exist yet is not shown.
ORDER = ("today", "journal", "plan", "strategies", "resources", "guides", "settings")
AT_THE_FOOT = ("settings",)


class SidePanel(QFrame):
    """Icon and word for each place; 216 wide at 100 % text, in a sheet as wide as that."""

    chosen = Signal(str)
    lock_requested = Signal()

    def __init__(self, kit: Kit, places: list[Slot], app_name: str, *, in_sheet: bool = False) -> None:
        super().__init__()
        self._kit = kit
        self._in_sheet = in_sheet  # the sheet has a title of its own
        self._buttons: dict[str, NavButton] = {}
        self._current = ""
        self.setProperty("kind", "" if self._in_sheet else "side-panel")
        self.setAccessibleName(_("Places"))
        self._build(sorted(places, key=lambda place: ORDER.index(place.key)), app_name)
        kit.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_name(self, app_name: str) -> None:
        """Show another name of the app."""
        self._name.label.setText(app_name)

    def set_current(self, key: str) -> None:
        """Mark the place that is shown."""
        if key in self._buttons:
            self._current = key
            mark(self._buttons.values(), self._buttons[key])

    def focus_current(self) -> None:
        """Put the focus on the place that is shown."""
        if self._current:
            self._buttons[self._current].setFocus()

    def _build(self, places: list[Slot], app_name: str) -> None:
        self._layout = QVBoxLayout(self)
        self._name = self._kit.app_name(app_name)
        if self._in_sheet:
            self._name.hide()
        self._layout.addWidget(self._name)
        self._gap = QSpacerItem(0, 0)
        self._layout.addItem(self._gap)
        for place in places:
            if place.key not in AT_THE_FOOT:
                self._layout.addWidget(self._button(place.key, place.icon, place.name))
        self._layout.addStretch(1)
        for place in places:
            if place.key in AT_THE_FOOT:
                self._layout.addWidget(self._button(place.key, place.icon, place.name))
        lock = self._kit.nav_button("lock", _("Lock"))
        lock.clicked.connect(self.lock_requested)
        self._layout.addWidget(lock)
        self._layout.addWidget(self._kit.quiet_fact("shield-check", _("Only on this computer")))

    def _button(self, key: str, icon: str, word: str) -> NavButton:
        button = self._kit.nav_button(icon, word)
        button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
        self._buttons[key] = button
        return button

    def _on_theme_changed(self) -> None:
        px = self._kit.theme.px
        self._layout.setSpacing(px(4))
        self._layout.setContentsMargins(0, 0, 0, 0)
        if not self._in_sheet:
            self.setFixedWidth(px(216))
            self._layout.setContentsMargins(px(14), px(16), px(14), px(12))
            self._gap.changeSize(0, px(10))
