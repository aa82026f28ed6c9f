"""The check-in: one press saves a mood; energy and a few words can follow, or not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.core.ids import EntryId, new_id
from companion.journal.model import Content, Energy, Mood, Saved
from companion.ui.announce import announce
from companion.ui.moments import time_words
from companion.ui.moods import energy_word
from companion.ui.shell.place import Pending

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.journal.service import JournalService
    from companion.ui.kit import Kit
    from companion.ui.tasks import Tasks

LONGEST_WORDS = 2000


class CheckIn(QWidget):
    """Five moods with icon and word. A pick is an entry at once; what follows changes that entry."""

    saved = Signal(object)
    failed = Signal(object)
    write_requested = Signal()
    not_today_requested = Signal()

    def __init__(self, kit: Kit, clock: Clock, journal: JournalService, tasks: Tasks) -> None:
        super().__init__()
        self._kit, self._clock, self._journal, self._tasks = kit, clock, journal, tasks
        self._entry_id: EntryId | None = None
        self._at = clock.now()
        self._kept_words = ""
        self._build()

    def focus_moods(self) -> None:
        """Ctrl+M: put the focus on the moods."""
        self._moods.setFocus()

    def keep_words(self) -> None:
        """Save words that were typed."""
        if self._entry_id is not None and self._words.text() != self._kept_words:
            self._save()

    def pending(self) -> list[Pending]:
        """Typed words that are not kept yet."""
        if self._entry_id is None or self._words.text() == self._kept_words:
            return []
        job = partial(self._journal.save, self._entry_id, self._content())
        return [Pending(job=job, keep=job)]

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        card = kit.card(spacing=14)
        head = QHBoxLayout()
        head.addWidget(kit.icon_label("heart", "accent", 20))
        head.addWidget(kit.label(_("How are you right now?"), "h3"), 1)
        not_today = kit.button(_("Not today"), kind="link")
        not_today.clicked.connect(self.not_today_requested)
        head.addWidget(not_today)
        card.body.addLayout(head)
        self._moods = kit.mood_tiles()
        self._moods.picked.connect(self._on_picked)
        card.body.addWidget(self._moods)
        self._after = self._after_part()
        self._after.hide()
        card.body.addWidget(self._after)
        self.status = kit.save_status("")
        self.status.hide()
        card.body.addWidget(self.status)
        foot = QHBoxLayout()
        write = kit.button(_("Write a few words"), kind="soft", icon="notebook-pen")
        write.clicked.connect(self.write_requested)
        self._again = kit.button(_("Another check-in"), kind="ghost", icon="plus")
        self._again.clicked.connect(self._on_again)
        self._again.hide()
        foot.addWidget(write)
        foot.addWidget(self._again)
        foot.addStretch(1)
        card.body.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def _after_part(self) -> QWidget:
        kit = self._kit
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(kit.theme.px(8))
        column.addWidget(kit.label(_("Energy, if you like"), "label"))
        self._energy = kit.segmented([(str(int(e)), energy_word(e)) for e in Energy], _("Energy"), clearable=True)
        self._energy.chosen.connect(self._on_energy)
        column.addWidget(self._energy)
        column.addWidget(kit.label(_("A few words, if you like"), "label"))
        self._words = kit.line_edit(_("A few words, if you like"))
        self._words.setMaxLength(LONGEST_WORDS)
        self._words.editingFinished.connect(self.keep_words)
        column.addWidget(self._words)
        return part

    # --- what happens ----------------------------------------------------

    def _on_picked(self, level: object) -> None:
        if level is None and self._entry_id is None:
            return
        if self._entry_id is None:
            self._entry_id = EntryId(new_id())
            self._at = self._clock.now()
        self._save()

    def _on_energy(self, _key: str) -> None:
        if self._entry_id is not None:
            self._save()

    def _on_again(self) -> None:
        self.keep_words()
        self._entry_id = None
        self._kept_words = ""
        self._words.clear()
        self._energy.choose("")
        self._moods.set_level(None)
        for part in (self._after, self.status, self._again):
            part.hide()
        self._moods.setFocus()

    def _content(self) -> Content:
        level, energy = self._moods.level, self._energy.current
        return Content(
            at=self._at,
            text=self._words.text(),
            mood=Mood(level) if level else None,
            energy=Energy(int(energy)) if energy else None,
        )

    def _save(self) -> None:
        if self._entry_id is None:
            return
        content = self._content()
        if content.is_empty:
            self._tasks.run(self, partial(self._remove, self._entry_id), self._on_removed, self._on_failed)
            return
        self._show_status(_("Saving…"), "")
        self._tasks.run(
            self,
            partial(self._journal.save, self._entry_id, content),
            partial(self._on_saved, content.text),
            self._on_failed,
        )

    def _remove(self, entry_id: EntryId) -> Saved | None:
        return self._journal.delete(entry_id) if self._journal.has_entry(entry_id) else None

    def _on_removed(self, saved: Saved | None) -> None:
        self._on_again()
        if saved is not None:
            self.saved.emit(saved.changed)

    def _on_saved(self, words: str, saved: Saved) -> None:
        if saved.entry_id == self._entry_id:
            self._kept_words = words
            self._after.show()
            self._again.show()
            self._show_status(_("Saved {time}. Only you can read this.").format(time=time_words(saved.saved_at)), "ok")
            announce(self, _("Saved"))
        self.saved.emit(saved.changed)

    def _on_failed(self, error: CompanionError) -> None:
        self._show_status(_("We could not save just now. Your words are still here."), "warn")
        self._after.show()
        self.failed.emit(error)

    def _show_status(self, words: str, tone: str) -> None:
        self.status.show_state(words, tone)
        self.status.show()
