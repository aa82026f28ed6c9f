"""Figure: the first page of the timeline in a big journal against the same page in a small one."""

from __future__ import annotations

from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import Figure, interleave, seconds
from companion.core.clock import SystemClock
from companion.journal.service import JournalService
from companion.vault.vault import Vault

GOAL = 1.5
SMALL = 1_000


def measure(entries: int, pairs: int) -> Figure:
    """Each time the vault is unlocked anew, so that every page of the file is read and decrypted."""
    big, small = corpus.vault(entries), corpus.vault(SMALL)
    measured = interleave(lambda _: _first_page(big), lambda _: _first_page(small), pairs)
    return Figure(
        name=f"first timeline page, {entries:,} entries",
        goal=GOAL,
        pairs=measured,
        ours_is=f"50 entries of {entries:,}, first question after unlocking",
        baseline_is=f"50 entries of {SMALL:,}, first question after unlocking",
    )


def _first_page(folder: Path) -> float:
    clock = SystemClock()
    vault = Vault(folder, clock)
    vault.unlock(corpus.PASSPHRASE)
    try:
        journal = JournalService(vault, clock)
        return seconds(journal.page)
    finally:
        vault.lock()
