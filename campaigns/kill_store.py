"""kill -9 of a process that writes through the journal and the vault thread, at any moment of its life.

The child says "begin" before it hands a change to the vault thread and "done"
when the thread has answered, with up to three changes on their way. After the
kill the vault must be as it was after some change between the last that was
done and the last that was begun: nothing less, nothing torn, nothing out of order.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from campaigns import ground, judge
from campaigns.children import Child, pause, say
from campaigns.judge import State
from campaigns.outcome import Outcome, Size, Tally, side_by_side
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError
from companion.core.ids import EntryId
from companion.journal.service import JournalService
from companion.journal.store import KEPT_REVISIONS
from companion.vault.process import harden_at_start
from companion.vault.vault import Vault
from companion.vault.worker import VaultWorker

NAME = "kill_store"
PASSES = "0 acknowledged changes lost, 0 faults"
ROUNDS = {"small": 6, "gate": 60, "release": 3000}
LIVES = {"small": 2, "gate": 4, "release": 20}
ON_THEIR_WAY = 3
Ask = Callable[[Callable[[], str]], str]
CHANGES = ("draft",) * 9 + ("new",) * 5 + ("edit",) * 4 + ("file",) * 2 + ("delete", "restore", "discard", "again")


# --- the judge ---------------------------------------------------------------


def follow(state: State, change: dict[str, Any]) -> State:
    """The state after this change."""
    after, kind, key, digest = dict(state), change["do"], change["key"], change["digest"]
    entry = f"entry {key}"
    if kind == "draft":
        after[f"draft {key}"] = digest
    elif kind in ("new", "edit"):
        after[entry] = _saved(state.get(entry), digest)
        after.pop(f"draft {key}", None)
    elif kind == "delete":
        after[entry] = state[entry].replace("live", "deleted")
    elif kind == "restore":
        after[entry] = state[entry].replace("deleted", "live")
    elif kind == "discard":
        after.pop(f"draft {key}", None)
    elif kind == "file":
        after[f"file {key}"] = digest
    return after


def _saved(before: str | None, digest: str) -> str:
    if before is None:
        return f"live {digest} 1"
    standing, old_digest, revisions = before.split()
    if old_digest == digest:
        return before
    return f"{standing} {digest} {min(int(revisions) + 1, KEPT_REVISIONS + 1)}"


def possible(start: State, lines: list[str]) -> list[State]:
    """Every state that may be found after the child said these lines."""
    begun = [json.loads(line[6:]) for line in lines if line.startswith("begin ")]
    done = sum(line.startswith("done ") for line in lines)
    states = [start]
    for number, change in enumerate(begun):
        states.append(follow(states[-1], change))
        if number < done:
            states.pop(0)
    return states


def look(folder: Path, states: list[State], where: str, tally: Tally) -> State | None:
    """As `_look`, keeping a copy of what it finds wrong."""
    with tally.keeping(where, folder):
        return _look(folder, states, where, tally)


def _look(folder: Path, states: list[State], where: str, tally: Tally) -> State | None:
    """Open what the kill left, compare, check; the state that was found."""
    try:
        with ground.opened(folder) as (vault, journal):
            found = judge.state_of(vault, journal)
            tally.lose(where, judge.kept(found, states))
            tally.fault(where, judge.faults_of(vault, journal))
    except CompanionError as error:
        tally.fault(where, [f"the vault does not open: {judge.named(error)}"])
        return None
    tally.fault(where, judge.left_over(folder))
    return found


# --- the rounds --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Several vaults, each killed many times over its life."""
    tally = Tally(NAME, seed, PASSES, place)
    rounds = ROUNDS[size] // LIVES[size]
    side_by_side(lambda life: _live(life, rounds, seed, place / f"life{life}.vault", tally), range(LIVES[size]))
    return tally.outcome()


def _live(life: int, rounds: int, seed: int, folder: Path, tally: Tally) -> None:
    ground.make_journal(folder, ground.chance(NAME, seed, life), 40)
    with ground.opened(folder) as (vault, journal):
        state: State | None = judge.state_of(vault, journal)
    for number in range(rounds):
        if state is None:
            return
        lines = _kill_once(folder, seed, f"{life}.{number}", tally)
        state = look(folder, possible(state, lines), f"life {life} round {number}", tally)


def _kill_once(folder: Path, seed: int, number: str, tally: Tally) -> list[str]:
    """Start the writer, kill it at a moment drawn from the seed, and give back what it said."""
    rnd = ground.chance(NAME, seed, f"kill {number}")
    with Child("campaigns.kill_store", str(folder), f"{seed}.{number}") as child:
        lines: list[str] = []
        if rnd.random() < 0.2:
            pause(rnd.uniform(0, 0.6))  # while it starts and opens
        else:
            for _ in range(2 * rnd.randrange(1, 40)):
                if (line := child.line()) is None:
                    break
                lines.append(line)
            pause(rnd.uniform(0, 0.012))
        child.kill()
        lines += child.rest()
        done = sum(line.startswith("done ") for line in lines)
        tally.tried(
            acknowledged=done,
            killed_with_changes_on_their_way=len(lines) > 2 * done,
            killed_in_a_transaction=(folder / "vault.db-journal").exists(),
        )
        if not child.was_killed:
            tally.fault(f"round {number}", [f"the child ended by itself: {child.complaint}"])
    return lines


