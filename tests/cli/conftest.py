"""Commands run in this process, on a real vault with a cheap key derivation."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from companion.cli.main import companion
from companion.cli.opening import Run
from companion.core.paths import Paths
from companion.vault import standing
from companion.vault.keyslots import Cost
from companion.vault.standing import ProcessFacts
from tests.fakes import FakeClock

PASSPHRASE = "slow tea by the window"
CHEAP = Cost(8192, 1, 1)


@dataclass
class FakeWindows:
    """Notes what was asked for instead of opening it."""

    asked: list[str] = field(default_factory=list)
    code: int = 0

    def open(self, paths: Paths, wish: str) -> int:
        self.asked.append(f"{wish} {paths.data.name}")
        return self.code

    def self_test(self, *, as_json: bool) -> int:
        self.asked.append(f"self-test {as_json}")
        return self.code


@dataclass(frozen=True)
class Ended:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Runs commands against one data folder."""

    def __init__(self, data: Path, clock: FakeClock) -> None:
        self.data = data
        self.clock = clock
        self.windows = FakeWindows()

    def __call__(self, *arguments: object, stdin: str | bytes = "") -> Ended:
        run = Run(self.windows, self.clock, CHEAP, harden=lambda: None)
        words = ["--data-dir", str(self.data), *map(str, arguments)]
        result = CliRunner().invoke(companion, words, input=stdin, obj=run, catch_exceptions=False)
        return Ended(result.exit_code, result.stdout, result.stderr)

    def opened(self, *arguments: object, passphrase: str = PASSPHRASE, text: str = "") -> Ended:
        """A command with the passphrase on the first line of standard input."""
        return self(*arguments, "--passphrase-stdin", stdin=f"{passphrase}\n{text}")

    def add(self, text: str = "Tea. Rain.", *arguments: object) -> str:
        """A new entry; its id."""
        ended = self.opened("journal", "add", *arguments, "--json", text=text)
        assert ended.code == 0, ended.err
        return str(ended.json["id"])

    def vault_folder(self) -> Path:
        (folder,) = (self.data / "vaults").glob("*.vault")
        return folder


@pytest.fixture
def bare(tmp_path: Path, clock: FakeClock) -> Shell:
    """No vault yet."""
    return Shell(tmp_path / "data", clock)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one vault, made once."""
    data = tmp_path_factory.mktemp("made") / "data"
    ended = Shell(data, FakeClock()).opened("vault", "create")
    assert ended.code == 0, ended.err
    return data


GUARDED = ProcessFacts(no_core_file=True, closed_to_others=True, freed_memory_overwritten=True)


@pytest.fixture(autouse=True)
def _as_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run inside the tests' process, which must stay open to debuggers; the real ones are asked elsewhere."""
    monkeypatch.setattr(standing, "read_process", lambda: GUARDED)


@pytest.fixture
def shell(bare: Shell, made: Path) -> Shell:
    """One vault."""
    shutil.copytree(made, bare.data)
    # The settings name the folder that was copied.
    (bare.data / "settings.json").unlink()
    return bare


@pytest.fixture
def other(tmp_path: Path, clock: FakeClock) -> Shell:
    """Another computer, as it were."""
    return Shell(tmp_path / "elsewhere", clock)


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Root is stopped by no permission, so what is about permissions runs as somebody else."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
