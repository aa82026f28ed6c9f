"""Country and language: whose lines are shown first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.core.i18n import _
from companion.ui.shell.country_choice import CountryChoice
from companion.ui.shell.settings.section import Changes, Found, Section

if TYPE_CHECKING:
    from companion.resources.model import CountryFound
    from companion.resources.service import Directory
    from companion.ui.kit import Kit


class CountrySection(Section):
    """The country sets the lines and the number for danger to life; it stays outside the lock."""

    key = "country"
    icon = "globe"

    def __init__(self, kit: Kit, changes: Changes, facts: Directory) -> None:
        super().__init__(kit, changes)
        self._facts = facts
        self._chosen = kit.label("", "h3")
        self._why = kit.label("", "small")
        self._choice = CountryChoice(kit, facts, self._found().code)
        self._choice.chosen.connect(self._on_chosen)
        self._system = kit.button(_("Find it from this computer"), kind="link", icon="locate")
        self._system.clicked.connect(self._on_system)
        card = kit.card(spacing=12)
        self.head(card, "globe", _("Country"))
        for part in (self._chosen, self._why, self._choice, self._system):
            card.body.addWidget(part)
        language = kit.card(spacing=4)
        self.head(language, "languages", _("Language"))
        language.body.addWidget(kit.label(_("English. Other languages can be added later."), "muted"))
        self.column.addWidget(card)
        self.column.addWidget(language)
        self.found.append(Found(_("Country"), _("Country lines numbers emergency"), self._choice))
        self.refresh()

    def title(self) -> str:
        """The word in the list of pages."""
        return _("Country and language")

    def refresh(self) -> None:
        """Show what is set or found now."""
        code = self._found().code
        country = self._facts.country(code) if code else None
        self._chosen.setText(country.name if country else _("Not chosen yet"))
        is_set = bool(self._current.country)
        self._why.setText(
            _("You chose it. It sets the lines in Help right now.")
            if is_set
            else _("Found from this computer's region and clock. It sets the lines in Help right now.")
        )
        self._system.setVisible(is_set)

    def _found(self) -> CountryFound:
        return self._facts.find_country(setting=self._current.country)

    def _on_chosen(self, code: str) -> None:
        country = self._facts.country(code)
        if country is not None:
            self._changes.make(_("Country: {name}.").format(name=country.name), country=code)

    def _on_system(self) -> None:
        self._changes.make(_("Country: found from this computer."), country="")
