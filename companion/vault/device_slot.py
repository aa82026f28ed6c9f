"""The slot that this computer's key store opens: put in force, used, taken away; never a vault's only one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from companion.core.clock import Clock
from companion.core.errors import DeviceUnavailable, PassphraseDue, ReadOnlyVault, StorageTrouble, WrongSecret
from companion.vault.arrival import Even
from companion.vault.connection import Connection
from companion.vault.device_due import may_open, note_passphrase
from companion.vault.device_key import Item, KeyStore
from companion.vault.keyslots import KeyFile, MasterKey, wipe


class OpenVault(Protocol):
    """What is known of a vault while it is open."""

    connection: Connection
    key: MasterKey
    key_file: KeyFile


class Unlock(Protocol):
    """Opens with the key that its argument finds, passing by what `even` holds."""

    def __call__(self, key_from: Callable[[KeyFile], MasterKey], /, even: Even = ()) -> None:
        """Raises like `Vault.unlock`."""


@dataclass(frozen=True, slots=True)
class DeviceSlot:
    """Device unlock of one vault; the four functions are the vault's own.

    `opened` raises VaultLocked; `renew` puts a new key file in force; `unlock` opens with the key that its
    argument finds, or only asks for it where the vault is open.
    """

    store: KeyStore
    clock: Clock
    opened: Callable[[], OpenVault]
    unlock: Unlock
    renew: Callable[[Callable[[KeyFile, MasterKey], KeyFile]], None]
    lock: Callable[[], None]

    @property
    def is_on(self) -> bool:
        """Whether there is such a slot, made on this computer or another. Raises VaultLocked."""
        return self.opened().key_file.device_slot is not None

    def open(self, *, even: Even = ()) -> None:
        """Open the vault with what the key store holds, within the key store's time limit; `even` as for `unlock`.

        Raises DeviceUnavailable, PassphraseDue when it is two weeks since the passphrase was typed (the vault is
        locked again), and like `Vault.unlock`.
        """
        self.unlock(self._key_from_store, even)
        try:
            if not may_open(self.opened().connection, self.clock.now()):
                raise PassphraseDue
        except BaseException:
            self.lock()
            raise

    def enable(self, passphrase: str) -> None:
        """Let the key store open the open vault too; takes the place of any other device slot.

        First the key store has the secret and gave it back, then the slot is in force: a crash leaves a secret that
        opens nothing, never a slot without one. Raises DeviceUnavailable, WrongSecret, VaultLocked, ReadOnlyVault,
        StorageTrouble; then all is as it was.
        """
        state = self.opened()
        if state.connection.read_only:
            raise ReadOnlyVault
        self.unlock(lambda key_file: key_file.unlock(passphrase))
        before = state.key_file.device_slot
        key_file, slot, secret = state.key_file.with_device(state.key)
        try:
            self.store.store(Item(key_file.vault_id, slot), secret)
            note_passphrase(state.connection, self.clock.now())
            self.renew(lambda _, __: key_file)
        except (DeviceUnavailable, StorageTrouble):
            self._forget(key_file, slot)
            raise
        finally:
            wipe(secret)
        if before is not None:
            self._forget(key_file, before)

    def disable(self) -> bool:
        """Let no key store open the vault any more; whether this one forgot its secret too.

        The slot goes first: a crash leaves a secret that opens nothing. Raises VaultLocked, ReadOnlyVault,
        StorageTrouble.
        """
        key_file = self.opened().key_file
        slot = key_file.device_slot
        if slot is None:
            return True
        self.renew(lambda now, key: now.without_device(key))
        return self._forget(key_file, slot)

    def forget(self, key_file: KeyFile) -> None:
        """Let the key store forget the secret of a slot that is in force no more, as far as it can be reached."""
        if key_file.device_slot is not None:
            self._forget(key_file, key_file.device_slot)

    def passphrase_typed(self) -> None:
        """The passphrase was right just now; written down only where a key store opens the vault too."""
        state = self.opened()
        if state.key_file.device_slot is not None:
            with suppress(ReadOnlyVault, StorageTrouble):  # asked a little sooner then
                note_passphrase(state.connection, self.clock.now())

    def _key_from_store(self, key_file: KeyFile) -> MasterKey:
        slot = key_file.device_slot
        if slot is None:
            raise DeviceUnavailable("off")
        secret = self.store.fetch(Item(key_file.vault_id, slot))
        try:
            return key_file.unlock_with_device(secret)
        except WrongSecret as error:
            raise DeviceUnavailable("garbage") from error
        finally:
            wipe(secret)

    def _forget(self, key_file: KeyFile, slot: str) -> bool:
        try:
            self.store.remove(Item(key_file.vault_id, slot))
        except DeviceUnavailable:
            return False
        return True
