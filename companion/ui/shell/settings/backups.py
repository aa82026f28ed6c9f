"""Backups: make one now, keep one elsewhere, and see which were tested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _, ngettext
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.moments import moment_words
from companion.ui.shell.settings.proof import size_words
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import clear, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions
    from companion.vault.backup import BackupResult
    from companion.vault.shelf import BackupInfo

SHOWN = 5


class BackupCard(Card):
    """The newest backups beside the space, each with what is known about it."""

    made = Signal()

    def __init__(self, kit: Kit, actions: VaultActions, clock: Clock) -> None:
        super().__init__(kit.theme, padding=20, spacing=12)
        self._kit = kit
        self._actions = actions
        self._clock = clock
        self.make_button = kit.button(_("Make a backup now"), kind="primary", icon="archive")
        self.make_button.clicked.connect(self._on_make)
        self._elsewhere = kit.button(_("Keep one elsewhere"), kind="ghost", icon="usb")
        self._elsewhere.clicked.connect(self._on_elsewhere)
        self._progress = kit.progress(_("Backup"))
        self._progress.hide()
        self._said = kit.notice("", tone="ok")
        self._said.hide()
        self._rows = kit.column(spacing=0)
        ways = kit.flow(spacing=8)
        ways.addWidget(self.make_button)
        ways.addWidget(self._elsewhere)
        head = fill(
            kit.row(spacing=10),
            kit.icon_label("archive", "accent", 20),
            (kit.label(_("Backups"), "h3"), 1),
        )
        fill(self.body, head, self._rows, self._progress, self._said, ways)
        self.show_backups(())

    @property
    def words(self) -> str:
        """What the card said last about a backup."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    def make(self, to: Path | None = None) -> None:
        """Make and prove a backup, beside the space or in the folder `to`."""
        self._set_working(True)
        self._actions.back_up(self, to, self._on_progress, self._on_made, self.show_error)

    def show_backups(self, backups: Sequence[BackupInfo]) -> None:
        """List these, newest first."""
        kit = self._kit
        clear(self._rows)
        if not backups:
            words = _("There is no backup yet. A backup is one encrypted file; the same passphrase opens it.")
            self._rows.addWidget(kit.label(words, "muted"))
        for number, info in enumerate(backups[:SHOWN]):
            if number:
                self._rows.addWidget(kit.divider())
            self._rows.addWidget(self._row(info))

    def show_error(self, error: CompanionError) -> None:
        """Say what happened; the notes themselves are not touched by a backup."""
        self._set_working(False)
        self._say(one_line(error), "warn")

    # --- inside ----------------------------------------------------------

    def _row(self, info: BackupInfo) -> QWidget:
        kit = self._kit
        when = _("A file that can't be read")
        if info.made_at is not None:
            when = moment_words(info.made_at, self._clock.now().date())
        badge = kit.badge(_("Not tested yet"), "circle-help", "neutral")
        if not info.ok:
            badge = kit.badge(_("Did not pass the check"), "triangle-alert", "warn")
        elif info.proved_at is not None:
            badge = kit.badge(_("Tested"), "circle-check", "ok")
        attached = ngettext("{count} attached file", "{count} attached files", info.media).format(count=info.media)
        second = _("Beside your notes. {size}, {attached}.").format(size=size_words(info.size_bytes), attached=attached)
        return kit.setting_row("file-lock", when, second, badge)

    def _on_make(self) -> None:
        self.make()

    def _on_elsewhere(self) -> None:
        options = QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        folder = QFileDialog.getExistingDirectory(self.window(), _("Keep one elsewhere"), str(Path.home()), options)
        if folder:
            self.make(Path(folder))

    def _on_progress(self, steps: tuple[int, int]) -> None:
        done, total = steps
        self._progress.show_progress(done, total, _("{done} of {total}").format(done=done, total=total))

    def _on_made(self, result: BackupResult) -> None:
        self._set_working(False)
        entries = result.tables.get("entry", 0)
        notes = ngettext("{count} note", "{count} notes", entries).format(count=entries)
        attached = ngettext("{count} attached file", "{count} attached files", result.media).format(count=result.media)
        words = _("Backup done. {notes}, {attached}. Checked and readable.").format(notes=notes, attached=attached)
        self._say(words, "ok")
        self.made.emit()

    def _set_working(self, is_working: bool) -> None:
        self.make_button.setEnabled(not is_working)
        self._elsewhere.setEnabled(not is_working)
        self._progress.setVisible(is_working)
        if is_working:
            self._said.hide()
            self._progress.show_progress(0, 0, _("Making a backup"))

    def _say(self, words: str, tone: str) -> None:
        self._said.set_tone(tone)
        self._said.set_text(words)
        self._said.show()
        announce(self._said, words)
