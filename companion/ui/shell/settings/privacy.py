"""Privacy and lock: when it locks, what others can see, the secrets, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from companion.core.i18n import _
from companion.core.settings import AUTO_LOCK_MINUTES
from companion.ui.messages import one_line
from companion.ui.shell.first_run_pages import hide_limits
from companion.ui.shell.settings.device import DeviceSwitch
from companion.ui.shell.settings.key_change import SHEET, KeyChange
from companion.ui.shell.settings.proof import FilesList, ProofCard
from companion.ui.shell.settings.recovery_check import CheckRecoveryKey, recovery_words
from companion.ui.shell.settings.secrets import ChangePassphrase, MakeRecoveryKey
from companion.ui.shell.settings.section import Changes, Found, Section
from companion.ui.shell.settings.shared import SharedComputer
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.core.errors import CompanionError
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions, VaultState
    from companion.ui.widgets.sheet import SheetHost
    from companion.ui.widgets.toast import ToastHost


class PrivacySection(Section):
    """States only what was looked at just now, with its limits beside it."""

    key = "privacy"
    icon = "lock"

    backups_requested = Signal()

    def __init__(
        self,
        kit: Kit,
        changes: Changes,
        actions: VaultActions,
        clock: Clock,
        clipboard: Clipboard,
        sheets: SheetHost,
        toasts: ToastHost,
        *,
        is_demo: bool = False,
    ) -> None:
        super().__init__(kit, changes)
        self._shared = SharedComputer(kit, self, is_demo=is_demo)
        self._actions = actions
        self._clock = clock
        self._clipboard = clipboard
        self._sheets = sheets
        self._toasts = toasts
        self._state: VaultState | None = None
        self._key_change = KeyChange(kit, actions, clock, clipboard, sheets, self)
        self._key_change.changed.connect(self._look)
        minutes = [(str(n), _minutes_words(n)) for n in AUTO_LOCK_MINUTES]
        self._auto_lock = self.choices(_("Lock when I step away"), "auto_lock_minutes", minutes, int)
        self._minimise = self.switch(_("Lock when I minimise"), "lock_on_minimise")
        self._neutral = self.switch(_("Neutral name"), "neutral_name")
        self._clear = self.switch(_("Clear copied text"), "clear_clipboard")
        self._passphrase = kit.button(_("Change"), name=_("Change passphrase"))
        self._passphrase.clicked.connect(self.change_passphrase)
        self._recovery = kit.button(_("Make one"), name=_("Make a recovery key"))
        self._recovery.clicked.connect(self.make_recovery_key)
        self.device = DeviceSwitch(kit, actions, changes.settings, sheets, toasts, self)
        self._is_demo = is_demo
        self._check = kit.button(_("Check it"), kind="ghost", name=_("Check the recovery key"))
        self._check.clicked.connect(self.check_recovery_key)
        self._check.hide()
        self.proof = ProofCard(kit, actions, clock)
        self.proof.files_requested.connect(self.show_files)
        self.proof.backups_requested.connect(self.backups_requested)
        self._build()

    def title(self) -> str:
        """The word in the list of pages."""
        return _("Privacy and lock")

    def arrive(self) -> None:
        """Show what is set, and look at the file now."""
        super().arrive()
        self._look()
        self.proof.check()

    def refresh(self) -> None:
        """Show what is set now."""
        current = self._current
        self._auto_lock.choose(str(current.auto_lock_minutes))
        self._minimise.setChecked(current.lock_on_minimise)
        self._neutral.setChecked(current.neutral_name)
        self._clear.setChecked(current.clear_clipboard)
        self._shared.refresh(self)

    # --- sheets ----------------------------------------------------------

    def change_passphrase(self) -> None:
        """Open the sheet for another passphrase."""
        sheet = ChangePassphrase(self._kit, self._actions)
        sheet.done.connect(self._on_passphrase_changed)
        folder = self._state.folder if self._state else None
        sheet.rotate_requested.connect(lambda old, new: self._key_change.begin(sheet, old, new, folder))
        self._sheets.open(sheet, _("Change passphrase"), self._key_change.stop, key=SHEET)

    def make_recovery_key(self) -> None:
        """Open the sheet for a first or another recovery key."""
        folder = self._state.folder if self._state else None
        replaces = self._state is not None and self._state.has_recovery_key
        today = self._clock.now().date()
        sheet = MakeRecoveryKey(self._kit, self._actions, self._clipboard, today, folder, replaces=replaces)
        sheet.done.connect(self._sheets.close)
        sheet.made.connect(self._look)
        self._sheets.open(sheet, _("Recovery key"))

    def check_recovery_key(self) -> None:
        """Open the sheet in which the recovery key is tried."""
        sheet = CheckRecoveryKey(self._kit, self._actions)
        sheet.done.connect(self._sheets.close)
        sheet.checked.connect(self._look)
        self._sheets.open(sheet, _("Check the recovery key"))

    def show_files(self) -> None:
        """Open the list of the files."""
        if self._state is not None and self.proof.report is not None:
            files = FilesList(self._kit, self._clipboard, self._state.folder, self.proof.report)
            self._sheets.open(files, _("Where are my files?"))

    # --- inside ----------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        lock = kit.card(spacing=0)
        self.head(lock, "lock", _("Lock"))
        keys = fill(kit.row(spacing=8), self._check, self._recovery)
        self._passphrase_row = kit.setting_row("rectangle-ellipsis", _("Passphrase"), "", self._passphrase)
        self._recovery_row = kit.setting_row("key-round", _("Recovery key"), "", box(keys))
        self.rows(
            lock,
            self.row("timer", _("Lock when I step away"), _("Also when the computer sleeps."), self._auto_lock),
            self.row("minimize-2", _("Lock when I minimise"), _("Hide always locks."), self._minimise),
            self.row("tag", _("Neutral name"), _("The window and the task bar say “Notes”."), self._neutral),
            self.row("clipboard", _("Clear copied text"), _("After 60 seconds. Crisis numbers stay."), self._clear),
            self._passphrase_row,
            self._recovery_row,
            *([] if self._is_demo else [self.device.row]),  # it would leave a key behind outside the throw-away space
        )
        self.note_row(_("Passphrase"), self._passphrase)
        self.note_row(_("Recovery key"), self._recovery)
        if not self._is_demo:
            self.found.append(Found(self.device.title, self.device.found_by, self.device.switch))
        self.note_row(_("Check again"), self.proof.again_button)
        for part in (lock, self._shared.card, self.proof, kit.notice(hide_limits(), icon="eye-off")):
            self.column.addWidget(part)

    def _look(self) -> None:
        self._actions.look(self, self._on_looked, self._on_failed)

    def _on_looked(self, state: VaultState) -> None:
        self._state = state
        self.device.show(state.opens_by_device)
        self._passphrase_row.set_second(
            _("This computer can make it harder to guess. Change it once, even to the same words.")
            if state.is_easier_to_guess
            else _("Words that open your space.")
        )
        there = state.has_recovery_key
        self._recovery.setText(_("Replace") if there else _("Make one"))
        self._recovery.setAccessibleName(_("Replace the recovery key") if there else _("Make a recovery key"))
        self._check.setVisible(there)
        self._recovery_row.set_second(
            recovery_words(state.recovery, self._clock.now().date()) if there else _("A second way in, if you forget.")
        )

    def _on_failed(self, error: CompanionError) -> None:
        self._recovery_row.set_second(one_line(error))

    def _on_passphrase_changed(self) -> None:
        self._sheets.close()
        self._toasts.show(_("Passphrase changed. The old one does not open your space any more."))


def _minutes_words(minutes: int) -> str:
    return _("After 1 minute") if minutes == 1 else _("After {count} minutes").format(count=minutes)
