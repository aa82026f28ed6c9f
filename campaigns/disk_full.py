"""A disk that is full at every step of the way, or shut, or gone: nothing acknowledged goes, what failed works again.

A child with a small disk of its own leaves a little more room each time, does
one thing until the disk says no, and reports what is there afterwards.
"""

from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from campaigns import ground, judge, shut_folder
from campaigns.children import Child, say
from campaigns.folder_report import Report
from campaigns.ground import PASSPHRASE
from campaigns.judge import State
from campaigns.kill_store import follow
from campaigns.outcome import Outcome, Size, Tally
from campaigns.small_disk import BLOCK, SmallDisk, namespace
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, DiskFull, WrongSecret
from companion.core.ids import EntryId
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile
from companion.journal.importing import Importing
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault.process import harden_at_start
from companion.vault.vault import Vault, restore

NAME = "disk_full"
PASSES = "0 acknowledged changes lost; told as a full disk; opens, reads and deletes at any room; tried again, it works"
# Room in KiB that is left, before the 1 MiB of ballast that deleting may give up.
ROOM: dict[Size, list[int]] = {
    "small": [0, 700],
    "gate": [0, 64, 192, 448, 832, 1472, 2560],
    "release": list(range(0, 20 * 200, 20)),
}
# Rounds of each act with a folder that is shut or goes away, and with a clock that jumps.
ROUNDS: dict[Size, int] = {"small": 1, "gate": 4, "release": 60}
DISK_BYTES = 16 << 20
WINDOW_WAYS = ("try again", "new note", "lock", "write on", "go elsewhere")
OTHER = "nine quiet otters at noon"
LONGEST_TRY = 60
VAULT, EXPORT, BACKUP, TEMPLATE = "a.vault", "export.zip", "outside.vbak", "template"


# --- the parent --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """All acts at all points, in one child; then those with a folder that is shut or goes away, in another."""
    tally = Tally(NAME, seed, PASSES)
    wrap = namespace()
    if wrap is None:
        return tally.not_run("this account may not mount a small disk (needs root, or user namespaces)")
    make_template(place / TEMPLATE, seed)
    with Child("campaigns.disk_full", str(place), str(seed), *map(str, ROOM[size]), wrap=wrap) as child:
        for line in child.rest():
            judge_report(Report(**json.loads(line)), tally)
        if child.process.returncode:
            tally.fault("all", [f"the child ended with {child.process.returncode}: {child.complaint}"])
    told = shut_folder.rounds(seed, ROUNDS[size])
    if isinstance(told, str):
        tally.note(f"a shut folder was not run: {told}")
    else:
        for report in told:
            judge_shut(report, tally)
    return tally.outcome()


def judge_shut(report: Report, tally: Tally) -> None:
    """Add up a round with a folder that is shut or goes away, or with a clock that jumps."""
    where = f"{report.act}, round {report.room}"
    tally.tried(acknowledged=report.acknowledged, folder_said_no=report.was_full)
    tally.note(report.act)
    tally.lose(where, report.lost)
    tally.fault(where, report.faults)


def judge_report(report: Report, tally: Tally) -> None:
    """Add it up."""
    where = f"{report.act} with {report.room} KiB left"
    tally.tried(acknowledged=report.acknowledged, disk_said_no=report.was_full)
    tally.note(f"{report.act}: {'full' if report.was_full else 'had room'}")
    tally.lose(where, report.lost)
    tally.fault(where, report.faults)


def make_template(place: Path, seed: int) -> None:
    """A vault, a backup of it, and another journal's export."""
    rnd = ground.chance(NAME, seed)
    ground.make_journal(place / VAULT, rnd, 30, files=2)
    ground.day_one(place / EXPORT, rnd, 40, 6)
    with ground.opened(place / VAULT) as (vault, _):
        vault.backup(place / BACKUP)


# --- acts, in the child ------------------------------------------------------


