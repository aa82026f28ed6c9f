"""From typing to the disk: drafts, saves, and what the person is told about them.

"Saved" is shown only for what came back from a commit, and only while the
fields still hold exactly that. A failed save changes nothing in the fields.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.core.ids import EntryId, new_id
from companion.journal.model import Content, Draft, Entry, Saved
from companion.ui.announce import announce
from companion.ui.moments import time_words
from companion.ui.shell.place import Pending

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.journal.service import JournalService
    from companion.ui.journal.editor import EntryEditor
    from companion.ui.tasks import Tasks

REVISION_EVERY_MS = 10 * 60 * 1000


class Writing(QObject):
    """The entry that is being written, and how much of it is safe."""

    saved = Signal(object)
    failed = Signal(object)
    recovered = Signal()

    def __init__(self, editor: EntryEditor, journal: JournalService, tasks: Tasks, clock: Clock) -> None:
        super().__init__(editor)
        self._editor = editor
        self._journal = journal
        self._tasks = tasks
        self._clock = clock
        self._version = 0
        self._safe_version = 0
        self._entry_version = 0
        self._is_saving = False
        self._wants_another = False
        self._wishes = 0
        self.entry_id = EntryId(new_id())
        self.is_new = True
        self._every = QTimer(self)
        self._every.setInterval(REVISION_EVERY_MS)
        self._every.timeout.connect(self._on_ten_minutes)
        editor.changed.connect(self._on_changed)
        editor.paused.connect(self.keep_draft)

    @property
    def has_unsaved(self) -> bool:
        """Whether the fields hold something that is not on the disk as an entry."""
        return self._version != self._entry_version

    @property
    def is_blank(self) -> bool:
        """A new note in which nothing was written or chosen."""
        return self.is_new and self._editor.is_empty

    # --- which entry -----------------------------------------------------

    def begin_new(self) -> None:
        """An empty note with the present time."""
        self._take(EntryId(new_id()), Content(at=self._clock.now()), is_new=True)
        self._editor.set_status(_("Nothing is written yet."))

    def begin_edit(self, entry: Entry, draft: Draft | None = None) -> None:
        """An entry that is already there; newer words from a draft come first."""
        self._take(entry.id, draft.content if draft else entry.content, is_new=False)
        if draft is not None:
            self._version += 1
            self._say_draft_is_back(draft)
        else:
            self._editor.set_status(_("Saved. Only you can read this."), "ok")

    def begin_from(self, draft: Draft, *, is_new: bool) -> None:
        """Words that were on their way when the app closed."""
        self._take(draft.entry_id, draft.content, is_new=is_new)
        self._version += 1
        self._say_draft_is_back(draft)

    def _say_draft_is_back(self, draft: Draft) -> None:
        self._safe_version = self._version
        at = time_words(draft.saved_at.astimezone(self._clock.now().tzinfo))
        self._editor.set_status(_("Your words from {time} are back.").format(time=at), "ok")

    def _take(self, entry_id: EntryId, content: Content, *, is_new: bool) -> None:
        self.entry_id, self.is_new = entry_id, is_new
        self._version = self._safe_version = self._entry_version = 0
        self._is_saving = self._wants_another = False
        self._editor.show_content(content)
        self._every.stop()

    # --- saving ----------------------------------------------------------

    def keep_draft(self) -> None:
        """Send the words as a draft; one at a time, the newest always last."""
        if self._version == self._safe_version or self.is_blank:
            return
        if self._is_saving:
            self._wants_another = True
            return
        self._send(self._journal.save_draft, as_entry=False)

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Send the words as the entry. `then` runs once they are safe, at once when nothing is to be saved."""
        if self.is_blank or not self.has_unsaved:
            if then is not None:
                then()
            return
        self._send(self._journal.save, as_entry=True, then=then)

    def leave(self, then: Callable[[], None]) -> None:
        """Go on to something else once these words are safe; until then, and where they cannot be saved, they stay.

        What is typed until the answer comes is saved too. Of several wishes the last one counts.
        """
        self._wishes += 1
        wish, entry_id = self._wishes, self.entry_id

        def go_on() -> None:
            if wish != self._wishes or entry_id != self.entry_id:
                return
            if self.has_unsaved and not self.is_blank:
                self.save(go_on)
            else:
                then()

        self.save(go_on)

    def pending(self) -> list[Pending]:
        """What Lock has to save before it drops the keys."""
        if self.is_blank or not self.has_unsaved:
            return []
        content = self._editor.content()
        return [
            Pending(
                job=partial(self._journal.save, self.entry_id, content),
                keep=partial(self._journal.save_draft, self.entry_id, content),
            )
        ]

    def _send(
        self, how: Callable[[EntryId, Content], Saved], *, as_entry: bool, then: Callable[[], None] | None = None
    ) -> None:
        self._editor.stop_timer()
        content, version, entry_id = self._editor.content(), self._version, self.entry_id
        self._is_saving = True
        self._editor.set_status(_("Saving…"))

        def done(saved: Saved) -> None:
            self._on_saved(saved, version, as_entry)
            if then is not None:
                then()

        self._tasks.run(self, partial(how, entry_id, content), done, self._on_failed)

    # --- answers ---------------------------------------------------------

    def _on_changed(self) -> None:
        if self._version == self._entry_version:
            self._every.start()
        if self._version == 0 and self.is_new:
            self._editor.note_begin(self._clock.now())
        self._version += 1
        if not self._is_saving:  # what is on its way is told first
            self._say_not_saved()

    def _say_not_saved(self) -> None:
        self._editor.set_status(_("Not saved yet. It saves when you pause."))

    def _on_saved(self, saved: Saved, version: int, as_entry: bool) -> None:
        self.recovered.emit()
        if saved.entry_id == self.entry_id:
            self._is_saving = False
            self._safe_version = max(self._safe_version, version)
            if as_entry:
                self._entry_version = version
                self.is_new = False
            if version == self._version:
                words = _("Saved {time}. Only you can read this.").format(time=time_words(saved.saved_at))
                self._editor.set_status(words, "ok")
                announce(self._editor, _("Saved"))
            else:
                self._say_not_saved()
            if self._wants_another:
                self._wants_another = False
                self.keep_draft()
        self.saved.emit(saved)

    def _on_failed(self, error: CompanionError) -> None:
        self._is_saving = self._wants_another = False
        self._editor.set_status(_("We could not save just now. Your words are still here."), "warn")
        self.failed.emit(error)

    def _on_ten_minutes(self) -> None:
        if self.has_unsaved and not self._is_saving:
            self.save()
