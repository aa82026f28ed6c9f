"""Dates, moods and rows in words."""

from __future__ import annotations

from datetime import date, datetime

from companion.core.i18n import _, ngettext, pgettext
from companion.journal.model import Energy, Mood, Summary

MOOD_ICONS = {
    Mood.VERY_HARD: "cloud-lightning",
    Mood.HARD: "cloud-rain",
    Mood.MIXED: "cloud",
    Mood.OKAY: "cloud-sun",
    Mood.GOOD: "sun",
}


def mood_word(mood: Mood) -> str:
    """The word for a mood."""
    return {
        Mood.VERY_HARD: pgettext("mood", "Very hard"),
        Mood.HARD: pgettext("mood", "Hard"),
        Mood.MIXED: pgettext("mood", "Mixed"),
        Mood.OKAY: pgettext("mood", "Okay"),
        Mood.GOOD: pgettext("mood", "Good"),
    }[mood]


def energy_word(energy: Energy) -> str:
    """The word for an energy level."""
    return {
        Energy.LOW: pgettext("energy", "Low"),
        Energy.SOME: pgettext("energy", "Some"),
        Energy.PLENTY: pgettext("energy", "Plenty"),
    }[energy]


def weekday_word(day: date) -> str:
    """Monday to Sunday."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[day.weekday()]


def month_word(month: int) -> str:
    """January to December."""
    names = (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )
    return names[month - 1]


def date_words(day: date, today: date) -> str:
    """Such as "Sunday 22 November", with the year where it is another one."""
    form = _("{weekday} {day} {month}") if day.year == today.year else _("{weekday} {day} {month} {year}")
    return form.format(weekday=weekday_word(day), day=day.day, month=month_word(day.month), year=day.year)


def day_words(day: date, today: date) -> str:
    """A day as the head of a group: today and yesterday say so."""
    words = date_words(day, today)
    if day == today:
        return _("Today, {date}").format(date=words)
    if (today - day).days == 1:
        return _("Yesterday, {date}").format(date=words)
    return words


def moment_words(at: datetime, today: date) -> str:
    """A day and a time of day."""
    return _("{date}, {time}").format(date=date_words(at.date(), today), time=time_words(at))


def time_words(at: datetime) -> str:
    """Hours and minutes."""
    return at.strftime("%H:%M")


def word_count_words(count: int) -> str:
    """How many words a text has."""
    return ngettext("{count} word", "{count} words", count).format(count=count)


def title_or_start(title: str, start: str, mood: Mood | None) -> str:
    """What a row is headed with: the title, else the first words, else the check-in."""
    return title or start or (_("Check-in: {mood}").format(mood=mood_word(mood)) if mood else _("No words"))


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
