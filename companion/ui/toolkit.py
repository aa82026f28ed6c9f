"""Loads the window toolkit."""

from __future__ import annotations

import builtins


def load() -> None:
    """Load PySide6 and keep Python's own `import`.

    PySide6 puts one of its own in its place, for `from __feature__ import ...`,
    which nothing here uses. It reads the source of every module that is loaded
    afterwards: a tenth of the time to the first paint.
    """
    import PySide6.QtCore  # noqa: F401 - loading it is the point

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
