"""What is said about backups: what one holds, when it was made and tested, and why one was not made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from companion.core import errors as e
from companion.core.i18n import _, ngettext
from companion.ui.messages import one_line
from companion.ui.moments import date_words

if TYPE_CHECKING:
    from companion.vault.trial import Inside, Trial

_REASONS = {
    "daily": lambda: _("Made by itself."),
    "closing": lambda: _("Made when you locked."),
    "migration": lambda: _("Made before an update."),
    "import": lambda: _("Made before notes were brought in."),
    "rotation": lambda: _("Made before the key was changed."),
    "restore": lambda: _("Made before a backup was brought back."),
}


def holds_words(tables: Mapping[str, int], media: int) -> str:
    """Such as "212 notes, 12 attached files"."""
    count = tables.get("entry", 0)
    notes = ngettext("{count} note", "{count} notes", count).format(count=count)
    if not media:
        return notes
    return _("{notes}, {attached}").format(notes=notes, attached=attached_words(media))


def attached_words(count: int) -> str:
    """Such as "12 attached files"."""
    return ngettext("{count} attached file", "{count} attached files", count).format(count=count)


def part_done(done: int, total: int) -> str:
    """How far a backup is; the numbers behind it are bytes, which say nothing to a person."""
    return _("{percent} %").format(percent=min(100, 100 * done // max(total, 1)))


def reason_line(reason: str) -> str:
    """Why a backup was made, "" where the person asked for it."""
    words = _REASONS.get(reason)
    return words() if words else ""


def day_of(at: datetime, today: date) -> str:
    """The day of a backup or of a test."""
    return date_words(at.date(), today)


def inside_line(inside: Inside, today: date) -> str:
    """What a backup says it holds."""
    words = _("In this backup of {day}: {what}.")
    return words.format(day=day_of(inside.made_at, today), what=holds_words(inside.tables, inside.media))


def trial_line(trial: Trial, today: date) -> str:
    """A backup that was opened and is whole, and what is missing beside it."""
    words = _("This backup opens. {what}, from {day}. Checked and readable.")
    inside = trial.inside
    line = words.format(what=holds_words(inside.tables, inside.media), day=day_of(inside.made_at, today))
    if trial.media_missing:
        missing = ngettext(
            "{count} attached file was not found beside it.",
            "{count} attached files were not found beside it.",
            trial.media_missing,
        )
        line += " " + missing.format(count=trial.media_missing)
    return line


def not_made_line(error: e.CompanionError, *, elsewhere: bool) -> str:
    """Why an automatic backup was not made, or not carried to the second place; nothing else was lost by it."""
    if not elsewhere:
        return _("The last automatic backup was not made. {why} Your notes are fine.").format(why=_why(error))
    if isinstance(error, e.DiskUnreachable):
        return _("The second place went away while a backup was copied. The backup on this computer is fine.")
    if isinstance(error, e.DiskFull):
        return _("The second place is full. Free some space there. The backup on this computer is fine.")
    if isinstance(error, e.DiskReadOnly):
        return _("The second place can't be written to. The backup on this computer is fine.")
    return _("The copy in the second place did not pass the check. The backup on this computer is fine.")


def _why(error: e.CompanionError) -> str:
    if isinstance(error, e.DiskFull):
        return _("There is no space left on this disk.")
    if isinstance(error, e.DiskReadOnly):
        return _("This disk can't be written just now.")
    return one_line(error)
