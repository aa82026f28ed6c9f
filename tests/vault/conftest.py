"""A real vault with a cheap key derivation, and ways to spoil one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campaigns.pages import database_key, plain_pages
from companion.vault.keyslots import Cost
from companion.vault.vault import Vault
from tests.fakes import FakeClock

MakeVault = Callable[..., Vault]


MEMORY_DISK = Path("/dev/shm")
_ROOM_BYTES = 1 << 30


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """In memory where the system has room for it: a vault flushes to the disk at every step, and disks are shared."""
    try:
        has_room = shutil.disk_usage(MEMORY_DISK).free > _ROOM_BYTES
    except OSError:
        has_room = False
    if not has_room:
        yield tmp_path
        return
    place = Path(tempfile.mkdtemp(prefix="companion-test-", dir=MEMORY_DISK))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def cheap_cost() -> Cost:
    return Cost(8192, 1, 1)


@pytest.fixture
def passphrase() -> str:
    return "slow tea by the window"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spaces" / "a1b2.vault"


@pytest.fixture
def make_vault(folder: Path, clock: FakeClock, cheap_cost: Cost) -> Iterator[MakeVault]:
    """Vault objects that are all locked after the test."""
    made: list[Vault] = []

    def make(place: Path | None = None) -> Vault:
        made.append(Vault(place or folder, clock, cost=cheap_cost))
        return made[-1]

    yield make
    for one in made:
        one.lock()


@pytest.fixture
def vault(make_vault: MakeVault, passphrase: str) -> Vault:
    """Made and open."""
    one = make_vault()
    one.create(passphrase)
    return one


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A file system of the given size, mounted for this test only."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = False

    def mount(size: str) -> Path:
        nonlocal mounted
        if not hasattr(os, "geteuid") or os.geteuid() != 0:
            pytest.skip("needs the right to mount a small disk")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(place)], capture_output=True
        )
        if done.returncode:
            pytest.skip("this system does not let us mount a small disk")
        mounted = True
        return place

    yield mount
    if mounted and subprocess.run(["umount", str(place)], capture_output=True).returncode:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def flip(path: Path, offset: int) -> None:
    """Change one bit."""
    with path.open("rb+") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1]))


def pages_with(folder: Path, passphrase: str, content: bytes) -> list[int]:
    """Numbers, from 0, of the pages that hold this."""
    pages = plain_pages(folder / "vault.db", database_key(folder, passphrase))
    return [number for number, page in enumerate(pages) if content in page]
