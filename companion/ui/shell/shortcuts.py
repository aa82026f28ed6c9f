"""The keys of the window that need no place above every dialog; F1, F9, Escape and Ctrl+L are in `keys`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from companion.core.settings import TEXT_SCALES
from companion.ui.shell.frame import Frame

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from companion.ui.shell.shell import Shell

PLACES = 7


def add_shortcuts(window: QWidget, shell: Shell) -> list[QShortcut]:
    """Join keys and actions; every key has a modifier or is a function key."""
    keys: dict[str, Callable[[], object]] = {
        "Ctrl+N": partial(shell.go, "journal", "new"),
        "Ctrl+M": partial(shell.go, "today", "check-in"),
        "Ctrl+F": partial(_on_frame, shell, Frame.find_here),
        "Ctrl+K": partial(shell.go, "journal", "search"),
        "Ctrl++": partial(change_text_size, shell, 1),
        "Ctrl+=": partial(change_text_size, shell, 1),
        "Ctrl+-": partial(change_text_size, shell, -1),
        "Ctrl+0": partial(change_text_size, shell, 0),
        "F6": partial(_on_frame, shell, Frame.next_pane),
        "Shift+F6": partial(_on_frame, shell, partial(Frame.next_pane, back=True)),
    }
    for number in range(1, PLACES + 1):
        keys[f"Alt+{number}"] = partial(_on_frame, shell, partial(_go_number, number))
    made = []
    for text, action in keys.items():
        shortcut = QShortcut(QKeySequence(text), window)
        shortcut.activated.connect(action)
        made.append(shortcut)
    return made


def _on_frame(shell: Shell, act: Callable[[Frame], object]) -> None:
    frame = shell.free_frame
    if frame is not None:
        act(frame)


def _go_number(number: int, frame: Frame) -> None:
    frame.go_number(number)


def change_text_size(shell: Shell, step: int) -> None:
    """One step bigger or smaller, or back to 100 %."""
    now = TEXT_SCALES.index(shell.settings.current.text_scale)
    wanted = TEXT_SCALES.index(1.0) if step == 0 else min(max(now + step, 0), len(TEXT_SCALES) - 1)
    shell.change_look(text_scale=TEXT_SCALES[wanted])