@dataclass(slots=True)
class Scene:
    """One point: the disk with a vault on it, and what is to be said about it."""

    disk: SmallDisk
    source: Path
    rnd: random.Random
    report: Report

    @property
    def folder(self) -> Path:
        """The vault on the small disk."""
        return self.disk.place / VAULT

    def attempt(self, job: Callable[[], object]) -> bool:
        """Whether it was done; a full disk is the only reason not to."""
        try:
            job()
        except DiskFull:
            self.report.was_full = True
            return False
        except CompanionError as error:
            self.report.faults.append(f"told as {judge.named(error)}")
            return False
        self.report.acknowledged += 1
        return True

    def must(self, what: str, job: Callable[[], object]) -> None:
        """It has to work."""
        try:
            job()
        except CompanionError as error:
            self.report.faults.append(f"{what} ended in {judge.named(error)}")

    def must_hold(self, *states: State, passphrase: str = PASSPHRASE) -> None:
        """The vault opens and holds exactly one of these, with nothing wrong, however full the disk is."""
        try:
            with ground.opened(self.folder, passphrase) as (vault, journal):
                self.report.lost += judge.kept(judge.state_of(vault, journal), states)
                self.report.faults += judge.faults_of(vault, journal)
        except CompanionError as error:
            self.report.faults.append(f"does not open: {judge.named(error)}")


def _state(folder: Path) -> State:
    with ground.opened(folder) as (vault, journal):
        return judge.state_of(vault, journal)


def save(scene: Scene) -> None:
    """Entries and drafts until the disk is full; then delete, make room, and save again what failed."""
    with ground.opened(scene.folder) as (vault, journal):
        state = judge.state_of(vault, journal)
        state, failed = _write_until_full(scene, journal, state)
        scene.report.lost += judge.kept(judge.state_of(vault, journal), [state])
        victim = next(key for key, value in state.items() if key.startswith("entry ") and value.startswith("live"))
        # What keeps deleting possible was given up when the disk said no.
        scene.must("deleting on a full disk", lambda: journal.delete(EntryId(victim[6:])))
        state = follow(state, {"do": "delete", "key": victim[6:], "digest": ""})
    scene.must_hold(state)
    scene.disk.relieve()
    if failed is not None:
        with ground.opened(scene.folder) as (_, journal):
            scene.must("saving again", lambda: journal.save(*failed))
        scene.must_hold(follow(state, {"do": "new", "key": failed[0], "digest": failed[1].digest()}))


def _write_until_full(
    scene: Scene, journal: JournalService, state: State
) -> tuple[State, tuple[EntryId, Content] | None]:
    for number in range(LONGEST_TRY):
        entry_id, content = EntryId(f"{scene.rnd.getrandbits(104):026x}"), ground.content(scene.rnd, 20 << number % 8)
        how, kind = (journal.save, "new") if number % 3 else (journal.save_draft, "draft")
        if not scene.attempt(partial(how, entry_id, content)):
            return state, (entry_id, content)
        state = follow(state, {"do": kind, "key": entry_id, "digest": content.digest()})
    return state, None


def keep_file(scene: Scene) -> None:
    """One attachment."""
    raw = scene.rnd.randbytes(300_000)
    with ground.opened(scene.folder) as (vault, journal):
        before = judge.state_of(vault, journal)
        done = scene.attempt(lambda: vault.media.put(io.BytesIO(raw)))
        after = judge.state_of(vault, journal)
        if len(after) != len(before) + done or judge.left_over(scene.folder):
            scene.report.faults.append("half a file is left")
    scene.must_hold(after)


def create(scene: Scene) -> None:
    """A second vault beside."""
    vault = ground.vault_at(scene.disk.place / "b.vault")
    if not scene.attempt(lambda: vault.create(PASSPHRASE)):
        if vault.exists or list(vault.folder.glob("*")):
            scene.report.faults.append("half a vault is left")
        scene.disk.relieve()
        scene.must("creating again", lambda: vault.create(PASSPHRASE))
    vault.lock()


def passphrase(scene: Scene) -> None:
    """A new passphrase: afterwards exactly one opens."""
    before = _state(scene.folder)
    done = scene.attempt(lambda: ground.vault_at(scene.folder).change_passphrase(PASSPHRASE, OTHER))
    valid, other = (OTHER, PASSPHRASE) if done else (PASSPHRASE, OTHER)
    scene.must_hold(before, passphrase=valid)
    try:
        ground.vault_at(scene.folder).unlock(other)
        scene.report.faults.append("the other passphrase opens it too")
    except WrongSecret:
        pass


def back_up(scene: Scene) -> None:
    """A backup beside: proved, or not there."""
    with ground.opened(scene.folder) as (vault, journal):
        before, known = judge.state_of(vault, journal), len(vault.backups())
        done = scene.attempt(vault.backup)
        found = vault.backups()
    if len(found) != known + done or not all(backup.ok for backup in found):
        scene.report.faults.append(f"{len(found) - known} new backups, and {'one' if done else 'none'} was made")
    scene.report.faults += judge.left_over(scene.folder)
    scene.must_hold(before)


