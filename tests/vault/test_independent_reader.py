"""No lock-in: a reader that shares no code with Companion opens its vault, attachments and backups."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cryptography
import pytest
from cryptography.exceptions import InvalidTag

from companion.journal.service import JournalService
from companion.vault.vault import Vault
from scripts import read_without_companion as reader
from tests.build import content
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault, flip

TEXT = "The bus was late. I sat in the sun and that was all right. "
LONG = TEXT * 400  # more than one page, so that overflow pages are read too
PHOTO = bytes(range(256)) * 5000  # one whole chunk and part of another


@dataclass(frozen=True)
class Made:
    """A locked vault of ours, and what opens it."""

    folder: Path
    backup: Path
    recovery: str
    media: str

    @property
    def key_file(self) -> bytes:
        return (self.folder / "keys.json").read_bytes()

    @property
    def database(self) -> bytes:
        return (self.folder / "vault.db").read_bytes()

    @property
    def salt(self) -> bytes:
        return bytes.fromhex(json.loads(self.key_file)["cipher_salt"])


@pytest.fixture(params=["as it was made", "after a rotation"])
def made(
    request: pytest.FixtureRequest, make_vault: MakeVault, passphrase: str, clock: FakeClock, tmp_path: Path
) -> Made:
    vault: Vault = make_vault()
    recovery = vault.create(passphrase, with_recovery=True)
    assert recovery is not None
    journal = JournalService(vault, clock)
    journal.add(content(TEXT, title="A bus", tags=("town",)))
    journal.add(content(LONG, days_ago=1))
    stored = vault.media.put(io.BytesIO(PHOTO))
    if request.param == "after a rotation":
        recovery = vault.rotate(passphrase, passphrase)
        vault.finish_rotation()
        assert recovery is not None
        (name,) = vault.media.names()
    else:
        name = stored.name
    backup = vault.backup(tmp_path / "outside.vbak").file
    vault.lock()
    return Made(vault.folder, backup, recovery, name)


def test_the_reader_knows_nothing_of_ours() -> None:
    tree = ast.parse(Path(reader.__file__).read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in named} == {
        *("base64", "getpass", "hashlib", "hmac", "json", "pathlib", "sqlite3", "struct", "sys", "unicodedata"),
        "cryptography",
    }


def test_with_the_passphrase_every_page_is_authentic_and_the_words_are_there(made: Made, passphrase: str) -> None:
    assert made.database[:16] == made.salt
    assert TEXT.encode() not in made.database
    master = reader.master_key(made.key_file, passphrase=passphrase)
    plain = reader.plain_database(made.database, master, made.salt)
    assert plain.startswith(b"SQLite format 3\0")
    assert TEXT.encode() in plain
    entries = reader.rows(plain, "SELECT title, text, labels FROM entry WHERE state = 0 ORDER BY seq DESC")
    assert entries == [("A bus", TEXT, "town"), ("", LONG, "")]
    assert reader.rows(plain, "PRAGMA integrity_check") == [("ok",)]


def test_the_database_and_the_key_file_name_each_other(made: Made, passphrase: str) -> None:
    plain = reader.plain_database(made.database, reader.master_key(made.key_file, passphrase=passphrase), made.salt)
    meta = dict(reader.rows(plain, "SELECT key, value FROM vault_meta"))
    members = json.loads(made.key_file)
    assert (meta["vault_id"], meta["header_generation"]) == (members["vault_id"], str(members["generation"]))
    assert reader.rows(plain, "PRAGMA application_id") == [(int.from_bytes(b"CMPN", "big"),)]


def test_the_recovery_key_on_paper_is_enough(made: Made, passphrase: str) -> None:
    assert reader.master_key(made.key_file, recovery=made.recovery) == reader.master_key(
        made.key_file, passphrase=passphrase
    )


def test_the_database_opens_although_its_first_bytes_are_lost(made: Made, passphrase: str) -> None:
    master = reader.master_key((made.folder / "keys.bak.json").read_bytes(), passphrase=passphrase)
    spoiled = bytes(16) + made.database[16:]
    assert TEXT.encode() in reader.plain_database(spoiled, master, made.salt)


def test_an_attached_file(made: Made, passphrase: str) -> None:
    master = reader.master_key(made.key_file, passphrase=passphrase)
    raw = (made.folder / "media" / made.media[:2] / made.media).read_bytes()
    assert PHOTO[:64] not in raw
    assert reader.plain_attachment(raw, made.media, master) == PHOTO


def test_a_backup_alone_is_enough(made: Made, passphrase: str) -> None:
    key_file, database, media, manifest, mac = reader.unpacked(made.backup.read_bytes())
    master = reader.master_key(key_file, passphrase=passphrase)
    plain = reader.plain_database(database, master, bytes.fromhex(json.loads(key_file)["cipher_salt"]))
    assert reader.rows(plain, "SELECT count(*) FROM entry WHERE state = 0") == [(2,)]
    assert {name: reader.plain_attachment(raw, name, master) for name, raw in media.items()} == {made.media: PHOTO}
    assert reader.sealed_figures(manifest, mac, master)["tables"]["entry"] == 2


@pytest.mark.parametrize("source", ["folder", "backup"])
def test_as_a_program_it_gives_every_word_and_file(made: Made, passphrase: str, tmp_path: Path, source: str) -> None:
    (tmp_path / "files").mkdir()
    place = made.folder if source == "folder" else made.backup
    for secret, more in ((passphrase, ()), (made.recovery, ("--recovery",))):
        told = subprocess.run(
            [sys.executable, "-S", reader.__file__, place, *more, "--files", tmp_path / "files"],
            input=f"{secret}\n".encode(),
            capture_output=True,
            check=True,
            env={"PYTHONPATH": os.path.dirname(os.path.dirname(cryptography.__file__))},
        )
        assert [entry["text"] for entry in json.loads(told.stdout)] == [LONG, TEXT]
        assert [path.read_bytes() for path in (tmp_path / "files").iterdir()] == [PHOTO]


def test_the_reader_itself_can_fail(made: Made, passphrase: str) -> None:
    with pytest.raises(InvalidTag):
        reader.master_key(made.key_file, passphrase=passphrase + ".")
    with pytest.raises(ValueError, match="check"):
        reader.master_key(made.key_file.replace(b'"generation": ', b'"generation": 1'), passphrase=passphrase)
    master = reader.master_key(made.key_file, passphrase=passphrase)
    flip(made.folder / "vault.db", 2 * 4096 + 100)
    with pytest.raises(ValueError, match="page 3"):
        reader.plain_database(made.database, master, made.salt)
