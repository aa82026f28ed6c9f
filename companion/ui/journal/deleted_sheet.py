"""Deleted notes, and the way back for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.journal.model import Page, Summary
from companion.ui.moments import moment_words
from companion.ui.moods import title_or_start
from companion.ui.widgets.filling import clear

if TYPE_CHECKING:
    from companion.ui.kit import Kit


class DeletedSheet(QWidget):
    """The newest deleted notes; a heavy one does not show its words here."""

    bring_back_requested = Signal(str)

    def __init__(self, kit: Kit, today: Callable[[], date]) -> None:
        super().__init__()
        self._kit = kit
        self._today = today
        self._rows = kit.column(self, spacing=4)
        self.show_page(Page((), None))

    def show_page(self, page: Page) -> None:
        """Show these."""
        clear(self._rows)
        kit = self._kit
        if not page.entries:
            self._rows.addWidget(kit.label(_("Nothing is deleted."), "muted"))
            return
        self._rows.addWidget(kit.label(_("They stay here until you bring them back."), "muted"))
        for summary in page.entries:
            self._rows.addWidget(self._row(summary))

    def _row(self, summary: Summary) -> QWidget:
        words = title_or_start(summary.title, summary.excerpt, summary.mood)
        if summary.heavy:
            words = summary.title or _("Marked heavy")
        back = self._kit.button(_("Bring back"), kind="outline", name=_("Bring back {note}").format(note=words))
        back.clicked.connect(partial(self.bring_back_requested.emit, str(summary.id)))
        return self._kit.setting_row("notebook-pen", words, moment_words(summary.at, self._today()), back)
