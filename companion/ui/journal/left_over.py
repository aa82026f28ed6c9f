"""Words that were on their way when the app closed or died: the newest come back into the editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from companion.journal.model import Draft

if TYPE_CHECKING:
    from companion.journal.service import JournalService
    from companion.ui.journal.writing import Writing
    from companion.ui.tasks import Tasks


class LeftOver(QObject):
    """Looks once after each opening."""

    def __init__(self, writing: Writing, journal: JournalService, tasks: Tasks) -> None:
        super().__init__(writing)
        self._writing, self._journal, self._tasks = writing, journal, tasks

    def look(self) -> None:
        """Bring drafts back, unless something is being written already."""
        self._tasks.run(self, self._journal.drafts, self._on_drafts, lambda _error: None)

    def _on_drafts(self, drafts: list[Draft]) -> None:
        if not drafts or not self._writing.is_blank:
            return
        newest, *others = drafts
        ready = partial(self._on_ready, newest)
        self._tasks.run(self, partial(self._settle, newest, others), ready, lambda _error: None)

    def _settle(self, newest: Draft, others: list[Draft]) -> bool:
        """Older words on their way become entries; says whether the newest belongs to no entry yet."""
        for draft in others:
            self._journal.save(draft.entry_id, draft.content)
        return not self._journal.has_entry(newest.entry_id)

    def _on_ready(self, draft: Draft, is_new: bool) -> None:
        if self._writing.is_blank:
            self._writing.begin_from(draft, is_new=is_new)
