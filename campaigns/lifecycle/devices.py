"""The way in by a key store, switched on, renewed and off: a slot in force always has its secret."""

from __future__ import annotations

from pathlib import Path

from campaigns import judge
from campaigns.ground import CHEAP, PASSPHRASE
from campaigns.lifecycle.case import VAULT, Case, Found, a_journal, facts_of, must_hold
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, DeviceUnavailable
from companion.core.files import sync_folder, write_atomic
from companion.vault.device_key import Item
from companion.vault.keyslots import KeyFile
from companion.vault.vault import Vault

STORE = "key-store"


class FileStore:
    """A key store that outlives a kill, as another process's does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fetch(self, item: Item) -> bytearray:
        """What lies there."""
        path = self._path(item)
        if not path.exists():
            raise DeviceUnavailable("gone")
        return bytearray(path.read_bytes())

    def store(self, item: Item, secret: bytearray) -> None:
        """Lay it there."""
        write_atomic(self._path(item), bytes(secret))

    def remove(self, item: Item) -> None:
        """Take it away."""
        self._path(item).unlink(missing_ok=True)
        sync_folder(self.folder)

    def name(self) -> str:
        """What it is."""
        return "files"

    def _path(self, item: Item) -> Path:
        return self.folder / item.user.replace("/", "-")


def _vault(root: Path) -> Vault:
    (root / STORE).mkdir(exist_ok=True)
    return Vault(root / VAULT, SystemClock(), cost=CHEAP, key_store=FileStore(root / STORE))


def _with_device(root: Path, seed: int) -> None:
    a_journal(root, seed)
    _switch_on(root)


def _switch_on(root: Path) -> None:
    vault = _vault(root)
    vault.unlock(PASSPHRASE)
    vault.device.enable(PASSPHRASE)
    vault.lock()


def _all_of_it(root: Path) -> None:
    """Opened by it, renewed, switched off."""
    vault = _vault(root)
    vault.device.open()
    vault.device.enable(PASSPHRASE)
    vault.device.disable()
    vault.lock()


def _sound(root: Path) -> Found:
    """The passphrase opens all of it; where a slot is in force, the key store opens it too."""
    yield from must_hold(root / VAULT, facts_of(root)["a"])
    if KeyFile.load(root / VAULT).device_slot is None:
        return
    vault = _vault(root)
    try:
        vault.device.open()
    except CompanionError as error:
        yield f"a slot is in force, and the key store's way ended in {judge.named(error)}"
    vault.lock()


def _judge(root: Path, done: bool) -> Found:
    yield from _sound(root)
    if done and KeyFile.load(root / VAULT).device_slot is not None:
        yield "acknowledged, and it is still on"
    if done and any((root / STORE).iterdir()):
        yield "acknowledged, and the key store has its secret still"
    _switch_on(root)
    yield from _sound(root)


CASES = {"device": Case(_with_device, _all_of_it, _judge)}
