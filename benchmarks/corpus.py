"""A journal of any size that is the same on every machine: words by Zipf's law, moods, tags, planted words."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from companion.core.clock import SystemClock
from companion.journal.model import Content, Mood
from companion.vault.kdf import DEFAULT_COST

SEED = 42
VOCABULARY = 40_000
SHORTEST, LONGEST = 50, 400  # words an entry
TAGS = (
    *("walk", "outside", "sleep", "work", "group", "family", "food"),
    *("garden", "music", "reading", "appointment", "night", "friends", "home"),
)
RARE_WORD = "quenzelwick"  # in exactly 3 entries
HUNDREDTH_WORD = "marlowtide"  # in 1 entry of 100
ACCENTED = ("café", "naïve", "über", "señor", "Zürich", "łódź", "🌿", "🌧️", "☕")
ACCENTED_SHARE = 0.05
PASSPHRASE = "a passphrase for measuring"
END = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/London"))
_THIRTY_YEARS = timedelta(days=30 * 365)
_BATCH = 2000
_ROOT = Path(__file__).resolve().parent.parent
COST = DEFAULT_COST  # not what this machine would choose, so that runs on two machines compare
CACHE = _ROOT / "build" / "bench"


def vocabulary(seed: int = SEED) -> list[str]:
    """40,000 different made-up words, the commonest first and, as in any language, the shortest."""
    chance = Random(seed)
    starts = ("b", "br", "c", "d", "dr", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "v")
    middles = ("a", "e", "i", "o", "u", "ea", "ou", "ai")
    ends = ("", "n", "r", "l", "s", "t", "m", "nd", "st")
    syllables = [a + b + c for a in starts for b in middles for c in ends]
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        count = 1 + (len(found) > 200) + (len(found) > 6000) * chance.randrange(2)
        found["".join(chance.choice(syllables) for _ in range(count))] = None
    return list(found)


def word_at(rank: int) -> str:
    """The word of this rank, 0 the commonest."""
    return vocabulary()[rank]


def contents(count: int, seed: int = SEED) -> Iterator[Content]:
    """`count` entries, oldest first; the same arguments give the same entries."""
    chance = Random(seed)
    words = vocabulary(seed)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    step = min(timedelta(days=1), _THIRTY_YEARS / count)
    rare = {count // 7, count // 2, count * 6 // 7}
    for n in range(count):
        drawn = chance.choices(words, cum_weights=weights, k=chance.randint(SHORTEST, LONGEST))
        if chance.random() < ACCENTED_SHARE:
            drawn[chance.randrange(len(drawn))] = chance.choice(ACCENTED)
        if n % 100 == 50:
            drawn[len(drawn) // 2] = HUNDREDTH_WORD
        if n in rare:
            drawn[len(drawn) // 3] = RARE_WORD
        mood = chance.choice((None, *Mood))
        tags = tuple(chance.sample(TAGS, chance.randrange(4)))
        title = " ".join(drawn[:3]).capitalize() if chance.random() < 0.3 else ""
        yield Content(at=END - step * (count - n), title=title, text=_as_text(drawn), mood=mood, tags=tags)


def _as_text(words: list[str]) -> str:
    paragraphs = [words[start : start + 80] for start in range(0, len(words), 80)]
    return "\n\n".join(" ".join(part).capitalize() + "." for part in paragraphs)


def vault(count: int) -> Path:
    """The folder of a vault with that many entries, made once and kept in build/bench."""
    folder = CACHE / f"{count}-{_version()}.vault"
    if folder.is_dir():
        return folder
    _remove_older(count)
    _build(folder.with_suffix(".part"), count)
    folder.with_suffix(".part").rename(folder)
    return folder


def _remove_older(count: int) -> None:
    """A vault made by an older schema or generator is of no use and may take half a gigabyte."""
    for old in CACHE.glob(f"{count}-*"):
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()


def _build(folder: Path, count: int) -> None:
    from companion.journal.service import JournalService
    from companion.vault.vault import Vault

    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    made = Vault(folder, clock, cost=COST)
    made.create(PASSPHRASE)
    journal = JournalService(made, clock)
    entries = contents(count)
    while batch := list(itertools.islice(entries, _BATCH)):
        journal.add_many(batch)
    # The plain twin is written in one go, so that its pages lie in order; ours shall not be worse off.
    made.connection.execute("VACUUM")
    made.lock()


def _version() -> str:
    """Changes when what a cached vault holds would change."""
    parts = [Path(__file__), *sorted((_ROOT / "companion" / "vault" / "schema").glob("*.sql"))]
    parts += [_ROOT / "companion" / "journal" / name for name in ("model.py", "encoding.py")]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:10]
