"""The recovery key as a plain text file: the key, what it opens, and how to use it years later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from companion.core.files import write_atomic
from companion.core.i18n import _
from companion.ui.messages import day_words

FILE_NAME = "notes-key.txt"  # says nothing about what the notes are


def recovery_text(code: str, made_on: date, vault: Path | None) -> str:
    """Everything someone needs who finds the file again, in plain words."""
    folder = str(vault) if vault else _("the folder shown in Settings under Where are my files")
    lines = (
        _("A key for private notes, made on {day}").format(day=day_words(made_on, None)),
        "",
        code,
        "",
        _("Who has this key and your files can read your notes."),
        _("Keep it away from the computer: on a USB stick, or on paper."),
        "",
        _("If you forget your passphrase"),
        _("1. Open Companion and press: I forgot my passphrase"),
        _("2. Type the key above. Small letters and spaces are fine."),
        _("3. Choose a new passphrase."),
        "",
        _("What to keep together with it"),
        _("- A backup file. Its name ends in .vbak. Settings, Backup and export, makes one."),
        _("- Or this whole folder: {folder}").format(folder=folder),
        _("The key opens nothing without one of these."),
        "",
        _("A new recovery key or a wiped space makes this one useless. A new passphrase does not."),
    )
    return "\n".join(lines) + "\n"


def save_recovery_text(path: Path, text: str) -> None:
    """Write the file, readable by this account only where the disk knows accounts. Raises StorageTrouble."""
    write_atomic(path, text.encode())


def groups_of(code: str) -> list[str]:
    """The groups of a key as they are shown and typed."""
    return code.split("-")
