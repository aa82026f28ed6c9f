"""What a file holds and what would become of it, before and after bringing it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from companion.core.errors import CompanionError, DiskFull, DiskReadOnly, NotEnoughRoom, ReadOnlyVault, StorageTrouble
from companion.core.i18n import _, ngettext, number_words
from companion.journal.model import ImportReport, Refusal, Summary
from companion.ui.messages import one_line, place_words, reason_words
from companion.ui.moments import date_words
from companion.ui.moods import title_or_start
from companion.ui.room_words import room_title
from companion.ui.widgets.filling import clear, fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit

MOST_ROWS = 12
MOST_PROBLEMS = 20
MOST_LETTERS = 80


class PreviewPage(QWidget):
    """Counts, things to look at, the first notes, and one filled button."""

    another_requested = Signal()
    left = Signal()
    bring_in_requested = Signal()

    def __init__(self, kit: Kit, today: Callable[[], date]) -> None:
        super().__init__()
        self._kit = kit
        self._today = today
        self._counts = kit.even(spacing=18, columns=4)
        self._problems = kit.card(spacing=8)
        self._rows = kit.card(spacing=6)
        self._go = kit.button("", kind="primary", icon="download")
        self._go.clicked.connect(self.bring_in_requested)
        self._room = kit.notice("", tone="warn")
        self._room.hide()
        leave = kit.button(_("Stop here"), kind="ghost")
        leave.clicked.connect(self.left)
        self._another = kit.button(_("Choose another file"), kind="link", icon="arrow-left")
        self._another.clicked.connect(self.another_requested)
        # Above what can be long, so that nobody has to look for the way on or out.
        actions = fill(kit.flow(spacing=12), self._go, leave, self._another)
        fill(kit.column(self, spacing=18), self._counts, self._room, actions, self._problems, self._rows, None)

    def show_report(self, report: ImportReport) -> None:
        """Show what was read; nothing has changed yet."""
        self._show_counts(report)
        self._room.setVisible(report.no_room is not None)
        if report.no_room is not None:
            self._room.set_text(failure_line(report.no_room))
        self._show_problems(report)
        self._show_rows(report)
        words = ngettext("Bring in {count} note", "Bring in {count} notes", report.new)
        self._go.setText(words.format(count=number_words(report.new)))
        self._go.setVisible(report.new > 0)

    def focus_first(self) -> None:
        """Put the focus on the one thing to do."""
        (self._go if self._go.isVisibleTo(self) else self._another).setFocus(Qt.FocusReason.TabFocusReason)

    def _show_counts(self, report: ImportReport) -> None:
        clear(self._counts)
        years = ""
        if report.first_day and report.last_day:
            first, last = report.first_day[:4], report.last_day[:4]
            years = first if first == last else _("{first} to {last}").format(first=first, last=last)
        looks = report.duplicates + len(report.refused) + report.attachments_missing
        for number, words in (
            (number_words(report.found), ngettext("note found", "notes found", report.found)),
            (number_words(report.new), _("will be added")),
            (number_words(looks), ngettext("thing to look at", "things to look at", looks)),
            (years, _("first and last year")),
        ):
            if number:
                card = self._kit.card(padding=16, spacing=2)
                card.body.addWidget(self._kit.label(number, "number", wrap=False))
                card.body.addWidget(self._kit.label(words, "muted"))
                self._counts.addWidget(card)

    def _show_problems(self, report: ImportReport) -> None:
        clear(self._problems.body)
        looks = _looks(report)
        self._problems.setVisible(bool(looks))
        if not looks:
            return
        self._problems.body.addWidget(self._kit.label(_("To look at. A safe choice is made for each."), "h3"))
        for look in looks:
            self._problems.body.addWidget(self._kit.setting_row(look.icon, look.title, look.second, None))

    def _show_rows(self, report: ImportReport) -> None:
        clear(self._rows.body)
        self._rows.setVisible(bool(report.preview))
        if not report.preview:
            return
        self._rows.body.addWidget(self._kit.label(_("How they will look"), "h3"))
        for summary in report.preview[:MOST_ROWS]:
            self._rows.body.addLayout(self._row(summary))
        left = report.new - min(len(report.preview), MOST_ROWS)
        if left > 0:
            words = ngettext("and {count} more", "and {count} more", left).format(count=number_words(left))
            self._rows.body.addWidget(self._kit.label(words, "muted"))

    def _row(self, summary: Summary) -> QLayout:
        kit = self._kit
        title = kit.label(_shortened(title_or_start(summary.title, summary.excerpt, summary.mood)))
        when = date_words(summary.at.date(), self._today())
        tags = _shortened(", ".join(summary.tags[:3]), MOST_LETTERS // 2)
        second = _("{date}, {tags}").format(date=when, tags=tags) if tags else when
        return fill(kit.side(spacing=12, words=260), title, kit.label(second, "muted"))


class _Look(NamedTuple):
    """One thing that is not as one would expect, and what becomes of it."""

    icon: str
    title: str
    second: str


def report_lines(report: ImportReport) -> list[str]:
    """What happened, line by line, for the last step."""
    lines = [f"{look.title} {look.second}".strip() for look in _looks(report)]
    return lines or [_("Everything in the file came in.")]


def failure_line(error: CompanionError) -> str:
    """Why a journal did not come in, and that nothing of it did."""
    if not isinstance(error, StorageTrouble | ReadOnlyVault):
        return one_line(error)
    do = _("Check the disk, then try again.")
    title = _("This disk can't be reached just now.")
    if isinstance(error, NotEnoughRoom):
        title, do = room_title(error), _("Free some space, then try again.")
    elif isinstance(error, DiskFull):
        title, do = _("There is no space left on this disk."), _("Free some space, then try again.")
    elif isinstance(error, DiskReadOnly | ReadOnlyVault):
        title = _("This disk can't be written just now.")
    return f"{title} {_('Nothing was added.')} {do}"


def _looks(report: ImportReport) -> list[_Look]:
    looks: list[_Look] = []
    if count := report.duplicates:
        words = ngettext("{count} note is already here.", "{count} notes are already here.", count)
        left_so = _("Same day, time and words. They are left as they are.")
        looks.append(_Look("copy", words.format(count=number_words(count)), left_so))
    if count := report.attachments_missing:
        words = ngettext("{count} file is not in what you chose.", "{count} files are not in what you chose.", count)
        told = _("The notes come in, and say which file is missing.")
        looks.append(_Look("image-off", words.format(count=number_words(count)), told))
    looks += [_refusal(refusal) for refusal in report.refused[:MOST_PROBLEMS]]
    left = len(report.refused) - MOST_PROBLEMS
    if left > 0:
        words = ngettext("and {count} more like this", "and {count} more like this", left)
        looks.append(_Look("file-x", words.format(count=number_words(left)), ""))
    return looks


def _refusal(refusal: Refusal) -> _Look:
    """Where it was, as one would say it, and why it was not taken."""
    place = _shortened(place_words(refusal.where))
    reason = reason_words(refusal.reason)
    return _Look("file-x", _("{where}:").format(where=place), reason) if place else _Look("file-x", reason, "")


def _shortened(text: str, most: int = MOST_LETTERS) -> str:
    """At most so many letters: names and tags of another app can be longer than a window is wide."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
