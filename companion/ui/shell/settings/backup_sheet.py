"""One backup: test it, see what is inside, and bring it back in place of what is here or beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError, WrongSecret
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.backup_words import holds_words, inside_line, part_done, trial_line
from companion.ui.messages import one_line
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.backup_actions import BackupActions
    from companion.vault.backup import BackupResult
    from companion.vault.trial import Inside, Trial


class BackupSheet(QWidget):
    """Nothing changes before the person has seen what is here now and what the backup holds."""

    def __init__(
        self, kit: Kit, actions: BackupActions, clock: Clock, file: Path, tested: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self._kit, self._actions, self._clock, self._file = kit, actions, clock, file
        self._tested = tested
        self._brings_back = False
        self._here: dict[str, int] = {}
        self._inside = kit.label("")
        self._now = kit.label("")
        self._how = kit.notice(
            _(
                "What is here now is moved aside, into the folder “quarantine” of your space. Nothing is deleted. "
                "A backup of it is made first. Afterwards the passphrase of this backup opens your space. "
                "Or look at it beside: it opens as a second space, and nothing is mixed."
            )
        )
        self._field = kit.field(_("Passphrase of this backup"), secret=True)
        self._field.edit.textEdited.connect(self._field.clear_error)
        self._field.edit.returnPressed.connect(self._on_return)
        self._said = kit.notice("", tone="ok")
        self._progress = kit.progress(_("Backup"))
        self.test_button = kit.button(_("Test this backup"), kind="primary", icon="circle-check")
        self.test_button.clicked.connect(self._on_test)
        self.back_button = kit.button(_("Bring it back"), icon="history")
        self.back_button.clicked.connect(self._on_bring_back)
        self.swap_button = kit.button(_("Put it in place"), kind="primary", icon="history")
        self.swap_button.clicked.connect(self._on_swap)
        self.beside_button = kit.button(_("Look at it beside"))
        self.beside_button.clicked.connect(self._on_beside)
        ways = kit.flow(spacing=8)
        for way in (self.test_button, self.swap_button, self.back_button, self.beside_button):
            ways.addWidget(way)
        where = kit.label(str(file), "small")
        column = (where, self._inside, self._now, self._how, self._field, self._progress, self._said, ways)
        fill(kit.column(self, spacing=14), *column)
        for part in (self._inside, self._now, self._how, self._field, self._progress, self._said):
            part.hide()
        self._arrange()
        self.setFocusProxy(self.test_button)
        actions.look_inside(self, file, None, self._on_inside, self._on_not_inside)
        actions.here(self, self._on_here, lambda _error: None)

    @property
    def words(self) -> str:
        """What was said last."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    # --- test ------------------------------------------------------------

    def _on_test(self) -> None:
        self._work(_("Reading every byte of it"))
        self._actions.try_backup(self, self._file, self._field.text() or None, self._on_tried, self._on_failed)

    def _on_tried(self, trial: Trial) -> None:
        self._rest()
        self._on_inside(trial.inside)
        self._say(trial_line(trial, self._clock.now().date()), "warn" if trial.media_missing else "ok")
        self._tested()

    # --- bring back ------------------------------------------------------

    def _on_bring_back(self) -> None:
        self._brings_back = True
        self._said.hide()
        self._arrange()
        self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_swap(self) -> None:
        self._with_passphrase(self._copy_first)

    def _on_beside(self) -> None:
        self._with_passphrase(lambda: self._go(beside=True))

    def _with_passphrase(self, act: Callable[[], None]) -> None:
        """Only with the backup's own passphrase, because from then on it is what opens the space."""
        words = self._field.text()
        if not words:
            self._refuse(_("Type the passphrase of this backup first."))
            return
        self._work(_("Looking inside"))

        def opened(inside: Inside) -> None:
            self._on_inside(inside)
            act()

        self._actions.look_inside(self, self._file, words, opened, self._on_failed)

    def _copy_first(self) -> None:
        self._work(_("Making a backup of what is here now"))

        def done(_made: BackupResult) -> None:
            self._go(beside=False)

        self._actions.copy_first(self, self._on_progress, done, self._on_failed)

    def _go(self, *, beside: bool) -> None:
        words = self._field.text()
        self._field.wipe()
        self._actions.bring_back(self._file, words, beside=beside)

    # --- what is known ---------------------------------------------------

    def _on_inside(self, inside: Inside) -> None:
        self._inside.setText(inside_line(inside, self._clock.now().date()))
        self._inside.show()

    def _on_not_inside(self, error: CompanionError) -> None:
        if isinstance(error, WrongSecret):
            self._field.show()
            self._inside.setText(_("It opens with the passphrase it was made with."))
            self._inside.show()
        else:
            self._on_failed(error)

    def _on_here(self, here: dict[str, int]) -> None:
        self._here = here
        self._now.setText(
            _("Here now: {what}. Deleted notes count in both.").format(what=holds_words(here, here["media"]))
        )
        self._arrange()

    # --- inside ----------------------------------------------------------

    def _on_return(self) -> None:
        if not self._brings_back:
            self._on_test()
        else:
            self._on_swap()

    def _on_progress(self, steps: tuple[int, int]) -> None:
        done, total = steps
        self._progress.show_progress(done, total, part_done(done, total))

    def _on_failed(self, error: CompanionError) -> None:
        self._rest()
        if isinstance(error, WrongSecret):
            if not self._field.isVisibleTo(self) or not self._field.text():
                self._field.show()
                self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
                self._say(_("Type the passphrase it was made with, then test it again."), "info")
            else:
                self._refuse(one_line(error))
            return
        self._say(one_line(error), "warn")

    def _refuse(self, words: str) -> None:
        self._field.show()
        self._field.set_error(words)
        self._field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.edit.selectAll()

    def _arrange(self) -> None:
        back = self._brings_back
        self.test_button.setVisible(not back)
        self.back_button.setVisible(not back)
        self.swap_button.setVisible(back)
        self.beside_button.setVisible(back)
        self._how.setVisible(back)
        self._now.setVisible(back and bool(self._here))
        if back:
            self._field.show()

    def _work(self, words: str) -> None:
        self._said.hide()
        self._progress.show()
        self._progress.show_progress(0, 0, words)
        self._enable(is_free=False)

    def _rest(self) -> None:
        self._progress.hide()
        self._enable(is_free=True)
        (self.swap_button if self._brings_back else self.test_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable(self, *, is_free: bool) -> None:
        for button in (self.test_button, self.back_button, self.swap_button, self.beside_button):
            button.setEnabled(is_free)
        self._field.edit.setReadOnly(not is_free)

    def _say(self, words: str, tone: str) -> None:
        self._said.set_tone(tone)
        self._said.set_text(words)
        self._said.show()
        announce(self._said, words)
