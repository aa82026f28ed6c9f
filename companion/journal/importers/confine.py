"""Takes from the reading process what it does not need: memory, files to write, new processes, the network.

A hostile file that took this process over would find nothing to write to and
nobody to talk to. Limits are POSIX; the file and network rules are Linux's
Landlock (kernel 5.13 and later) and are left out where the kernel has none.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys

DEFAULT_MEMORY = 1 << 30
CPU_SECONDS = 3_600
OPEN_FILES = 64

# Numbers from the kernel's public headers (linux/landlock.h, linux/prctl.h); the call numbers are one for all machines.
_CREATE_RULESET = 444
_RESTRICT_SELF = 446
_RULESET_VERSION = 1
_PR_SET_NO_NEW_PRIVS = 38
_EXECUTE = 1 << 0
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REFER_SINCE, _TRUNCATE_SINCE, _NETWORK_SINCE, _IOCTL_SINCE, _SCOPE_SINCE = 2, 3, 4, 5, 6
_RIGHTS_IN_FIRST = (1 << 13) - 1
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_BIND_AND_CONNECT = 0b11
_SOCKETS_AND_SIGNALS = 0b11


def confine(memory_bytes: int = DEFAULT_MEMORY) -> bool:
    """Set every limit on this process; true when the kernel also keeps it from writing and from the network."""
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    os.umask(0o077)
    return sys.platform == "linux" and _landlock()


def _limit(which: int, wanted: int) -> None:
    _soft, hard = resource.getrlimit(which)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (value, value))


def _landlock() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_RULESET_VERSION))
    if version < 1:
        return False
    rules = _ruleset(version)
    handle = libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), ctypes.c_uint(0))
    if handle < 0:
        return False
    try:
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT_SELF, handle, ctypes.c_uint(0)) == 0)
    finally:
        os.close(handle)


def _ruleset(version: int) -> bytes:
    """The kernel's struct landlock_ruleset_attr: all that is named here is denied, for no rule allows it again."""
    files = _RIGHTS_IN_FIRST & ~(_READ_FILE | _READ_DIR | _EXECUTE)
    files |= _REFER if version >= _REFER_SINCE else 0
    files |= _TRUNCATE if version >= _TRUNCATE_SINCE else 0
    files |= _IOCTL if version >= _IOCTL_SINCE else 0
    if version < _NETWORK_SINCE:
        return struct.pack("=Q", files)
    if version < _SCOPE_SINCE:
        return struct.pack("=QQ", files, _BIND_AND_CONNECT)
    return struct.pack("=QQQ", files, _BIND_AND_CONNECT, _SOCKETS_AND_SIGNALS)
