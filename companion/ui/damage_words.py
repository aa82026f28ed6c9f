"""Words for a damaged space: what is damaged, and the ways back on the command line."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.core.errors import VaultDamaged


def damage_title(reason: str) -> str:
    """What is damaged, by the reason of a `VaultDamaged`."""
    if reason == "entry-digest":
        return _("This entry is damaged and we can't show it.")
    if reason == "nothing-left":
        return _("Nothing in this space can be read any more.")
    if reason == "salvage-proof":
        return _("The new space did not pass its check, so it was not kept.")
    if reason.startswith("media"):
        return _("An attached file is damaged or missing, and we can't open it.")
    return _("This file is damaged and we can't open it.")


def damage_advice(error: VaultDamaged) -> str:
    """The commands that help."""
    file = shlex.quote(str(error.backup)) if error.backup else _("FILE")
    restore = _("Bring a backup back with: companion vault restore {file}").format(file=file)
    if error.backup is not None or error.reason in ("nothing-left", "salvage-proof"):
        return restore
    return restore + " " + _("Save what can still be read with: companion vault salvage --to DIR")
