"""What comes from outside is bad: a disk that is full or locked, an archive that lies, a power cut in the middle."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from companion.core.clock import SystemClock
from companion.core.paths import Paths
from companion.journal.model import Content
from companion.services import build
from tests.stories.conftest import PASSPHRASE, Step
from tests.ui.app_kit import CHEAP

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]
OPEN: list[Step] = [
    ("focus", "Passphrase"),
    ("type", PASSPHRASE),
    ("key", "Return"),
    ("wait", "How are you right now?"),
]
SMALL_WINDOW = "xdotool search --name '^Notes$' windowsize %@ 640 480"


def make_space(data: Path) -> None:
    """A space with one note; its key derivation is cheap, because this is not about waiting for it."""
    made = build(Paths(data), cost=CHEAP)
    made.vault.create(PASSPHRASE)
    made.journal.add(Content(at=SystemClock().now(), text="The kettle clicked off and nobody moved."))
    made.vault.lock()


def all_words(data: Path) -> str:
    """Every note in the space, after a look at all of its parts."""
    found = build(Paths(data), cost=CHEAP)
    found.vault.unlock(PASSPHRASE)
    report, page = found.vault.check(), found.journal.page(None, None)
    found.vault.lock()
    assert report.ok
    return "\n".join(entry.title + entry.excerpt for entry in page.entries)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this system does not let us mount a small disk")
    yield place
    (tmp_path / "eating").unlink(missing_ok=True)
    if subprocess.run(["umount", str(place)], capture_output=True).returncode:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_words_on_a_full_disk_are_kept_through_lock_and_hide(
    walk: Callable[..., Path], disk: Path, tmp_path: Path
) -> None:
    data, eating = disk / "data", tmp_path / "eating"
    make_space(data)
    # Another program takes all the room there is, again and again.
    eat = f"touch {eating}; (while [ -e {eating} ]; do cat /dev/zero >>{disk}/hog; sleep 0.02; done) >/dev/null 2>&1 &"
    free = f"rm {eating}; sleep 0.3; rm {disk}/hog"
    walk(
        "full-disk",
        [
            ("start", ""),
            *OPEN,
            ("key", "ctrl+n"),
            ("focus", "Your words"),
            ("run", eat),
            ("sleep", "0.5"),
            ("type", "These words met a full disk."),
            ("reads", "There is no space left on this disk. Your words are still here."),
            ("shot", "01-full"),
            ("click", "Try again"),
            ("reads", "We could not save just now. Your words are still here."),
            ("key", "ctrl+l"),
            ("reads", "They are kept while this app runs"),
            ("absent", "met a full disk"),
            ("shot", "02-locked"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            # The disk is still full: one can read all the same, and hears where the words are.
            ("reads", "Your last words are not saved yet. There is no space left on this disk."),
            ("absent", "There is no entry"),
            ("shot", "03-still-full"),
            # Hide comes in any case, and the cover gives nothing away.
            ("key", "Escape Escape Escape"),
            ("sleep", "0.5"),
            ("raise_window", "Notes"),
            ("absent", "Your last words"),
            ("shot", "04-cover"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "Your last words are not saved yet."),
            # Closing would lose them: Space keeps them.
            ("key", "alt+F4"),
            ("focus", "Stay and keep them"),
            ("key", "space"),
            ("gone", "Stay and keep them"),
            ("run", free),
            ("key", "ctrl+a"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "These words met a full disk."),
            ("sleep", "0.5"),
            ("absent", "There is no entry"),
            ("shot", "05-back"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    assert "met a full disk" in all_words(data)


def test_a_disk_that_cannot_be_written_keeps_nobody_from_people_or_from_reading(
    walk: Callable[..., Path], disk: Path
) -> None:
    data = disk / "data"
    make_space(data)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    walk(
        "locked-disk",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            ("run", SMALL_WINDOW),
            *[("key", "ctrl+plus")] * 5,
            ("sleep", "0.5"),
            ("shot", "01-small-window-large-letters"),
            # Another country with the keyboard alone; it counts though it cannot be kept.
            ("tab_to", "Change country"),
            ("key", "space"),
            ("focus", "Type the name of a country"),
            ("type", "afghan"),
            ("key", "Return"),
            ("focus", "Copy findahelpline.com"),
            ("absent", "Something went wrong"),
            ("shot", "02-another-country"),
            ("key", "F1"),
            ("wait", "If a life is in danger now"),
            ("reads", "Afghanistan"),
            ("shot", "03-help"),
            ("key", "Escape"),
            ("key", "ctrl+0"),
            ("key", "shift+Tab shift+Tab shift+Tab shift+Tab"),
            *OPEN,
            ("reads", "The kettle clicked off and nobody moved."),
            ("key", "ctrl+n"),
            ("focus", "Your words"),
            ("type", "For later"),
            ("reads", "This disk can't be written just now. Your words are still here."),
            ("shot", "04-writing"),
            ("run", f"mount -o remount,rw {disk}"),
            ("key", "ctrl+l"),
            ("reads", "They are kept while this app runs"),
            *OPEN[:3],
            ("reads", "For later"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    assert "For later" in all_words(data)


def test_a_first_run_on_a_locked_disk_says_so_before_it_asks_for_a_passphrase(
    walk: Callable[..., Path], disk: Path
) -> None:
    data = disk / "data"
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    walk(
        "locked-disk-first-run",
        [
            ("start", ""),
            ("wait", "A private place for your own recovery. You can write, find what you wrote, and reach people."),
            ("press", "Continue"),
            ("wait", "Where are you?"),
            ("press", "Continue"),
            ("wait", "Look around first, or make it yours?"),
            ("press", "Set up my private space"),
            ("reads", "This place can't be written"),
            ("focus", "Choose another folder"),
            ("absent", "There is no reset"),
            ("shot", "01-told-before-the-passphrase"),
            ("key", "F1"),
            ("wait", "If a life is in danger now"),
            ("key", "Escape"),
            # The disk takes something again, but less than a space needs.
            ("run", f"mount -o remount,rw {disk}"),
            ("press", "Set up my private space"),
            ("reads", "about 20 MB is needed"),
            ("shot", "02-too-little-room"),
            ("run", f"mount -o remount,rw,size=64m {disk}"),
            ("press", "Set up my private space"),
            ("wait", "There is no reset"),
            ("focus", "Passphrase"),
            ("shot", "03-goes-on"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )


def notes(count: int, first: str, words: str = "Soup, and early to bed.") -> list[object]:
    return [
        {
            "uuid": f"{first}{n:031X}",
            "creationDate": f"20{10 + n % 15}-{1 + n % 12:02d}-{1 + n % 27:02d}T{n % 24:02d}:{n % 60:02d}:00Z",
            "timeZone": "Europe/London",
            "text": f"Page {n}\n\n{words}",
        }
        for n in range(count)
    ]


def archive(path: Path, entries: list[object], name: str = "Journal.json") -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, json.dumps({"metadata": {"version": "1.0"}, "entries": entries}))
    return str(path)


def choose(path: str) -> list[Step]:
    return [("click", "Choose a file"), ("wait", "File name:"), ("type", path), ("key", "Return")]


def test_journals_that_lie_are_half_broken_or_cut_off_by_a_power_cut(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_space(data)
    hostile = archive(tmp_path / "hostile.zip", notes(1, "C"), "../../../etc/Journal.json")
    broken = notes(12, "A")
    broken[1] = {"uuid": "B" * 32, "text": "no date"}
    good = archive(tmp_path / "export.zip", [*broken, broken[0]])
    large = archive(tmp_path / "large.zip", notes(5_000, "D", "Rain, and a long walk."))
    walk(
        "bring-in",
        [
            ("start", ""),
            *OPEN,
            ("key", "alt+2"),
            ("click", "Bring in a journal"),
            *choose(hostile),
            ("reads", "This file looks built to do harm, so it was not opened. Nothing was changed."),
            ("absent", "etc/"),
            ("shot", "01-hostile"),
            *choose(good),
            ("focus", "Bring in 11 notes"),
            ("reads", "Note 2 of Journal.json:"),
            ("shot", "02-look-first"),
            ("key", "space"),
            ("wait", "11 notes are in."),
            ("shot", "03-in"),
            ("click", "Take it all back"),
            ("wait", "11 notes were taken back."),
            ("click", "See my notes"),
            ("click", "Bring in a journal"),
            *choose(good),
            ("focus", "Bring in 11 notes"),
            ("key", "space"),
            ("wait", "11 notes are in."),
            ("click", "See my notes"),
            ("click", "Bring in a journal"),
            # The same again adds nothing.
            *choose(good),
            ("focus", "Choose another file"),
            ("reads", "12 notes are already here."),
            ("shot", "04-all-here"),
            ("key", "space"),
            *choose(large),
            ("focus", "Bring in 5,000 notes"),
            ("key", "space"),
            ("focus", "Stop"),
            ("wait", "of 5,000 notes"),
            ("shot", "05-coming-in"),
            ("key", "space"),
            ("reads", "Stopped. Nothing was added."),
            *choose(large),
            ("focus", "Bring in 5,000 notes"),
            ("key", "space"),
            ("wait", "of 5,000 notes"),
            # The power goes.
            ("kill", ""),
            ("start", ""),
            *OPEN,
            ("key", "ctrl+k"),
            ("focus", "Words to find"),
            ("type", "soup"),
            ("wait", "11 notes found"),  # of the small one, and none of the large one
            ("shot", "06-after-the-power-cut"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    words = all_words(data)
    assert words.count("Soup") == 11
    assert "Rain" not in words
