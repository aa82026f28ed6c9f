"""The timeline as a list model that asks for 50 entries at a time, so that any journal opens alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from companion.core.ids import EntryId
from companion.journal.model import Hit, Page, Summary
from companion.ui.journal.words import row_words
from companion.ui.moments import day_words

AskPage = Callable[[str | None, Callable[[Page], None]], None]
Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What a row can be asked for besides its accessible words."""

    SUMMARY = Qt.ItemDataRole.UserRole + 1
    FIRST_OF_DAY = Qt.ItemDataRole.UserRole + 2
    DAY_WORDS = Qt.ItemDataRole.UserRole + 3
    UNFOLDED = Qt.ItemDataRole.UserRole + 4


class EntryModel(QAbstractListModel):
    """Rows of summaries, newest first; more are fetched as the view nears the end.

    `ask` starts reading a page and calls back on this thread; an answer to a
    question from before `restart` is ignored.
    """

    filled = Signal()

    def __init__(self, ask: AskPage, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._today = today
        self._rows: list[Summary] = []
        self._next: str | None = None
        self._is_asking = False
        self._round = 0
        self._unfolded: set[EntryId] = set()

    def restart(self) -> None:
        """Read from the newest entry again; what is shown stays until the answer is here."""
        self._round += 1
        self._is_asking = True
        this_round = self._round
        self._ask(None, lambda page: self._on_first(page, this_round))

    def clear(self) -> None:
        """Forget every row."""
        self._round += 1
        self.beginResetModel()
        self._rows, self._next, self._is_asking = [], None, False
        self._unfolded.clear()
        self.endResetModel()

    def summary(self, row: int) -> Summary | None:
        """The summary in this row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, entry_id: EntryId) -> int:
        """The row of this entry, -1 while it is not among the fetched ones."""
        return next((n for n, row in enumerate(self._rows) if row.id == entry_id), -1)

    def is_unfolded(self, row: int) -> bool:
        """Whether a heavy entry's words are shown."""
        summary = self.summary(row)
        return summary is not None and summary.id in self._unfolded

    def unfold(self, row: int) -> None:
        """Show a heavy entry's words until the list is read again."""
        summary = self.summary(row)
        if summary is not None:
            self._unfolded.add(summary.id)
            index = self.index(row)
            self.dataChanged.emit(index, index)

    # --- Qt --------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows are here so far."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The summary, or the words a screen reader says."""
        summary = self.summary(index.row())
        if summary is None:
            return None
        if role == Role.SUMMARY:
            return summary
        if role == Role.FIRST_OF_DAY:
            return self._is_first_of_day(index.row())
        if role == Role.DAY_WORDS:
            return day_words(summary.at.date(), self._today())
        if role == Role.UNFOLDED:
            return summary.id in self._unfolded
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return row_words(summary, self._today(), unfolded=summary.id in self._unfolded)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether older entries wait."""
        return not parent.isValid() and self._next is not None and not self._is_asking

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next older entries."""
        if not self.canFetchMore(parent):
            return
        self._is_asking = True
        this_round = self._round
        self._ask(self._next, lambda page: self._on_more(page, this_round))

    # --- inside ----------------------------------------------------------

    def _is_first_of_day(self, row: int) -> bool:
        return row == 0 or self._rows[row].at.date() != self._rows[row - 1].at.date()

    def _on_first(self, page: Page, asked_in: int) -> None:
        if asked_in != self._round:
            return
        self.beginResetModel()
        self._rows = list(page.entries)
        self._next = page.next
        self._is_asking = False
        self.endResetModel()
        self.filled.emit()

    def _on_more(self, page: Page, asked_in: int) -> None:
        if asked_in != self._round:
            return
        self._is_asking = False
        self._next = page.next
        if not page.entries:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(page.entries) - 1)
        self._rows.extend(page.entries)
        self.endInsertRows()


class HitModel(QAbstractListModel):
    """Found entries; small enough to be held whole."""

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._hits: tuple[Hit, ...] = ()

    def show(self, hits: tuple[Hit, ...]) -> None:
        """Replace what is shown."""
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def hit(self, row: int) -> Hit | None:
        """The hit in this row."""
        return self._hits[row] if 0 <= row < len(self._hits) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many were found and are shown."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The hit, or the words a screen reader says."""
        hit = self.hit(index.row())
        if hit is None:
            return None
        if role == Role.SUMMARY:
            return hit
        if role == Role.DAY_WORDS:
            return day_words(hit.at.date(), self._today())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            words = hit.snippet.replace("\x02", "").replace("\x03", "")
            return ". ".join(part for part in (day_words(hit.at.date(), self._today()), hit.title, words) if part)
        return None
