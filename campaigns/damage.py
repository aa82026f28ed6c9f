"""Files spoiled in every way a disk or a sync program has: never a wrong word, and every damage is noticed.

A child spoils one or more files of a copy, salvages it, opens it as the program
does, asks for everything, checks, and reports; the parent judges the reports, and a child
that died of what it read.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from campaigns import ground, judge, salvage_truth
from campaigns.children import Child, say
from campaigns.damage_salvage import NEW, salvage_one, told
from campaigns.outcome import WORKERS, Outcome, Size, Tally, side_by_side
from campaigns.pages import database_key, free_leaves, plain_pages
from campaigns.salvage_truth import Salvageable
from campaigns.spoil import ANYWHERE, Spoil, older_page
from campaigns.truth import Truth, compare, learn
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, KeyFileDamaged, WrongSecret
from companion.vault.keyslots import KeyFile
from companion.vault.process import harden_at_start
from companion.vault.vault import Vault, restore

NAME = "damage"
PASSES = (
    "0 wrong words of an entry, draft or file; every damage noticed by opening, reading or check; nothing made worse;"
    " salvage gives back every undamaged entry, version, draft and file, names the others, and touches nothing"
)
TRIALS = {"small": 25, "gate": 100, "release": 5000}
BATCH = 25
VAULT, EARLIER, OUTSIDE, TRUTH, FREE = "a.vault", "earlier.db", "outside.vbak", "truth.json", "free.json"
SALVAGEABLE = "salvageable.json"
# A list is read without proving each row; an older page in it is told by the check, and by the entry when it is opened.
LISTS = {"timeline", "search", "list of files"}
TARGETS = (
    ("database",) * 10
    + ("one key file",) * 2
    + ("both key files", "attachment", "attachment", "backup", "backup", "everything")
)
OLDER = "older page"
SALT = 16
SEARCHED = ["ba*", "kale", "mino", "zi", "tag"]


@dataclass(slots=True)
class Report:
    """What one trial showed."""

    target: str
    how: str
    changed: bool
    opened: bool = False
    noticed: list[str] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    only_salt: bool = False
    same_keys: bool = False
    salvage: dict[str, Any] = field(default_factory=dict)


# --- the judge ---------------------------------------------------------------


def judge_report(report: Report, where: str, tally: Tally) -> None:
    """Wrong answers are losses; what nobody noticed, and everything that got worse, are faults."""
    if not report.changed:
        tally.note("changed nothing")
        return
    tally.tried()
    tally.note(f"{report.target}: {'noticed' if report.noticed else 'read as before'}")
    tally.note("opened all the same" if report.opened else "did not open")
    wrong = set(report.wrong)
    if report.how == OLDER and wrong & LISTS:
        tally.note("an older row in a list, noticed by the check" if report.noticed else "an older row, not noticed")
        wrong -= LISTS
    tally.lose(where, [f"wrong answer ({kind})" for kind in sorted(wrong)])
    tally.fault(where, report.faults)
    _judge_salvage(report, where, tally)
    if not report.noticed:
        _judge_unnoticed(report, where, tally)


def _judge_salvage(report: Report, where: str, tally: Tally) -> None:
    """What could have come back and did not is lost; so is what came back and was never written."""
    found = report.salvage
    if not found:
        return
    tally.note("salvaged")
    tally.note("salvage: entries", found["entries"])
    tally.note("salvage: entries undamaged", found["undamaged"])
    tally.lose(where, [f"salvage does not give back an undamaged {kind}" for kind in found["missing"]])
    tally.lose(where, [f"salvage gives back a wrong {kind}" for kind in found["wrong"]])
    tally.fault(where, [f"salvage does not name a lost {kind}" for kind in found["silent"]])


def _judge_unnoticed(report: Report, where: str, tally: Tally) -> None:
    """Bytes may differ where nothing is kept; and what is kept about the vault itself is not anyone's words."""
    if report.only_salt:
        tally.note("the salt, which the key file keeps too; put right by the next write")
    elif report.same_keys:
        tally.note("a key file that says the same (space at its end)")
    elif report.how == OLDER and not report.differs:
        tally.note("an older page that says the same")
    elif report.how == OLDER and report.differs == ["vault_meta"]:
        tally.note("an older page of vault_meta (key file seen, last backup elsewhere), not noticed")
    else:
        tally.fault(where, ["not noticed"])


