"""A folder that is shut, goes away or comes back while it is open, and a clock that jumps: as an ordinary user.

`rounds()` starts `python -m campaigns.shut_folder` as somebody to whom rights mean something (root is let through
everywhere). The child makes a vault, takes rights or the folder away at each step, and says what it found.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from campaigns import ground, judge
from campaigns.children import ROOT, say
from campaigns.folder_report import Report
from campaigns.ground import CHEAP, PASSPHRASE
from campaigns.judge import State
from campaigns.real_key_store import NOBODY, python_for
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, ReadOnlyVault, StorageTrouble
from companion.core.room import require_place
from companion.journal.service import JournalService
from companion.vault.keeping import Keeping, Occasion
from companion.vault.process import harden_at_start
from companion.vault.vault import Vault

MODULE, NAME = "campaigns.shut_folder", "shut_folder"
_PATIENCE_S = 600
_JUMPS = (timedelta(days=-365), timedelta(days=3650), timedelta(days=-3285), timedelta(hours=13), timedelta(days=-1))


# --- outside ------------------------------------------------------------------


def rounds(seed: int, count: int) -> list[Report] | str:
    """What each round told, or why it could not be tried here."""
    home = Path(tempfile.mkdtemp(prefix="shut-"))
    become: tuple[str, ...] = ()
    try:
        if os.geteuid() == 0:
            if shutil.which("setpriv") is None:
                return "needs setpriv, to be an ordinary user"
            become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
            os.chown(home, NOBODY, NOBODY)
        environ = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ.get("PATH", os.defpath)}
        environ["PYTHONDONTWRITEBYTECODE"] = "1"
        python = python_for(become, environ)
        if python is None:
            return "no Python here that an ordinary user may run"
        command = [*become, python, "-m", MODULE, str(home), str(seed), str(count)]
        ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=_PATIENCE_S)
        if ended.returncode:
            raise RuntimeError((ended.stderr.strip().splitlines() or ["nothing"])[-1])
        return [Report(**json.loads(line)) for line in ended.stdout.splitlines() if line.startswith("{")]
    finally:
        shutil.rmtree(home, ignore_errors=True)


# --- inside ---------------------------------------------------------------------


class Scene:
    """One vault in a folder of its own, what it must hold, and what is to be said about it."""

    def __init__(self, folder: Path, seed: str, report: Report) -> None:
        self.folder, self.report = folder, report
        self.rnd = ground.chance(NAME, 0, seed)
        self.state: State = {}

    def save(self, vault: Vault, journal: JournalService) -> None:
        """One entry; acknowledged, so it counts from now on."""
        journal.add(ground.content(self.rnd, 60))
        self.report.acknowledged += 1
        self.state = judge.state_of(vault, journal)

    def refused(self, what: str, job: Callable[[], object]) -> None:
        """It must be refused, as trouble with the disk, and change nothing."""
        try:
            job()
        except (StorageTrouble, ReadOnlyVault):
            self.report.was_full = True
        except CompanionError as error:
            self.report.faults.append(f"{what}: told as {judge.named(error)}")
        except OSError as error:
            self.report.faults.append(f"{what}: not told in words ({type(error).__name__})")
        else:
            self.report.faults.append(f"{what}: was not refused")

    def holds(self, vault: Vault, journal: JournalService) -> None:
        """What was acknowledged is there, and nothing else."""
        self.report.lost += judge.kept(judge.state_of(vault, journal), [self.state])

    def must_hold(self) -> None:
        """It opens, holds what was acknowledged, is whole, and takes one more."""
        with ground.opened(self.folder) as (vault, journal):
            self.holds(vault, journal)
            self.report.faults += judge.faults_of(vault, journal)
            self.save(vault, journal)
        self.report.faults += judge.left_over(self.folder)


@contextmanager
def rights(top: Path, folders: int, files: int) -> Iterator[None]:
    """Everything in and below a folder has these rights for a while."""
    every = [top, *top.rglob("*")]
    before = {path: path.stat().st_mode & 0o777 for path in every}
    for path in reversed(every):  # what is inside first, or it could not be reached any more
        path.chmod(folders if path.is_dir() else files)
    try:
        yield
    finally:
        for path in every:
            with suppress(FileNotFoundError):
                path.chmod(before[path])


def read_only(scene: Scene) -> None:
    """Shut against writing before it is opened: it reads, and takes nothing."""
    new = scene.folder / "b.vault"
    with rights(scene.folder, 0o500, 0o400):
        scene.refused("asking for room", partial(require_place, new, 1))
        scene.refused("making a space", partial(ground.vault_at(new).create, PASSPHRASE))
        vault = ground.vault_at(scene.folder)
        vault.unlock(PASSPHRASE)
        journal = JournalService(vault, SystemClock())
        scene.holds(vault, journal)
        scene.refused("saving", lambda: journal.add(ground.content(scene.rnd, 20)))
        scene.refused("a new passphrase", lambda: vault.change_passphrase(PASSPHRASE, "nine quiet otters at noon"))
        vault.lock()


def shut_while_open(scene: Scene) -> None:
    """Rights taken away while it is open: refused, readable, and the same words are taken afterwards."""
    with ground.opened(scene.folder) as (vault, journal):
        scene.save(vault, journal)
        words = ground.content(scene.rnd, 60)
        with rights(scene.folder, 0o500, 0o400):
            scene.refused("saving", lambda: journal.add(words))
            scene.holds(vault, journal)
        journal.add(words)
        scene.state = judge.state_of(vault, journal)


def shut_out(scene: Scene) -> None:
    """Not even reading: told as trouble with the disk, never as a space that is not there or damaged."""
    with rights(scene.folder, 0o000, 0o000):
        scene.refused("opening", lambda: ground.vault_at(scene.folder).unlock(PASSPHRASE))


def away(scene: Scene) -> None:
    """The folder is gone while it is open, and comes back: the same words are taken then."""
    gone = scene.folder.with_name("gone")
    with ground.opened(scene.folder) as (vault, journal):
        scene.save(vault, journal)
        words = ground.content(scene.rnd, 60)
        scene.folder.rename(gone)
        scene.refused("saving", lambda: journal.add(words))
        if scene.rnd.random() < 0.5:  # an empty one stands there, as where a stick is mounted
            scene.folder.mkdir()
            scene.refused("saving beside nothing", lambda: journal.add(words))
            scene.report.faults += [f"written: {path.name}" for path in scene.folder.iterdir()]
            scene.folder.rmdir()
        gone.rename(scene.folder)
        journal.add(words)
        scene.state = judge.state_of(vault, journal)


def gone_at_lock(scene: Scene) -> None:
    """The folder is gone when it is locked, and is back later: what was acknowledged is there."""
    gone = scene.folder.with_name("gone")
    vault = ground.vault_at(scene.folder)
    vault.unlock(PASSPHRASE)
    scene.save(vault, JournalService(vault, SystemClock()))
    scene.folder.rename(gone)
    try:
        vault.lock()
    except CompanionError as error:
        scene.report.faults.append(f"locking ended in {judge.named(error)}")
    gone.rename(scene.folder)


class JumpingClock(SystemClock):
    """The real clock, wrong by as much as one likes."""

    off = timedelta()

    def now(self) -> datetime:
        """The time it would say."""
        return super().now() + self.off


def jumping_clock(scene: Scene) -> None:
    """The clock jumps between saves, openings and backups: nothing goes, and each backup that is made stays."""
    clock, done = JumpingClock(), False
    for jump in (*_JUMPS, *scene.rnd.sample(_JUMPS, len(_JUMPS))):
        vault = Vault(scene.folder, clock, cost=CHEAP)
        vault.unlock(PASSPHRASE)
        journal = JournalService(vault, clock)
        scene.holds(vault, journal)
        scene.save(vault, journal)
        clock.off += jump
        scene.save(vault, journal)
        made = Keeping(vault, clock).keep(Occasion.CLOSING) or vault.backup()
        done = made.file.exists() and any(info.ok and info.file == made.file for info in vault.backups())
        if not done:
            scene.report.faults.append("the backup that was just made is gone")
        vault.lock()


ACTS = (read_only, shut_while_open, shut_out, away, gone_at_lock, jumping_clock)


def main(home: Path, seed: int, count: int) -> None:
    """One line for each round."""
    harden_at_start()
    template: dict[str, Any] = {"folder": home / "template.vault"}
    ground.make_journal(template["folder"], ground.chance(NAME, seed), 12, files=1)
    with ground.opened(template["folder"]) as (vault, journal):
        state = judge.state_of(vault, journal)
    for act in ACTS:
        for number in range(count):
            report = Report(f"{act.__name__.replace('_', ' ')}", number)
            scene = Scene(
                ground.copy_of(template["folder"], home / "a.vault"), f"{seed} {act.__name__} {number}", report
            )
            scene.state = dict(state)
            act(scene)
            scene.must_hold()
            shutil.rmtree(scene.folder)
            say(json.dumps(asdict(report)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
