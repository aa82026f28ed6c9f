"""Rows and counts of the journal in words."""

from __future__ import annotations

from datetime import date

from companion.core.i18n import _
from companion.journal.model import Summary
from companion.ui.moments import day_words, time_words
from companion.ui.moods import mood_word, title_or_start


def row_words(summary: Summary, today: date, *, unfolded: bool) -> str:
    """One row as a sentence for a screen reader."""
    parts = [day_words(summary.at.date(), today), time_words(summary.at)]
    if summary.heavy and not unfolded:
        parts.append(_("Marked heavy, so it is folded"))
    else:
        parts.append(title_or_start(summary.title, summary.excerpt, summary.mood))
    if summary.mood is not None:
        parts.append(mood_word(summary.mood))
    parts += summary.tags
    return ", ".join(parts)
