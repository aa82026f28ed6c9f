"""What campaigns stand on: journals made from a seed, in real vaults with a cheap key derivation."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.core.clock import SystemClock
from companion.journal.model import Content, Energy, Mood
from companion.journal.service import JournalService
from companion.vault.header import Cost
from companion.vault.vault import Vault

CHEAP = Cost(8192, 1, 1)
PASSPHRASE = "slow tea by the window"
SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "xa", "ye", "zi")
_FIRST_DAY = datetime(2025, 1, 1, 8, 0, tzinfo=UTC)
BALLAST = "ballast"


def chance(name: str, seed: int, number: object = "") -> random.Random:
    """The random numbers of one round: the same for the same names."""
    return random.Random(f"{name}:{seed}:{number}")


def word(rnd: random.Random) -> str:
    """A word of no language."""
    return "".join(rnd.choice(SYLLABLES) for _ in range(rnd.randint(2, 4)))


def words(rnd: random.Random, count: int) -> str:
    """So many of them, in short paragraphs."""
    found = [word(rnd) + ("\n\n" if n % 40 == 39 else "") for n in range(count)]
    return " ".join(found)


def content(rnd: random.Random, count: int | None = None) -> Content:
    """Something a person could have written: mostly short, now and then over many pages of the file."""
    count = rnd.choice((3, 20, 60, 60, 200, 900)) if count is None else count
    return Content(
        at=_FIRST_DAY + timedelta(minutes=rnd.randrange(500_000)),
        title=words(rnd, rnd.randint(0, 4)).title(),
        text=words(rnd, count),
        mood=rnd.choice((None, *Mood)),
        energy=rnd.choice((None, *Energy)),
        tags=tuple(word(rnd) for _ in range(rnd.randint(0, 3))),
        people=tuple(word(rnd) for _ in range(rnd.randint(0, 1))),
        heavy=rnd.random() < 0.1,
    )


def vault_at(folder: Path) -> Vault:
    """A vault object whose new slots are cheap; everything else about it is the product's."""
    return Vault(folder, SystemClock(), cost=CHEAP)


@contextmanager
def opened(folder: Path, passphrase: str = PASSPHRASE) -> Iterator[tuple[Vault, JournalService]]:
    """The vault, unlocked and tidied as the window does it, and its journal."""
    vault = vault_at(folder)
    vault.unlock(passphrase)
    try:
        journal = JournalService(vault, SystemClock())
        journal.after_unlock()
        yield vault, journal
    finally:
        vault.lock()


def make_journal(folder: Path, rnd: random.Random, entries: int, *, files: int = 0) -> None:
    """A vault with so many entries, some edited and some deleted, and so many attached files brought in."""
    vault = vault_at(folder)
    vault.create(PASSPHRASE)
    try:
        journal = JournalService(vault, SystemClock())
        ids = journal.add_many([content(rnd) for _ in range(entries)])
        for entry_id in ids[::5]:
            journal.save(entry_id, content(rnd))
        for entry_id in ids[::11]:
            journal.delete(entry_id)
        if files:
            export = day_one(folder.with_suffix(".zip"), rnd, files, files)
            journal.importing.bring_in(export)
            export.unlink()
    finally:
        vault.lock()


def day_one(path: Path, rnd: random.Random, entries: int, files: int) -> Path:
    """Another journal's export: a zip with entries, the first ones with a picture each."""
    pictures = [rnd.randbytes(rnd.choice((900, 20_000, 70_000))) for _ in range(files)]
    made = []
    for number in range(entries):
        entry: dict[str, object] = {
            "uuid": f"{rnd.getrandbits(128):032X}",
            "creationDate": (_FIRST_DAY + timedelta(minutes=rnd.randrange(500_000))).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "timeZone": "Europe/London",
            "text": words(rnd, rnd.choice((5, 60, 300))),
            "tags": [word(rnd)],
        }
        if number < files:
            digest = hashlib.md5(pictures[number], usedforsecurity=False).hexdigest()
            entry["photos"] = [{"identifier": f"{number:032X}", "md5": digest, "type": "jpeg"}]
        made.append(entry)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Journal.json", json.dumps({"metadata": {"version": "1.0"}, "entries": made}))
        for picture in pictures:
            digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()
            archive.writestr(f"photos/{digest}.jpeg", picture)
    return path


def copy_of(folder: Path, target: Path, *, ballast: bool = False) -> Path:
    """The vault's files as they lie there; the ballast only where it matters."""
    leave_out = None if ballast else shutil.ignore_patterns(BALLAST)
    return Path(shutil.copytree(folder, target, ignore=leave_out))
