"""What can be said about a vault: as information, as a check, and as proof that it is encrypted."""

from __future__ import annotations

import math
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.core.errors import KeyFileDamaged, VaultDamaged, VaultNewer
from companion.core.files import storage_trouble
from companion.core.ids import MediaName, VaultId
from companion.vault.backup import Source, proved_elsewhere
from companion.vault.connection import Connection
from companion.vault.engine import is_plain_sqlite, load_engine, typed_error
from companion.vault.exposure import inet_sockets, network_modules
from companion.vault.header import FORMAT, MAXIMUM_BYTES
from companion.vault.keyed import connect_keyed
from companion.vault.keyslots import KeyFile
from companion.vault.lockfile import Holder, holder
from companion.vault.presence import DATABASE, KEY_FILES
from companion.vault.shelf import BackupInfo, list_backups, verify
from companion.vault.soundness import find_faults
from companion.vault.staging import BACKUPS, MEDIA
from companion.vault.standing import Standing, look_around
from companion.vault.sync_watch import list_names

if TYPE_CHECKING:
    from companion.vault.keyslots import Slot

# Random bytes in the amounts read here stay above 7.97 bits a byte; text, JSON and plain databases below 7.
_LEAST_BITS: Final = 7.9
_SAMPLE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """One way to open the vault; costs are None where the secret is random and needs no slow step."""

    kind: str
    kdf: str
    memory_kib: int | None
    passes: int | None
    lanes: int | None


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """What is known without any secret. `size_bytes` is the database and the attachments, without backups.

    `conflict_copies` are second copies by a sync program, by their names alone.
    """

    vault_id: VaultId
    format: int
    generation: int
    slots: tuple[SlotInfo, ...]
    size_bytes: int
    last_backup: datetime | None
    locked_by: Holder | None
    conflict_copies: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFileCheck:
    """How many copies of the key file there are, and how many are whole and the newest one."""

    copies: int
    valid: int


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """One backup beside the vault, every byte of it read again."""

    file: Path
    ok: bool
    made_at: datetime | None
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What reading the whole vault showed; `faults` are SQLite's own lines and name no content.

    A search index that does not fit is not a fault of the vault: it is made anew from the entries.
    """

    key_file: KeyFileCheck
    cipher_pages_bad: int
    faults: tuple[str, ...]
    search_index_fits: bool
    media: int
    media_bad: tuple[MediaName, ...]
    backups: tuple[BackupCheck, ...]

    @property
    def integrity(self) -> str:
        """Either "ok" or "damaged"."""
        return "damaged" if self.faults else "ok"

    @property
    def ok(self) -> bool:
        """Nothing is wrong anywhere."""
        whole_keys = self.key_file.copies == self.key_file.valid == len(KEY_FILES)
        whole_vault = not (self.cipher_pages_bad or self.faults or self.media_bad)
        return whole_keys and whole_vault and all(backup.ok for backup in self.backups)


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file in the vault's folder: its name there and its size."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What the disk and the process say now. `inet_sockets` is None where the system cannot tell."""

    file_is_ciphertext: bool
    wrong_key_refused: bool
    cipher: str
    files: tuple[FileFact, ...]
    network_modules: tuple[str, ...]
    inet_sockets: tuple[str, ...] | None
    last_backup_proof: datetime | None
    standing: Standing

    @property
    def is_encrypted(self) -> bool:
        """Whether all that was looked at says that no word is readable without the key."""
        return self.file_is_ciphertext and self.wrong_key_refused

    @property
    def is_good(self) -> bool:
        """Whether every statement is true, what is said of backups left aside."""
        return self.is_encrypted and not self.network_modules and not self.inet_sockets and self.standing.is_good


def read_info(folder: Path) -> VaultInfo:
    """What the key file and the folder say. Raises NoVault, KeyFileDamaged, VaultNewer, StorageTrouble."""
    key_file = KeyFile.load(folder)
    backups = [info for info in list_backups(folder) if info.ok]
    return VaultInfo(
        vault_id=key_file.vault_id,
        format=FORMAT,
        generation=key_file.generation,
        slots=tuple(_slot(slot) for slot in key_file.slots),
        size_bytes=sum(fact.size_bytes for fact in list_files(folder) if fact.name.startswith((DATABASE, MEDIA + "/"))),
        last_backup=backups[0].made_at if backups else None,
        locked_by=holder(folder),
        conflict_copies=tuple(list_names(folder)),
    )


