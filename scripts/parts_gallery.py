"""Paints a sheet with every part, in the four palettes at 100 % and 200 %: python scripts/parts_gallery.py FOLDER."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLayout, QWidget

from companion.core.paths import assets
from companion.core.settings import Settings
from companion.ui.kit import Kit
from companion.ui.theme import Theme
from companion.ui.widgets.flow import EvenLayout
from companion.ui.widgets.focus_ring import FocusRing
from companion.ui.widgets.layouts import ScaledBox
from companion.ui.widgets.sheet import SheetHost
from companion.ui.widgets.toast import ToastHost

PALETTES = ("light", "dark", "hc_light", "hc_dark")
WIDTH = 1280


class PartsSheet(QWidget):
    """Every part once."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self.setProperty("kind", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        page = kit.column(self, spacing=18, margins=(40, 24, 40, 28))
        page.addLayout(self._bar())
        head = kit.column(spacing=2)
        head.addWidget(kit.label("Parts", "h1"))
        head.addWidget(kit.label("One picture of every part, so screens stay the same.", "muted"))
        page.addLayout(head)
        columns = EvenLayout(kit.theme, 40, 2)
        for fill in (self._left, self._right):
            holder = QWidget()
            fill(kit.column(holder, spacing=24))
            holder.setMinimumWidth(kit.theme.px(420))
            columns.addWidget(holder)
        page.addLayout(columns)
        page.addStretch(1)

    def _bar(self) -> QLayout:
        kit = self.kit
        bar = kit.side(words=150)
        bar.addWidget(kit.app_name("Companion"))
        ways, holder = kit.flow(), QWidget()
        for words, kind, icon in (
            ("Text size", "ghost", "a-large-small"),
            ("Colours", "ghost", "contrast"),
            ("Hide", "ghost", "eye-off"),
            ("Help right now", "help", "life-buoy"),
        ):
            ways.addWidget(kit.button(words, kind, icon))
        holder.setLayout(ways)
        bar.addWidget(holder)
        return bar

    def _part(self, column: ScaledBox, name: str, note: str, *things: QWidget | QLayout) -> None:
        kit = self.kit
        part = kit.column(spacing=10)
        head = kit.row()
        head.addWidget(kit.label(name, "label"))
        about = kit.label(note, "caption")
        about.setAlignment(Qt.AlignmentFlag.AlignRight)
        head.addWidget(about, 1)
        part.addLayout(head)
        for thing in things:
            part.addLayout(thing) if isinstance(thing, QLayout) else part.addWidget(thing)
        column.addLayout(part)

    def _flow(self, *widgets: QWidget) -> QLayout:
        flow = self.kit.flow()
        for widget in widgets:
            flow.addWidget(widget)
        return flow

    def _left(self, column: ScaledBox) -> None:
        kit = self.kit
        buttons = [
            kit.button("Primary", "primary", "check"),
            kit.button("Outline"),
            kit.button("Soft", "soft", "plus"),
            kit.button("Ghost", "ghost"),
            kit.button("Link", "link", "arrow-left"),
            kit.button("Help right now", "help", "life-buoy"),
            kit.button("Delete", "danger", "trash-2"),
            kit.icon_button("copy", "Copy", 40),
            kit.icon_button("ellipsis", "More", 40),
        ]
        off = kit.button("Not now", "primary")
        off.setEnabled(False)
        self.first = buttons[0]
        self._part(column, "Buttons", "44 high, radius 10", self._flow(*buttons, off))
        pages = [("write", "Write", "pencil"), ("line", "Timeline", "scroll-text"), ("days", "Calendar", "calendar")]
        self._part(column, "Tabs", "track padding 4, segment 38", kit.tabs(pages))
        energy = kit.segmented([("1", "Low"), ("2", "Some"), ("3", "Plenty")], "Energy")
        energy.choose("2")
        self._part(column, "Segmented", "one of a few words", energy)
        chosen = kit.chip("In person", checkable=True)
        chosen.setChecked(True)
        chips = [
            chosen,
            kit.chip("Video", checkable=True),
            kit.chip("walk", removable=True),
            kit.chip("Add", icon="plus"),
        ]
        self._part(column, "Chips", "chosen = tick + weight + 2 px edge", self._flow(*chips))
        badges = [
            kit.badge("Open now", "clock", "ok"),
            kit.badge("Looked at 3 weeks ago", "circle-check", "soft"),
            kit.badge("Source is 14 months old", "clock-alert", "warn"),
            kit.badge("Want to try", "bookmark", "hope"),
            kit.badge("Not for me", "circle-slash"),
            kit.badge("Okay", "cloud-sun", "mood_4"),
        ]
        self._part(column, "Badges", "never clickable, icon + word", self._flow(*badges))
        field = kit.field("Passphrase", "A few words you can remember.", secret=True)
        field.edit.setText("lantern")
        field.set_error("A little short. 10 characters or more.")
        self._part(column, "Field", "label 6 above, hint 6 below", field)
        self._part(column, "Card with rows", "padding 20, radius 16, row at least 56", self._rows())
        self._part(column, "Places", "44, or 56 with a second line", self._places())

    def _rows(self) -> QWidget:
        kit = self.kit
        card = kit.card(spacing=0)
        times = kit.list_button([("1", "After 1 minute"), ("2", "After 2 minutes")], "Lock when I step away")
        times.choose("2")
        self.list_button = times
        rows = kit.setting_row("timer", "Lock when I step away", "Also when the computer sleeps.", times)
        card.body.addWidget(rows)
        for icon, title, second, on in (
            ("tag", "Neutral name", "The window says “Notes”.", True),
            ("id-card", "My help card outside the lock", "You see it as a stranger would before you save.", False),
        ):
            switch = kit.switch(title)
            switch.setChecked(on)
            card.body.addWidget(kit.divider())
            card.body.addWidget(kit.setting_row(icon, title, second, switch))
        return card

    def _places(self) -> QWidget:
        kit = self.kit
        holder = QWidget()
        column = kit.column(holder, spacing=4)
        here = kit.nav_button("sun", "Today")
        here.setChecked(True)
        column.addWidget(here)
        column.addWidget(kit.nav_button("notebook-pen", "Journal"))
        column.addWidget(kit.nav_button("anchor", "Steps to stay safe", "5 of 6 steps have words"))
        return holder

    def _right(self, column: ScaledBox) -> None:
        kit = self.kit
        tiles, rows = kit.mood_tiles(), kit.mood_list()
        tiles.set_level(3)
        rows.set_level(4)
        self.moods = tiles
        self._part(column, "Moods", "icon + word + place", tiles, rows)
        done = kit.check("Drink a glass of water")
        done.setChecked(True)
        self._part(
            column, "Checks", "box 24", done, kit.check("Ten minutes outside", "From my plan: what keeps me well")
        )
        notices = [
            kit.notice("This is worked out on your computer.", icon="shield-check"),
            kit.notice("Feeling worse? Stop here. Talk to someone.", "help"),
            kit.notice("Your last backup is from 3 September.", "warn", action="Back up now"),
        ]
        self._part(column, "Notices", "padding 14, icon 20, one idea", *notices)
        empty = kit.empty_state(
            "sprout",
            "Heard something useful? Put it here before it slips away.",
            "For example: “Cold water on my hands.”",
            "Add a card",
        )
        self._part(column, "Empty state", "what belongs here, one example, one action", empty)
        tile = kit.tile("users", "Find a group", "Peer support near you or online")
        self._part(column, "Tile and picture", "radius 14", tile, kit.hills(110))
        kept = kit.card("hope", spacing=8)
        kept.body.addWidget(kit.label("Words I kept", "label", tone="hope_soft_text"))
        kept.body.addWidget(kit.label("“You don’t have to feel ready. You can turn up and sit down.”", "reading"))
        self._part(column, "Kept words", "reading face", kept)
        progress = kit.progress("Bringing in notes")
        progress.show_progress(240, 398, "240 of 398. About 20 seconds left.")
        self._part(column, "Progress", "words say the same as the bar", progress)
        steps = kit.steps(["Choose", "Look first", "Bring in", "Done"])
        steps.set_current(1)
        self._part(column, "Steps", "done, now, later", steps)


