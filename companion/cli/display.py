"""Whether a window can open, asked before Qt is loaded: without a screen Qt would end the process."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from companion.core.errors import NoDisplay


def require_display(environ: Mapping[str, str], system: str = sys.platform, sockets: Path = Path("/")) -> None:
    """Return where there is a screen, or Qt was told to do without. Raises NoDisplay.

    `sockets` is the root below which the screen's own socket is looked for.
    """
    if system in ("win32", "darwin"):
        return
    chosen = environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if chosen and not chosen.startswith(("xcb", "wayland")):
        return
    if not (_has_wayland(environ, sockets) or _has_x11(environ, sockets)):
        raise NoDisplay


def _has_wayland(environ: Mapping[str, str], root: Path) -> bool:
    name = environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    folder = environ.get("XDG_RUNTIME_DIR", "")
    path = Path(name) if name.startswith("/") else Path(folder) / name
    return (root / path.relative_to("/")).exists() if path.is_absolute() else True


def _has_x11(environ: Mapping[str, str], root: Path) -> bool:
    name = environ.get("DISPLAY", "")
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if local is None:
        return bool(name)  # another computer's screen: only trying tells
    socket = f"/tmp/.X11-unix/X{local[1]}"  # noqa: S108 - fixed by the X server
    if (root / socket.lstrip("/")).exists():
        return True
    # Some servers listen on a name that has no file (Linux "abstract" sockets).
    with suppress(OSError):
        return any(line.endswith(f"@{socket}") for line in (root / "proc/net/unix").read_text().splitlines())
    return False
