"""A new passphrase: typed twice, judged in words, with words to pick from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import passphrase_words
from companion.ui.widgets.caps_lock import CapsLockWatch
from companion.ui.widgets.filling import box, fill
from companion.ui.widgets.meter import Meter
from companion.vault.passphrase import strength, suggest_words

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.widgets.field import Field

# Level -> part of the bar, colour role, picture.
_SHOWN = {
    "too-short": (0.2, "warning", "info"),
    "okay": (0.55, "hope", "circle-check"),
    "strong": (0.86, "success", "circle-check"),
}


class PassphraseForm(QWidget):
    """Two fields, a bar with its words, and Suggest words; pasting and password managers work."""

    submitted = Signal()

    def __init__(self, kit: Kit, label: str = "", again: str = "") -> None:
        super().__init__()
        self._kit = kit
        self.first = kit.field(label or _("Passphrase"), secret=True)
        self.second = kit.field(
            again or _("The same words again"), hint=_("Pasting is fine. So is a password manager."), secret=True
        )
        self._meter = Meter(kit.theme)
        self._strength_icon = kit.icon_label("info", "text_muted", 18)
        self._strength = kit.label(_("10 characters or more. No symbols needed."), "small")
        self._caps = kit.notice(_("Caps Lock is on."), tone="warn")
        self._caps.hide()
        self._judgement = box(fill(kit.row(spacing=8), self._strength_icon, (self._strength, 1)))
        judged = fill(kit.column(spacing=8), self._meter, self._judgement)
        first = fill(kit.column(spacing=12), self.first, judged)
        fill(kit.column(self, spacing=16), first, self.second, self._caps, kit.divider(), self._ideas())
        self._connect()

    def value(self) -> str | None:
        """The new passphrase, or None after saying beside the field what to change."""
        self.first.clear_error()
        self.second.clear_error()
        typed = self.first.text()
        if strength(typed).level == "too-short":
            self._judgement.hide()  # it says the same
            self._refuse(self.first, passphrase_words("too-short"))
            return None
        if typed != self.second.text():
            self._refuse(self.second, _("These are not the same. Type the same words again."))
            return None
        return typed

    def wipe(self) -> None:
        """Empty both fields."""
        self.first.wipe()
        self.second.wipe()

    def take_focus(self) -> None:
        """Put the focus where the passphrase is typed."""
        self.first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- inside ----------------------------------------------------------

    def _connect(self) -> None:
        self.first.edit.textChanged.connect(self._judge)
        self.first.edit.returnPressed.connect(self._on_first_return)
        self.second.edit.returnPressed.connect(self.submitted)
        self.second.edit.textChanged.connect(self.second.clear_error)
        for field in (self.first, self.second):
            CapsLockWatch(field.edit).changed.connect(self._on_caps_lock)

    def _ideas(self) -> QWidget:
        kit = self._kit
        self._suggest = kit.button(_("Suggest words"), kind="soft", icon="dices")
        self._suggest.clicked.connect(self._on_suggest)
        words = fill(
            kit.column(spacing=2),
            kit.label(_("Want some ideas?"), "label"),
            kit.label(_("Made on this computer. Not saved."), "small"),
        )
        ideas = kit.side(spacing=14, words=180)
        ideas.addWidget(box(words))
        ideas.addWidget(self._suggest)
        return box(ideas)

    def _on_suggest(self) -> None:
        words = " ".join(suggest_words())
        # Put in as typed, so that Undo brings back what was there.
        self.first.edit.selectAll()
        self.first.edit.insert(words)
        if self.first.show_button is not None and self.first.edit.echoMode() == QLineEdit.EchoMode.Password:
            self.first.show_button.click()
        self.second.edit.clear()
        self._suggest.setText(_("Other words"))
        announce(self.first.edit, words)

    def _judge(self, typed: str) -> None:
        self.first.clear_error()
        self._judgement.show()
        if not typed:
            self._meter.show_part(0, "success")
            self._strength_icon.set_icon("info", "text_muted")
            self._strength.set_tone("")
            self._strength.setText(_("10 characters or more. No symbols needed."))
            return
        judged = strength(typed)
        part, role, icon = _SHOWN[judged.level]
        self._meter.show_part(part, role)
        self._strength_icon.set_icon(icon, role)
        self._strength.set_tone(role)
        codes = dict.fromkeys((judged.level, *judged.reasons))
        self._strength.setText(" ".join(passphrase_words(code) for code in codes))

    def _refuse(self, field: Field, words: str) -> None:
        field.set_error(words)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        field.edit.selectAll()

    def _on_first_return(self) -> None:
        self.second.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_caps_lock(self, is_on: bool) -> None:
        self._caps.setVisible(is_on)
        if is_on:
            announce(self._caps, _("Caps Lock is on."))
