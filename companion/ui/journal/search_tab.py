"""The Search tab: words in, entries out, newest first; what was searched is not kept anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from companion.core.i18n import _, ngettext, number_words
from companion.journal.model import Found
from companion.ui.announce import announce
from companion.ui.journal.entry_model import HitModel
from companion.ui.journal.timeline import EntryList
from companion.ui.journal.two_pane import TwoPane

if TYPE_CHECKING:
    from companion.ui.journal.reader import Reader
    from companion.ui.kit import Kit

TYPING_PAUSE_MS = 200


class SearchTab(QWidget):
    """Asks for words after a short pause in typing; the page answers with `show_found`."""

    words_given = Signal(str)

    def __init__(self, kit: Kit, today: Callable[[], date], reader: Reader) -> None:
        super().__init__()
        self._kit = kit
        self.reader = reader
        self.model = HitModel(today)
        self.list = EntryList(kit, _("Found notes"))
        self.list.setModel(self.model)
        self._opens_first = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self._build()

    def focus_field(self) -> None:
        """Put the cursor in the search field."""
        self.field.edit.setFocus()
        self.field.edit.selectAll()

    def begin_with(self, words: str) -> None:
        """Go on with words that were begun elsewhere."""
        self.field.edit.setText(words)
        self.field.edit.setFocus()
        self._pause.start()

    def words(self) -> str:
        """What is in the field."""
        return self.field.edit.text()

    def show_found(self, found: Found) -> None:
        """Show what was found for the words in the field."""
        self.model.show(found.hits)
        if self._opens_first and found.hits:
            self._opens_first = False
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            self.list.setCurrentIndex(self.model.index(0))
        if not self.words().strip():
            self._count.setText("")
            self._none.hide()
            return
        words = ngettext("{count} note found", "{count} notes found", found.total)
        words = words.format(count=number_words(found.total))
        if found.total > len(found.hits):
            words = _("{words}. The newest {count} are shown.").format(words=words, count=len(found.hits))
        self._count.setText(words)
        self._none.setVisible(found.total == 0)
        announce(self._count, words)

    def clear(self) -> None:
        """Forget words and hits."""
        self._pause.stop()
        self.field.edit.clear()
        self.show_found(Found(0, ()))
        self.reader.show_nothing()

    def _build(self) -> None:
        kit = self._kit
        card = kit.card(padding=12, spacing=8)
        self.field = kit.field(_("Words to find"), _("Use quotes for words that stand together."))
        self.field.edit.textEdited.connect(self._pause.start)
        self.field.edit.returnPressed.connect(self._on_return)
        card.body.addWidget(self.field)
        self._count = kit.label("", "caption")
        card.body.addWidget(self._count)
        self._none = kit.label(_("Nothing with those words. Try one word."), "muted")
        self._none.hide()
        card.body.addWidget(self._none)
        card.body.addWidget(self.list, 1)
        self.panes = TwoPane(kit, card, self.reader, self.field.edit)
        self.list.has_room_beside = self.panes.has_room_for_both
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)

    def _on_pause(self) -> None:
        self.words_given.emit(self.words())

    def _on_return(self) -> None:
        self._pause.stop()
        self._opens_first = True
        self.words_given.emit(self.words())
