"""The way back in with the recovery key: the key, and a new passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, WrongSecret
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.shell.passphrase_form import PassphraseForm
from companion.ui.shell.way_on import WayOn
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.kit import Kit


class ForgotForm(QWidget):
    """Says what can be done, and does it; a mistyped key is told apart from a wrong one."""

    recovery_requested = Signal(str, str)
    passed_by = Signal(object)  # what was told, right before the recovery key is tried again
    versions_requested = Signal(object)
    new_space_requested = Signal()
    back_requested = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._code = kit.field(_("Recovery key"), hint=_("8 groups of 4, and one more sign. Small letters are fine."))
        self._code.edit.textEdited.connect(self._code.clear_error)
        self._new = PassphraseForm(kit, label=_("New passphrase"), again=_("The same new words again"))
        self._new.submitted.connect(self._on_open)
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._way_on = WayOn(kit)
        self._way_on.hide()
        self._way_on.chosen.connect(self._on_way_on)
        self._way_on.versions_requested.connect(self.versions_requested)
        self._status = kit.status(_("Opening your space. This takes a second or two on purpose. It keeps others out."))
        self._status.hide()
        back = kit.button(_("Back"), kind="link", icon="arrow-left")
        back.clicked.connect(self.back_requested)
        self._open = kit.button(_("Open with the recovery key"), kind="primary")
        self._open.clicked.connect(self._on_open)
        fresh = kit.button(_("Start a new space"), kind="link")
        fresh.clicked.connect(self.new_space_requested)
        ways = kit.side(spacing=12, words=120)
        ways.addWidget(back)
        ways.addWidget(self._open)
        fill(
            kit.column(self, spacing=14),
            kit.label(_("I forgot my passphrase"), "h2"),
            kit.label(_("Use your recovery key or its printed words.")),
            kit.label(
                _("Without one of these, your notes can't be opened. You can start a new space and keep the old one."),
                "muted",
            ),
            self._trouble,
            self._way_on,
            self._code,
            self._new,
            self._status,
            ways,
            fresh,
            None,
        )

    def show_working(self, is_working: bool) -> None:
        """The key is being tried, or not any more."""
        self._open.setEnabled(not is_working)
        self._status.setVisible(is_working)
        if is_working:
            self._trouble.hide()
            self._way_on.hide()
            announce(self._status, self._status.text())

    def show_error(self, error: CompanionError) -> None:
        """Say what happened, beside the key where it is about the key."""
        words = one_line(error)
        if isinstance(error, WrongSecret):
            self._code.set_error(words)
            self.take_focus()
            self._code.edit.selectAll()
            return
        self._trouble.set_text(words)
        self._trouble.show()
        self._way_on.show_for(error)
        announce(self._trouble, words)

    def wipe(self) -> None:
        """Empty every field."""
        self._code.wipe()
        self._new.wipe()

    def take_focus(self) -> None:
        """Put the focus where the key is typed."""
        self._code.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_way_on(self, told: CompanionError) -> None:
        self.passed_by.emit(told)
        self._on_open()

    def _on_open(self) -> None:
        code = self._code.text().strip()
        if not code:
            self._code.set_error(_("Type your recovery key first."))
            self.take_focus()
            return
        new = self._new.value()
        if new is not None:
            self.recovery_requested.emit(code, new)
