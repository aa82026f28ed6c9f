"""A new recovery key: shown this one time, printed or saved, and checked by typing two of its groups."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from companion.core.errors import StorageTrouble
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.shell.recovery_page import save_page
from companion.ui.shell.recovery_print import PrintChoice, print_page
from companion.ui.shell.recovery_text import FILE_NAME, groups_of, recovery_text, save_recovery_text
from companion.ui.widgets.filling import Item, box, fill

if TYPE_CHECKING:
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.widgets.field import Field


class RecoveryKeyView(QWidget):
    """The key in groups, ways to keep it, and two groups to type again."""

    kept = Signal()

    def __init__(self, kit: Kit, clipboard: Clipboard, code: str, made_on: date, vault: Path | None) -> None:
        super().__init__()
        self._kit = kit
        self._clipboard = clipboard
        self._code = code
        self._made_on = made_on
        self._vault = vault
        self._groups = groups_of(code)
        self._asked = sorted(secrets.SystemRandom().sample(range(8), 2))
        self._said = kit.status()
        self._said.hide()
        self._printing = PrintChoice(kit, self._print)
        self._printing.said.connect(self._say)
        self._fields = [self._field(index) for index in self._asked]
        fill(
            kit.column(self, spacing=16),
            self._key(),
            self._ways(),
            self._printing,
            self._said,
            kit.divider(),
            kit.label(_("Check that you have it: type these two groups."), "label"),
            self._typed(),
        )

    def first_stop(self) -> QWidget:
        """Save to a file."""
        return self._save

    def check(self) -> bool:
        """Whether the two groups were typed as they are shown; says beside the field what to change."""
        for index, field in zip(self._asked, self._fields, strict=True):
            if _plain(field.text()) != self._groups[index]:
                words = _("That is not group {number}. Look at the key above.").format(number=index + 1)
                field.set_error(words)
                field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
                field.edit.selectAll()
                return False
            field.clear_error()
        return True

    def save(self) -> None:
        """Ask where, with a dialog that lets F1 and F9 through, and write the file."""
        page, text = _("One page (*.pdf)"), _("Text (*.txt)")
        name, chosen = QFileDialog.getSaveFileName(
            self.window(),
            _("Save to a file"),
            str(Path.home() / f"{FILE_NAME}.pdf"),
            f"{page};;{text}",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if name:
            path = Path(name)
            self.save_to(path if path.suffix else path.with_suffix(".txt" if chosen == text else ".pdf"))

    def save_to(self, path: Path) -> None:
        """Write a page (.pdf) or plain text (any other name) here and say so."""
        try:
            if path.suffix.casefold() == ".pdf":
                save_page(path, self._code, self._made_on, self._vault)
            else:
                save_recovery_text(path, recovery_text(self._code, self._made_on, self._vault))
        except StorageTrouble as error:
            self._say(one_line(error))
            return
        self._say(_("Saved as {name}. Move it to a USB stick, or print it and delete the file.").format(name=path.name))

    # --- parts -----------------------------------------------------------

    def _key(self) -> QWidget:
        kit = self._kit
        card = kit.card("sunken", padding=20, spacing=8)
        card.setAccessibleName(_("Recovery key"))
        flow = kit.even(spacing=14, columns=5)
        for number, group in enumerate(self._groups, start=1):
            label = kit.label(group, "number", wrap=False)
            spoken = " ".join(group)
            name = _("Group {number}: {letters}") if number <= 8 else _("Last sign: {letters}")
            label.setAccessibleName(name.format(number=number, letters=spoken))
            flow.addWidget(label)
        card.body.addLayout(flow)
        return card

    def _ways(self) -> Item:
        kit = self._kit
        self._save = kit.button(_("Save to a file"), kind="soft", icon="save")
        self._save.clicked.connect(self.save)
        paper = kit.button(_("Print"), kind="ghost", icon="printer", name=_("Print the recovery key"))
        paper.clicked.connect(self._printing.ask)
        copy = kit.button(_("Copy"), kind="ghost", icon="copy", name=_("Copy the recovery key"))
        copy.clicked.connect(self._on_copy)
        ways = kit.flow(spacing=8)
        ways.addWidget(self._save)
        ways.addWidget(paper)
        ways.addWidget(copy)
        return ways

    def _field(self, index: int) -> Field:
        field = self._kit.field(_("Group {number}").format(number=index + 1))
        field.edit.setMaxLength(8)
        field.edit.textEdited.connect(field.clear_error)
        field.edit.returnPressed.connect(self._on_return)
        return field

    def _typed(self) -> QWidget:
        even = self._kit.even(spacing=16, columns=2)
        for field in self._fields:
            even.addWidget(field)
        return box(even)

    def _print(self, printer: str) -> None:
        print_page(printer, self._code, self._made_on, self._vault)

    def _on_copy(self) -> None:
        self._clipboard.copy_own(self._code)
        self._say(_("Copied. It leaves the clipboard after a minute."))

    def _on_return(self) -> None:
        if self.sender() is self._fields[0].edit:
            self._fields[1].edit.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.check():
            self.kept.emit()

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()
        announce(self._said, words)


def _plain(typed: str) -> str:
    """As typed or as shown: case, spaces and the letters that look like digits do not matter."""
    return "".join(typed.split()).upper().translate(str.maketrans("ILO", "110"))
