"""The places of an open space, each made when the person first goes there, and what one asks of another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from companion.core.i18n import _
from companion.ui.changes import Changes
from companion.ui.shell.place import Slot

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.journal.page import JournalPage
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.page import SettingsPage
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import Space
    from companion.ui.today.page import TodayPage
    from companion.vault.session import Session


@dataclass(frozen=True, slots=True)
class Places:
    """What the places of one frame share; it lives as long as they do."""

    kit: Kit
    clock: Clock
    settings: SettingsStore
    facts: Directory
    clipboard: Clipboard
    space: Space
    shell: Shell
    is_demo: bool
    changes: Changes = field(default_factory=Changes)

    def slots(self) -> list[Slot]:
        """Today, Journal and Settings; the order is the side panel's."""
        return [
            Slot("today", "sun", _("Today"), self._today),
            Slot("journal", "notebook-pen", _("Journal"), self._journal),
            Slot("settings", "settings", _("Settings"), self._settings),
        ]

    def _today(self) -> TodayPage:
        from companion.ui.today.page import TodayPage

        space, shell = self.space, self.shell
        page = TodayPage(
            self.kit, self.clock, space.vault, space.journal, shell.tasks, self.changes, shell.window.toasts
        )
        page.write_requested.connect(lambda: shell.go("journal", "new"))
        page.bring_in_requested.connect(lambda: shell.go("journal", "import"))
        page.key_offer.check_requested.connect(lambda: shell.go("settings", "privacy"))
        page.entry_requested.connect(lambda entry_id: shell.go("journal", f"read:{entry_id}"))
        page.title_changed.connect(shell.refresh_title)
        return page

    def _journal(self) -> JournalPage:
        from companion.ui.journal.page import JournalPage

        space, shell = self.space, self.shell
        page = JournalPage(
            self.kit,
            self.clock,
            space.vault,
            space.journal,
            shell.tasks,
            cast("Session", shell.session),
            self.changes,
            self.clipboard,
            shell.window.sheets,
            shell.window.toasts,
        )
        page.title_changed.connect(shell.refresh_title)
        return page

    def _settings(self) -> SettingsPage:
        from companion.ui.shell.settings.page import SettingsPage

        shell = self.shell
        return SettingsPage(
            self.kit,
            self.clock,
            self.settings,
            self.facts,
            self.clipboard,
            shell.window.sheets,
            shell.window.toasts,
            shell,
            self.space,
            self.is_demo,
        )
