"""Vaults and backups that released versions wrote: each opens, moves to the schema of now, and holds what it held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from companion.core.clock import SystemClock
from companion.journal.service import JournalService
from companion.vault.header import Cost
from companion.vault.migrations import load_steps, schema_of
from companion.vault.vault import Vault, restore
from scripts import read_without_companion as reader
from scripts.make_golden import PASSPHRASE, truth_of, unpack

GOLDEN = sorted((Path(__file__).resolve().parents[1] / "golden").glob("*.json"))
MADE_ONCE = {"version", "recovery"}


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text(encoding="utf-8"))


@pytest.fixture
def golden(document: dict[str, Any], tmp_path: Path) -> Path:
    return unpack(document, tmp_path / "golden")


@pytest.fixture
def truth(document: dict[str, Any]) -> dict[str, Any]:
    return document["truth"]


def opened(folder: Path, secret: str, *, recovery: bool = False) -> tuple[Vault, JournalService]:
    vault = Vault(folder, SystemClock(), cost=Cost(8192, 1, 1))
    if recovery:
        vault.unlock_with_recovery(secret)
    else:
        vault.unlock(secret)
    journal = JournalService(vault, SystemClock())
    journal.after_unlock()
    return vault, journal


def must_hold(folder: Path, truth: dict[str, Any], secret: str, *, recovery: bool = False) -> None:
    """All words, files and choices are there, under the newest schema, and nothing is wrong with them."""
    vault, journal = opened(folder, secret, recovery=recovery)
    try:
        found = json.loads(json.dumps(truth_of(vault, journal)))
        assert found == {name: value for name, value in truth.items() if name not in MADE_ONCE}
        assert schema_of(vault.connection) == len(load_steps())
        assert vault.check().ok
        assert journal.verify().entries_bad == ()
        journal.add(journal.entry(next(iter(truth["entries"]))).content)
    finally:
        vault.lock()


def test_a_released_vault_opens_with_all_it_held(golden: Path, truth: dict[str, Any]) -> None:
    must_hold(golden / "a.vault", truth, PASSPHRASE)


def test_a_released_recovery_key_opens_it_too(golden: Path, truth: dict[str, Any]) -> None:
    must_hold(golden / "a.vault", truth, truth["recovery"], recovery=True)


def test_a_released_backup_comes_back_with_all_it_held(golden: Path, truth: dict[str, Any], tmp_path: Path) -> None:
    result = restore(golden / "outside.vbak", tmp_path / "back.vault", PASSPHRASE, SystemClock())
    assert (result.media_missing, result.media) == (0, len(truth["files"]))
    must_hold(tmp_path / "back.vault", truth, PASSPHRASE)


def test_a_released_vault_is_read_without_companion(golden: Path, truth: dict[str, Any]) -> None:
    key_file, database, media = reader.gathered(golden / "a.vault")
    master = reader.master_key(key_file, passphrase=PASSPHRASE)
    plain = reader.plain_database(database, master, bytes.fromhex(json.loads(key_file)["cipher_salt"]))
    words = {row[0]: row[7] for row in reader.rows(plain, reader.ENTRIES)}
    assert words == {name: entry["text"] for name, entry in truth["entries"].items()}
    assert len(media) == len(truth["files"])


def test_the_vault_of_every_released_version_is_here() -> None:
    assert {path.stem for path in GOLDEN} >= {"0.1.0"}
