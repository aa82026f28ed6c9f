"""Where vaults, settings and shipped files are: from source, wheel or frozen build."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple


class Paths(NamedTuple):
    """The folders one run works with; `data` is private to this person's account."""

    data: Path

    @property
    def settings(self) -> Path:
        """Preferences that act before unlock; nothing personal."""
        return self.data / "settings.json"

    @property
    def vaults(self) -> Path:
        """The folder that holds a folder for each vault."""
        return self.data / "vaults"

    @property
    def window_lock(self) -> Path:
        """Held while a window is open, so that a second start raises the first."""
        return self.data / "app.lock"

    @property
    def toolkit_settings(self) -> Path:
        """What the window toolkit notes for itself; removed at each start and end."""
        return self.data / "toolkit"

    @property
    def raise_request(self) -> Path:
        """Written by a second start: "window" or "help-now"."""
        return self.data / "raise"

    @classmethod
    def find(cls, data_dir: Path | None = None) -> Paths:
        """The given folder, else COMPANION_DATA_DIR, else the system's place for this account."""
        if data_dir is not None:
            return cls(data_dir)
        named = os.environ.get("COMPANION_DATA_DIR")
        if named:
            return cls(Path(named))
        import platformdirs  # late: the window has its own fast path to the first paint

        return cls(Path(platformdirs.user_data_dir("companion", appauthor=False)))


def assets() -> Path:
    """The shipped files: a source checkout's own, else the wheel's, else the frozen build's."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "assets"
    if (package.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    if getattr(sys, "frozen", False):
        return Path(getattr(sys, "_MEIPASS", package.parent)) / "assets"
    return package / "assets"
