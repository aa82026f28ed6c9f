"""Where a fault of the program happened, told without a word or a place of the person."""

from __future__ import annotations

import traceback
from pathlib import Path


def places(error: BaseException) -> list[str]:
    """Kinds of error, files and lines, causes last; no message, no value, no folder, no line of code."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(type(current).__name__)
        lines += [
            f"  {_module_path(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return lines


def _module_path(filename: str) -> str:
    # Where it is installed can hold the name of the person, as in /home/NAME.
    path = Path(filename)
    package = Path(__file__).resolve().parents[1]
    return str(path.relative_to(package.parent)) if path.is_relative_to(package) else path.name
