"""A session of the real window on a screen of its own, every write traced; afterwards no word of it may be anywhere.

Private home, message bus and temporary folder; keys come from outside, as from a person. Searched: every call of the
process tree that hands bytes or names to the system, every file below its home (settings, recent files and thumbnails
too) and temporary folder, on the stick, what it printed, the messages on its bus, the titles and properties of its
windows, and the system's journal where there is one. Words, passphrases and recovery keys must be nowhere; only what a
person takes out into a folder of their own is there. The accessibility bus is off here: it exists to carry words. A
word that is planted in the home and one that is written under the same trace are the control.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from campaigns import ground, memory
from campaigns.canary_leaks import (
    all_forms,
    began,
    key_words,
    leaks_in_files,
    leaks_in_trace,
    leaks_outside,
)
from campaigns.children import ROOT
from campaigns.outcome import Outcome, Size, Tally
from companion.core.clock import SystemClock
from companion.journal.service import JournalService

NAME = "canary"
PASSES = "0 places outside the encrypted files with a word, a passphrase or a recovery key; controls found"
SESSIONS = {"small": 1, "gate": 1, "release": 3}
CALLS = (
    "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,open,openat,creat,rename,renameat,renameat2,"
    "link,linkat,symlink,mkdir,mkdirat,setxattr,execve"
)
TRACED = ("strace", "-f", "-y", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o")
NEEDED = ("strace", "Xvfb", "xdotool", "openbox", "dbus-run-session", "dbus-monitor", "xprop")
OPTIONAL = {"xprop", "dbus-monitor"}
# After each pair of keys and words some time; "{word}" is the word, "{secret}" the passphrase.
STEPS: tuple[tuple[str, str, float], ...] = (
    ("type", "{secret}", 0.2),
    ("key", "Return", 2.5),
    ("key", "alt+2", 0.6),
    ("key", "ctrl+n", 0.6),
    ("type", "{word} typed tonight", 3.0),
    ("key", "ctrl+a", 0.2),
    ("key", "ctrl+c", 0.4),
    ("key", "ctrl+f", 0.6),
    ("type", "{word}", 0.2),
    ("key", "Return", 1.2),
    ("key", "F1", 1.0),
    ("key", "Escape", 0.4),
    ("key", "alt+1", 0.8),
    ("key", "ctrl+comma", 1.0),
    ("key", "ctrl+l", 1.5),
    ("type", "{secret}", 0.2),
    ("key", "Return", 2.0),
    ("key", "F9", 1.5),
)


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Sessions one after the other; English only, because no other language of the window exists yet."""
    tally = Tally(NAME, seed, PASSES)
    missing = [tool for tool in NEEDED if tool not in OPTIONAL and shutil.which(tool) is None]
    if size == "small":
        return tally.not_run("a session takes half a minute; tests/test_privacy.py traces a shorter one")
    if sys.platform != "linux" or missing:
        return tally.not_run(f"needs Linux and {', '.join(missing) or 'its tools'}")
    for number in range(SESSIONS[size]):
        _session(place / str(number), ground.chance(NAME, seed, number), f"session {number}", tally)
    return tally.outcome(locales=["en"], locales_shipped=1)


# --- a session ---------------------------------------------------------------


def _session(place: Path, rnd: random.Random, where: str, tally: Tally) -> None:
    word = _letters(rnd, 16, "bcdfghjklmnpqrstvwxz")
    greek = _letters(rnd, 10, "βγδζθκλμνξπρτφχψ")
    secret, later = (" ".join(_letters(rnd, 7, "bcdfghjklmnprst") for _ in range(4)) for _ in range(2))
    home, temporary, out, theirs = place / "home", place / "tmp", place / "out", place / "theirs"
    for folder in (home, temporary, out, theirs):
        folder.mkdir(parents=True)
    since = began(SystemClock().now())
    data = memory.space(home / ".local" / "share" / "companion", rnd, word, secret)
    another_journal(theirs / f"{word}.zip", rnd, f"{word} {greek}")
    ended = _walk(place, data, word, secret, later)
    tally.tried()
    if ended:
        tally.fault(where, [ended])
        return
    keys = _keys(out / "said")
    tally.fault(where, _not_tried(data, theirs, (f"{word} typed tonight", f"{word} written here"), later, keys))
    words = [word, greek, secret, later, *secret.split(), *later.split()]
    words += [part for key in keys for part in key_words(key)]
    for trace in ("trace", "deeds"):
        tally.note("traced calls", sum(1 for _ in (out / trace).open(errors="replace")))
        tally.fault(where, leaks_in_trace(out / trace, words, theirs))
    for folder in (home, temporary, place / "stick"):
        tally.fault(where, leaks_in_files(folder, words))
    wanted = all_forms(words)
    for name in ("output", "said", "errors", "bus", "properties"):
        if (out / name).exists() and any(form in (out / name).read_bytes() for form in wanted):
            tally.fault(where, [name])
    tally.fault(where, leaks_outside(since, words))
    _control(place, out, home, word, where, tally)


