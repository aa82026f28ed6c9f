"""Someone opens Companion for the first time, at night, with the keyboard alone.

They see whom they could call, make a private space, bring in the journal they
have, find an old entry, write a new one; the computer dies in the middle of it;
they come back, lock, hide, and close, knowing that nobody else can read it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, ROOT

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]
WORDS = "Tonight I wrote this down and it helped a little"


def export(folder: Path) -> Path:
    """A small Day One export with an entry to find again."""
    texts = [f"Day number {n}\n\nAn ordinary day." for n in range(30)]
    texts[7] = "The heron by the weir\n\nIt stood so still that I stood still too."
    entries = [
        {
            "uuid": f"{n:032X}",
            "creationDate": f"2025-03-{n + 1:02d}T19:30:00Z",
            "timeZone": "Europe/London",
            "text": text,
            "tags": ["evening"],
        }
        for n, text in enumerate(texts)
    ]
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Journal.json", json.dumps({"metadata": {"version": "1.0"}, "entries": entries}))
    return path


def test_first_night(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    journal = export(tmp_path)
    walk(
        "first-night",
        [
            ("start", ""),
            ("wait", "A private place for your own recovery. You can write, find what you wrote, and reach people."),
            ("title", "Notes"),
            ("shot", "01-hello"),
            # Help before anything else: one key, a number, one key back.
            ("key", "F1"),
            ("wait", "Samaritans"),
            ("shot", "02-help-before-setup"),
            ("key", "Escape"),
            ("gone", "Samaritans"),
            ("press", "Continue"),
            ("wait", "Where are you?"),
            ("shot", "03-where"),
            ("press", "Continue"),
            ("wait", "Look around first, or make it yours?"),
            ("press", "Set up my private space"),
            ("wait", "Your passphrase"),
            ("tab_to", "Passphrase"),
            ("type", PASSPHRASE),
            ("tab_to", "The same words again"),
            ("type", PASSPHRASE),
            ("shot", "04-passphrase"),
            ("key", "Return"),
            ("wait", "A recovery key"),
            ("press", "Not now"),
            ("wait", "Who else uses this computer?"),
            ("press", "Only me"),
            ("wait", "One thing, if you like"),
            ("shot", "05-one-thing"),
            ("press", "Bring in a journal"),
            ("wait", "Bring in a journal you already have"),
            ("press", "Choose a file"),
            ("sleep", "1"),
            ("type", str(journal)),
            ("key", "Return"),
            ("wait", "Bring in 30 notes"),
            ("shot", "06-look-first"),
            ("press", "Bring in 30 notes"),
            ("wait", "30 notes are in."),
            ("press", "See my notes"),
            ("shot", "07-timeline"),
            ("key", "ctrl+k"),
            ("focus", "Words to find"),
            ("type", "heron"),
            ("wait", "1 note found"),
            ("key", "Return"),
            ("reads", "It stood so still that I stood still too."),
            ("shot", "08-found"),
            ("key", "ctrl+n"),
            ("focus", "Your words"),
            ("type", WORDS),
            ("wait", "Only you can read this."),
            ("shot", "09-saved"),
            # The worst moment: the power goes.
            ("kill", ""),
            ("start", ""),
            ("focus", "Passphrase"),
            ("absent", WORDS),
            ("type", "not the right words"),
            ("key", "Return"),
            ("wait", "That didn't open it. Check Caps Lock and try again. There is no limit."),
            ("shot", "10-wrong-passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("key", "alt+2"),
            ("reads", WORDS),
            ("shot", "11-words-are-back"),
            ("press", "Done"),
            ("reads", WORDS),
            # Lock: nothing is left to read, help is.
            ("key", "ctrl+l"),
            ("focus", "Passphrase"),
            ("absent", WORDS),
            ("absent", "heron"),
            ("key", "F1"),
            ("wait", "Samaritans"),
            ("key", "Escape"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", WORDS),
            # Hide, and back.
            ("key", "F9"),
            ("sleep", "1"),
            ("raise_window", "Notes"),
            ("shot", "12-cover"),
            ("absent", WORDS),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", WORDS),
            ("shot", "13-back-again"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    vaults = list((data / "vaults").glob("*.vault"))
    assert len(vaults) == 1
    for path in data.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert b"heron" not in raw, path
            assert WORDS.encode() not in raw, path
    checked = subprocess.run(
        [sys.executable, "-m", "companion", "--data-dir", str(data), "vault", "check", "--passphrase-stdin", "--json"],
        input=PASSPHRASE + "\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    report = json.loads(checked.stdout)
    assert report["ok"], report
    assert report["entries"] == 31
