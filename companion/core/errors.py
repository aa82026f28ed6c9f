"""Every failure a person can meet, as typed data; the words for them are in `companion.ui.messages`.

Each class carries what its sentence needs and never a sentence. `exit_code` is
the command line's promise (docs: README, section "Command line").
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.core.copies import OtherVersion


class CompanionError(Exception):
    """A failure that is expected and has words; anything else is a bug."""

    exit_code = 1


class NotEnoughMemory(CompanionError):
    """The key derivation could not get the memory it asks for; says nothing about the passphrase."""


class UsageRefused(CompanionError):
    """A command or a field was used wrongly; nothing was done."""

    exit_code = 2


class PassphraseTooShort(UsageRefused):
    """A new passphrase has fewer characters than `minimum`."""

    def __init__(self, minimum: int) -> None:
        super().__init__(minimum)
        self.minimum = minimum


class EntryNotFound(UsageRefused):
    """No entry has this id."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


class BatchNotFound(UsageRefused):
    """No import batch has this id, or it was taken back already."""

    def __init__(self, batch_id: str) -> None:
        super().__init__(batch_id)
        self.batch_id = batch_id


class PlaceRefused(UsageRefused):
    """What was to be taken out can't be written to `path`; nothing was written.

    `reason` is "exists" (something is there, and nobody asked to replace it), "not-empty" (a folder that holds
    something), "name" (an ending that the format has not) or "inside" (inside the space itself).
    """

    def __init__(self, reason: str, path: Path) -> None:
        super().__init__(reason, str(path))
        self.reason = reason
        self.path = path


# --- the vault ---------------------------------------------------------------


class WrongSecret(CompanionError):
    """No key slot of `kind` ("passphrase" or "recovery") opens with what was given."""

    exit_code = 3

    def __init__(self, kind: str = "passphrase") -> None:
        super().__init__(kind)
        self.kind = kind


class DeviceUnavailable(CompanionError):
    """This computer's key store did not open the vault, or did not take a key; the passphrase does as always.

    `reason` is one of DEVICE_REASONS.
    """

    exit_code = 3

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


DEVICE_REASONS = (
    "none",  # there is no key store
    "weak",  # there is one that keeps secrets readable, or that is not known
    "locked",  # it is locked, and stayed so
    "gone",  # it has no such key
    "garbage",  # it gave something else, or the key of another slot
    "slow",  # it did not answer in time, or an earlier question still hangs
    "broken",  # it failed in some other way
    "not-kept",  # it said that it keeps the key, and does not
    "off",  # no slot of this vault is for a key store
)


class PassphraseDue(CompanionError):
    """The vault was opened by the key store for two weeks: the passphrase is asked once, so that it is not forgotten.

    The vault is locked again; nothing was changed.
    """

    exit_code = 3


class VaultLocked(CompanionError):
    """The vault was locked before this work reached it; nothing was written."""

    exit_code = 3


