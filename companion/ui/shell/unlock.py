"""The lock screen: people to talk to beside the passphrase, both there before anything is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.shell.lines_panel import LinesPanel
from companion.ui.shell.top_bar import TopBar
from companion.ui.shell.unlock_card import OPENING, UnlockCard
from companion.ui.widgets.columns import Columns
from companion.ui.widgets.filling import box, fill
from companion.ui.widgets.tab_order import step, stops_in

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.core.errors import CompanionError
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit


class LockScreen(QWidget):
    """Unlock at the left, lines at the right; one column in a narrow window and from 150 % text."""

    unlock_requested = Signal(str)
    device_requested = Signal()
    recovery_requested = Signal(str, str)
    backup_requested = Signal(object, str)
    even_requested = Signal(str, object)
    passed_by = Signal(object)
    versions_requested = Signal(object)
    salvage_requested = Signal()
    space_chosen = Signal(str)
    new_space_requested = Signal()
    find_existing_requested = Signal()
    backup_file_requested = Signal()
    country_changed = Signal(str)
    hide_requested = Signal()
    help_requested = Signal()

    def __init__(
        self, kit: Kit, settings: SettingsStore, facts: Directory, _clock: Clock, clipboard: Clipboard
    ) -> None:
        super().__init__()
        self._kit = kit
        self._settings = settings
        self._facts = facts
        self.top_bar = TopBar(kit, settings)
        self.card = UnlockCard(kit)
        self.lines = LinesPanel(kit, facts, clipboard)
        self._build()
        self._connect()
        self.show_country()

    # --- what the shell asks ---------------------------------------------

    def set_spaces(self, spaces: list[tuple[str, str]], current: str) -> None:
        """The spaces to choose from, as key and name; shown only when there are several."""
        self.card.set_spaces(spaces, current)

    def show_device(self, is_there: bool) -> None:
        """Whether this computer's key store may open the chosen space."""
        self.card.show_device(is_there)

    def show_opening(self) -> None:
        """The passphrase is being tried."""
        self.card.show_state(OPENING)

    def show_error(self, error: CompanionError) -> None:
        """Opening did not work; say why, in place."""
        self.card.show_error(error)

    def show_not_saved(self, error: CompanionError) -> None:
        """Locking could not save the last words; say why, and where they are."""
        self.card.show_not_saved(error)

    def show_hint(self, text: str) -> None:
        """A lasting line over the field."""
        self.card.show_hint(text)

    def show_state(self, state: str) -> None:
        """normal, no-space, damaged or busy; the country is looked up anew."""
        self.card.show_state(state)
        self.show_country()

    def show_country(self) -> None:
        """The lines of the country that is set, or else found, now."""
        code = self._facts.find_country(setting=self._settings.current.country).code
        if code != self.lines.country or not self.lines.cards:
            self.lines.show_country(code)

    def clear(self) -> None:
        """Leave no typed word behind."""
        self.card.wipe()
        self.card.show_state("no-space" if self.card.state == "no-space" else "normal")

    def focus_field(self) -> None:
        """Put the focus where typing begins."""
        self.card.take_focus()

    # --- inside ----------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        tile = kit.tile("life-buoy", _("Help right now"), _("Every line, and what happens when you call"))
        tile.clicked.connect(self.help_requested)
        right = QWidget()
        self._open_part = box(fill(kit.column(spacing=18), kit.label(_("Open without a passphrase"), "h3"), tile))
        fill(kit.column(right, spacing=18), self.lines, self._open_part, None)
        # The card grows with its picture up to a point; in a very high window the rest stays paper.
        self._left = QWidget()
        fill(kit.column(self._left, spacing=0), (self.card, 1)).addStretch(0)
        kit.theme.changed.connect(self._on_theme_changed)
        self._columns = Columns(kit.theme, self._left, right, shares=(52, 65), gap=32, wide_from=880)
        self._columns.stacked_changed.connect(self._on_stacked)
        promise = fill(
            kit.row(spacing=8),
            kit.icon_label("shield-check", "success", 18),
            (kit.label(_("Everything stays on this computer. Nothing is sent anywhere."), "small"), 1),
        )
        page = QWidget()
        self._page = fill(kit.column(page, spacing=14), (self._columns, 1), promise)
        area = kit.scroll(page)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Page Up and Down reach it from everything inside
        fill(kit.column(self, spacing=0), self.top_bar, (area, 1))
        self._tile = tile
        self._on_stacked(self._columns.is_stacked)
        self._on_theme_changed()

    def _connect(self) -> None:
        self.card.unlock_requested.connect(self.unlock_requested)
        self.card.device_requested.connect(self.device_requested)
        self.card.recovery_requested.connect(self.recovery_requested)
        self.card.backup_requested.connect(self.backup_requested)
        self.card.even_requested.connect(self.even_requested)
        self.card.passed_by.connect(self.passed_by)
        self.card.versions_requested.connect(self.versions_requested)
        self.card.salvage_requested.connect(self.salvage_requested)
        self.card.space_chosen.connect(self.space_chosen)
        self.card.new_space_requested.connect(self.new_space_requested)
        self.card.find_existing_requested.connect(self.find_existing_requested)
        self.card.backup_file_requested.connect(self.backup_file_requested)
        self.lines.country_chosen.connect(self.country_changed)
        self.top_bar.hide_requested.connect(self.hide_requested)
        self.top_bar.help_requested.connect(self.help_requested)

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """From the passphrase to the lines; the bar comes last, because its keys work from everywhere."""
        stops = [*self.card.stops(), *stops_in(self.lines), self._tile, *stops_in(self.top_bar)]
        return step(stops, self.window().focusWidget(), forward=next_one)

    def _on_theme_changed(self) -> None:
        self._page.set_margins((16, 12, 16, 16) if self._kit.theme.reflow else (40, 0, 40, 18))

    def _on_stacked(self, is_stacked: bool) -> None:
        self.card.set_compact(is_stacked)
        self.top_bar.show_help(is_stacked)
        self._open_part.setVisible(not is_stacked)  # the bar has the same button then
