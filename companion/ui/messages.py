"""The only table from error class, reason and strength code to words; knows no Qt, so the command line uses it too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from companion.core import errors as e
from companion.core.i18n import _
from companion.ui import sync_words
from companion.ui.damage_words import damage_advice, damage_title
from companion.ui.device_words import device_advice, device_reason
from companion.ui.export_words import place_refused
from companion.ui.moments import month_word
from companion.ui.reasons import passphrase_words, place_words, reason_advice, reason_words
from companion.ui.room_words import too_little_room

__all__ = [
    "WORDS",
    "Situation",
    "Words",
    "day_words",
    "fault_words",
    "one_line",
    "passphrase_words",
    "place_words",
    "reason_advice",
    "reason_words",
    "words_for",
]


@dataclass(frozen=True, slots=True)
class Words:
    """What happened, what is safe, what to do; `what_is_safe` may be "" in the window, where the rest says it."""

    title: str
    what_is_safe: str
    what_to_do: str

    def joined(self) -> str:
        """All of it as one line."""
        parts = (self.title, self.what_is_safe, self.what_to_do)
        return _one_line(" ".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the words are shown, and what is known about backups; without `last_backup` the error's own file tells."""

    command_line: bool = False
    last_backup: date | None = None
    today: date | None = None


def words_for(error: e.CompanionError, situation: Situation | None = None) -> Words:
    """The words for a failure, for the window unless `situation` says otherwise."""
    situation = situation or Situation()
    kind = next(kind for kind in type(error).__mro__ if kind in WORDS)
    return WORDS[kind](error, situation)


def one_line(error: e.CompanionError, situation: Situation | None = None) -> str:
    """What happened, what is safe, and what to do, on one line."""
    return words_for(error, situation).joined()


def fault_words() -> Words:
    """The words for a fault of the program itself; nothing of the fault is in them."""
    return Words(
        _("A fault in Companion stopped this."),
        _("What was saved before is intact."),
        _("Try again. In a terminal, --debug shows where it happened, without your words."),
    )


def day_words(day: date, today: date | None) -> str:
    """Such as "3 November", with the year unless it is this year."""
    form = _("{day} {month}") if today and today.year == day.year else _("{day} {month} {year}")
    return form.format(day=day.day, month=month_word(day.month), year=day.year)


