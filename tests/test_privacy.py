"""Nothing a person wrote is readable outside the vault: not on the disk, not in a log, not on a network."""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from companion import services
from companion.core.ids import EntryId, new_id
from companion.core.paths import Paths
from companion.journal.model import Content, Mood
from companion.vault.keyslots import Cost
from tests.fakes import FakeClock

ROOT = Path(__file__).resolve().parents[1]
CANARY = "zephyrquill"
PASSPHRASE = "marigold zephyrquill seven otters"


def _forms(word: str) -> list[bytes]:
    return [word.encode(), word.upper().encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]


def _leaks(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and any(form in path.read_bytes() for form in _forms(CANARY)):
            found.append(str(path))
        if any(form in os.fsencode(path.name) for form in _forms(CANARY)):
            found.append(f"name {path}")
    return found


def _use_everything(paths: Paths, clock: FakeClock, folder: Path) -> services.Services:
    made = services.build(paths, clock, cost=Cost(8192, 1, 1))
    made.vault.create(PASSPHRASE)
    journal = made.journal
    written = Content(
        at=clock.now(),
        title=f"{CANARY} title",
        text=f"{CANARY} text " * 200,
        mood=Mood.MIXED,
        tags=(CANARY,),
        people=(CANARY,),
        feelings=(CANARY,),
    )
    entry_id = EntryId(new_id())
    journal.save_draft(entry_id, written)
    journal.save(entry_id, written)
    journal.save(entry_id, Content(at=clock.now(), text=f"another {CANARY}"))
    journal.search(CANARY)
    journal.delete(entry_id)
    journal.restore(entry_id)
    source = folder / "in.json"
    source.write_text(
        json.dumps(
            {"metadata": {}, "entries": [{"uuid": "A" * 32, "creationDate": "2024-01-01T10:00:00Z", "text": CANARY}]}
        )
    )
    journal.importing.bring_in(source)
    source.unlink()
    made.vault.preferences.put("greeting_name", CANARY)
    made.vault.backup()
    made.vault.backup(folder / "outside.vbak")
    made.vault.check()
    journal.verify()
    return made


@pytest.fixture
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that goes to a temporary folder goes to this one."""
    temp = tmp_path / "temp"
    temp.mkdir()
    for name in ("TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temp))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return temp


def test_no_plain_word_on_the_disk_open_or_locked(
    tmp_path: Path,
    own_temp: Path,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    outside = tmp_path / "outside"
    outside.mkdir()
    made = _use_everything(Paths(tmp_path / "data"), clock, outside)
    assert made.journal.search(CANARY).total == 2
    assert _leaks(tmp_path) == []
    made.vault.lock()
    assert _leaks(tmp_path) == []
    assert CANARY not in caplog.text
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
    for path in (tmp_path / "data").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, f"{path} can be read by others"


def test_the_search_for_leaks_can_find_one(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"my {CANARY}")
    assert len(_leaks(tmp_path)) == 1


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here; make test installs it on Debian")
def test_no_plain_word_is_ever_handed_to_the_system_to_write(tmp_path: Path) -> None:
    """Every write of a whole session is traced, also to files that are gone afterwards."""
    log = tmp_path / "trace"
    code = (
        "import tests.test_privacy as t, pathlib, sys\n"
        "from tests.fakes import FakeClock\n"
        "from companion.core.paths import Paths\n"
        "here = pathlib.Path(sys.argv[1]); out = here / 'out'; out.mkdir()\n"
        "t._use_everything(Paths(here / 'data'), FakeClock(), out).vault.lock()\n"
    )
    script = tmp_path / "session.py"
    script.write_text(code)
    calls = "write,pwrite64,writev,pwritev,sendto,sendmsg,rename,renameat,renameat2,link,openat"
    subprocess.run(
        [
            "strace",
            "-f",
            "-xx",
            "-s",
            "70000",
            "-e",
            f"trace={calls}",
            "-o",
            str(log),
            sys.executable,
            str(script),
            str(tmp_path),
        ],
        cwd=ROOT,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    own = "in.json"  # the other app's file, which the test itself writes in plain
    needles = ["".join(f"\\x{byte:02x}" for byte in form) for form in _forms(CANARY)]
    hits = [line for line in log.open(errors="replace") if any(needle in line for needle in needles)]
    plain_source = "".join(f"\\x{byte:02x}" for byte in b'"creationDate"')
    hits = [line for line in hits if plain_source not in line and own not in line]
    # The child that reads the other app's file hands its words over through a pipe, which is no disk.
    hits = [line for line in hits if not line.split("(", 1)[-1].startswith("1, ")]
    assert hits == []
    assert log.stat().st_size > 10_000


def test_no_internet_socket_is_opened(tmp_path: Path) -> None:
    code = (
        "import sys, socket, pathlib\n"
        "opened = []\n"
        "def look(event, args):\n"
        "    if event == 'socket.__new__' and args[1] in (socket.AF_INET, socket.AF_INET6): opened.append(args[1:])\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'urllib.Request'): opened.append(event)\n"
        "sys.addaudithook(look)\n"
        "import tests.test_privacy as t\n"
        "from tests.fakes import FakeClock\n"
        "from companion.core.paths import Paths\n"
        "here = pathlib.Path(sys.argv[1]); out = here / 'out'; out.mkdir()\n"
        "t._use_everything(Paths(here / 'data'), FakeClock(), out).vault.lock()\n"
        "print(opened)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ended.returncode == 0, ended.stderr[-1500:]
    assert ended.stdout.strip() == "[]"
