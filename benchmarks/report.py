"""What a run leaves behind: a table to read, a list for machines, and a record with its circumstances."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure
from companion.core.clock import Clock

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "bench.json"
RECORD = ROOT / "docs" / "figures" / "bench.json"


def write_result(figures: Sequence[Figure], path: Path = RESULT) -> None:
    """The bare list."""
    write_json(path, [figure.to_plain() for figure in figures])


def write_record(figures: Sequence[Figure], command: str, clock: Clock, path: Path = RECORD) -> None:
    """The list with the commit, the day, the machine and the command it came from."""
    write_json(path, circumstances(command, clock) | {"figures": [figure.to_plain() for figure in figures]})


def circumstances(command: str, clock: Clock) -> dict[str, Any]:
    """What every record says about where it comes from."""
    return {"commit": _commit(), "date": clock.now().date().isoformat(), "machine": machine(), "command": command}


def machine() -> dict[str, Any]:
    """What the figures ran on; nothing that names a person or a host."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)),
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in ("PySide6-Essentials", "sqlcipher3", "cryptography")},
    }


def table(figures: Sequence[Figure]) -> str:
    """One line a figure, and the sentence of each that is over its goal."""
    width = max(len(figure.name) for figure in figures)
    lines = [f"{'figure':{width}}  {'goal':>6}  {'ratio':>6}  {'quartiles':>13}  {'n':>4}"]
    for figure in figures:
        plain = figure.to_plain()
        low, high = plain["spread"]
        mark = "" if figure.is_met else "  over"
        lines.append(
            f"{figure.name:{width}}  {figure.goal:6.2f}  {plain['ratio']:6.3f}"
            f"  {low:6.3f}-{high:6.3f}  {plain['n']:4}{mark}"
        )
        if not figure.is_met:
            lines.append(f"  {plain['limit']}")
    return "\n".join(lines)


def _commit() -> str:
    """The commit that was measured; "+" where the checkout had changes on top of it, "" where git does not say."""
    found, changed = _git("rev-parse", "HEAD"), _git("status", "--porcelain", "--untracked-files=no")
    return found + ("+" if found and changed else "")


def _git(*words: str) -> str:
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def write_json(path: Path, what: object) -> None:
    """One document, made to be read by people too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
