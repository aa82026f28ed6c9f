"""Where the database would not be encrypted, or is not this vault's, the program refuses and writes nothing.

Each case is prepared in a data folder; then the real command line is run on it,
with real commands that would write, and must end with the promised exit code
while every file stays as it was, byte for byte.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaigns import ground
from campaigns.children import PATIENCE_S, ROOT
from campaigns.outcome import Outcome, Size, Tally, side_by_side
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile
from companion.vault.connection import create_database
from companion.vault.guards import APPLICATION_ID
from companion.vault.keyslots import KeyFile

NAME = "guards"
PASSES = "refused with the promised exit code, no traceback, every file as it was"
CANARY = "zephyrquill"
VAULT = "a.vault"
MAY_CHANGE = {"vault.lock"}
START = "import sys; from companion.__main__ import main; sys.exit(main(sys.argv[1:]))"
SYSTEM_SQLITE = ctypes.util.find_library("sqlite3") if sys.platform == "linux" else None

ADD = ("journal", "add", "--passphrase-stdin")
ACTS: dict[str, tuple[Sequence[str], str]] = {
    "add": (ADD, f"{ground.PASSPHRASE}\nThe {CANARY} must stay inside.\n"),
    "check": (("vault", "check", "--passphrase-stdin"), f"{ground.PASSPHRASE}\n"),
    "back up": (("vault", "backup", "--passphrase-stdin"), f"{ground.PASSPHRASE}\n"),
    "passphrase": (("vault", "passphrase", "--passphrase-stdin"), f"{ground.PASSPHRASE}\nnine quiet otters at noon\n"),
    "create": (("vault", "create", "--passphrase-stdin"), f"{ground.PASSPHRASE}\n"),
}
EXISTING = ("add", "check", "back up", "passphrase")


@dataclass(frozen=True, slots=True)
class Case:
    """What is wrong, how the program is started, and how it must end."""

    exit_code: int
    spoil: Callable[[Path], object] = lambda _: None
    start: str = START
    environ: Mapping[str, str] = field(default_factory=dict)
    acts: Sequence[str] = EXISTING
    has_vault: bool = True
    keeps_a_copy: bool = False
    opens: bool = False  # for reading, so it is remembered as the vault used last


# --- what is wrong -----------------------------------------------------------


def _plain_database(folder: Path) -> None:
    """As a person with good intentions, or a bug, would leave it: our tables, unencrypted."""
    (folder / "vault.db").unlink()
    plain = sqlite3.connect(folder / "vault.db")
    plain.execute("CREATE TABLE vault_meta (key TEXT PRIMARY KEY, value TEXT)")
    plain.execute("CREATE TABLE preference (key TEXT PRIMARY KEY, value TEXT)")
    plain.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    plain.commit()
    plain.close()


def _with_our_key(folder: Path, *statements: str) -> None:
    """A new database under this vault's key, with something else in it."""
    (folder / "vault.db").unlink()
    key_file = KeyFile.load(folder)
    connection = create_database(folder / "vault.db", key_file.unlock(ground.PASSPHRASE), key_file.cipher_salt)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def _change(folder: Path, statement: str) -> None:
    with ground.opened(folder) as (vault, _):
        vault.connection.execute(statement)


def _other_vaults_database(folder: Path) -> None:
    other = folder.with_name("other.vault")
    ground.make_journal(other, ground.chance(NAME, 1), 3)
    shutil.move(other / "vault.db", folder / "vault.db")
    shutil.rmtree(other)


def _older_key_file(folder: Path) -> None:
    """A sync program brought back a key file that a former passphrase opens."""
    old = {name: (folder / name).read_bytes() for name in ("keys.json", "keys.bak.json")}
    vault = ground.vault_at(folder)
    vault.change_passphrase(ground.PASSPHRASE, "nine quiet otters at noon")
    for name, raw in old.items():
        (folder / name).write_bytes(raw)


def _no_key_file(folder: Path) -> None:
    for name in ("keys.json", "keys.bak.json"):
        (folder / name).unlink()


def _database_of(raw: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / "vault.db").write_bytes(raw)


