"""The pages of the first run that ask no secret: hello, where, look around or set up, who else, one thing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.shell import help_words
from companion.ui.shell.country_choice import CountryChoice
from companion.ui.shell.first_run_page import FirstRunPage
from companion.ui.shell.first_run_trouble import PlaceTrouble
from companion.ui.shell.look import change_look, palette_choices, scale_choices
from companion.ui.widgets.columns import Columns
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.kit import Kit
    from companion.ui.widgets.card import Card


def hide_limits() -> str:
    """What Hide does and does not do; said before its first use, and in Settings."""
    return _(
        "Hide covers the screen and locks the app. It does not remove the app, and it can't stop someone who watches "
        "this computer with other tools. If someone checks your computer, a phone or library may be safer."
    )


class HelloPage(FirstRunPage):
    """What this is and what it is not."""

    next_requested = Signal()
    find_existing_requested = Signal()
    backup_file_requested = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, _("Hello"))
        find = kit.button(_("I have a space already"), kind="link", icon="folder-open")
        find.clicked.connect(self.find_existing_requested)
        backup = kit.button(_("I have a backup file"), kind="link", icon="archive")
        backup.clicked.connect(self.backup_file_requested)
        have = kit.flow(spacing=16)
        have.addWidget(find)
        have.addWidget(backup)
        self._next = kit.button(_("Continue"), kind="primary")
        self._next.clicked.connect(self.next_requested)
        lead = _("A private place for your own recovery. You can write, find what you wrote, and reach people.")
        card = kit.card(padding=28, spacing=14)
        for icon, words in (
            ("stethoscope", _("It is not a doctor and it is not an emergency service.")),
            ("user", _("It is written for people of 15 and older.")),
            ("wifi-off", _("It works without the internet. Nothing leaves this computer.")),
            ("notebook-pen", _("It helps you keep your own notes and find people. It does not give medical advice.")),
        ):
            card.body.addLayout(fill(kit.row(spacing=14), kit.icon_label(icon, "accent", 22), (kit.label(words), 1)))
        self.existing = kit.notice("", action=_("Open it"))
        self.existing.hide()
        on = kit.flow(spacing=8)
        on.addWidget(self.look_around())
        on.addWidget(self._next)
        ways = kit.side(spacing=16, words=90)
        ways.addWidget(box(have))
        ways.addWidget(box(on))
        fill(
            self.column,
            self.picture(150),
            self.heading(lead),
            card,
            self.existing,
            kit.notice(help_words.danger(), tone="help"),
            ways,
            None,
        )

    def first_stop(self) -> QWidget:
        """Continue."""
        return self._next


class WherePage(FirstRunPage):
    """The country, text size and colours; everything shows at once, so the page is its own sample."""

    next_requested = Signal()

    def __init__(self, kit: Kit, settings: SettingsStore, facts: Directory) -> None:
        super().__init__(kit, _("Where are you?"), 960)
        self._settings = settings
        self._facts = facts
        code = facts.find_country(setting=settings.current.country).code
        self.choice = CountryChoice(kit, facts, code, rows=4)
        self.choice.chosen.connect(self._on_country)
        self._chosen = kit.label("", "h3")
        self._next = kit.button(_("Continue"), kind="primary")
        self._next.clicked.connect(self.next_requested)
        self._show_country(code)
        columns = Columns(kit.theme, self._country_card(), self._look_card(), shares=(1, 1), gap=18, wide_from=760)
        fill(
            self.column,
            self.heading(_("This sets the numbers you see. It stays on this computer, outside the lock.")),
            columns,
            self.ways(self.look_around(), self._next),
            None,
        )

    def first_stop(self) -> QWidget:
        """Continue: what is set already may be right."""
        return self._next

    def _country_card(self) -> Card:
        kit = self._kit
        card = kit.card(padding=24, spacing=12)
        fill(card.body, self._chosen, (self.choice, 1))
        return card

    def _look_card(self) -> Card:
        kit, settings = self._kit, self._settings
        card = kit.card(padding=24, spacing=12)
        size = kit.list_button(scale_choices(), _("Text size"))
        size.choose(str(settings.current.text_scale))
        size.chosen.connect(lambda key: change_look(settings, kit.theme, text_scale=float(key)))
        colours = kit.list_button(palette_choices(), _("Colours"))
        colours.choose(settings.current.palette)
        colours.chosen.connect(lambda key: change_look(settings, kit.theme, palette=key))
        sample = kit.card("sunken", padding=16, spacing=4)
        fill(
            sample.body,
            kit.label(_("A sample"), "small_bold", tone="text_muted"),
            kit.label(_("The rain stopped at four. I went out, and it was enough."), "reading"),
        )
        fill(
            card.body,
            kit.label(_("Text and colours"), "h3"),
            fill(kit.column(spacing=6), kit.label(_("Text size"), "label"), size),
            fill(kit.column(spacing=6), kit.label(_("Colours"), "label"), colours),
            sample,
            None,
        )
        return card

    def _on_country(self, code: str) -> None:
        change_look(self._settings, self._kit.theme, country=code)
        self._show_country(code)
        self._next.setFocus()

    def _show_country(self, code: str | None) -> None:
        country = self._facts.country(code) if code else None
        self._chosen.setText(country.name if country else _("Not chosen yet"))


class ChoicePage(FirstRunPage):
    """Two equal ways on; neither is filled. Where no space can be made, that is said here, before any question."""

    set_up_requested = Signal()
    folder_chosen = Signal(Path)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, _("Look around first, or make it yours?"))
        around = (_("See lines and numbers"), _("Read what happens in a call"), _("Nothing is saved, no passphrase"))
        yours = (_("Write, and find it again"), _("Locked with words only you know"), _("Nothing leaves this computer"))
        self._around = kit.button(_("Just look around"))
        self._around.clicked.connect(self.look_around_requested)
        self._set_up = kit.button(_("Set up my private space"))
        self._set_up.clicked.connect(self.set_up_requested)
        offers = Columns(
            kit.theme,
            self._offer("binoculars", "hope_soft_text", _("Just look around"), around, self._around),
            self._offer("key-round", "accent_soft_text", _("My private space"), yours, self._set_up),
            wide_from=640,
        )
        foot = kit.side(spacing=16, words=90)
        foot.addWidget(box(fill(kit.row(), self.back(), None)))
        foot.addWidget(kit.label(_("It is not a doctor and not an emergency service."), "small"))
        under = _("Both are fine. You can change your mind at any time.")
        self.trouble = PlaceTrouble(kit)
        self.trouble.folder_chosen.connect(self.folder_chosen)
        heading = self.heading(under, centred=True)
        fill(self.column, self.picture(190), heading, self.trouble, offers, foot, None)

    def first_stop(self) -> QWidget:
        """The first of the two."""
        return self._around

    def _offer(self, icon: str, role: str, title: str, points: tuple[str, ...], button: QWidget) -> Card:
        kit = self._kit
        card = kit.card(padding=28, spacing=12)
        fill(card.body, kit.icon_label(icon, role, 26, box=56), kit.label(title, "h2"))
        for point in points:
            card.body.addLayout(fill(kit.row(spacing=10), kit.icon_label("check", "accent", 18), (kit.label(point), 1)))
        card.body.addSpacing(kit.theme.px(6))
        fill(card.body, None, button)
        return card


class OthersPage(FirstRunPage):
    """Who else uses this computer; the second answer makes the app quieter."""

    answered = Signal(bool)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, _("Who else uses this computer?"), 720)
        self._only_me = kit.tile("user", _("Only me"), _("It locks when you are away for 5 minutes."), big=True)
        self._only_me.clicked.connect(self._on_only_me)
        others = kit.tile(
            "users", _("Other people too"), _("It locks after 2 minutes, and its window says “Notes”."), big=True
        )
        others.clicked.connect(self._on_others)
        fill(
            self.column,
            self.heading(_("You can change this later in Settings.")),
            self._only_me,
            others,
            kit.notice(hide_limits(), icon="eye-off"),
            None,
        )

    def first_stop(self) -> QWidget:
        """The first answer."""
        return self._only_me

    def _on_only_me(self) -> None:
        self.answered.emit(False)

    def _on_others(self) -> None:
        self.answered.emit(True)


class OneThingPage(FirstRunPage):
    """One useful thing, or none."""

    chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, _("One thing, if you like"), 720)
        tiles = []
        for key, icon, title, second in (
            ("check-in", "heart", _("Check in"), _("How are you right now? One press is enough.")),
            ("write", "notebook-pen", _("Write a few words"), _("One line counts.")),
            ("import", "package-open", _("Bring in a journal"), _("From Day One or jrnl, with its photos.")),
        ):
            tile = kit.tile(icon, title, second, big=True)
            tile.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            tiles.append(tile)
        self._first = tiles[0]
        today = kit.button(_("Go to Today"))
        today.clicked.connect(self._on_today)
        fill(
            self.column,
            self.heading(_("There's nothing you have to do.")),
            *tiles,
            fill(kit.row(), None, today),
            None,
        )

    def first_stop(self) -> QWidget:
        """The first tile."""
        return self._first

    def _on_today(self) -> None:
        self.chosen.emit("today")
