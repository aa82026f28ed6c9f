"""The frame around the places after unlock: side panel or Menu, the title, and Hide and Help in one fixed place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from companion.core.i18n import _
from companion.ui.shell.navigation import ORDER, SidePanel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from companion.ui.kit import Kit
    from companion.ui.shell.place import Pending, Place, Slot
    from companion.ui.widgets.label import Label
    from companion.ui.widgets.scroll import ScrollArea
    from companion.ui.widgets.sheet import SheetHost

WIDE_FROM = 1000  # px at 100 % text; below it, or from 150 % text on, the panel becomes a Menu


class Frame(QWidget):
    """Shows one place at a time and hands on what the person asks of the frame."""

    help_requested = Signal()
    hide_requested = Signal()
    lock_requested = Signal()

    def __init__(self, kit: Kit, slots: list[Slot], sheets: SheetHost) -> None:
        super().__init__()
        self._kit = kit
        self._sheets = sheets
        self._app_name = ""
        self._slots = {slot.key: slot for slot in slots}
        self._places: dict[str, Place] = {}
        self._current: Place | None = None
        self._build()
        kit.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    # --- what the shell asks ---------------------------------------------

    @property
    def current_key(self) -> str:
        """The key of the place that is shown."""
        return self._current.key if self._current else ""

    def show_name(self, app_name: str) -> None:
        """The name at the head of the side panel."""
        self._app_name = app_name
        self._panel.show_name(app_name)

    def where(self) -> tuple[str, str]:
        """Place and what is open in it, for coming back after Lock."""
        return (self._current.key, self._current.where()) if self._current else ("today", "")

    def go(self, key: str, where: str = "") -> Place | None:
        """Show this place, and in it what `where` names; unknown keys change nothing."""
        place = self._made(key)
        if place is None:
            return None
        if self._current is not None and self._current is not place:
            self._current.leave()
        self._current = place
        self._pages.setCurrentWidget(self._rooms[key])
        for panel in (self._panel, self._menu_panel):
            if panel is not None:
                panel.set_current(key)
        self._show_title()
        place.arrive()
        if where:
            place.go_back_to(where)
        return place

    def prepare(self, key: str, where: str) -> None:
        """Make this place as it will be shown, without going there."""
        place = self._made(key)
        if place is not None:
            place.prepare(where)
            self._pages.setCurrentWidget(self._rooms[key])

    def _made(self, key: str) -> Place | None:
        slot = self._slots.get(key)
        if slot is None:
            return None
        if key not in self._places:
            place = self._places[key] = slot.make()
            self._rooms[key] = self._room(place)
            self._pages.addWidget(self._rooms[key])
            self._fit_room(key)
        return self._places[key]

    def go_number(self, number: int) -> None:
        """Alt+1 to Alt+7, counted over the places that exist."""
        keys = [key for key in ORDER if key in self._slots]
        if 1 <= number <= len(keys):
            self.go(keys[number - 1])

    def pending(self) -> list[Pending]:
        """Everything in every place that is not yet on the disk."""
        return [words for place in self._places.values() for words in place.pending()]

    def find_here(self) -> None:
        """Ctrl+F in the place that is shown."""
        if self._current is not None:
            self._current.find_here()

    def refresh_title(self) -> None:
        """The place changed its title or the line under it."""
        self._show_title()

    def next_pane(self, *, back: bool = False) -> None:
        """F6: from the side panel to the bar to the page and round."""
        panes = [self._panel, self._bar, self._pages] if not self._is_compact else [self._bar, self._pages]
        focused = self.focusWidget()
        index = next((n for n, pane in enumerate(panes) if focused is not None and pane.isAncestorOf(focused)), -1)
        step = -1 if back else 1
        pane = panes[(index + step) % len(panes)]
        if pane is self._panel:
            self._panel.focus_current()
        else:
            pane.setFocus(Qt.FocusReason.TabFocusReason)
            if not pane.hasFocus() or pane.focusPolicy() == Qt.FocusPolicy.NoFocus:
                _focus_first(pane)

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self._is_compact = False
        self._menu_panel: SidePanel | None = None
        self._panel = SidePanel(kit, list(self._slots.values()), self._app_name)
        self._panel.chosen.connect(self.go)
        self._panel.lock_requested.connect(self.lock_requested)
        self._bar = self._build_bar()
        self._pages = QStackedWidget()
        self._rooms: dict[str, ScrollArea] = {}
        self._titles: dict[str, QWidget] = {}
        self._words: dict[str, tuple[Label, Label]] = {}  # in them
        self._column = QVBoxLayout()
        self._column.addWidget(self._bar)
        self._column.addWidget(self._pages, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._panel)
        outer.addLayout(self._column, 1)
        self._outer = outer

    def _build_bar(self) -> QFrame:
        kit = self._kit
        bar = QFrame()
        bar.setAccessibleName(_("Help and hide"))
        self._menu = kit.button(_("Menu"), icon="menu")
        self._menu.clicked.connect(self._open_menu)
        self._menu_small = kit.icon_button("menu", _("Menu"), 44)
        self._menu_small.clicked.connect(self._open_menu)
        self._title = kit.label("", "h1", wrap=False)
        self._subtitle = kit.label("", "muted", wrap=False)
        self._title_box = QWidget()
        words = QVBoxLayout(self._title_box)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(kit.theme.px(2))
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._hide = kit.button(_("Hide"), kind="ghost", icon="eye-off")
        self._hide.setToolTip("F9")
        self._hide.clicked.connect(self.hide_requested)
        self._hide_small = kit.icon_button("eye-off", _("Hide"), 44)
        self._hide_small.clicked.connect(self.hide_requested)
        self._help = kit.button(_("Help right now"), kind="help", icon="life-buoy")
        self._help.setToolTip("F1")
        self._help.clicked.connect(self.help_requested)
        self._bar_layout = QHBoxLayout(bar)
        self._bar_layout.addWidget(self._menu)
        self._bar_layout.addWidget(self._menu_small)
        self._bar_layout.addWidget(self._title_box, 1)
        self._bar_layout.addStretch(0)
        self._bar_layout.addWidget(self._hide, 0, Qt.AlignmentFlag.AlignTop)
        self._bar_layout.addWidget(self._hide_small, 0, Qt.AlignmentFlag.AlignTop)
        self._bar_layout.addWidget(self._help, 0, Qt.AlignmentFlag.AlignTop)
        return bar

    def _room(self, place: Place) -> ScrollArea:
        """The place in its own scroll area; with Menu the title scrolls with it."""
        kit = self._kit
        inside = QWidget()
        layout = QVBoxLayout(inside)
        title = QWidget()
        words = QVBoxLayout(title)
        words.setContentsMargins(0, 0, 0, 0)
        head, line = self._words[place.key] = kit.label(place.title(), "h1"), kit.label(place.subtitle(), "muted")
        words.addWidget(head)
        words.addWidget(line)
        layout.addWidget(title)
        layout.addWidget(place.widget, 1)
        self._titles[place.key] = title
        area = kit.scroll(inside)
        area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return area

    # --- reactions -------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side panel or Menu, by what fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = self._kit.theme
        compact = theme.reflow or self.width() < theme.px(WIDE_FROM)
        if compact != self._is_compact:
            self._is_compact = compact
            self._arrange()
        self._fit_bar()

    def _fit_bar(self) -> None:
        """Where the room is short, Menu and Hide are pictures; the words of Help are never cut."""
        compact, px = self._is_compact, self._kit.theme.px
        words = sum(button.sizeHint().width() for button in (self._menu, self._hide, self._help))
        in_words = not compact or words + 2 * px(12) + 4 * px(8) <= self.width()
        for button, shown, other in (
            (self._menu, compact and in_words, self._menu_small),
            (self._menu_small, compact and not in_words, self._menu),
            (self._hide, in_words, self._hide_small),
            (self._hide_small, not in_words, self._hide),
        ):
            if button.hasFocus() and not shown:
                other.show()
                other.setFocus(Qt.FocusReason.OtherFocusReason)
            button.setVisible(shown)

    def _arrange(self) -> None:
        px, compact = self._kit.theme.px, self._is_compact
        self._panel.setVisible(not compact)
        self._title_box.setVisible(not compact)
        self._bar.setProperty("kind", "compact-bar" if compact else "bar")
        self._bar.style().unpolish(self._bar)
        self._bar.style().polish(self._bar)
        if compact:
            self._bar_layout.setContentsMargins(px(12), px(8), px(12), px(8))
        else:
            self._bar_layout.setContentsMargins(px(32), px(24), px(32), px(12))
        self._bar_layout.setSpacing(px(8))
        self._fit_bar()
        for key in self._rooms:
            self._fit_room(key)
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)

    def _fit_room(self, key: str) -> None:
        px, compact = self._kit.theme.px, self._is_compact
        self._titles[key].setVisible(compact)
        inside = self._rooms[key].widget()
        layout = inside.layout() if inside is not None else None
        if layout is not None:
            margin = px(16) if compact else px(32)
            layout.setContentsMargins(margin, px(12) if compact else px(4), margin, px(24))
            layout.setSpacing(px(12))

    def _show_title(self) -> None:
        place = self._current
        if place is not None:
            for head, line in ((self._title, self._subtitle), self._words[place.key]):
                head.setText(place.title())
                line.setText(place.subtitle())

    def _on_theme_changed(self) -> None:
        self._is_compact = self._kit.theme.reflow or self.width() < self._kit.theme.px(WIDE_FROM)
        self._arrange()

    def _open_menu(self) -> None:
        panel = SidePanel(self._kit, list(self._slots.values()), self._app_name, in_sheet=True)
        panel.set_current(self.current_key)
        panel.chosen.connect(self._on_menu_chosen)
        panel.lock_requested.connect(self._on_menu_lock)
        self._menu_panel = panel
        panel.destroyed.connect(self._on_menu_gone)
        self._sheets.open(panel, _("Menu"))

    def _on_menu_chosen(self, key: str) -> None:
        self._sheets.close()
        self.go(key)

    def _on_menu_lock(self) -> None:
        self._sheets.close()
        self.lock_requested.emit()

    def _on_menu_gone(self, _panel: QObject | None = None) -> None:
        self._menu_panel = None

    def changeEvent(self, event: QEvent) -> None:
        """Right-to-left languages mirror the frame; Qt does it, the margins follow."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._arrange()


def _focus_first(pane: QWidget) -> None:
    for child in pane.findChildren(QWidget):
        if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            child.setFocus(Qt.FocusReason.TabFocusReason)
            return
