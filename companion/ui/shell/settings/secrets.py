"""Sheets about the secrets: another passphrase, a first or another recovery key."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, Stopped, WrongSecret
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.shell.passphrase_form import PassphraseForm
from companion.ui.shell.recovery_key import RecoveryKeyView
from companion.ui.widgets.filling import box, clear, fill

if TYPE_CHECKING:
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions


class ChangePassphrase(QWidget):
    """The passphrase that opens the space now, the new one twice, and whether someone could know the old one.

    `rotate_requested(old, new)` is for whoever changes the key as well; it tells back what comes of it.
    """

    done = Signal()
    rotate_requested = Signal(str, str)
    stop_requested = Signal()

    def __init__(self, kit: Kit, actions: VaultActions) -> None:
        super().__init__()
        self._actions = actions
        self._old = kit.field(_("Passphrase now"), secret=True)
        self._old.edit.textEdited.connect(self._old.clear_error)
        self._old.edit.returnPressed.connect(self._on_old_return)
        self._form = PassphraseForm(kit, label=_("New passphrase"), again=_("The same new words again"))
        self._form.submitted.connect(self._on_change)
        self._known = KnownToOthers(kit)
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._status = kit.status()
        self._status.hide()
        self._progress = kit.progress(_("Changing the key"))
        self._progress.hide()
        self._change = kit.button(_("Change passphrase"), kind="primary")
        self._change.clicked.connect(self._on_change)
        self._stop = kit.button(_("Stop"))
        self._stop.clicked.connect(self._on_stop)
        self._stop.hide()
        ways = fill(kit.row(), None, self._stop, self._change)
        self._asking = box(fill(kit.column(spacing=16), self._old, self._form, kit.divider(), self._known))
        fill(kit.column(self, spacing=16), self._asking, self._trouble, self._status, self._progress, ways)
        self.setFocusProxy(self._old.edit)

    def show_progress(self, steps: tuple[int, int]) -> None:
        """So much of changing the key is done."""
        done, total = steps
        words = _("Locking everything with a new key: {percent} %").format(percent=100 * done // max(total, 1))
        self._progress.show_progress(done, total, words)

    def show_failed(self, error: CompanionError) -> None:
        """Nothing was changed; say why."""
        self._on_failed(error)

    # --- inside ----------------------------------------------------------

    def _on_old_return(self) -> None:
        self._form.take_focus()

    def _on_change(self) -> None:
        old = self._old.text()
        if not old:
            self._refuse_old(_("Type your passphrase first."))
            return
        new = self._form.value()
        if new is None or not self._known.is_answered():
            return
        self._trouble.hide()
        self._change.setEnabled(False)
        if self._known.could_be:
            self._show_rotating(True)
            self.rotate_requested.emit(old, new)
            return
        self._status.setText(_("One moment. This takes a second or two on purpose."))
        self._status.show()
        announce(self._status, self._status.text())
        self._actions.change_passphrase(self, old, new, self._on_done, self._on_failed)

    def _show_rotating(self, is_rotating: bool) -> None:
        self._asking.setVisible(not is_rotating)
        self._change.setVisible(not is_rotating)
        self._progress.setVisible(is_rotating)
        self._stop.setVisible(is_rotating)
        self._stop.setEnabled(True)
        if is_rotating:
            self._stop.setFocus(Qt.FocusReason.OtherFocusReason)
            self.show_progress((0, 1))
            self._status.setText(
                _("This can take some minutes. Until it is done, the old passphrase counts. Stop leaves all as it was.")
            )
            self._status.show()
            announce(self._status, self._status.text())

    def _on_stop(self) -> None:
        self._stop.setEnabled(False)
        self.stop_requested.emit()

    def _on_done(self, _nothing: None) -> None:
        self._old.wipe()
        self._form.wipe()
        self.done.emit()

    def _on_failed(self, error: CompanionError) -> None:
        self._show_rotating(False)
        self._status.hide()
        self._change.setEnabled(True)
        words = one_line(error)
        if isinstance(error, WrongSecret):
            self._refuse_old(words)
            return
        if isinstance(error, Stopped):
            words = _("Stopped. Nothing was changed.")
        self._trouble.set_text(words)
        self._trouble.show()
        self._change.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._trouble, words)

    def _refuse_old(self, words: str) -> None:
        self._old.set_error(words)
        self._old.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._old.edit.selectAll()


class KnownToOthers(QWidget):
    """Could someone else know the old passphrase? Nothing is chosen before the person chooses."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        question = _("Could someone else know the old one?")
        self._answer = kit.segmented([("no", _("No")), ("yes", _("Yes, or not sure"))], question)
        self._answer.choose("")
        self._answer.chosen.connect(self._on_chosen)
        self._missing = kit.label(_("Choose one."), "small", tone="warning")
        self._missing.hide()
        fill(
            kit.column(self, spacing=8),
            kit.label(question, "label"),
            self._answer,
            self._missing,
            kit.label(_("No: only the words change. Recovery key and backups stay as they are."), "small"),
            kit.label(
                _("Yes: all is locked anew, backups here too. A recovery key is replaced. It can take some minutes."),
                "small",
            ),
        )

    @property
    def could_be(self) -> bool:
        """Yes, or not sure."""
        return self._answer.current == "yes"

    def is_answered(self) -> bool:
        """Whether something is chosen; asks for it where not."""
        if self._answer.current:
            return True
        self._missing.show()
        self._answer.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._missing, self._missing.text())
        return False

    def _on_chosen(self, _key: str) -> None:
        self._missing.hide()


