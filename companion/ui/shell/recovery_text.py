"""The recovery key as a plain text file: the key, what it opens, and how to use it years later."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from companion.core.files import write_atomic
from companion.core.i18n import _
from companion.ui.messages import day_words

FILE_NAME = "notes-key"  # says nothing about what the notes are


class Part(NamedTuple):
    """One paragraph of the sheet; kinds: title, key, words, head, end."""

    kind: str
    words: str


def recovery_parts(code: str, made_on: date, vault: Path | None) -> list[Part]:
    """Everything someone needs who finds the sheet again, in plain words."""
    folder = str(vault) if vault else _("the folder shown in Settings under Where are my files")
    return [
        Part("title", _("A key for private notes, made on {day}").format(day=day_words(made_on, None))),
        Part("key", code),
        Part("words", _("Who has this key and your files can read your notes.")),
        Part("words", _("Keep it away from the computer: on a USB stick, or on paper.")),
        Part("head", _("If you forget your passphrase")),
        Part("words", _("1. Open Companion and press: I forgot my passphrase")),
        Part("words", _("2. Type the key above. Small letters and spaces are fine.")),
        Part("words", _("3. Choose a new passphrase.")),
        Part("head", _("What to keep together with it")),
        Part("words", _("- A backup file. Its name ends in .vbak. Settings, Backup and export, makes one.")),
        Part("words", _("- Or this whole folder: {folder}").format(folder=folder)),
        Part("words", _("The key opens nothing without one of these.")),
        Part(
            "end", _("A newer recovery key, or a wiped space, makes this one useless. A new passphrase alone does not.")
        ),
    ]


def recovery_text(code: str, made_on: date, vault: Path | None) -> str:
    """The sheet as plain text."""
    lines: list[str] = []
    for part in recovery_parts(code, made_on, vault):
        if (lines and part.kind != "words") or lines[-1:] == [code]:
            lines.append("")
        lines.append(part.words)
    return "\n".join(lines) + "\n"


def save_recovery_text(path: Path, text: str) -> None:
    """Write the file, readable by this account only where the disk knows accounts. Raises StorageTrouble."""
    write_atomic(path, text.encode())


def groups_of(code: str) -> list[str]:
    """The groups of a key as they are shown and typed."""
    return code.split("-")
