"""One line as a row: the digits as they are, every way to reach it, and calm words about age and doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from companion.resources.model import Confidence, CrisisLine, TextContact
from companion.ui.shell.big_number import BigNumber
from companion.ui.shell.line_card import LineCard
from companion.ui.shell.line_words import row_of_emergency, row_of_line
from companion.ui.widgets.qr_picture import QrPicture
from tests.ui.conftest import settle
from tests.ui.stage import Stage, button, staged, words


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


def a_line(**changes: object) -> CrisisLine:
    given = {
        "country": "GB",
        "name": "A Line",
        "audience": "everyone",
        "topics": ("suicide",),
        "languages": ("en",),
        "confidence": Confidence.HIGH,
        "newest_source": "2026-10",
        "sources": ("a public list",),
        "phone": "0800 111 0 222",
    }
    return CrisisLine(**(given | changes))


def card_of(stage: Stage, line: CrisisLine) -> LineCard:
    card = LineCard(stage.kit, row_of_line(line, stage.facts), stage.clipboard)
    stage.show(card)
    return card


@pytest.mark.parametrize(
    ("changes", "second"),
    [
        ({"hours": "24/7"}, "Call, day and night."),
        ({"hours": None}, "Call, hours not confirmed."),
        ({"hours": "10am-10pm daily"}, "Call, 10am-10pm daily."),
        ({"hours": "24/7", "sms": TextContact("85258", "HELLO")}, "Call or text, day and night."),
        ({"hours": "24/7", "phone": None, "sms": TextContact("85258")}, "Text, day and night."),
        ({"hours": "24/7", "chat_url": "https://chat.example.org"}, "Call or chat, day and night."),
        ({"hours": "24/7", "audience": "veterans"}, "Call, day and night. For veterans."),
        ({"hours": "24/7", "caller_note": "The call may cost money."}, "Call, day and night. The call may cost money."),
        ({"hours": "24/7", "caller_note": "You can call, text or chat."}, "Call, day and night."),
        (
            {"hours": "24/7", "audience": "youth", "caller_note": "For people under 19."},
            "Call, day and night. For people under 19.",
        ),
    ],
)
def test_the_second_line_says_how_when_for_whom_and_what_it_costs(
    stage: Stage, changes: dict[str, object], second: str
) -> None:
    assert row_of_line(a_line(**changes), stage.facts).second == second


def test_no_line_without_stated_hours_is_called_open_day_and_night(stage: Stage) -> None:
    for country in stage.facts.countries():
        for line in stage.facts.lines(country.code):
            row = row_of_line(line, stage.facts)
            assert ("day and night" in row.second.partition(".")[0]) == (line.hours == "24/7"), line.name


def test_every_shipped_line_has_a_way_and_copies_the_digits_of_its_record(stage: Stage) -> None:
    for country in stage.facts.countries():
        for line in stage.facts.lines(country.code):
            row = row_of_line(line, stage.facts)
            first = line.number or (line.sms.number if line.sms else line.chat_url or line.website)
            assert row.ways[0].copied == first
            if line.number:
                assert row.shown.replace(" ", "").replace("-", "") == line.number.replace(" ", "").replace("-", "")


def test_what_is_less_sure_says_so_beside_the_number(stage: Stage) -> None:
    card = card_of(stage, a_line(confidence=Confidence.MEDIUM, newest_source="2023-12-01"))
    assert "Check before you rely on it" in words(card)
    assert "Newest source 2023: call first" in words(card)
    assert "Date not known: call first" in words(card_of(stage, a_line(newest_source=None)))


def test_nobody_is_told_to_call_a_number_for_danger_to_life_first(stage: Stage) -> None:
    number = stage.facts.emergency("AD")
    assert number is not None
    row = row_of_emergency(number, stage.facts)
    assert row.age == "Newest source 2025"
    assert row.name == "Emergency services"


def test_an_ambulance_number_says_that_it_is_the_ambulance(stage: Stage) -> None:
    number = stage.facts.emergency("AE")
    assert number is not None
    assert row_of_emergency(number, stage.facts).name == "Ambulance"
    opened = LineCard(stage.kit, row_of_emergency(number, stage.facts), stage.clipboard)
    stage.show(opened)
    opened.set_open(True)
    stage.settle()
    assert "Police 999. Fire 997." in words(opened)


def test_copy_puts_the_number_on_the_clipboard_and_leaves_it_there(stage: Stage) -> None:
    card = card_of(stage, a_line())
    button(card, "Copy 0800 111 0 222, A Line").click()
    assert QApplication.clipboard().text() == "0800 111 0 222"
    stage.clipboard.clear_ours(include_numbers=False)
    assert QApplication.clipboard().text() == "0800 111 0 222"
    stage.clipboard.clear_ours(include_numbers=True)
    assert QApplication.clipboard().text() == ""


def test_the_number_is_spoken_digit_by_digit(stage: Stage) -> None:
    assert row_of_line(a_line(), stage.facts).spoken == "0 8 0 0, 1 1 1, 0, 2 2 2"


def test_more_opens_every_other_way(stage: Stage) -> None:
    line = a_line(
        sms=TextContact("85258", "HELLO"), chat_url="https://chat.example.org/", website="https://example.org"
    )
    card = card_of(stage, line)
    assert "example.org" not in words(card)
    button(card, "More ways to reach A Line").click()
    stage.settle()
    shown = words(card)
    for expected in (
        "Call 0800 111 0 222",
        "Text HELLO to 85258",
        "Chat online: chat.example.org",
        "Website: example.org",
        "From a public list. Newest source October 2026.",
    ):
        assert expected in shown
    button(card, "Copy: Text HELLO to 85258").click()
    assert QApplication.clipboard().text() == "85258"
    button(card, "Fewer ways to reach A Line").click()
    assert not card.is_open


@pytest.mark.parametrize("palette", ["light", "dark", "hc_dark"])
def test_the_code_is_dark_on_white_in_every_palette(stage: Stage, palette: str) -> None:
    stage.settings.change(palette=palette)
    stage.theme.apply(stage.settings.current)
    card = card_of(stage, a_line())
    card.set_open(True)
    stage.settle()
    button(card, "Scan with your phone: Call 0800 111 0 222").click()
    stage.settle()
    code = card.findChild(QrPicture)
    assert code.isVisible()
    image = code.grab().toImage()
    shades = {image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())}
    assert shades == {0, 255}
    assert image.pixelColor(0, 0).lightness() == 255
    button(card, "Scan with your phone: Call 0800 111 0 222").click()
    assert not code.isVisible()


def test_a_phone_is_given_the_digits_alone(stage: Stage) -> None:
    row = row_of_line(a_line(sms=TextContact("85258", "HELLO")), stage.facts)
    assert [way.uri for way in row.ways] == ["tel:08001110222", "sms:85258?body=HELLO"]


def test_show_big_fills_the_window_and_gives_the_focus_back(stage: Stage) -> None:
    card = card_of(stage, a_line())
    card.set_open(True)
    stage.settle()
    opener = button(card, "Show big: Call 0800 111 0 222")
    opener.setFocus()
    opener.click()
    stage.settle()
    window = card.window()
    big = window.findChild(BigNumber)
    assert big.geometry() == window.rect()
    assert window.focusWidget().text() == "Close"
    window.resize(900, 500)
    stage.settle()
    assert big.geometry() == window.rect()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    stage.settle()
    assert window.findChild(BigNumber) is None
    assert opener.hasFocus()


def test_a_big_number_goes_when_its_page_is_hidden(stage: Stage) -> None:
    card = card_of(stage, a_line())
    card.show_big("0800")
    window = card.window()
    other = QWidget()
    window.layout().addWidget(other)
    card.hide()
    stage.settle()
    assert window.findChild(BigNumber) is None


def test_a_number_keeps_to_one_line_and_the_buttons_go_under_it_where_there_is_no_room(stage: Stage) -> None:
    card = LineCard(stage.kit, row_of_line(a_line(), stage.facts), stage.clipboard)
    window = stage.show(card, scale=2.0)
    window.resize(520, 700)
    stage.settle()
    assert card.width() <= 520
    copy = button(card, "Copy 0800 111 0 222, A Line")
    assert 0 <= copy.mapTo(window, copy.rect().topLeft()).x() <= 520 - copy.width()


def test_copied_is_shown_and_passes(stage: Stage) -> None:
    card = card_of(stage, a_line())
    copy = button(card, "Copy 0800 111 0 222, A Line")
    before = copy.grab().toImage()
    copy.click()
    assert copy.grab().toImage() != before
    card._copied.timeout.emit()
    assert copy.grab().toImage() == before


def test_showing_big_leaves_every_other_number_its_size(stage: Stage) -> None:
    """The theme hands out one font for all; drawing a number large once made every number on the page giant."""
    before = stage.kit.theme.font("number").pixelSize()
    card = card_of(stage, a_line())
    card.show_big("0800")
    settle()
    card.window().grab()
    assert stage.kit.theme.font("number").pixelSize() == before
