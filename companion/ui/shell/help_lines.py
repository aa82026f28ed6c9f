"""The lines of one country as Help right now shows them: for everyone first, then danger to life, then the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from companion.core.i18n import _, ngettext
from companion.resources.model import CrisisLine, HelpPage
from companion.ui.shell import help_words
from companion.ui.shell.line_card import LineCard
from companion.ui.shell.line_words import country_words, row_of_emergency, row_of_line
from companion.ui.widgets.filling import Item, box, fill
from companion.ui.widgets.tab_order import order_tabs, stops_in

if TYPE_CHECKING:
    from companion.resources.service import Directory
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit

FIRST_LINES = 4  # what the eye takes in at once; the others are one press further


class HelpLines(QWidget):
    """One column: the lines, danger to life, the rest, and the ways on."""

    call_requested = Signal()
    country_requested = Signal()

    def __init__(self, kit: Kit, facts: Directory, clipboard: Clipboard, code: str | None) -> None:
        super().__init__()
        self._kit = kit
        self._facts = facts
        self._clipboard = clipboard
        self.cards: list[LineCard] = []
        page = facts.page(code)
        self._rest = self._lines_after_the_first(page)
        known = page.country is not None
        another = _("Another country") if known else _("Choose a country")
        self._country_button = kit.button(another, kind="link" if known else "outline", icon="globe")
        self._country_button.clicked.connect(self.country_requested)
        parts = (self._words(page), *self._first(page), *self._danger(page), *self._more(), self._barriers())
        fill(kit.column(self, spacing=16), *parts, self._foot(page))
        self._first_stop = self.cards[0].copy_button if known else self._country_button

    def first_stop(self) -> QWidget:
        """Where the focus begins: at a number, or at the way to choose a country."""
        return self._first_stop

    # --- what stands where -----------------------------------------------

    def _words(self, page: HelpPage) -> QLayout:
        words = help_words.lead() if page.has_listening_line else help_words.page_lines(page)[0]
        sure = help_words.barrier_lines()[0]
        column = fill(self._kit.column(spacing=2), self._kit.label(words, "lead"), self._kit.label(sure, "muted"))
        if page.country is None:
            column.addSpacing(self._kit.theme.px(8))
            fill(column, self._country_button)
        return column

    def _first(self, page: HelpPage) -> list[Item]:
        everyone = [line for line in page.lines if line.is_for_everyone]
        if everyone:
            return [self._group(_("People who listen"), self._cards(everyone[:FIRST_LINES]))]
        parts: list[Item] = []
        if page.lines:
            parts.append(self._group(_("For some people or one need"), self._cards(page.lines[:FIRST_LINES])))
        how = help_words.page_lines(page)[1:]
        parts.append(self._group(how[0], self._cards(page.international)))
        if how[1:]:
            parts.append(fill(self._kit.column(spacing=4), *(self._kit.label(line) for line in how[1:])))
        return parts

    def _lines_after_the_first(self, page: HelpPage) -> list[CrisisLine]:
        everyone = [line for line in page.lines if line.is_for_everyone]
        first = (everyone or list(page.lines))[:FIRST_LINES]
        return [line for line in page.lines if line not in first]

    def _danger(self, page: HelpPage) -> list[Item]:
        heading = _("If a life is in danger now")
        if page.emergency is not None:
            card = LineCard(self._kit, row_of_emergency(page.emergency, self._facts), self._clipboard)
            self.cards.append(card)
            return [self._group(heading, [card])]
        return [self._group(heading, [self._kit.label(help_words.danger())])]

    def _more(self) -> list[Item]:
        if not self._rest:
            return []
        count = len(self._rest)
        words = ngettext("Show {count} more line", "Show {count} more lines", count).format(count=count)
        self._more_button = self._kit.button(words, kind="link", icon="chevron-down")
        self._more_button.clicked.connect(self.show_rest)
        self._more_room = self._kit.column(spacing=12)
        return [self._more_room, self._more_button]

    def _barriers(self) -> QWidget:
        return self._kit.label(" ".join(help_words.barrier_lines()[2:]), "muted")

    def _foot(self, page: HelpPage) -> QLayout:
        kit = self._kit
        call = kit.button(_("What happens when I call?"), kind="soft", icon="circle-help")
        call.clicked.connect(self.call_requested)
        ways = kit.side(spacing=12, words=200)
        ways.addWidget(box(fill(kit.row(), call, None)))
        if page.country is not None:
            ways.addWidget(self._country_button)
        return fill(kit.column(spacing=8), kit.label(country_words(page), "caption"), ways)

    # --- parts -----------------------------------------------------------

    def _group(self, words: str, parts: list[Item]) -> QLayout:
        heading = self._kit.label(words, "small_bold", tone="text_muted")
        return fill(self._kit.column(spacing=8), heading, fill(self._kit.column(spacing=12), *parts))

    def _cards(self, lines: Sequence[CrisisLine]) -> list[Item]:
        made = [LineCard(self._kit, row_of_line(line, self._facts), self._clipboard) for line in lines]
        self.cards += made
        return [*made]

    def show_rest(self) -> None:
        """Show every other line of this country."""
        self._more_room.addLayout(self._group(_("More lines"), self._cards(self._rest)))
        self._more_button.hide()
        added = self.cards[-len(self._rest) :]
        order_tabs([self._more_button, *(stop for card in added for stop in stops_in(card))])
        added[0].copy_button.setFocus(Qt.FocusReason.OtherFocusReason)
