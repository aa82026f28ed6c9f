"""The lock screen: people beside the passphrase, states in words, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from companion.core.errors import DiskUnreachable, VaultDamaged, WrongSecret
from companion.ui.shell.unlock import LockScreen
from tests.ui.stage import SIZES, SMALL, WIDE, Stage, button, cut, in_view, line, staged, tab_walk, without_name, words


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


@pytest.fixture
def screen(stage: Stage) -> LockScreen:
    return LockScreen(*stage.parts)


def test_three_lines_with_their_numbers_are_seen_before_anything_is_typed(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen, WIDE)
    seen = [card for card in screen.lines.cards if in_view(window, card)]
    assert len(seen) >= 3
    assert [card.row.shown for card in seen][:2] == ["988", "HOME to 741741"]
    assert seen[-1].row.shown == "911"
    assert "You do not need to be sure. You are not bothering anyone." in words(window)


@pytest.mark.parametrize(("size", "scale"), SIZES)
@pytest.mark.parametrize("state", ["normal", "wrong", "damaged", "opening", "no-space", "forgot", "open line", "DE"])
def test_nothing_is_cut(stage: Stage, state: str, size: QSize, scale: float) -> None:
    screen = LockScreen(*stage.parts)
    screen.set_spaces([("a", "Space 1"), ("b", "Space 2")], "a")
    window = stage.show(screen, size, scale)
    {
        "normal": lambda: None,
        "wrong": lambda: screen.show_error(WrongSecret()),
        "damaged": lambda: screen.show_error(VaultDamaged("page", Path("20261103-0710-daily.vbak"))),
        "opening": screen.show_opening,
        "no-space": lambda: screen.show_state("no-space"),
        "forgot": screen.card.show_forgot,
        "open line": lambda: screen.lines.cards[0].set_open(True),
        "DE": lambda: screen.lines.show_country("DE"),
    }[state]()
    stage.settle()
    assert cut(window) == []
    assert without_name(window) == []


@pytest.mark.parametrize(("size", "scale"), [(WIDE, 2.0), (SMALL, 1.0), (SMALL, 2.0)])
def test_where_room_is_short_the_bar_is_whole_and_help_is_in_it(
    stage: Stage, screen: LockScreen, size: QSize, scale: float
) -> None:
    window = stage.show(screen, size, scale)
    assert button(screen.top_bar, "Help right now").isVisible()
    assert button(screen.top_bar, "Hide").isVisible()
    assert button(screen.top_bar, "Text size").isVisible()
    assert in_view(window, line(window, "Passphrase"))
    assert screen.top_bar.geometry().top() == 0


def test_tab_goes_from_the_passphrase_over_open_and_forgot_to_the_lines(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    names = tab_walk(window, line(window, "Passphrase"))
    assert names[:6] == [
        "Passphrase",
        "Show Passphrase",
        "Open",
        "I forgot my passphrase",
        "Copy 988, 988 Suicide & Crisis Lifeline",
        "More ways to reach 988 Suicide & Crisis Lifeline",
    ]
    assert names.index("Help right now") < names.index("Hide")


def test_the_order_stays_when_a_line_is_opened_and_the_country_changed(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    screen.lines.show_country("GB")
    screen.lines.cards[0].set_open(True)
    stage.settle()
    names = tab_walk(window, line(window, "Passphrase"))
    more = names.index("Fewer ways to reach Samaritans")
    assert names[more + 1] == "Copy: Call 116 123"
    assert names.index("Help right now") > names.index("Change country") > more


def test_enter_and_open_ask_to_unlock_with_what_was_typed(stage: Stage, screen: LockScreen, qtbot: object) -> None:
    window = stage.show(screen)
    asked: list[str] = []
    screen.unlock_requested.connect(asked.append)
    QTest.keyClicks(line(window, "Passphrase"), "lantern gravel")
    QTest.keyClick(line(window, "Passphrase"), Qt.Key.Key_Return)
    button(window, "Open").click()
    assert asked == ["lantern gravel", "lantern gravel"]


def test_an_empty_field_asks_nothing_and_says_so(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    asked: list[str] = []
    screen.unlock_requested.connect(asked.append)
    button(window, "Open").click()
    assert asked == []
    assert "Type your passphrase first." in words(window)


def test_a_wrong_passphrase_is_said_beside_the_field_which_stays_focused_and_selected(
    stage: Stage, screen: LockScreen
) -> None:
    window = stage.show(screen)
    field = line(window, "Passphrase")
    field.setText("not this one")
    button(window, "Show Passphrase").setFocus()
    screen.show_opening()
    assert "Opening your space. This takes a second or two on purpose. It keeps others out." in words(window)
    screen.show_error(WrongSecret())
    assert "That didn't open it. Check Caps Lock and try again. There is no limit." in words(window)
    assert field.hasFocus()
    assert field.selectedText() != ""
    assert not field.isReadOnly()
    assert "That didn't open it" in field.accessibleDescription()


def test_nothing_is_sent_twice_while_it_opens(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    asked: list[str] = []
    screen.unlock_requested.connect(asked.append)
    line(window, "Passphrase").setText("lantern")
    screen.show_opening()
    QTest.keyClick(line(window, "Passphrase"), Qt.Key.Key_Return)
    assert asked == []
    assert not button(window, "Open").isEnabled()


def test_a_damaged_space_names_its_last_backup_and_opens_it(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    asked: list[tuple[Path, str]] = []
    screen.backup_requested.connect(lambda file, typed: asked.append((file, typed)))
    backup = Path("20261103-0710-daily.vbak")
    screen.show_error(VaultDamaged("page", backup))
    assert screen.card.state == "damaged"
    assert "This file is damaged and we can't open it. Your last backup is from 3 November" in words(window)
    button(window, "Open the backup").click()
    assert asked == []
    assert "Type the passphrase of the backup first." in words(window)
    line(window, "Passphrase").setText("older words")
    button(window, "Open the backup").click()
    assert asked == [(backup, "older words")]
    screen.show_opening()
    screen.show_error(WrongSecret("backup"))
    assert "Wrong passphrase for this backup. It may use an older one." in words(window)
    button(window, "Open the backup").click()
    assert len(asked) == 2
    screen.show_error(WrongSecret())
    screen.clear()
    assert "What is here now is moved aside" not in words(window)


def test_trouble_that_is_not_about_the_passphrase_does_not_blame_it(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    screen.show_error(DiskUnreachable(Path("/media/stick")))
    assert "This place can't be reached: /media/stick." in words(window)
    assert "That didn't open it" not in words(window)


def test_clear_leaves_no_typed_word(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    line(window, "Passphrase").setText("lantern gravel")
    button(window, "Show Passphrase").click()
    screen.clear()
    field = line(window, "Passphrase")
    assert field.text() == ""
    assert not field.isUndoAvailable()
    assert field.echoMode() == QLineEdit.EchoMode.Password


def test_pasting_a_passphrase_works(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    QApplication.clipboard().setText("lantern gravel seven otters")
    line(window, "Passphrase").paste()
    assert line(window, "Passphrase").text() == "lantern gravel seven otters"


def test_caps_lock_is_named_as_soon_as_typing_shows_it(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    field = line(window, "Passphrase")
    QTest.sendKeyEvent(QTest.KeyAction.Click, field, Qt.Key.Key_A, "A", Qt.KeyboardModifier.ShiftModifier)
    assert "Caps Lock is on." not in words(window)
    QTest.sendKeyEvent(QTest.KeyAction.Click, field, Qt.Key.Key_A, "A", Qt.KeyboardModifier.NoModifier)
    assert "Caps Lock is on." in words(window)
    QTest.sendKeyEvent(QTest.KeyAction.Click, field, Qt.Key.Key_CapsLock, "", Qt.KeyboardModifier.NoModifier)
    assert "Caps Lock is on." not in words(window)


def test_spaces_are_offered_only_when_there_are_several(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    screen.set_spaces([("a", "Space 1")], "a")
    assert "Which space" not in words(window)
    chosen: list[str] = []
    screen.space_chosen.connect(chosen.append)
    screen.set_spaces([("a", "Space 1"), ("b", "Space 2")], "a")
    stage.settle()
    choice = button(window, "Which space: Space 1")
    choice.click()
    QTest.keyClick(choice._popup.list, Qt.Key.Key_Down)
    QTest.keyClick(choice._popup.list, Qt.Key.Key_Return)
    assert chosen == ["b"]


def test_without_a_space_there_is_one_way_to_make_one_and_no_field(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    screen.show_state("no-space")
    asked: list[bool] = []
    screen.new_space_requested.connect(lambda: asked.append(True))
    assert "Passphrase" not in words(window).split(" | ")
    button(window, "Set up my private space").click()
    assert asked == [True]
    screen.focus_field()
    assert button(window, "Set up my private space").hasFocus()


def test_a_forgotten_passphrase_leads_to_the_recovery_key(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    asked: list[tuple[str, str]] = []
    screen.recovery_requested.connect(lambda code, new: asked.append((code, new)))
    button(window, "I forgot my passphrase").click()
    assert "Without one of these, your notes can't be opened." in words(window)
    line(window, "Recovery key").setText("4F7K-9Q2M")
    line(window, "New passphrase").setText("lantern gravel seven")
    line(window, "The same new words again").setText("lantern gravel")
    button(window, "Open with the recovery key").click()
    assert asked == []
    assert line(window, "The same new words again").hasFocus()
    line(window, "The same new words again").setText("lantern gravel seven")
    button(window, "Open with the recovery key").click()
    assert asked == [("4F7K-9Q2M", "lantern gravel seven")]
    screen.show_opening()
    assert "Opening your space." in words(window)
    assert not button(window, "Open with the recovery key").isEnabled()
    screen.show_error(WrongSecret("recovery-typo"))
    assert button(window, "Open with the recovery key").isEnabled()
    assert "This recovery key has a typing mistake." in words(window)


def test_another_country_is_one_step_and_changes_the_lines(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    changed: list[str] = []
    screen.country_changed.connect(changed.append)
    button(window, "Change country").click()
    stage.settle()
    QTest.keyClicks(line(window, "Type the name of a country"), "king")
    QTest.keyClick(line(window, "Type the name of a country"), Qt.Key.Key_Return)
    stage.settle()
    assert changed == ["GB"]
    assert screen.lines.cards[0].row.shown == "116 123"
    assert "United Kingdom" in words(window)


@pytest.mark.parametrize("country", ["AD", "GB", "PK", "DE", "IN"])
def test_every_country_has_something_to_reach(stage: Stage, screen: LockScreen, country: str) -> None:
    stage.show(screen)
    screen.lines.show_country(country)
    emergency = stage.facts.emergency(country)
    assert emergency is not None
    assert screen.lines.cards[-1].row.ways[0].copied == emergency.number


def test_without_a_country_two_websites_and_a_way_to_choose(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    screen.lines.show_country(None)
    stage.settle()
    assert [card.row.shown for card in screen.lines.cards] == ["findahelpline.com", "befrienders.org"]
    assert button(window, "Choose a country").isVisible()


def test_text_size_and_colours_change_at_once_and_are_kept(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    size = button(window, "Text size")
    size.click()
    popup = window.focusWidget()
    QTest.keyClick(popup, Qt.Key.Key_End)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert stage.theme.scale == 2.0
    assert stage.settings.current.text_scale == 2.0
    stage.settle()
    assert window.focusWidget().accessibleName() == "Text size"
    button(window, "Colours").click()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_End)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert stage.theme.name == "hc_dark"


def test_what_is_typed_stays_when_the_look_changes(stage: Stage, screen: LockScreen) -> None:
    window = stage.show(screen)
    line(window, "Passphrase").setText("half typed")
    stage.settings.change(palette="dark", text_scale=2.0)
    stage.theme.apply(stage.settings.current)
    stage.settle()
    assert line(window, "Passphrase").text() == "half typed"


def test_the_name_outside_the_lock_is_neutral_until_the_person_says_otherwise(stage: Stage) -> None:
    neutral = stage.show(LockScreen(*stage.parts))
    assert "Notes" in words(neutral)
    assert "Companion" not in words(neutral)
    stage.settings.change(neutral_name=False)
    named = stage.show(LockScreen(*stage.parts))
    assert "Companion" in words(named)
