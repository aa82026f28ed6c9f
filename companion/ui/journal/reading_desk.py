"""What is done with an entry that is read: opened, its pictures shown, a file saved out, deleted and brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.core.ids import EntryId, MediaName
from companion.journal.model import Attachment, Entry, Saved
from companion.ui.journal.deleted_sheet import DeletedSheet
from companion.ui.journal.sheets import save_copy
from companion.ui.messages import one_line

if TYPE_CHECKING:
    from companion.journal.service import JournalService
    from companion.ui.changes import Changes
    from companion.ui.journal.reader import Reader
    from companion.ui.kit import Kit
    from companion.ui.tasks import Tasks
    from companion.ui.widgets.sheet import SheetHost
    from companion.ui.widgets.toast import ToastHost
    from companion.vault.vault import Vault


class ReadingDesk(QObject):
    """Serves the reading panes of one page."""

    deleted = Signal(str)
    brought_back = Signal(str)

    def __init__(
        self,
        vault: Vault,
        journal: JournalService,
        tasks: Tasks,
        changes: Changes,
        toasts: ToastHost,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._vault, self._journal, self._tasks = vault, journal, tasks
        self._changes, self._toasts, self._page = changes, toasts, parent

    def open(self, entry_id: EntryId, reader: Reader, shown: Callable[[], None]) -> None:
        """Show this entry in this pane, unless the pane was emptied while it was read."""
        number = reader.ask()

        def show(entry: Entry) -> None:
            if reader.is_asked(number):
                reader.show_entry(entry)
                shown()

        self._tasks.run(reader, partial(self._journal.entry, entry_id), show, self._say)

    def show_picture(self, reader: Reader, position: int, file: Attachment) -> None:
        """Decrypt one picture for the entry that is shown; a damaged one is left out here and told by its row."""
        entry = reader.entry
        if entry is not None:
            read = partial(self._vault.media.read, MediaName(file.media))
            show = partial(reader.show_picture, entry, position)
            self._tasks.run(reader, read, show, partial(reader.show_damaged, entry, position))

    def save_copy(self, reader: Reader, file: Attachment) -> None:
        """Write one file out of the vault."""
        save_copy(reader, file, self._vault, self._tasks, self._toasts, self._say)

    def delete(self, entry_id: EntryId) -> None:
        """Delete with a way back instead of a question."""
        self._tasks.run(self._page, partial(self._journal.delete, entry_id), self._on_deleted, self._say)

    def _on_deleted(self, saved: Saved) -> None:
        self.deleted.emit(saved.entry_id)
        self._changes.changed.emit(saved.changed)
        self._toasts.show(_("Note deleted."), icon="undo-2", undo=partial(self._bring_back, saved.entry_id))

    def show_deleted(self, kit: Kit, sheets: SheetHost, today: Callable[[], date]) -> None:
        """The deleted notes, each with its way back."""
        sheet = DeletedSheet(kit, today)
        sheet.bring_back_requested.connect(lambda entry_id: self._bring_back(EntryId(entry_id)))
        sheet.bring_back_requested.connect(sheets.close)
        sheets.open(sheet, _("Deleted notes"))
        self._tasks.run(sheet, self._journal.deleted, sheet.show_page, self._say)

    def _bring_back(self, entry_id: EntryId) -> None:
        def back(saved: Saved) -> None:
            self._changes.changed.emit(saved.changed)
            self.brought_back.emit(saved.entry_id)

        self._tasks.run(self._page, partial(self._journal.restore, entry_id), back, self._say)

    def _say(self, error: CompanionError) -> None:
        self._toasts.show(one_line(error), icon="info")
