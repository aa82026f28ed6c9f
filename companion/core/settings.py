"""Preferences that act before unlock, and nothing else; everything personal is in the vault.

The list of keys is closed: `tests/core/test_settings.py` fails on any other key,
because this file can be read by anyone at the computer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from companion.core.files import private_folder, write_atomic

TEXT_SCALES = (0.875, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
PALETTES = ("system", "light", "dark", "hc_light", "hc_dark")
AUTO_LOCK_MINUTES = (1, 2, 5, 15)
SPACINGS = ("normal", "wide", "wider")


class Settings(NamedTuple):
    """What the lock screen needs to know: look, country, lock times, where the vaults are.

    A named tuple: it is made at every start, in a fifth of a dataclass's time.
    """

    palette: str = "system"
    text_scale: float = 1.0
    font: str = "Atkinson Hyperlegible"  # "" is the system's font
    spacing: str = "normal"
    motion: str = "system"  # system, reduced
    pictures: bool = True
    language: str = ""  # "" follows the system
    country: str = ""  # "" is found from locale and time zone
    auto_lock_minutes: int = 5
    lock_on_minimise: bool = False
    shared_computer: bool = False
    neutral_name: bool = True
    clear_clipboard: bool = True
    strict_lock: bool = False
    hide_from_capture: bool = False
    first_run_done: bool = False
    vaults: tuple[str, ...] = ()
    last_vault: str = ""
    computer: str = ""  # a random name of this computer, made at the first opening
    seen: tuple[str, ...] = ()  # what each space was when it was open here last (vault/seen.py)

    def with_changes(self, **changes: Any) -> Settings:
        """A copy with these values."""
        return self._replace(**changes)


class SettingsFile:
    """Reads and writes `settings.json`; a damaged file is put aside and the defaults are used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Settings:
        """The stored settings; unknown keys and values of the wrong kind are ignored."""
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return Settings()
        return _from_plain(stored) if isinstance(stored, dict) else Settings()

    def save(self, settings: Settings) -> None:
        """Write all settings. Raises StorageTrouble."""
        private_folder(self.path.parent)
        write_atomic(self.path, (json.dumps(settings._asdict(), indent=1, sort_keys=True) + "\n").encode())


def _from_plain(stored: dict[str, Any]) -> Settings:
    defaults = Settings()
    values: dict[str, Any] = {}
    for name, default in defaults._asdict().items():
        if name not in stored:
            continue
        value = stored[name]
        if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            values[name] = tuple(value)
        elif isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool):
            values[name] = float(value) if abs(value) < 1e6 else default  # a whole number may be too large for one
        elif type(value) is type(default):
            values[name] = value
    settings = defaults._replace(**values)
    allowed = {
        "palette": PALETTES,
        "text_scale": TEXT_SCALES,
        "spacing": SPACINGS,
        "auto_lock_minutes": AUTO_LOCK_MINUTES,
    }
    wrong = {name: getattr(defaults, name) for name, known in allowed.items() if getattr(settings, name) not in known}
    return settings._replace(**wrong)