# --- the rounds --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Trials in batches, each batch in a child of its own."""
    tally = Tally(NAME, seed, PASSES)
    make_template(place, seed)
    ends = range(0, TRIALS[size], BATCH)
    side_by_side(lambda first: _batch(place, seed, first, min(first + BATCH, TRIALS[size]), tally), ends, WORKERS)
    return tally.outcome()


def make_template(place: Path, seed: int) -> None:
    """A vault with entries, drafts, files and backups; an earlier state of its database; the truth about it."""
    rnd = ground.chance(NAME, seed)
    ground.make_journal(place / VAULT, rnd, 60, files=4)
    shutil.copy(place / VAULT / "vault.db", place / EARLIER)
    with ground.opened(place / VAULT) as (vault, journal):
        rows = [row.id for row in journal.page(limit=100).entries]
        for entry_id in rnd.sample(rows, 8):
            journal.save(entry_id, ground.content(rnd))
        for entry_id in rnd.sample(rows, 12):
            # As people edit: other words, the same day and tags.
            journal.save(entry_id, replace(journal.entry(entry_id).content, text=ground.words(rnd, 80)))
        for entry_id in rnd.sample(rows, 3):
            journal.save_draft(entry_id, ground.content(rnd))
        vault.backup()
        vault.backup(place / OUTSIDE)
        truth = learn(vault, journal, SEARCHED)
    salvageable = salvage_truth.learn(place / VAULT)
    (place / SALVAGEABLE).write_text(json.dumps(salvageable.to_plain()), encoding="utf-8")
    (place / TRUTH).write_text(json.dumps(truth.to_plain()), encoding="utf-8")
    pages = list(plain_pages(place / VAULT / "vault.db", database_key(place / VAULT, ground.PASSPHRASE)))
    (place / FREE).write_text(json.dumps(sorted(free_leaves(pages))), encoding="utf-8")


def _free_pages(place: Path) -> list[int]:
    found: list[int] = json.loads((place / FREE).read_text(encoding="utf-8"))
    return found


def _batch(place: Path, seed: int, first: int, end: int, tally: Tally) -> None:
    """All trials of a batch; after one that ended its process, the next goes on."""
    while first < end:
        with Child("campaigns.damage", str(place), str(seed), str(first), str(end)) as child:
            for line in child.rest():
                plain = json.loads(line)
                report = Report(**plain)
                judge_report(report, f"trial {first} ({report.target}, {report.how})", tally)
                first += 1
            if first < end:
                tally.fault(f"trial {first}", [f"its process ended: {child.process.returncode} {child.complaint}"])
                first += 1


# --- the child ---------------------------------------------------------------


def choose(place: Path, rnd: random.Random) -> tuple[str, str, Spoil]:
    """A target, a kind of damage, and how it is done."""
    target = rnd.choice(TARGETS)
    if target == "database" and rnd.random() < 0.2:
        return target, OLDER, older_page(place / EARLIER, _free_pages(place))
    how = rnd.choice([name for name in ANYWHERE if name != "removed" or target != "backup"])
    return target, how, ANYWHERE[how]


