"""What of this program touches a network, read from its code and from the running process."""

from __future__ import annotations

import ast
import ctypes
import os
import stat
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Final

import companion

NETWORK_MODULES: Final = frozenset({"socket", "ssl", "http", "urllib", "asyncio", "requests", "httpx", "socketserver"})
_QT_NETWORK = ("PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtHttpServer")
_PACKAGE = companion.__name__
# Linux <bits/socket.h>: the address families of the internet.
_INET = {2: "inet", 10: "inet6"}
_TABLES = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "udplite", "udplite6")


def network_modules(folder: Path | None = None) -> tuple[str, ...]:
    """Names of our own modules that import a network module, in their code or (when loaded) in their globals.

    `folder` is the package to read; None is the one that runs.
    """
    package = folder or Path(companion.__file__).resolve().parent
    found = {name for name, path in _sources(package) if _imports_network(path)}
    if folder is None:
        loaded = [(name, module) for name, module in list(sys.modules.items()) if _is_ours(name)]
        found |= {name for name, module in loaded if _holds_network(module)}
    return tuple(sorted(found))


def _sources(package: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        yield ".".join((_PACKAGE, *parts)).removesuffix(".__init__"), path


def _is_ours(name: str) -> bool:
    return name == _PACKAGE or name.startswith(_PACKAGE + ".")


def _is_network(name: str) -> bool:
    return name.partition(".")[0] in NETWORK_MODULES or name.startswith(_QT_NETWORK)


def _imports_network(path: Path) -> bool:
    try:
        return _code_imports_network(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return True  # what cannot be read cannot be called clean


@lru_cache(maxsize=1024)  # taking the same bytes apart again would cost the window half a second at every look
def _code_imports_network(code: bytes) -> bool:
    for node in ast.walk(ast.parse(code)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(map(_is_network, names)):
            return True
    return False


def _holds_network(module: ModuleType) -> bool:
    return any(isinstance(value, ModuleType) and _is_network(value.__name__) for value in list(vars(module).values()))


def inet_sockets() -> tuple[str, ...] | None:
    """Internet sockets that this process has open, such as "tcp 7F000001:1F90"; None where the system cannot say.

    Every open file is asked for its address family; the tables in /proc give
    those that are bound or connected their name.
    """
    if sys.platform != "linux":
        return None
    names = dict(_table_entries())
    found: list[str] = []
    for text in os.listdir("/proc/self/fd"):
        handle = int(text)
        family = _family(handle)
        if family in _INET:
            found.append(names.get(os.fstat(handle).st_ino, f"{_INET[family]} unbound"))
    return tuple(sorted(found))


def _family(handle: int) -> int | None:
    try:
        if not stat.S_ISSOCK(os.fstat(handle).st_mode):
            return None
    except OSError:
        return None  # the handle that listed the folder
    address, size = ctypes.create_string_buffer(128), ctypes.c_uint32(128)
    if ctypes.CDLL(None).getsockname(handle, address, ctypes.byref(size)) != 0:
        return None
    return int.from_bytes(address.raw[:2], sys.byteorder)


def _table_entries() -> Iterator[tuple[int, str]]:
    """Inode and name of every socket in this network namespace (Linux proc(5), /proc/net/tcp)."""
    for table in _TABLES:
        try:
            lines = Path("/proc/self/net", table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if len(fields) > 9 and fields[9].isdigit():
                yield int(fields[9]), f"{table} {fields[1]}"