def check_vault(source: Source) -> CheckReport:
    """Read everything that the vault consists of. Raises StorageTrouble."""
    faults = find_faults(source.connection)
    names = list(source.media.names())
    shared, vault_id = (source.folder / BACKUPS / MEDIA,), source.key_file.vault_id
    return CheckReport(
        key_file=_check_key_files(source.folder, source.key_file),
        cipher_pages_bad=faults.pages,
        faults=faults.structure,
        search_index_fits=not faults.search_index,
        media=len(names),
        media_bad=tuple(name for name in names if not source.media.verify(name)),
        backups=tuple(
            BackupCheck(info.file, info.ok and verify(info, vault_id, source.key, shared), info.made_at, info.proved_at)
            for info in list_backups(source.folder)
        ),
    )


def prove_vault(source: Source, backups: list[BackupInfo]) -> ProofReport:
    """Look at the file on the disk and at this process. Raises StorageTrouble."""
    database = source.folder / DATABASE
    proofs = [info.proved_at for info in backups if info.ok and info.proved_at is not None]
    elsewhere = proved_elsewhere(source.connection)
    files = list_files(source.folder)
    return ProofReport(
        file_is_ciphertext=looks_encrypted(database),
        wrong_key_refused=refuses_wrong_key(database),
        cipher=_cipher(source.connection),
        files=tuple(files),
        network_modules=network_modules(),
        inet_sockets=inet_sockets(),
        last_backup_proof=max([*proofs, elsewhere] if elsewhere else proofs, default=None),
        standing=look_around(source, [fact.name for fact in files], backups),
    )


def looks_encrypted(path: Path) -> bool:
    """Whether the first 64 KiB are no SQLite header and as even as random bytes.

    Not while a transaction is open: closing any handle of a file ends SQLite's
    locks on it in this process (POSIX).
    """
    try:
        if is_plain_sqlite(path):
            return False
        with path.open("rb") as file:
            sample = file.read(_SAMPLE_BYTES)
    except OSError as error:
        raise storage_trouble(error, path) from error
    return _bits_per_byte(sample) >= _LEAST_BITS


def _bits_per_byte(sample: bytes) -> float:
    """Shannon entropy, corrected for the size of the sample (Miller 1955: (classes - 1) / (2 n ln 2))."""
    if not sample:
        return 0.0
    counts = Counter(sample)
    plain = -sum(n / len(sample) * math.log2(n / len(sample)) for n in counts.values())
    return min(8.0, plain + (len(counts) - 1) / (2 * len(sample) * math.log(2)))


def refuses_wrong_key(path: Path) -> bool:
    """Whether the file stays closed to a fresh random key. Raises EncryptionMissing, StorageTrouble."""
    engine = load_engine()
    wrong = bytearray(b"x'" + secrets.token_hex(48).encode() + b"'")
    raw = connect_keyed(path, wrong, "ro")
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except engine.Error as error:
        known = typed_error(error, path)
        if not isinstance(known, VaultDamaged):
            raise (known or error) from error
        return True
    finally:
        raw.close()
    return False


def list_files(folder: Path) -> list[FileFact]:
    """Every file of the vault's folder with its size, by name. Raises StorageTrouble."""
    try:
        found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return [FileFact(path.relative_to(folder).as_posix(), path.stat().st_size) for path in found]
    except OSError as error:
        raise storage_trouble(error, folder) from error


def _cipher(connection: Connection) -> str:
    version, cipher, mac = (
        connection.value(f"PRAGMA {name}") for name in ("cipher_version", "cipher", "cipher_hmac_algorithm")
    )
    return f"SQLCipher {version}, {cipher}, {mac}"


def _check_key_files(folder: Path, newest: KeyFile) -> KeyFileCheck:
    copies = valid = 0
    for name in KEY_FILES:
        try:
            with (folder / name).open("rb") as file:
                raw = file.read(MAXIMUM_BYTES + 1)
        except OSError:
            continue
        copies += 1
        try:
            valid += KeyFile.from_bytes(raw) == newest
        except (KeyFileDamaged, VaultNewer):
            continue
    return KeyFileCheck(copies, valid)


def _slot(slot: Slot) -> SlotInfo:
    if slot.cost is None:
        return SlotInfo(slot.kind, slot.kdf, None, None, None)
    return SlotInfo(slot.kind, slot.kdf, slot.cost.memory_kib, slot.cost.passes, slot.cost.lanes)
