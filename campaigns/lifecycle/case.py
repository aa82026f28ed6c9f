"""What one case of the life of a vault is, and what most cases need."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from campaigns import ground, judge
from campaigns.ground import PASSPHRASE
from campaigns.judge import State
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, WrongSecret
from companion.vault.vault import restore

OTHER = "nine quiet otters at noon"
VAULT, OTHER_VAULT, EXPORT, BACKUP, FACTS = "a.vault", "b.vault", "export.zip", "outside.vbak", "facts.json"
Found = Iterator[str]


@dataclass(frozen=True, slots=True)
class Case:
    """`prepare` fills an empty folder, `act` is what gets killed, `judge` says what is wrong.

    `judge` is told whether the act was acknowledged; `around` holds while acting and judging.
    """

    prepare: Callable[[Path, int], None]
    act: Callable[[Path], None]
    judge: Callable[[Path, bool], Found]
    around: Callable[[], AbstractContextManager[object]] = nullcontext

    @property
    def stands_alone(self) -> bool:
        """Whether it changes the whole process while it is judged, so that nothing may run beside it."""
        return self.around is not nullcontext


def remember(root: Path, **facts: object) -> None:
    """Keep what the judge will need."""
    (root / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def facts_of(root: Path) -> dict[str, State]:
    """What was kept."""
    found: dict[str, State] = json.loads((root / FACTS).read_text(encoding="utf-8"))
    return found


def state_at(folder: Path, passphrase: str = PASSPHRASE) -> State:
    """What the vault holds now."""
    with ground.opened(folder, passphrase) as (vault, journal):
        return judge.state_of(vault, journal)


def must_hold(folder: Path, expected: State, passphrase: str = PASSPHRASE) -> Found:
    """The vault opens, holds exactly this, and nothing is wrong with it."""
    try:
        with ground.opened(folder, passphrase) as (vault, journal):
            found = judge.state_of(vault, journal)
            wrong = judge.faults_of(vault, journal)
    except CompanionError as error:
        yield f"does not open: {judge.named(error)}"
        return
    yield from judge.kept(found, [expected])
    yield from wrong
    yield from judge.left_over(folder)


def opens_with(folder: Path, *passphrases: str) -> list[str]:
    """Which of these passphrases open the vault."""
    found = []
    for passphrase in passphrases:
        vault = ground.vault_at(folder)
        try:
            vault.unlock(passphrase)
        except WrongSecret:
            continue
        vault.lock()
        found.append(passphrase)
    return found


def a_journal(root: Path, seed: int) -> None:
    """A vault with 25 entries and 3 files."""
    ground.make_journal(root / VAULT, ground.chance("lifecycle", seed), 25, files=3)
    remember(root, a=state_at(root / VAULT))


def same(root: Path, done: bool) -> Found:
    """The vault is as it was, whether acknowledged or not."""
    yield from must_hold(root / VAULT, facts_of(root)["a"])


def restores(file: Path, folder: Path, expected: State) -> Found:
    """The backup brings back exactly this."""
    try:
        result = restore(file, folder, PASSPHRASE, SystemClock())
    except CompanionError as error:
        yield f"a backup ended in {judge.named(error)}"
        return
    if result.media_missing:
        yield f"{result.media_missing} attachments are missing from a backup"
    yield from must_hold(folder, expected)
