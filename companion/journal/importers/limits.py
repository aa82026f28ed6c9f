"""How much a source may hold before it is refused; far above real journals, far below what does harm."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
CHUNK = MIB  # the largest piece of a file in memory at once


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts are files, sizes are bytes after unpacking.

    `ratio` (unpacked to packed) is looked at only above `ratio_floor`, for one
    file and for the whole archive: a year of similar entries packs very well.
    """

    members: int = 60_000
    directory_bytes: int = 64 * MIB
    total_bytes: int = 256 << 30
    text_bytes: int = 512 * MIB
    element_chars: int = 64 * MIB
    media_bytes: int = 2 << 30
    ratio: int = 200
    ratio_floor: int = 64 * MIB
    name_bytes: int = 1_024
    depth: int = 32
