"""The Timeline tab: every entry, newest first, with a reading pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from companion.core.i18n import _
from companion.ui.journal.entry_model import EntryModel
from companion.ui.journal.reader import Reader
from companion.ui.journal.row_painter import RowPainter
from companion.ui.journal.two_pane import TwoPane

if TYPE_CHECKING:
    from companion.ui.kit import Kit

Index = QModelIndex | QPersistentModelIndex


class EntryList(QListView):
    """Rows painted from the theme; Enter or a click opens, Delete asks to delete."""

    opened = Signal(int)
    delete_pressed = Signal(int)

    def __init__(self, kit: Kit, name: str) -> None:
        super().__init__()
        self.has_room_beside: Callable[[], bool] = lambda: True
        self.painter_ = RowPainter(kit)
        self.setItemDelegate(self.painter_)
        self.setAccessibleName(name)
        self.setProperty("kind", "entries")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)
        kit.theme.changed.connect(self._on_theme_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row, Delete asks to delete it."""
        key = event.key()
        row = self.currentIndex().row()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.opened.emit(row)
        elif key == Qt.Key.Key_Delete and row >= 0:
            self.delete_pressed.emit(row)
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Moving through the list with the arrows shows each row's entry, where there is room beside the list."""
        super().currentChanged(current, previous)
        if current.isValid() and self.hasFocus() and self.has_room_beside() and not self.painter_.is_covered:
            self.opened.emit(current.row())

    def _on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


class Timeline(QWidget):
    """The list with its cover mode, and the reader."""

    write_requested = Signal()
    bring_in_requested = Signal()
    find_requested = Signal(str)
    deleted_requested = Signal()

    def __init__(self, kit: Kit, model: EntryModel, reader: Reader) -> None:
        super().__init__()
        self._kit = kit
        self.model = model
        self.reader = reader
        self.list = EntryList(kit, _("Your notes, newest first"))
        self.list.setModel(model)
        self._build()
        model.filled.connect(self._on_filled)

    def focus_list(self) -> None:
        """Put the focus on the list."""
        self.list.setFocus()
        if not self.list.currentIndex().isValid() and self.model.rowCount() > 0:
            self.list.setCurrentIndex(self.model.index(0))

    def select_row(self, row: int) -> None:
        """Mark this row without opening it again."""
        self.list.blockSignals(True)
        self.list.setCurrentIndex(self.model.index(row))
        self.list.blockSignals(False)

    def _build(self) -> None:
        kit = self._kit
        card = kit.card(padding=12, spacing=8)
        self._find = kit.line_edit(_("Find in your notes"))
        self._find.setPlaceholderText(_("Find in your notes"))
        self._find.textEdited.connect(self._on_find)
        card.body.addWidget(self._find)
        cover_row = QHBoxLayout()
        cover_row.addWidget(kit.label(_("Cover mode: titles only"), "caption"), 1)
        self._cover = kit.switch(_("Cover mode: titles only"))
        self._cover.toggled.connect(self._on_cover)
        cover_row.addWidget(self._cover)
        card.body.addLayout(cover_row)
        card.body.addWidget(self.list, 1)
        deleted = kit.button(_("Deleted notes"), kind="link", icon="trash-2")
        deleted.clicked.connect(self.deleted_requested)
        card.body.addWidget(deleted, 0, Qt.AlignmentFlag.AlignLeft)
        self.panes = TwoPane(kit, card, self.reader, self.list)
        self.list.has_room_beside = self.panes.has_room_for_both
        self._empty = kit.empty_state(
            "notebook-pen",
            _("Your notes will stand here, newest first."),
            _("One line is a note. Blank days are fine."),
            _("Write a few words"),
        )
        self._empty.action_clicked.connect(self.write_requested)
        self._bring_in = kit.button(_("Bring in a journal from another app"), kind="link", icon="download")
        self._bring_in.clicked.connect(self.bring_in_requested)
        blank = QWidget()
        column = QVBoxLayout(blank)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(self._bring_in, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.panes)
        self._stack.addWidget(blank)
        self._blank = blank
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _on_find(self, words: str) -> None:
        # The first letter goes on in the Search tab, where the answers stand.
        self._find.clear()
        self.find_requested.emit(words)

    def _on_cover(self, covered: bool) -> None:
        self.list.painter_.is_covered = covered
        if covered:
            self.reader.show_nothing()
        self.list.scheduleDelayedItemsLayout()
        self.list.viewport().update()

    def _on_filled(self) -> None:
        self._stack.setCurrentWidget(self.panes if self.model.rowCount() else self._blank)
        shown = self.reader.entry
        row = self.model.row_of(shown.id) if shown is not None else -1
        if row >= 0:
            self.select_row(row)
        elif self.list.hasFocus() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))

    def show_as_open(self) -> None:
        """Mark the row of the entry in the reader."""
        shown = self.reader.entry
        row = self.model.row_of(shown.id) if shown is not None else -1
        if row >= 0:
            self.select_row(row)
            self.list.scrollTo(self.model.index(row))
        self.panes.show_reader()
