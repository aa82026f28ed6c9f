"""What protects the process itself: set before any crypto library is loaded, and again after unlock."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import NamedTuple

_M_PERTURB = -6  # glibc <malloc.h>
_PERTURB_BYTE = 90
_PR_SET_DUMPABLE = 4  # Linux <sys/prctl.h>
_LOADS_OPENSSL = {"sqlcipher3", "cryptography.hazmat.bindings._rust"}
_FLATPAK_MARK = Path("/.flatpak-info")


class StartHardening(NamedTuple):
    """Which protections took effect; the rest do not exist on this system and nothing depends on them."""

    openssl_conf: bool
    no_core_file: bool
    freed_memory_overwritten: bool
    private_files: bool


def harden_at_start(environ: MutableMapping[str, str] = os.environ) -> StartHardening:
    """Protect the process; call it first of all, before sqlcipher3 or cryptography is imported.

    A broken openssl.cnf on the computer would make the database library fail to
    load, so no such file is read. No core file is written, freed memory is
    overwritten (glibc), and new files belong to this account alone.
    """
    in_time = harden_files(environ)
    no_core_file, overwritten = harden_memory()
    return StartHardening(
        openssl_conf=in_time,
        no_core_file=no_core_file,
        freed_memory_overwritten=overwritten,
        private_files=os.name == "posix",
    )


def harden_files(environ: MutableMapping[str, str] = os.environ) -> bool:
    """The part of `harden_at_start` that must come first; whether no crypto library was there before it."""
    in_time = environ.get("OPENSSL_CONF") == os.devnull or not _LOADS_OPENSSL & sys.modules.keys()
    environ["OPENSSL_CONF"] = os.devnull
    os.umask(0o077)
    return in_time


def harden_memory() -> tuple[bool, bool]:
    """The part that must come before anything private is in memory: no core file, freed memory overwritten."""
    return _forbid_core_file(), _overwrite_freed_memory()


def harden_after_unlock(flatpak_mark: Path = _FLATPAK_MARK) -> bool:
    """Keep other processes of this account out of our memory (Linux); True when it took effect.

    Not at start, because desktop portals refuse a process they cannot look
    into, and not inside Flatpak, which keeps others out by itself.
    """
    if sys.platform != "linux" or flatpak_mark.exists():
        return False
    import ctypes

    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    return prctl is not None and prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0


def _forbid_core_file() -> bool:
    try:
        import resource
    except ImportError:  # Windows
        return False
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return True


def _overwrite_freed_memory() -> bool:
    if sys.platform != "linux":
        return False
    import ctypes  # late: the window is painted before it holds anything private

    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):  # musl has neither
        return False
    return bool(libc.mallopt(_M_PERTURB, _PERTURB_BYTE) == 1)
