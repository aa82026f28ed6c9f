"""The salvage's reader of pages and records against SQLite's own answers, and against bytes that are neither."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.vault.connection import create_database
from companion.vault.keyslots import MasterKey
from companion.vault.salvage.pages import PAGE, Pages
from companion.vault.salvage.records import TABLE_LEAF, read_node

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40),
    st.integers(0, 30_000).map(lambda size: "ä" * (size // 2)),
    st.binary(max_size=9000),
)


def stored(path: Path, rows: list[tuple[Any, ...]]) -> Pages:
    key, salt = MasterKey.new(), os.urandom(16)
    db = create_database(path, key, salt)
    db.execute("CREATE TABLE t (a, b, c)")
    db.executemany("INSERT INTO t VALUES (?,?,?)", rows)
    db.close()
    pages = Pages(BytesIO(path.read_bytes()), key.derive("db"), salt)
    pages.look_at_all()
    return pages


def cells(pages: Pages) -> list[tuple[int | None, tuple[Any, ...]]]:
    found = []
    for number in sorted(pages.good - {1}):
        page = pages.plain(number)
        node = read_node(page, number, pages.plain) if page else None
        if node is not None and node.kind == TABLE_LEAF:
            assert not node.malformed
            found += [(cell.rowid, cell.values) for cell in node.cells if cell.whole]
    return sorted(found, key=lambda cell: cell[0] or 0)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=30))
def test_every_value_is_read_as_sqlite_wrote_it(tmp_path_factory: Any, rows: list[tuple[Any, ...]]) -> None:
    pages = stored(tmp_path_factory.mktemp("rows") / "v.db", rows)
    assert pages.bad == 0
    assert cells(pages) == list(enumerate(rows, start=1))


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from([2, 5, 10, 13]), raw=st.binary(min_size=60, max_size=60), count=st.integers(0, 3000))
def test_bytes_that_are_no_page_raise_nothing(kind: int, raw: bytes, count: int) -> None:
    page = bytes([kind, 0, 0]) + count.to_bytes(2, "big") + raw * 80
    read_node(page[: PAGE - 80], 7, lambda _number: None)


def test_a_page_in_the_wrong_place_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    key, salt = MasterKey.new(), os.urandom(16)
    db = create_database(path, key, salt)
    db.execute("CREATE TABLE t (a)")
    db.executemany("INSERT INTO t VALUES (?)", [("x" * 900,) for _ in range(20)])
    db.close()
    raw = path.read_bytes()
    swapped = raw[: 2 * PAGE] + raw[3 * PAGE : 4 * PAGE] + raw[2 * PAGE : 3 * PAGE] + raw[4 * PAGE :]
    pages = Pages(BytesIO(swapped), key.derive("db"), salt)
    pages.look_at_all()
    assert pages.bad == 2
    assert pages.plain(3) is None
