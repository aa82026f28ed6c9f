"""Searches the memory of the real window for what was read and written in it, after Lock, Hide and a new start.

Each run goes once with glibc's cache of small pieces off, as after a new start of the strict lock, where nothing may be
left, and once as it starts else, where a piece can be used again before it is overwritten: that is only counted. So are
the copies of the passphrase: Python and Qt cannot overwrite the words that were typed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from campaigns import ground
from campaigns.children import ROOT
from campaigns.memory_scan import count, forms
from campaigns.outcome import Outcome, Size, Tally
from companion.core.afresh import NO_CACHE
from companion.core.clock import SystemClock
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile
from companion.journal.service import JournalService
from companion.vault.vault import Vault

NAME = "memory"
PASSES = "0 copies of entry words after a new start; after Lock and Hide 0 where glibc keeps no small pieces back"
RUNS = {"small": 1, "gate": 3, "release": 20}
ENTRIES = 200
STRICT, PLAIN = "strict", "plain"


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Each run with words and a space of its own."""
    tally = Tally(NAME, seed, PASSES)
    if sys.platform != "linux":
        return tally.not_run("only Linux lets the memory of a process be read as a file")
    for number in range(RUNS[size]):
        for kind in (STRICT, PLAIN) if size != "small" else (STRICT,):
            _one(place / f"{number} {kind}", ground.chance(NAME, seed, number), f"run {number} {kind}", tally)
    return tally.outcome(entries=ENTRIES)


def _one(place: Path, rnd: random.Random, where: str, tally: Tally) -> None:
    word = "".join(rnd.choice("bcdfghjklmnpqrstvwxz") for _ in range(14))
    passphrase = " ".join("".join(rnd.choice("bcdfghjklmnprst") for _ in range(6)) for _ in range(4))
    data = space(place, rnd, word, passphrase)
    with subprocess.Popen(
        [sys.executable, "-m", "campaigns.memory_window", str(data)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | ({"GLIBC_TUNABLES": NO_CACHE} if where.endswith(STRICT) else {}),
    ) as child:
        try:
            _tell(child, _spell(passphrase), _spell(word))
            for part in ("open", "locked", "open", "hidden", "afresh"):
                said = child.stdout.readline().strip() if child.stdout else ""
                if said != part:
                    tally.fault(where, [f"{said or 'nothing'!r} instead of {part!r}"])
                    return
                _judge(child.pid, word, passphrase, f"{where}, {part}", tally)
                if part != "afresh":
                    _tell(child, "")
        finally:
            child.kill()


def _tell(child: subprocess.Popen[str], *lines: str) -> None:
    if child.stdin is not None:
        child.stdin.write("".join(f"{line}\n" for line in lines))
        child.stdin.flush()


def _spell(words: str) -> str:
    return "".join("_" if letter == " " else chr(ord(letter) + 1) for letter in words)


def _judge(pid: int, word: str, passphrase: str, where: str, tally: Tally) -> None:
    """What is open is found, or the search is blind; what is left is not."""
    part = where.rpartition(", ")[2] + (", as it starts else" if PLAIN in where else "")
    secret = {f"passphrase, {form}": bytes_ for form, bytes_ in forms([passphrase]).items()}
    everything = count(pid, forms([word]) | secret)
    found = Counter({form: everything[form] for form in forms([word])})
    tally.tried()
    tally.note(f"copies of entry words, {part}", sum(found.values()))
    tally.note(f"copies of the passphrase, {part}", everything.total() - found.total())
    if part.startswith("open"):
        if not found.total():
            tally.fault(where, ["nothing is found in an open space, so this search finds nothing"])
        return
    for form, copies in found.items():
        if copies and (PLAIN not in where or part.startswith("afresh")):
            tally.fault(where, [f"{copies} copies in {form}"])


def space(place: Path, rnd: random.Random, word: str, passphrase: str) -> Path:
    """A space whose every entry has the word in title, text, tags and people."""
    paths = Paths(place)
    folder = paths.vaults / "a.vault"
    vault = Vault(folder, SystemClock(), cost=ground.CHEAP)
    vault.create(passphrase)
    try:
        now = SystemClock().now()
        contents = []
        for n in range(ENTRIES):
            made = ground.content(rnd, rnd.choice((3, 30, 300)))
            contents.append(
                replace(
                    made,
                    at=now - timedelta(hours=n + 1),
                    title=f"{word} {made.title}",
                    text=f"{word} {made.text} {word}",
                    tags=(word,),
                    people=(f"{word} one",),
                    heavy=False,
                )
            )
        JournalService(vault, SystemClock()).add_many(contents)
    finally:
        vault.lock()
    SettingsFile(paths.settings).save(
        Settings(first_run_done=True, country="GB", vaults=(str(folder),), last_vault=str(folder))
    )
    return place
