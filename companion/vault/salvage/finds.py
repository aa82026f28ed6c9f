"""Finds every row of a damaged database: along its trees where they hold, page by page where they do not."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from companion.core.errors import VaultNewer
from companion.vault.migrations import load_steps
from companion.vault.salvage.pages import Pages
from companion.vault.salvage.records import INDEX_INTERIOR, TABLE_INTERIOR, TABLE_LEAF, Cell, Node, read_node
from companion.vault.salvage.shapes import MASTER, Shape, known_shapes

_SCHEMA_AT, _FREE_AT = 60, 32
_MOST_KEPT = 1000  # parsed pages, a few MB
_META, _ID = "vault_meta", "vault_id"


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row or index entry by column name; Gone stands for values that cannot be read.

    `reached` is False where no tree led to its page any more. `pages` are those it lies on.
    """

    values: dict[str, Any]
    whole: bool
    reached: bool
    pages: tuple[int, ...] = ()


@dataclass(slots=True)
class _Tree:
    """One tree while it is walked: pages with cells of it; `is_whole` while every page of it could be read."""

    pages: dict[int, bool] = field(default_factory=dict)
    is_whole: bool = True


class Finds:
    """What is left of a database. Reads on demand; give it pages that were looked at."""

    def __init__(self, pages: Pages, step: Callable[[int], object] = lambda _: None) -> None:
        self._pages = pages
        self._step = step
        self._read: dict[int, Node] = {}
        self._first = pages.plain(1)
        self.schema = self._schema()
        self._shapes = known_shapes(self.schema)
        self._trees: dict[str, _Tree] = {name: _Tree() for name in self._shapes}
        self._taken: set[int] = set()
        roots = self._roots()
        for name, shape in self._shapes.items():
            self._walk(shape, roots.get(name))
        self._take_free_pages()
        self._take_lost_pages()

    def tables(self) -> list[str]:
        """Names of the tables that hold data of their own."""
        return sorted(name for name, shape in self._shapes.items() if shape.is_kept)

    def is_whole(self, name: str) -> bool:
        """Whether every page of this table or index could be read and none is known to be missing."""
        tree = self._trees.get(name)
        return tree is not None and tree.is_whole

    def rows(self, name: str) -> Iterator[FoundRow]:
        """Every row of a table, or entry of an index, that a readable page holds; the same one may come twice."""
        shape, tree = self._shapes.get(name), self._trees.get(name)
        if shape is None or tree is None:
            return
        for number in sorted(tree.pages):
            node = self._node(number)
            for cell in node.cells if node else ():
                if shape.fits(cell):
                    pages = (number, *cell.spill)
                    yield FoundRow(shape.row(cell), cell.whole, tree.pages[number], pages)

    def indexes_of(self, table: str) -> list[str]:
        """Names of the table's indexes."""
        return sorted(name for name, shape in self._shapes.items() if shape.table == table and name != table)

    # --- inside ----------------------------------------------------------

    def _schema(self) -> int:
        known = len(load_steps())
        if self._first is None:
            return known
        (found,) = struct.unpack_from(">I", self._first, _SCHEMA_AT)
        if found > known:
            raise VaultNewer(found, known)
        return found or known

    def _node(self, number: int) -> Node | None:
        node = self._read.get(number)
        if node is None:
            node = self._parsed(number)
            if node is not None:
                if len(self._read) >= _MOST_KEPT:
                    self._read.clear()
                self._read[number] = node
        return node

    def _parsed(self, number: int) -> Node | None:
        page = self._pages.plain(number)
        return None if page is None else read_node(page, number, self._pages.plain)

    def _roots(self) -> dict[str, int]:
        """Where each tree begins, as far as the list of them can be read."""
        roots: dict[str, int] = {}
        todo, seen = ([1], set[int]()) if self._first is not None else ([], set())
        while todo:
            number = todo.pop()
            node = self._node(number) if number not in seen else None
            seen.add(number)
            if node is not None and node.kind in (TABLE_LEAF, TABLE_INTERIOR):
                todo += node.below
                self._taken.add(number)
                roots.update(_named_roots(node))
        if set(self._shapes) <= set(roots):
            return roots
        for number in sorted(self._pages.good - self._taken):
            node = self._node(number)
            if node is not None and node.kind == TABLE_LEAF and node.cells and all(map(MASTER.fits, node.cells)):
                found = _named_roots(node)
                if found:
                    self._taken.add(number)
                    roots = found | roots
        return roots

    def _walk(self, shape: Shape, root: int | None) -> None:
        tree = self._trees[shape.name]
        if root is None:
            tree.is_whole = False
            return
        kinds = (TABLE_INTERIOR, TABLE_LEAF) if shape.has_rowid else (INDEX_INTERIOR, 10)
        todo, seen = [root], set[int]()
        while todo:
            number = todo.pop()
            if number in seen:
                continue
            seen.add(number)
            node = self._node(number)
            if node is None or node.kind not in kinds or not all(map(shape.fits, node.cells)):
                tree.is_whole = False  # damaged, or a page of something else: an older page led here
                continue
            tree.is_whole = tree.is_whole and not node.malformed
            todo += node.below
            self._taken.add(number)
            self._taken.update(page for cell in node.cells for page in cell.spill)
            tree.pages[number] = True

    def _take_free_pages(self) -> None:
        if self._first is None:
            return
        (trunk,) = struct.unpack_from(">I", self._first, _FREE_AT)
        seen: set[int] = set()
        while trunk and trunk not in seen and (page := self._pages.plain(trunk)) is not None:
            seen.add(trunk)
            trunk, count = struct.unpack_from(">II", page)
            seen.update(struct.unpack_from(f">{min(count, 1000)}I", page, 8))
        # What the trees hold is not free, whatever an older list says.
        self._free = seen - self._taken

    def _take_lost_pages(self) -> None:
        """Give each page that no tree led to, to the tree whose rows it can hold."""
        for number in sorted(self._pages.good - self._taken):
            node = self._node(number)
            if node is None or node.kind in (None, TABLE_INTERIOR) or not node.cells:
                continue
            fitting = [shape for shape in self._shapes.values() if all(map(shape.fits, node.cells))]
            for shape in _likely(fitting, number, node.cells):
                self._trees[shape.name].pages[number] = False
                self._trees[shape.name].is_whole = False


def _named_roots(node: Node) -> dict[str, int]:
    rows = [MASTER.row(cell) for cell in node.cells if MASTER.fits(cell)]
    return {
        row["name"]: row["rootpage"]
        for row in rows
        if row["type"] in ("table", "index") and isinstance(row["name"], str) and isinstance(row["rootpage"], int)
    }


def _likely(fitting: list[Shape], number: int, cells: tuple[Cell, ...]) -> list[Shape]:
    """Of several trees with the same shape: the one that begins at this page, else all of them.

    An entry of an index proves nothing by itself, so that one too many does no harm.
    """
    if len(fitting) < 2:
        return fitting
    if any(shape.name == _META for shape in fitting) and any(cell.values[:1] == (_ID,) for cell in cells):
        return [shape for shape in fitting if shape.name == _META]
    at_root = [shape for shape in fitting if shape.hint == number]
    return at_root or [shape for shape in fitting if shape.name != _META]
