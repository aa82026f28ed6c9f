"""A damaged space and no backup: what can be read is saved, Help over it, and a kill in the middle costs nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, ROOT, companion, make_space

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]

SAVE = "Save what can still be read"


def without_its_start(folder: Path) -> bytes:
    database = folder / "vault.db"
    raw = bytearray(database.read_bytes())
    raw[:4096] = bytes(4096)
    database.write_bytes(raw)
    return bytes(raw)


def test_without_a_backup_what_can_be_read_is_saved_in_the_window(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = make_space(data)
    before = without_its_start(folder)
    walk(
        "salvage",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "damaged"),
            ("shot", "01-damaged"),
            ("tab_to", SAVE),
            ("key", "space"),
            ("focus", "Passphrase of the damaged space"),
            ("type", PASSPHRASE),
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("shot", "02-help-over-it"),
            ("key", "Escape"),
            ("focus", "Passphrase of the damaged space"),
            ("key", "Return"),
            ("wait", "Open the new space"),
            ("reads", "1 record is back just as it was."),
            ("reads", "Nothing is known to be lost."),
            ("shot", "03-told"),
            ("focus", "Open the new space"),
            ("key", "space"),
            ("wait", "How are you right now?"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("shot", "04-back"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    assert (folder / "vault.db").read_bytes() == before, "the damaged file was touched"
    assert len(list((data / "vaults").glob("*.vault/vault.db"))) == 2


@pytest.mark.parametrize("after_s", [0.5, 1.2])
def test_a_kill_in_the_middle_leaves_the_damaged_one_as_it_was_and_no_half_space(
    tmp_path: Path, after_s: float
) -> None:
    data, new = tmp_path / "data", tmp_path / "new.vault"
    folder = make_space(data)
    before = without_its_start(folder)
    command = [sys.executable, "-m", "companion", "--data-dir", str(data)]
    salvage = subprocess.Popen(
        [*command, "vault", "salvage", "--to", str(new), "--passphrase-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    assert salvage.stdin is not None
    salvage.stdin.write(f"{PASSPHRASE}\n".encode())
    salvage.stdin.close()
    try:
        salvage.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        os.kill(salvage.pid, signal.SIGKILL)
        salvage.wait()
    assert (folder / "vault.db").read_bytes() == before
    listed = companion(data, "--vault", str(new), "journal", "list", "--passphrase-stdin", stdin=PASSPHRASE + "\n")
    assert listed.returncode in (0, 8), listed.stderr  # whole, or no vault at all
    if listed.returncode == 8:
        again = companion(
            data, "--vault", str(folder), "vault", "salvage", "--to", str(new), "--passphrase-stdin",
            stdin=PASSPHRASE + "\n",
        )  # fmt: skip
        assert again.returncode == 0, again.stderr
