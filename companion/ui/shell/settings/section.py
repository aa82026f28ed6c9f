"""What every page of Settings has in common: rows that can be found, and changes that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.services import SettingsStore
    from companion.ui.kit import Kit
    from companion.ui.widgets.card import Card
    from companion.ui.widgets.list_button import ListButton
    from companion.ui.widgets.switch import Switch
    from companion.ui.widgets.toast import ToastHost


class LookChanges(Protocol):
    """Whoever keeps a setting and shows it at once: the shell."""

    def change_look(self, **changes: Any) -> None:
        """Keep these settings and show them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A setting that the search can name, and the control that takes the focus."""

    title: str
    words: str
    control: QWidget


class Changes:
    """Changes settings at once and offers Undo for each."""

    def __init__(self, settings: SettingsStore, shell: LookChanges, toasts: ToastHost) -> None:
        self._settings = settings
        self._shell = shell
        self._toasts = toasts
        self.listeners: list[Callable[[], None]] = []

    @property
    def settings(self) -> SettingsStore:
        """What is set now."""
        return self._settings

    def make(self, words: str, **changes: Any) -> None:
        """Change these settings; `words` say what was changed."""
        current = self._settings.current
        before = {name: getattr(current, name) for name in changes}
        if before == changes:
            return
        self._apply(changes)
        self._toasts.show(words, undo=partial(self._apply, before))

    def _apply(self, changes: dict[str, Any]) -> None:
        self._shell.change_look(**changes)
        for listener in self.listeners:
            listener()


class Section(QWidget):
    """One short page: cards with rows. `refresh` shows what is set now."""

    key = ""
    icon = ""

    def __init__(self, kit: Kit, changes: Changes) -> None:
        super().__init__()
        self._kit = kit
        self._changes = changes
        self.found: list[Found] = []
        self.column = kit.column(self, spacing=18)
        changes.listeners.append(self.refresh)

    @property
    def _current(self) -> Any:
        return self._changes.settings.current

    def title(self) -> str:
        """The word in the list of pages."""
        raise NotImplementedError

    def arrive(self) -> None:
        """The person opened this page."""
        self.refresh()

    def refresh(self) -> None:
        """Show what is set now."""

    # --- parts -----------------------------------------------------------

    def head(self, card: Card, icon: str, title: str, beside: QWidget | None = None) -> None:
        """The title of a card, with something at its end."""
        kit = self._kit
        row = fill(kit.row(spacing=10), kit.icon_label(icon, "accent", 20), (kit.label(title, "h3"), 1))
        if beside is not None:
            row.addWidget(beside)
        card.body.addLayout(row)

    def rows(self, card: Card, *rows: QWidget) -> None:
        """Rows with hairlines between them, none after the last."""
        for number, row in enumerate(rows):
            if number:
                card.body.addWidget(self._kit.divider())
            card.body.addWidget(row)

    def row(self, icon: str, title: str, second: str, control: QWidget) -> QWidget:
        """A setting, which the search can find."""
        self.found.append(Found(title, f"{title} {second}", control))
        return self._kit.setting_row(icon, title, second, control)

    def note_row(self, title: str, control: QWidget) -> None:
        """Let the search find this control by its title."""
        self.found.append(Found(title, title, control))

    def switch(self, name: str, setting: str) -> Switch:
        """On or off, for the setting of this name."""
        switch = self._kit.switch(name)
        switch.setChecked(getattr(self._current, setting))

        def on_toggled(is_on: bool) -> None:
            if is_on != getattr(self._current, setting):
                words = _("{setting}: on.") if is_on else _("{setting}: off.")
                self._changes.make(words.format(setting=name), **{setting: is_on})

        switch.toggled.connect(on_toggled)
        return switch

    def is_on(self, setting: str) -> bool:
        """Whether the setting of this name is on."""
        return bool(getattr(self._current, setting))

    def choices(
        self, name: str, setting: str, items: list[tuple[str, str]], value: Callable[[str], Any] = str
    ) -> ListButton:
        """One of many, for the setting of this name; `value` makes the setting's value of a key."""
        button = self._kit.list_button(items, name)
        button.choose(str(getattr(self._current, setting)))
        labels = dict(items)

        def on_chosen(key: str) -> None:
            words = _("{setting}: {choice}.").format(setting=name, choice=labels[key])
            self._changes.make(words, **{setting: value(key)})

        button.chosen.connect(on_chosen)
        return button
