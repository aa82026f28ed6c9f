"""A session of the real window on a screen of its own, every write traced; afterwards no word of it may be anywhere.

Private home, message bus and temporary folder; keys come from outside, as from a person. Searched: every call of the
process tree that hands bytes or names to the system, every file below its home and temporary folder, what it printed,
the messages on its bus, and the titles and properties of its windows. The accessibility bus is off here: it exists to
carry words. A word that is planted in the home and one that is written under the same trace are the control.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from campaigns import ground, memory
from campaigns.children import ROOT
from campaigns.outcome import Outcome, Size, Tally
from companion.core.clock import SystemClock
from companion.journal.service import JournalService

NAME = "canary"
PASSES = "0 places outside the encrypted files with a word that was written, read, searched or typed; controls found"
SESSIONS = {"small": 1, "gate": 1, "release": 3}
CALLS = (
    "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,open,openat,creat,rename,renameat,renameat2,"
    "link,linkat,symlink,mkdir,mkdirat,setxattr,execve"
)
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
    return tally.outcome(locales=["en"])


def forms(word: str) -> list[bytes]:
    """The word as it could be written."""
    import base64

    plain = [kind(word) for kind in (str.lower, str.upper, str.title)]
    found = [text.encode(codec) for text in plain for codec in ("utf-8", "utf-16-le", "utf-16-be")]
    # In base64 a word looks different at each of three places; its middle does not change with what surrounds it.
    found += [base64.b64encode(b"x" * shift + word.encode())[4:-4] for shift in range(3)]
    return found


# --- the judge ---------------------------------------------------------------


def leaks_in_files(folder: Path, word: str) -> Iterator[str]:
    """Files below the folder, and names, that show the word; the trace is not one of the program's files."""
    wanted = forms(word)
    for path in sorted(folder.rglob("*")):
        if any(form in os.fsencode(path.name) for form in wanted):
            yield "a name in " + path.parent.name
        if path.is_file() and not path.is_symlink() and any(form in path.read_bytes() for form in wanted):
            yield f"file {path.relative_to(folder)}"


def leaks_in_trace(trace: Path, word: str) -> Iterator[str]:
    """Calls that handed the word to the system."""
    wanted = ["".join(f"\\x{byte:02x}" for byte in form) for form in forms(word)]
    with trace.open(errors="replace") as lines:
        for line in lines:
            if any(form in line for form in wanted):
                yield "call " + line.split("(", 1)[0].split()[-1]


# --- a session ---------------------------------------------------------------


def _session(place: Path, rnd: random.Random, where: str, tally: Tally) -> None:
    word = "".join(rnd.choice("bcdfghjklmnpqrstvwxz") for _ in range(16))
    secret = " ".join("".join(rnd.choice("bcdfghjklmnprst") for _ in range(7)) for _ in range(4))
    home, temporary, out = place / "home", place / "tmp", place / "out"
    for folder in (home, temporary, out):
        folder.mkdir(parents=True)
    data = memory.space(home / ".local" / "share" / "companion", rnd, word, secret)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "XDG_", "DBUS_", "WAYLAND"))}
    environment |= {"HOME": str(home), "TMPDIR": str(temporary), "COMPANION_DATA_DIR": str(data)}
    environment |= {"QT_QPA_PLATFORM": "xcb", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    program = [sys.executable, str(Path(__file__).with_name("canary_session.py")), str(out), word, secret]
    ended = subprocess.run(
        ["dbus-run-session", "--", *program], cwd=ROOT, env=environment, capture_output=True, timeout=240, check=False
    )
    tally.tried()
    if ended.returncode:
        tally.fault(where, [ended.stderr.decode(errors="replace").strip().splitlines()[-1][:200] or "ended badly"])
        return
    if not _was_written(data, secret, f"{word} typed tonight"):
        tally.fault(where, ["what was typed is not in the space, so nothing was tried"])
    tally.note("traced calls", sum(1 for _ in (out / "trace").open(errors="replace")))
    tally.fault(where, leaks_in_trace(out / "trace", word))
    tally.fault(where, leaks_in_files(home, word))
    tally.fault(where, leaks_in_files(temporary, word))
    for name in ("output", "bus", "properties"):
        if (out / name).exists() and any(form in (out / name).read_bytes() for form in forms(word)):
            tally.fault(where, [name])
    _control(place, out, home, word, where, tally)


def _was_written(data: Path, secret: str, words: str) -> bool:
    """Whether the keys reached the window: the note is there, as a draft or done."""
    vault = ground.vault_at(next((data / "vaults").glob("*.vault")))
    vault.unlock(secret)
    try:
        journal = JournalService(vault, SystemClock())
        texts = [draft.content.text for draft in journal.drafts()]
        texts += [journal.entry(one.id).content.text for one in journal.page(limit=3).entries]
        return words in texts
    finally:
        vault.lock()


def _control(place: Path, out: Path, home: Path, word: str, where: str, tally: Tally) -> None:
    (home / "planted").write_text(word)
    subprocess.run(
        [
            "strace",
            "-f",
            "-xx",
            "-s",
            "70000",
            "-e",
            f"trace={CALLS}",
            "-o",
            str(out / "planted-trace"),
            "tee",
            "/dev/null",
        ],
        input=word.encode(),
        stdout=subprocess.DEVNULL,
        cwd=place,
        check=False,
    )
    found = [*leaks_in_files(home, word), *leaks_in_trace(out / "planted-trace", word)]
    if len(found) < 2:
        tally.fault(where, ["what was planted was not found, so this search finds nothing"])