def one(place: Path, truth: Truth, salvageable: Salvageable, rnd: random.Random, work: Path) -> Report:
    """Spoil a copy, and look."""
    target, how, spoil = choose(place, rnd)
    if target == "backup":
        return _one_backup(place, truth, rnd, work, Report(target, how, changed=True), spoil)
    folder = ground.copy_of(place / VAULT, work / VAULT)
    files = {
        "database": [folder / "vault.db"],
        "one key file": [folder / rnd.choice(("keys.json", "keys.bak.json"))],
        "both key files": [folder / "keys.json", folder / "keys.bak.json"],
        "attachment": [rnd.choice(sorted(folder.glob("media/??/*")))],
        "everything": [folder / "vault.db", folder / "keys.json", rnd.choice(sorted(folder.glob("media/??/*")))],
    }[target]
    before = {path: path.read_bytes() for path in files}
    changed = [spoil(path, rnd) for path in files]
    report = Report(target, how, changed=all(changed))
    report.only_salt = target == "database" and _differ_in_salt(files[0], before[files[0]])
    report.same_keys = "key file" in target and all(_says_the_same(path, before[path]) for path in files)
    if report.changed:
        verdict, faults = salvage_one(place / VAULT, folder, work, salvageable)
        report.salvage, report.faults = told(verdict), faults
        shutil.rmtree(work / NEW, ignore_errors=True)
    _open_and_read(folder, truth, report)
    if report.only_salt:
        _write_once(folder)
        if files[0].read_bytes()[:SALT] != before[files[0]][:SALT]:
            report.faults.append("the salt is not put right")
    if "key file" in target and report.opened and all(_says_the_same(path, before[path]) for path in files):
        report.noticed += [] if report.same_keys else ["healed"]
    return report


def _differ_in_salt(path: Path, before: bytes) -> bool:
    now = path.read_bytes() if path.exists() else b""
    return len(now) == len(before) and now[SALT:] == before[SALT:]


def _says_the_same(path: Path, before: bytes) -> bool:
    try:
        return path.exists() and KeyFile.from_bytes(path.read_bytes()) == KeyFile.from_bytes(before)
    except CompanionError:
        return False


def _write_once(folder: Path) -> None:
    with ground.opened(folder) as (vault, _):
        vault.preferences.put("written", True)


def _open_and_read(folder: Path, truth: Truth, report: Report) -> None:
    try:
        with ground.opened(folder) as (vault, journal):
            report.opened = True
            reading = compare(vault, journal, truth)
            report.wrong = dict(reading.wrong)
            report.noticed += [*reading.refused]
            report.differs = _differing_tables(vault, truth)
            report.noticed += judge.faults_of(vault, journal)
    except WrongSecret:
        report.faults.append("damage is taken for a wrong passphrase")
    except CompanionError as error:
        report.noticed.append(judge.named(error))
        if report.target == "both key files" and not isinstance(error, KeyFileDamaged):
            report.faults.append(f"a lost key file is told as {judge.named(error)}")


def _differing_tables(vault: Vault, truth: Truth) -> list[str]:
    try:
        now = judge.tables_of(vault)
    except CompanionError:
        return ["unreadable"]
    return [name for name, digest in truth.tables.items() if now.get(name) != digest]


def _one_backup(place: Path, truth: Truth, rnd: random.Random, work: Path, report: Report, spoil: Spoil) -> Report:
    """Restoring a spoiled backup over a vault gives the backup whole, or leaves the vault as it was."""
    file = Path(shutil.copy(place / OUTSIDE, work / OUTSIDE))
    folder = ground.copy_of(place / VAULT, work / VAULT)
    report.changed = spoil(file, rnd)
    try:
        restore(file, folder, ground.PASSPHRASE, SystemClock())
    except WrongSecret:
        report.faults.append("damage is taken for a wrong passphrase")
    except CompanionError as error:
        report.noticed.append(judge.named(error))
    with ground.opened(folder) as (vault, journal):
        report.opened = True
        report.wrong = dict(compare(vault, journal, truth).wrong)
        report.faults += judge.faults_of(vault, journal)
    return report


def _reports(place: Path, seed: int, first: int, end: int) -> Iterator[Report]:
    truth = Truth(**json.loads((place / TRUTH).read_text(encoding="utf-8")))
    salvageable = Salvageable.from_plain(json.loads((place / SALVAGEABLE).read_text(encoding="utf-8")))
    for number in range(first, end):
        work = place / f"trial{number}"
        work.mkdir()
        yield one(place, truth, salvageable, ground.chance(NAME, seed, number), work)
        shutil.rmtree(work)


def main(arguments: list[str]) -> None:
    """In the child: one line for each trial."""
    harden_at_start()
    place, (seed, first, end) = Path(arguments[0]), map(int, arguments[1:])
    for report in _reports(place, seed, first, end):
        say(json.dumps(asdict(report)))


if __name__ == "__main__":
    main(sys.argv[1:])
