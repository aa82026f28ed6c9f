"""Days and times in words."""

from __future__ import annotations

from datetime import date, datetime

from companion.core.i18n import _


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
