"""Colours that can be read, sizes that follow, looks that change at once."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from companion.core.paths import assets
from companion.core.settings import TEXT_SCALES, Settings
from companion.ui.fonts import ATKINSON, FRAUNCES, TYPE_SCALE, Comfort, Fonts
from companion.ui.kit import Kit
from companion.ui.theme import Theme, read_colours

PALETTES = ("light", "dark", "hc_light", "hc_dark")
SURFACES = ("background", "surface", "surface_sunken", "surface_raised", "sidebar")
SIGNALS = ("help", "danger", "success", "warning", "hope")
SOFT = tuple(f"{name}_soft" for name in (*SIGNALS, "accent"))


def _text_pairs() -> list[tuple[str, str]]:
    pairs = [(fg, bg) for bg in SURFACES for fg in ("text", "text_muted", "link", "accent")]
    pairs += [(fg, bg) for bg in SOFT for fg in ("text", "text_muted", "accent", "link")]
    for name in SIGNALS:
        pairs += [(name, "background"), (name, "surface"), (f"{name}_soft_text", f"{name}_soft")]
        if name != "hope":
            pairs.append((f"{name}_text", name))
    pairs += [("accent_text", fill) for fill in ("accent", "accent_hover", "accent_pressed")]
    pairs += [("help_text", "help_hover"), ("accent_soft_text", "accent_soft"), ("selection_text", "selection")]
    pairs.append(("accent_soft_text", "surface"))  # a badge on a tinted row
    for level in range(1, 6):
        pairs += [(f"mood_{level}_on", f"mood_{level}_soft"), ("text", f"mood_{level}_soft")]
    return pairs


def _edge_pairs() -> list[tuple[str, str]]:
    pairs = [(fg, bg) for bg in (*SURFACES, *SOFT) for fg in ("focus", "border_strong")]
    pairs += [("accent", bg) for bg in ("surface", "background", "accent_soft")]
    pairs += [("help", bg) for bg in ("surface", "background", "help_soft", "sidebar")]
    pairs += [(f"mood_{n}", bg) for n in range(1, 6) for bg in ("surface", "background", f"mood_{n}_soft")]
    pairs += [("focus", fill) for fill in ("background",)]
    return pairs


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: QColor, second: QColor) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES)
def test_words_and_edges_stand_out(kit: Kit, palette: str) -> None:
    kit.theme.apply(Settings(palette=palette))
    least_text = 7.0 if palette.startswith("hc") else 4.5
    colour = kit.theme.colour
    faint = [(f, b) for f, b in _text_pairs() if contrast(colour(f), colour(b)) < least_text]
    faint += [(f, b) for f, b in _edge_pairs() if contrast(colour(f), colour(b)) < 3.0]
    assert not faint


def test_contrast_is_the_published_formula() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0, abs=0.01)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_every_palette_has_the_same_roles_and_is_toml() -> None:
    read = {}
    for palette in PALETTES:
        text = (assets() / "themes" / f"{palette}.toml").read_text(encoding="utf-8")
        read[palette] = read_colours(text)
        assert read[palette] == tomllib.loads(text)["colours"]
    assert len({frozenset(roles) for roles in read.values()}) == 1
    assert len(read["light"]) >= 56


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("scale", TEXT_SCALES)
def test_the_style_sheet_is_filled(kit: Kit, qapp: QApplication, palette: str, scale: float) -> None:
    kit.theme.apply(Settings(palette=palette, text_scale=scale))
    sheet = qapp.styleSheet()
    inside = re.findall(r"\{([^{}\n]*)\}", sheet)
    assert all(":" in rule or not rule.strip() for rule in inside), inside
    assert "px" in sheet
    assert "font" not in sheet  # a font rule would win over the widgets' own fonts
    assert kit.theme.colour("accent").name() in sheet


def test_corners_never_exceed_half_the_height(kit: Kit) -> None:
    kit.theme.apply(Settings(text_scale=2.0))
    assert re.fullmatch(r"17px", kit.theme.fill("{radius:16:17}"))
    assert kit.theme.fill("{radius:10:44}") == "20px"
    assert kit.theme.fill("{px:44}") == "88px"


@pytest.mark.parametrize("scale", TEXT_SCALES)
def test_sizes_and_fonts_follow_the_text_size(kit: Kit, scale: float) -> None:
    kit.theme.apply(Settings(text_scale=scale))
    assert kit.theme.px(100) == round(100 * scale)
    for role, step in TYPE_SCALE.items():
        assert kit.theme.font(role).pixelSize() == round(step.size * scale)
    assert kit.theme.reflow == (scale >= 1.5)


def test_a_window_is_narrow_for_the_text_size_it_has_now(kit: Kit) -> None:
    kit.theme.apply(Settings(text_scale=2.0))
    kit.theme.set_window_width(1280)
    assert kit.theme.reflow
    kit.theme.apply(Settings(text_scale=1.0))
    assert not kit.theme.reflow, "at 100 % there is room for two columns again"
    kit.theme.apply(Settings(text_scale=1.3))
    assert kit.theme.reflow
    kit.theme.apply(Settings())


def test_a_narrow_window_reflows_and_says_so(kit: Kit, qtbot: object) -> None:
    said: list[bool] = []
    kit.theme.changed.connect(lambda: said.append(kit.theme.reflow))
    kit.theme.set_window_width(1280)
    assert said == []
    kit.theme.set_window_width(990)
    kit.theme.set_window_width(980)
    assert said == [True]
    kit.theme.set_window_width(1280)
    assert said == [True, False]
    kit.theme.apply(Settings(text_scale=1.3))
    kit.theme.set_window_width(1280)
    assert kit.theme.reflow  # 1,280 px hold less than 1,000 px at 130 %


class _Hints:
    def __init__(self) -> None:
        self.scheme = Qt.ColorScheme.Light
        self.contrast = Qt.ContrastPreference.NoPreference

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme

    def accessibility(self) -> SimpleNamespace:
        return SimpleNamespace(contrastPreference=lambda: self.contrast)


def test_the_system_look_is_followed_while_running(kit: Kit, qapp: QApplication, monkeypatch) -> None:
    hints = _Hints()
    monkeypatch.setattr(kit.theme, "_hints", hints)
    kit.theme.apply(Settings(palette="system"))
    names = [kit.theme.name]
    for scheme, wish in (
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.NoPreference),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.HighContrast),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.NoPreference),
    ):
        if scheme != hints.scheme:
            hints.scheme = scheme
            qapp.styleHints().colorSchemeChanged.emit(scheme)
        if wish != hints.contrast:
            hints.contrast = wish
            qapp.styleHints().accessibility().contrastPreferenceChanged.emit(wish)
        names.append(kit.theme.name)
    assert names == ["light", "dark", "hc_dark", "hc_light", "light"]


def test_a_chosen_palette_does_not_follow_the_system(kit: Kit, qapp: QApplication, monkeypatch) -> None:
    hints = _Hints()
    hints.scheme = Qt.ColorScheme.Dark
    monkeypatch.setattr(kit.theme, "_hints", hints)
    kit.theme.apply(Settings(palette="light"))
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert kit.theme.name == "light"


@pytest.mark.parametrize("palette", PALETTES)
def test_high_contrast_has_no_pictures_and_strong_edges(kit: Kit, palette: str) -> None:
    kit.theme.apply(Settings(palette=palette))
    strong = palette.startswith("hc")
    assert kit.theme.is_high_contrast == strong
    assert kit.theme.edge == (2 if strong else 1)
    assert kit.theme.pictures != strong
    if strong:
        surface = kit.theme.colour("surface").name()
        tints = (*SOFT, *(f"mood_{n}_soft" for n in range(1, 6)))
        assert all(kit.theme.colour(role).name() == surface for role in tints)


def test_pictures_can_be_off(kit: Kit) -> None:
    kit.theme.apply(Settings(palette="light", pictures=False))
    assert not kit.theme.pictures


def test_reading_comfort_widens_letters_words_and_lines(kit: Kit) -> None:
    normal = kit.theme.line_pitch("body")
    kit.theme.apply(Settings(palette="light", spacing="wider"))
    font = kit.theme.font("body")
    assert font.letterSpacing() == pytest.approx(16 * 0.08, abs=0.02)
    assert font.wordSpacing() == pytest.approx(16 * 0.2, abs=0.02)
    assert kit.theme.line_pitch("body") == pytest.approx(normal * 1.8 / 1.4)
    kit.theme.set_comfort(Comfort(0.12, 0.16, 1.5))
    assert kit.theme.font("body").letterSpacing() == pytest.approx(16 * 0.12, abs=0.02)
    kit.theme.set_comfort(None)
    assert kit.theme.font("body").letterSpacing() == pytest.approx(16 * 0.08, abs=0.02)


def test_motion_stops_by_switch_or_by_the_desktop(kit: Kit) -> None:
    assert kit.theme.motion.calm > 0
    kit.theme.set_desktop_reduces_motion(True)
    assert kit.theme.reduced_motion
    kit.theme.set_desktop_reduces_motion(False)
    kit.theme.apply(Settings(motion="reduced"))
    motion = kit.theme.motion
    assert (motion.quick, motion.calm, motion.sheet) == (0, 0, 0)


def test_headings_have_their_own_face_with_its_axes_set(kit: Kit) -> None:
    font = kit.theme.font("h1")
    assert font.family() == FRAUNCES
    axes = {tag: font.variableAxisValue(QFont.Tag(tag)) for tag in ("wght", "opsz", "SOFT", "WONK")}
    assert axes == {"wght": 500.0, "opsz": 60.0, "SOFT": 80.0, "WONK": 0.0}
    assert kit.theme.font("label").family() == ATKINSON
    assert kit.theme.font("label").weight() == QFont.Weight.Bold


def test_a_face_chosen_for_reading_is_used_everywhere(kit: Kit) -> None:
    kit.theme.apply(Settings(font="Lexend"))
    assert {kit.theme.font(role).family() for role in ("body", "h1", "reading")} == {"Lexend"}
    kit.theme.apply(Settings(font=""))
    families = {kit.theme.font(role).family() for role in ("body", "h1", "reading")}
    assert len(families) == 1
    assert kit.theme.font("h1").weight() == QFont.Weight.Bold


def test_nothing_is_loaded_before_it_is_wanted(kit: Kit, qapp: QApplication) -> None:
    theme = Theme(qapp, assets())
    theme.apply(Settings(palette="light"))
    theme.font("h1")
    assert set(theme._fonts._loaded) == {ATKINSON, FRAUNCES}
    theme.load_late_faces()
    assert "Literata" in theme._fonts._loaded
    theme.deleteLater()


def test_a_missing_face_gives_the_system_font(qapp: QApplication, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    fonts = Fonts()
    family = fonts.family(ATKINSON)
    assert family
    assert family != ATKINSON
    assert fonts.font(ATKINSON, TYPE_SCALE["body"], 16, Comfort()).pixelSize() == 16


def test_an_unknown_family_gives_the_system_font(qapp: QApplication) -> None:
    assert Fonts().family("No Such Face 7") == Fonts().family("")


def test_a_change_reaches_live_widgets_at_once(kit: Kit, qtbot) -> None:
    label, card, edit = kit.label("Words"), kit.card(), kit.field("Name")
    card.body.addWidget(label)
    card.body.addWidget(edit)
    qtbot.addWidget(card)
    card.resize(400, 300)
    card.show()
    before = (label.font().pixelSize(), label.palette().windowText().color().name(), edit.edit.height())
    paper = card.grab().toImage().pixelColor(card.width() // 2, card.height() - 12).name()
    kit.theme.apply(Settings(palette="dark", text_scale=2.0))
    QApplication.processEvents()
    assert label.font().pixelSize() == 2 * before[0]
    assert label.palette().windowText().color() == kit.theme.colour("text")
    assert edit.edit.font().pixelSize() == 32
    assert edit.edit.height() >= 72
    after = card.grab().toImage().pixelColor(card.width() // 2, card.height() - 12).name()
    assert paper == "#ffffff"
    assert after == kit.theme.colour("surface").name()


def test_painted_parts_and_icons_change_colour_too(kit: Kit, qtbot) -> None:
    button = kit.button("Go", "primary", "check")
    qtbot.addWidget(button)
    button.show()
    spot = (6, button.height() // 2)
    assert button.grab().toImage().pixelColor(*spot) == kit.theme.colour("accent")
    kit.theme.apply(Settings(palette="dark"))
    assert button.grab().toImage().pixelColor(*spot) == kit.theme.colour("accent")
    light = kit.icons.pixmap("sun", "accent").toImage()
    kit.theme.apply(Settings(palette="light"))
    assert kit.icons.pixmap("sun", "accent").toImage() != light


def test_one_place_holds_colours_and_the_style_sheet() -> None:
    package = Path(__file__).resolve().parents[2] / "companion" / "ui"
    patterns = {
        r"setStyleSheet\(": {"theme.py"},
        r"""["']#[0-9A-Fa-f]{3,8}["']""": set(),
        r"QColor\(\s*[\"'\d]": set(),
        r"Qt\.GlobalColor\.(?!transparent)": set(),
        r"^from PySide6\S* import \*": set(),
        r"nextInFocusChain\(": set(),  # the binding hands the widget to the wrong owner
    }
    found = {
        (pattern, str(path.relative_to(package)))
        for path in package.rglob("*.py")
        for pattern, allowed in patterns.items()
        if path.name not in allowed and re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == set()
