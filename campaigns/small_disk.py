"""A small disk of one's own: a tmpfs in a mount namespace that ends with the process, filled up to any point."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

BLOCK = 4096
FILLER = "filler"


@cache
def namespace() -> list[str] | None:
    """The words to put before a command so that it may mount, as root or as anyone; None where it may not."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return None
    for words in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        tried = subprocess.run(
            [*words, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"], capture_output=True, timeout=30
        )
        if tried.returncode == 0:
            return words
    return None


class SmallDisk:
    """Mounted inside `namespace` by `mount`; empty again after each `clear`."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def mount(self, size_bytes: int) -> None:
        """Make it; it ends with the process that came through `namespace`."""
        self.place.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_bytes},mode=700", "tmpfs", self.place], check=True)

    def clear(self) -> None:
        """Remove everything on it."""
        for path in self.place.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    @property
    def free(self) -> int:
        """Bytes that can be written now."""
        found = os.statvfs(self.place)
        return found.f_bavail * found.f_frsize

    def leave(self, room: int) -> None:
        """Fill it, so that this many bytes are left, in whole blocks."""
        self.relieve()
        size = max(self.free - room, 0) // BLOCK * BLOCK
        if size:
            with (self.place / FILLER).open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, size)

    def relieve(self) -> None:
        """Let there be room again."""
        (self.place / FILLER).unlink(missing_ok=True)
