"""Every failure has words: what happened, what is safe, what to do."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from companion.core import errors
from companion.core.copies import OtherVersion
from companion.core.errors import (
    DEVICE_REASONS,
    REFUSALS,
    AttachmentDamaged,
    BackupDamaged,
    BatchNotFound,
    CompanionError,
    DeviceUnavailable,
    DiskFull,
    DiskReadOnly,
    DiskUnreachable,
    EncryptionMissing,
    EntryNotFound,
    FileSwapped,
    InputRefused,
    KeyFileDamaged,
    KeyFileRolledBack,
    NoDisplay,
    NotEnoughMemory,
    NotEnoughRoom,
    NoVault,
    OpenElsewhere,
    OtherCopy,
    PassphraseDue,
    PassphraseTooShort,
    PlaceRefused,
    ReadOnlyVault,
    StaleCopy,
    Stopped,
    StorageTrouble,
    TwoComputers,
    UsageRefused,
    VaultDamaged,
    VaultExists,
    VaultInUse,
    VaultLocked,
    VaultNewer,
    VaultReplaced,
    WrongSecret,
)
from companion.journal.importers.records import PROBLEMS
from companion.ui.disk_words import not_saved_line
from companion.ui.messages import (
    WORDS,
    Situation,
    fault_words,
    one_line,
    passphrase_words,
    reason_advice,
    reason_words,
    words_for,
)
from companion.vault.passphrase import Level, Reason

BACKUP = Path("/spaces/a b.vault/backups/20261103-0710-daily.vbak")
COMMAND_LINE = Situation(command_line=True)
MOMENT = datetime(2026, 11, 25, 9, 14, tzinfo=UTC)
SAMPLES: list[CompanionError] = [
    CompanionError(),
    NotEnoughMemory(),
    UsageRefused(),
    PassphraseTooShort(10),
    EntryNotFound("abc"),
    BatchNotFound("abc"),
    *(PlaceRefused(reason, Path("/stick/notes.json")) for reason in ("exists", "not-empty", "inside", "name")),
    WrongSecret("passphrase"),
    WrongSecret("recovery"),
    WrongSecret("recovery-typo"),
    WrongSecret("backup"),
    *(DeviceUnavailable(reason) for reason in DEVICE_REASONS),
    PassphraseDue(),
    VaultLocked(),
    VaultDamaged("corrupt"),
    VaultDamaged("corrupt", BACKUP),
    VaultDamaged("entry-digest"),
    VaultDamaged("media-missing"),
    VaultReplaced("empty", BACKUP),
    KeyFileDamaged("checksum", BACKUP),
    KeyFileRolledBack("key-file-older", BACKUP),
    BackupDamaged("rows"),
    BackupDamaged("not-a-backup"),
    VaultNewer(3, 2),
    ReadOnlyVault(),
    VaultInUse(),
    VaultInUse(4711),
    OpenElsewhere("laptop", MOMENT),
    OpenElsewhere(None, None),
    OtherCopy(),
    StaleCopy(MOMENT, MOMENT, (OtherVersion(Path("/spaces/vault (1).db"), "database", "newer", 3, MOMENT),)),
    StaleCopy(None, MOMENT),
    TwoComputers(MOMENT, None),
    FileSwapped(Path("/disk/file")),
    StorageTrouble(Path("/disk/file")),
    DiskFull(Path("/disk/file")),
    NotEnoughRoom(Path("/disk/file"), 20_000_000, 3_000_000),
    DiskReadOnly(Path("/disk/file")),
    DiskReadOnly(),
    DiskUnreachable(Path("/disk/file")),
    DiskUnreachable(),
    NoVault(Path("/disk/file")),
    NoVault(),
    VaultExists(Path("/disk/file")),
    VaultExists(),
    EncryptionMissing("not-sqlcipher"),
    EncryptionMissing("not-loadable"),
    EncryptionMissing("proof"),
    EncryptionMissing("proof-around"),
    NoDisplay(),
    *(InputRefused(reason, "Journal.zip") for reason in REFUSALS),
    InputRefused("empty"),
    AttachmentDamaged("photo.jpg"),
    Stopped(),
]


def all_classes() -> set[type[CompanionError]]:
    return {
        item
        for _name, item in inspect.getmembers(errors, inspect.isclass)
        if issubclass(item, CompanionError) and item.__module__ == errors.__name__
    }


def test_every_class_has_words_of_its_own_and_a_sample_here() -> None:
    assert set(WORDS) == all_classes()
    assert {type(error) for error in SAMPLES} == all_classes()


@pytest.mark.parametrize("situation", [Situation(), COMMAND_LINE], ids=["window", "command line"])
@pytest.mark.parametrize("error", SAMPLES, ids=repr)
def test_words_are_calm_plain_and_whole(error: CompanionError, situation: Situation) -> None:
    words = words_for(error, situation)
    assert words.title
    assert words.what_to_do
    line = one_line(error, situation)
    assert "\n" not in line
    assert "{" not in line
    assert "None" not in line
    assert "!" not in line
    for avoided in ("error", "invalid", "illegal", "failed", "abort", "fatal", "exception"):
        assert avoided not in line.lower()
    if situation.command_line:
        # A command ends here, so what is safe is always said.
        assert words.what_is_safe
    elif not isinstance(error, NoDisplay):
        assert "companion " not in line


def test_a_subclass_of_tomorrow_speaks_with_the_words_of_its_family() -> None:
    class NetworkDriveGone(DiskUnreachable):
        pass

    assert one_line(NetworkDriveGone()) == one_line(DiskUnreachable())


def test_the_lines_of_the_design() -> None:
    this_year = Situation(today=date(2026, 11, 22))
    assert one_line(StorageTrouble()) == (
        "We could not save just now. Your words are still here. Try again, or copy them somewhere safe."
    )
    assert one_line(VaultDamaged("corrupt", BACKUP), this_year) == (
        "This file is damaged and we can't open it. Your last backup is from 3 November. You can open that one."
    )
    assert one_line(NotEnoughRoom(None, 1_234_000_001, 19_999_999)) == (
        "There is too little space on this disk: about 1.2 GB is needed, 19 MB is free. Nothing was changed. "
        "Free some space, then try again."
    )
    assert one_line(DiskFull()) == (
        "There is no space left on this disk. What was saved before is intact. Free some space, then try again."
    )
    assert one_line(WrongSecret()) == "That didn't open it. Check Caps Lock and try again. There is no limit."
    assert one_line(BackupDamaged("rows")) == (
        "This backup did not pass the check. Your notes here are fine. Try another folder or USB stick."
    )
    assert one_line(WrongSecret("backup")) == "Wrong passphrase for this backup. It may use an older one."


def test_a_backup_of_another_year_says_which() -> None:
    error = VaultDamaged("corrupt", BACKUP)
    assert "3 November 2026." in one_line(error, Situation(today=date(2027, 1, 2)))
    assert "3 November 2026." in one_line(error)
    assert "1 May 2025" in one_line(error, Situation(last_backup=date(2025, 5, 1)))


@pytest.mark.parametrize("name", ["mine.vbak", "20269903-0710-daily.vbak", "x20261103-0710.vbak"])
def test_a_backup_without_a_day_in_its_name_is_named_all_the_same(name: str) -> None:
    error = VaultDamaged("corrupt", Path("/stick") / name)
    assert f"companion vault restore /stick/{name}" in one_line(error, COMMAND_LINE)
    assert "Your last backup" not in one_line(error, COMMAND_LINE)


def test_only_the_command_line_speaks_of_commands_and_they_can_be_pasted() -> None:
    error = VaultDamaged("corrupt", BACKUP)
    assert f"companion vault restore '{BACKUP}'" in one_line(error, COMMAND_LINE)
    assert "companion vault restore" not in one_line(error)


def test_damage_is_never_called_a_wrong_passphrase() -> None:
    for error in (VaultDamaged("not-a-database"), VaultReplaced("empty"), KeyFileDamaged("mac"), NotEnoughMemory()):
        for situation in (Situation(), COMMAND_LINE):
            assert "Caps Lock" not in one_line(error, situation)
            assert one_line(error, situation) != one_line(WrongSecret(), situation)


def test_a_file_name_cannot_speak_to_the_terminal() -> None:
    line = one_line(InputRefused("damaged", "a\x1b[2Jb\nc\r\x9bd.zip"), COMMAND_LINE)
    assert line.isprintable()
    assert line.startswith("a [2Jb c d.zip: ")


def test_every_code_has_words() -> None:
    for code in (*REFUSALS, *PROBLEMS):
        assert reason_words(code) != reason_words("unheard-of"), code
        assert reason_words(code).endswith(".")
    for code in REFUSALS:
        assert reason_advice(code).endswith(".")
    for code in (*get_args(Level), *get_args(Reason)):
        assert passphrase_words(code).endswith(".")


def test_a_code_of_tomorrow_is_no_fault() -> None:
    assert reason_words("unheard-of") == "This could not be read."
    assert reason_advice("unheard-of")


def test_a_fault_says_that_nothing_is_lost() -> None:
    assert "What was saved before is intact." in fault_words().joined()


def test_what_could_not_be_saved_says_where_it_is_and_names_no_file() -> None:
    protected = DiskReadOnly(Path("/home/someone/vault.db"))
    assert not_saved_line(protected) == (
        "This disk can't be written just now. Your words are still here."
        " Check that the disk is not protected, then press Try again."
    )
    assert not_saved_line(DiskUnreachable(Path("/media/stick")), locked=True) == (
        "Your last words are not saved yet. This disk can't be reached just now."
        " They are kept while this app runs, and saved when you open your space again."
    )
