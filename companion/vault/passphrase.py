"""Passphrases: one normal form, how strong a new one is, and words to make one from."""

from __future__ import annotations

import itertools
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from companion.core.errors import PassphraseTooShort
from companion.core.paths import assets

MINIMUM_PASSPHRASE = 10
MINIMUM_WORDS = 1296  # in the list: four words from it are 41 bits or more

Level = Literal["too-short", "okay", "strong"]
Reason = Literal[
    "too-short",  # fewer than MINIMUM_PASSPHRASE characters
    "common",  # only words that everybody tries first
    "repeats",  # one part again and again
    "sequence",  # runs along the keyboard or the alphabet
    "only-digits",  # a number, with no letter in it
    "few-words",  # nothing wrong, another word would help
    "several-words",  # four or more words
    "long",  # twenty characters or more
]

_LONG = 20
_WORDS = 4
_WORDS_LENGTH = 15
_COMMON = (
    *("passphrase", "password", "passwort", "letmein", "welcome", "iloveyou", "ilove", "companion", "journal"),
    *("recovery", "secret", "private", "admin", "login", "master", "dragon", "monkey", "sunshine", "princess"),
    *("football", "baseball", "superman", "batman", "trustno", "changeme", "whatever", "correcthorsebatterystaple"),
    *("qwertyuiop", "qwerty", "qwertz", "azerty", "abc", "diary", "mydiary", "please", "open", "hello", "test"),
    *("the", "and", "you", "my", "your", "is", "this", "pass", "word"),
)
_RUNS = (
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("abcdefghijklmnopqrstuvwxyz", "01234567890"),
)
_STEPS = {pair for run in _RUNS for line in (run, run[::-1]) for pair in itertools.pairwise(line)}


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong a new passphrase is, and the codes of the reasons (see `Reason`)."""

    level: Level
    reasons: tuple[Reason, ...]


def normalise(passphrase: str) -> str:
    """The one form that is turned into a key (NFKC), so that every keyboard makes the same key."""
    return unicodedata.normalize("NFKC", passphrase)


def length(passphrase: str) -> int:
    """Characters that count: none at the ends that are blank, none that normalising made out of one."""
    composed = unicodedata.normalize("NFC", passphrase).strip()
    return min(len(composed), len(normalise(passphrase).strip()))


def require_long_enough(passphrase: str) -> None:
    """Refuse a new passphrase under the minimum. Raises PassphraseTooShort."""
    if length(passphrase) < MINIMUM_PASSPHRASE:
        raise PassphraseTooShort(MINIMUM_PASSPHRASE)


def strength(passphrase: str) -> Strength:
    """Judge a new passphrase by length, number of words and guessable patterns; no symbol rules."""
    if length(passphrase) < MINIMUM_PASSPHRASE:
        return Strength("too-short", ("too-short",))
    text = normalise(passphrase).strip().casefold()
    words = _words_of(text)
    weak = _weaknesses(text, words)
    if weak:
        return Strength("okay", weak)
    good: list[Reason] = []
    distinct = {word for word in words if len(word) >= 3}
    if len(distinct) >= _WORDS and sum(map(len, distinct)) + len(distinct) - 1 >= _WORDS_LENGTH:
        good.append("several-words")
    if _width(text) >= _LONG:
        good.append("long")
    return Strength("strong", tuple(good)) if good else Strength("okay", ("few-words",))


def suggest_words(n: int = 4, words: Path | None = None) -> tuple[str, ...]:
    """`n` different words drawn at random from the shipped list (or the file `words`, one a line)."""
    path = words or assets() / "words" / "en.txt"
    known = sorted({line for line in path.read_text(encoding="utf-8").split() if line})
    if len(known) < MINIMUM_WORDS:
        raise ValueError("word list too short to make strong passphrases")
    return tuple(secrets.SystemRandom().sample(known, n))


def _words_of(text: str) -> list[str]:
    """Runs of letters with their marks; the vowel signs of many scripts are marks."""
    return "".join(character if unicodedata.category(character)[0] in "LM" else " " for character in text).split()


def _width(text: str) -> int:
    """Length in which a character of a script without letters counts as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _weaknesses(text: str, words: list[str]) -> tuple[Reason, ...]:
    checks: tuple[tuple[Reason, bool], ...] = (
        ("common", _is_common(words)),
        ("repeats", _repeats(text, words)),
        ("sequence", _is_sequence(text)),
        ("only-digits", not words and any(character.isdigit() for character in text)),
    )
    return tuple(reason for reason, applies in checks if applies)


def _is_common(words: list[str]) -> bool:
    """Nothing but well-known words, digits and signs."""
    rest = "".join(words)
    if not rest:
        return False
    for common in sorted(_COMMON, key=len, reverse=True):
        rest = rest.replace(common, "")
    return len(rest) <= 2


def _repeats(text: str, words: list[str]) -> bool:
    if len(set(text)) <= 4:
        return True
    if len(words) > 1 and len(set(words)) * 2 <= len(words):
        return True
    return text in (text + text)[1:-1]  # made of one part, twice or more


def _is_sequence(text: str) -> bool:
    pairs = list(itertools.pairwise(text))
    return sum(pair in _STEPS for pair in pairs) * 10 >= len(pairs) * 6
