"""Backup and export: what is kept of the space, where, and how it is taken out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.shell.settings.backup_sheet import BackupSheet
from companion.ui.shell.settings.backups import BackupCard
from companion.ui.shell.settings.moving import MoveSheet
from companion.ui.shell.settings.second_place import SecondPlaceCard
from companion.ui.shell.settings.section import Changes, Section
from companion.ui.shell.settings.take_out import TakeOutCard

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.core.errors import CompanionError
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions
    from companion.ui.shell.settings.backup_actions import BackupActions
    from companion.ui.shell.settings.take_out_actions import TakeOutActions
    from companion.ui.widgets.sheet import SheetHost
    from companion.vault.keeping import Shown


class BackupSection(Section):
    """The cards of the page, top to bottom; each does its own work."""

    key = "backup"
    icon = "archive"

    def __init__(
        self,
        kit: Kit,
        changes: Changes,
        actions: VaultActions,
        backup_actions: BackupActions,
        clock: Clock,
        take_out: TakeOutActions,
        sheets: SheetHost,
    ) -> None:
        super().__init__(kit, changes)
        self._actions, self._clock, self._sheets = backup_actions, clock, sheets
        self.backups = BackupCard(kit, actions, clock)
        self.backups.made.connect(self._on_made)
        self.backups.open_requested.connect(self.open_backup)
        self.backups.right_requested.connect(self._on_right)
        self.place = SecondPlaceCard(kit, backup_actions, clock)
        self.place.chosen.connect(self._look)
        self.take_out = TakeOutCard(kit, take_out, clock, sheets)
        self.note_row(_("Take notes out"), self.take_out.open_button)
        self.note_row(_("Make a backup"), self.backups.make_button)
        self.note_row(_("A second place for backups"), self.place.choose_button)
        cards: tuple[QWidget, ...] = (
            self.backups,
            self.place,
            self._moving(),
            self.take_out,
        )
        for card in cards:
            self.column.addWidget(card)
        backup_actions.watch(self, self._on_kept)

    def title(self) -> str:
        """The word in the list of pages."""
        return _("Backup and export")

    def arrive(self) -> None:
        """Look which backups are there now."""
        super().arrive()
        self._look()

    def open_backup(self, file: Path) -> None:
        """Open the sheet of one backup."""
        sheet = BackupSheet(self._kit, self._actions, self._clock, file, self._look)
        self._sheets.open(sheet, _("A backup"))

    def show_move(self) -> None:
        """Open the checklist for a new computer."""
        sheet = MoveSheet(self._kit)
        sheet.make_requested.connect(self._on_make_for_move)
        self._sheets.open(sheet, _("Move to a new computer"))

    # --- inside ----------------------------------------------------------

    def _moving(self) -> QWidget:
        button = self._kit.button(_("Show the steps"), name=_("Move to a new computer"))
        button.clicked.connect(self.show_move)
        card = self._kit.card(spacing=0)
        words = _("Three steps, with one file on a stick.")
        self.rows(card, self.row("laptop", _("Move to a new computer"), words, button))
        return card

    def _on_make_for_move(self) -> None:
        self._sheets.close()
        self.backups.make_elsewhere()

    def _look(self) -> None:
        self._actions.look(self, self._on_looked, self._on_failed)

    def _on_made(self) -> None:
        self._look()
        self._actions.look_now()

    def _on_kept(self) -> None:
        if self.isVisible():
            self._look()

    def _on_right(self) -> None:
        self._actions.change(self, lambda keeping: keeping.accept_smaller(), lambda _n: self._look(), self._on_failed)

    def _on_looked(self, shown: Shown) -> None:
        standing = self._actions.standing
        trouble = standing.trouble if standing is not None else None
        self.backups.show_backups(shown.backups, shown.tested, holds_back=shown.holds_back, trouble=trouble)
        self.place.show_place(shown)

    def _on_failed(self, error: CompanionError) -> None:
        self.backups.show_error(error)
