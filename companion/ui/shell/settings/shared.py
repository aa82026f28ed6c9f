"""The card for a computer that others use too: starting afresh, and pictures of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.core.i18n import _
from companion.ui.shell.capture import capture_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from companion.ui.kit import Kit
    from companion.ui.shell.settings.section import Section
    from companion.ui.widgets.card import Card
    from companion.ui.widgets.switch import Switch


class SharedComputer:
    """Rows of `section`; `card` holds them. The demo cannot start afresh: its space ends with it."""

    def __init__(self, kit: Kit, section: Section, *, is_demo: bool) -> None:
        self._switches: dict[str, Switch] = {}
        self.card: Card = kit.card(spacing=0)
        section.head(self.card, "users", _("When others use this computer"))
        rows: list[QWidget] = []
        if not is_demo:
            rows.append(
                section.row(
                    "rotate-ccw",
                    _("Start afresh at each lock"),
                    _("Lock and Hide start the app again, so nothing stays in its memory. You come back to Today."),
                    self._switch(section, _("Start afresh at each lock"), "strict_lock"),
                )
            )
        title = _("Hide from screen pictures")
        if capture_of() is None:
            words = _("This system has no way to do that. Other programs may take pictures of the screen.")
            rows.append(kit.setting_row("monitor-off", title, words, kit.label(_("Not here"), "small", wrap=False)))
        else:
            words = _("Pictures and recordings of the screen leave this window out.")
            switch = self._switch(section, title, "hide_from_capture")
            rows.append(section.row("monitor-off", title, words, switch))
        section.rows(self.card, *rows)

    def refresh(self, section: Section) -> None:
        """Show what is set now."""
        for setting, switch in self._switches.items():
            switch.setChecked(section.is_on(setting))

    def _switch(self, section: Section, name: str, setting: str) -> Switch:
        self._switches[setting] = section.switch(name, setting)
        return self._switches[setting]
