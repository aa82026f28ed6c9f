"""Once a year one quiet notice: does the recovery key still work? It can be put off for a year, or for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.tasks import Tasks
    from companion.vault.vault import Vault


class KeyOffer(QWidget):
    """Hidden unless a year has gone by since the recovery key was made, tried or put off."""

    check_requested = Signal()

    def __init__(self, kit: Kit, vault: Vault, tasks: Tasks) -> None:
        super().__init__()
        self._vault, self._tasks = vault, tasks
        card = kit.card(tint="sunken", padding=16, spacing=8)
        check = kit.button(_("Check it"), kind="soft", name=_("Check the recovery key"))
        check.clicked.connect(self.check_requested)
        later = kit.button(_("Not now"), kind="ghost")
        later.clicked.connect(self._on_later)
        never = kit.button(_("Don't ask again"), kind="ghost")
        never.clicked.connect(self._on_never)
        ways = kit.flow(spacing=8)
        for button in (check, later, never):
            ways.addWidget(button)
        words = _("It is a year since you last looked at your recovery key. Want to check that it still works?")
        fill(card.body, kit.label(words, "muted"), box(ways))
        fill(kit.column(self, spacing=0), card)
        self.hide()

    def look(self) -> None:
        """Ask the space whether a year has gone by."""
        self._tasks.run(self, self._is_due, self.setVisible)

    # --- inside ----------------------------------------------------------

    def _is_due(self) -> bool:
        vault = self._vault
        return vault.has_recovery_key and not vault.read_only and vault.recovery_care.offer_due

    def _on_later(self) -> None:
        self.hide()
        self._tasks.run(self, lambda: self._vault.recovery_care.put_off())

    def _on_never(self) -> None:
        self.hide()
        self._tasks.run(self, lambda: self._vault.recovery_care.never_offer())
