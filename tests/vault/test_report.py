from __future__ import annotations

import io
import os
import socket
import sys
from pathlib import Path
from types import ModuleType

import pytest

from companion.core.errors import VaultDamaged
from companion.vault import report
from companion.vault.exposure import inet_sockets, network_modules
from companion.vault.lockfile import Holder
from companion.vault.report import looks_encrypted, refuses_wrong_key
from companion.vault.vault import Vault, restore
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault, flip, pages_with


def test_info_needs_no_secret_and_counts_what_is_there(
    vault: Vault, make_vault: MakeVault, clock: FakeClock, folder: Path
) -> None:
    vault.media.put(io.BytesIO(b"x" * 5000))
    info = make_vault().info()
    assert info.vault_id == vault.vault_id
    assert info.format == 1
    assert info.generation == 1
    assert [(slot.kind, slot.kdf, slot.memory_kib, slot.passes, slot.lanes) for slot in info.slots] == [
        ("passphrase", "argon2id", 8192, 1, 1)
    ]
    media = sum(path.stat().st_size for path in (folder / "media").rglob("*") if path.is_file())
    assert info.size_bytes == (folder / "vault.db").stat().st_size + media
    assert info.last_backup is None
    assert info.locked_by is not None
    assert info.locked_by.pid == os.getpid()
    assert info.locked_by.since == clock.now()
    assert isinstance(info.locked_by, Holder)
    vault.backup()
    vault.lock()
    after = vault.info()
    assert after.last_backup == clock.now()
    assert after.locked_by is None


def test_a_recovery_slot_has_no_cost(make_vault: MakeVault, passphrase: str) -> None:
    vault = make_vault()
    vault.create(passphrase, with_recovery=True)
    assert [(slot.kind, slot.kdf, slot.memory_kib) for slot in vault.info().slots] == [
        ("passphrase", "argon2id", 8192),
        ("recovery", "hkdf-sha256", None),
    ]


def test_a_whole_vault_passes_its_check(vault: Vault) -> None:
    vault.media.put(io.BytesIO(b"x"))
    vault.backup()
    found = vault.check()
    assert found.ok
    assert (found.key_file.copies, found.key_file.valid) == (2, 2)
    assert (found.cipher_pages_bad, found.integrity, found.faults) == (0, "ok", ())
    assert (found.media, found.media_bad) == (1, ())
    assert [backup.ok for backup in found.backups] == [True]


def test_every_bad_page_is_counted(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.preferences.put("long", "y" * 60000)
    vault.lock()
    pages = pages_with(folder, passphrase, b"y" * 4000)
    for page in (pages[0], pages[2], pages[5]):
        flip(folder / "vault.db", page * 4096 + 99)
    vault.unlock(passphrase)
    found = vault.check()
    assert found.cipher_pages_bad == 3
    assert found.integrity == "damaged"
    assert not found.ok


def test_a_bad_copy_of_the_key_file_is_counted(vault: Vault, folder: Path) -> None:
    (folder / "keys.bak.json").write_bytes(b"{}")
    found = vault.check()
    assert (found.key_file.copies, found.key_file.valid) == (2, 1)
    assert not found.ok
    (folder / "keys.bak.json").unlink()
    assert vault.check().key_file.copies == 1


def test_a_bad_attachment_is_named(vault: Vault) -> None:
    name = vault.media.put(io.BytesIO(b"x" * 100)).name
    vault.media.put(io.BytesIO(b"y"))
    flip(vault.media.path(name), 150)
    found = vault.check()
    assert found.media == 2
    assert found.media_bad == (name,)
    assert not found.ok


def test_the_backup_of_a_vault_that_was_here_before_is_no_damage(
    vault: Vault, make_vault: MakeVault, folder: Path, passphrase: str, tmp_path: Path, clock: FakeClock
) -> None:
    vault.backup()
    vault.lock()
    other = make_vault(tmp_path / "other.vault")
    other.create("another quiet evening")
    elsewhere = other.backup(tmp_path / "other.vbak").file
    restore(elsewhere, folder, "another quiet evening", clock)
    here = make_vault()
    here.unlock("another quiet evening")
    # Sealed under a key that is not here: every byte can be compared with its digest, and is.
    assert [backup.ok for backup in here.check().backups] == [True]
    assert here.check().ok
    former = here.backups()[0].file
    flip(former, former.stat().st_size // 2)
    assert [backup.ok for backup in here.check().backups] == [False]


def test_a_search_index_that_does_not_fit_is_not_a_damaged_vault(vault: Vault) -> None:
    db = vault.connection
    with db.transaction():
        db.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
        db.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
        db.execute("INSERT INTO words (rowid, text) VALUES (1, 'one two three')")
        db.execute("UPDATE words_content SET c0 = 'four five'")
    found = vault.check()
    assert not found.search_index_fits
    assert found.integrity == "ok"
    assert found.ok


# --- proof -------------------------------------------------------------------


def test_the_proof_reads_the_disk_and_the_process(vault: Vault, folder: Path, clock: FakeClock) -> None:
    found = vault.proof()
    assert found.file_is_ciphertext
    assert found.wrong_key_refused
    assert found.cipher.startswith("SQLCipher 4.")
    assert "AES-256-CBC, HMAC_SHA512" in found.cipher
    assert found.network_modules == ()
    assert found.last_backup_proof is None
    on_disk = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    assert {fact.name: fact.size_bytes for fact in found.files} == on_disk
    vault.backup()
    assert vault.proof().last_backup_proof == clock.now()


def test_a_backup_elsewhere_counts_as_proof(vault: Vault, tmp_path: Path, clock: FakeClock) -> None:
    vault.backup()
    clock.move(days=1)
    vault.backup(tmp_path / "a.vbak")
    assert vault.proof().last_backup_proof == clock.now()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SQLite format 3\0" + os.urandom(8000),
        b"text that anyone can read. " * 400,
        bytes(9000),
        b'{"a": 1}' * 999,
    ],
    ids=["empty", "plain database", "text", "zeros", "json"],
)
def test_what_can_be_read_is_not_called_encrypted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert not looks_encrypted(path)


