"""What is said after a backup took the place of a damaged space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.core.i18n import _, ngettext

if TYPE_CHECKING:
    from companion.ui.widgets.toast import ToastHost
    from companion.vault.restoring import RestoreResult


def say_brought_back(toasts: ToastHost, result: RestoreResult) -> None:
    """How many notes are back, and that nothing was thrown away."""
    count = result.tables.get("entry", 0)
    back = ngettext("{count} note is back.", "{count} notes are back.", count).format(count=count)
    toasts.show(back + " " + _("What was there before is kept aside."), icon="history", seconds=20)