def cases() -> dict[str, Case]:
    """All that can be tried on this machine."""
    missing = "import sys; sys.modules['sqlcipher3'] = None; " + START
    found = {
        "sqlcipher is missing": Case(9, start=missing),
        "sqlcipher is missing, no vault": Case(9, start=missing, acts=("create",), has_vault=False),
        "database emptied": Case(4, _database_of(b"")),
        "database is plain": Case(4, _plain_database),
        "database is random bytes": Case(4, _database_of(os.urandom(9000)), keeps_a_copy=True),
        "database is text": Case(4, _database_of(b"Dear diary\n" * 400), keeps_a_copy=True),
        "database gone": Case(4, lambda folder: (folder / "vault.db").unlink()),
        "database of another vault": Case(4, _other_vaults_database, keeps_a_copy=True),
        "our key, no tables": Case(4, lambda folder: _with_our_key(folder, "CREATE TABLE t (x)", "DROP TABLE t")),
        "our key, foreign tables": Case(4, lambda folder: _with_our_key(folder, "CREATE TABLE t (x)")),
        "our key, foreign application": Case(4, lambda folder: _change(folder, "PRAGMA application_id = 7")),
        "our key, other vault's id": Case(
            4, lambda folder: _change(folder, "UPDATE vault_meta SET value = 'x' WHERE key = 'vault_id'")
        ),
        "key file gone": Case(4, _no_key_file),
        "key file older than the database": Case(4, _older_key_file),
        "written by a newer Companion": Case(
            7, lambda folder: _change(folder, "PRAGMA user_version = 99"), acts=("add", "passphrase"), opens=True
        ),
    }
    if SYSTEM_SQLITE:
        preloaded = {"LD_PRELOAD": SYSTEM_SQLITE}
        globally = f"import ctypes; ctypes.CDLL({SYSTEM_SQLITE!r}, mode=ctypes.RTLD_GLOBAL); " + START
        found |= {
            "another SQLite preloaded": Case(9, environ=preloaded),
            "another SQLite preloaded, no vault": Case(9, environ=preloaded, acts=("create",), has_vault=False),
            "another SQLite loaded globally": Case(9, start=globally),
            "another SQLite loaded globally, no vault": Case(9, start=globally, acts=("create",), has_vault=False),
        }
    return found


# --- the judge ---------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, str]:
    """Every file below, with the digest of what is in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in MAY_CHANGE
    }


def changes(before: dict[str, str], after: dict[str, str], *, keeps_a_copy: bool = False) -> list[str]:
    """What is different; a copy of a damaged file in quarantine is what it should be."""
    found = [f"changed: {name}" for name in sorted(before.keys() & after.keys()) if before[name] != after[name]]
    found += [f"gone: {name}" for name in sorted(before.keys() - after.keys())]
    for name in sorted(after.keys() - before.keys()):
        if not (keeps_a_copy and "/quarantine/" in f"/{name}" and after[name] in before.values()):
            found.append(f"new: {name}")
    return found


def leaks(*folders: Path) -> list[str]:
    """Files in which the words are readable."""
    forms = (CANARY.encode(), CANARY.encode("utf-16-le"))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [f"readable in {path.name}" for path in files if any(form in path.read_bytes() for form in forms)]


# --- the rounds --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Every case with its acts; the small form does one act of each case."""
    tally = Tally(NAME, seed, PASSES)
    ground.make_journal(place / "template", ground.chance(NAME, seed), 8)
    rounds = [
        (name, act)
        for number, (name, case) in enumerate(cases().items())
        for act in (case.acts if size != "small" else (case.acts[number % len(case.acts)],))
    ]
    side_by_side(lambda one: _try(place, *one, tally), rounds)
    return tally.outcome(another_sqlite=bool(SYSTEM_SQLITE))


def _try(place: Path, name: str, act: str, tally: Tally) -> None:
    case, where = cases()[name], f"{name}: {act}"
    root = place / where.replace(" ", "-")
    data, elsewhere, folder = root / "data", root / "elsewhere", Paths(root / "data").vaults / VAULT
    elsewhere.mkdir(parents=True)
    SettingsFile(Paths(data).settings).save(Settings(first_run_done=True))
    if case.has_vault:
        ground.copy_of(place / "template", folder)
        case.spoil(folder)
    looked_at = Paths(data).vaults if case.opens else data
    before = snapshot(looked_at)
    words, typed = ACTS[act]
    ended = subprocess.run(
        [sys.executable, "-c", case.start, "--data-dir", str(data), "--vault", str(folder), *words],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env={**os.environ, "HOME": str(elsewhere), "TMPDIR": str(elsewhere), **case.environ},
    )
    tally.tried(refused=ended.returncode == case.exit_code)
    if ended.returncode != case.exit_code:
        tally.fault(where, [f"ended with {ended.returncode}, not {case.exit_code}"])
    if "Traceback" in ended.stderr or not ended.stderr.strip():
        tally.fault(where, ["said nothing a person can read"])
    tally.fault(where, changes(before, snapshot(looked_at), keeps_a_copy=case.keeps_a_copy))
    tally.fault(where, leaks(data, elsewhere))
