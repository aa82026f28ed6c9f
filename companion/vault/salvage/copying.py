"""Copies the tables that no feature proves by itself: row by row, by their names alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from companion.core.ids import MediaName
from companion.vault.connection import Connection
from companion.vault.contents import columns, tables
from companion.vault.salvage.contract import Lost, MediaRescue, Rescued
from companion.vault.salvage.finds import Finds, FoundRow

LEFT_OUT = frozenset({"vault_meta"})  # says which vault this is; the new one has its own
_MEDIA = "media"
_MOST_ROUNDS = 8


def copy_tables(finds: Finds, into: Connection, media: MediaRescue, claimed: Iterable[str]) -> Rescued:
    """Copy every other table that both databases have. Inside the new database's transaction."""
    result = Rescued()
    there = set(tables(into))
    for table in finds.tables():
        if table in there and table not in LEFT_OUT and table not in claimed:
            result.add(_copy_table(finds, into, table, media))
    return result


def insert(into: Connection, table: str, row: dict[str, Any]) -> bool:
    """Add a row by column names; False where it clashes with one that is there or breaks a rule of the table."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    sql = f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({marks})'
    return into.execute(sql, tuple(row.values())) > 0


def _copy_table(finds: Finds, into: Connection, table: str, media: MediaRescue) -> Rescued:
    result = Rescued(maybe_more=not finds.is_whole(table))
    known = set(columns(into, table))
    for found in _best_first(finds.rows(table)):
        if not found.whole:
            result.lost.append(Lost(table, None, None, "unreadable"))
            continue
        row = {name: value for name, value in found.values.items() if name in known}
        if row.get(_MEDIA):
            _follow_media(row, media, result)
        result.saved += insert(into, table, row)
    return result


def _best_first(rows: Iterable[FoundRow]) -> list[FoundRow]:
    """What the tree still leads to before what only a lone page holds."""
    return sorted(rows, key=lambda row: (not row.reached, not row.whole))


def _follow_media(row: dict[str, Any], media: MediaRescue, result: Rescued) -> None:
    """A file has another name under another key."""
    name = MediaName(str(row[_MEDIA]))
    stored = media.take(name)
    row[_MEDIA] = stored.name if stored else ""
    if stored is None:
        result.lost.append(Lost("file", str(name), None, media.why_lost(name)))


def drop_orphans(into: Connection) -> Rescued:
    """Take out rows whose owner is lost; where a row can be without an owner, it stays."""
    result = Rescued()
    for _round in range(_MOST_ROUNDS):
        broken = {str(row[0]) for row in into.rows("PRAGMA foreign_key_check")}
        if not broken:
            break
        for table in sorted(broken):
            result.add(_repair(into, table))
    return result


def _repair(into: Connection, table: str) -> Rescued:
    result = Rescued()
    required = {
        str(row[0]) for row in into.rows('SELECT name FROM pragma_table_info(?) WHERE "notnull" OR pk', (table,))
    }
    links = into.rows('SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)', (table,))
    for parent, own, theirs in links:
        astray = f'"{own}" IS NOT NULL AND "{own}" NOT IN (SELECT "{theirs}" FROM "{parent}")'
        if own in required:
            gone = into.execute(f'DELETE FROM "{table}" WHERE {astray}')
            result.lost += [Lost(table, None, None, "without-owner")] * gone
            result.saved -= gone
        else:
            into.execute(f'UPDATE "{table}" SET "{own}" = NULL WHERE {astray}')
    return result
