"""Each row of the table of errors in the design: what is seen, what it means, and that nothing was written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.errors import (
    BackupDamaged,
    CompanionError,
    DiskFull,
    DiskReadOnly,
    DiskUnreachable,
    EncryptionMissing,
    KeyFileDamaged,
    KeyFileRolledBack,
    NoVault,
    ReadOnlyVault,
    VaultDamaged,
    VaultExists,
    VaultInUse,
    VaultLocked,
    VaultNewer,
    VaultReplaced,
    WrongSecret,
)
from companion.vault.connection import create_database
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.vault import Vault
from tests.vault.conftest import MakeVault, flip, pages_with

Spoil = Callable[[Path], None]


@pytest.fixture
def filled(vault: Vault) -> Vault:
    """Locked, with enough in it for several pages, and one backup."""
    vault.preferences.put("mark", 1)
    for number in range(40):
        vault.preferences.put(f"page {number}", "x" * 3000)
    vault.backup()
    vault.lock()
    return vault


def unlock_fails(vault: Vault, passphrase: str) -> CompanionError:
    """The error of unlocking, after which every file of the vault is as it was before."""
    kept = ("vault.db", "vault.db-journal", "keys.json", "keys.bak.json")

    def state() -> dict[str, bytes | None]:
        return {name: path.read_bytes() if (path := vault.folder / name).exists() else None for name in kept}

    before = state()
    with pytest.raises(CompanionError) as caught:
        vault.unlock(passphrase)
    assert state() == before
    assert not vault.is_open
    return caught.value


# --- no slot opens -------------------------------------------------------------


def test_wrong_passphrase(filled: Vault) -> None:
    error = unlock_fails(filled, "not the passphrase")
    assert type(error) is WrongSecret
    assert error.exit_code == 3


def test_a_wrong_passphrase_on_a_damaged_file_is_a_wrong_passphrase(filled: Vault) -> None:
    flip(filled.folder / "vault.db", 100)
    assert type(unlock_fails(filled, "not the passphrase")) is WrongSecret


# --- slot opens, NOTADB ----------------------------------------------------------


def overwrite(content: bytes) -> Spoil:
    return lambda path: path.write_bytes(content) and None


def other_cipher_file(path: Path) -> None:
    path.unlink()
    other = create_database(path, MasterKey.new(), os.urandom(16))
    other.execute("CREATE TABLE t (a)")
    other.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: flip(path, 100),
        lambda path: flip(path, 4090),
        overwrite(os.urandom(8192)),
        overwrite(b"only a few bytes"),
        other_cipher_file,
    ],
    ids=["page 1", "page 1 reserve", "random", "short", "another key"],
)
def test_right_passphrase_and_unreadable_file_is_damage(filled: Vault, passphrase: str, spoil: Spoil) -> None:
    spoil(filled.folder / "vault.db")
    error = unlock_fails(filled, passphrase)
    assert type(error) is VaultDamaged
    assert error.exit_code == 4
    assert error.backup == filled.backups()[0].file


def test_of_a_damaged_file_one_copy_is_kept(filled: Vault, passphrase: str) -> None:
    database, quarantine = filled.folder / "vault.db", filled.folder / "quarantine"
    flip(database, 100)
    for _ in range(3):
        unlock_fails(filled, passphrase)
    (copy,) = quarantine.iterdir()
    assert copy.read_bytes() == database.read_bytes()
    flip(database, 300)
    unlock_fails(filled, passphrase)
    assert len(list(quarantine.iterdir())) == 2


# --- CORRUPT -----------------------------------------------------------------------


def test_a_cut_file_is_damage(filled: Vault, passphrase: str) -> None:
    path = filled.folder / "vault.db"
    os.truncate(path, path.stat().st_size // 2)
    error = unlock_fails(filled, passphrase)
    assert type(error) is VaultDamaged
    assert error.backup is not None


def test_a_damaged_page_is_found_at_reading_and_by_the_check(filled: Vault, passphrase: str) -> None:
    page = pages_with(filled.folder, passphrase, b"x" * 2000)[0]
    flip(filled.folder / "vault.db", page * 4096 + 99)
    filled.unlock(passphrase)
    report = filled.check()
    assert report.cipher_pages_bad == 1
    assert not report.ok

    def read_all() -> list[str]:
        return [filled.preferences.get(f"page {number}") for number in range(40)]

    with pytest.raises(VaultDamaged):
        read_all()


# --- lost or replaced ------------------------------------------------------------------


def plain_database(path: Path) -> None:
    import sqlite3

    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE vault_meta (key, value)")
    other.commit()
    other.close()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(Path.unlink, "missing"), (overwrite(b""), "empty"), (plain_database, "plain")],
    ids=["missing", "empty", "plain sqlite"],
)
def test_a_lost_file_is_never_filled_anew(
    filled: Vault, make_vault: MakeVault, passphrase: str, spoil: Spoil, reason: str
) -> None:
    spoil(filled.folder / "vault.db")
    error = unlock_fails(filled, passphrase)
    assert type(error) is VaultReplaced
    assert error.reason == reason
    assert error.backup == filled.backups()[0].file
    with pytest.raises(VaultExists):
        make_vault().create(passphrase)
    assert not (filled.folder / "quarantine").exists()


def rewrite(vault: Vault, passphrase: str, *statements: str, fresh: bool = False) -> None:
    """Change the database with the right key, as no Companion would."""
    key_file = KeyFile.load(vault.folder)
    path = vault.folder / "vault.db"
    raw = path.read_bytes()
    path.unlink()
    other = create_database(path, key_file.unlock(passphrase), key_file.cipher_salt)
    if not fresh:
        other.close()
        path.write_bytes(raw)
        path.rename(path.with_name("kept"))
        vault_db = path.with_name("kept")
        from companion.core.ids import VaultId
        from companion.vault.connection import open_database
        from companion.vault.guards import Identity

        other = open_database(
            vault_db, key_file.unlock(passphrase), key_file.cipher_salt, Identity(VaultId(key_file.vault_id))
        )
    for statement in statements:
        other.execute(statement)
    other.close()
    if not fresh:
        vault_db.rename(path)


@pytest.mark.parametrize(
    ("statements", "fresh", "reason"),
    [
        (("PRAGMA user_version=1",), True, "no-tables"),
        (("CREATE TABLE t (a)",), True, "application-id"),
        (("PRAGMA application_id=7",), False, "application-id"),
        (("DROP TABLE vault_meta",), False, "no-tables"),
        (("UPDATE vault_meta SET value='b' WHERE key='vault_id'",), False, "other-vault"),
        (("DELETE FROM vault_meta",), False, "other-vault"),
    ],
    ids=["no tables", "foreign", "application id", "no meta table", "other vault", "empty meta table"],
)
def test_a_readable_file_that_is_not_this_vault_is_replaced(
    filled: Vault, passphrase: str, statements: tuple[str, ...], fresh: bool, reason: str
) -> None:
    rewrite(filled, passphrase, *statements, fresh=fresh)
    error = unlock_fails(filled, passphrase)
    assert type(error) is VaultReplaced
    assert error.reason == reason


# --- key file ----------------------------------------------------------------------


def test_no_copy_of_the_key_file_can_be_read(filled: Vault, passphrase: str) -> None:
    for name in ("keys.json", "keys.bak.json"):
        (filled.folder / name).write_bytes(b"{}")
    error = unlock_fails(filled, passphrase)
    assert type(error) is KeyFileDamaged
    assert error.backup is not None


def test_an_older_key_file(filled: Vault, passphrase: str) -> None:
    old = (filled.folder / "keys.json").read_bytes()
    filled.change_passphrase(passphrase, "another quiet evening")
    for name in ("keys.json", "keys.bak.json"):
        (filled.folder / name).write_bytes(old)
    assert type(unlock_fails(filled, passphrase)) is KeyFileRolledBack


def test_no_vault(make_vault: MakeVault, passphrase: str) -> None:
    with pytest.raises(NoVault) as caught:
        make_vault().unlock(passphrase)
    assert caught.value.exit_code == 8


# --- another instance ------------------------------------------------------------------


def test_open_elsewhere(filled: Vault, make_vault: MakeVault, passphrase: str) -> None:
    filled.unlock(passphrase)
    error = unlock_fails(make_vault(), passphrase)
    assert type(error) is VaultInUse
    assert error.exit_code == 6


# --- the disk --------------------------------------------------------------------------


def test_full_disk_is_its_own_error(small_disk: Callable[[str], Path], make_vault: MakeVault, passphrase: str) -> None:
    vault = make_vault(small_disk("3m") / "v")
    vault.create(passphrase)

    def fill() -> None:
        for number in range(400):
            vault.preferences.put(str(number), "x" * 9000)

    with pytest.raises(DiskFull) as caught:
        fill()
    assert caught.value.exit_code == 7


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_without_permission(make_vault: MakeVault, passphrase: str, folder: Path) -> None:
    folder.parent.mkdir(mode=0o500, parents=True)
    with pytest.raises(DiskReadOnly):
        make_vault().create(passphrase)


def test_a_place_that_cannot_be_reached(make_vault: MakeVault, passphrase: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DiskUnreachable):
        make_vault(tmp_path / "file" / "v").create(passphrase)


# --- encryption ------------------------------------------------------------------------


def test_encryption_is_missing(filled: Vault, passphrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from companion.vault import engine

    monkeypatch.setattr(engine, "KNOWN_CIPHER_MAJOR", "5")
    error = unlock_fails(filled, passphrase)
    assert type(error) is EncryptionMissing
    assert error.exit_code == 9


def test_every_row_has_its_own_class_and_promised_exit_code() -> None:
    promised: dict[type[CompanionError], int] = {
        WrongSecret: 3,
        VaultLocked: 3,
        VaultDamaged: 4,
        VaultReplaced: 4,
        KeyFileDamaged: 4,
        KeyFileRolledBack: 4,
        VaultNewer: 4,
        BackupDamaged: 4,
        VaultInUse: 6,
        DiskFull: 7,
        DiskReadOnly: 7,
        DiskUnreachable: 7,
        ReadOnlyVault: 7,
        NoVault: 8,
        VaultExists: 8,
        EncryptionMissing: 9,
    }
    assert {kind: kind.exit_code for kind in promised} == promised
    for kind in (VaultDamaged, VaultReplaced, KeyFileDamaged, VaultInUse, DiskFull, EncryptionMissing):
        assert not issubclass(kind, WrongSecret)


def test_nothing_is_printed_about_a_damaged_file(
    filled: Vault, passphrase: str, capfd: pytest.CaptureFixture[str]
) -> None:
    flip(filled.folder / "vault.db", 100)
    unlock_fails(filled, passphrase)
    assert capfd.readouterr() == ("", "")


def test_each_row_says_something_else_and_damage_never_blames_the_passphrase() -> None:
    from companion.core.errors import NotEnoughMemory
    from companion.ui.messages import words_for

    damaged = {
        VaultDamaged("not-a-database"): "This file is damaged and we can't open it.",
        VaultDamaged("nothing-left"): "Nothing in this space can be read any more.",
        VaultReplaced("empty"): "The file with your notes is missing, empty or another one.",
        KeyFileDamaged("checksum"): "The key file is damaged. It is not your passphrase.",
        KeyFileRolledBack("key-file-older"): "The key file is older than the notes it belongs to.",
    }
    others = [WrongSecret(), NotEnoughMemory(), VaultInUse(), DiskFull(), DiskReadOnly(), EncryptionMissing("x")]
    assert {error: words_for(error).joined().startswith(title) for error, title in damaged.items()} == dict.fromkeys(
        damaged, True
    )
    said = [words_for(error).joined() for error in (*damaged, *others)]
    assert len(set(said)) == len(said)
    assert not [line for line in said[: len(damaged)] if "didn't open it" in line or "Caps Lock" in line]
    assert "damaged" not in words_for(WrongSecret()).joined()
