"""Words for what a salvage gave back and what it could not; knows no Qt, so the command line uses them too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from companion.core.i18n import _, ngettext
from companion.ui.messages import day_words

if TYPE_CHECKING:
    from companion.vault.salvage.contract import Lost, SalvageResult


def saved_lines(result: SalvageResult, today: date | None) -> Iterator[str]:
    """What came back, and in how many places it did not come back whole."""
    yield ngettext(
        "{count} record is back just as it was.", "{count} records are back just as they were.", result.saved
    ).format(count=result.saved)
    if result.media:
        yield ngettext(
            "Attached files: {saved} of {count}.", "Attached files: {saved} of {count}.", result.media
        ).format(saved=result.media_saved, count=result.media)
    if not result.lost:
        yield _("Nothing is known to be lost.")
    else:
        yield ngettext(
            "{count} did not come back whole. It is in the list.",
            "{count} did not come back whole. They are in the list.",
            len(result.lost),
        ).format(count=len(result.lost))
    if result.maybe_more:
        yield _("There may have been more that left no trace.")
    if result.backup is not None:
        yield from _backup_lines(result, today)


def _backup_lines(result: SalvageResult, today: date | None) -> Iterator[str]:
    made = result.backup_made_at
    day = day_words(made.date(), today) if made else "?"
    if result.in_backup:
        yield ngettext(
            "{count} of them is in your backup from {day}.", "{count} of them are in your backup from {day}.",
            result.in_backup,
        ).format(count=result.in_backup, day=day)  # fmt: skip
    else:
        yield _("There is a backup from {day}.").format(day=day)


def lost_lines(lost: tuple[Lost, ...], today: date | None) -> list[str]:
    """One line for each thing that did not come back whole, in the order of its time; the same ones are counted."""
    timed = sorted((one for one in lost if one.at is not None), key=lambda one: one.at.timestamp() if one.at else 0)
    lines = [_line(one, today) for one in (*timed, *(one for one in lost if one.at is None))]
    counted = Counter(lines)
    times = _("{line} ({count} times)")
    return [line if count == 1 else times.format(line=line, count=count) for line, count in counted.items()]


def _line(one: Lost, today: date | None) -> str:
    if one.at is None:
        what = _kind_words(one.kind)
    else:
        what = _("{what} from {day}").format(what=_kind_words(one.kind), day=day_words(one.at.date(), today))
    return _("{what}: {why}").format(what=what, why=why_words(one.reason))


def _kind_words(kind: str) -> str:
    return {
        "entry": _("A note"),
        "version": _("An older version of a note"),
        "draft": _("Words that were not kept yet"),
        "file": _("An attached file"),
        "preference": _("One of your settings"),
    }.get(kind, _("A small record"))


def why_words(reason: str) -> str:
    """Words for a reason code of `vault.salvage.contract`."""
    return {
        "older-version": _("an older version came back in its place."),
        "draft": _("what was typed last came back in its place."),
        "beginning": _("only its beginning came back."),
        "labels": _("its words came back. Its tags, people or feelings may not be right."),
        "name": _("it came back without its name."),
        "no-entry": _("it came back, but we don't know which note it belongs to."),
        "file-missing": _("it is not there any more."),
        "file-damaged": _("it is damaged."),
        "without-owner": _("what it belongs to can't be read any more."),
    }.get(reason, _("it can't be read any more."))
