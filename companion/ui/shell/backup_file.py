"""A backup file on a computer that has no space yet: see what is inside, then open it here."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from companion.core.errors import CompanionError, WrongSecret
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.backup_words import inside_line
from companion.ui.messages import one_line
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.kit import Kit
    from companion.ui.tasks import Tasks
    from companion.vault.trial import Inside


class BackupFileSheet(QWidget):
    """Choose the file, type its passphrase, see date and counts, and only then bring it here."""

    accepted = Signal(object, str)  # the file, its passphrase

    def __init__(self, kit: Kit, clock: Clock, tasks: Tasks) -> None:
        super().__init__()
        self._clock, self._tasks = clock, tasks
        self._file: Path | None = None
        self._is_known = False
        self.choose_button = kit.button(_("Choose the file"), icon="folder-open")
        self.choose_button.clicked.connect(self._on_choose)
        self._name = kit.label(_("Its name ends in .vbak. It may be on a stick."), "muted")
        self.field = kit.field(_("Passphrase of this backup"), secret=True)
        self.field.edit.textEdited.connect(self._on_typed)
        self.field.edit.returnPressed.connect(self._on_next)
        self._said = kit.notice("", tone="ok")
        self._said.hide()
        self.next_button = kit.button(_("Look inside"), kind="primary")
        self.next_button.clicked.connect(self._on_next)
        words = kit.label(_("A new space is made from it on this computer. The file itself stays as it is."), "muted")
        fill(
            kit.column(self, spacing=14),
            words,
            fill(kit.row(), self.choose_button, None),
            self._name,
            self.field,
            self._said,
            fill(kit.row(), None, self.next_button),
        )
        self._show()
        self.setFocusProxy(self.choose_button)

    @property
    def words(self) -> str:
        """What was said last."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    def take(self, file: Path) -> None:
        """This file."""
        self._file = file
        self._is_known = False
        self._name.setText(str(file))
        self._said.hide()
        self._show()
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- inside ----------------------------------------------------------

    def _on_choose(self) -> None:
        options = QFileDialog.Option.DontUseNativeDialog
        name, _kind = QFileDialog.getOpenFileName(
            self.window(), _("Choose the file"), str(Path.home()), _("Backups (*.vbak)"), options=options
        )
        if name:
            self.take(Path(name))

    def _on_typed(self) -> None:
        self.field.clear_error()
        self._is_known = False
        self._show()

    def _on_next(self) -> None:
        words = self.field.text()
        if self._file is None:
            return
        if not words:
            self._refuse(_("Type the passphrase of this backup first."))
            return
        if self._is_known:
            self.field.wipe()
            self.accepted.emit(self._file, words)
            return
        from companion.vault.trial import look_inside

        self.next_button.setEnabled(False)
        job = partial(look_inside, self._file, (), words)
        self._tasks.run(self, job, self._on_inside, self._on_failed)

    def _on_inside(self, inside: Inside) -> None:
        self._is_known = True
        self._show()
        self._say(inside_line(inside, self._clock.now().date()), "ok")
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: CompanionError) -> None:
        self._show()
        if isinstance(error, WrongSecret):
            self._refuse(one_line(error))
        else:
            self._say(one_line(error), "warn")

    def _refuse(self, words: str) -> None:
        self.field.set_error(words)
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.edit.selectAll()

    def _show(self) -> None:
        self.field.setVisible(self._file is not None)
        self.next_button.setVisible(self._file is not None)
        self.next_button.setEnabled(True)
        self.next_button.setText(_("Bring it here") if self._is_known else _("Look inside"))

    def _say(self, words: str, tone: str) -> None:
        self._said.set_tone(tone)
        self._said.set_text(words)
        self._said.show()
        announce(self._said, words)
