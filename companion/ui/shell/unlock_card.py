"""The card where a space is opened: passphrase, the states around it, and the way for a forgotten one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from companion.core.errors import CompanionError, OpenElsewhere, OtherCopy, PassphraseDue, VaultDamaged, WrongSecret
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.widgets.caps_lock import CapsLockWatch
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import fill
from companion.ui.widgets.tab_order import stops_in

if TYPE_CHECKING:
    from pathlib import Path

    from companion.ui.kit import Kit
    from companion.ui.shell.forgot import ForgotForm
    from companion.ui.shell.way_on import WayOn
    from companion.ui.widgets.list_button import ListButton

OPENING = "opening"
_HILLS_AT_MOST = 420  # px at 100 % text
_CARD_AT_MOST = 800
_ANY_HEIGHT = 16_777_215  # Qt's own "no limit"


class UnlockCard(Card):
    """One passphrase field; errors stand beside it, and the field keeps the focus."""

    unlock_requested = Signal(str)
    device_requested = Signal()
    recovery_requested = Signal(str, str)
    backup_requested = Signal(object, str)  # the backup's Path, its passphrase
    even_requested = Signal(str, object)  # the passphrase, and what was told and is passed by
    passed_by = Signal(object)  # what was told, right before the same way in is asked for again
    versions_requested = Signal(object)
    salvage_requested = Signal()
    space_chosen = Signal(str)
    new_space_requested = Signal()
    find_existing_requested = Signal()
    backup_file_requested = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.theme, padding=28, spacing=16)
        self._kit = kit
        self._state = "normal"
        self._is_compact = False
        self._is_bringing_back = False
        self._has_device = False
        self._was_device = False  # the last way in that was tried
        self._forgot: ForgotForm | None = None
        self._choice: ListButton | None = None
        self._hills = kit.hills(120, grow=True)
        self._air = QWidget()  # keeps the words in the middle where there is no picture
        self._air.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._title = kit.label(_("Welcome back"), "h1")
        self._under = kit.label("", "muted")
        self._spaces_room = fill(kit.column(spacing=6))
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._unsaved = ""  # said until the space is open again
        self._backup: Path | None = None
        self._way_back = self._build_way_back()
        self._way_back.hide()
        self._way_on: WayOn | None = None
        self._way_on_room = fill(kit.column(spacing=0))
        self._salvage = kit.button(_("Save what can still be read"), icon="life-buoy")
        self._salvage.clicked.connect(self.salvage_requested)
        self._salvage.hide()
        self._hint = kit.notice("", tone="info")
        self._hint.hide()
        self._entry = self._build_entry()
        self._make = kit.button(_("Set up my private space"), kind="primary", icon="key-round")
        self._make.clicked.connect(self.new_space_requested)
        self._find = kit.button(_("I have a space already"), kind="link", icon="folder-open")
        self._find.clicked.connect(self.find_existing_requested)
        self._file = kit.button(_("I have a backup file"), kind="link", icon="archive")
        self._file.clicked.connect(self.backup_file_requested)
        self._front = QWidget()
        fill(
            kit.column(self._front, spacing=16),
            self._air,
            (self._hills, 1),
            fill(kit.column(spacing=6), self._title, self._under),
            self._trouble,
            self._way_back,
            self._way_on_room,
            self._salvage,
            self._hint,
            self._spaces_room,
            self._entry,
            self._make,
            self._find,
            self._file,
        ).addStretch(0)
        self._pages = QStackedLayout()
        # First into the card: a layout without a widget shows what is added to it as a window.
        self.body.addLayout(self._pages, 1)
        self._pages.addWidget(self._front)
        kit.theme.changed.connect(self._fit)
        self._fit()
        self.show_state("normal")

    # --- what the screen asks --------------------------------------------

    @property
    def state(self) -> str:
        """normal, no-space, damaged, busy or opening."""
        return self._state

    def show_state(self, state: str) -> None:
        """Show the parts and words of this state."""
        self._state = state
        self._field.edit.setReadOnly(state in (OPENING, "busy"))
        self._open.setEnabled(state not in (OPENING, "busy"))
        self._device.setEnabled(state not in (OPENING, "busy"))
        self._entry.setVisible(state != "no-space")
        self._make.setVisible(state == "no-space")
        self._find.setVisible(state == "no-space")
        self._file.setVisible(state == "no-space")
        self._title.setText(_title_of(state))
        self._under.setText(_under_of(state, with_device=self._has_device))
        self._status.setVisible(state == OPENING)
        if state != OPENING:
            self._status.setText(_opening_words())
            self._trouble.set_tone("warn")
        if state in ("normal", "no-space"):
            self._trouble.set_text(self._unsaved)
            self._trouble.setVisible(bool(self._unsaved))
        self._way_back.setVisible(state == "damaged" and self._backup is not None)
        if self._way_on is not None:
            self._way_on.hide()
        self._bring_back.setEnabled(state == "damaged")
        self._salvage.setVisible(state == "damaged")
        if self._forgot is not None:
            self._forgot.show_working(state == OPENING)
        if state == OPENING:
            self._field.clear_error()
            announce(self._status, self._status.text())
        if state == "no-space":
            self._pages.setCurrentWidget(self._front)

    def show_device(self, is_there: bool) -> None:
        """Offer to open without typing; where the button had the focus, the field gets it."""
        had_focus = self._device.hasFocus()
        self._has_device = is_there
        self._device.setVisible(is_there)
        self._under.setText(_under_of(self._state, with_device=is_there))
        if had_focus and not is_there:
            self.take_focus()

    def show_hint(self, text: str) -> None:
        """A lasting line over the field, such as the demo's passphrase."""
        self._hint.set_text(text)
        self._hint.show()

    def show_error(self, error: CompanionError) -> None:
        """Say what happened beside the field, keep the focus there and the words selected."""
        if self._forgot is not None and self._pages.currentWidget() is self._forgot:
            self.show_state("normal")
            self._forgot.show_error(error)
            return
        if isinstance(error, VaultDamaged):
            self._backup = error.backup
        elif not self._is_bringing_back:
            self._backup = None
        stays = self._is_bringing_back and self._backup is not None
        self._is_bringing_back = False
        self.show_state("damaged" if stays or isinstance(error, VaultDamaged) else "normal")
        from companion.ui.messages import one_line, words_for  # not needed before the first paint

        words = words_for(error)
        self._show_way_on(error)
        if isinstance(error, WrongSecret):
            self._field.set_error(words.joined())
        else:
            self._trouble.set_tone("info" if isinstance(error, PassphraseDue) else "warn")
            self._trouble.set_text(" ".join(part for part in (one_line(error), self._unsaved) if part))
            self._trouble.show()
            announce(self._trouble, one_line(error))
        self.take_focus()
        self._field.edit.selectAll()

    def show_not_saved(self, error: CompanionError) -> None:
        """Words that Lock could not save wait in memory; this stands here until they are back."""
        from companion.ui.disk_words import not_saved_line  # not needed before the first paint

        self._unsaved = not_saved_line(error, locked=True)
        self.show_state("normal")
        announce(self._trouble, self._unsaved)

    def set_spaces(self, spaces: list[tuple[str, str]], current: str) -> None:
        """Let the person choose a space; one alone needs no choice."""
        while (item := self._spaces_room.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._choice = None
        if len(spaces) < 2:
            return
        choice = self._kit.list_button(spaces, _("Which space"))
        choice.choose(current)
        choice.chosen.connect(self.space_chosen)
        fill(self._spaces_room, self._kit.label(_("Which space"), "label"), choice)
        self._choice = choice

    def stops(self) -> list[QWidget]:
        """Where Tab goes in this card, in order."""
        first: list[QWidget] = [self._choice] if self._choice is not None else []
        others = [stop for stop in stops_in(self) if stop is not self._choice]
        return [*first, *others]

    def set_compact(self, is_compact: bool) -> None:
        """Leave the picture out where room is short."""
        self._is_compact = is_compact
        self._fit()

    def _fit(self) -> None:
        """In a very high window the picture stops growing; the way for a forgotten passphrase may need all of it."""
        px, pictures = self._kit.theme.px, self._kit.theme.pictures
        self._hills.setVisible(pictures and not self._is_compact)
        self._air.setVisible(not pictures and not self._is_compact)
        self._hills.setMaximumHeight(px(_HILLS_AT_MOST))
        self.setMaximumHeight(_ANY_HEIGHT if self._forgot is not None else px(_CARD_AT_MOST))

    def wipe(self) -> None:
        """Empty every field and go back to the passphrase."""
        self._field.wipe()
        self._field.clear_error()
        self._backup = None
        self._unsaved = ""
        self._is_bringing_back = False
        self._close_forgot()

    def take_focus(self) -> None:
        """Put the focus where typing begins."""
        target = self._make if self._state == "no-space" else self._field.edit
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------

    def _build_way_back(self) -> QWidget:
        kit = self._kit
        how = kit.label(
            _(
                "Type its passphrase below, usually the same one, then press this. "
                "What is here now is moved aside. Nothing is deleted."
            ),
            "small",
        )
        self._bring_back = kit.button(_("Open the backup"), icon="history")
        self._bring_back.clicked.connect(self._on_bring_back)
        way = QWidget()
        fill(kit.column(way, spacing=8), how, self._bring_back)
        return way

    def _build_entry(self) -> QWidget:
        kit = self._kit
        self._field = kit.field(_("Passphrase"), secret=True)
        self._field.edit.returnPressed.connect(self._on_open)
        self._field.edit.textEdited.connect(self._field.clear_error)
        CapsLockWatch(self._field.edit).changed.connect(self._on_caps_lock)
        self._open = kit.button(_("Open"), kind="primary", icon="lock-open")
        self._open.clicked.connect(self._on_open)
        self._device = kit.button(_("Open without typing"), icon="monitor")
        self._device.clicked.connect(self._on_device)
        self._device.hide()
        self._status = kit.label(_opening_words(), "small")
        self._forgot_button = kit.button(_("I forgot my passphrase"), kind="link")
        self._forgot_button.clicked.connect(self.show_forgot)
        entry = QWidget()
        fill(kit.column(entry, spacing=12), self._field, self._open, self._device, self._status, self._forgot_button)
        return entry

    # --- reactions -------------------------------------------------------

    def _on_open(self) -> None:
        if self._state in (OPENING, "busy"):
            return
        typed = self._field.text()
        if not typed:
            self._field.set_error(_("Type your passphrase first."))
            self.take_focus()
            return
        self._was_device = False
        self.unlock_requested.emit(typed)

    def _on_device(self) -> None:
        if self._state not in (OPENING, "busy"):
            self._was_device = True
            self._status.setText(_("Asking the key store of this computer."))
            self.device_requested.emit()

    def _on_bring_back(self) -> None:
        typed = self._field.text()
        if not typed:
            self._field.set_error(_("Type the passphrase of the backup first."))
            self.take_focus()
            return
        self._is_bringing_back = True
        self.backup_requested.emit(self._backup, typed)

    def _show_way_on(self, error: CompanionError) -> None:
        if not isinstance(error, OpenElsewhere | OtherCopy):
            return
        if self._way_on is None:
            from companion.ui.shell.way_on import WayOn  # not needed before the first paint

            self._way_on = WayOn(self._kit)
            self._way_on.chosen.connect(self._on_way_on)
            self._way_on.versions_requested.connect(self.versions_requested)
            self._way_on_room.addWidget(self._way_on)
        self._way_on.show_for(error)

    def _on_way_on(self, told: CompanionError) -> None:
        typed = self._field.text()
        if typed:
            self.even_requested.emit(typed, told)
        elif self._was_device and self._has_device:
            self.passed_by.emit(told)
            self._on_device()
        else:
            self._field.set_error(_("Type your passphrase first."))
            self.take_focus()

    def _on_caps_lock(self, is_on: bool) -> None:
        self._field.set_hint(_("Caps Lock is on.") if is_on else "")
        if is_on:
            announce(self._field.edit, _("Caps Lock is on."))

    def show_forgot(self) -> None:
        """Show the way back in without the passphrase."""
        from companion.ui.shell.forgot import ForgotForm  # not needed before the first paint

        self._close_forgot()
        form = ForgotForm(self._kit)
        form.recovery_requested.connect(self.recovery_requested)
        form.passed_by.connect(self.passed_by)
        form.versions_requested.connect(self.versions_requested)
        form.new_space_requested.connect(self.new_space_requested)
        form.back_requested.connect(self._on_back)
        self._forgot = form
        self._fit()
        self._pages.addWidget(form)
        self._pages.setCurrentWidget(form)
        form.take_focus()

    def _on_back(self) -> None:
        self._close_forgot()
        self._forgot_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_forgot(self) -> None:
        if self._forgot is not None:
            self._forgot.wipe()
            self._pages.removeWidget(self._forgot)
            self._forgot.deleteLater()
            self._forgot = None
            self._fit()
        self._pages.setCurrentWidget(self._front)


def _title_of(state: str) -> str:
    if state == "no-space":
        return _("Welcome")
    return _("One moment") if state == "busy" else _("Welcome back")


def _opening_words() -> str:
    return _("Opening your space. This takes a second or two on purpose. It keeps others out.")


def _under_of(state: str, *, with_device: bool) -> str:
    if state == "no-space":
        return _("There is no private space here yet. You can make one at any time. You can reach people without it.")
    if state == "busy":
        return _("Your last words are being saved. Then the space is locked.")
    if with_device:
        return _("Your journal is locked. Your passphrase opens it, or this computer.")
    return _("Your journal is locked. Only your passphrase opens it.")
