from __future__ import annotations

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from companion.core.errors import EncryptionMissing, VaultReplaced
from companion.vault import engine
from companion.vault.guards import guard_file, settle
from companion.vault.keyed import connect_keyed
from companion.vault.vault import Vault

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_SQLITE = ctypes.util.find_library("sqlite3")

TRY_EVERYTHING = """
import sys
from pathlib import Path
if "global" in sys.argv:
    import ctypes
    ctypes.CDLL(sys.argv[2], mode=ctypes.RTLD_GLOBAL)
from companion.core.clock import SystemClock
from companion.core.errors import EncryptionMissing
from companion.vault.keyed import connect_keyed
from companion.vault.keyslots import Cost
from companion.vault.vault import Vault
folder = Path(sys.argv[1])
vault = Vault(folder, SystemClock(), cost=Cost(8192, 1, 1))
def attempts():
    yield lambda: vault.create("slow tea by the window")
    yield lambda: vault.unlock("slow tea by the window")
    yield lambda: connect_keyed(folder / "vault.db", bytearray(b"x'" + b"1" * 96 + b"'"), "rw")
for attempt in attempts():
    try:
        attempt()
        print("went on")
    except EncryptionMissing as error:
        print("refused", error.exit_code, error.reason)
    except Exception as error:
        print("other", type(error).__name__)
"""


def run(folder: Path, *arguments: str, **environ: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", TRY_EVERYTHING, str(folder), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environ},
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.skipif(SYSTEM_SQLITE is None or sys.platform != "linux", reason="needs a system libsqlite3")
@pytest.mark.parametrize("way", ["preload", "global"])
def test_another_sqlite_in_our_place_is_refused_and_nothing_is_written(tmp_path: Path, way: str) -> None:
    assert SYSTEM_SQLITE is not None
    folder = tmp_path / "v"
    seen = run(folder, LD_PRELOAD=SYSTEM_SQLITE) if way == "preload" else run(folder, SYSTEM_SQLITE, "global")
    # There is no vault, so opening one finds none; that comes before the library is asked for anything.
    assert seen == ["refused 9 not-sqlcipher", "other NoVault", "refused 9 not-sqlcipher"]
    assert not folder.exists()


@pytest.mark.skipif(SYSTEM_SQLITE is None or sys.platform != "linux", reason="needs a system libsqlite3")
def test_another_sqlite_in_our_place_leaves_an_existing_vault_as_it_is(vault: Vault) -> None:
    assert SYSTEM_SQLITE is not None
    vault.lock()
    before = {path.name: path.read_bytes() for path in vault.folder.iterdir() if path.is_file()}
    seen = run(vault.folder, LD_PRELOAD=SYSTEM_SQLITE)
    assert seen == ["refused 9 not-sqlcipher"] * 3
    assert {path.name: path.read_bytes() for path in vault.folder.iterdir() if path.is_file()} == before


def test_a_broken_openssl_configuration_does_not_shut_anyone_out(tmp_path: Path) -> None:
    broken = tmp_path / "openssl.cnf"
    broken.write_text("openssl_conf = nowhere\n[nowhere]\nproviders = none\n[none\n")
    folder = tmp_path / "v"
    folder.mkdir()
    assert run(folder, OPENSSL_CONF=str(broken))[:2] == ["went on", "went on"]


def test_a_library_that_cannot_be_loaded_is_missing_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(EncryptionMissing) as caught:
        engine.load_engine()
    assert caught.value.reason == "not-loadable"


def test_an_old_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(EncryptionMissing) as caught:
        engine.load_engine()
    assert caught.value.reason == "sqlite-too-old"


class Answers:
    """A connection that answers each pragma as it is told."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def execute(self, sql: str) -> Answers:
        self.asked.append(sql.removeprefix("PRAGMA "))
        return self

    def fetchall(self) -> list[tuple[object, ...]]:
        return []

    def fetchone(self) -> tuple[object, ...] | None:
        answer = self.answers.get(self.asked[-1])
        return None if answer is None else (answer,)


@pytest.mark.parametrize("version", [None, "", "5.0.0 community", "3.4.2"])
def test_no_cipher_or_an_unknown_one_is_refused(version: str | None) -> None:
    with pytest.raises(EncryptionMissing):
        engine.require_cipher(Answers(cipher_version=version))  # type: ignore[arg-type]


def test_a_setting_that_does_not_hold_is_refused() -> None:
    with pytest.raises(EncryptionMissing) as caught:
        settle(Answers(temp_store=1))  # type: ignore[arg-type]
    assert caught.value.reason == "pragma-temp_store"


def test_a_key_that_is_not_taken_is_refused_and_wiped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(Exception):
        pass

    class Raw(Answers):
        is_closed = False

        def set_key(self, key: bytearray) -> None:
            raise Refused

        def close(self) -> None:
            self.is_closed = True

    raw = Raw(cipher_version="4.19.0")
    library = SimpleNamespace(Error=Refused, connect=lambda *_, **__: raw)
    monkeypatch.setattr("companion.vault.keyed.load_engine", lambda: library)
    key = bytearray(b"secret")
    with pytest.raises(EncryptionMissing) as caught:
        connect_keyed(tmp_path / "vault.db", key, "rw")
    assert caught.value.reason == "key-refused"
    assert raw.is_closed
    assert key == bytes(6)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "missing"), (b"", "empty"), (b"SQLite format 3\0" + b"x" * 4080, "plain")],
)
def test_a_file_that_is_lost_or_replaced_is_told_before_it_is_opened(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "vault.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VaultReplaced) as caught:
        guard_file(path)
    assert caught.value.reason == reason
    assert (path.read_bytes() if path.exists() else None) == content
