"""Runs numbered SQL steps once each, after a proved copy; a newer vault is left as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from companion.core.errors import VaultDamaged, VaultNewer
from companion.vault.connection import Connection
from companion.vault.contents import columns, read_columns, tables
from companion.vault.engine import load_engine
from companion.vault.guards import APPLICATION_ID

SCHEMA = Path(__file__).resolve().parent / "schema"
_NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")
# A step that means to change rows says so in its head: "-- changes: entry, label".
_CHANGES = re.compile(r"^-- changes: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One file of the schema; never edited after a release."""

    number: int
    sql: str

    @property
    def changes(self) -> frozenset[str]:
        """Tables whose rows this step is meant to change."""
        found = _CHANGES.search(self.sql)
        return frozenset(name.strip() for name in found[1].split(",")) if found else frozenset()

    def statements(self) -> Iterator[str]:
        """The single statements, with triggers whole."""
        complete = load_engine().complete_statement
        pending = ""
        # A semicolon in a comment, a text or a trigger ends nothing, which the library knows.
        for piece in re.split(r"(?<=;)", self.sql):
            pending += piece
            if piece.endswith(";") and complete(pending):
                yield pending
                pending = ""
        if re.sub(r"--.*", "", pending).strip():
            raise ValueError(f"step {self.number} ends in the middle of a statement")


def load_steps(folder: Path = SCHEMA) -> tuple[Step, ...]:
    """All steps in order, numbered from 1 without a gap."""
    found = [(int(m[1]), path) for path in folder.iterdir() if (m := _NAME.fullmatch(path.name))]
    steps = tuple(Step(number, path.read_text(encoding="utf-8")) for number, path in sorted(found))
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError("schema steps are not numbered 1, 2, 3, …")
    return steps


def schema_of(connection: Connection) -> int:
    """The number of the last step this database has seen."""
    return int(connection.value("PRAGMA user_version"))


def migrate(
    connection: Connection, copy_first: Callable[[], object], steps: tuple[Step, ...] | None = None
) -> list[int]:
    """Bring the database to the newest schema; the numbers of the steps that ran.

    `copy_first` makes a proved copy and is called only where there is data and
    something to do. All steps and the new number are one transaction: after a
    crash the database has the old schema or the new one. Raises VaultNewer, and
    VaultDamaged where rows would have been lost (nothing is changed then).
    """
    steps = load_steps() if steps is None else steps
    found, known = schema_of(connection), len(steps)
    if found > known:
        raise VaultNewer(found, known)
    wanted = steps[found:]
    if not wanted:
        return []
    if found:
        copy_first()
    before = {table: columns(connection, table) for table in tables(connection)}
    meant = frozenset[str]().union(*(step.changes for step in wanted))
    with connection.transaction(exclusive=True):
        # Read inside the transaction, so that nothing can come between the figures and the steps.
        old = read_columns(connection, before)
        connection.execute("PRAGMA defer_foreign_keys=ON")
        for step in wanted:
            for statement in step.statements():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={known}")
        _require_same(old, read_columns(connection, before), meant)
        if connection.rows("PRAGMA foreign_key_check"):
            raise VaultDamaged("migration-keys")
    return [step.number for step in wanted]


def _require_same(old: dict[str, tuple[int, str]], new: dict[str, tuple[int, str]], meant: frozenset[str]) -> None:
    for table, figures in old.items():
        if table not in meant and new.get(table) != figures:
            raise VaultDamaged("migration-rows")
