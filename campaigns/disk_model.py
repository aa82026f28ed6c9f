"""What may be on a disk after the power went: every state that the system's promises allow, drawn at random.

Data of a file counts from its fsync on; before that any part of it may be there,
torn at 512 bytes. A name counts from the fsync of its folder on; before that the
changes of one folder may be there up to any point, in their order, and a rename
is there in both folders or in neither. The fsync of a file says nothing about
its name. This is less than common file systems keep, never more.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaigns.disk_log import Act

SECTOR = 512
_TORN = 0.3


@dataclass(slots=True)
class _Node:
    """A file or folder, whatever its names are."""

    is_folder: bool
    first: bytes = b""
    writes: list[Act] = field(default_factory=list)
    synced: int = 0  # so many of the writes, or of the folder's changes, are on the disk for certain
    changes: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Change:
    """Names given or taken, all at once: (folder, name, node or None)."""

    entries: tuple[tuple[int, str, int | None], ...]


class Disk:
    """A folder as it was, and what a process then did to a copy of it, whose paths begin with `root`."""

    def __init__(self, before: Path, root: Path) -> None:
        self._root = str(root)
        self._nodes: list[_Node] = [_Node(True)]
        self._now: dict[int, dict[str, int]] = {0: {}}
        self._changes: list[_Change] = []
        self._load(before, 0)
        self._first = {folder: dict(names) for folder, names in self._now.items()}

    def follow(self, acts: Iterable[Act]) -> None:
        """Do what the process did."""
        for act in acts:
            getattr(self, f"_{act.kind}")(act)

    # --- what was done -------------------------------------------------------

    def _said(self, act: Act) -> None:
        """Saying something changes no disk."""

    def _create(self, act: Act) -> None:
        if self._find(act.path) is None:
            self._give(act.path, self._new(is_folder=False))

    def _mkdir(self, act: Act) -> None:
        self._give(act.path, self._new(is_folder=True))

    def _write(self, act: Act) -> None:
        node = self._find(act.path)
        if node is not None:  # a file that has lost its name is gone after a crash
            self._nodes[node].writes.append(act)

    _truncate = _write

    def _sync(self, act: Act) -> None:
        found = self._find(act.path)
        if found is not None:
            node = self._nodes[found]
            node.synced = len(node.changes if node.is_folder else node.writes)

    def _rename(self, act: Act) -> None:
        node = self._known(act.path)
        (old_folder, old), (new_folder, new) = self._split(act.path), self._split(act.other)
        self._change((old_folder, old, None), (new_folder, new, node))

    def _link(self, act: Act) -> None:
        self._give(act.other, self._known(act.path))

    def _unlink(self, act: Act) -> None:
        folder, name = self._split(act.path)
        self._change((folder, name, None))

    # --- a crash -------------------------------------------------------------

    def after_crash(self, rnd: random.Random, target: Path) -> None:
        """Write one of the states that may be found to an empty folder."""
        names = self._surviving_names(rnd)
        how = rnd.choice(("none", "all", "some", "some", "first"))
        contents: dict[int, bytes] = {}
        stack = [(0, target)]
        while stack:
            folder, place = stack.pop()
            place.mkdir(exist_ok=True, mode=0o700)
            for name, node in names.get(folder, {}).items():
                if self._nodes[node].is_folder:
                    stack.append((node, place / name))
                else:
                    if node not in contents:
                        contents[node] = self._surviving_data(self._nodes[node], rnd, how)
                    (place / name).write_bytes(contents[node])

    def _surviving_names(self, rnd: random.Random) -> dict[int, dict[str, int]]:
        how = rnd.choice(("none", "all", "some", "some"))
        kept = {}
        for number, node in enumerate(self._nodes):
            if not node.is_folder:
                continue
            left = len(node.changes) - node.synced
            more = {"none": 0, "all": left}.get(how, rnd.randint(0, left))
            kept[number] = node.synced + more
        self._make_whole(kept)
        names = {folder: dict(there) for folder, there in self._first.items()}
        for number, change in enumerate(self._changes):
            if all(number in self._nodes[folder].changes[: kept[folder]] for folder, _, _ in change.entries):
                _apply(names, change)
        return names

    def _make_whole(self, kept: dict[int, int]) -> None:
        """What is kept in one of a rename's folders is kept in the other, with all that came before it there."""
        is_changed = True
        while is_changed:
            is_changed = False
            for number, change in enumerate(self._changes):
                places = [(folder, self._nodes[folder].changes.index(number)) for folder, _, _ in change.entries]
                if any(at < kept[folder] for folder, at in places):
                    for folder, at in places:
                        if at >= kept[folder]:
                            kept[folder], is_changed = at + 1, True

    def _surviving_data(self, node: _Node, rnd: random.Random, how: str) -> bytes:
        loose = range(node.synced, len(node.writes))
        first = loose.start + rnd.randint(0, len(loose))
        data = bytearray(node.first)
        for number, act in enumerate(node.writes):
            raw = act.data
            if number in loose:
                is_there = {"none": False, "all": True, "first": number < first}.get(how, rnd.random() < 0.5)
                if not is_there:
                    continue
                if rnd.random() < _TORN:
                    raw = raw[: SECTOR * rnd.randint(0, len(raw) // SECTOR)]
            _put(data, act, raw)
        return bytes(data)

    # --- inside --------------------------------------------------------------

    def _load(self, place: Path, folder: int) -> None:
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            is_folder = entry.is_dir(follow_symlinks=False)
            node = self._new(is_folder=is_folder)
            self._now[folder][entry.name] = node
            if is_folder:
                self._load(Path(entry.path), node)
            else:
                self._nodes[node].first = Path(entry.path).read_bytes()

    def _new(self, *, is_folder: bool) -> int:
        self._nodes.append(_Node(is_folder))
        number = len(self._nodes) - 1
        if is_folder:
            self._now[number] = {}
        return number

    def _give(self, path: str, node: int) -> None:
        folder, name = self._split(path)
        self._change((folder, name, node))

    def _change(self, *entries: tuple[int, str, int | None]) -> None:
        change = _Change(entries)
        self._changes.append(change)
        for folder in dict.fromkeys(folder for folder, _, _ in entries):
            self._nodes[folder].changes.append(len(self._changes) - 1)
        _apply(self._now, change)

    def _split(self, path: str) -> tuple[int, str]:
        parent, name = os.path.split(path)
        return self._known(parent), name

    def _known(self, path: str) -> int:
        node = self._find(path)
        if node is None:
            raise RuntimeError("the log names what is not there")
        return node

    def _find(self, path: str) -> int | None:
        node: int | None = 0
        for part in _parts(path, self._root):
            if node is None or node not in self._now:
                return None
            node = self._now[node].get(part)
        return node


def _parts(path: str, root: str) -> Sequence[str]:
    inside = os.path.relpath(path, root)
    return () if inside == "." else inside.split("/")


def _apply(names: dict[int, dict[str, int]], change: _Change) -> None:
    for folder, name, node in change.entries:
        there = names.setdefault(folder, {})
        if node is None:
            there.pop(name, None)
        else:
            there[name] = node


def _put(data: bytearray, act: Act, raw: bytes) -> None:
    if act.kind == "truncate":
        if len(data) > act.at:
            del data[act.at :]
        else:
            data.extend(bytes(act.at - len(data)))
        return
    if len(data) < act.at:
        data.extend(bytes(act.at - len(data)))
    data[act.at : act.at + len(raw)] = raw
