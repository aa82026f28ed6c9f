"""Turning a passphrase into a key: Argon2id and HKDF, and how much of it this computer can do."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from companion.core.clock import Clock
from companion.core.errors import NotEnoughMemory
from companion.vault.header import Cost

DEFAULT_COST = Cost(262_144, 3, 4)
FLOOR_COST = Cost(65_536, 3, 4)
"""RFC 9106, section 4, second recommended option."""

KEY_BYTES = 32
_LITTLE_MEMORY = 4 << 30
_SHORTEST_RUN_S = 0.3
_MOST_PASSES = 10


def wipe(buffer: bytearray) -> None:
    """Overwrite a buffer that held a secret, in place."""
    buffer[:] = bytes(len(buffer))


def argon2id(secret: bytearray, salt: bytes, cost: Cost) -> bytearray:
    """32 bytes from a passphrase; the caller wipes them. Raises NotEnoughMemory."""
    key = bytearray(KEY_BYTES)
    try:
        derivation = Argon2id(
            salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        )
        # The library takes any buffer; its type says bytes, and a copy could not be wiped.
        derivation.derive_into(cast(bytes, secret), key)
    except MemoryError as error:
        raise NotEnoughMemory from error
    return key


def hkdf(secret: bytearray, info: bytes) -> bytearray:
    """32 bytes from a key that is already random (HKDF-SHA256, no salt); the caller wipes them."""
    key = bytearray(KEY_BYTES)
    HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive_into(secret, key)
    return key


def cost_for_memory(memory_bytes: int | None) -> Cost:
    """The cost to start from: the floor under 4 GiB of memory, else (and where unknown) the default."""
    return FLOOR_COST if memory_bytes is not None and memory_bytes < _LITTLE_MEMORY else DEFAULT_COST


def cost_for_this_machine(clock: Clock, attempt: Callable[[Cost], None] | None = None) -> Cost:
    """What a new slot should cost here, found with one try of about half a second.

    More passes only where the try takes under 0.3 seconds; never below the
    floor. Raises NotEnoughMemory when not even the floor can be had. `attempt`
    stands in for the try in tests.
    """
    attempt = attempt or _attempt
    cost = cost_for_memory(memory_of_this_machine())
    started = clock.monotonic()
    try:
        attempt(cost)
    except NotEnoughMemory:
        cost = FLOOR_COST
        started = clock.monotonic()
        attempt(cost)
    took = clock.monotonic() - started
    if took <= 0 or took >= _SHORTEST_RUN_S:
        return cost
    passes = -int(-cost.passes * _SHORTEST_RUN_S // took)
    return Cost(cost.memory_kib, min(_MOST_PASSES, passes), cost.lanes)


def memory_of_this_machine() -> int | None:
    """Bytes of memory in this computer, or None where the system does not say."""
    if not hasattr(os, "sysconf"):
        return None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _attempt(cost: Cost) -> None:
    wipe(argon2id(bytearray(KEY_BYTES), bytes(16), cost))
