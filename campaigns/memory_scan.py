"""Searches the whole memory of a process: `python -m campaigns.memory_scan PID`, the words as JSON on standard input.

Prints as JSON in how many places the words are in each form. A process that searches itself leaves its own copies out.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

_PIECE = 1 << 20
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def forms(words: Iterable[str]) -> dict[str, list[bytes]]:
    """The bytes of each word by the name of its form. Latin text is the same in UTF-8 and in Python's own strings."""
    return {name: [word.encode(codec) for word in words] for name, codec in ENCODINGS.items()}


def count(pid: int | str, wanted: dict[str, list[bytes]], skip: Iterable[tuple[int, int]] = ()) -> Counter[str]:
    """How often each form occurs in the readable memory of the process. Raises OSError where it may not be read.

    `skip` are stretches of memory (start, end) whose hits are the caller's own.
    """
    longest = max((len(word) for words in wanted.values() for word in words), default=1)
    own, found = list(skip), Counter[str]()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for low, high in _regions(pid):
            for start in range(low, high, _PIECE):
                piece = _read(memory.fileno(), start, min(_PIECE + longest - 1, high - start))
                for name, words in wanted.items():
                    for word in words:
                        found[name] += sum(at < _PIECE and not _is_own(start + at, own) for at in _places(piece, word))
    return found


def _regions(pid: int | str) -> Iterator[tuple[int, int]]:
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps:
        lines = maps.readlines()
    for line in lines:
        parts = line.split()
        if "r" in parts[1] and not (len(parts) > 5 and parts[5] in ("[vvar]", "[vsyscall]", "[vvar_vclock]")):
            low, high = (int(part, 16) for part in parts[0].split("-"))
            yield low, high


def _read(handle: int, start: int, size: int) -> bytes:
    try:
        return os.pread(handle, size, start)
    except OSError:  # a stretch that is not there, or a device's
        return b""


def _places(piece: bytes, word: bytes) -> Iterator[int]:
    at = piece.find(word)
    while at >= 0:
        yield at
        at = piece.find(word, at + 1)


def _is_own(at: int, own: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in own)


def main() -> None:
    """Search, and say what was found."""
    words = json.load(sys.stdin)
    sys.stdout.write(json.dumps(dict(count(int(sys.argv[1]), forms(words)))))


if __name__ == "__main__":
    main()
