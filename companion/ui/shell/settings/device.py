"""The switch that lets this computer's key store open the space, and the sheet that asks before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, WrongSecret
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.services import SettingsStore
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions
    from companion.ui.widgets.rows import SettingRow
    from companion.ui.widgets.sheet import SheetHost
    from companion.ui.widgets.toast import ToastHost


class DeviceSwitch(QObject):
    """Shows what is in force in the vault: pressing it asks first, and only an answer moves it."""

    def __init__(
        self,
        kit: Kit,
        actions: VaultActions,
        settings: SettingsStore,
        sheets: SheetHost,
        toasts: ToastHost,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._kit, self._actions, self._settings = kit, actions, settings
        self._sheets, self._toasts = sheets, toasts
        self._is_on = False
        self.title = _("Open without typing")
        self.switch = kit.switch(self.title)
        self.switch.clicked.connect(self._on_pressed)
        self.row: SettingRow = kit.setting_row("monitor", self.title, self._words(), self.switch)

    @property
    def found_by(self) -> str:
        """What the search of the settings looks in."""
        return self.title + " " + _("Key store of this computer")

    def show(self, is_on: bool) -> None:
        """What is in force."""
        self._is_on = is_on
        self.switch.setChecked(is_on)
        self.row.set_second(self._words())

    def _words(self) -> str:
        if self._is_on:
            return _(
                "Whoever gets into your account here can open your notes. Every two weeks you type your passphrase."
            )
        if self._settings.current.shared_computer:
            return _("Better left off: others use this computer, and could then open your notes.")
        return _("Lets this computer hold a key. Whoever gets into your account here can then open your notes.")

    def _on_pressed(self) -> None:
        self.switch.setChecked(self._is_on)
        if self._is_on:
            self._actions.disable_device(self, self._on_off, self._on_failed)
            return
        sheet = EnableDevice(self._kit, self._actions, is_shared=self._settings.current.shared_computer)
        sheet.done.connect(self._on_on)
        self._sheets.open(sheet, self.title)

    def _on_on(self) -> None:
        self._sheets.close()
        self.show(True)
        self._toasts.show(_("Open without typing: on."))

    def _on_off(self, is_forgotten: bool) -> None:
        self.show(False)
        words = _("Open without typing: off.")
        if not is_forgotten:
            words += " " + _("The key store did not let go of its key. It does not open your space any more.")
        self._toasts.show(words, icon="check" if is_forgotten else "info")

    def _on_failed(self, error: CompanionError) -> None:
        self._toasts.show(one_line(error), icon="triangle-alert")


class EnableDevice(QWidget):
    """What it does, its honest limit, and the passphrase."""

    done = Signal()

    def __init__(self, kit: Kit, actions: VaultActions, *, is_shared: bool) -> None:
        super().__init__()
        self._actions = actions
        self._field = kit.field(_("Passphrase"), secret=True)
        self._field.edit.textEdited.connect(self._field.clear_error)
        self._field.edit.returnPressed.connect(self._on_turn_on)
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._status = kit.status()
        self._status.hide()
        self._turn_on = kit.button(_("Turn on"), kind="primary")
        self._turn_on.clicked.connect(self._on_turn_on)
        limit = _(
            "Whoever gets into your account on this computer can then open your notes. If it starts without a "
            "password, so can whoever takes it."
        )
        if is_shared:
            limit = _("You said that others use this computer. They could then open your notes. Better leave it off.")
        fill(
            kit.column(self, spacing=16),
            kit.label(
                _(
                    "The key store of this computer holds a key to your space. Then one press on the lock screen "
                    "opens it. It never opens by itself."
                )
            ),
            kit.notice(limit, tone="warn"),
            kit.label(
                _("Your passphrase always works. You type it every two weeks, so that you don't forget it."), "muted"
            ),
            self._field,
            self._trouble,
            self._status,
            fill(kit.row(), None, self._turn_on),
        )
        self.setFocusProxy(self._field.edit)

    def _on_turn_on(self) -> None:
        typed = self._field.text()
        if not typed or not self._turn_on.isEnabled():
            if not typed:
                self._refuse(_("Type your passphrase first."))
            return
        self._trouble.hide()
        self._turn_on.setEnabled(False)
        self._status.setText(_("One moment. This takes a second or two on purpose."))
        self._status.show()
        announce(self._status, self._status.text())
        self._actions.enable_device(self, typed, self._on_done, self._on_failed)

    def _on_done(self, _nothing: None) -> None:
        self._field.wipe()
        self.done.emit()

    def _on_failed(self, error: CompanionError) -> None:
        self._status.hide()
        self._turn_on.setEnabled(True)
        words = one_line(error)
        if isinstance(error, WrongSecret):
            self._refuse(words)
            return
        self._trouble.set_text(words)
        self._trouble.show()
        announce(self._trouble, words)

    def _refuse(self, words: str) -> None:
        self._field.set_error(words)
        self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.edit.selectAll()
