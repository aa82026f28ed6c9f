"""A newer schema, a journal brought in and taken back, the file written anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from campaigns import ground, judge
from campaigns.judge import State
from campaigns.lifecycle.case import (
    EXPORT,
    VAULT,
    Case,
    Found,
    a_journal,
    facts_of,
    must_hold,
    remember,
    restores,
    same,
)
from campaigns.lifecycle.keys import open_it
from companion.core.ids import BatchId
from companion.vault import migrations, opening
from companion.vault.migrations import Step

COMING = 12
ONE_STEP_MORE = """
ALTER TABLE entry ADD COLUMN month TEXT NOT NULL DEFAULT '';
UPDATE entry SET month = substr(day, 6, 2);
CREATE TABLE month (name TEXT PRIMARY KEY, entries INTEGER NOT NULL) STRICT;
INSERT INTO month SELECT month, count(*) FROM entry GROUP BY month;
CREATE INDEX entry_by_month ON entry (month);
"""


@contextmanager
def _newer_program() -> Iterator[None]:
    """As a later Companion would be: it knows one schema step more."""
    known = migrations.load_steps()
    steps = (*known, Step(len(known) + 1, ONE_STEP_MORE))
    with (
        mock.patch.object(migrations, "load_steps", return_value=steps),
        mock.patch.object(opening, "load_steps", return_value=steps),
    ):
        yield


def _migrated(root: Path, done: bool) -> Found:
    expected = facts_of(root)["a"]
    yield from must_hold(root / VAULT, expected)
    with ground.opened(root / VAULT) as (vault, _):
        schema = migrations.schema_of(vault.connection)
        if schema != len(migrations.load_steps()):
            yield f"the schema is {schema}"
        if not vault.connection.value("SELECT sum(entries) FROM month"):
            yield "the step did not run whole"
    backups = [backup for backup in ground.vault_at(root / VAULT).backups() if backup.reason == "migration"]
    if not backups:
        yield "no backup from before"
    for backup in backups:
        yield from restores(backup.file, root / f"from {backup.file.stem}", expected)


def _an_export(root: Path, seed: int) -> None:
    a_journal(root, seed)
    ground.day_one(root / EXPORT, ground.chance("lifecycle", seed, "export"), COMING, 4)


def _bring_in(root: Path) -> None:
    with ground.opened(root / VAULT) as (_, journal):
        journal.importing.bring_in(root / EXPORT)


def _look(root: Path) -> tuple[State, list[str]]:
    """Entries and drafts, and what is wrong. A file that no entry names may stay: it is no one's words."""
    with ground.opened(root / VAULT) as (vault, journal):
        found = {key: value for key, value in judge.state_of(vault, journal).items() if not key.startswith("file ")}
        return found, judge.faults_of(vault, journal)


def _brought_in(root: Path, done: bool) -> Found:
    before = [key for key in facts_of(root)["a"] if not key.startswith("file ")]
    found, wrong = _look(root)
    yield from wrong
    yield from judge.kept({key: found.get(key, "") for key in before}, [{k: facts_of(root)["a"][k] for k in before}])
    new = len(found) - len(before)
    if new not in (0, COMING):
        yield f"{new} of {COMING} entries are visible"
    if done and new != COMING:
        yield "acknowledged, and the entries are not there"
    if not new:
        _bring_in(root)
        new = len(_look(root)[0]) - len(before)
        if new != COMING:
            yield f"brought in again, {new} of {COMING} entries came"


def _imported(root: Path, seed: int) -> None:
    _an_export(root, seed)
    before, _ = _look(root)
    _bring_in(root)
    remember(root, before=before, after=_look(root)[0])


def _undo(root: Path) -> None:
    with ground.opened(root / VAULT) as (vault, journal):
        newest = vault.connection.value("SELECT id FROM batch ORDER BY made_ms DESC")
        journal.importing.undo(BatchId(newest))


def _undone(root: Path, done: bool) -> Found:
    facts = facts_of(root)
    found, wrong = _look(root)
    yield from wrong
    yield from judge.kept(found, [facts["before"]] if done else [facts["before"], facts["after"]])


def _compact(root: Path) -> None:
    with ground.opened(root / VAULT) as (vault, _):
        if not vault.compact():
            raise RuntimeError("not compacted")


CASES = {
    "compacting": Case(a_journal, _compact, same),
    "migration": Case(a_journal, open_it, _migrated, _newer_program),
    "import": Case(_an_export, _bring_in, _brought_in),
    "undo of an import": Case(_imported, _undo, _undone),
}