# --- the child ---------------------------------------------------------------


class Writer:
    """Writes without end what a person could: drafts, entries, files, deletions, locking in between."""

    def __init__(self, vault: Vault, journal: JournalService, rnd: random.Random, ask: Ask) -> None:
        self._vault, self._journal, self._rnd = vault, journal, rnd
        self._ask = ask
        self._drafts = {draft.entry_id for draft in journal.drafts()}
        self._live = {EntryId(row[0]) for row in vault.connection.rows("SELECT id FROM entry WHERE state = 0")}
        self._gone = {EntryId(row[0]) for row in vault.connection.rows("SELECT id FROM entry WHERE state = 1")}

    def changes(self) -> Iterator[tuple[dict[str, Any], Callable[[], object]]]:
        """What is to be said and what is to be done, in turn."""
        while True:
            change = self._one(self._rnd.choice(CHANGES))
            if change is not None:
                yield change

    def _one(self, kind: str) -> tuple[dict[str, Any], Callable[[], object]] | None:
        rnd, journal = self._rnd, self._journal
        if kind == "again":
            return _change(kind, "", ""), self._lock_and_unlock
        if kind == "file":
            return self._file(rnd.randbytes(rnd.choice((10, 5_000, 200_000))))
        if kind in ("delete", "restore", "discard"):
            pool, job = {
                "delete": (self._live, journal.delete),
                "restore": (self._gone, journal.restore),
                "discard": (self._drafts, journal.discard_draft),
            }[kind]
            return self._mark(kind, pool, job)
        entry_id = self._which(kind)
        content = ground.content(rnd)
        if kind == "draft":
            self._drafts.add(entry_id)
            return _change(kind, entry_id, content.digest()), partial(journal.save_draft, entry_id, content)
        self._drafts.discard(entry_id)
        if entry_id not in self._gone:
            self._live.add(entry_id)
        return _change(kind, entry_id, content.digest()), partial(journal.save, entry_id, content)

    def _which(self, kind: str) -> EntryId:
        known = sorted(self._live | self._drafts)
        if kind == "new" or not known or self._rnd.random() < 0.2:
            return EntryId(f"{self._rnd.getrandbits(104):026x}")
        return self._rnd.choice(known)

    def _mark(
        self, kind: str, pool: set[EntryId], job: Callable[[EntryId], object]
    ) -> tuple[dict[str, Any], Callable[[], object]] | None:
        if not pool:
            return None
        entry_id = self._rnd.choice(sorted(pool))
        pool.discard(entry_id)
        {"delete": self._gone, "restore": self._live}.get(kind, set()).add(entry_id)
        return _change(kind, entry_id, ""), partial(job, entry_id)

    def _file(self, raw: bytes) -> tuple[dict[str, Any], Callable[[], object]]:
        name = self._ask(lambda: self._name_of(raw))
        change = _change("file", name, hashlib.sha256(raw).hexdigest())
        return change, lambda: self._vault.media.put(io.BytesIO(raw))

    def _name_of(self, raw: bytes) -> str:
        """Only the vault knows the name it will give; asking for it stores nothing."""
        return self._vault.media._name_of(hashlib.sha256(raw).digest())  # noqa: SLF001 - named before it is there

    def _lock_and_unlock(self) -> None:
        self._vault.lock()
        self._vault.unlock(ground.PASSPHRASE)
        self._journal.after_unlock()


def _change(kind: str, key: str, digest: str) -> dict[str, Any]:
    return {"do": kind, "key": key, "digest": digest}


def main(folder: Path, seed: str) -> None:
    """Write until killed; every "done" comes after its "begin", up to three of which may be ahead."""
    harden_at_start()
    vault = ground.vault_at(folder)
    journal = JournalService(vault, SystemClock())
    worker = VaultWorker()
    worker.submit(lambda: vault.unlock(ground.PASSPHRASE)).result()
    worker.submit(journal.after_unlock).result()
    rnd = random.Random(seed)

    def ask(job: Callable[[], str]) -> str:
        return worker.submit(job).result()

    writer = worker.submit(lambda: Writer(vault, journal, rnd, ask)).result()
    waiting: deque[Future[object]] = deque()
    for number, (change, job) in enumerate(writer.changes()):
        say("begin " + json.dumps(change))
        waiting.append(worker.submit(job))
        while len(waiting) >= rnd.randint(1, ON_THEIR_WAY):
            waiting.popleft().result()
            say(f"done {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
