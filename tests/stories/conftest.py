"""Runs a story in the real window under a private screen and message bus."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WALKER = Path(__file__).with_name("walker.py")
PASSPHRASE = "lantern gravel seven otters"
Step = tuple[str, str]


@pytest.fixture
def walk(tmp_path: Path) -> Callable[..., Path]:
    """`walk(steps, command=…)` walks the steps and returns the folder with pictures and output."""
    for tool in ("dbus-run-session", "Xvfb", "xdotool", "openbox"):
        if shutil.which(tool) is None:
            pytest.fail(f"{tool} is missing; `make test` installs it")

    def run(name: str, steps: list[Step], *arguments: str, data: Path | None = None) -> Path:
        out = ROOT / "build" / "stories" / name
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        data = data or tmp_path / "data"
        (out / "steps.json").write_text(json.dumps(steps))
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "XDG_", "COMPANION_", "DBUS_"))}
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        environment.update(HOME=str(home), LANG="en_GB.UTF-8", LC_ALL="C.UTF-8", TZ="Europe/London")
        program = [sys.executable, "-m", "companion", "--data-dir", str(data), *arguments]
        ended = subprocess.run(
            [
                "dbus-run-session",
                "--",
                "/usr/bin/python3",
                str(WALKER),
                str(out / "steps.json"),
                str(out),
                "--",
                *program,
            ],
            capture_output=True,
            text=True,
            timeout=280,
            env=environment,
            cwd=ROOT,
        )
        (out / "walk.log").write_text(ended.stdout + ended.stderr)
        said = (out / "output").read_text(errors="replace") if (out / "output").exists() else ""
        assert ended.returncode == 0, f"{ended.stdout[-1500:]}\n{ended.stderr[-500:]}\nprogram said: {said[-1500:]}"
        assert "Traceback" not in said, said[-3000:]
        return out

    return run


def companion(data: Path, *arguments: str, stdin: str) -> subprocess.CompletedProcess[str]:
    """The command line, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "companion", "--data-dir", str(data), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def make_space(data: Path, *options: str) -> Path:
    """A space with one note, made as a person at a terminal would."""
    made = companion(data, "vault", "create", "--passphrase-stdin", *options, stdin=PASSPHRASE + "\n")
    assert made.returncode == 0, made.stderr
    text = PASSPHRASE + "\nThe kettle clicked off and nobody moved.\n"
    assert companion(data, "journal", "add", "--passphrase-stdin", stdin=text).returncode == 0
    return next((data / "vaults").glob("*.vault"))
