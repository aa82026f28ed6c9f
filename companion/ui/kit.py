"""The one place where pages get their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QWidget

from companion.ui.announce import announce
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.button import Button, IconButton
from companion.ui.widgets.card import Card
from companion.ui.widgets.field import Field, LineEdit
from companion.ui.widgets.flow import SideLayout
from companion.ui.widgets.hills import Hills
from companion.ui.widgets.label import IconLabel, Label
from companion.ui.widgets.layouts import Margins, ScaledBox
from companion.ui.widgets.scroll import ScrollArea
from companion.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from companion.ui.widgets.badge import Badge
    from companion.ui.widgets.chip import Chip
    from companion.ui.widgets.divider import Divider
    from companion.ui.widgets.empty_state import EmptyState
    from companion.ui.widgets.flow import EvenLayout, FlowLayout
    from companion.ui.widgets.list_button import ListButton
    from companion.ui.widgets.mood import MoodPicker
    from companion.ui.widgets.nav import NavButton
    from companion.ui.widgets.notice import Notice
    from companion.ui.widgets.picture import Picture
    from companion.ui.widgets.progress import Progress
    from companion.ui.widgets.rows import IconLine, SettingRow
    from companion.ui.widgets.save_status import SaveStatus
    from companion.ui.widgets.segmented import Segmented
    from companion.ui.widgets.steps import Steps
    from companion.ui.widgets.switch import Check, Switch
    from companion.ui.widgets.tabs import Tabs

_ROW = QBoxLayout.Direction.LeftToRight
_COLUMN = QBoxLayout.Direction.TopToBottom


class Kit:
    """Makes parts that follow the theme; sizes are px at 100 % text.

    Parts that the first screen does not show are imported when first asked for.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.icons = Icons(theme)

    # --- words -----------------------------------------------------------

    def label(
        self, text: str, role: str = "body", wrap: bool = True, selectable: bool = False, tone: str = ""
    ) -> Label:
        """Words; roles are the steps of `fonts.TYPE_SCALE`, `tone` another colour role than the step's own."""
        return Label(self.theme, text, role, wrap=wrap, selectable=selectable, tone=tone)

    def icon_label(self, name: str, colour_role: str = "text_muted", size: float = 20, box: float = 0) -> IconLabel:
        """A decorative picture beside words; with `box`, on a tint of its colour (a `..._soft_text` role)."""
        return IconLabel(self.theme, self.icons, name, colour_role, size, box)

    def app_name(self, text: str) -> IconLine:
        """The name of the app with its picture."""
        from companion.ui.widgets.rows import IconLine

        return IconLine(self.theme, self.icons, "sprout", text, role="h3", icon_role="accent", size=24, wrap=False)

    def quiet_fact(self, icon: str, text: str) -> IconLine:
        """A small line with a picture, such as "Only on this computer"."""
        from companion.ui.widgets.rows import IconLine

        return IconLine(self.theme, self.icons, icon, text)

    def status(self, text: str = "") -> Label:
        """A quiet line that says what happened last, such as "Saved"; give it to `announce` when it changes."""
        return Label(self.theme, text, "small")

    def save_status(self, text: str = "") -> SaveStatus:
        """The state of saving, with a tick or a warning."""
        from companion.ui.widgets.save_status import SaveStatus

        return SaveStatus(self.theme, self.icons, text)

    def picture(self, image: QImage, name: str) -> Picture:
        """A picture from an entry."""
        from companion.ui.widgets.picture import Picture

        return Picture(image, name)

    def announce(self, widget: QWidget, text: str) -> None:
        """Have `text` read out."""
        announce(widget, text)

    # --- buttons ---------------------------------------------------------

    def button(self, text: str, kind: str = "outline", icon: str | None = None, name: str | None = None) -> Button:
        """A button; kinds: outline, primary, soft, ghost, link, help, danger."""
        return Button(self.theme, self.icons, text, kind, icon or "", name or "")

    def icon_button(self, icon: str, name: str, size: int = 36) -> IconButton:
        """A square button with a picture, a name and a tooltip."""
        return IconButton(self.theme, self.icons, icon, name, size=size)

    def nav_button(self, icon: str, text: str, second: str = "") -> NavButton:
        """An entry of a list of places or pages."""
        from companion.ui.widgets.nav import NavButton

        return NavButton(self.theme, self.icons, icon, text, second)

    def tile(self, icon: str, title: str, second: str = "", big: bool = False) -> Tile:
        """A large thing to press."""
        return Tile(self.theme, self.icons, icon, title, second, big=big)

    def chip(self, text: str, checkable: bool = False, removable: bool = False, icon: str = "") -> Chip:
        """A small word to choose, press or take away."""
        from companion.ui.widgets.chip import Chip

        return Chip(self.theme, self.icons, text, checkable=checkable, removable=removable, icon=icon)

    # --- what is typed and chosen ----------------------------------------

    def field(self, label: str, hint: str = "", secret: bool = False) -> Field:
        """A labelled line to type in."""
        return Field(self.theme, self.icons, label, hint, secret=secret)

    def line_edit(self, name: str) -> LineEdit:
        """A line to type in without a label of its own; `name` is what screen readers hear."""
        return LineEdit(self.theme, name)

    def switch(self, name: str) -> Switch:
        """On or off."""
        from companion.ui.widgets.switch import Switch

        return Switch(self.theme, name)

    def check(self, text: str, second: str = "") -> Check:
        """A thing that can be ticked."""
        from companion.ui.widgets.switch import Check

        return Check(self.theme, self.icons, text, second)

    def segmented(self, items: list[tuple[str, str]], name: str, clearable: bool = False) -> Segmented:
        """One of a few short words."""
        from companion.ui.widgets.segmented import Segmented

        return Segmented(self.theme, items, name, clearable=clearable)

    def list_button(self, items: list[tuple[str, str]], name: str) -> ListButton:
        """One of many, from a list that opens inside the window."""
        from companion.ui.widgets.list_button import ListButton

        return ListButton(self.theme, self.icons, items, name)

    def tabs(self, items: list[tuple[str, str, str]], name: str = "") -> Tabs:
        """The pages of one place: (key, words, icon)."""
        from companion.ui.widgets.tabs import Tabs

        return Tabs(self.theme, self.icons, items, name)

    def mood_tiles(self) -> MoodPicker:
        """Five moods side by side."""
        return self._moods(tiles=True)

    def mood_list(self) -> MoodPicker:
        """Five moods under each other."""
        return self._moods(tiles=False)

    def _moods(self, *, tiles: bool) -> MoodPicker:
        from companion.ui.widgets.mood import MoodPicker

        return MoodPicker(self.theme, self.icons, tiles=tiles)

    # --- what is said ----------------------------------------------------

    def badge(self, text: str, icon: str = "", tone: str = "neutral") -> Badge:
        """A fact in two words."""
        from companion.ui.widgets.badge import Badge

        return Badge(self.theme, self.icons, text, icon, tone)

    def notice(self, text: str, tone: str = "info", icon: str | None = None, action: str = "") -> Notice:
        """One thing to know; tones: info, help, warn, ok, danger."""
        from companion.ui.widgets.notice import Notice

        return Notice(self.theme, self.icons, text, tone, icon or "", action)

    def empty_state(self, icon: str, line: str, example: str = "", action: str = "") -> EmptyState:
        """What belongs in an empty place."""
        from companion.ui.widgets.empty_state import EmptyState

        return EmptyState(self.theme, self.icons, icon, line, example, action)

    def progress(self, name: str) -> Progress:
        """A bar and the words that say the same."""
        from companion.ui.widgets.progress import Progress

        return Progress(self.theme, name)

    def steps(self, names: list[str]) -> Steps:
        """Where one is in a short flow."""
        from companion.ui.widgets.steps import Steps

        return Steps(self.theme, self.icons, names)

    def setting_row(self, icon: str, title: str, second: str = "", control: QWidget | None = None) -> SettingRow:
        """Picture, title, second line, control."""
        from companion.ui.widgets.rows import SettingRow

        return SettingRow(self.theme, self.icons, icon, title, second, control)

    # --- surfaces and layouts --------------------------------------------

    def card(self, tint: str = "", padding: float = 20, spacing: float = 12) -> Card:
        """A surface; its column is `.body`. Tints: soft, help, hope, ok, warn, danger, sunken, plain."""
        return Card(self.theme, tint, padding, spacing)

    def hills(self, height: float = 132, radius: float = 16, grow: bool = False) -> Hills:
        """The quiet picture."""
        return Hills(self.theme, height, radius, grow=grow)

    def divider(self) -> Divider:
        """A hairline."""
        from companion.ui.widgets.divider import Divider

        return Divider(self.theme)

    def scroll(self, widget: QWidget) -> ScrollArea:
        """A page that scrolls down."""
        return ScrollArea(self.theme, widget)

    def column(self, parent: QWidget | None = None, spacing: float = 12, margins: Margins = 0) -> ScaledBox:
        """A column whose gaps follow the text size."""
        return ScaledBox(self.theme, _COLUMN, spacing=spacing, margins=margins, parent=parent)

    def row(self, parent: QWidget | None = None, spacing: float = 8, margins: Margins = 0) -> ScaledBox:
        """A row whose gaps follow the text size; it mirrors right to left."""
        return ScaledBox(self.theme, _ROW, spacing=spacing, margins=margins, parent=parent)

    def flow(self, spacing: float = 8, parent: QWidget | None = None) -> FlowLayout:
        """Rows that wrap like words."""
        from companion.ui.widgets.flow import FlowLayout

        return FlowLayout(self.theme, spacing, parent)

    def even(self, spacing: float = 8, columns: int = 0, parent: QWidget | None = None) -> EvenLayout:
        """Equal columns, as many as fit, `columns` at most."""
        from companion.ui.widgets.flow import EvenLayout

        return EvenLayout(self.theme, spacing, columns, parent)

    def side(self, spacing: float = 14, words: float = 200, parent: QWidget | None = None) -> SideLayout:
        """Words first, then what stands beside them, or under them where there is no room."""
        return SideLayout(self.theme, spacing, words, parent)
