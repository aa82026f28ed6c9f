"""Whether a window can open, asked before Qt is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.cli.display import require_display
from companion.core.errors import NoDisplay


def has_display(environ: dict[str, str], root: Path, system: str = "linux") -> bool:
    try:
        require_display(environ, system, root)
    except NoDisplay:
        return False
    return True


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A computer with the screens :1 (a file) and :2 (a name without one), and a Wayland session."""
    for folder in ("tmp/.X11-unix", "run/user/1000", "proc/net"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tmp/.X11-unix/X1").touch()
    (tmp_path / "run/user/1000/wayland-0").touch()
    (tmp_path / "proc/net/unix").write_text(
        "Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 0 00010000 0001 01 7 @/tmp/.X11-unix/X2\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":1"}, True),
        ({"DISPLAY": ":1.0"}, True),
        ({"DISPLAY": "unix:1"}, True),
        ({"DISPLAY": ":2"}, True),
        ({"DISPLAY": ":3"}, False),
        ({"DISPLAY": "elsewhere:0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1000"}, True),
        ({"WAYLAND_DISPLAY": "/run/user/1000/wayland-0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "/run/user/1000"}, False),
        ({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "/run/user/1000", "DISPLAY": ":1"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "minimal:enable_fonts"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":1"}, True),
    ],
    ids=str,
)
def test_on_linux(root: Path, environ: dict[str, str], expected: bool) -> None:
    assert has_display(environ, root) is expected


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_there_is_always_one(root: Path, system: str) -> None:
    assert has_display({}, root, system)
