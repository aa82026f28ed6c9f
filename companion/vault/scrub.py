"""Overwrites memory that was given back and still says what it held, after Lock (Linux with glibc).

`M_PERTURB` has glibc overwrite what is freed, but two stores on top of it keep pieces back as they were: Python's own
for objects up to 512 bytes, and a cache of every thread for pieces up to 1,032 bytes (both seen: titles, tags and
excerpts stayed in memory by the hundred). So all that is free in them is taken once, overwritten and given back.
"""

from __future__ import annotations

import ctypes
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Final

_HEADER: Final = sys.getsizeof(b"")  # of a bytes object; the rest of its block is what we fill
_LARGEST_BLOCK, _STEP = 512, 16
_AT_A_TIME: Final = 256  # more than a list of them that would lie in the same store
_ROUNDS: Final = 5
_POOL, _POOL_HEAD = 1 << 14, 48
_MOST_BYTES: Final = 256 << 20
_CACHED_UP_TO, _CACHED_OF_EACH = 1032, 8  # glibc keeps 7 pieces of each size


def overwrite_free_blocks() -> None:
    """Overwrite what is free in Python's store of small objects. Call with the last uses gone, on any thread.

    Every block that is free is handed out before Python asks the system for more. So the blocks of each size are
    taken until one lies where there was no memory before. Takes some 10 ms for each 10 MB that are free.
    """
    known = _memory()
    for _round in range(_ROUNDS):  # reading the list takes memory too, which has to be in it
        before, known = known, _memory()
        if before == known:
            break
    if not known:
        return
    starts = [low for low, _high in known]
    kept: list[list[object]] = []
    for number, make in enumerate(_makers(), start=1):
        pools: set[int] = set()
        for _round in range(_MOST_BYTES // (_LARGEST_BLOCK * _AT_A_TIME)):
            taken = [make() for _ in range(_AT_A_TIME)]
            kept.append(taken)
            pools.update(id(one) // _POOL for one in taken)
            last = id(taken[-1])
            if known[bisect_right(starts, last) - 1][1] <= last:
                break
        for pool in pools:
            _overwrite_rest(pool * _POOL, number * _STEP)


def _overwrite_rest(pool: int, size: int) -> None:
    """Behind the last block of a pool a rest is left that belongs to no block, and may be older than the pool.

    CPython 3.10 and later on 64 bits (Objects/obmalloc.c): a pool is 16 KiB and begins with 48 bytes, of which the
    last twelve are the class of its blocks, where the next new one comes, and the last place where one can. Our own
    objects lie in it, so it is a pool; where these numbers say otherwise it is left alone.
    """
    kind, _next, last = (ctypes.c_uint32.from_address(pool + at).value for at in (36, 40, 44))
    if (kind, last) != (size // _STEP - 1, _POOL - size):
        return
    end = _POOL_HEAD + (_POOL - _POOL_HEAD) // size * size
    ctypes.memset(pool + end, 0, _POOL - end)


def overwrite_thread_cache() -> None:
    """Overwrite what glibc keeps back for the thread that calls."""
    libc = _libc()
    if libc is None:
        return
    kept = []
    for size in range(24, _CACHED_UP_TO + 1, 16):
        for _piece in range(_CACHED_OF_EACH):
            at = libc.malloc(size)
            if at:
                libc.memset(at, 0, size)
                kept.append(at)
    for at in kept:
        libc.free(at)


def overwrite_all() -> None:
    """Everything, and what the calling thread keeps back; takes up to a quarter of a second, so not on the window's."""
    overwrite_free_blocks()
    overwrite_thread_cache()
    give_back()


def give_back() -> None:
    """Hand what is free to the system, which takes it away from this process."""
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _makers() -> Iterator[Callable[[], object]]:
    """For each size of block something that fills it whole."""
    yield object  # 16 bytes
    yield lambda: complex(0.5, 0.5)  # 32 bytes
    for size in range(48, _LARGEST_BLOCK + 1, _STEP):
        yield lambda count=size - _HEADER: bytes(count)  # type: ignore[misc]


def _memory() -> list[tuple[int, int]]:
    """Where this process has memory now, in order; [] where the system does not say."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            lines = maps.read().splitlines()
    except OSError:
        return []
    spans = (line.split(maxsplit=1)[0].split("-") for line in lines)
    return [(int(low, 16), int(high, 16)) for low, high in spans]


def _libc() -> Any:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return None
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.memset.restype, libc.memset.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    libc.free.restype, libc.free.argtypes = None, [ctypes.c_void_p]
    return libc
