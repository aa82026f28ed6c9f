"""The pages of the first run about the secret: the passphrase, a recovery key or none, and the key itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.shell.first_run_page import FirstRunPage
from companion.ui.shell.first_run_trouble import PlaceTrouble
from companion.ui.shell.passphrase_form import PassphraseForm
from companion.ui.shell.recovery_key import RecoveryKeyView
from companion.ui.widgets.columns import Columns
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.widgets.card import Card


class PassphrasePage(FirstRunPage):
    """Choose the passphrase; what there is to know stands beside the form, not in a pop-up."""

    chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, _("Your passphrase"), 960)
        self.form = PassphraseForm(kit)
        self.form.submitted.connect(self._on_next)
        next_button = kit.button(_("Continue"), kind="primary")
        next_button.clicked.connect(self._on_next)
        card = kit.card(padding=28, spacing=20)
        fill(card.body, self.form, self.ways(self.look_around(), next_button), None)
        notes = box(fill(kit.column(spacing=18), self._no_reset(), self._good_to_know(), None))
        columns = Columns(kit.theme, card, notes, shares=(612, 330), gap=18, wide_from=760)
        fill(self.column, self.heading(_("Pick a few words only you would put together.")), columns, None)

    def first_stop(self) -> QWidget:
        """Where the passphrase is typed."""
        return self.form.first.edit

    def wipe(self) -> None:
        """Leave no typed word behind."""
        self.form.wipe()

    def _no_reset(self) -> Card:
        kit = self._kit
        card = kit.card("warn", padding=22, spacing=8)
        title = fill(
            kit.row(spacing=10),
            kit.icon_label("key-round", "warning_soft_text", 22),
            (kit.label(_("There is no reset"), "h3", tone="warning_soft_text"), 1),
        )
        words = _(
            "If you forget it, nobody can open your notes, not even us. "
            "Next you can make a recovery key to keep somewhere safe."
        )
        fill(card.body, title, kit.label(words))
        return card

    def _good_to_know(self) -> Card:
        kit = self._kit
        card = kit.card(padding=22, spacing=10)
        fill(card.body, kit.label(_("Good to know"), "h3"))
        for icon, words in (
            ("text-cursor-input", _("At least 10 characters. No symbols needed.")),
            ("timer-off", _("No time limit. Wrong tries never lock you out.")),
            ("refresh-cw", _("You can change it later in Settings.")),
        ):
            card.body.addLayout(fill(kit.row(spacing=10), kit.icon_label(icon, "accent", 18), (kit.label(words), 1)))
        return card

    def _on_next(self) -> None:
        value = self.form.value()
        if value is not None:
            self.chosen.emit(value)


class RecoveryPage(FirstRunPage):
    """A recovery key now, or not now; the answer makes the space."""

    answered = Signal(bool)
    folder_chosen = Signal(Path)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, _("A recovery key"), 720)
        self._status = kit.status(_("Making your space. This takes a second or two on purpose. It keeps others out."))
        self._status.hide()
        self._trouble = PlaceTrouble(kit)
        self._trouble.folder_chosen.connect(self.folder_chosen)
        self._now = kit.button(_("Make a recovery key"), kind="primary", icon="key-round")
        self._now.clicked.connect(self._on_now)
        self._later = kit.button(_("Not now"))
        self._later.clicked.connect(self._on_later)
        card = kit.card(padding=28, spacing=14)
        for icon, words in (
            ("key-round", _("It opens your notes if you forget your passphrase.")),
            ("usb", _("You save it to a file, for a USB stick or for paper.")),
            ("eye-off", _("It is shown one time. Who has it and your files can read your notes.")),
        ):
            card.body.addLayout(fill(kit.row(spacing=14), kit.icon_label(icon, "accent", 22), (kit.label(words), 1)))
        fill(
            self.column,
            self.heading(_("A second way in. You can also make one later, in Settings.")),
            card,
            self._trouble,
            self._status,
            self.ways(self._later, self._now),
            None,
        )

    def first_stop(self) -> QWidget:
        """Make a recovery key."""
        return self._now

    def show_working(self, is_working: bool) -> None:
        """The space is being made, or not any more."""
        if is_working:
            self.setFocus()  # else the keys would fall on whatever comes next to a button that cannot be pressed
        self._now.setEnabled(not is_working)
        self._later.setEnabled(not is_working)
        self._status.setVisible(is_working)
        if is_working:
            self._trouble.hide()
            announce(self._status, self._status.text())

    def show_error(self, error: CompanionError) -> None:
        """Say what happened; where the folder is the trouble, offer another one."""
        self.show_working(False)
        self._trouble.show_error(error)
        self._now.setFocus()

    def _on_now(self) -> None:
        self.answered.emit(True)

    def _on_later(self) -> None:
        self.answered.emit(False)


class KeyPage(FirstRunPage):
    """The recovery key, this one time."""

    next_requested = Signal()

    def __init__(self, kit: Kit, clipboard: Clipboard, code: str, made_on: date) -> None:
        super().__init__(kit, _("Your recovery key"), 720)
        self.view = RecoveryKeyView(kit, clipboard, code, made_on, None)
        self.view.kept.connect(self.next_requested)
        skip = kit.button(_("Go on without checking"), kind="ghost")
        skip.clicked.connect(self.next_requested)
        next_button = kit.button(_("Continue"), kind="primary")
        next_button.clicked.connect(self._on_next)
        on = kit.flow(spacing=8)
        on.addWidget(skip)
        on.addWidget(next_button)
        card = kit.card(padding=28, spacing=16)
        fill(card.body, self.view, fill(kit.row(), None, box(on)))
        fill(self.column, self.heading(_("It is shown this one time. Keep it away from this computer.")), card, None)

    def first_stop(self) -> QWidget:
        """Save to a file."""
        return self.view.first_stop()

    def _on_next(self) -> None:
        if self.view.check():
            self.next_requested.emit()
