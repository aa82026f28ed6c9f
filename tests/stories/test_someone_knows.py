"""Someone may know the passphrase: another one, with another key. Then everything is taken out as files to keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, companion, make_space

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]

NEW = "copper meadow nine lighthouses"


def test_another_key_shuts_the_old_words_out_and_all_can_be_taken_out(
    walk: Callable[..., Path], tmp_path: Path
) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    sheet = tmp_path / "old-key.txt"
    folder = make_space(data, "--recovery-key-to", str(sheet))
    assert companion(data, "vault", "backup", "--passphrase-stdin", stdin=PASSPHRASE + "\n").returncode == 0
    out.mkdir()
    old_key_file = (folder / "keys.json").read_bytes()
    walk(
        "someone-knows",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("press", "Settings"),
            ("press", "Privacy and lock"),
            ("press", "Change passphrase"),
            ("focus", "Passphrase now"),
            ("type", PASSPHRASE),
            ("tab_to", "New passphrase"),
            ("type", NEW),
            ("tab_to", "The same new words again"),
            ("type", NEW),
            # Unanswered, nothing is decided for the person.
            ("key", "Return"),
            ("reads", "Could someone else know the old one?"),
            ("shot", "01-asked"),
            ("click", "Yes, or not sure"),
            ("press", "Change passphrase"),
            ("wait", "Passphrase and key changed"),
            ("reads", "2 backups were locked anew."),
            ("reads", "This is your new recovery key."),
            ("shot", "02-changed"),
            # The new key is on the screen: locking takes it away, help does not wait for it.
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("key", "Escape"),
            ("wait", "Passphrase and key changed"),
            ("key", "ctrl+l"),
            ("focus", "Passphrase"),
            ("absent", "recovery key"),
            ("shot", "03-locked"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "That didn't open it"),
            ("key", "ctrl+a"),
            ("type", NEW),
            ("key", "Return"),
            ("wait", "Lock when I step away"),
            ("press", "Backup and export"),
            ("press", "Take notes out"),
            ("reads", "This file can be read by anyone. It is not encrypted."),
            ("shot", "04-take-out"),
            ("press", "Choose where"),
            ("sleep", "1"),
            ("type", str(out)),
            ("key", "Return"),
            ("reads", "1 note is out."),
            ("shot", "05-out"),
            ("press", "Keep it"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    [written] = out.rglob("*.md")
    assert "The kettle clicked off and nobody moved." in written.read_text()
    old = next(line.strip() for line in sheet.read_text().splitlines() if line.count("-") == 8)
    assert companion(data, "journal", "list", "--recovery-key-stdin", stdin=old + "\n").returncode == 3
    # Someone puts the key file of before back, as a copy in a synced folder might: it opens nothing.
    for name in ("keys.json", "keys.bak.json"):
        (folder / name).write_bytes(old_key_file)
    assert companion(data, "journal", "list", "--passphrase-stdin", stdin=PASSPHRASE + "\n").returncode in (3, 4)
