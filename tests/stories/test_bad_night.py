"""The worst night: a damaged file, a second start, a dialog in the way. Help is there all the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, companion, make_space

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]

SESSION_LOCKS = (
    "dbus-send --session --type=signal /org/freedesktop/ScreenSaver"
    " org.freedesktop.ScreenSaver.ActiveChanged boolean:true"
)


def test_a_damaged_space_is_called_damaged_and_help_is_one_key_away(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = make_space(data)
    assert companion(data, "vault", "backup", "--passphrase-stdin", stdin=PASSPHRASE + "\n").returncode == 0
    database = folder / "vault.db"
    raw = bytearray(database.read_bytes())
    raw[16:2000] = bytes(1984)
    database.write_bytes(raw)
    before = database.read_bytes()
    walk(
        "damaged",
        [
            ("start", ""),
            ("wait", "Samaritans"),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "damaged"),
            ("shot", "01-damaged"),
            ("absent", "That didn't open it"),
            ("key", "F1"),
            ("wait", "Close"),
            ("wait", "Emergency services"),
            ("shot", "02-help"),
            ("key", "Escape"),
            # Its backup is one button away, and what was there is kept.
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("tab_to", "Open the backup"),
            ("key", "space"),
            ("wait", "How are you right now?"),
            ("reads", "1 note is back. What was there before is kept aside."),
            ("shot", "03-back"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    [kept] = data.rglob("quarantine/*/vault.db")
    assert kept.read_bytes() == before, "the damaged file was touched"


def test_help_alone_over_dialogs_and_through_a_second_start(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_space(data)
    again = f"{sys.executable} -m companion --data-dir {data} help-now"
    walk(
        "help-everywhere",
        [
            ("start", "help-now"),
            ("wait", "Emergency services"),
            ("shot", "01-help-alone"),
            ("key", "Escape"),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("key", "alt+2"),
            ("press", "Bring in a journal"),
            ("press", "Choose a file"),
            ("sleep", "1"),
            # A file dialog is open and modal: F1 still brings people.
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("shot", "02-help-over-a-dialog"),
            ("key", "Escape"),
            ("gone", "Emergency services"),
            # The desktop locks its session: so do we, and help stays a key away.
            ("run", SESSION_LOCKS),
            ("focus", "Passphrase"),
            ("absent", "kettle"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "Bring in a journal"),
            # A second start does not open a second window: it brings help in this one.
            ("run", again),
            ("wait", "Emergency services"),
            ("shot", "03-second-start"),
            # Escape three times hides.
            ("key", "Escape Escape Escape"),
            ("title", "Notes"),
            ("sleep", "1"),
            ("absent", "kettle"),
            ("raise_window", "Notes"),
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("shot", "04-help-over-the-cover"),
        ],
        data=data,
    )


def test_the_demo_is_an_invented_year_and_leaves_nothing(walk: Callable[..., Path], tmp_path: Path) -> None:
    walk(
        "demo",
        [
            ("start", "demo"),
            ("wait", "Sam"),
            ("shot", "01-today"),
            ("key", "alt+2"),
            ("tab_to", "Write"),
            ("key", "Right"),
            ("reads", "The walk I nearly"),
            ("shot", "02-timeline"),
            ("key", "ctrl+l"),
            ("wait", "Demo: an invented person."),
            ("shot", "03-locked"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
    )
    assert not (tmp_path / "data" / "vaults").exists()


def test_a_space_on_another_disk_is_found_again_by_its_folder(walk: Callable[..., Path], tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    stick.mkdir()
    folder = make_space(data)
    folder.rename(stick / folder.name)
    (data / "settings.json").unlink(missing_ok=True)
    walk(
        "found-again",
        [
            ("start", ""),
            ("tab_to", "I have a space already"),
            ("shot", "01-hello"),
            ("key", "space"),
            ("sleep", "1"),
            ("type", str(stick)),
            ("shot", "02-where"),
            ("key", "Return"),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("shot", "03-back"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