def paint(app: QApplication, kit: Kit, palette: str, scale: float, folder: Path, *, right_to_left: bool) -> None:
    """One picture of all parts, one with a sheet, one with the list open."""
    kit.theme.apply(Settings(palette=palette, text_scale=scale))
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    sheet = PartsSheet(kit)
    toasts, sheets = ToastHost(sheet, kit), SheetHost(sheet, kit)
    FocusRing(sheet, kit.theme)
    name = f"parts-{palette}-{round(scale * 100)}{'-rtl' if right_to_left else ''}"
    layout = sheet.layout()
    sheet.resize(WIDTH, 400)
    sheet.show()
    sheet.resize(WIDTH, layout.totalHeightForWidth(WIDTH) + kit.theme.px(60))
    sheet.activateWindow()
    settle(app)
    sheet.first.setFocus(Qt.FocusReason.TabFocusReason)
    toasts.show("Note moved to Recently deleted.", "undo-2", undo=lambda: None)
    settle(app)
    sheet.grab().save(str(folder / f"{name}.png"))
    toasts.clear()
    sheet.resize(WIDTH, 860)
    content = QWidget()
    column = kit.column(content, spacing=12)
    column.addWidget(
        kit.label("Pick a person. You can start with “I’m having a bad time and I don’t want to be alone.”")
    )
    for icon, title in (("phone", "A person to call"), ("message-circle", "A person to write to")):
        column.addWidget(kit.tile(icon, title, "Day and night"))
    sheets.hide_all = lambda: None
    sheets.open(content, "Help right now")
    settle(app)
    sheet.grab().save(str(folder / f"{name}-sheet.png"))
    sheets.close_all()
    sheet.list_button.open_list()
    settle(app)
    sheet.grab().save(str(folder / f"{name}-list.png"))
    sheet.close()
    sheet.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle(app: QApplication) -> None:
    """Let layouts and pictures come to rest."""
    for _round in range(4):
        app.processEvents()


def main() -> None:
    """Paint what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=PALETTES)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    kit = Kit(Theme(app, assets()))
    for palette in [options.only] if options.only else PALETTES:
        for scale in (1.0, 2.0):
            paint(app, kit, palette, scale, options.folder, right_to_left=False)
    paint(app, kit, "light", 1.0, options.folder, right_to_left=True)
    print(f"{len(list(options.folder.glob('*.png')))} pictures in {options.folder}")


if __name__ == "__main__":
    main()
