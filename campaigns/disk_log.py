"""What a process did to the files below one folder, in order, read from a log of its system calls."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

TRACED = (
    "open", "openat", "creat", "lseek", "write", "pwrite64", "writev", "pwritev", "ftruncate", "truncate", "fallocate",
    "fsync", "fdatasync", "sync_file_range", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "mkdir",
    "mkdirat", "link", "linkat", "symlink", "symlinkat", "copy_file_range", "sendfile", "close",
)  # fmt: skip
_CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+)")
_HANDLE = re.compile(r"(\w+)<([^>]*)>")
_WORDS = re.compile(r'"([^"]*)"')
# Calls that write in a way that is not modelled; our code makes none of them.
_UNKNOWN = {"writev", "pwritev", "truncate", "fallocate", "sync_file_range", "copy_file_range", "sendfile"}
_UNKNOWN |= {"symlink", "symlinkat"}


def wrap(log: Path) -> list[str]:
    """What to put before a command so that its main thread is logged with all it writes."""
    calls = ",".join("?" + call for call in TRACED)
    return ["strace", "-qq", "-y", "-xx", "-s", "20000000", "-o", str(log), "-e", f"trace={calls}", "-e", "signal=none"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done: create, mkdir, write, truncate, sync, rename, link, unlink, or said (an acknowledgement)."""

    kind: str
    path: str = ""
    other: str = ""
    at: int = 0
    data: bytes = b""


def read(log: Path, root: Path) -> list[Act]:
    """All that was done below `root`, and all that was said on standard output."""
    reader = _Reader(str(root))
    found: list[Act] = []
    with log.open(encoding="ascii") as lines:
        for line in lines:
            found += reader.take(line)
    return found


class _Reader:
    """Follows the position of every handle, because `write` does not say where."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._positions: dict[str, int] = {}

    def take(self, line: str) -> Sequence[Act]:
        match = _CALL.match(line)
        if match is None or match[3].startswith("-"):
            return ()
        call, rest, result = match[1], match[2], int(match[3])
        return [act for act in self._acts(call, rest, result) if act.kind == "said" or self._is_ours(act.path)]

    def _is_ours(self, path: str) -> bool:
        return path == self._root or path.startswith(self._root + "/")

    def _acts(self, call: str, rest: str, result: int) -> Iterator[Act]:
        if call in ("open", "openat", "creat"):
            yield from self._opened(call, rest, result)
        elif call in ("fsync", "fdatasync"):
            yield Act("sync", _handle(rest)[1])
        elif call in ("rename", "renameat", "renameat2"):
            old, new = _paths(rest)
            yield Act("rename", old, new)
        elif call in ("link", "linkat"):
            old, new = _paths(rest)
            yield Act("link", old, new)
        elif call in ("unlink", "unlinkat", "rmdir"):
            yield Act("unlink", _paths(rest)[0])
        elif call in ("mkdir", "mkdirat"):
            yield Act("mkdir", _paths(rest)[0])
        else:
            yield from self._moved(call, rest, result)

    def _opened(self, call: str, rest: str, result: int) -> Iterator[Act]:
        self._positions[str(result)] = 0
        path = _paths(rest)[0]
        if call == "creat" or "O_CREAT" in rest:
            yield Act("create", path)
        if call == "creat" or "O_TRUNC" in rest:
            yield Act("truncate", path)

    def _moved(self, call: str, rest: str, result: int) -> Iterator[Act]:
        handle, path = _handle(rest)
        if call == "write":
            data = _bytes(rest)[:result]
            if handle == "1":
                yield from (Act("said", data=line) for line in data.splitlines())
                return
            at = self._positions.get(handle, 0)
            self._positions[handle] = at + result
            yield Act("write", path, at=at, data=data)
        elif call == "pwrite64":
            yield Act("write", path, at=int(rest.rpartition(", ")[2]), data=_bytes(rest)[:result])
        elif call == "ftruncate":
            yield Act("truncate", path, at=int(rest.rpartition(", ")[2]))
        elif call == "lseek":
            self._positions[handle] = result
        elif call in _UNKNOWN and any(self._is_ours(_plain(found)) for found in re.findall(r"<([^>]*)>", rest)):
            _refuse(call)


def _refuse(call: str) -> NoReturn:
    raise RuntimeError(f"{call} is not modelled")


def _handle(rest: str) -> tuple[str, str]:
    match = _HANDLE.match(rest)
    if match is None:
        return "", ""
    return match[1], _plain(match[2])


def _paths(rest: str) -> list[str]:
    """Every path named, absolute: a handle before it says where it begins."""
    found = []
    folder = ""
    for match in re.finditer(r'(?:\w+<([^>]*)>)|"([^"]*)"', rest):
        if match[1] is not None:
            folder = _plain(match[1])
        else:
            found.append(os.path.normpath(os.path.join(folder, _plain(match[2]))))
    return found


def _bytes(rest: str) -> bytes:
    match = _WORDS.search(rest)
    return _unhex(match[1]) if match else b""


def _plain(text: str) -> str:
    return os.fsdecode(_unhex(text)) if "\\x" in text else text


def _unhex(text: str) -> bytes:
    raw, _ = codecs.escape_decode(text.encode())
    return bytes(raw)
