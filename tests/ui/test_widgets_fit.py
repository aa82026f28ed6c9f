"""Every part at every size: nothing cut, everything named, every target large enough."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from companion.core.settings import Settings
from companion.ui.fonts import Comfort
from companion.ui.kit import Kit
from companion.ui.widgets.button import Button, IconButton
from companion.ui.widgets.mood import MoodRow, MoodTile
from companion.ui.widgets.switch import Switch
from scripts.parts_gallery import PartsSheet
from tests.ui.conftest import settle
from tests.ui.look import controls, cut, name_of

LONG = "Ich möchte jemanden anrufen, der mich versteht und mir zuhört, auch mitten in der Nacht"
SAMPLES = {
    "german": LONG,
    "arabic": "أود أن أتحدث مع شخص ما الآن لأنني لا أريد أن أكون وحدي هذا المساء",
    "hindi": "मैं अभी किसी से बात करना चाहता हूँ क्योंकि मैं आज शाम अकेला नहीं रहना चाहता",
    "chinese": "我现在想和某人谈谈因为我今晚不想一个人待着请告诉我可以打电话给谁",
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
}


@pytest.fixture
def sheet(kit: Kit, qtbot):
    def show(width: int, **settings: object) -> QWidget:
        kit.theme.apply(Settings(palette="light").with_changes(**settings))
        parts = PartsSheet(kit)
        area = kit.scroll(parts)
        qtbot.addWidget(area)
        area.resize(width, 860)
        area.show()
        settle()
        return area

    return show


@pytest.mark.parametrize("scale", [0.875, 1.0, 1.3, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("width", [640, 800, 1280])
def test_nothing_is_cut(sheet, width: int, scale: float) -> None:
    if width / scale < 420:
        pytest.skip("smaller than any window at this text size holds")
    assert cut(sheet(width, text_scale=scale)) == []


@pytest.mark.parametrize("spacing", ["wide", "wider"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_with_reading_comfort(sheet, spacing: str, scale: float) -> None:
    assert cut(sheet(1280, text_scale=scale, spacing=spacing)) == []


def test_nothing_is_cut_at_the_spacing_of_wcag(kit: Kit, sheet) -> None:
    area = sheet(1280)
    kit.theme.set_comfort(Comfort(0.12, 0.16, 1.5))
    settle()
    assert cut(area) == []


@pytest.mark.parametrize("palette", ["dark", "hc_light", "hc_dark"])
def test_nothing_is_cut_in_other_palettes(sheet, palette: str) -> None:
    assert cut(sheet(1280, palette=palette)) == []


def test_nothing_is_cut_after_growing_in_place(kit: Kit, sheet) -> None:
    area = sheet(1280)
    for scale in (2.0, 1.0, 1.75, 0.875):
        kit.theme.apply(Settings(palette="light", text_scale=scale))
        settle()
        assert cut(area) == [], scale


def test_nothing_is_cut_right_to_left(qapp, sheet) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert cut(sheet(1280)) == []


@pytest.mark.parametrize("words", SAMPLES.values(), ids=SAMPLES.keys())
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_long_words_and_scripts_fit(kit: Kit, qtbot, words: str, scale: float) -> None:
    kit.theme.apply(Settings(palette="light", text_scale=scale))
    card = kit.card()
    for part in (
        kit.label(words),
        kit.label(words, "h1"),
        kit.button(words, "primary", "check"),
        kit.button(words, "link"),
        kit.tile("users", words, words),
        kit.nav_button("sun", words, words),
        kit.notice(words, "help", action=words),
        kit.setting_row("sun", words, words, kit.switch(words)),
        kit.check(words, words),
        kit.empty_state("sun", words, words, words),
        kit.field(words, words, secret=True),
        kit.badge(words, "sun", "ok"),
        kit.chip(words, checkable=True),
        kit.list_button([("a", words)], words),
        kit.steps([words, words]),
    ):
        card.body.addWidget(part)
    area = kit.scroll(card)
    qtbot.addWidget(area)
    area.resize(round(560 * scale), 700)
    area.show()
    settle()
    problems = cut(area)
    if words == SAMPLES["one word"]:
        problems = [p for p in problems if "needs" not in p and "scrolls" not in p and "sticks" not in p]
    assert problems == []


def test_every_control_has_a_name(sheet) -> None:
    area = sheet(1280)
    nameless = [w for w in controls(area) if not name_of(w).strip() and not isinstance(w, QLabel)]
    assert nameless == []


@pytest.mark.parametrize("scale", [0.875, 1.0, 2.0])
def test_targets_are_large_enough(kit: Kit, sheet, scale: float) -> None:
    small = []
    area = sheet(1280, text_scale=scale)
    for control in controls(area):
        least = 24.0
        if isinstance(control, IconButton | Switch):
            least = 36 * max(1.0, scale)
        elif isinstance(control, MoodTile | MoodRow) or (isinstance(control, Button) and control.kind != "link"):
            least = 44 * max(1.0, scale)
        if control.width() < int(least) or control.height() < int(least):
            small.append(f"{type(control).__name__} {name_of(control)}: {control.size().toTuple()}")
    assert small == []


def test_primary_targets_are_44_at_least_at_the_smallest_text(kit: Kit, qtbot) -> None:
    kit.theme.apply(Settings(palette="light", text_scale=0.875))
    for button in (kit.button("Go", "primary"), kit.button("Help", "help")):
        qtbot.addWidget(button)
        assert button.sizeHint().height() >= 44
