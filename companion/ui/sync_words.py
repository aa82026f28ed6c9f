"""Words for second copies and other computers: what is here, what was seen last, and what a copy holds."""

from __future__ import annotations

from datetime import date, datetime

from companion.core import errors as e
from companion.core.copies import OtherVersion
from companion.core.i18n import _, ngettext
from companion.ui.moments import moment_words

Parts = tuple[str, str, str]


def open_elsewhere(error: e.OpenElsewhere, *, command_line: bool) -> Parts:
    """What happened, what is safe, what to do."""
    title = _("Another computer had this open.")
    if error.since is not None:
        title = _("Another computer had this open on {when}.").format(when=_when(error.since, error.since))
    do = _("Close it there first. Open it here only if it is closed there.")
    if command_line:
        do += " " + _("Then say so with: companion vault check --accept")
    return title, _("Nothing was changed."), do


def stale_copy(error: e.StaleCopy, *, command_line: bool) -> Parts:
    """An older copy stands where a newer one was."""
    title = _("The notes here are older than the ones this computer saw last.")
    return title, _("Nothing was changed."), _dates(error, command_line=command_line)


def two_computers(error: e.TwoComputers, *, command_line: bool) -> Parts:
    """Two computers went on from the same save."""
    title = _("Two computers wrote in this space, each on its own.")
    return title, _("Nothing was mixed or changed."), _dates(error, command_line=command_line)


def swapped(_error: e.FileSwapped, *, command_line: bool) -> Parts:
    """Another file stands where the open one was."""
    title = _("Another program changed the file of your space.")
    if command_line:
        return title, _("Nothing was written into it."), _("Run the command again.")
    return title, _("Your words are still here."), _("Lock your space and open it again. They are saved then.")


def keys_older() -> str:
    """Half of what another computer changed has arrived, or an old key file was put here."""
    return _("The key file is older than the notes it belongs to. A sync program may not be done yet.")


def version_title(other: OtherVersion, *, than_seen: bool = False) -> str:
    """What a copy is, in one line; with `than_seen` it was compared with what this computer saw last, not with here."""
    if than_seen and other.can_be_opened:
        return {
            "same": _("The notes this computer saw last"),
            "newer": _("Newer than what this computer saw last"),
            "older": _("Older than what this computer saw last"),
        }.get(other.relation, _("Another version, written on another computer"))
    if other.kind == "keys":
        if other.relation == "newer":
            return _("A newer key file: the passphrase was changed on another computer")
        return _("A second copy of the key file")
    if other.kind == "journal":
        return _("A part of a save from another computer. It is never used.")
    if other.kind == "files":
        return _("A second copy of an attached file or a backup")
    return {
        "newer": _("A newer version of your notes"),
        "older": _("An older version. All of it is here too."),
        "same": _("The same notes as here"),
        "apart": _("Another version. It may hold notes that are not here."),
    }.get(other.relation, _("A copy that can't be opened"))


def version_facts(other: OtherVersion, today: date) -> str:
    """How many notes it holds, and when it was changed."""
    facts: list[str] = []
    if other.notes is not None:
        facts.append(notes_words(other.notes))
    if other.changed_at is not None:
        facts.append(_("changed {when}").format(when=moment_words(other.changed_at, today)))
    return ", ".join(facts)


def notes_words(count: int) -> str:
    """So many notes."""
    return ngettext("{count} note", "{count} notes", count).format(count=count)


def found_line(others: tuple[OtherVersion, ...]) -> str:
    """What to say right after opening; "" where no copy holds anything that is not here."""
    worth = [other for other in others if matters(other)]
    if not worth:
        return ""
    if any(other.kind == "keys" for other in worth):
        return _("There is a newer key file beside your notes. The passphrase was changed on another computer.")
    count = len(worth)
    return ngettext(
        "There is another version of your notes beside this one.",
        "There are {count} other versions of your notes beside this one.",
        count,
    ).format(count=count)


def matters(other: OtherVersion) -> bool:
    """Whether it may hold something that is not here."""
    if other.kind == "keys":
        return other.relation == "newer"
    return other.kind in ("database", "folder") and other.relation in ("newer", "apart", "unknown")


def from_elsewhere_line() -> str:
    """Said once when another computer wrote since the last opening here."""
    return _("Another computer wrote in this space since you opened it here last. All of it is here.")


def _dates(error: e.OtherCopy, *, command_line: bool) -> str:
    said: list[str] = []
    newest = max((at for at in (error.here, error.known) if at is not None), default=None)
    if error.here is not None and newest is not None:
        said.append(_("Here: changed {when}.").format(when=_when(error.here, newest)))
    if error.known is not None and newest is not None:
        said.append(_("Seen last: changed {when}.").format(when=_when(error.known, newest)))
    said.append(_("A sync program, or someone, may have put another copy here."))
    if command_line:
        said += [str(other.path) for other in error.others if matters(other) or other.relation == "same"]
        said.append(_("To go on with what is here: companion vault check --accept"))
    return " ".join(said)


def _when(at: datetime, newest: datetime) -> str:
    return moment_words(at, newest.date())
