"""Backups: make one now, keep one elsewhere, and see which were tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.backup_words import attached_words, holds_words, not_made_line, part_done, reason_line
from companion.ui.messages import day_words, one_line
from companion.ui.moments import moment_words
from companion.ui.shell.settings.proof import size_words
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import box, clear, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions
    from companion.vault.backup import BackupResult
    from companion.vault.shelf import BackupInfo

SHOWN = 6


class BackupCard(Card):
    """The newest backups beside the space, each with what is known about it."""

    made = Signal()
    open_requested = Signal(object)  # the file
    right_requested = Signal()  # a newest backup that holds much less is as it should be

    def __init__(self, kit: Kit, actions: VaultActions, clock: Clock) -> None:
        super().__init__(kit.theme, padding=20, spacing=12)
        self._kit = kit
        self._actions = actions
        self._clock = clock
        self.make_button = kit.button(_("Make a backup now"), kind="primary", icon="archive")
        self.make_button.clicked.connect(self._on_make)
        self._elsewhere = kit.button(_("Keep one elsewhere"), kind="ghost", icon="usb")
        self._elsewhere.clicked.connect(self.make_elsewhere)
        self._progress = kit.progress(_("Backup"))
        self._progress.hide()
        self._said = kit.notice("", tone="ok")
        self._said.hide()
        self._rows = kit.column(spacing=0)
        self._file = kit.button(_("Open a backup file"), kind="ghost", icon="folder-open")
        self._file.clicked.connect(self._on_file)
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._less = kit.notice(
            _("The newest backup holds much less than one before it. So no older backup is removed for now."),
            action=_("That is right"),
        )
        self._less.action_clicked.connect(self.right_requested)
        self._less.hide()
        self._all = kit.button("", kind="link")
        self._all.clicked.connect(self._on_all)
        self._all.hide()
        self._shown: tuple[BackupInfo, ...] = ()
        self._tested: Mapping[str, datetime] = {}
        self._shows_all = False
        ways = kit.flow(spacing=8)
        for way in (self.make_button, self._elsewhere, self._file):
            ways.addWidget(way)
        head = fill(
            kit.row(spacing=10),
            kit.icon_label("archive", "accent", 20),
            (kit.label(_("Backups"), "h3"), 1),
        )
        kept = _("One is made by itself each day you change something, and when you lock.")
        fill(self.body, head, kit.label(kept, "muted"), self._trouble, self._less, self._rows)
        fill(self.body, self._all, self._progress, self._said, ways)
        self.show_backups(())

    @property
    def words(self) -> str:
        """What the card said last about a backup."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    @property
    def listed(self) -> tuple[BackupInfo, ...]:
        """The backups it knows of, newest first."""
        return self._shown

    def make(self, to: Path | None = None) -> None:
        """Make and prove a backup, beside the space or in the folder `to`."""
        self._set_working(True)
        self._actions.back_up(self, to, self._on_progress, self._on_made, self.show_error)

    def make_elsewhere(self) -> None:
        """Ask for a folder, and make a backup with everything inside there."""
        options = QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        folder = QFileDialog.getExistingDirectory(self.window(), _("Keep one elsewhere"), str(Path.home()), options)
        if folder:
            self.make(Path(folder))

    def show_backups(
        self,
        backups: Sequence[BackupInfo],
        tested: Mapping[str, datetime] | None = None,
        *,
        holds_back: bool = False,
        trouble: CompanionError | None = None,
    ) -> None:
        """List these, newest first; `tested` is when, by the digest of the database."""
        kit = self._kit
        self._shown, self._tested = tuple(backups), tested or {}
        self._less.setVisible(holds_back)
        self._trouble.setVisible(trouble is not None)
        if trouble is not None:
            self._trouble.set_text(not_made_line(trouble, elsewhere=False))
        clear(self._rows)
        if not backups:
            words = _("There is no backup yet. A backup is one encrypted file; the same passphrase opens it.")
            self._rows.addWidget(kit.label(words, "muted"))
        count = len(backups) if self._shows_all else SHOWN
        for number, info in enumerate(backups[:count]):
            if number:
                self._rows.addWidget(kit.divider())
            self._rows.addWidget(self._row(number + 1, info))
        self._all.setText(_("Show all {count}").format(count=len(backups)))
        self._all.setVisible(len(backups) > count)

    def show_error(self, error: CompanionError) -> None:
        """Say what happened; the notes themselves are not touched by a backup."""
        self._set_working(False)
        self._say(one_line(error), "warn")

    # --- inside ----------------------------------------------------------

    def _row(self, number: int, info: BackupInfo) -> QWidget:
        kit = self._kit
        when = _("A file that can't be read")
        if info.made_at is not None:
            when = moment_words(info.made_at, self._clock.now().date())
        tested = self._tested.get(info.manifest.database_sha256) if info.manifest else None
        proved = max((at for at in (tested, info.proved_at) if at is not None), default=None)
        badge = kit.badge(_("Not tested yet"), "circle-help", "neutral")
        if not info.ok:
            badge = kit.badge(_("Did not pass the check"), "triangle-alert", "warn")
        elif proved is not None:
            day = day_words(proved.date(), self._clock.now().date())
            badge = kit.badge(_("Tested on {day}").format(day=day), "circle-check", "ok")
        inside = [size_words(info.size_bytes), *([attached_words(info.media)] if info.media else [])]
        second = _("Beside your notes. {what}.").format(what=", ".join(inside))
        second = " ".join(part for part in (reason_line(info.reason), second) if part)
        more = kit.icon_button(
            "ellipsis", _("Test or bring back backup {number}: {when}").format(number=number, when=when)
        )
        more.clicked.connect(lambda: self.open_requested.emit(info.file))
        return kit.setting_row("file-lock", when, second, box(fill(kit.row(spacing=6), badge, more)))

    def _on_all(self) -> None:
        self._shows_all = True
        self.show_backups(self._shown, self._tested)

    def _on_file(self) -> None:
        options = QFileDialog.Option.DontUseNativeDialog
        name, _kind = QFileDialog.getOpenFileName(
            self.window(), _("Open a backup file"), str(Path.home()), _("Backups (*.vbak)"), options=options
        )
        if name:
            self.open_requested.emit(Path(name))

    def _on_make(self) -> None:
        self.make()

    def _on_progress(self, steps: tuple[int, int]) -> None:
        done, total = steps
        self._progress.show_progress(done, total, part_done(done, total))

    def _on_made(self, result: BackupResult) -> None:
        self._set_working(False)
        words = _("Backup done. {what}. Checked and readable.").format(what=holds_words(result.tables, result.media))
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
