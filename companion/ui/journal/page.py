"""The Journal place: joins writing, timeline, search and bringing a journal in."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from companion.core.errors import CompanionError, EntryNotFound
from companion.core.events import Changed, Kind
from companion.core.i18n import _
from companion.core.ids import EntryId
from companion.journal.model import Draft, Entry, Found, Page, Saved
from companion.ui.journal.bring_in import BringIn
from companion.ui.journal.editor import EntryEditor
from companion.ui.journal.entry_model import EntryModel
from companion.ui.journal.left_over import LeftOver
from companion.ui.journal.not_saved import NotSaved
from companion.ui.journal.reader import Reader
from companion.ui.journal.reading_desk import ReadingDesk
from companion.ui.journal.search_tab import SearchTab
from companion.ui.journal.sheets import EditorSheets
from companion.ui.journal.timeline import Timeline
from companion.ui.journal.writing import Writing
from companion.ui.messages import one_line
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.core.clock import Clock
    from companion.journal.service import JournalService
    from companion.ui.changes import Changes
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.place import Pending
    from companion.ui.tasks import Tasks
    from companion.ui.widgets.sheet import SheetHost
    from companion.ui.widgets.toast import ToastHost
    from companion.vault.session import Session
    from companion.vault.vault import Vault


class JournalPage(QWidget):
    """One of the places; knows which tab is shown and hands work on."""

    key = "journal"
    title_changed = Signal()

    def __init__(
        self,
        kit: Kit,
        clock: Clock,
        vault: Vault,
        journal: JournalService,
        tasks: Tasks,
        session: Session,
        changes: Changes,
        clipboard: Clipboard,
        sheets: SheetHost,
        toasts: ToastHost,
    ) -> None:
        super().__init__()
        self._kit, self._clock, self._vault, self._journal = kit, clock, vault, journal
        self._tasks, self._session, self._changes = tasks, session, changes
        self._clipboard, self._sheets, self._toasts = clipboard, sheets, toasts
        self._search_round = 0
        self._is_stale = True
        self._is_bringing_in = False
        self._has_looked_for_drafts = False
        self.widget = self
        self._build()
        self._connect()

    # --- the place -------------------------------------------------------

    def title(self) -> str:
        """The head of the page."""
        return _("Bring notes in") if self._is_bringing_in else _("Journal")

    def subtitle(self) -> str:
        """One quiet line."""
        if self._is_bringing_in:
            return _("You look first. You can take it all back.")
        return _("Write as much or as little as you like.")

    def prepare(self, where: str) -> None:
        """The tab that `where` is in."""
        tab = "timeline" if where.startswith(("read", "timeline")) else "write"
        self._tabs.choose(tab)
        self._turn_to(tab)

    def arrive(self) -> None:
        """Look for words from before, once; then show the tab that was shown."""
        if not self._has_looked_for_drafts:
            self._has_looked_for_drafts = True
            self._left_over.look()
        self._show(self._tabs.current)

    def leave(self) -> None:
        """Keep what is being written."""
        self.writing.save()

    def pending(self) -> list[Pending]:
        """What Lock has to save."""
        self._bring_in.stop()
        return self.writing.pending()

    def find_here(self) -> None:
        """Ctrl+F."""
        self._go("search")

    def where(self) -> str:
        """Which tab, and which entry is open in it."""
        if self._bring_in.is_working:
            return "stopped"
        tab = self._tabs.current
        if tab == "write" and not self.writing.is_blank:
            return f"edit:{self.writing.entry_id}"
        if tab == "timeline" and self._reader.entry is not None:
            return f"read:{self._reader.entry.id}"
        return str(tab)

    def go_back_to(self, where: str) -> None:
        """Open again what was open."""
        action, _colon, entry_id = where.partition(":")
        if action == "read" and entry_id:
            self._go("timeline")
            self._open(EntryId(entry_id))
        elif action == "edit" and entry_id:
            self._edit(EntryId(entry_id), self._say_unless_unsaved)
        elif action == "import":
            self.bring_in()
        elif action == "stopped":
            self.bring_in()
            self._bring_in.say_stopped()
        elif action == "new":
            self.new_note()
        elif action in ("write", "timeline", "search"):
            self._go(action)

    def new_note(self) -> None:
        """Begin an empty note once the one that was open is saved."""
        self._go("write")
        if not self.writing.is_blank:
            self.writing.leave(self.writing.begin_new)

    def bring_in(self) -> None:
        """Open the way to bring another journal in."""
        self.writing.keep_draft()
        self._set_bringing_in(True)
        self._bring_in.begin()
        self._body.setCurrentWidget(self._bring_in)
        self._bring_in.focus_first()

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self._tabs = kit.tabs(
            [
                ("write", _("Write"), "pencil"),
                ("timeline", _("Timeline"), "scroll-text"),
                ("search", _("Search"), "search"),
            ]
        )
        self._new = kit.button(_("New note"), kind="primary", icon="plus")
        self._more_ways = kit.button(_("Bring in"), kind="ghost", icon="download", name=_("Bring in a journal"))
        self._top = QWidget()
        tabs = QWidget()
        pages = QHBoxLayout(tabs)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.addWidget(self._tabs, 0, Qt.AlignmentFlag.AlignLeft)
        top = kit.side(spacing=8, words=110, parent=self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(tabs)
        top.addWidget(self._more_ways)
        top.addWidget(self._new)
        self.editor = EntryEditor(kit, self._clock)
        self.writing = Writing(self.editor, self._journal, self._tasks, self._clock)
        self._editor_sheets = EditorSheets(kit, self.editor, self._sheets)
        self._left_over = LeftOver(self.writing, self._journal, self._tasks)
        self._model = EntryModel(self._ask_page, self._today, self)
        self._desk = ReadingDesk(self._vault, self._journal, self._tasks, self._changes, self._toasts, self)
        self._desk.deleted.connect(self._on_deleted)
        self._desk.brought_back.connect(self._open)
        self._reader = Reader(kit, self._today)
        self._timeline = Timeline(kit, self._model, self._reader)
        self._search_reader = Reader(kit, self._today)
        self._search = SearchTab(kit, self._today, self._search_reader)
        self._bring_in = BringIn(
            kit, self._clock, self._journal, self._tasks, self._session, self._changes, self._sheets
        )
        self._not_saved = NotSaved(kit)
        self._body = QStackedWidget()
        for page in (self.editor, self._timeline, self._search, self._bring_in):
            self._body.addWidget(page)
        fill(kit.column(self, spacing=12), self._top, self._not_saved, (self._body, 1))
        self.writing.begin_new()
        self._tabs.choose("write")

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._show)
        self._new.clicked.connect(self.new_note)
        self._more_ways.clicked.connect(self.bring_in)
        self.editor.done_requested.connect(self._on_done)
        self._editor_sheets.delete_requested.connect(self._on_delete_written)
        self.writing.saved.connect(self._on_saved)
        self.writing.failed.connect(self._not_saved.say)
        self.writing.recovered.connect(partial(self._not_saved.settle, self.editor.focus_text))
        self._not_saved.action_clicked.connect(self._on_try_again)
        self._not_saved.copy.clicked.connect(self._on_copy_text)
        self._timeline.list.opened.connect(self._on_row_opened)
        self._timeline.list.delete_pressed.connect(self._on_row_delete)
        self._timeline.write_requested.connect(self.new_note)
        self._timeline.bring_in_requested.connect(self.bring_in)
        self._timeline.deleted_requested.connect(self._on_deleted_requested)
        self._timeline.find_requested.connect(self._on_find_begun)
        self._search.words_given.connect(self._on_words)
        self._search.list.opened.connect(self._on_hit_opened)
        self._bring_in.left.connect(lambda: self._go("timeline"))
        self._reader.unfold_requested.connect(self._on_unfold)
        self._changes.changed.connect(self._on_changed)
        for reader in (self._reader, self._search_reader):
            reader.edit_requested.connect(partial(self._on_edit, reader))
            reader.delete_requested.connect(partial(self._on_delete, reader))
            reader.picture_wanted.connect(partial(self._desk.show_picture, reader))
            reader.save_copy_requested.connect(partial(self._desk.save_copy, reader))

    # --- tabs ------------------------------------------------------------

    def _go(self, tab: str) -> None:
        self._tabs.choose(tab)
        self._show(tab)

    def _show(self, tab: str) -> None:
        self._set_bringing_in(False)
        if tab != "write":
            self.writing.keep_draft()
        self._turn_to(tab)
        if tab == "timeline":
            if self._is_stale:
                self._is_stale = False
                self._model.restart()
            self._timeline.focus_list()
        elif tab == "search":
            self._search.focus_field()
        else:
            self.editor.focus_text()

    def _turn_to(self, tab: str) -> None:
        self._new.setVisible(tab != "write")
        page = {"write": self.editor, "timeline": self._timeline, "search": self._search}[tab]
        self._body.setCurrentWidget(page)

    def _set_bringing_in(self, on: bool) -> None:
        if on != self._is_bringing_in:
            self._is_bringing_in = on
            self._top.setVisible(not on)
            self.title_changed.emit()

    def _today(self) -> date:
        return self._clock.now().date()

    def _ask_page(self, after: str | None, answer: Callable[[Page], None]) -> None:
        self._tasks.run(self, partial(self._journal.page, None, after), answer, self._say)

    # --- writing ---------------------------------------------------------

    def _on_done(self) -> None:
        if self.writing.is_blank:
            self._go("timeline")
            return
        self.writing.leave(self._after_done)

    def _after_done(self) -> None:
        entry_id = self.writing.entry_id
        self.writing.begin_new()
        self._go("timeline")
        self._open(entry_id)

    def _on_saved(self, saved: Saved) -> None:
        self._is_stale = True
        self._changes.changed.emit(saved.changed)

    def _on_try_again(self) -> None:
        self.writing.save()

    def _on_copy_text(self) -> None:
        content = self.editor.content()
        self._clipboard.copy_own("\n\n".join(part for part in (content.title, content.text) if part))
        self._toasts.show(_("Copied. Paste it somewhere safe."), icon="copy")

    def _on_delete_written(self) -> None:
        # Saved first, so that what comes back with Undo is what stood in the fields.
        entry_id = self.writing.entry_id
        self.writing.save(lambda: self._delete(entry_id))

    # --- reading ---------------------------------------------------------

    def _on_row_opened(self, row: int) -> None:
        summary = self._model.summary(row)
        if summary is None:
            return
        if summary.heavy and not self._model.is_unfolded(row):
            self._reader.show_folded(summary)
            self._timeline.panes.show_reader()
        else:
            self._open(summary.id)

    def _on_unfold(self, entry_id: str) -> None:
        self._model.unfold(self._model.row_of(EntryId(entry_id)))
        self._open(EntryId(entry_id))

    def _open(self, entry_id: EntryId) -> None:
        self._desk.open(entry_id, self._reader, self._timeline.show_as_open)

    def _on_hit_opened(self, row: int) -> None:
        hit = self._search.model.hit(row)
        if hit is not None:
            self._desk.open(hit.id, self._search_reader, self._search.panes.show_reader)

    def _on_words(self, words: str) -> None:
        self._search_round += 1
        asked_in = self._search_round

        def show(found: Found) -> None:
            if asked_in == self._search_round:
                self._search.show_found(found)

        self._tasks.run(self, partial(self._journal.search, words), show, self._say)

    def _on_edit(self, reader: Reader) -> None:
        if reader.entry is not None:
            self._edit(reader.entry.id)

    def _edit(self, entry_id: EntryId, failed: Callable[[CompanionError], None] | None = None) -> None:
        def both() -> tuple[Entry, Draft | None]:
            return self._journal.entry(entry_id), self._journal.draft(entry_id)

        def begin(found: tuple[Entry, Draft | None]) -> None:
            self.writing.begin_edit(found[0], found[1])
            self._go("write")

        def ask() -> None:
            self._tasks.run(self, both, begin, failed or self._say)

        self.writing.leave(ask)

    def _say_unless_unsaved(self, error: CompanionError) -> None:
        if not isinstance(error, EntryNotFound):  # never saved as an entry: the draft of it comes back by itself
            self._say(error)

    # --- deleting --------------------------------------------------------

    def _on_row_delete(self, row: int) -> None:
        summary = self._model.summary(row)
        if summary is not None:
            self._delete(summary.id)

    def _on_delete(self, reader: Reader) -> None:
        if reader.entry is not None:
            self._delete(reader.entry.id)

    def _delete(self, entry_id: EntryId) -> None:
        self._desk.delete(entry_id)

    def _on_deleted(self, entry_id: str) -> None:
        if self.writing.entry_id == entry_id:
            self.writing.begin_new()

    def _on_deleted_requested(self) -> None:
        self._desk.show_deleted(self._kit, self._sheets, self._today)

    def _on_find_begun(self, words: str) -> None:
        self._go("search")
        self._search.begin_with(words)

    # --- the rest --------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if changed.kind is not Kind.JOURNAL:
            return
        for reader in (self._reader, self._search_reader):
            if reader.entry is not None and (not changed.ids or reader.entry.id in changed.ids):
                reader.show_nothing()
        self._is_stale = True
        if self._body.currentWidget() is self._timeline:
            self._is_stale = False
            self._model.restart()
        if self._search.words().strip():
            self._on_words(self._search.words())

    def _say(self, error: CompanionError) -> None:
        self._toasts.show(one_line(error), icon="info")
