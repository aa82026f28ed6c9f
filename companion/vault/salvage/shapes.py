"""What each table and index of a vault looks like inside, by the schema steps: what a lost page may belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from companion.vault.engine import load_engine
from companion.vault.migrations import load_steps
from companion.vault.salvage.records import Cell, Gone

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

_TYPES: dict[str, tuple[type, ...]] = {
    "INTEGER": (int,),
    "INT": (int,),
    "TEXT": (str,),
    "BLOB": (bytes,),
    "REAL": (int, float),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One stored value: its name, the types it may have (none: any), whether it may be absent."""

    name: str
    types: tuple[type, ...] = ()
    required: bool = False
    has_default: bool = False
    is_rowid: bool = False

    def accepts(self, value: Any) -> bool:
        """Whether this value can stand here."""
        if isinstance(value, Gone):
            return True
        if self.is_rowid:
            return value is None
        if value is None:
            return not self.required
        return not self.types or isinstance(value, self.types)


@dataclass(frozen=True, slots=True)
class Shape:
    """A tree of the file: a table, or an index of `table`; columns as they are stored.

    `is_kept` tables hold data of their own; the others are search indexes. `hint` is the
    root's page number in a vault made by today's steps.
    """

    name: str
    table: str
    has_rowid: bool
    is_kept: bool
    columns: tuple[Column, ...]
    hint: int
    names: tuple[str, ...] = field(default=())

    def fits(self, cell: Cell) -> bool:
        """Whether this cell could be one of this tree's."""
        if (cell.rowid is not None) != self.has_rowid or len(cell.values) > len(self.columns):
            return False
        missing = self.columns[len(cell.values) :]
        return all(column.accepts(value) for column, value in zip(self.columns, cell.values, strict=False)) and all(
            column.has_default or not column.required for column in missing
        )

    def row(self, cell: Cell) -> dict[str, Any]:
        """The cell's values by column name; Gone stands for what cannot be read."""
        row = dict(zip(self.names, cell.values, strict=False))
        for column in self.columns:
            if column.is_rowid:
                row[column.name] = cell.rowid
        return row


MASTER = Shape(
    "sqlite_schema",
    "sqlite_schema",
    True,
    False,
    (
        Column("type", (str,), required=True),
        Column("name", (str,), required=True),
        Column("tbl_name", (str,), required=True),
        Column("rootpage", (int,), required=True),
        Column("sql", (str,)),
    ),
    1,
    ("type", "name", "tbl_name", "rootpage", "sql"),
)


def known_shapes(schema: int) -> dict[str, Shape]:
    """Every tree of a vault with so many schema steps, by name."""
    raw = load_engine().connect(":memory:", isolation_level=None)
    try:
        for step in load_steps()[:schema]:
            for statement in step.statements():
                raw.execute(statement)
        return {shape.name: shape for shape in _shapes(raw)}
    finally:
        raw.close()


def _shapes(raw: dbapi2.Connection) -> list[Shape]:
    roots = dict(raw.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall())
    tables = raw.execute(
        "SELECT name, type, wr FROM pragma_table_list WHERE schema='main' AND type IN ('table', 'shadow')"
    ).fetchall()
    found = []
    for name, kind, without_rowid in tables:
        if name not in roots:
            continue
        columns = _columns(raw, name)
        indexes = raw.execute("SELECT name, origin FROM pragma_index_list(?)", (name,)).fetchall()
        for index, origin in indexes:
            stored = _index_columns(raw, index, columns)
            if without_rowid and origin == "pk":
                found.append(_shape(name, name, False, kind == "table", stored, roots[name]))
            else:
                found.append(_shape(index, name, False, False, stored, roots[index]))
        if not without_rowid:
            found.append(_shape(name, name, True, kind == "table", columns, roots[name]))
    return found


def _shape(name: str, table: str, has_rowid: bool, is_kept: bool, columns: Sequence[Column], hint: int) -> Shape:
    return Shape(name, table, has_rowid, is_kept, tuple(columns), hint, tuple(column.name for column in columns))


def _columns(raw: dbapi2.Connection, table: str) -> list[Column]:
    rows = raw.execute('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?) ORDER BY cid', (table,))
    found = rows.fetchall()
    keys = sum(1 for row in found if row[4])
    without_rowid = raw.execute("SELECT 1 FROM pragma_table_list WHERE name=? AND wr", (table,)).fetchone()
    return [
        Column(
            name,
            _TYPES.get(kind.upper(), ()),
            bool(required),
            default is not None,
            is_rowid=not without_rowid and bool(key) and keys == 1 and kind.upper() == "INTEGER",
        )
        for name, kind, required, default, key in found
    ]


def _index_columns(raw: dbapi2.Connection, index: str, columns: Sequence[Column]) -> list[Column]:
    """The columns of an index in the order they are stored; the last of a rowid table's is that rowid."""
    rows = raw.execute("SELECT cid FROM pragma_index_xinfo(?) ORDER BY seqno", (index,)).fetchall()
    alias = next((column.name for column in columns if column.is_rowid), "rowid")
    found = []
    for (cid,) in rows:
        if cid < 0 or columns[cid].is_rowid:
            found.append(Column(alias, (int,), required=True))
        else:
            found.append(columns[cid])
    return found
