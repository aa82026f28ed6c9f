"""Colour roles, type and sizes of the app, and the one style sheet made from them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from companion.core.settings import Settings
from companion.ui.fonts import ATKINSON, FRAUNCES, LITERATA, SPACINGS, TYPE_SCALE, Comfort, Fonts

REFLOW_SCALE = 1.5
REFLOW_WIDTH = 1000  # px at 100 % text; a narrower window has one column
_STYLE = "Fusion"
_STYLE_CHOICE = "QT_STYLE_OVERRIDE"

HIGH_CONTRAST = ("hc_light", "hc_dark")

_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)(?::([0-9.]+))?(?::([0-9.]+))?\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOUR_LINE = re.compile(r'^([a-z_0-9]+) = "(#[0-9A-Fa-f]{6})"$', re.MULTILINE)


class Motion(NamedTuple):
    """How long things move, in ms; 0 is at once."""

    quick: int = 120
    calm: int = 200
    sheet: int = 240


class Theme(QObject):
    """How everything looks now. Widgets take colours, fonts and sizes from here and look again at `changed`.

    Sizes are given in px at 100 % text and come back in px on this screen.
    """

    changed = Signal()

    def __init__(self, app: QApplication, assets: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._assets = assets
        self._settings = Settings()
        self._fonts = Fonts()
        self._palettes: dict[str, dict[str, QColor]] = {}
        self._font_cache: dict[str, QFont] = {}
        self._text_palettes: dict[str, QPalette] = {}
        self._sheet = ""
        self._dressed: QApplication | QWidget = app
        self._window_width: int | None = None
        self._desktop_reduces_motion = False
        self._comfort: Comfort | None = None
        self.name = "light"
        self.scale = 1.0
        # False until the first paint, which shows every word; icons and picture follow in the next frame.
        self.decorates = True
        if os.environ.get(_STYLE_CHOICE) != _STYLE:
            app.setStyle(_STYLE)
        self._hints = app.styleHints()
        self._hints.colorSchemeChanged.connect(self._on_system_look)
        self._hints.accessibility().contrastPreferenceChanged.connect(self._on_system_look)

    @staticmethod
    def before_app() -> None:
        """Choose Qt's own style before the QApplication is made; afterwards it would cost 5 ms more at start."""
        os.environ[_STYLE_CHOICE] = _STYLE

    # --- what widgets ask ------------------------------------------------

    @property
    def app(self) -> QApplication:
        """The application this is the look of."""
        return self._app

    @property
    def is_high_contrast(self) -> bool:
        """No tints, no pictures, edges of 2 px."""
        return self.name in HIGH_CONTRAST

    @property
    def is_dark(self) -> bool:
        """Light words on a dark page."""
        return self.name in ("dark", "hc_dark")

    @property
    def reduced_motion(self) -> bool:
        """Nothing moves: the person's own switch, or the desktop's where it can be read."""
        return self._settings.motion == "reduced" or self._desktop_reduces_motion

    @property
    def motion(self) -> Motion:
        """How long things move."""
        return Motion(0, 0, 0) if self.reduced_motion else Motion()

    @property
    def pictures(self) -> bool:
        """Decorative pictures are wanted and make sense in this palette."""
        return self._settings.pictures and not self.is_high_contrast

    @property
    def reflow(self) -> bool:
        """One column, Menu button: from 150 % text, or in a narrow window."""
        # Worked out anew each time: how much room a width is depends on the text size.
        narrow = self._window_width is not None and self._window_width < self.px(REFLOW_WIDTH)
        return self.scale >= REFLOW_SCALE or narrow

    @property
    def edge(self) -> int:
        """Width of decorative edges in px."""
        return 2 if self.is_high_contrast else 1

    @property
    def comfort(self) -> Comfort:
        """The reading comfort in use."""
        return self._comfort or SPACINGS[self._settings.spacing]

    def px(self, value: float) -> int:
        """A size given at 100 % text, on this screen at the chosen text size."""
        return round(value * self.scale)

    def target(self, value: float) -> int:
        """A size of something to press: it grows with the text and never shrinks."""
        return max(round(value), self.px(value))

    def colour(self, role: str) -> QColor:
        """The colour of a role, such as "accent" or "mood_3_soft"."""
        return self._colours()[role]

    def font(self, role: str) -> QFont:
        """The font of a step of the type scale, such as "body" or "h1"; a copy, free to be changed."""
        font = self._font_cache.get(role)
        if font is None:
            step = TYPE_SCALE[role]
            family = self._face(step.face)
            font = self._fonts.font(family, step, self.px(step.size), self.comfort)
            self._font_cache[role] = font
        return QFont(font)

    def text_palette(self, role: str) -> QPalette:
        """A palette whose words have the colour of `role`, grey while disabled."""
        palette = self._text_palettes.get(role)
        if palette is None:
            palette = QPalette()
            for target in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
                palette.setColor(target, self.colour(role))
                palette.setColor(QPalette.ColorGroup.Disabled, target, self.colour("text_disabled"))
            self._text_palettes[role] = palette
        return palette

    def line_pitch(self, role: str) -> float:
        """Distance between base lines of running text, in px; headings widen with the comfort setting too."""
        step = TYPE_SCALE[role]
        return step.size * self.scale * step.line * self.comfort.line / SPACINGS["normal"].line

    def fill(self, template: str) -> str:
        """The template with a value for every placeholder: {px:N}, {target:N}, {radius:R:H}, {edge}, colour roles."""
        return _PLACEHOLDER.sub(self._value_of, template)

    # --- what the frame tells --------------------------------------------

    def apply(self, settings: Settings) -> None:
        """Show everything in this look, at once, on every live widget."""
        self.prepare(settings)
        self.apply_sheet()
        self.changed.emit()

    def prepare(self, settings: Settings) -> None:
        """Take this look for widgets that are still to be made; `apply_sheet` follows when they are.

        Under a style sheet Qt styles a widget anew each time that it gets a parent.
        """
        self._settings = settings
        self.scale = settings.text_scale
        self.name = self._palette_name(settings.palette)
        self._font_cache.clear()
        self._text_palettes.clear()
        self._app.setFont(self.font("body"))
        self._app.setPalette(self._qt_palette())

    def dress_only(self, window: QWidget) -> None:
        """Give this window and what belongs to it the style sheet, and not the whole application.

        Then pages are made plain and styled once, when they come into the window.
        """
        self._dressed = window

    def apply_sheet(self) -> None:
        """Give every live widget the style sheet of this look."""
        sheet = self._filled_sheet()
        if sheet != self._sheet:
            self._sheet = sheet
            self._dressed.setStyleSheet(sheet)

    def set_window_width(self, width: int) -> None:
        """Tell how wide the window is, in px; crossing the limit changes `reflow`."""
        before = self.reflow
        self._window_width = width
        if self.reflow != before:
            self.changed.emit()

    def set_desktop_reduces_motion(self, reduces: bool) -> None:
        """Follow the desktop's own wish, for whoever can read it."""
        if reduces != self._desktop_reduces_motion:
            self._desktop_reduces_motion = reduces
            self.changed.emit()

    def set_comfort(self, comfort: Comfort | None) -> None:
        """Use this spacing instead of the settings' one; None goes back."""
        self._comfort = comfort
        self.apply(self._settings)

    def load_late_faces(self) -> None:
        """Load what the first paint did not need; call it once the window has been painted."""
        for role in ("reading", "number", "hero"):
            self.font(role)
        self._fonts.load_italics(self._fonts.family(self._face("ui")))
        self._fonts.load_italics(self._fonts.family(self._face("reading")))

    # --- inside ----------------------------------------------------------

    def _on_system_look(self) -> None:
        if self._settings.palette == "system" and self._palette_name("system") != self.name:
            self.apply(self._settings)

    def _palette_name(self, wanted: str) -> str:
        if wanted != "system":
            return wanted
        dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        if self._hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "hc_dark" if dark else "hc_light"
        return "dark" if dark else "light"

    def _face(self, face: str) -> str:
        chosen = self._settings.font
        if chosen != ATKINSON or face == "ui":
            return chosen  # a person who picks a face for reading gets it everywhere
        return FRAUNCES if face == "display" else LITERATA

    def _colours(self) -> dict[str, QColor]:
        colours = self._palettes.get(self.name)
        if colours is None:
            text = (self._assets / "themes" / f"{self.name}.toml").read_text(encoding="utf-8")
            colours = {role: QColor(value) for role, value in read_colours(text).items()}
            self._palettes[self.name] = colours
        return colours

    def _filled_sheet(self) -> str:
        template = (self._assets / "style" / "style.qss").read_text(encoding="utf-8")
        return self.fill(_COMMENT.sub("", template))

    def _value_of(self, found: re.Match[str]) -> str:
        name, first, second = found.groups()
        if name == "px":
            return f"{self.px(float(first))}px"
        if name == "target":
            return f"{self.target(float(first))}px"
        if name == "radius":
            # Qt draws square corners where the radius is above half the height.
            return f"{min(self.px(float(first)), self.px(float(second)) // 2)}px"
        if name == "edge":
            return f"{self.edge}px"
        return self.colour(self._role_of(name)).name()

    def _role_of(self, name: str) -> str:
        # Tinted cards have no visible edge, except where there are no tints to tell them apart.
        if name.startswith("tint_edge_"):
            role = name.removeprefix("tint_edge_")
            return role if self.is_high_contrast else f"{role}_soft"
        if name == "sunken_edge":
            return "border" if self.is_high_contrast else "surface_sunken"
        return name

    def _qt_palette(self) -> QPalette:
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        names = {
            role.Window: "background",
            role.WindowText: "text",
            role.Base: "surface",
            role.AlternateBase: "surface_sunken",
            role.Text: "text",
            role.PlaceholderText: "text_muted",
            role.Button: "surface",
            role.ButtonText: "text",
            role.BrightText: "accent_text",
            role.Highlight: "selection",
            role.HighlightedText: "selection_text",
            role.Link: "link",
            role.LinkVisited: "link",
            role.Accent: "accent",
            role.ToolTipBase: "surface_raised",
            role.ToolTipText: "text",
            role.Light: "surface",
            role.Midlight: "surface_sunken",
            role.Mid: "border",
            role.Dark: "border_strong",
            role.Shadow: "border",
        }
        palette = QPalette()
        for target, name in names.items():
            palette.setColor(target, self.colour(name))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, target, self.colour("text_disabled"))
        return palette


def read_colours(text: str) -> dict[str, str]:
    """The colour roles of a theme file.

    The files are TOML, one `role = "#RRGGBB"` a line; reading them so costs a
    fifth of importing the parser before the first paint.
    """
    return dict(_COLOUR_LINE.findall(text))
