"""The Today place: how are you right now, and a way to write. Nothing here is owed."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from companion.core.errors import CompanionError
from companion.core.events import Changed, Kind
from companion.core.i18n import _
from companion.journal.model import Filter, Page, Summary
from companion.ui.messages import one_line
from companion.ui.moments import date_words, time_words
from companion.ui.moods import MOOD_ICONS, mood_word, title_or_start
from companion.ui.today.check_in import CheckIn
from companion.ui.today.key_offer import KeyOffer
from companion.ui.widgets.layouts import empty

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.journal.service import JournalService
    from companion.ui.changes import Changes
    from companion.ui.kit import Kit
    from companion.ui.shell.place import Pending
    from companion.ui.tasks import Tasks
    from companion.ui.widgets.toast import ToastHost
    from companion.vault.vault import Vault

MOST_SHOWN = 6
_HIDDEN_ON = "today.check_in_hidden_on"
GREETING_NAME = "greeting_name"


class TodayPage(QWidget):
    """Check-in, write, and what today already holds."""

    key = "today"
    write_requested = Signal()
    bring_in_requested = Signal()
    entry_requested = Signal(str)
    title_changed = Signal()

    def __init__(
        self,
        kit: Kit,
        clock: Clock,
        vault: Vault,
        journal: JournalService,
        tasks: Tasks,
        changes: Changes,
        toasts: ToastHost,
    ) -> None:
        super().__init__()
        self._kit, self._clock, self._vault, self._journal = kit, clock, vault, journal
        self._tasks, self._changes, self._toasts = tasks, changes, toasts
        self._name = ""
        self._is_asked = False
        self.widget = self
        self._build()
        changes.changed.connect(self._on_changed)
        kit.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    # --- the place -------------------------------------------------------

    def title(self) -> str:
        """A greeting for the time of day."""
        hello = greeting(self._clock.now())
        return _("{greeting}, {name}").format(greeting=hello, name=self._name) if self._name else hello

    def subtitle(self) -> str:
        """The date, and that nothing is owed."""
        today = self._clock.now().date()
        return _("{date}. There is nothing you have to do.").format(date=date_words(today, today))

    def prepare(self, where: str) -> None:
        """All of it stands there already."""

    def arrive(self) -> None:
        """Look again at today. The keys are on the page itself: a ring on "Very hard" would look chosen."""
        self._look_again()
        self.key_offer.look()
        self.setAccessibleName(self.title())
        self.setFocus()

    def leave(self) -> None:
        """Nothing here is on its way: a check-in is saved when it is picked."""
        self.check_in.keep_words()

    def pending(self) -> list[Pending]:
        """Words beside a check-in that were typed and not yet kept."""
        return self.check_in.pending()

    def find_here(self) -> None:
        """Nothing to find here."""

    def where(self) -> str:
        """Nothing is open here."""
        return ""

    def go_back_to(self, where: str) -> None:
        """Only the check-in can be asked for."""
        if where == "check-in":
            self.check_in.focus_moods()

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self.check_in = CheckIn(kit, self._clock, self._journal, self._tasks)
        self.check_in.saved.connect(self._changes.changed)
        self.check_in.failed.connect(self._say)
        self.check_in.write_requested.connect(self.write_requested)
        self.check_in.not_today_requested.connect(self._on_not_today)
        self._hidden = kit.card(tint="sunken", padding=16, spacing=8)
        row = QHBoxLayout()
        row.addWidget(kit.label(_("The check-in is put away until tomorrow."), "muted"), 1)
        back = kit.button(_("Show it again"), kind="link")
        back.clicked.connect(self._on_show_again)
        row.addWidget(back)
        self._hidden.body.addLayout(row)
        self._hidden.hide()
        self._so_far = kit.card(spacing=8)
        self._so_far.hide()
        self.key_offer = KeyOffer(kit, self._vault, self._tasks)
        self._first = self._first_card()
        self._first.hide()
        self._left = QVBoxLayout()
        for part in (self.check_in, self._hidden, self._so_far):
            self._left.addWidget(part)
        self._left.addStretch(1)
        self._right = QVBoxLayout()
        self._right.addWidget(kit.hills(132))
        self._right.addWidget(self._first)
        self._right.addWidget(self.key_offer)
        self._right.addStretch(1)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addLayout(self._left, 58)
        self._columns.addLayout(self._right, 42)

    def _first_card(self) -> QWidget:
        kit = self._kit
        card = kit.card(spacing=10)
        words = _("This page fills up as you use the rest. Start with any one of these.")
        card.body.addWidget(kit.label(words))
        write = kit.tile("notebook-pen", _("Write a few words"), _("One line is a note."))
        write.clicked.connect(self.write_requested)
        bring = kit.tile("download", _("Bring in a journal"), _("From Day One or jrnl. You look first."))
        bring.clicked.connect(self.bring_in_requested)
        card.body.addWidget(write)
        card.body.addWidget(bring)
        return card

    # --- looking ---------------------------------------------------------

    def _look(self) -> tuple[Page, bool, str, str]:
        day = self._clock.now().date().isoformat()
        page = self._journal.page(Filter(first_day=day, last_day=day), None, MOST_SHOWN)
        has_any = bool(page.entries) or bool(self._journal.page(None, None, 1).entries)
        get = self._vault.preferences.get
        return page, has_any, str(get(_HIDDEN_ON, "")), str(get(GREETING_NAME, ""))

    def _on_looked(self, looked: tuple[Page, bool, str, str]) -> None:
        page, has_any, hidden_on, name = looked
        if name != self._name:
            self._name = name
            self.title_changed.emit()
        is_hidden = hidden_on == self._clock.now().date().isoformat()
        self.check_in.setVisible(not is_hidden)
        self._hidden.setVisible(is_hidden)
        self._first.setVisible(not has_any)
        self._show_so_far(page)

    def _show_so_far(self, page: Page) -> None:
        body = self._so_far.body
        empty(body)
        self._so_far.setVisible(bool(page.entries))
        if not page.entries:
            return
        body.addWidget(self._kit.label(_("Today so far"), "h3"))
        for summary in page.entries:
            body.addWidget(self._row(summary))

    def _row(self, summary: Summary) -> QWidget:
        icon = MOOD_ICONS[summary.mood] if summary.mood else "notebook-pen"
        head = _("Marked heavy, so it is folded") if summary.heavy else None
        words = head or title_or_start(summary.title, summary.excerpt, summary.mood)
        second = time_words(summary.at)
        if summary.mood is not None and (summary.title or summary.excerpt):
            second = _("{time}, {mood}").format(time=second, mood=mood_word(summary.mood))
        tile = self._kit.tile(icon, words, second)
        tile.clicked.connect(partial(self.entry_requested.emit, str(summary.id)))
        return tile

    # --- reactions -------------------------------------------------------

    def _on_not_today(self) -> None:
        day = self._clock.now().date().isoformat()
        self._tasks.run(self, partial(self._vault.preferences.put, _HIDDEN_ON, day), self._on_preference, self._say)

    def _on_show_again(self) -> None:
        self._tasks.run(self, partial(self._vault.preferences.put, _HIDDEN_ON, ""), self._on_preference, self._say)

    def _on_preference(self, _nothing: object) -> None:
        self._look_again()

    def _on_changed(self, changed: Changed) -> None:
        if changed.kind is Kind.JOURNAL and self.isVisible():
            self._look_again()

    def _look_again(self) -> None:
        self._tasks.run(self, self._look, self._on_looked, self._say)

    def _say(self, error: CompanionError) -> None:
        self._toasts.show(one_line(error), icon="info")

    def _on_theme_changed(self) -> None:
        theme = self._kit.theme
        one_column = theme.reflow
        self._columns.setDirection(
            QHBoxLayout.Direction.TopToBottom if one_column else QHBoxLayout.Direction.LeftToRight
        )
        self._columns.setAlignment(Qt.AlignmentFlag.AlignTop)
        for layout in (self._columns, self._left, self._right):
            layout.setSpacing(theme.px(18))


def greeting(now: datetime) -> str:
    """Good morning before noon, good afternoon before six, then good evening; in the small hours a plain hello."""
    if now.hour < 5:
        return _("Hello")
    if now.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if now.hour < 18 else _("Good evening")