@pytest.mark.parametrize("size", [8192, 20_000, 70_000])
def test_random_bytes_of_any_size_look_encrypted(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(size))
    assert looks_encrypted(path)


def test_a_file_that_opens_with_any_key_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "empty.db"
    path.touch()  # an empty file opens with every key
    assert not refuses_wrong_key(path)


def test_a_disk_fault_is_not_taken_for_a_refused_key(
    vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Locked(Exception):
        pass

    monkeypatch.setattr(report, "typed_error", lambda *_: Locked())
    with pytest.raises(Locked):
        refuses_wrong_key(folder / "vault.db")


# --- exposure ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("import socket", True),
        ("import os, urllib.request", True),
        ("from http import client", True),
        ("from PySide6 import QtNetwork", True),
        ("from PySide6.QtNetwork import QTcpSocket", True),
        ("def late():\n    import ssl\n", True),
        ("import json", False),
        ("from PySide6 import QtWidgets", False),
        ("text = 'import socket'", False),
        ("import sockets_of_our_own", False),
        ("this is no Python", True),
    ],
)
def test_imports_of_network_modules_are_found_in_the_code(tmp_path: Path, code: str, counts: bool) -> None:
    package = tmp_path / "companion"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "inner" / "__init__.py").write_text(code)
    (package / "inner" / "plain.py").write_text("import json")
    assert network_modules(package) == (("companion.inner",) if counts else ())


def test_our_own_code_has_none() -> None:
    assert network_modules() == ()


def test_a_network_module_in_the_globals_of_a_loaded_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    sneaky = ModuleType("companion.sneaky")
    sneaky.__dict__["hidden"] = socket
    monkeypatch.setitem(sys.modules, "companion.sneaky", sneaky)
    assert network_modules() == ("companion.sneaky",)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say")
def test_an_open_internet_socket_is_seen_and_others_are_not() -> None:
    before = inet_sockets()
    assert before is not None
    left, right = socket.socketpair()
    with left, right:
        assert inet_sockets() == before
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as fresh:
        after = inet_sockets()
        assert after is not None
        assert sorted(after) == sorted([*before, "inet unbound"])
        fresh.bind(("127.0.0.1", 0))
        fresh.listen()
        port = fresh.getsockname()[1]
        named = inet_sockets()
        assert named is not None
        assert f"tcp 0100007F:{port:04X}" in named
    assert inet_sockets() == before


def test_damage_is_reported_by_the_check_and_raised_by_reading(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.preferences.put("long", "y" * 9000)
    vault.lock()
    flip(folder / "vault.db", pages_with(folder, passphrase, b"y" * 4000)[0] * 4096 + 99)
    vault.unlock(passphrase)
    assert not vault.check().ok
    with pytest.raises(VaultDamaged):
        vault.preferences.get("long")
    assert vault.connection.value("SELECT value FROM vault_meta WHERE key='vault_id'") == vault.vault_id
