"""What the proof says of folder and process, read from the real ones."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault.standing import strangers
from companion.vault.vault import Vault
from tests.fakes import FakeClock

ROOT = Path(__file__).resolve().parents[2]


def test_everything_this_program_makes_is_known_to_be_ours(vault: Vault, clock: FakeClock, tmp_path: Path) -> None:
    vault.media.put(io.BytesIO(b"a picture" * 5000))
    vault.backup()
    names = [path.relative_to(vault.folder).as_posix() for path in vault.folder.rglob("*") if path.is_file()]
    assert len(names) > 5
    assert strangers(vault.folder, names) == ()
    found = vault.proof()
    assert found.standing.open_to_others == ()
    assert found.standing.temporary_in_memory
    assert found.standing.deleted_overwritten
    assert found.standing.backup_whole is True


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        ".DS_Store",
        "vault.db.bak",
        "vault (conflicted copy).db",
        "media/ab/picture.jpg",
        "backups/readme",
        "media/thumbs.db",
        "keys.json~",
    ],
)
def test_anything_else_is_named(vault: Vault, name: str) -> None:
    path = vault.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    assert strangers(vault.folder, [name]) == (name,)


def test_words_that_wait_are_said(vault: Vault, clock: FakeClock) -> None:
    assert not vault.proof().standing.words_left
    journal = JournalService(vault, clock)
    journal.save_draft(EntryId("1" * 26), Content(at=clock.now(), text="words"))
    journal.discard_draft(EntryId("1" * 26))
    assert vault.proof().standing.words_left
    vault.compact()
    assert not vault.proof().standing.words_left


READ = """
import json, sys
from companion.vault import process
from companion.vault.standing import read_process
steps = [read_process()]
process.harden_at_start()
steps.append(read_process())
process.harden_after_unlock()
steps.append(read_process())
print(json.dumps([[f.no_core_file, f.closed_to_others, f.freed_memory_overwritten] for f in steps]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux can be asked")
def test_the_process_is_asked_and_not_believed() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import resource as r; r.setrlimit(r.RLIMIT_CORE, (4096, -1))\n" + READ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if ended.returncode and "not allowed" in ended.stderr:
        pytest.skip("core files are forbidden here from the start")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == [[False, False, False], [True, False, True], [True, True, True]]
