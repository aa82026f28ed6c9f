"""Help right now: numbers at once, for every country and for none, with no vault and no wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from companion.ui.shell import help_words
from companion.ui.shell.help_lines import HelpLines
from companion.ui.shell.help_now import HelpNow
from companion.ui.shell.unlock import LockScreen
from tests.ui.stage import (
    SIZES,
    WIDE,
    Stage,
    button,
    cut,
    in_view,
    line,
    open_sheet,
    staged,
    tab_walk,
    without_name,
    words,
)


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


def shown(stage: Stage, country: str = "US", size: QSize = WIDE, scale: float = 1.0) -> tuple[HelpNow, object]:
    stage.settings.change(country=country)
    content = HelpNow(*stage.parts)
    window = stage.show(LockScreen(*stage.parts), size, scale)
    open_sheet(window, stage, content, "Help right now")
    return content, window


def test_it_is_built_within_a_tenth_of_a_second(stage: Stage) -> None:
    HelpNow(*stage.parts).deleteLater()
    best = 1.0
    for _try in range(3):
        start = time.perf_counter()
        HelpNow(*stage.parts).deleteLater()
        best = min(best, time.perf_counter() - start)
    assert best < 0.1


@pytest.mark.parametrize(("size", "scale"), SIZES)
@pytest.mark.parametrize("part", ["US", "GB", "AD", "PK", "", "call", "countries", "rest", "open"])
def test_nothing_is_cut(stage: Stage, part: str, size: QSize, scale: float) -> None:
    content, window = shown(stage, part if len(part) == 2 else "US", size, scale)
    {
        "": lambda: content.show_country(""),
        "call": content.show_call,
        "countries": content.show_countries,
        "rest": lambda: content.lines.show_rest(),
        "open": lambda: content.lines.cards[0].set_open(True),
    }.get(part, lambda: None)()
    stage.settle()
    assert cut(window) == []
    assert without_name(content) == []


def test_lines_and_the_emergency_number_are_seen_without_scrolling(stage: Stage) -> None:
    content, window = shown(stage)
    assert [card.row.shown for card in content.lines.cards] == ["988", "HOME to 741741", "1-800-985-5990", "911"]
    assert all(in_view(window, card) for card in content.lines.cards)
    assert help_words.lead() in words(content)
    assert help_words.barrier_lines()[0] in words(content)


def test_what_keeps_people_from_calling_is_answered_on_the_sheet(stage: Stage) -> None:
    content, _window = shown(stage)
    for barrier in help_words.barrier_lines()[2:]:
        assert barrier in words(content)


def test_the_focus_begins_at_a_number_not_at_hide(stage: Stage) -> None:
    _content, window = shown(stage)
    assert window.focusWidget().accessibleName() == "Copy 988, 988 Suicide & Crisis Lifeline"


def test_the_other_lines_are_one_press_further_and_none_is_lost(stage: Stage) -> None:
    content, window = shown(stage)
    before = len(content.lines.cards)
    button(content, "Show 19 more lines").click()
    stage.settle()
    everyone = {line.name for line in stage.facts.lines("US")}
    assert {card.row.name for card in content.lines.cards} == everyone | {"Emergency services"}
    assert window.focusWidget() is content.lines.cards[before].copy_button
    names = tab_walk(window, content.lines.cards[before].copy_button, most=80)
    assert names.index("What happens when I call?") > names.index(content.lines.cards[-1].copy_button.accessibleName())


def test_what_happens_in_a_call_and_back(stage: Stage) -> None:
    content, window = shown(stage)
    button(content, "What happens when I call?").click()
    stage.settle()
    for section in help_words.when_i_call():
        assert section.heading in words(content)
        for sentence in section.lines:
            assert sentence in words(content)
    assert window.focusWidget().text() == "Back"
    button(content, "Back").click()
    stage.settle()
    assert content.lines.cards[0].isVisible()


def test_another_country_is_one_step_with_the_keyboard(stage: Stage) -> None:
    content, window = shown(stage)
    changed: list[str] = []
    content.country_changed.connect(changed.append)
    button(content, "Another country").click()
    stage.settle()
    field = line(window, "Type the name of a country")
    assert field.hasFocus()
    QTest.keyClicks(field, "cote")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    assert changed == ["CI"]
    assert "Côte d’Ivoire" in words(content)


def test_the_list_of_countries_says_when_nothing_fits(stage: Stage) -> None:
    content, window = shown(stage)
    content.show_countries()
    stage.settle()
    QTest.keyClicks(line(window, "Type the name of a country"), "xq")
    assert "No country has this name. Fewer letters may find it." in words(content)
    QTest.keyClick(line(window, "Type the name of a country"), Qt.Key.Key_Return)
    assert content.country == "US"


@pytest.mark.parametrize("code", ["AD", "AF", "AL"])
def test_a_country_without_a_line_has_a_helpful_page(stage: Stage, code: str) -> None:
    page = stage.facts.page(code)
    content, _window = shown(stage, code)
    text = words(content)
    if page.emergency is not None:
        assert page.emergency.number in text
    if not page.has_listening_line:
        assert "findahelpline.com" in text
        assert "A doctor, a nurse or a hospital can tell you whom to call." in text


def test_without_a_country_it_asks_for_one_and_offers_two_websites(stage: Stage) -> None:
    content, window = shown(stage)
    content.show_country("")
    stage.settle()
    assert window.focusWidget().text() == "Choose a country"
    assert "findahelpline.com" in words(content)
    assert help_words.danger() in words(content)


def test_every_country_and_territory_has_a_number_or_a_website(stage: Stage) -> None:
    for country in stage.facts.countries():
        page = HelpLines(stage.kit, stage.facts, stage.clipboard, country.code)
        shown_first = {card.row.ways[0].copied for card in page.cards}
        number = stage.facts.emergency(country.code)
        assert shown_first, country.name
        assert number is None or number.number in shown_first, country.name
        page.deleteLater()


def test_in_a_window_of_its_own_it_has_its_own_ways_out(stage: Stage) -> None:
    content = HelpNow(*stage.parts, header=True)
    stage.show(content)
    asked: list[str] = []
    content.close_requested.connect(lambda: asked.append("close"))
    content.hide_requested.connect(lambda: asked.append("hide"))
    button(content, "Close").click()
    button(content, "Hide").click()
    assert asked == ["close", "hide"]
