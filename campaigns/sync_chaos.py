"""A folder that a sync program keeps the same on two computers, badly: nothing goes, nothing is mixed, all is told.

Each round has two simulated computers, each with its own folder and its own memory
of what it saw. Between their evenings a sync program carries files over: all of them,
some of them, old ones, with conflict copies, or in the middle of a save. The judge knows
every note that was called saved, and looks for it in every copy that is left.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from campaigns import ground
from campaigns.ground import CHEAP, PASSPHRASE
from campaigns.outcome import Outcome, Size, Tally, in_turn
from companion.core.clock import SystemClock
from companion.core.errors import (
    CompanionError,
    DiskUnreachable,
    FileSwapped,
    KeyFileRolledBack,
    OpenElsewhere,
    OtherCopy,
    StaleCopy,
    TwoComputers,
    VaultDamaged,
    VaultInUse,
    VaultReplaced,
)
from companion.journal.service import JournalService
from companion.vault.lockfile import LOCK_NAME, LockFile
from companion.vault.presence import DATABASE, KEY_FILES
from companion.vault.seen import SeenBook
from companion.vault.staging import JOURNAL, MEDIA
from companion.vault.vault import Vault

NAME = "sync_chaos"
PASSES = "every save that was told is in a copy that is left; nothing removed, mixed or passed by; all trouble by type"
ROUNDS: dict[Size, int] = {"small": 4, "gate": 40, "release": 200}
STEPS: dict[Size, int] = {"small": 4, "gate": 8, "release": 8}
TOLD = (StaleCopy, TwoComputers, OpenElsewhere, VaultInUse, FileSwapped, DiskUnreachable)


def run(size: Size, seed: int, place: Path) -> Outcome:
    """So many rounds, one after the other."""
    tally = Tally(NAME, seed, PASSES, place)

    def play(number: int) -> None:
        where = f"round {number}"
        scene = Round(place / f"{number}", ground.chance(NAME, seed, number), tally, where)
        scene.play(STEPS[size])
        with tally.keeping(where, scene.place):
            scene.judge()
        tally.tried(1, saved=len(scene.saved), conflict_copies=scene.copies)
        shutil.rmtree(scene.place)

    in_turn(play, range(ROUNDS[size]))
    return tally.outcome()


@dataclass(slots=True)
class Computer:
    """One of the two; its memory is what its settings would hold."""

    name: str
    folder: Path
    lines: tuple[str, ...] = ()

    def seen(self) -> tuple[str, ...]:
        """What it saw last."""
        return self.lines

    def computer(self) -> str:
        """Its own name."""
        return self.name

    def keep(self, *, computer: str, seen: tuple[str, ...]) -> None:
        """Keep it."""
        self.name, self.lines = computer, seen

    def vault(self) -> Vault:
        """The vault as this computer opens it."""
        return Vault(self.folder, SystemClock(), cost=CHEAP, seen=SeenBook(self))


@dataclass(slots=True)
class Round:
    """Two computers, a sync program, and everything that was called saved."""

    place: Path
    rnd: random.Random
    tally: Tally
    where: str
    saved: set[str] = field(default_factory=set)
    held: dict[str, set[str]] = field(default_factory=dict)  # what each computer had when it closed last
    copies: int = 0
    here: Computer = field(init=False)
    there: Computer = field(init=False)

    def __post_init__(self) -> None:
        self.here = Computer("a" * 16, self.place / "here" / "x.vault")
        self.there = Computer("b" * 16, self.place / "there" / "x.vault")
        vault = self.here.vault()
        vault.create(PASSPHRASE)
        self._write(vault)
        vault.lock()
        shutil.copytree(self.here.folder, self.there.folder)
        self.open(self.there, lambda _vault: None)

    def play(self, steps: int) -> None:
        """Evenings on both computers, and what a sync program does between them."""
        acts = (
            self.carry,
            self.carry,
            self.only_database,
            self.only_keys,
            self.in_the_middle,
            self.lock_file,
            self.two_processes,
            self.moved_while_open,
            self.swapped_while_open,
            self.new_passphrase,
        )
        for _step in range(steps):
            pair = [self.here, self.there]
            self.rnd.shuffle(pair)
            if self.rnd.random() < 0.7:
                self.evening(pair[0])
            if self.rnd.random() < 0.3:
                self.evening(pair[1])
            act = self.rnd.choice(acts)
            self.tally.note(act.__name__.replace("_", " "))
            act(*pair)

    # --- what a person does ------------------------------------------------

    def evening(self, who: Computer) -> None:
        """Open, write some notes, lock."""
        self.open(who, lambda vault: [self._write(vault) for _ in range(self.rnd.randint(1, 3))])

    def open(self, who: Computer, job: Callable[[Vault], object]) -> None:
        """Open as a person does who reads what is said, and goes on after it."""
        vault, even = who.vault(), set[type[CompanionError]]()
        before = _names(who.folder)
        expected = self._expected(who)
        for _try in range(4):
            try:
                vault.unlock(PASSPHRASE, even=even)
                break
            except (OtherCopy, OpenElsewhere) as error:
                self.tally.note(f"told: {type(error).__name__}")
                even.add(type(error))
            except (VaultInUse, KeyFileRolledBack, VaultReplaced) as error:
                self.tally.note(f"told: {type(error).__name__}")
                return
            except VaultDamaged as error:
                self.tally.fault(self.where, [f"does not open: {type(error).__name__}({error.reason})"])
                return
        if expected and not expected & even:
            self.tally.fault(self.where, [f"{'/'.join(kind.__name__ for kind in expected)} was passed by unseen"])
        try:
            self._require_whole(vault)
            job(vault)
        except CompanionError as error:
            if not isinstance(error, TOLD):
                self.tally.fault(self.where, [f"told as {type(error).__name__}"])
            self.tally.note(f"told: {type(error).__name__}")
        finally:
            journal = JournalService(vault, SystemClock())
            self.held[who.name] = _digests(journal)  # from the file that is open, whatever stands at its path
            vault.lock()
        gone = {name for name in before - _names(who.folder) if name != JOURNAL}
        self.tally.fault(self.where, [f"{name} was removed" for name in sorted(gone)])

    def _write(self, vault: Vault) -> None:
        content = ground.content(self.rnd, self.rnd.choice((3, 60, 900)))
        JournalService(vault, SystemClock()).add(content)
        self.saved.add(content.digest())

    def _require_whole(self, vault: Vault) -> None:
        report = vault.check()
        if report.faults or report.cipher_pages_bad:
            self.tally.fault(self.where, ["a damaged database was opened"])

    def _expected(self, who: Computer) -> set[type[CompanionError]]:
        """What has to be told, found out without the product's own judgement: which notes were here, which are."""
        now = digests(who.folder / DATABASE, self)
        if now is None or (who.folder / JOURNAL).exists() or self.held.get(who.name, set()) <= now:
            return set()
        return {StaleCopy, TwoComputers}

    # --- what a sync program does --------------------------------------------

    def carry(self, source: Computer, target: Computer) -> None:
        """Bring everything over; what differs there is kept as a conflict copy, as all these programs do."""
        for name in (DATABASE, *KEY_FILES):
            self._bring(source, target, name)
        for path in (source.folder / MEDIA).rglob("*"):
            if path.is_file():
                copy = target.folder / path.relative_to(source.folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)

    def only_database(self, source: Computer, target: Computer) -> None:
        """Half of it arrived."""
        self._bring(source, target, DATABASE)

    def only_keys(self, source: Computer, target: Computer) -> None:
        """The other half."""
        for name in KEY_FILES:
            self._bring(source, target, name)

    def in_the_middle(self, source: Computer, target: Computer) -> None:
        """The database and a journal from the middle of a save there, which then ended."""
        found: list[bytes] = []

        def save(vault: Vault) -> None:
            vault.connection.execute("PRAGMA cache_size = 1")
            with vault.connection.transaction():
                content = ground.content(self.rnd, 2000)
                JournalService(vault, SystemClock()).add(content)
                if (source.folder / JOURNAL).exists():
                    found.append((source.folder / JOURNAL).read_bytes())
            self.saved.add(content.digest())

        self.open(source, save)
        self._bring(source, target, DATABASE)
        if found:
            (target.folder / JOURNAL).write_bytes(found[0])

    def lock_file(self, source: Computer, target: Computer) -> None:
        """The lock file of a computer that is still open, or went off."""
        del source
        facts = {"pid": 4711, "host": "elsewhere", "since": SystemClock().now().isoformat(), "computer": "c" * 16}
        (target.folder / LOCK_NAME).write_text(json.dumps(facts))

    def two_processes(self, source: Computer, target: Computer) -> None:
        """A second one on the same computer is told, and changes nothing."""
        del source
        lock = LockFile(target.folder, SystemClock())
        with suppress(OpenElsewhere):
            lock.acquire()
        try:
            target.vault().unlock(PASSPHRASE)
            self.tally.fault(self.where, ["two processes had it open"])
        except VaultInUse:
            self.tally.note("told: VaultInUse")
        finally:
            lock.release()

    def moved_while_open(self, source: Computer, target: Computer) -> None:
        """The folder goes, is missed, and comes back."""
        del source
        away = target.folder.with_name("away")

        def write(vault: Vault) -> None:
            os.rename(target.folder, away)
            self._must_refuse(vault, DiskUnreachable)
            os.rename(away, target.folder)
            self._write(vault)

        self.open(target, write)

    def swapped_while_open(self, source: Computer, target: Computer) -> None:
        """The sync program puts the other computer's file in place of the open one."""

        def write(vault: Vault) -> None:
            self._write(vault)
            self._bring(source, target, DATABASE)
            swapped = (target.folder / DATABASE).read_bytes()
            self._must_refuse(vault, FileSwapped)
            if (target.folder / DATABASE).read_bytes() != swapped:
                self.tally.fault(self.where, ["a file that was put there was written into"])

        self.open(target, write)

    def new_passphrase(self, source: Computer, target: Computer) -> None:
        """The key file goes on, on one of them."""
        del source
        self.open(target, lambda vault: vault.change_passphrase(PASSPHRASE, PASSPHRASE))

    def _must_refuse(self, vault: Vault, kind: type[CompanionError]) -> None:
        content = ground.content(self.rnd, 20)
        try:
            JournalService(vault, SystemClock()).add(content)
            self.tally.fault(self.where, [f"was called saved, not {kind.__name__}"])
        except kind:
            self.tally.note(f"told: {kind.__name__}")

    def _bring(self, source: Computer, target: Computer, name: str) -> None:
        """Written beside and renamed, as they do; what was there stays under another name."""
        new, old = source.folder / name, target.folder / name
        raw = new.read_bytes()
        if old.exists() and old.read_bytes() != raw:
            self.copies += 1
            stem, dot, end = name.rpartition(".")
            mark = self.rnd.choice(
                (
                    ".sync-conflict-20261125-1010{n:02}-ABC1234",
                    " (Jo's conflicted copy 2026-11-25 {n})",
                    " ({n})",
                    " {n}",
                )
            )
            os.rename(old, old.with_name(stem + mark.format(n=self.copies + 1) + dot + end))
        beside = old.with_name(f".syncing.{name}")
        beside.write_bytes(raw)
        os.replace(beside, old)

    # --- the judge -----------------------------------------------------------

    def judge(self) -> None:
        """Every note that was called saved is in one of the copies that are left, and each copy is whole."""
        found: set[str] = set()
        for who in (self.here, self.there):
            for path in who.folder.glob("vault*.db*"):
                if not path.name.endswith("-journal"):
                    found |= digests(path, self) or set()
        self.tally.lose(self.where, [f"{len(self.saved - found)} saved notes are nowhere"] * bool(self.saved - found))
        self._look_at_copies()

    def _look_at_copies(self) -> None:
        """The product finds every copy that opens, and can set one apart."""
        vault = self.here.vault()
        try:
            vault.unlock(PASSPHRASE, even=TOLD)
        except CompanionError as error:
            self.tally.note(f"at the end: {type(error).__name__}")
            return
        try:
            there = {path for path in self.here.folder.glob("vault*.db") if path.name != DATABASE}
            told = {one.path: one for one in vault.other_versions()}
            self.tally.fault(self.where, [f"{path.name} was not found" for path in there - set(told)])
            opens = [one for one in told.values() if one.can_be_opened]
            if opens:
                before = {path: path.read_bytes() for path in there}
                target = self.place / "apart.vault"
                vault.set_apart(opens[0], target)
                apart = Vault(target, SystemClock(), cost=CHEAP)
                apart.unlock(PASSPHRASE)
                apart.lock()
                if any(path.read_bytes() != raw for path, raw in before.items()):
                    self.tally.fault(self.where, ["looking at a copy changed it"])
        except CompanionError as error:
            self.tally.fault(self.where, [f"a copy could not be looked at: {type(error).__name__}"])
        finally:
            vault.lock()


def digests(path: Path, scene: Round) -> set[str] | None:
    """The notes in a copy, read from a copy of it in another place; None where it is not whole."""
    trial = scene.place / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    trial.mkdir()
    try:
        shutil.copyfile(path, trial / DATABASE)
        keys = [file for one in (scene.here, scene.there) for file in one.folder.glob("keys*.json")]
        newest = max(keys, key=lambda file: json.loads(file.read_bytes())["generation"])
        for name in KEY_FILES:
            shutil.copyfile(newest, trial / name)
        with ground.opened(trial, PASSPHRASE) as (_, journal):
            return _digests(journal)
    except (CompanionError, OSError):
        return None


def _digests(journal: JournalService) -> set[str]:
    return {journal.entry(one.id).content.digest() for one in journal.page(limit=10_000).entries}


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