class MakeRecoveryKey(QWidget):
    """Says what a recovery key does, makes one, and shows it this one time."""

    made = Signal()
    done = Signal()

    def __init__(
        self,
        kit: Kit,
        actions: VaultActions,
        clipboard: Clipboard,
        today: date,
        folder: Path | None,
        *,
        replaces: bool,
    ) -> None:
        super().__init__()
        self._kit = kit
        self._actions = actions
        self._clipboard = clipboard
        self._today = today
        self._folder = folder
        self.view: RecoveryKeyView | None = None
        self._column = kit.column(self, spacing=16)
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        name = _("Replace the recovery key") if replaces else _("Make a recovery key")
        self._make = kit.button(name, kind="primary", icon="key-round")
        self._make.clicked.connect(self._on_make)
        parts: list[QWidget] = [
            kit.label(_("It opens your notes if you forget your passphrase. It is shown one time.")),
            kit.label(_("Who has it and your files can read your notes. Keep it away from this computer."), "muted"),
        ]
        if replaces:
            parts.append(kit.notice(_("The recovery key you have stops working as soon as the new one is made.")))
        fill(self._column, *parts, self._trouble, fill(kit.row(), None, self._make))
        self.setFocusProxy(self._make)

    # --- inside ----------------------------------------------------------

    def _on_make(self) -> None:
        self._make.setEnabled(False)
        self._actions.add_recovery_key(self, self._on_made, self._on_failed)

    def _on_made(self, code: str) -> None:
        kit = self._kit
        clear(self._column)
        self.view = RecoveryKeyView(kit, self._clipboard, code, self._today, self._folder)
        self.view.kept.connect(self.done)
        skip = kit.button(_("Close without checking"), kind="ghost")
        skip.clicked.connect(self.done)
        finish = kit.button(_("Done"), kind="primary")
        finish.clicked.connect(self._on_finish)
        words = _("It is shown this one time. Keep it away from this computer.")
        fill(self._column, kit.label(words, "muted"), self.view, fill(kit.row(), None, skip, finish))
        stop = self.view.first_stop()
        self.setFocusProxy(stop)
        stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.made.emit()

    def _on_finish(self) -> None:
        if self.view is not None and self.view.check():
            self.done.emit()

    def _on_failed(self, error: CompanionError) -> None:
        self._make.setEnabled(True)
        self._trouble.set_text(one_line(error))
        self._trouble.show()
        announce(self._trouble, one_line(error))
