"""The part of the damage campaign that salvages each spoiled vault, and compares what came back with the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaigns import ground
from campaigns.salvage_truth import Salvageable, Verdict, changed_pages, judge
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, KeyFileDamaged, VaultDamaged
from companion.services import salvage_vault
from companion.vault.salvage.contract import SalvageResult

NEW = "salvaged.vault"
_NOTHING = "nothing-left"


def salvage_one(sound: Path, spoiled: Path, work: Path, truth: Salvageable) -> tuple[Verdict, list[str]]:
    """Salvage a spoiled copy of `sound`: the verdict, and what else went wrong. The caller removes it."""
    before = _bytes_of(spoiled)
    faults: list[str] = []
    result: SalvageResult | None = None
    try:
        result = salvage_vault(
            SystemClock(),
            spoiled,
            work / NEW,
            lambda key_file: key_file.unlock(ground.PASSPHRASE),
            ground.PASSPHRASE,
            cost=ground.CHEAP,
        )
    except KeyFileDamaged:
        faults += ["no key, though a backup has one"]
    except VaultDamaged as error:
        faults += [] if error.reason == _NOTHING and (error.backup is not None) else [f"salvage: {error.reason}"]
    except CompanionError as error:
        faults += [f"salvage: {type(error).__name__}"]
    if _bytes_of(spoiled) != before:
        faults += ["the damaged vault was touched"]
    if result is None and (work / NEW).exists():
        faults += ["something is left of a salvage that ended"]
    bad, bad_files = _damage(sound, spoiled)
    if result is None:
        return judge(None, None, None, truth, bad, bad_files), faults
    with ground.opened(work / NEW) as (vault, journal):
        return judge(result, vault, journal, truth, bad, bad_files), faults


def told(verdict: Verdict) -> dict[str, Any]:
    """For a report: how much could come back, and each sort of fault once."""
    return {
        "undamaged": verdict.undamaged,
        "entries": verdict.entries,
        "missing": sorted(set(verdict.missing)),
        "wrong": sorted(set(verdict.wrong)),
        "silent": sorted(set(verdict.silent)),
    }


def _damage(sound: Path, spoiled: Path) -> tuple[set[int], set[str]]:
    database = spoiled / "vault.db"
    now = database.read_bytes() if database.exists() else b""
    bad = changed_pages(now, (sound / "vault.db").read_bytes())
    files = {path.name: path.read_bytes() for path in sound.glob("media/??/*")}
    places = ("media", "backups/media")
    whole = {
        name
        for name, raw in files.items()
        for place in places
        if (path := spoiled / place / name[:2] / name).exists() and path.read_bytes() == raw
    }
    return bad, set(files) - whole


def _bytes_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
