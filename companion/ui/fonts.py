"""The faces of the app: loaded from the font packages when first asked for, the system font where one is missing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

from PySide6.QtGui import QFont, QFontDatabase

ATKINSON = "Atkinson Hyperlegible"
FRAUNCES = "Fraunces"
LITERATA = "Literata"
LEXEND = "Lexend"

# Family -> package and files. Only what is drawn: no family is loaded before something wants it.
_PACKAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    ATKINSON: ("fontpkg_atkinson_hyperlegible", ("AtkinsonHyperlegible-Regular.ttf", "AtkinsonHyperlegible-Bold.ttf")),
    FRAUNCES: ("fontpkg_fraunces", ("Fraunces[SOFT,WONK,opsz,wght].ttf",)),
    LITERATA: ("fontpkg_literata", ("Literata[opsz,wght].ttf",)),
    LEXEND: ("fontpkg_lexend", ("Lexend[wght].ttf",)),
}
_ITALICS: dict[str, tuple[str, tuple[str, ...]]] = {
    ATKINSON: (
        "fontpkg_atkinson_hyperlegible",
        ("AtkinsonHyperlegible-Italic.ttf", "AtkinsonHyperlegible-BoldItalic.ttf"),
    ),
    LITERATA: ("fontpkg_literata", ("Literata-Italic[opsz,wght].ttf",)),
}


class TypeRole(NamedTuple):
    """One step of the type scale: size and line in px at 100 % text, weight, and which face draws it."""

    size: int
    line: float  # distance between base lines as a multiple of the size
    weight: int
    face: str = "ui"  # ui, display, reading


TYPE_SCALE: dict[str, TypeRole] = {
    "caption": TypeRole(14, 1.4, 400),
    "caption_bold": TypeRole(14, 1.4, 700),
    "small": TypeRole(15, 1.4, 400),
    "small_bold": TypeRole(15, 1.4, 700),
    "body": TypeRole(16, 1.4, 400),
    "muted": TypeRole(16, 1.4, 400),
    "label": TypeRole(16, 1.375, 700),
    "lead": TypeRole(18, 1.4, 400),
    "h3": TypeRole(18, 1.333, 700),
    "title": TypeRole(20, 1.3, 700),
    "h2": TypeRole(24, 1.25, 400, "display"),
    "h1": TypeRole(30, 1.2, 400, "display"),
    "hero": TypeRole(38, 1.16, 400, "display"),
    "number": TypeRole(22, 1.273, 700),
    "big_number": TypeRole(96, 1.15, 700),
    "reading": TypeRole(18, 1.5, 400, "reading"),
}


class Comfort(NamedTuple):
    """Reading comfort: extra room between letters and words in em, and the line height of running text."""

    letter_em: float = 0.0
    word_em: float = 0.0
    line: float = 1.4


# Letters and words are widened together: letter spacing alone slowed readers (Galliussi et al. 2020).
SPACINGS: dict[str, Comfort] = {
    "normal": Comfort(),
    "wide": Comfort(0.04, 0.1, 1.6),
    "wider": Comfort(0.08, 0.2, 1.8),
}


class Fonts:
    """Loads a family once and says which family really draws."""

    def __init__(self) -> None:
        self._loaded: dict[str, bool] = {}
        self._italics: set[str] = set()

    def family(self, wanted: str) -> str:
        """`wanted` when it can be drawn, else the system's family; "" asks for the system's."""
        if wanted in _PACKAGES:
            if wanted not in self._loaded:
                self._loaded[wanted] = _load(*_PACKAGES[wanted])
            if self._loaded[wanted]:
                return wanted
        elif wanted and QFontDatabase.hasFamily(wanted):
            return wanted
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()

    def load_italics(self, family: str) -> None:
        """Make the drawn italics of `family` available; without them Qt slants the upright face."""
        if family in _ITALICS and family not in self._italics:
            self._italics.add(family)
            _load(*_ITALICS[family])

    def font(self, wanted: str, role: TypeRole, pixels: int, comfort: Comfort) -> QFont:
        """The font for one step of the scale, `pixels` high."""
        family = self.family(wanted)
        font = QFont(family)
        font.setPixelSize(pixels)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        _set_weight(font, family, role)
        if comfort.letter_em:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, comfort.letter_em * pixels)
        if comfort.word_em:
            font.setWordSpacing(comfort.word_em * pixels)
        return font


def _set_weight(font: QFont, family: str, role: TypeRole) -> None:
    # Variable faces open at the file's own default (Black for Fraunces) unless every axis is set.
    if family == FRAUNCES:
        axes = {"wght": 500.0, "opsz": 60.0, "SOFT": 80.0, "WONK": 0.0}
    elif family == LITERATA:
        axes = {"wght": float(role.weight), "opsz": float(max(7, min(72, role.size)))}
    elif family == LEXEND:
        axes = {"wght": float(role.weight)}
    else:
        # A display role without its own face is drawn bold so that it still reads as a heading.
        heavy = role.weight >= 600 or role.face == "display"
        font.setWeight(QFont.Weight.Bold if heavy else QFont.Weight.Normal)
        return
    if family != FRAUNCES and role.face == "display":
        axes["wght"] = 600.0
    for tag, value in axes.items():
        font.setVariableAxis(QFont.Tag(tag), value)


def _load(package: str, names: tuple[str, ...]) -> bool:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return False
    folder = Path(spec.submodule_search_locations[0]) / "files"
    return all(QFontDatabase.addApplicationFont(str(folder / name)) >= 0 for name in names)
