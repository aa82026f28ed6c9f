"""A process killed at a random moment: what it acknowledged is there, and one whole vault opens with a known secret.

The long form of this runs as a campaign; these are a few rounds of each.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, NoVault, WrongSecret
from companion.vault.keyslots import Cost
from companion.vault.vault import Vault, restore

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a way to kill without notice"),
]
ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND = "slow tea by the window", "another quiet evening"
CHEAP = Cost(8192, 1, 1)

HEAD = """
import io, os, sys
from pathlib import Path
from companion.core.clock import SystemClock
from companion.vault.keyslots import Cost
from companion.vault.vault import Vault, restore
FIRST, SECOND = "slow tea by the window", "another quiet evening"
folder, clock = Path(sys.argv[1]), SystemClock()
vault = Vault(folder, clock, cost=Cost(8192, 1, 1))
def say(text):
    os.write(1, f"{text}\\n".encode())
"""
WRITE = """
vault.unlock(FIRST)
number = vault.preferences.get("newest", 0)
say("ready")
while True:
    number += 1
    with vault.connection.transaction():
        vault.preferences.put(f"n{number}", f"{number} " + "x" * (number * 37 % 9000))
        if number > 20:
            vault.preferences.remove(f"n{number - 20}")
        vault.preferences.put("newest", number)
    say(number)
"""
CREATE = """
say("ready")
for number in range(1000):
    Vault(folder / str(number), clock, cost=Cost(8192, 1, 1)).create(FIRST)
    say(number)
"""
CHANGE = """
old, new = sys.argv[2:]
vault.unlock(old)
say("ready")
while True:
    vault.change_passphrase(old, new)
    say(new)
    old, new = new, old
"""
BACKUP = """
vault.unlock(FIRST)
say("ready")
while True:
    say(vault.backup().file.name)
"""
RESTORE = """
say("ready")
while True:
    restore(Path(sys.argv[2]), folder, FIRST, clock)
    say("restored")
