"""What a file holds and what would become of it, before and after bringing it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from companion.core.i18n import _, ngettext
from companion.journal.model import ImportReport, Refusal, Summary
from companion.ui.messages import reason_words
from companion.ui.moments import date_words
from companion.ui.moods import title_or_start
from companion.ui.widgets.layouts import empty

if TYPE_CHECKING:
    from companion.ui.kit import Kit

MOST_ROWS = 12
MOST_PROBLEMS = 20


class PreviewPage(QWidget):
    """Counts, things to look at, the first notes, and one filled button."""

    another_requested = Signal()
    left = Signal()
    bring_in_requested = Signal()

    def __init__(self, kit: Kit, today: Callable[[], date]) -> None:
        super().__init__()
        self._kit = kit
        self._today = today
        self._counts = QHBoxLayout()
        self._problems = kit.card(spacing=8)
        self._rows = kit.card(spacing=6)
        another = kit.button(_("Choose another file"), kind="link", icon="arrow-left")
        another.clicked.connect(self.another_requested)
        leave = kit.button(_("Stop here"), kind="ghost")
        leave.clicked.connect(self.left)
        self._go = kit.button("", kind="primary", icon="download")
        self._go.clicked.connect(self.bring_in_requested)
        foot = QHBoxLayout()
        foot.addWidget(another)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(kit.theme.px(18))
        layout.addLayout(self._counts)
        layout.addWidget(self._problems)
        layout.addWidget(self._rows)
        layout.addStretch(1)
        layout.addLayout(foot)

    def show_report(self, report: ImportReport) -> None:
        """Show what was read; nothing has changed yet."""
        self._show_counts(report)
        self._show_problems(report)
        self._show_rows(report)
        words = ngettext("Bring in {count} note", "Bring in {count} notes", report.new).format(count=report.new)
        self._go.setText(words)
        self._go.setVisible(report.new > 0)

    def focus_first(self) -> None:
        """Put the focus on the one thing to do."""
        (self._go if self._go.isVisibleTo(self) else self).setFocus(Qt.FocusReason.TabFocusReason)

    def _show_counts(self, report: ImportReport) -> None:
        empty(self._counts)
        self._counts.setSpacing(self._kit.theme.px(18))
        years = ""
        if report.first_day and report.last_day:
            first, last = report.first_day[:4], report.last_day[:4]
            years = first if first == last else _("{first} to {last}").format(first=first, last=last)
        looks = report.duplicates + len(report.refused) + report.attachments_missing
        for number, words in (
            (str(report.found), ngettext("note found", "notes found", report.found)),
            (str(report.new), _("will be added")),
            (str(looks), ngettext("thing to look at", "things to look at", looks)),
            (years, _("first and last year")),
        ):
            if number:
                card = self._kit.card(padding=16, spacing=2)
                card.body.addWidget(self._kit.label(number, "number", wrap=False))
                card.body.addWidget(self._kit.label(words, "muted"))
                self._counts.addWidget(card, 1)

    def _show_problems(self, report: ImportReport) -> None:
        empty(self._problems.body)
        lines = _looks(report)
        self._problems.setVisible(bool(lines))
        if not lines:
            return
        self._problems.body.addWidget(self._kit.label(_("To look at. A safe choice is made for each."), "h3"))
        for icon, title, second in lines:
            self._problems.body.addWidget(self._kit.setting_row(icon, title, second, None))

    def _show_rows(self, report: ImportReport) -> None:
        empty(self._rows.body)
        self._rows.setVisible(bool(report.preview))
        if not report.preview:
            return
        self._rows.body.addWidget(self._kit.label(_("How they will look"), "h3"))
        for summary in report.preview[:MOST_ROWS]:
            self._rows.body.addLayout(self._row(summary))
        left = report.new - min(len(report.preview), MOST_ROWS)
        if left > 0:
            words = ngettext("and {count} more", "and {count} more", left).format(count=left)
            self._rows.body.addWidget(self._kit.label(words, "muted"))

    def _row(self, summary: Summary) -> QHBoxLayout:
        kit = self._kit
        row = QHBoxLayout()
        row.setSpacing(kit.theme.px(12))
        when = kit.label(date_words(summary.at.date(), self._today()), "muted", wrap=False)
        when.setMinimumWidth(kit.theme.px(220))
        row.addWidget(when)
        row.addWidget(kit.label(title_or_start(summary.title, summary.excerpt, summary.mood)[:80]), 1)
        if summary.tags:
            row.addWidget(kit.label(", ".join(summary.tags[:3]), "muted", wrap=False))
        return row


def report_lines(report: ImportReport) -> list[str]:
    """What happened, line by line, for the last step."""
    lines = [f"{title} {second}".strip() for _icon, title, second in _looks(report)]
    return lines or [_("Everything in the file came in.")]


def _looks(report: ImportReport) -> list[tuple[str, str, str]]:
    lines: list[tuple[str, str, str]] = []
    if report.duplicates:
        count = report.duplicates
        words = ngettext("{count} note is already here.", "{count} notes are already here.", count).format(count=count)
        lines.append(("copy", words, _("Same day, time and words. They are left as they are.")))
    if report.attachments_missing:
        count = report.attachments_missing
        words = ngettext("{count} file is not in what you chose.", "{count} files are not in what you chose.", count)
        lines.append(("image-off", words.format(count=count), _("The notes come in, and say which file is missing.")))
    lines += [("file-x", refusal_words(refusal), "") for refusal in report.refused[:MOST_PROBLEMS]]
    left = len(report.refused) - MOST_PROBLEMS
    if left > 0:
        words = ngettext("and {count} more like this", "and {count} more like this", left).format(count=left)
        lines.append(("file-x", words, ""))
    return lines


def refusal_words(refusal: Refusal) -> str:
    """Where it was and why it was not taken."""
    return _("{where}: {reason}").format(where=refusal.where, reason=reason_words(refusal.reason))
