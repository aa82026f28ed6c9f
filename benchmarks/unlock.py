"""Figure: from the passphrase to the first timeline page, against the key derivation alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.measure import Figure, interleave, seconds
from companion.core.clock import SystemClock
from companion.journal.service import JournalService
from companion.vault.kdf import DEFAULT_COST, argon2id
from companion.vault.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

GOAL = 1.15


def measure(entries: int, pairs: int) -> Figure:
    """Unlock, clear up, read the first page; the derivation has the same cost and runs in the same process."""
    folder = corpus.vault(entries)
    secret = bytearray(corpus.PASSPHRASE.encode())

    def derivation(_: int) -> float:
        return seconds(lambda: argon2id(secret, bytes(16), DEFAULT_COST))

    return Figure(
        name=f"unlock to timeline, {entries:,} entries",
        goal=GOAL,
        pairs=interleave(lambda _: _to_timeline(folder), derivation, pairs),
        ours_is="unlock with the passphrase and read the first 50 entries",
        baseline_is="Argon2id with the cost of the vault's slot (256 MiB, 3 passes, 4 lanes)",
    )


def _to_timeline(folder: Path) -> float:
    clock = SystemClock()
    vault = Vault(folder, clock)
    journal = JournalService(vault, clock)

    def path() -> None:
        vault.unlock(corpus.PASSPHRASE)
        journal.after_unlock()
        journal.page()

    try:
        return seconds(path)
    finally:
        vault.lock()