def bring_back(scene: Scene) -> None:
    """A backup over a vault that went on since."""
    with ground.opened(scene.folder) as (vault, journal):
        backed_up = judge.state_of(vault, journal)
        scene.attempt(lambda: journal.add(ground.content(scene.rnd, 20)))
        went_on = judge.state_of(vault, journal)
    done = scene.attempt(lambda: restore(scene.source / BACKUP, scene.folder, PASSPHRASE, SystemClock()))
    scene.must_hold(backed_up if done else went_on)


def bring_in(scene: Scene) -> None:
    """Another journal: all of it or nothing, where nobody asked before how much room there is."""
    with ground.opened(scene.folder) as (vault, journal):
        _bring_in(scene, vault, journal, Importing(vault, SystemClock(), lambda _folder: None))


def look_and_bring_in(scene: Scene) -> None:
    """The same as people do it: too little room is told before it begins, or the disk says it in the middle."""
    with ground.opened(scene.folder) as (vault, journal):
        _bring_in(scene, vault, journal, journal.importing)


def _bring_in(scene: Scene, vault: Vault, journal: JournalService, importing: Importing) -> None:
    before = _entries(vault, journal)
    done = scene.attempt(lambda: importing.bring_in(scene.source / EXPORT))
    new = len(_entries(vault, journal)) - len(before)
    if new != (40 if done else 0):
        scene.report.faults.append(f"{new} of 40 entries are visible")
    vault.lock()
    with ground.opened(scene.folder) as (vault, journal):
        scene.report.faults += judge.faults_of(vault, journal)
        if not before.items() <= _entries(vault, journal).items():
            scene.report.lost.append("an entry that was there before")


def _entries(vault: Vault, journal: JournalService) -> State:
    return {key: value for key, value in judge.state_of(vault, journal).items() if key.startswith("entry ")}


def read(scene: Scene) -> None:
    """Only open, look, lock, twice."""
    before = _state(scene.source / VAULT)
    scene.must_hold(before)
    scene.must_hold(before)


ACTS = (read, save, keep_file, create, passphrase, back_up, bring_back, bring_in, look_and_bring_in)


def _reports(place: Path, seed: int, rooms: list[int]) -> Iterator[Report]:
    disk = SmallDisk(place / "disk")
    disk.mount(DISK_BYTES)
    for act in ACTS:
        for room in rooms:
            rnd = ground.chance(NAME, seed, f"{act.__name__} {room}")
            scene = Scene(disk, place / TEMPLATE, rnd, Report(act.__name__, room))
            disk.clear()
            ground.copy_of(place / TEMPLATE / VAULT, scene.folder, ballast=True)
            disk.leave(room * 1024 + (rnd.randrange(16) * BLOCK if room else 0))
            act(scene)
            yield scene.report
    for way in WINDOW_WAYS if len(rooms) > 2 else WINDOW_WAYS[:1]:
        yield _window(disk, place, seed, way)


def _window(disk: SmallDisk, place: Path, seed: int, way: str) -> Report:
    """The real window, in a process of its own: the words stay with the person until they are saved."""
    report = Report(f"window, {way}", 0, was_full=True)
    disk.clear()
    data = Paths(disk.place / "data")
    ground.copy_of(place / TEMPLATE / VAULT, data.vaults / VAULT, ballast=True)
    SettingsFile(data.settings).save(Settings(first_run_done=True, country="GB", motion="reduced"))
    with Child("campaigns.full_disk_window", str(disk.place), way, f"{seed}.{way}") as child:
        lines = child.rest()
        said = [line for line in lines if not line.startswith(("state ", "saving", "saved ", "locked"))]
        report.acknowledged = sum(line.startswith("saved ") for line in lines)
        report.lost = [line for line in said if line.startswith("words are")]
        report.faults = [line for line in said if line not in (*report.lost, "done")]
        if "done" not in said:
            report.faults.append(f"the window ended by itself: {child.complaint}")
    return report


def main(place: Path, seed: int, rooms: list[int]) -> None:
    """One line for each point."""
    harden_at_start()
    for report in _reports(place, seed, rooms):
        say(json.dumps(asdict(report)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), [int(text) for text in sys.argv[3:]])
