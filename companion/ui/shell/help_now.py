"""Help right now: people to call, in memory and at once, over anything that is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from companion.core.i18n import _
from companion.ui.shell import help_words
from companion.ui.shell.country_choice import CountryChoice
from companion.ui.shell.help_lines import HelpLines
from companion.ui.widgets.filling import Item, box, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit


class HelpNow(QWidget):
    """Lines for the country, the emergency number, what happens in a call, another country in one step.

    The content of a sheet; with `header` it has its own title and ways out, for a window of its own.
    It asks no vault and waits for nothing.
    """

    close_requested = Signal()
    hide_requested = Signal()
    country_changed = Signal(str)

    def __init__(
        self,
        kit: Kit,
        settings: SettingsStore,
        facts: Directory,
        _clock: Clock,
        clipboard: Clipboard,
        *,
        header: bool = False,
    ) -> None:
        super().__init__()
        self._kit = kit
        self._facts = facts
        self._clipboard = clipboard
        self._code = facts.find_country(setting=settings.current.country).code
        self.setAccessibleName(_("Help right now"))
        self._pages = QStackedLayout()
        self._pages.setContentsMargins(0, 0, 0, 0)
        self.lines: HelpLines | None = None
        fill(kit.column(self, spacing=12), *([self._head()] if header else []), (self._pages, 1))
        self._show_lines()

    @property
    def country(self) -> str | None:
        """The code of the country that is shown."""
        return self._code

    # --- pages -----------------------------------------------------------

    def _head(self) -> QWidget:
        kit = self._kit
        hide = kit.button(_("Hide"), kind="ghost", icon="eye-off")
        hide.setToolTip("F9")
        hide.clicked.connect(self.hide_requested)
        close = kit.button(_("Close"), icon="x")
        close.clicked.connect(self.close_requested)
        head = kit.side(spacing=12, words=220)
        head.addWidget(kit.label(_("Help right now"), "h1"))
        head.addWidget(box(fill(kit.row(spacing=8), hide, close)))
        return box(head)

    def _show_lines(self) -> None:
        page = HelpLines(self._kit, self._facts, self._clipboard, self._code)
        page.call_requested.connect(self.show_call)
        page.country_requested.connect(self.show_countries)
        self.lines = page
        self._show(page, page.first_stop())

    def show_call(self) -> None:
        """What happens in a call."""
        page = _CallPage(self._kit)
        page.back.clicked.connect(self._show_lines)
        self._show(page, page.back)

    def show_countries(self) -> None:
        """Every country, to choose from."""
        page = _CountryPage(self._kit, self._facts, self._code)
        page.back.clicked.connect(self._show_lines)
        page.choice.chosen.connect(self.show_country)
        self._show(page, page.choice)

    def _show(self, page: QWidget, first_stop: QWidget) -> None:
        old = self._pages.currentWidget()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        # Where the focus goes when the sheet opens: to a number, never to Hide.
        self.setFocusProxy(first_stop)
        if old is not None:
            first_stop.setFocus(Qt.FocusReason.OtherFocusReason)
            self._pages.removeWidget(old)
            old.deleteLater()

    def show_country(self, code: str) -> None:
        """Show the lines of this country, and tell."""
        self._code = code
        self._show_lines()
        self.country_changed.emit(code)


class _CallPage(QWidget):
    """What happens when I call?"""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.back = kit.button(_("Back"), kind="link", icon="arrow-left")
        parts: list[Item] = [self.back, kit.label(_("What happens when I call?"), "h2")]
        for section in help_words.when_i_call():
            words = kit.column(spacing=4, margins=(0, 4, 0, 4))
            parts.append(fill(words, kit.label(section.heading, "h3"), *(kit.label(line) for line in section.lines)))
        fill(kit.column(self, spacing=8), *parts)


class _CountryPage(QWidget):
    """Another country, by typing its name."""

    def __init__(self, kit: Kit, facts: Directory, current: str | None) -> None:
        super().__init__()
        self.choice = CountryChoice(kit, facts, current)
        self.back = kit.button(_("Back"), kind="link", icon="arrow-left")
        fill(kit.column(self, spacing=12), self.back, kit.label(_("Which country?"), "h2"), (self.choice, 1))
