"""One crisis line as a row: its name and number at once, every other way to reach it one press further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.shell.line_head import LineHead
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import box, fill
from companion.ui.widgets.tab_order import order_tabs, stops_in

if TYPE_CHECKING:
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.big_number import BigNumber
    from companion.ui.shell.line_words import LineRow, Way
    from companion.ui.widgets.button import Button
    from companion.ui.widgets.qr_picture import QrPicture

COPIED_SHOWS_MS = 2000


class LineCard(Card):
    """Icon, name, how and when, number, Copy; More opens Show big, the code for a phone, text, chat and web."""

    opened = Signal(bool)

    def __init__(self, kit: Kit, row: LineRow, clipboard: Clipboard) -> None:
        super().__init__(kit.theme, padding=0, spacing=10)
        self._kit = kit
        self._row = row
        self._clipboard = clipboard
        self._more_part: _WaysPart | None = None
        self._big: BigNumber | None = None
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._on_copy_seen)
        self.body.set_margins((16, 10, 12, 10))
        self._copy = kit.icon_button("copy", _("Copy {number}, {name}").format(number=row.shown, name=row.name), 40)
        self._copy.clicked.connect(self._on_copy)
        self._more = kit.icon_button("chevron-down", "", 40)
        self._more.clicked.connect(self._on_more)
        self._name_more(False)
        number = kit.label(row.shown, "number" if row.is_number else "label")
        number.setAccessibleName(row.spoken)
        words = (kit.label(row.name, "label"), kit.label(row.second, "small"))
        head = LineHead(kit.theme, words, number, [self._copy, self._more], _badges(kit, row))
        self._beside = fill(kit.column(spacing=6), head)
        icon = fill(kit.column(margins=(0, 10, 0, 0)), kit.icon_label(row.icon, "help", 22), None)
        self.body.addLayout(fill(kit.row(spacing=14), icon, (self._beside, 1)))

    @property
    def row(self) -> LineRow:
        """What this row says."""
        return self._row

    @property
    def is_open(self) -> bool:
        """Whether the other ways are shown."""
        return self._more_part is not None and self._more_part.isVisibleTo(self)

    def set_open(self, is_open: bool) -> None:
        """Show or put away the other ways."""
        if is_open and self._more_part is None:
            self._more_part = _WaysPart(self._kit, self._row, self._clipboard)
            self._more_part.big_requested.connect(self.show_big)
            self._beside.addWidget(self._more_part)
            order_tabs([self._more, *stops_in(self._more_part)])
        if self._more_part is not None:
            self._more_part.setVisible(is_open)
        self._more.set_icon("chevron-up" if is_open else "chevron-down")
        self._name_more(is_open)
        self.opened.emit(is_open)

    def show_big(self, number: str) -> None:
        """Fill the window with this number."""
        from companion.ui.shell.big_number import BigNumber  # not needed before the first paint

        if self._big is None:
            self._big = BigNumber(self._kit, self.window(), self._row.name, number, self._row.spoken)
            self._big.closed.connect(self._on_big_closed)

    @property
    def copy_button(self) -> QWidget:
        """The first thing to do with a number."""
        return self._copy

    # --- inside ----------------------------------------------------------

    def _name_more(self, is_open: bool) -> None:
        words = _("Fewer ways to reach {name}") if is_open else _("More ways to reach {name}")
        self._more.set_name(words.format(name=self._row.name))

    def _on_copy(self) -> None:
        self._clipboard.copy_public(self._row.ways[0].copied)
        announce(self, _("Copied"))
        self._copy.set_icon("check")
        self._copied.start(COPIED_SHOWS_MS)

    def _on_copy_seen(self) -> None:
        self._copy.set_icon("copy")

    def _on_more(self) -> None:
        self.set_open(not self.is_open)

    def _on_big_closed(self) -> None:
        self._big = None

    def hideEvent(self, event: QHideEvent) -> None:
        """What lies over the window goes when its row goes (Hide, another page)."""
        super().hideEvent(event)
        self._copied.stop()
        self._on_copy_seen()
        if self._big is not None:
            self._big.dismiss()


class _WaysPart(QWidget):
    """Every way to reach one line, and where its facts come from."""

    big_requested = Signal(str)

    def __init__(self, kit: Kit, row: LineRow, clipboard: Clipboard) -> None:
        super().__init__()
        self._kit = kit
        self._row = row
        self._clipboard = clipboard
        self._codes: dict[Way, QrPicture] = {}
        column = kit.column(self, spacing=8, margins=(0, 4, 6, 6))
        for note in row.notes:
            column.addWidget(kit.label(note))
        for way in row.ways:
            column.addWidget(kit.divider())
            column.addWidget(self._way(way))
        if row.source:
            column.addWidget(kit.label(row.source, "caption"))

    def _way(self, way: Way) -> QWidget:
        actions = self._kit.flow(spacing=24)
        copy = self._action(_("Copy"), "copy", way, _("Copy: {what}"))
        copy.clicked.connect(lambda: self._on_copy(way))
        actions.addWidget(copy)
        if way.big:
            big = self._action(_("Show big"), "maximize", way, _("Show big: {what}"))
            big.clicked.connect(lambda: self.big_requested.emit(way.big))
            actions.addWidget(big)
        column = fill(self._kit.column(spacing=2), self._kit.label(way.words, "label"), actions)
        if way.uri:
            scan = self._action(_("Scan with your phone"), "qr-code", way, _("Scan with your phone: {what}"))
            actions.addWidget(scan)
            scan.clicked.connect(lambda: self._on_scan(way, column))
        return box(column)

    def _action(self, text: str, icon: str, way: Way, name: str) -> Button:
        return self._kit.button(text, kind="link", icon=icon, name=name.format(what=way.words))

    def _on_scan(self, way: Way, column: QBoxLayout) -> None:
        code = self._codes.get(way)
        if code is None:
            from companion.ui.widgets.qr_picture import QrPicture  # its maker is not needed before the first paint

            code = QrPicture(self._kit.theme, way.uri, _("Code for your phone: {what}").format(what=way.words))
            self._codes[way] = code
            column.addWidget(code)
            announce(code, code.accessibleName())
        else:
            code.setVisible(code.isHidden())

    def _on_copy(self, way: Way) -> None:
        self._clipboard.copy_public(way.copied)
        announce(self, _("Copied"))


def _badges(kit: Kit, row: LineRow) -> list[QWidget]:
    badges: list[QWidget] = []
    if row.open_now is not None:
        words, tone = (_("Open now"), "ok") if row.open_now else (_("Closed now"), "neutral")
        badges.append(kit.badge(words, "clock", tone))
    if row.check_first:
        badges.append(kit.badge(_("Check before you rely on it"), "info", "neutral"))
    if row.age:
        badges.append(kit.badge(row.age, "clock-alert", "warn"))
    return badges