"""


def run_and_kill(code: str, chance: random.Random, *arguments: Path | str, longest_s: float = 0.3) -> list[str]:
    """Run the code until a random moment after it said "ready"; what it acknowledged by then."""
    process = subprocess.Popen(
        [sys.executable, "-c", HEAD + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    threading.Event().wait(chance.uniform(0, longest_s))
    process.kill()
    said, complaint = process.communicate()
    assert first == "ready\n", complaint
    assert complaint == ""
    whole = said.rpartition("\n")[0]
    return whole.split("\n") if whole else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vault = Vault(tmp_path / "v", SystemClock(), cost=CHEAP)
    vault.create(FIRST)
    vault.preferences.put("mark", "here")
    vault.preferences.put("long", "y" * 100_000)
    vault.lock()
    return vault.folder


def opened(folder: Path, *passphrases: str) -> tuple[Vault, str]:
    """The vault opened with the first of these passphrases that fits, and that one."""
    for passphrase in passphrases:
        vault = Vault(folder, SystemClock(), cost=CHEAP)
        try:
            vault.unlock(passphrase)
        except WrongSecret:
            continue
        return vault, passphrase
    return pytest.fail("no known passphrase opens the vault")


def is_whole(vault: Vault) -> bool:
    found = vault.check()
    return found.cipher_pages_bad == 0 and found.integrity == "ok" and all(backup.ok for backup in found.backups)


def test_no_acknowledged_write_is_lost(folder: Path) -> None:
    chance, newest, acknowledged = random.Random(11), 0, 0
    for _ in range(10):
        said = run_and_kill(WRITE, chance, folder)
        acknowledged += len(said)
        newest = max([newest, *map(int, said)])
        vault, _ = opened(folder, FIRST)
        found = vault.preferences.get("newest", 0)
        # One more may have been committed without time to say so; half of one may not.
        assert newest <= found <= newest + 1
        newest = found
        rows = {row[0] for row in vault.connection.rows("SELECT key FROM preference WHERE key LIKE 'n_%'")} - {"newest"}
        assert rows == {f"n{number}" for number in range(max(1, newest - 19), newest + 1)}
        for number in range(max(1, newest - 19), newest + 1):
            assert vault.preferences.get(f"n{number}") == f"{number} " + "x" * (number * 37 % 9000)
        assert is_whole(vault)
        assert not (folder / "vault.db-journal").exists()
        vault.lock()
    assert acknowledged > 30


def test_a_vault_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    chance, cut = random.Random(12), 0
    for number in range(5):
        place = tmp_path / str(number)
        said = run_and_kill(CREATE, chance, place, longest_s=0.2)
        made = [place / name for name in said]
        left = [path for path in place.iterdir() if path not in made] if place.exists() else []
        for path in made:
            vault, _ = opened(path, FIRST)
            assert is_whole(vault)
            vault.lock()
        for path in left:
            cut += 1
            vault = Vault(path, SystemClock(), cost=CHEAP)
            if vault.exists:
                vault.unlock(FIRST)  # it was whole, there was no time to say so
            else:
                with pytest.raises(NoVault):
                    vault.unlock(FIRST)
                vault.create(SECOND)
            assert is_whole(vault)
            vault.lock()
    assert cut


def test_one_known_passphrase_opens_after_a_change_that_was_cut_off(folder: Path) -> None:
    chance, current = random.Random(13), FIRST
    for _ in range(6):
        other = SECOND if current == FIRST else FIRST
        said = run_and_kill(CHANGE, chance, folder, current, other, longest_s=0.2)
        expected = said[-1] if said else current
        other = SECOND if expected == FIRST else FIRST
        vault, current = opened(folder, expected, other)
        assert vault.preferences.get("mark") == "here"
        assert vault.check().key_file.valid == 2
        generation = int(vault.connection.value("SELECT value FROM vault_meta WHERE key='header_generation'"))
        assert generation == vault.info().generation
        vault.lock()
        with pytest.raises(WrongSecret):
            vault.unlock(SECOND if current == FIRST else FIRST)


def test_every_backup_that_has_a_name_is_proved(folder: Path, tmp_path: Path) -> None:
    chance, total = random.Random(14), 0
    for number in range(5):
        said = run_and_kill(BACKUP, chance, folder)
        total += len(said)
        vault, _ = opened(folder, FIRST)
        assert is_whole(vault)
        backups = vault.backups()
        if said:
            assert said[-1] in {info.file.name for info in backups}
        assert not list((folder / "backups").glob(".*"))
        vault.lock()
        if backups:
            assert restore(backups[0].file, tmp_path / f"w{number}", FIRST, SystemClock()).tables["preference"] == 2
    assert total


def test_a_restore_that_was_cut_off_leaves_one_whole_vault(folder: Path, tmp_path: Path) -> None:
    chance, done = random.Random(15), 0
    vault, _ = opened(folder, FIRST)
    file = vault.backup(tmp_path / "a.vbak").file
    vault.preferences.put("mark", "later")
    vault.change_passphrase(FIRST, SECOND)
    vault.lock()
    for _ in range(6):
        said = run_and_kill(RESTORE, chance, folder, file, longest_s=0.3)
        done += len(said)
        vault, passphrase = opened(folder, FIRST, SECOND)
        assert vault.preferences.get("mark") == ("here" if passphrase == FIRST else "later")
        assert vault.preferences.get("long") == "y" * 100_000
        assert is_whole(vault)
        vault.lock()
    for aside in (folder / "quarantine").iterdir() if done else ():
        # What was replaced is a whole vault of its own.
        moved = Vault(aside, SystemClock(), cost=CHEAP)
        try:
            moved.unlock(FIRST)
        except CompanionError:
            moved.unlock(SECOND)
        assert moved.preferences.get("mark") in ("here", "later")
        moved.lock()
    assert done
