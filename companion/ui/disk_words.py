"""What is said while a disk does not take something: where the words are, and what still counts."""

from __future__ import annotations

from companion.core import errors as e
from companion.core.i18n import _
from companion.ui.messages import Words, words_for


def not_saved_line(error: e.CompanionError, *, locked: bool = False) -> str:
    """Why words could not be saved, where they are, and what to do: beside the editor, or on the lock screen."""
    why = _why(error)
    if locked:
        kept = _("They are kept while this app runs, and saved when you open your space again.")
        return Words(_("Your last words are not saved yet."), why, kept).joined()
    do = _("Try again, or copy them somewhere safe.")
    if isinstance(error, e.DiskFull):
        do = _("Free some space, then press Try again.")
    elif isinstance(error, e.DiskReadOnly | e.ReadOnlyVault):
        do = _("Check that the disk is not protected, then press Try again.")
    elif isinstance(error, e.FileSwapped):
        do = words_for(error).what_to_do
    return Words(why, _("Your words are still here."), do).joined()


def not_kept_line(error: e.CompanionError) -> str:
    """A choice (text size, colours, country) that the disk did not take: it counts all the same."""
    return Words(_why(error), "", _("Your choice counts until the app closes.")).joined()


def reading_only_line(*, is_newer: bool) -> str:
    """A space that is open but takes nothing: why, and what it means."""
    if is_newer:
        return _("A newer Companion wrote this space. You can read it here. Nothing new can be saved.")
    return _("This disk can't be written just now. You can read. Nothing new can be saved.")


def _why(error: e.CompanionError) -> str:
    """Without the file: it is the person's own space, and another folder would not help."""
    if isinstance(error, e.DiskReadOnly | e.ReadOnlyVault):
        return _("This disk can't be written just now.")
    if isinstance(error, e.DiskUnreachable):
        return _("This disk can't be reached just now.")
    return words_for(error).title
