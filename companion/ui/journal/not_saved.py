"""What stands over the page while words could not be saved: why, and two ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.disk_words import not_saved_line
from companion.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.core.errors import CompanionError
    from companion.ui.kit import Kit


class NotSaved(Notice):
    """Hidden until a save fails; Try again is its action, `copy` the button that copies the text."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.theme, kit.icons, "", "warn", action=_("Try again"))
        self.copy = kit.button(_("Copy text"), kind="ghost", icon="copy")
        self.add_control(self.copy)
        self.hide()

    def say(self, error: CompanionError) -> None:
        """This save failed; the words are still in the fields."""
        self.set_text(not_saved_line(error))
        self.show()
        announce(self, self.text())

    def settle(self, back_to: Callable[[], None]) -> None:
        """They are saved: go away, and hand on the keys where they are in here."""
        focus = self.window().focusWidget()
        had_keys = focus is not None and self.isAncestorOf(focus)
        self.hide()
        if had_keys:
            back_to()
