"""Two ways with a backup: back to how it was before a note went, and over to a new computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, companion, make_space

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]

GONE = "The words that were lost."
STDIN = PASSPHRASE + "\n"
TO_BACKUPS = [
    ("press", "Settings"),
    ("press", "Backup and export"),
]


def test_a_backup_is_tested_and_brought_back_and_what_was_there_is_kept(
    walk: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    folder = make_space(data)
    added = companion(data, "journal", "add", "--passphrase-stdin", "--json", stdin=f"{STDIN}{GONE}\n")
    assert companion(data, "vault", "backup", "--passphrase-stdin", stdin=STDIN).returncode == 0
    gone = added.stdout.split('"id": "')[1].split('"')[0]
    assert companion(data, "journal", "delete", gone, "--passphrase-stdin", stdin=STDIN).returncode == 0
    walk(
        "brought-back",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("absent", GONE),
            *TO_BACKUPS,
            ("wait", "Make a backup now"),
            ("shot", "01-page"),
            ("press", "Test or bring back backup 1"),
            ("press", "Test this backup"),
            ("reads", "This backup opens. 2 notes"),
            ("shot", "02-tested"),
            # Nothing is changed yet, and people are one key away over the sheet.
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("key", "Escape"),
            ("gone", "Emergency services"),
            ("press", "Bring it back"),
            ("focus", "Passphrase of this backup"),
            ("type", "not this one at all"),
            ("key", "Return"),
            ("reads", "Wrong passphrase for this backup. It may use an older one."),
            ("key", "ctrl+a"),
            ("type", PASSPHRASE),
            ("shot", "03-before"),
            ("key", "Return"),
            ("reads", "2 notes are back. What was there before is kept aside."),
            ("shot", "04-back"),
            ("key", "alt+2"),
            ("click", "Timeline"),
            ("reads", GONE),
            ("shot", "05-there"),
            ("kill", ""),
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("key", "alt+2"),
            ("click", "Timeline"),
            ("reads", GONE),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    [kept] = folder.glob("quarantine/*/vault.db")
    assert kept.stat().st_size, "what was there before is not kept"
    checked = companion(data, "vault", "check", "--passphrase-stdin", stdin=STDIN)
    assert checked.returncode == 0, checked.stderr


def test_a_space_moves_to_a_new_computer_with_one_file_on_a_stick(walk: Callable[..., Path], tmp_path: Path) -> None:
    old, new, stick = tmp_path / "data", tmp_path / "new-computer", tmp_path / "stick"
    make_space(old)
    stick.mkdir()
    walk(
        "moved-from",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            *TO_BACKUPS,
            ("press", "Move to a new computer"),
            ("wait", "1. Make one backup file on a stick"),
            ("shot", "01-steps"),
            ("press", "Make it now"),
            ("sleep", "1"),
            ("type", str(stick)),
            ("key", "Return"),
            ("reads", "Backup done. 1 note"),
            ("shot", "02-made"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=old,
    )
    [file] = stick.glob("*.vbak")
    before = file.read_bytes()
    walk(
        "moved-to",
        [
            ("start", ""),
            ("press", "I have a backup file"),
            ("press", "Choose the file"),
            ("sleep", "1"),
            ("type", str(file)),
            ("key", "Return"),
            ("focus", "Passphrase of this backup"),
            ("shot", "01-file"),
            ("type", "not this one at all"),
            ("key", "Return"),
            ("reads", "Wrong passphrase for this backup."),
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("key", "Escape"),
            ("focus", "Passphrase of this backup"),
            ("key", "ctrl+a"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "1 note"),
            ("shot", "02-inside"),
            ("press", "Bring it here"),
            ("wait", "How are you right now?"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("shot", "03-here"),
            ("kill", ""),
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "The kettle clicked off and nobody moved."),
        ],
        data=new,
    )
    assert file.read_bytes() == before, "the file on the stick was changed"