def _one_line(text: str) -> str:
    """Names of files can hold anything, line ends and terminal commands too."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


# --- the program and its use ---------------------------------------------------


def _fault(_error: e.CompanionError, _situation: Situation) -> Words:
    return fault_words()


def _memory(_error: e.NotEnoughMemory, _situation: Situation) -> Words:
    return Words(
        _("There is not enough free memory for this."),
        _("It says nothing about your passphrase, and nothing was changed."),
        _("Close some other programs, then try again."),
    )


def _usage(_error: e.UsageRefused, situation: Situation) -> Words:
    do = _("companion --help shows what is possible.") if situation.command_line else _("Look at it again.")
    return Words(_("That can't be done this way."), _("Nothing was changed."), do)


def _too_short(error: e.PassphraseTooShort, _situation: Situation) -> Words:
    return Words(
        _("A passphrase has {minimum} characters or more.").format(minimum=error.minimum),
        _("Nothing was changed."),
        _("Pick a few words only you would put together."),
    )


def _no_entry(_error: e.EntryNotFound, situation: Situation) -> Words:
    shell, window = _("companion journal list shows the ids."), _("It may be among the deleted notes.")
    do = shell if situation.command_line else window
    return Words(_("There is no entry with this id."), _("Nothing was changed."), do)


def _no_place(error: e.PlaceRefused, situation: Situation) -> Words:
    return Words(*place_refused(error, command_line=situation.command_line))


def _no_batch(_error: e.BatchNotFound, _situation: Situation) -> Words:
    return Words(
        _("There is no import with this id, or it was taken back already."),
        _("Nothing was changed."),
        _("Check the id that the import showed."),
    )


# --- keys and the vault ----------------------------------------------------------


def _wrong_secret(error: e.WrongSecret, situation: Situation) -> Words:
    safe = _("Nothing was changed.") if situation.command_line else ""
    if error.kind == "backup":
        return Words(_("Wrong passphrase for this backup."), safe, _("It may use an older one."))
    if error.kind == "recovery-typo":
        return Words(_("This recovery key has a typing mistake."), safe, _("Compare it with your sheet and try again."))
    if error.kind == "recovery":
        return Words(
            _("That recovery key didn't open it."), safe, _("It may belong to another space. There is no limit.")
        )
    return Words(_("That didn't open it."), safe, _("Check Caps Lock and try again. There is no limit."))


def _locked(_error: e.VaultLocked, _situation: Situation) -> Words:
    return Words(_("Your space is locked."), _("Nothing was changed."), _("Open it, then try again."))


def _no_device(error: e.DeviceUnavailable, situation: Situation) -> Words:
    safe = _("Nothing was changed.") if situation.command_line else ""
    return Words(device_reason(error.reason), safe, device_advice(error.reason))


def _due(_error: e.PassphraseDue, situation: Situation) -> Words:
    safe = _("Nothing was changed.") if situation.command_line else ""
    return Words(_("It has been two weeks."), safe, _("Type your passphrase once, so that you don't forget it."))


def _damaged(error: e.VaultDamaged, situation: Situation) -> Words:
    return _from_backup(damage_title(error.reason), error, situation)


def _replaced(error: e.VaultReplaced, situation: Situation) -> Words:
    title = _("The file with your notes is missing, empty or another one.")
    return _from_backup(title, error, situation)


def _keys_damaged(error: e.KeyFileDamaged, situation: Situation) -> Words:
    title = _("The key file is damaged. It is not your passphrase.")
    return _from_backup(title, error, situation)


def _keys_older(error: e.KeyFileRolledBack, situation: Situation) -> Words:
    title = sync_words.keys_older()
    return _from_backup(title, error, situation)


def _from_backup(title: str, error: e.VaultDamaged, situation: Situation) -> Words:
    day = situation.last_backup or _day_of(error.backup)
    if day is None:
        safe, do = _("Nothing was changed."), _("If you have a backup elsewhere, you can open that one.")
    else:
        safe = _("Your last backup is from {day}.").format(day=day_words(day, situation.today))
        do = _("You can open that one.")
    if not situation.command_line:
        return Words(title, safe, do)
    if day is not None:
        safe = _("Nothing was changed.") + " " + safe
    return Words(title, safe, damage_advice(error))


def _day_of(backup: Path | None) -> date | None:
    """Backups carry their day in front: 20261122-0710-daily.vbak."""
    parts = re.match(r"(\d{4})(\d{2})(\d{2})-", backup.name) if backup else None
    if parts is None:
        return None
    try:
        return date(*map(int, parts.groups()))
    except ValueError:
        return None


def _backup_damaged(error: e.BackupDamaged, situation: Situation) -> Words:
    title = _("This backup did not pass the check.")
    if error.reason == "not-a-backup":
        title = _("This file is not a backup made by Companion.")
    do = _("Try another folder or USB stick.")
    if situation.command_line:
        do = _("Try another backup, folder or USB stick.")
    return Words(title, _("Your notes here are fine."), do)


def _newer(_error: e.VaultNewer, _situation: Situation) -> Words:
    return Words(
        _("This was written by a newer Companion."), _("Nothing was changed."), _("Update Companion to open it.")
    )


def _read_only(_error: e.ReadOnlyVault, _situation: Situation) -> Words:
    return Words(
        _("This space is open for reading only, so this was not saved."),
        _("What was saved before is intact."),
        _("Update Companion, or check that the disk can be written."),
    )


def _in_use(error: e.VaultInUse, situation: Situation) -> Words:
    title = _("Another Companion has this open.")
    if situation.command_line and error.pid is not None:
        title = _("Another Companion (process {pid}) has this vault open.").format(pid=error.pid)
    return Words(title, _("Nothing was changed."), _("Close the other one, then try again."))


def _no_vault(error: e.NoVault, situation: Situation) -> Words:
    if not situation.command_line:
        return Words(
            _("There is no private space here."), _("Nothing was changed."), _("You can make one, or choose another.")
        )
    return Words(
        _("There is no vault at {place}.").format(place=error.path) if error.path else _("There is no vault here."),
        _("Nothing was changed."),
        _("Make one with companion vault create, or name another with --vault DIR."),
    )


def _vault_exists(error: e.VaultExists, situation: Situation) -> Words:
    if not situation.command_line:
        return Words(
            _("There is a private space here already."), _("It was not changed."), _("Open it, or choose a new folder.")
        )
    return Words(
        _("There is a vault here already: {place}.").format(place=error.path)
        if error.path
        else _("There is a vault here already."),
        _("It was not changed."),
        _("Make another one with --vault DIR."),
    )


def _no_encryption(error: e.EncryptionMissing, _situation: Situation) -> Words:
    if error.reason.startswith("proof"):
        do = _("Stop writing here, and keep a copy of this folder.")
        if error.reason != "proof":
            do = _("Mend what is named, then look again.")
        return Words(_("Not everything is as it should be."), _("Nothing was changed."), do)
    do = _("Install Companion again.")
    if error.reason != "not-loadable":
        do = _("Another database library was loaded first. Start without LD_PRELOAD, or install Companion again.")
    return Words(_("Encryption does not work here, so nothing is opened."), _("Nothing was written."), do)


# --- disk, display, files from outside ----------------------------------------------


def _storage(_error: e.StorageTrouble, situation: Situation) -> Words:
    if situation.command_line:
        return Words(_("The disk did not take this."), _intact(), _("Check the disk, then run the command again."))
    return Words(
        _("We could not save just now."),
        _("Your words are still here."),
        _("Try again, or copy them somewhere safe."),
    )


def _full(_error: e.DiskFull, situation: Situation) -> Words:
    title = _("There is no space left on this disk.")
    if situation.command_line:
        return Words(title, _intact(), _("Free some space, then run the command again."))
    return Words(title, _intact(), _("Free some space, then try again."))


def _not_writable(error: e.DiskReadOnly, _situation: Situation) -> Words:
    return Words(
        _placed(_("This place can't be written: {place}."), _("This place can't be written."), error.path),
        _intact(),
        _("Choose another folder, or check that the disk is not protected."),
    )


def _unreachable(error: e.DiskUnreachable, _situation: Situation) -> Words:
    return Words(
        _placed(_("This place can't be reached: {place}."), _("This place can't be reached."), error.path),
        _intact(),
        _("Check the name, and that the disk is connected. Then try again."),
    )


def _intact() -> str:
    return _("What was saved before is intact.")


def _placed(with_place: str, without: str, path: Path | None) -> str:
    return with_place.format(place=path) if path else without


def _no_display(_error: e.NoDisplay, _situation: Situation) -> Words:
    return Words(
        _("There is no display, so the window can't open."),
        _("Nothing was changed."),
        _("These need none: companion crisis, vault, journal, import, doctor, self-test."),
    )


def _refused(error: e.InputRefused, situation: Situation) -> Words:
    title = words = reason_words(error.reason)
    # In the window the person has just chosen the file, and a name that was built to do harm says nothing to them.
    if error.where and (situation.command_line or error.reason != "hostile"):
        where = error.where if situation.command_line else place_words(error.where)
        title = _("{where}: {reason}").format(where=where, reason=words)
    return Words(title, _("Nothing was changed."), reason_advice(error.reason))


def _attachment(error: e.AttachmentDamaged, _situation: Situation) -> Words:
    return Words(
        _("{where}: This attached file is damaged or cut off.").format(where=error.where),
        _("Its entry can come in without it."),
        reason_advice(error.reason),
    )


def _stopped(_error: e.Stopped, _situation: Situation) -> Words:
    return Words(_("Stopped."), _("Nothing of it was kept."), _("You can start it again at any time."))


def _sync(parts: Callable[..., sync_words.Parts]) -> Callable[[Any, Situation], Words]:
    return lambda error, situation: Words(*parts(error, command_line=situation.command_line))


WORDS: Mapping[type[e.CompanionError], Callable[[Any, Situation], Words]] = {
    e.CompanionError: _fault,
    e.NotEnoughMemory: _memory,
    e.UsageRefused: _usage,
    e.PassphraseTooShort: _too_short,
    e.EntryNotFound: _no_entry,
    e.BatchNotFound: _no_batch,
    e.PlaceRefused: _no_place,
    e.WrongSecret: _wrong_secret,
    e.DeviceUnavailable: _no_device,
    e.PassphraseDue: _due,
    e.VaultLocked: _locked,
    e.VaultDamaged: _damaged,
    e.VaultReplaced: _replaced,
    e.KeyFileDamaged: _keys_damaged,
    e.KeyFileRolledBack: _keys_older,
    e.BackupDamaged: _backup_damaged,
    e.VaultNewer: _newer,
    e.ReadOnlyVault: _read_only,
    e.VaultInUse: _in_use,
    e.OpenElsewhere: _sync(sync_words.open_elsewhere),
    e.OtherCopy: _sync(sync_words.two_computers),
    e.StaleCopy: _sync(sync_words.stale_copy),
    e.TwoComputers: _sync(sync_words.two_computers),
    e.FileSwapped: _sync(sync_words.swapped),
    e.StorageTrouble: _storage,
    e.DiskFull: _full,
    e.NotEnoughRoom: _sync(too_little_room),
    e.DiskReadOnly: _not_writable,
    e.DiskUnreachable: _unreachable,
    e.NoVault: _no_vault,
    e.VaultExists: _vault_exists,
    e.EncryptionMissing: _no_encryption,
    e.NoDisplay: _no_display,
    e.InputRefused: _refused,
    e.AttachmentDamaged: _attachment,
    e.Stopped: _stopped,
}
