"""Choosing: moods, segments, tabs, lists, switches, chips, checks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from companion.core.settings import Settings
from companion.ui.kit import Kit
from tests.ui.conftest import settle
from tests.ui.look import description_of, name_of, role_of, state_of


@pytest.fixture
def window(qtbot):
    def show(*parts: QWidget, width: int = 900) -> QWidget:
        holder = QWidget()
        qtbot.addWidget(holder)
        layout = QVBoxLayout(holder)
        for part in parts:
            layout.addWidget(part)
        layout.addStretch(1)
        holder.resize(width, 600)
        holder.show()
        holder.activateWindow()
        QTest.qWaitForWindowActive(holder)
        return holder

    return show


def tab(*, back: bool = False) -> QWidget:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
    return QApplication.focusWidget()


# --- moods --------------------------------------------------------------


@pytest.mark.parametrize("make", ["mood_tiles", "mood_list"])
def test_tab_lands_on_the_chosen_mood_and_leaves_after_one_stop(kit: Kit, window, make: str) -> None:
    before, picker, after = QLineEdit(), getattr(kit, make)(), QLineEdit()
    picker.set_level(4)
    holder = window(before, picker, after)
    before.setFocus()
    assert tab() is picker.choices[3]
    assert tab() is after
    assert tab(back=True) is picker.choices[3]
    picker.setFocus()
    assert picker.choices[3].hasFocus()
    del holder


def test_tab_lands_on_the_first_mood_when_none_is_chosen(kit: Kit, window) -> None:
    before, picker = QLineEdit(), kit.mood_tiles()
    holder = window(before, picker)
    before.setFocus()
    assert tab() is picker.choices[0]
    assert picker.level is None  # landing is not choosing
    del holder


def test_arrows_move_and_choose_and_go_round(kit: Kit, window) -> None:
    picker = kit.mood_tiles()
    picked: list[object] = []
    picker.picked.connect(picked.append)
    picker.set_level(4)
    holder = window(picker)
    picker.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home):
        QTest.keyClick(QApplication.focusWidget(), key)
    assert picked == [5, 1, 5, 4, 5, 1]
    assert QApplication.focusWidget() is picker.choices[0]
    del holder


def test_arrows_are_mirrored_right_to_left(kit: Kit, window, qapp) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    picker = kit.mood_tiles()
    picker.set_level(2)
    holder = window(picker)
    picker.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    assert picker.level == 3
    first, second = picker.choices[0], picker.choices[1]
    assert first.geometry().left() > second.geometry().left()
    del holder


def test_digits_choose_only_while_the_focus_is_inside(kit: Kit, window) -> None:
    edit, picker = QLineEdit(), kit.mood_tiles()
    holder = window(edit, picker)
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_5)
    assert (edit.text(), picker.level) == ("5", None)
    picker.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_5)
    assert picker.level == 5
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_6)
    assert picker.level == 5
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert picker.level == 5
    del holder


def test_a_mood_can_be_cleared(kit: Kit, window) -> None:
    picker = kit.mood_tiles()
    picked: list[object] = []
    picker.picked.connect(picked.append)
    holder = window(picker)
    QTest.mouseClick(picker.choices[1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(picker.choices[1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(picker.choices[2], Qt.MouseButton.LeftButton)
    QTest.keyClick(picker.choices[2], Qt.Key.Key_Delete)
    QTest.keyClick(picker.choices[2], Qt.Key.Key_Delete)
    assert picked == [2, None, 3, None]
    assert picker.level is None
    del holder


def test_setting_a_level_is_not_picking(kit: Kit, qtbot) -> None:
    picker = kit.mood_list()
    qtbot.addWidget(picker)
    with qtbot.assertNotEmitted(picker.picked):
        picker.set_level(3)
        picker.set_level(None)


def test_moods_are_a_group_of_radio_buttons(kit: Kit, window) -> None:
    picker = kit.mood_tiles()
    picker.set_level(3)
    holder = window(picker)
    assert role_of(picker) == QAccessible.Role.Grouping
    assert name_of(picker)
    assert [name_of(choice) for choice in picker.choices][2] == "Mixed, 3 of 5"
    assert {role_of(choice) for choice in picker.choices} == {QAccessible.Role.RadioButton}
    assert [bool(state_of(choice).checked) for choice in picker.choices] == [False, False, True, False, False]
    assert all(state_of(choice).checkable for choice in picker.choices)
    del holder


def test_mood_tiles_become_rows_where_there_is_no_room(kit: Kit, window) -> None:
    picker = kit.mood_tiles()
    holder = window(picker, width=900)
    tops = {choice.y() for choice in picker.choices}
    assert len(tops) == 1
    assert len({choice.width() for choice in picker.choices}) == 1
    holder.resize(340, 600)
    settle()
    assert len({choice.y() for choice in picker.choices}) > 1
    assert all(choice.width() >= 84 for choice in picker.choices)


def test_the_chosen_mood_differs_without_colour(kit: Kit, qtbot) -> None:
    picker = kit.mood_tiles()
    qtbot.addWidget(picker)
    picker.resize(600, 100)
    tile = picker.choices[2]
    picker.show()
    plain = _grey(tile)
    picker.set_level(3)
    chosen = _grey(tile)
    differing = sum(abs(a - b) > 40 for a, b in zip(plain, chosen, strict=True))
    assert differing > 60  # tick, wider edge, bolder word


def _grey(widget: QWidget) -> list[int]:
    image = widget.grab().toImage()
    return [image.pixelColor(x, y).lightness() for y in range(image.height()) for x in range(image.width())]


# --- segments, switches, checks, chips -------------------------------------


def test_segments_choose_one_and_keep_their_size(kit: Kit, window) -> None:
    part = kit.segmented([("low", "Low"), ("some", "Some"), ("plenty", "Plenty")], "Energy")
    holder = window(part)
    heard: list[str] = []
    part.chosen.connect(heard.append)
    assert part.current == "low"
    width = part.choices[1].width()
    QTest.mouseClick(part.choices[1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(part.choices[1], Qt.MouseButton.LeftButton)
    assert heard == ["some"]
    assert part.current == "some"
    settle()
    assert part.choices[1].width() == width
    del holder


def test_clearable_segments_can_have_none(kit: Kit, window) -> None:
    part = kit.segmented([("low", "Low"), ("some", "Some")], "Energy", clearable=True)
    holder = window(part)
    heard: list[str] = []
    part.chosen.connect(heard.append)
    assert part.current == ""
    QTest.mouseClick(part.choices[0], Qt.MouseButton.LeftButton)
    QTest.mouseClick(part.choices[0], Qt.MouseButton.LeftButton)
    assert heard == ["low", ""]
    part.choose("some")
    assert heard == ["low", ""]
    part.choose("")
    assert part.current == ""
    del holder


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_switch_is_a_check_box_with_words(kit: Kit, window, qtbot, key: Qt.Key) -> None:
    switch = kit.switch("Neutral name")
    holder = window(switch)
    assert role_of(switch) == QAccessible.Role.CheckBox
    assert name_of(switch) == "Neutral name"
    assert not state_of(switch).checked
    with qtbot.waitSignal(switch.toggled) as heard:
        QTest.keyClick(switch, key)
    assert heard.args == [True]
    assert state_of(switch).checked
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))  # the word is part of the target
    assert not switch.isChecked()
    assert switch.width() >= 92
    del holder


def test_a_check_ticks_by_its_words_too(kit: Kit, window) -> None:
    check = kit.check("Ten minutes outside", "From my plan")
    holder = window(check)
    QTest.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(200, check.height() // 2))
    assert check.isChecked()
    assert (name_of(check), description_of(check)) == ("Ten minutes outside", "From my plan")
    del holder


def test_a_chip_shows_that_it_is_chosen(kit: Kit, window) -> None:
    chip = kit.chip("In person", checkable=True)
    holder = window(chip)
    before = chip.sizeHint().width()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert chip.isChecked()
    assert state_of(chip).checked
    assert chip.sizeHint().width() > before  # the tick has room
    del holder


def test_a_chip_is_taken_away_by_its_cross_or_by_delete(kit: Kit, window) -> None:
    chip = kit.chip("walk", removable=True)
    holder = window(chip)
    removed: list[bool] = []
    pressed: list[bool] = []
    chip.removed.connect(lambda: removed.append(True))
    chip.clicked.connect(lambda: pressed.append(True))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 16, chip.height() // 2))
    assert (len(removed), len(pressed)) == (1, 0)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(16, chip.height() // 2))
    assert (len(removed), len(pressed)) == (1, 1)
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    QTest.keyClick(chip, Qt.Key.Key_Backspace)
    assert len(removed) == 3
    assert description_of(chip)
    del holder


# --- lists --------------------------------------------------------------

TIMES = [("1", "After 1 minute"), ("2", "After 2 minutes"), ("5", "After 5 minutes"), ("x", "When I lock it")]


@pytest.fixture
def times(kit: Kit, window):
    button = kit.list_button(TIMES, "Lock when I step away")
    button.choose("2")
    holder = window(button)
    button.holder = holder
    return button


def _popup(button: QWidget) -> QWidget:
    return button._popup.list


def test_a_list_opens_inside_the_window(times) -> None:
    before = len(QApplication.topLevelWidgets())
    QTest.keyClick(times, Qt.Key.Key_Space)
    assert times.is_open
    assert len(QApplication.topLevelWidgets()) == before
    assert QApplication.activePopupWidget() is None
    assert _popup(times).hasFocus()
    assert times.window().rect().contains(times._popup._frame.geometry())
    assert role_of(_popup(times)) == QAccessible.Role.List
    assert name_of(_popup(times)) == "Lock when I step away"


def test_arrows_type_ahead_and_enter_choose(times, qtbot) -> None:
    heard: list[str] = []
    times.chosen.connect(heard.append)
    QTest.keyClick(times, Qt.Key.Key_Down)
    QTest.keyClick(_popup(times), Qt.Key.Key_Down)
    QTest.keyClick(_popup(times), Qt.Key.Key_Return)
    assert heard == ["5"]
    assert times.hasFocus()
    QTest.keyClick(times, Qt.Key.Key_Return)
    QTest.keyClicks(_popup(times), "wh")
    QTest.keyClick(_popup(times), Qt.Key.Key_Space)
    assert heard == ["5", "x"]
    assert times.text() == "When I lock it"
    assert name_of(times) == "Lock when I step away: When I lock it"


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Tab])
def test_escape_and_tab_leave_a_list_unchanged(times, key: Qt.Key) -> None:
    heard: list[str] = []
    times.chosen.connect(heard.append)
    times.open_list()
    QTest.keyClick(_popup(times), Qt.Key.Key_Down)
    QTest.keyClick(_popup(times), key)
    assert not times.is_open
    assert times.hasFocus()
    assert heard == []
    assert times.current == "2"


def test_a_press_beside_a_list_closes_it(times) -> None:
    times.open_list()
    QTest.mouseClick(times._popup, Qt.MouseButton.LeftButton, pos=QPoint(5, 595))
    assert not times.is_open


def test_a_list_closes_when_the_focus_goes_elsewhere(kit: Kit, times) -> None:
    other = QLineEdit(times.window())
    other.show()
    times.open_list()
    other.setFocus()
    assert not times.is_open
    assert other.hasFocus()


def test_a_click_on_an_entry_chooses_it(times) -> None:
    heard: list[str] = []
    times.chosen.connect(heard.append)
    times.open_list()
    view = _popup(times)
    settle()
    spot = view.visualItemRect(view.item(3)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert heard == ["x"]


def test_a_list_near_the_lower_edge_opens_upwards_and_fits(kit: Kit, qtbot) -> None:
    kit.theme.apply(Settings(palette="light", text_scale=2.0))
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(640, 480)
    button = kit.list_button([(str(n), f"Choice number {n} with some more words") for n in range(40)], "Many")
    button.setParent(holder)
    button.setGeometry(10, 380, 620, 90)
    holder.show()
    holder.activateWindow()
    QTest.qWaitForWindowActive(holder)
    button.open_list()
    frame = button._popup._frame.geometry()
    assert holder.rect().contains(frame)
    assert frame.bottom() <= 380
    assert button._popup.list.horizontalScrollBar().maximum() == 0
    button._popup.close_list()


def test_new_items_keep_what_is_chosen_if_they_can(kit: Kit, qtbot) -> None:
    button = kit.list_button(TIMES, "Lock")
    qtbot.addWidget(button)
    button.choose("5")
    button.set_items(TIMES[2:])
    assert button.current == "5"
    button.set_items(TIMES[:1])
    assert button.current == "1"


# --- tabs ---------------------------------------------------------------

PAGES = [("write", "Write", "pencil"), ("timeline", "Timeline", "scroll-text"), ("search", "Search", "search")]


def test_tabs_have_real_roles_and_keys(kit: Kit, window) -> None:
    tabs = kit.tabs(PAGES)
    holder = window(tabs)
    heard: list[str] = []
    tabs.chosen.connect(heard.append)
    bar = QAccessible.queryAccessibleInterface(tabs._bar)
    assert bar.role() == QAccessible.Role.PageTabList
    assert [bar.child(n).text(QAccessible.Text.Name) for n in range(3)] == ["Write", "Timeline", "Search"]
    tabs.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert heard == ["timeline"]
    assert tabs.current == "timeline"
    tabs.choose("search")
    assert heard == ["timeline"]
    del holder


def test_tabs_become_a_list_when_the_text_is_large_or_room_is_short(kit: Kit, window) -> None:
    tabs = kit.tabs(PAGES)
    holder = window(tabs)
    assert not tabs.is_list
    heard: list[str] = []
    tabs.chosen.connect(heard.append)
    holder.resize(240, 600)
    settle()
    assert tabs.is_list
    tabs._list.open_list()
    QTest.keyClick(_popup(tabs._list), Qt.Key.Key_Down)
    QTest.keyClick(_popup(tabs._list), Qt.Key.Key_Return)
    assert heard == ["timeline"]
    holder.resize(900, 600)
    settle()
    assert not tabs.is_list
    assert tabs.current == "timeline"
    kit.theme.apply(Settings(palette="light", text_scale=1.5))
    assert tabs.is_list


def test_choosing_a_tab_moves_nothing(kit: Kit, window) -> None:
    tabs = kit.tabs(PAGES)
    holder = window(tabs)
    before = [tabs._bar.tabRect(n).getRect() for n in range(3)]
    tabs.choose("search")
    settle()
    assert [tabs._bar.tabRect(n).getRect() for n in range(3)] == before
    del holder
