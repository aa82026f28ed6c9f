"""The folder that takes no space: what is wrong with it, and the way to choose another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from companion.core.errors import CompanionError, DiskReadOnly, DiskUnreachable, NotEnoughRoom
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit


class PlaceTrouble(QWidget):
    """Hidden until there is something to say."""

    folder_chosen = Signal(Path)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._notice = kit.notice("", tone="warn", action=_("Choose another folder"))
        self._notice.action_clicked.connect(self._on_folder)
        fill(kit.column(self, spacing=0), self._notice)
        self.hide()

    def show_error(self, error: CompanionError, *, take_focus: bool = False) -> None:
        """Say what happened; where the folder is the trouble, offer another one."""
        words = one_line(error)
        self._notice.set_text(words)
        is_place = isinstance(error, DiskReadOnly | DiskUnreachable | NotEnoughRoom)
        action = self._notice.action
        if action is not None:
            action.setVisible(is_place)
        self.show()
        announce(self._notice, words)
        if take_focus and is_place and action is not None:
            action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_folder(self) -> None:
        options = QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        folder = QFileDialog.getExistingDirectory(self.window(), _("Choose another folder"), str(Path.home()), options)
        if folder:
            self.folder_chosen.emit(Path(folder))
