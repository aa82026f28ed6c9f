"""The card on the lock screen that names people to talk to, readable before anything is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from companion.core.i18n import _
from companion.resources.model import CrisisLine, HelpPage
from companion.ui.shell import help_words
from companion.ui.shell.line_card import LineCard
from companion.ui.shell.line_words import country_words, row_of_emergency, row_of_line
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import Item, clear, fill

if TYPE_CHECKING:
    from companion.resources.service import Directory
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.country_choice import CountryChoice
    from companion.ui.widgets.button import Button

LINES_SHOWN = 3  # with the number for danger to life they fit without scrolling; Help right now has the rest


class LinesPanel(Card):
    """Lines for one country, the number for danger to life, and another country in one step."""

    country_chosen = Signal(str)

    def __init__(self, kit: Kit, facts: Directory, clipboard: Clipboard) -> None:
        super().__init__(kit.theme, "help", padding=24, spacing=12)
        self._kit = kit
        self._facts = facts
        self._clipboard = clipboard
        self._code: str | None = None
        self._choice: CountryChoice | None = None
        self._change: Button | None = None
        self.cards: list[LineCard] = []
        kit.theme.changed.connect(self._fit)
        self._fit()

    @property
    def country(self) -> str | None:
        """The code of the country that is shown, None for no country."""
        return self._code

    def show_country(self, code: str | None) -> None:
        """Show the lines of this country; None shows how to find one."""
        self._code = code
        self._choice = None
        clear(self.body)
        self.cards = []
        page = self._facts.page(code)
        fill(self.body, *self._head(page), *self._rows(page), *self._foot(page))

    def _fit(self) -> None:
        """Where the room is short it belongs to the numbers."""
        self.body.set_margins(14 if self._kit.theme.reflow else 24)

    # --- building --------------------------------------------------------

    def _head(self, page: HelpPage) -> list[Item]:
        kit = self._kit
        title = kit.row(spacing=12)
        fill(
            title,
            kit.icon_label("life-buoy", "help_soft_text", 26),
            (kit.label(_("Talk to someone now"), "title", tone="help_soft_text"), 1),
        )
        return [title, kit.label(_("You do not need to be sure. You are not bothering anyone."))]

    def _rows(self, page: HelpPage) -> list[Item]:
        kit = self._kit
        everyone = [line for line in page.lines if line.is_for_everyone]
        words = help_words.page_lines(page)
        parts: list[Item] = [kit.label(line) for line in words[:1]]
        parts += self._cards(everyone[:LINES_SHOWN] or page.lines[: LINES_SHOWN - 1])
        if page.international:
            parts += [kit.label(line) for line in words[1:2]]
            parts += self._cards(page.international)
        if page.emergency is not None:
            row = row_of_emergency(page.emergency, self._facts, name=_("Danger to life"))
            self.cards.append(LineCard(kit, row, self._clipboard))
            parts.append(self.cards[-1])
        return parts

    def _cards(self, lines: Sequence[CrisisLine]) -> list[Item]:
        made = [LineCard(self._kit, row_of_line(line, self._facts), self._clipboard) for line in lines]
        self.cards += made
        return [*made]

    def _foot(self, page: HelpPage) -> list[Item]:
        kit = self._kit
        if page.country is None:
            self._change = choose = kit.button(_("Choose a country"), icon="globe")
            choose.clicked.connect(self.choose_country)
            return [choose]
        self._change = change = kit.button(_("Change country"), kind="link", icon="globe")
        change.clicked.connect(self.choose_country)
        foot = kit.side(spacing=12, words=240)
        foot.addWidget(kit.label(country_words(page), "small"))
        foot.addWidget(change)
        return [foot]

    # --- another country -------------------------------------------------

    def choose_country(self) -> None:
        """Show every country in place of the lines."""
        from companion.ui.shell.country_choice import CountryChoice  # not needed before the first paint

        kit = self._kit
        clear(self.body)
        self.cards = []
        back = kit.button(_("Back"), kind="link", icon="arrow-left")
        back.clicked.connect(self._on_back)
        self._choice = CountryChoice(kit, self._facts, self._code)
        self._choice.chosen.connect(self._on_chosen)
        fill(
            self.body,
            kit.label(_("Where are you?"), "title", tone="help_soft_text"),
            (self._choice, 1),
            back,
        )
        self._choice.take_focus()

    def _on_back(self) -> None:
        self.show_country(self._code)
        if self._change is not None:
            self._change.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self, code: str) -> None:
        self.show_country(code)
        self.country_chosen.emit(code)
        if self.cards:  # where the list stood; else the page would jump back to the passphrase
            self.cards[0].copy_button.setFocus(Qt.FocusReason.OtherFocusReason)
