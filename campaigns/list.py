"""All campaigns by name, in the order in which they run."""

from __future__ import annotations

from campaigns import damage, disk_full, guards, kill_lifecycle, kill_save, kill_store, residue
from campaigns.outcome import Campaign

CAMPAIGNS: dict[str, Campaign] = {
    module.NAME: module.run for module in (guards, residue, damage, kill_store, kill_save, kill_lifecycle, disk_full)
}
