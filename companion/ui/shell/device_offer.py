"""The button that has this computer's key store open the chosen space: shown only where the space has a slot for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from companion.core.errors import CompanionError, DeviceUnavailable, PassphraseDue
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.ui.shell.opener import Opener
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.unlock import LockScreen
    from companion.ui.tasks import Tasks

LOST = ("gone", "garbage")  # waiting helps nothing: only switching it on again does
_NOT_NOW = ("off", *LOST)
SECONDS = 20


def _has_slot(folder: Path) -> bool:
    from companion.vault.keycopies import opens_by_device  # loaded on the thread that needs it

    return opens_by_device(folder)


class DeviceOffer(QObject):
    """Looks at the key file on the background thread, whenever another space is chosen or one was closed.

    Nothing here ever asks the key store: only the person's press on the button does.
    """

    def __init__(self, shell: Shell, tasks: Tasks, opener: Opener, screen: LockScreen) -> None:
        super().__init__(screen)
        self._shell, self._tasks, self._opener, self._screen = shell, tasks, opener, screen
        self._has_lost = False
        screen.device_requested.connect(opener.unlock_with_device)
        opener.open_failed.connect(self._on_failed)
        opener.told.connect(self._on_opened)
        shell.closed.connect(self.look)
        self.look()

    def look(self) -> None:
        """Whether the chosen space can be opened so; until that is known, the button is not there."""
        folder = self._opener.folder
        self._screen.show_device(False)
        if folder is not None:
            found = partial(self._on_looked, folder)
            self._tasks.in_background(self, partial(_has_slot, folder), found, across_lock=True)

    def _on_looked(self, folder: Path, is_there: bool) -> None:
        if folder == self._opener.folder and not self._has_lost:
            self._screen.show_device(is_there)

    def _on_failed(self, error: CompanionError) -> None:
        reason = error.reason if isinstance(error, DeviceUnavailable) else ""
        self._has_lost = self._has_lost or reason in LOST
        if reason in _NOT_NOW or isinstance(error, PassphraseDue):
            self._screen.show_device(False)

    def _on_opened(self, _opened: object) -> None:
        """Once the passphrase opened it, offer to renew what the key store lost; other news comes first."""
        has_lost, self._has_lost = self._has_lost, False
        toasts = self._shell.window.toasts
        if has_lost and toasts.toast is None:
            toasts.show(
                _("Opening without typing does not work on this computer now."),
                icon="info",
                undo=partial(self._shell.go, "settings", "privacy"),
                way=_("Settings"),
                seconds=SECONDS,
            )
