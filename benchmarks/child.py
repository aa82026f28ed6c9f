"""Starts `benchmarks.window` with a data folder of its own that knows one vault of the corpus."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import corpus
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile

ROOT = Path(__file__).resolve().parent.parent
_LONGEST_S = 600


@dataclass(frozen=True, slots=True)
class Windows:
    """Processes with a window, all over the same data folder."""

    data: Path

    def first_paint(self, what: str) -> float:
        """Seconds from the start of the process to its first painted picture."""
        started = time.monotonic()
        return float(self._run(what)) - started

    def times(self, what: str, pairs: int) -> dict[str, list[float]]:
        """What a process measured about itself."""
        found: dict[str, Any] = json.loads(self._run(what, str(pairs)))
        return found

    def _run(self, *words: str) -> str:
        environment = {
            "QT_QPA_PLATFORM": f"offscreen:configfile={_screen(self.data)}",
            **os.environ,
            "COMPANION_DATA_DIR": str(self.data),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program does not compile itself at every start
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.window", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_S,
        )
        if ended.returncode:
            raise RuntimeError(f"benchmarks.window {words[0]} ended with {ended.returncode}:\n{ended.stderr}")
        return ended.stdout.strip().splitlines()[-1]


def _screen(data: Path) -> Path:
    """A screen on which a window of 1280 x 860 has room; Qt's own for offscreen is 800 x 800."""
    path = data / "screen.json"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        screen = {"name": "bench", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1.0}
        path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return path


@contextmanager
def windows(entries: int, *, on_a_copy: bool = False) -> Iterator[Windows]:
    """A data folder in which this vault was the last one used; a copy of it where the run would change it."""
    folder = corpus.vault(entries)
    with tempfile.TemporaryDirectory(dir=corpus.CACHE) as place:
        if on_a_copy:
            folder = Path(shutil.copytree(folder, Path(place) / "copy.vault"))
        data = Path(place) / "data"
        settings = Settings(first_run_done=True, country="GB", vaults=(str(folder),), last_vault=str(folder))
        SettingsFile(Paths(data).settings).save(settings)
        yield Windows(data)
