"""Builds the places of an open space and joins what one asks of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from companion.ui.changes import Changes
from companion.ui.journal.page import JournalPage
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.today.page import TodayPage

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.place import Place
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import Space
    from companion.vault.session import Session


def make_places(
    kit: Kit,
    clock: Clock,
    settings: SettingsStore,
    facts: Directory,
    clipboard: Clipboard,
    space: Space,
    shell: Shell,
    is_demo: bool,
) -> list[Place]:
    """Today, Journal and Settings over this space; they live as long as the frame that shows them."""
    window = shell.window
    changes = Changes(window)
    session = cast("Session", shell.session)
    today = TodayPage(kit, clock, space.vault, space.journal, shell.tasks, changes, window.toasts)
    journal = JournalPage(
        kit,
        clock,
        space.vault,
        space.journal,
        shell.tasks,
        session,
        changes,
        clipboard,
        window.sheets,
        window.toasts,
    )
    page = SettingsPage(kit, clock, settings, facts, clipboard, window.sheets, window.toasts, shell, space, is_demo)
    today.write_requested.connect(lambda: shell.go("journal", "new"))
    today.bring_in_requested.connect(lambda: shell.go("journal", "import"))
    today.entry_requested.connect(lambda entry_id: shell.go("journal", f"read:{entry_id}"))
    today.title_changed.connect(shell.refresh_title)
    journal.title_changed.connect(shell.refresh_title)
    today.destroyed.connect(changes.deleteLater)
    return [today, journal, page]
