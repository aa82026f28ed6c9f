"""All campaigns by name, in the order in which they run."""

from __future__ import annotations

from campaigns import damage, disk_full, guards, keyring, kill_lifecycle, kill_save, kill_store, power_loss, residue
from campaigns.outcome import Campaign

_MODULES = (guards, keyring, residue, damage, kill_store, kill_save, kill_lifecycle, power_loss, disk_full)
CAMPAIGNS: dict[str, Campaign] = {module.NAME: module.run for module in _MODULES}
