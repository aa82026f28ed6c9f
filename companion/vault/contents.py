"""What a database holds as numbers: rows of each table and one digest over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from companion.vault.connection import Connection

_LOOK_EVERY = 200  # rows


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows by table, and SHA-256 (hex) over every value of every row in a fixed order."""

    tables: dict[str, int]
    digest: str


def tables(connection: Connection) -> list[str]:
    """Names of the tables that hold data of their own; search indexes are made from them."""
    rows = connection.rows(
        "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table'"
        " AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
    )
    return [str(row[0]) for row in rows]


def columns(connection: Connection, table: str) -> list[str]:
    """Column names in their order."""
    return [str(row[0]) for row in connection.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))]


def read_contents(connection: Connection, look: Callable[[], None] = lambda: None) -> Contents:
    """Count and digest every table; what `look`, called again and again, raises ends it."""
    counts: dict[str, int] = {}
    whole = hashlib.sha256()
    for table in tables(connection):
        counts[table], digest = table_digest(connection, table, columns(connection, table), look)
        whole.update(f"{table}:{counts[table]}:{digest}\n".encode())
    return Contents(counts, whole.hexdigest())


def read_columns(connection: Connection, wanted: Mapping[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Row count and digest of these columns, by table; what no longer exists is left out."""
    found: dict[str, tuple[int, str]] = {}
    present = set(tables(connection))
    for table, names in wanted.items():
        if table in present and set(names) <= set(columns(connection, table)):
            found[table] = table_digest(connection, table, names)
    return found


def table_digest(
    connection: Connection, table: str, names: list[str], look: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """How many rows the table has, and SHA-256 over these columns in the order of its key."""
    chosen = ", ".join(map(_quoted, names))
    digest, rows = hashlib.sha256(), 0
    for row in connection.stream(f"SELECT {chosen} FROM {_quoted(table)} ORDER BY {_order(connection, table)}"):
        digest.update(b"".join(map(_plain, row)))
        rows += 1
        if rows % _LOOK_EVERY == 0:
            look()
    return rows, digest.hexdigest()


def _order(connection: Connection, table: str) -> str:
    without_rowid = connection.value("SELECT wr FROM pragma_table_list WHERE schema='main' AND name=?", (table,))
    if not without_rowid:
        return "rowid"
    keys = connection.rows("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    return ", ".join(_quoted(str(row[0])) for row in keys)


def _plain(value: Any) -> bytes:
    """One value with its kind and length, so that no two rows can look alike."""
    if value is None:
        return b"n;"
    if isinstance(value, int):
        return b"i%d;" % value
    if isinstance(value, float):
        return b"f" + value.hex().encode() + b";"
    kind, raw = (b"t", value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else (b"b", bytes(value))
    return kind + b"%d:" % len(raw) + raw


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
