"""Ways in which a disk, a cable or a sync program spoils a file; each changes the file or says that it could not."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Container
from pathlib import Path

PAGE = 4096
SECTOR = 512
Spoil = Callable[[Path, random.Random], bool]


def flip(path: Path, rnd: random.Random, bits: int = 1) -> bool:
    """Change so many bits anywhere."""
    raw = bytearray(path.read_bytes())
    for _ in range(bits):
        raw[rnd.randrange(len(raw))] ^= 1 << rnd.randrange(8)
    return _write(path, bytes(raw))


def flip_many(path: Path, rnd: random.Random) -> bool:
    """Sixteen bits."""
    return flip(path, rnd, 16)


def flip_in_front(path: Path, rnd: random.Random) -> bool:
    """One bit of the first 128 bytes: salt, magic, first members."""
    raw = bytearray(path.read_bytes())
    raw[rnd.randrange(min(128, len(raw)))] ^= 1 << rnd.randrange(8)
    return _write(path, bytes(raw))


def cut(path: Path, rnd: random.Random) -> bool:
    """Lose the end, at any byte."""
    raw = path.read_bytes()
    return _write(path, raw[: rnd.randrange(len(raw))])


def cut_pages(path: Path, rnd: random.Random) -> bool:
    """Lose one or more whole pages at the end."""
    raw = path.read_bytes()
    pages = len(raw) // PAGE
    return pages > 1 and _write(path, raw[: rnd.randrange(1, pages) * PAGE])


def grow(path: Path, rnd: random.Random) -> bool:
    """Junk at the end."""
    return _write(path, path.read_bytes() + rnd.randbytes(rnd.choice((1, SECTOR, PAGE))))


def zero_sector(path: Path, rnd: random.Random) -> bool:
    """A sector that reads as zeros."""
    return _fill(path, rnd, SECTOR, lambda size: bytes(size))


def zero_page(path: Path, rnd: random.Random) -> bool:
    """A page that reads as zeros."""
    return _fill(path, rnd, PAGE, lambda size: bytes(size))


def foreign_page(path: Path, rnd: random.Random) -> bool:
    """A page of something else."""
    return _fill(path, rnd, PAGE, rnd.randbytes)


def swap_pages(path: Path, rnd: random.Random) -> bool:
    """Two pages in each other's place."""
    raw = bytearray(path.read_bytes())
    pages = len(raw) // PAGE
    if pages < 2:
        return False
    a, b = (PAGE * n for n in rnd.sample(range(pages), 2))
    raw[a : a + PAGE], raw[b : b + PAGE] = raw[b : b + PAGE], raw[a : a + PAGE]
    return _write(path, bytes(raw))


def double_page(path: Path, rnd: random.Random) -> bool:
    """One page over another."""
    raw = bytearray(path.read_bytes())
    pages = len(raw) // PAGE
    if pages < 2:
        return False
    a, b = (PAGE * n for n in rnd.sample(range(pages), 2))
    raw[a : a + PAGE] = raw[b : b + PAGE]
    return _write(path, bytes(raw))


def many_pages(path: Path, rnd: random.Random) -> bool:
    """A stretch of the disk that answers only here and there: some of all pages read as something else."""
    raw = bytearray(path.read_bytes())
    share = rnd.choice((0.05, 0.2, 0.5))
    always = rnd.randrange(-(-len(raw) // PAGE)) * PAGE
    for at in range(0, len(raw), PAGE):
        if at == always or rnd.random() < share:
            raw[at : at + PAGE] = rnd.randbytes(len(raw[at : at + PAGE]))
    return _write(path, bytes(raw))


def lost_start(path: Path, rnd: random.Random) -> bool:
    """The first pages are gone: salt, header, and the list of what is where."""
    raw = bytearray(path.read_bytes())
    size = min(len(raw), rnd.choice((16, SECTOR, PAGE, 4 * PAGE, 24 * PAGE)))
    raw[:size] = bytes(size)
    return _write(path, bytes(raw))


def empty(path: Path, rnd: random.Random) -> bool:
    """Nothing left but the name."""
    return _write(path, b"")


def remove(path: Path, rnd: random.Random) -> bool:
    """Not even the name."""
    path.unlink()
    return True


def older_page(earlier: Path, meaningless: Container[int]) -> Spoil:
    """One page as it was in an earlier, sound state of this file: a write that never reached the disk.

    Not one of the pages whose content has no meaning, given by number from 1.
    """

    def spoil(path: Path, rnd: random.Random) -> bool:
        old, raw = earlier.read_bytes(), bytearray(path.read_bytes())
        changed = [at for at in range(0, min(len(old), len(raw)), PAGE) if old[at : at + PAGE] != raw[at : at + PAGE]]
        if not changed:
            return False
        at = rnd.choice(changed)
        raw[at : at + PAGE] = old[at : at + PAGE]
        return _write(path, bytes(raw))

    return spoil


ANYWHERE: dict[str, Spoil] = {
    "bit": flip,
    "16 bits": flip_many,
    "bit in front": flip_in_front,
    "cut": cut,
    "cut pages": cut_pages,
    "grown": grow,
    "sector of zeros": zero_sector,
    "page of zeros": zero_page,
    "foreign page": foreign_page,
    "pages swapped": swap_pages,
    "page doubled": double_page,
    "many pages": many_pages,
    "lost start": lost_start,
    "emptied": empty,
    "removed": remove,
}


def _fill(path: Path, rnd: random.Random, size: int, make: Callable[[int], bytes]) -> bool:
    raw = bytearray(path.read_bytes())
    at = rnd.randrange(-(-len(raw) // size)) * size
    size = min(size, len(raw) - at)
    raw[at : at + size] = make(size)
    return _write(path, bytes(raw))


def _write(path: Path, raw: bytes) -> bool:
    """In place, as a failing disk would; whether anything is different now."""
    if raw == path.read_bytes():
        return False
    with path.open("r+b") as file:
        file.write(raw)
        file.truncate()
        os.fsync(file.fileno())
    return True
