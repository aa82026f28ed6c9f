"""A second place for backups: a USB stick or a folder, used when it is there, never missed out loud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from companion.core.errors import CompanionError
from companion.core.i18n import _, ngettext
from companion.ui.backup_words import day_of, not_made_line
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.kit import Kit
    from companion.ui.shell.keeper import Standing
    from companion.ui.shell.settings.backup_actions import BackupActions
    from companion.vault.keeping import Keeping, Place, Shown


class SecondPlaceCard(Card):
    """Which place it is, how it stands with it, and whether its absence may be mentioned."""

    chosen = Signal()

    def __init__(self, kit: Kit, actions: BackupActions, clock: Clock) -> None:
        super().__init__(kit.theme, padding=20, spacing=12)
        self._kit, self._actions, self._clock = kit, actions, clock
        self._place: Place | None = None
        self._words = kit.label("", "muted")
        self._where = kit.label("", selectable=True)
        self._trouble = kit.notice("", tone="warn")
        self.choose_button = kit.button(_("Choose a place"), icon="usb")
        self.choose_button.clicked.connect(self._on_choose)
        self._forget = kit.button(_("Stop using it"), kind="ghost")
        self._forget.clicked.connect(self._on_forget)
        items = [("monthly", _("Once a month")), ("never", _("Never"))]
        self._reminder = kit.list_button(items, _("Mention it when it is not there"))
        self._reminder.chosen.connect(self._on_reminder)
        self._reminder_row = kit.setting_row(
            "bell", _("Mention it when it is not there"), _("A quiet line, nothing more."), self._reminder
        )
        ways = kit.flow(spacing=8)
        ways.addWidget(self.choose_button)
        ways.addWidget(self._forget)
        head = fill(kit.row(spacing=10), kit.icon_label("usb", "accent", 20), (kit.label(_("A second place"), "h3"), 1))
        fill(self.body, head, self._words, self._where, self._trouble, self._reminder_row, ways)
        actions.watch(self, self.refresh)
        self.refresh()

    def show_place(self, shown: Shown) -> None:
        """Show what is chosen."""
        self._place = shown.place
        self.refresh()

    def refresh(self) -> None:
        """Show how it stands now."""
        place, standing = self._place, self._actions.standing
        self._where.setVisible(place is not None)
        self._forget.setVisible(place is not None)
        self._reminder_row.setVisible(place is not None)
        self.choose_button.setText(_("Choose another") if place else _("Choose a place"))
        trouble = standing.place_trouble if standing is not None and place is not None else None
        self._trouble.setVisible(trouble is not None)
        if trouble is not None:
            self._trouble.set_text(not_made_line(trouble, elsewhere=True))
        if place is None:
            self._words.setText(
                _(
                    "A stick or a folder on another disk. Each backup is copied there too when it is there. "
                    "If this computer breaks, you still have it."
                )
            )
            return
        self._where.setText(str(place.folder))
        self._reminder.choose(place.reminder)
        self._words.setText(self._state_words(place, standing))

    # --- inside ----------------------------------------------------------

    def _state_words(self, place: Place, standing: Standing | None) -> str:
        where = standing.where if standing is not None else "none"
        if where == "there" and standing is not None and standing.elsewhere:
            count = len(standing.elsewhere)
            newest = standing.elsewhere[0].made_at
            words = ngettext(
                "It is there now, with {count} backup. The newest is from {day}.",
                "It is there now, with {count} backups. The newest is from {day}.",
                count,
            )
            if newest is not None:
                return words.format(count=count, day=day_of(newest, self._clock.now().date()))
        if where == "looking":
            return _("A backup is being copied there.")
        if where == "missing":
            if place.used_at is None:
                return _("It is not there now. That is fine; it is used when it is back.")
            day = day_of(place.used_at, self._clock.now().date())
            return _("It is not there now. It was last used on {day}. It is used again when it is back.").format(
                day=day
            )
        return _("Each backup is copied there too, when it is there.")

    def _on_choose(self) -> None:
        options = QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        folder = QFileDialog.getExistingDirectory(self.window(), _("Choose a place"), str(Path.home()), options)
        if folder:
            self.choose(Path(folder))

    def choose(self, folder: Path) -> None:
        """Use this folder from now on."""
        self._actions.change(self, lambda keeping: keeping.choose_place(folder), self._on_chosen, self._on_refused)

    def _on_chosen(self, _nothing: None) -> None:
        self.chosen.emit()
        self._actions.look_now()

    def _on_refused(self, error: CompanionError) -> None:
        self._trouble.set_text(_("This folder can't be the second place. Choose one on another disk."))
        self._trouble.show()

    def _on_forget(self) -> None:
        self._actions.change(self, lambda keeping: keeping.choose_place(None), self._on_chosen, self._on_refused)

    def _on_reminder(self, key: str) -> None:
        def keep(keeping: Keeping) -> None:
            keeping.set_reminder("never" if key == "never" else "monthly")

        self._actions.change(self, keep, lambda _nothing: self.chosen.emit(), self._on_refused)