class VaultDamaged(CompanionError):
    """A slot opened, but the database is damaged or belongs to another key.

    `backup` is the newest backup known to be beside the vault, or None.
    """

    exit_code = 4

    def __init__(self, reason: str, backup: Path | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.backup = backup


class VaultReplaced(VaultDamaged):
    """The database is empty, missing its tables, or not ours: lost or replaced, never to be filled anew."""


class KeyFileDamaged(VaultDamaged):
    """Neither copy of the key file can be read."""


class KeyFileRolledBack(VaultDamaged):
    """The key file is older than the database it belongs to."""


class BackupDamaged(CompanionError):
    """This backup did not pass its check; the vault itself was not touched."""

    exit_code = 4

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class VaultNewer(CompanionError):
    """The vault was written by a newer Companion; it opens for reading only."""

    exit_code = 4

    def __init__(self, found: int, known: int) -> None:
        super().__init__(found, known)
        self.found = found
        self.known = known


class ReadOnlyVault(CompanionError):
    """The vault is open for reading only, so this change was not made."""

    exit_code = 7


class VaultInUse(CompanionError):
    """Another Companion holds the vault's lock."""

    exit_code = 6

    def __init__(self, pid: int | None = None, since: datetime | None = None) -> None:
        super().__init__(pid)
        self.pid = pid
        self.since = since


class OpenElsewhere(VaultInUse):
    """The lock file is from another computer, `host`: it may be open there still. Only the person can know."""

    def __init__(self, host: str | None, since: datetime | None) -> None:
        super().__init__(None, since)
        self.host = host


class OtherCopy(CompanionError):
    """The database here is not the one this computer saw last; nothing was opened, the person decides.

    `here` is when this one was last changed, `known` when the one was that was seen
    last (None: nobody can tell); `others` are second copies that lie beside it.
    """

    exit_code = 4

    def __init__(
        self, here: datetime | None = None, known: datetime | None = None, others: tuple[OtherVersion, ...] = ()
    ) -> None:
        super().__init__(here, known)
        self.here, self.known, self.others = here, known, others


class StaleCopy(OtherCopy):
    """It is older than what this computer saw last: put here by a sync program or by hand."""


class TwoComputers(OtherCopy):
    """It went on from an earlier save than the one seen last: two computers wrote, each by itself."""


class StorageTrouble(CompanionError):
    """The disk refused; what was saved before is intact."""

    exit_code = 7

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(str(path) if path else "")
        self.path = path


class DiskFull(StorageTrouble):
    """No space is left on the disk."""


class NotEnoughRoom(DiskFull):
    """Found out before anything was written: the disk has less room than is needed, both in bytes."""

    def __init__(self, path: Path | None, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(path)
        self.needed_bytes, self.free_bytes = needed_bytes, free_bytes


class DiskReadOnly(StorageTrouble):
    """The folder or file cannot be written."""


class DiskUnreachable(StorageTrouble):
    """The folder or file cannot be read or has gone."""


class FileSwapped(StorageTrouble):
    """Another file stands where the open database was; nothing was written into it."""


class NoVault(CompanionError):
    """There is no vault at this place."""

    exit_code = 8

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(str(path) if path else "")
        self.path = path


class VaultExists(NoVault):
    """A vault is already at this place; it is never overwritten."""


class EncryptionMissing(CompanionError):
    """The database library would not encrypt: Companion refuses to start. `reason` is a short code."""

    exit_code = 9

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoDisplay(CompanionError):
    """There is no screen to open a window on."""

    exit_code = 10


# --- input from outside ------------------------------------------------------


class InputRefused(CompanionError):
    """A file from outside was refused whole; nothing was changed.

    `reason` is one of the codes in `REFUSALS`; `where` names the file or member.
    """

    exit_code = 5

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason, where)
        self.reason = reason
        self.where = where


class AttachmentDamaged(InputRefused):
    """One attached file could not be read to its end; the entry it belongs to can come in without it."""

    def __init__(self, where: str) -> None:
        super().__init__("damaged", where)


REFUSALS = (
    "not-found",  # no such file or folder
    "empty",  # the file holds nothing
    "not-this-format",  # readable, but not what was asked for or not recognised
    "not-text",  # bytes where UTF-8 text was asked for
    "damaged",  # cut off, wrong checksum, not valid for its format
    "encrypted",  # locked by the other app: take it out of there unlocked first
    "too-large",  # over a limit of size, count or ratio
    "too-deep",  # nested beyond the limit
    "hostile",  # built to do harm (bomb, path outside, lying sizes)
    "no-entries",  # right format, nothing to bring in
    "dates-unclear",  # day and month cannot be told apart
    "reader-failed",  # the reading process ended early
)


class Stopped(CompanionError):
    """The person (or Lock, or Hide) stopped this work; nothing of it was kept."""

    exit_code = 5
