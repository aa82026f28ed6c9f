"""All campaigns by name, in the order in which they run; each is a module of that name with a `run`."""

from __future__ import annotations

from importlib import import_module

from campaigns.outcome import Campaign

NAMES = (
    "guards",
    "keyring",
    "fuzz",
    "residue",
    "memory",
    "canary",
    "damage",
    "kill_store",
    "kill_save",
    "kill_lifecycle",
    "power_loss",
    "disk_full",
    "sync_chaos",
)
CAMPAIGNS: dict[str, Campaign] = {name: import_module(f"campaigns.{name}").run for name in NAMES}
