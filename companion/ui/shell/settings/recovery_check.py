"""Does the recovery key still work? It is typed, tried on the open space, and nothing changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import day_words, one_line
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import RecoveryFacts, VaultActions


class CheckRecoveryKey(QWidget):
    """One line to type the key in, and whether it opens this space."""

    checked = Signal()
    done = Signal()

    def __init__(self, kit: Kit, actions: VaultActions) -> None:
        super().__init__()
        self._actions = actions
        self._field = kit.field(_("Recovery key"), _("Small letters and spaces are fine."))
        self._field.edit.textEdited.connect(self._on_edited)
        self._field.edit.returnPressed.connect(self._on_check)
        self._good = kit.notice(_("It opens this space. Nothing was changed. Put it back where it is safe."), tone="ok")
        self._good.hide()
        self._check = kit.button(_("Check it"), kind="primary")
        self._check.clicked.connect(self._on_check)
        self._close = kit.button(_("Done"))
        self._close.clicked.connect(self.done)
        fill(
            kit.column(self, spacing=16),
            kit.label(_("Get your key from where you keep it and type it here. This takes two minutes.")),
            self._field,
            self._good,
            fill(kit.row(), None, self._close, self._check),
        )
        self.setFocusProxy(self._field.edit)

    # --- inside ----------------------------------------------------------

    def _on_edited(self) -> None:
        self._field.clear_error()
        self._good.hide()

    def _on_check(self) -> None:
        code = self._field.text()
        if not code.strip():
            self._refuse(_("Type your recovery key first."))
            return
        self._check.setEnabled(False)
        self._actions.check_recovery_key(self, code, self._on_good, self._on_failed)

    def _on_good(self, _nothing: None) -> None:
        self._check.setEnabled(True)
        self._field.wipe()
        self._good.show()
        announce(self._good, self._good.text())
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        self.checked.emit()

    def _on_failed(self, error: CompanionError) -> None:
        self._check.setEnabled(True)
        self._refuse(one_line(error))

    def _refuse(self, words: str) -> None:
        self._good.hide()
        self._field.set_error(words)
        self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)


def recovery_words(facts: RecoveryFacts, today: date) -> str:
    """The second line beside the recovery key: when it was made and tried, and whether a year has gone by."""
    if facts.offer_due:
        return _("It was last tried over a year ago. Want to check that it still works?")
    at = facts.checked_at or facts.made_at
    if at is None:
        return _("You have one. Keep it away from this computer.")
    day = day_words(at.date(), today)
    words = _("You have one, checked {day}.") if facts.checked_at else _("You have one, made {day}.")
    return words.format(day=day) + " " + _("Keep it away from this computer.")
