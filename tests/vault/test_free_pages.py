"""After a power cut, pages that belong to nothing can be half written: no page of the journal brings those back."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaigns.pages import database_key, free_leaves, plain_pages
from companion.core.errors import VaultDamaged
from companion.vault.vault import Vault

PAGE = 4096


@pytest.fixture
def torn(vault: Vault, folder: Path, passphrase: str) -> Path:
    """A vault with 40 half-written free pages, and the journal that the cut left; the vault is locked."""
    vault.preferences.put("kept", "still here")
    for number in range(6):
        vault.preferences.put(f"long{number}", "x" * 30_000)
    for number in range(6):
        vault.preferences.remove(f"long{number}")
    vault.connection.leftovers = None  # else the file would be written anew without them
    vault.lock()
    path = folder / "vault.db"
    free = free_leaves(list(plain_pages(path, database_key(folder, passphrase))))
    assert len(free) > 30
    raw = bytearray(path.read_bytes())
    for number in free:
        raw[(number - 1) * PAGE : (number - 1) * PAGE + 512] = bytes(512)
    path.write_bytes(raw)
    (folder / "vault.db-journal").write_bytes(bytes(512))
    return path


def test_half_written_free_pages_are_put_right_at_the_next_opening(
    torn: Path, vault: Vault, passphrase: str, tmp_path: Path
) -> None:
    pages = torn.stat().st_size // PAGE
    vault.unlock(passphrase)
    assert vault.preferences.get("kept", None) == "still here"
    report = vault.check()
    assert (report.cipher_pages_bad, report.faults) == (0, ())
    assert vault.backup(tmp_path / "copy.vbak").file.exists()
    assert torn.stat().st_size // PAGE <= pages + 1
    vault.lock()
    assert not torn.with_name("vault.db-journal").exists()


def test_a_bad_page_that_is_not_free_stays_what_it_is(torn: Path, vault: Vault, passphrase: str) -> None:
    vault.unlock(passphrase)
    vault.lock()
    raw = bytearray(torn.read_bytes())
    raw[PAGE + 100] ^= 1  # page 2 belongs to a table
    torn.write_bytes(raw)
    torn.with_name("vault.db-journal").write_bytes(bytes(512))
    try:
        vault.unlock(passphrase)
        assert not vault.check().ok
    except VaultDamaged:
        assert not vault.is_open
