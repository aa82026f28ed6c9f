"""The way on after a warning at the lock screen: nothing is passed by unless the person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, OpenElsewhere, OtherCopy
from companion.core.i18n import _
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit


class WayOn(QWidget):
    """Stands under the warning. `chosen` carries what was told; what was typed is still in the fields."""

    chosen = Signal(object)
    versions_requested = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._told: CompanionError | None = None
        self._on = kit.button("", icon="lock-open")
        self._on.clicked.connect(lambda: self.chosen.emit(self._told))
        self._look = kit.button(_("What else is there"), kind="link", icon="search")
        self._look.clicked.connect(lambda: self.versions_requested.emit(self._told))
        ways = kit.flow(spacing=8)
        ways.addWidget(self._on)
        ways.addWidget(self._look)
        fill(kit.column(self, spacing=8), ways)

    def show_for(self, error: CompanionError) -> None:
        """Show what fits this error; nothing for most."""
        self._told = error
        is_copy = isinstance(error, OtherCopy)
        self._on.setText(_("Open this one as it is") if is_copy else _("It is closed there. Open it here"))
        self._look.setVisible(is_copy)
        self.setVisible(is_copy or isinstance(error, OpenElsewhere))
