"""Changing the key because someone could know the old passphrase: the work, and what is said when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _, ngettext
from companion.core.stopping import StopSwitch
from companion.ui.announce import announce
from companion.ui.messages import day_words, one_line
from companion.ui.shell.recovery_key import RecoveryKeyView
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions
    from companion.ui.shell.settings.secrets import ChangePassphrase
    from companion.ui.widgets.sheet import SheetHost
    from companion.vault.vault import Relocked

SHEET = "passphrase"


class KeyChange(QObject):
    """One change of the key at a time. It outlives the sheet it was begun from: a new recovery key is always shown."""

    changed = Signal()

    def __init__(
        self, kit: Kit, actions: VaultActions, clock: Clock, clipboard: Clipboard, sheets: SheetHost, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._kit, self._actions, self._clock = kit, actions, clock
        self._clipboard, self._sheets = clipboard, sheets
        self._form: ChangePassphrase | None = None
        self._stop = StopSwitch()
        self._folder: Path | None = None

    def begin(self, form: ChangePassphrase, old: str, new: str, folder: Path | None) -> None:
        """Change it; `form` shows how far it is and what went wrong."""
        self._form, self._folder, self._stop = form, folder, StopSwitch()
        form.stop_requested.connect(self.stop)
        self._actions.rotate(self, (old, new), self._stop, self._on_progress, self._on_done, self._on_failed)

    def stop(self) -> None:
        """Stop it where it can still be stopped, with everything as it was."""
        self._stop.stop()

    def _on_progress(self, steps: tuple[int, int]) -> None:
        if self._form is not None and shiboken6.isValid(self._form):
            self._form.show_progress(steps)

    def _on_failed(self, error: CompanionError) -> None:
        form, self._form = self._form, None
        if form is not None and shiboken6.isValid(form):
            form.show_failed(error)

    def _on_done(self, code: str | None) -> None:
        self._form = None
        self._sheets.close_named(SHEET)
        view = KeyChanged(self._kit, self._clipboard, self._clock, code, self._folder)
        view.done.connect(self._sheets.close)
        self._sheets.open(view, _("Passphrase and key changed"))
        view.relock(self._actions)
        self.changed.emit()


class KeyChanged(QWidget):
    """What opens the space now, what became of the backups, and which copies are out of reach."""

    done = Signal()

    def __init__(self, kit: Kit, clipboard: Clipboard, clock: Clock, code: str | None, folder: Path | None) -> None:
        super().__init__()
        self._kit, self._clock = kit, clock
        self.view: RecoveryKeyView | None = None
        self.said: list[str] = []
        self._progress = kit.progress(_("Backups"))
        self._copies = kit.column(spacing=8)
        column = fill(
            kit.column(self, spacing=16),
            kit.notice(_("From now on only the new passphrase opens your space."), tone="ok"),
            self._progress,
            box(self._copies),
        )
        finish = kit.button(_("Done"), kind="primary")
        finish.clicked.connect(self._on_finish)
        ways = fill(kit.row(), None, finish)
        stop: QWidget = finish
        if code is not None:
            self.view = RecoveryKeyView(kit, clipboard, code, clock.now().date(), folder)
            self.view.kept.connect(self.done)
            skip = kit.button(_("Close without checking"), kind="ghost")
            skip.clicked.connect(self.done)
            words = _("This is your new recovery key. The old one opens nothing any more. It is shown this one time.")
            fill(column, kit.divider(), kit.label(words), self.view)
            ways = fill(kit.row(), None, skip, finish)
            stop = self.view.first_stop()
        column.addLayout(ways)
        self.setFocusProxy(stop)

    def relock(self, actions: VaultActions) -> None:
        """Give the backups the new passphrase, and say what came of it."""
        self._progress.show_progress(0, 0, _("Locking your backups anew"))
        actions.finish_rotation(self, self._on_progress, self._on_relocked, self._on_failed)

    # --- inside ----------------------------------------------------------

    def _on_progress(self, steps: tuple[int, int]) -> None:
        self._progress.show_progress(*steps, _("Locking your backups anew"))

    def _on_relocked(self, result: Relocked) -> None:
        self._progress.hide()
        self._show([(False, line) for line in backups_lines(len(result.done))])
        self._show([(True, line) for line in kept_lines(result)])
        self._show([(False, copies_words(result, self._clock))])

    def _on_failed(self, error: CompanionError) -> None:
        self._progress.hide()
        self._show(
            [(True, one_line(error)), (True, _("The backups that are left are done when you next open your space."))]
        )

    def _show(self, lines: list[tuple[bool, str]]) -> None:
        kit = self._kit
        for is_trouble, words in lines:
            self._copies.addWidget(kit.notice(words, tone="warn") if is_trouble else kit.label(words))
            self.said.append(words)
            announce(self, words)

    def _on_finish(self) -> None:
        if self.view is None or self.view.check():
            self.done.emit()


def backups_lines(count: int) -> list[str]:
    """What became of the backups in reach, and for whom that is not enough."""
    if not count:
        return [_("There was no older backup to change.")]
    words = ngettext(
        "{count} backup was locked anew. It opens with the new passphrase.",
        "{count} backups were locked anew. They open with the new passphrase.",
        count,
    )
    copied = _("Could someone have copied your files before? Then make a new backup and delete the older ones.")
    return [words.format(count=count), copied]


def kept_lines(result: Relocked) -> list[str]:
    """What still opens with the old passphrase here, and what had to go."""
    lines = [
        _("This backup could not be changed. It still opens with the old passphrase: {name}").format(name=file.name)
        for file in result.kept
    ]
    lines += [
        _("This backup could not be changed and was removed. A newer one is there: {name}").format(name=file.name)
        for file in result.removed
    ]
    lines += [
        _("Set aside earlier, and still opens with the old passphrase: {name}").format(name=f"quarantine/{folder.name}")
        for folder in result.aside
    ]
    return lines


def copies_words(result: Relocked, clock: Clock) -> str:
    """What Companion cannot reach."""
    words = _(
        "Other copies, such as on a USB stick or in a cloud folder, still open with the old passphrase. "
        "Companion cannot change those. Delete them if you can."
    )
    if result.unreached is not None:
        words += " " + _("Your second place for backups is not there now, so its copies are unchanged too.")
    if result.elsewhere is not None:
        day = day_words(result.elsewhere.date(), clock.now().date())
        words += " " + _("The last backup in another place was made {day}.").format(day=day)
    return words