def _walk(place: Path, data: Path, word: str, secret: str, later: str) -> str:
    """Let a session go its way; "" or what kept it from its end."""
    out = place / "out"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "XDG_", "DBUS_", "WAYLAND"))}
    environment |= {"HOME": str(place / "home"), "TMPDIR": str(place / "tmp"), "COMPANION_DATA_DIR": str(data)}
    environment |= {"QT_QPA_PLATFORM": "xcb", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    program = [sys.executable, str(Path(__file__).with_name("canary_session.py")), str(out), word, secret, later]
    ended = subprocess.run(
        ["dbus-run-session", "--", *program], cwd=ROOT, env=environment, capture_output=True, timeout=400, check=False
    )
    said = ended.stderr.decode(errors="replace").strip().splitlines()
    return (said or ["ended badly"])[-1][:200] if ended.returncode else ""


def _letters(rnd: random.Random, count: int, letters: str) -> str:
    return "".join(rnd.choice(letters) for _ in range(count))


def another_journal(path: Path, rnd: random.Random, words: str) -> None:
    """Another journal with the words in each note, its tags and its pictures; two notes cannot be taken."""
    pictures = [words.encode(codec) + rnd.randbytes(3000) for codec in ("utf-8", "utf-16-le")]
    digests = [hashlib.md5(picture, usedforsecurity=False).hexdigest() for picture in pictures]
    notes: list[dict[str, object]] = [
        {
            "uuid": f"{rnd.getrandbits(128):032X}",
            "creationDate": f"2025-03-{number + 1:02d}T08:00:00Z",
            "timeZone": "Europe/London",
            "text": f"{words}\n\n{ground.words(rnd, 40)} {words}",
            "tags": [words],
            "photos": [{"identifier": f"{number:032X}", "md5": digest, "type": "jpeg"}],
        }
        for number, digest in enumerate(digests)
    ]
    notes += [{"uuid": f"{rnd.getrandbits(128):032X}", "text": words}, {"creationDate": words, "text": words}]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("Journal.json", json.dumps({"metadata": {"version": "1.0"}, "entries": notes}))
        for picture, digest in zip(pictures, digests, strict=True):
            archive.writestr(f"photos/{digest}.jpeg", picture)


def _keys(said: Path) -> list[str]:
    """The recovery keys that were given, spelled as the deeds spell."""
    lines = [line for line in said.read_text(errors="replace").splitlines() if line.startswith("key ")]
    return ["".join(chr(ord(letter) - 1) for letter in line.removeprefix("key ")) for line in lines]


def _not_tried(data: Path, theirs: Path, words: tuple[str, ...], secret: str, keys: list[str]) -> list[str]:
    """What shows that nothing was tried: the last space opens with the last secret and holds what was typed."""
    newest = max((data / "vaults").glob("*.vault"), key=lambda folder: (folder / "vault.db").stat().st_mtime)
    vault = ground.vault_at(newest)
    vault.unlock(secret)
    try:
        journal = JournalService(vault, SystemClock())
        texts = {draft.content.text for draft in journal.drafts()}
        texts |= {journal.entry(one.id).content.text for one in journal.page(limit=8).entries}
        texts |= {one.excerpt for one in journal.deleted(limit=8).entries}
    finally:
        vault.lock()
    missing = [f"{number}. text is not in the space" for number, one in enumerate(words, start=1) if one not in texts]
    if len(keys) != 2 or not list(theirs.rglob("*.md")) or not list(theirs.glob("key.*")):
        missing.append("the export, the sheet or a recovery key is not there")
    return [f"{one}, so nothing was tried" for one in missing]


def _control(place: Path, out: Path, home: Path, word: str, where: str, tally: Tally) -> None:
    (home / "planted").write_text(word)
    subprocess.run(
        [*TRACED, str(out / "planted-trace"), "tee", "/dev/null"],
        input=word.encode(),
        stdout=subprocess.DEVNULL,
        cwd=place,
        check=False,
    )
    found = [*leaks_in_files(home, [word]), *leaks_in_trace(out / "planted-trace", [word], place / "theirs")]
    if len(found) < 2:
        tally.fault(where, ["what was planted was not found, so this search finds nothing"])
