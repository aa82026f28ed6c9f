"""Backup and export: what is kept of the space, where, and how it is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.shell.settings.backups import BackupCard
from companion.ui.shell.settings.section import Changes, Section
from companion.ui.shell.settings.take_out import TakeOutCard

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.core.errors import CompanionError
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions, VaultState
    from companion.ui.shell.settings.take_out_actions import TakeOutActions
    from companion.ui.widgets.sheet import SheetHost


class BackupSection(Section):
    """The cards of the page, top to bottom; each does its own work."""

    key = "backup"
    icon = "archive"

    def __init__(
        self,
        kit: Kit,
        changes: Changes,
        actions: VaultActions,
        clock: Clock,
        take_out: TakeOutActions,
        sheets: SheetHost,
    ) -> None:
        super().__init__(kit, changes)
        self._actions = actions
        self.backups = BackupCard(kit, actions, clock)
        self.backups.made.connect(self._look)
        self.note_row(_("Make a backup"), self.backups.make_button)
        self.take_out = TakeOutCard(kit, take_out, clock, sheets)
        self.note_row(_("Take notes out"), self.take_out.open_button)
        cards: tuple[QWidget, ...] = (
            self.backups,
            self.take_out,
        )
        for card in cards:
            self.column.addWidget(card)

    def title(self) -> str:
        """The word in the list of pages."""
        return _("Backup and export")

    def arrive(self) -> None:
        """Look which backups are there now."""
        super().arrive()
        self._look()

    # --- inside ----------------------------------------------------------

    def _look(self) -> None:
        self._actions.look(self, self._on_looked, self._on_failed)

    def _on_looked(self, state: VaultState) -> None:
        self.backups.show_backups(state.backups)

    def _on_failed(self, error: CompanionError) -> None:
        self.backups.show_error(error)
