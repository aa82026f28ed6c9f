"""What lies over the page: sheets, toasts, the focus ring; and the parts that say and hold."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from companion.core.settings import Settings
from companion.ui.kit import Kit
from companion.ui.shell.keys import KeyFilter
from companion.ui.widgets import field as field_module
from companion.ui.widgets.focus_ring import FocusRing
from companion.ui.widgets.sheet import SheetHost
from companion.ui.widgets.toast import ToastHost
from tests.ui.conftest import settle
from tests.ui.look import cut, description_of, name_of, role_of


class Window(QWidget):
    """A window as the app has it: a page, sheets, toasts, a ring."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("kind", "window")
        layout = QVBoxLayout(self)
        self.first, self.last = QLineEdit(), kit.button("Last")
        layout.addWidget(self.first)
        layout.addStretch(1)
        layout.addWidget(self.last)
        self.sheets = SheetHost(self, kit)
        self.toasts = ToastHost(self, kit)
        self.ring = FocusRing(self, kit.theme)


@pytest.fixture
def window(kit: Kit, qtbot) -> Window:
    window = Window(kit)
    qtbot.addWidget(window)
    window.resize(900, 640)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    return window


def content(kit: Kit, *words: str) -> QWidget:
    holder = QWidget()
    column = kit.column(holder)
    for word in words or ("One", "Two"):
        column.addWidget(kit.button(word))
    return holder


def focused_words() -> str:
    widget = QApplication.focusWidget()
    return widget.text() if hasattr(widget, "text") else type(widget).__name__


def press(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


# --- sheets -------------------------------------------------------------


def test_a_sheet_keeps_the_focus_inside_both_ways(kit: Kit, window: Window) -> None:
    window.sheets.hide_all = lambda: None
    window.sheets.open(content(kit), "Help right now")
    assert focused_words() == "One"
    walked = []
    for _stop in range(5):
        press(Qt.Key.Key_Tab)
        walked.append(focused_words())
    assert walked == ["Two", "Hide", "Close", "One", "Two"]
    for _stop in range(3):
        press(Qt.Key.Key_Backtab)
    assert focused_words() == "Hide"


def test_a_sheet_is_a_dialog_with_a_name(kit: Kit, window: Window) -> None:
    window.sheets.open(content(kit), "Help right now")
    assert role_of(window.sheets.top) == QAccessible.Role.Dialog
    assert name_of(window.sheets.top) == "Help right now"
    assert not window.sheets.top.isWindow()
    assert len([w for w in QApplication.topLevelWidgets() if w.isVisible()]) == 1


def test_escape_closes_the_top_sheet_and_the_focus_goes_back(kit: Kit, window: Window) -> None:
    closed: list[str] = []
    window.last.setFocus()
    window.sheets.open(content(kit, "Lower"), "Lower", on_close=lambda: closed.append("lower"), key="a")
    window.sheets.open(content(kit, "Upper"), "Upper", on_close=lambda: closed.append("upper"), key="b")
    assert window.sheets.has("a")
    assert window.sheets.has("b")
    assert focused_words() == "Upper"
    press(Qt.Key.Key_Escape)
    assert closed == ["upper"]
    assert focused_words() == "Lower"
    assert window.sheets.top.isVisible()
    press(Qt.Key.Key_Escape)
    assert closed == ["upper", "lower"]
    assert not window.sheets.is_open
    assert window.last.hasFocus()


def test_sheets_close_by_button_by_name_and_all_but_one(kit: Kit, window: Window) -> None:
    for key in ("help", "menu", "note"):
        window.sheets.open(content(kit, key), key, key=key)
    window.sheets.close_named("menu")
    assert [window.sheets.has(key) for key in ("help", "menu", "note")] == [True, False, True]
    window.sheets.close_all(keep="help")
    assert window.sheets.top.key == "help"
    close = next(b for b in window.sheets.top.findChildren(QPushButton) if b.text() == "Close")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not window.sheets.is_open
    window.sheets.close()  # nothing to close


def test_a_page_behind_a_sheet_cannot_take_the_focus(kit: Kit, window: Window) -> None:
    window.sheets.open(content(kit), "Help right now")
    window.first.setFocus()
    assert focused_words() == "One"
    above = QLineEdit(window)  # something that is laid over the sheet may take it
    above.show()
    above.raise_()
    above.setFocus()
    assert above.hasFocus()
    window.sheets.close_all()
    window.first.setFocus()
    assert window.first.hasFocus()


def test_a_press_beside_a_sheet_reaches_nothing(kit: Kit, window: Window) -> None:
    window.sheets.open(content(kit), "Help right now")
    settle()
    heard: list[bool] = []
    window.last.clicked.connect(lambda: heard.append(True))
    handle = window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=window.last.geometry().center())
    assert heard == []
    assert window.sheets.is_open


def test_a_tall_sheet_scrolls_under_its_fixed_header(kit: Kit, window: Window) -> None:
    window.sheets.hide_all = lambda: None
    window.sheets.open(content(kit, *(f"Line {n}" for n in range(30))), "Help right now")
    settle()
    sheet = window.sheets.top
    assert window.rect().contains(sheet.geometry())
    close = next(b for b in sheet.findChildren(QPushButton) if b.text() == "Close")
    before = close.mapTo(window, QPoint(0, 0))
    sheet._area.verticalScrollBar().setValue(9999)
    assert sheet._area.verticalScrollBar().value() > 300
    assert close.mapTo(window, QPoint(0, 0)) == before
    press(Qt.Key.Key_Tab)  # from the first line to the second: it comes back into view
    assert (
        sheet._area.viewport()
        .rect()
        .contains(
            QRect(
                QApplication.focusWidget().mapTo(sheet._area.viewport(), QPoint(0, 0)),
                QApplication.focusWidget().size(),
            )
        )
    )


def test_a_sheet_is_760_wide_and_follows_the_window_and_its_content(kit: Kit, window: Window) -> None:
    holder = content(kit)
    window.sheets.open(holder, "More")
    settle()
    sheet = window.sheets.top
    height = sheet.height()
    assert sheet.width() == 760
    holder.layout().addWidget(kit.button("Three"))
    settle()
    assert sheet.height() > height
    window.resize(600, 500)
    settle()
    assert sheet.width() == 600 - 48
    assert abs(sheet.geometry().center().x() - window.rect().center().x()) <= 1


@pytest.mark.parametrize("size", [(640, 480), (1280, 860)])
@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_a_sheet_fits_at_large_text(kit: Kit, window: Window, size: tuple[int, int], scale: float) -> None:
    window.resize(*size)
    kit.theme.apply(Settings(palette="light", text_scale=scale))
    holder = QWidget()
    column = kit.column(holder)
    column.addWidget(kit.label("You do not need to be sure. You are not bothering anyone."))
    column.addWidget(kit.button("Show my steps", "soft", "anchor"))
    window.sheets.hide_all = lambda: None
    window.sheets.open(holder, "Help right now")
    settle()
    assert window.rect().contains(window.sheets.top.geometry())
    assert cut(window.sheets.top) == []


def test_a_sheet_with_one_line_in_it_has_a_whole_header(kit: Kit, window: Window) -> None:
    window.sheets.open(kit.label("Nothing here."), "Deleted notes")
    settle()
    sheet = window.sheets.top
    assert cut(sheet) == []
    close = next(b for b in sheet.findChildren(QPushButton) if b.text() == "Close")
    assert close.parentWidget().rect().contains(close.geometry())
    assert close.parentWidget().parentWidget().rect().contains(close.parentWidget().geometry())


def test_a_list_in_a_sheet_opens_and_leaves_the_sheet_open(kit: Kit, window: Window) -> None:
    button = kit.list_button([("a", "First"), ("b", "Second")], "Country")
    window.sheets.open(button, "Another country")
    press(Qt.Key.Key_Space)
    assert button.is_open
    QTest.keyClick(button._popup.list, Qt.Key.Key_Escape)
    assert not button.is_open
    assert window.sheets.is_open
    assert button.hasFocus()


def test_help_and_hide_keys_work_over_sheet_and_list(kit: Kit, window: Window, qapp) -> None:
    keys = KeyFilter()
    qapp.installEventFilter(keys)
    heard: list[str] = []
    keys.help_pressed.connect(lambda: heard.append("help"))
    keys.hide_pressed.connect(lambda: heard.append("hide"))
    button = kit.list_button([("a", "First"), ("b", "Second")], "Country")
    window.sheets.open(button, "Another country")
    button.open_list()
    press(Qt.Key.Key_F1)
    press(Qt.Key.Key_F9)
    qapp.removeEventFilter(keys)
    assert heard == ["help", "hide"]


def test_a_sheet_without_a_header_still_has_a_name(kit: Kit, window: Window) -> None:
    window.sheets.open(content(kit), "Help right now", header=False)
    assert name_of(window.sheets.top) == "Help right now"
    assert "Close" not in [b.text() for b in window.sheets.top.findChildren(QPushButton)]
    press(Qt.Key.Key_Escape)
    assert not window.sheets.is_open


def test_the_page_is_dimmed_as_the_design_says(kit: Kit, window: Window) -> None:
    for palette, part in (("light", 0.72), ("dark", 0.78)):
        kit.theme.apply(Settings(palette=palette))
        window.sheets.open(content(kit), "More")
        settle()
        seen = window.grab().toImage().pixelColor(4, 300)
        page, scrim = kit.theme.colour("background"), kit.theme.colour("scrim")
        wanted = page.green() * (1 - part) + scrim.green() * part
        assert abs(seen.green() - wanted) <= 3
        window.sheets.close()


# --- toasts -------------------------------------------------------------


def test_a_toast_says_it_and_can_be_undone(kit: Kit, window: Window) -> None:
    undone: list[bool] = []
    window.toasts.show("Note deleted.", "undo-2", undo=lambda: undone.append(True))
    toast = window.toasts.toast
    assert toast.text() == "Note deleted."
    assert name_of(toast) == "Note deleted."
    assert window.height() - toast.geometry().bottom() - 1 == 24
    QTest.mouseClick(toast.undo_button, Qt.MouseButton.LeftButton)
    assert undone == [True]
    assert window.toasts.toast is None


def test_a_toast_goes_after_its_time(kit: Kit, window: Window, qtbot) -> None:
    window.toasts.show("Saved.", seconds=0.05)
    qtbot.waitUntil(lambda: window.toasts.toast is None, timeout=2000)


def test_a_toast_waits_while_it_has_the_focus_or_the_pointer(kit: Kit, window: Window, qtbot) -> None:
    QTest.mouseMove(window.windowHandle(), QPoint(5, 5))  # the test before may have left it where the toast comes
    window.first.setFocus()
    window.toasts.show("Saved.", seconds=10)
    toast = window.toasts.toast
    assert not toast.is_waiting
    toast.close_button.setFocus()
    assert toast.is_waiting
    window.first.setFocus()
    assert not toast.is_waiting
    QTest.mouseMove(window.windowHandle(), toast.geometry().center())
    qtbot.waitUntil(lambda: toast.is_waiting)
    QTest.mouseMove(window.windowHandle(), QPoint(5, 5))
    qtbot.waitUntil(lambda: not toast.is_waiting)
    window.toasts.clear()


def test_a_second_toast_takes_the_place_of_the_first(kit: Kit, window: Window) -> None:
    window.toasts.show("First.")
    window.toasts.show("Second.")
    settle()
    shown = [w for w in window.findChildren(QWidget) if type(w).__name__ == "Toast"]
    assert [toast.text() for toast in shown] == ["Second."]
    QTest.mouseClick(shown[0].close_button, Qt.MouseButton.LeftButton)
    assert window.toasts.toast is None


def test_a_toast_fits_and_stays_away_from_the_top(kit: Kit, window: Window) -> None:
    kit.theme.apply(Settings(palette="light", text_scale=2.0))
    window.resize(640, 480)
    window.toasts.show("Saved. That copy is not locked: anyone who finds it can read it.", undo=lambda: None)
    settle()
    toast = window.toasts.toast
    assert window.rect().contains(toast.geometry())
    assert toast.geometry().top() > 116  # the bar at 200 %
    assert cut(toast) == []
    window.toasts.clear()


# --- the focus ring ------------------------------------------------------


def test_the_ring_lies_outside_and_covers_nothing(kit: Kit, window: Window) -> None:
    window.last.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert window.ring.target is window.last
    face = window.last.ring_rect().translated(window.last.mapTo(window, QPoint(0, 0)))
    assert window.ring.geometry() == face.adjusted(-5, -5, 5, 5)
    image = window.grab().toImage()
    middle = face.center().x()
    assert image.pixelColor(middle, face.top() - 4) == kit.theme.colour("focus")
    assert image.pixelColor(middle, face.top() - 1) == kit.theme.colour("background")
    window.ring.hide()
    bare = window.grab().toImage()
    for inside in (face.adjusted(12, 1, -12, -1), face.adjusted(1, 12, -1, -12)):  # all but the round corners
        assert image.copy(inside) == bare.copy(inside)


def test_the_ring_shows_for_keys_and_not_for_the_mouse(kit: Kit, window: Window) -> None:
    handle = window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=window.last.geometry().center())
    assert window.last.hasFocus()
    assert window.ring.target is None
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    assert window.first.hasFocus()
    assert window.ring.target is window.first
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=window.first.geometry().center())
    QTest.keyClick(handle, Qt.Key.Key_A)  # words typed into a field that was clicked
    assert window.first.text() == "a"
    assert window.ring.target is None


def test_the_ring_follows_scrolling_and_is_cut_at_the_edge(kit: Kit, qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    bar, page = kit.button("Bar"), QWidget()
    column = kit.column(page)
    edits = [QLineEdit() for _n in range(20)]
    for edit in edits:
        column.addWidget(edit)
    area = kit.scroll(page)
    layout = QVBoxLayout(window)
    layout.addWidget(bar)
    layout.addWidget(area)
    ring = FocusRing(window, kit.theme)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    edits[2].setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    before = ring.geometry()
    area.verticalScrollBar().setValue(20)
    assert ring.geometry() == before.translated(0, -20)
    top_of_view = area.viewport().mapTo(window, QPoint(0, 0)).y()
    area.verticalScrollBar().setValue(edits[2].y() + 4)
    assert ring.geometry().top() >= top_of_view
    area.verticalScrollBar().setValue(9999)
    assert ring.target is None
    area.verticalScrollBar().setValue(20)
    assert ring.target is edits[2]
    window.resize(500, 300)
    settle()
    left = edits[2].mapTo(window, QPoint(0, 0)).x()
    assert (ring.geometry().left(), ring.geometry().width()) == (left - 5, edits[2].width() + 10)
    edits[2].hide()
    assert ring.target is not edits[2]


def test_the_ring_is_above_sheets_and_goes_with_them(kit: Kit, window: Window) -> None:
    window.first.setFocus(Qt.FocusReason.TabFocusReason)
    window.sheets.open(content(kit), "More")
    settle()
    layers = window.children()
    assert window.ring.target is not None
    assert layers.index(window.ring) > layers.index(window.sheets._scrim)
    window.sheets.close()
    settle()
    assert window.ring.target is window.first


def test_tab_goes_through_every_part_and_back(kit: Kit, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = kit.column(holder)
    field, switch, check, chip = (
        kit.field("Name"),
        kit.switch("On"),
        kit.check("Walk"),
        kit.chip("walk", removable=True),
    )
    tabs, times = kit.tabs([("a", "A", ""), ("b", "B", "")]), kit.list_button([("a", "A")], "Times")
    moods, button, tile, last = kit.mood_tiles(), kit.button("Go"), kit.tile("sun", "Here"), QLineEdit()
    for part in (field, switch, check, chip, tabs, times, moods, button, tile, last):
        column.addWidget(part)
    holder.resize(800, 700)
    holder.show()
    holder.activateWindow()
    QTest.qWaitForWindowActive(holder)
    wanted = [field.edit, switch, check, chip, tabs._bar, times, moods.choices[0], button, tile, last]
    wanted[0].setFocus()
    walked = [QApplication.focusWidget()]
    for _stop in range(len(wanted) - 1):
        press(Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    assert walked == wanted
    for _stop in range(len(wanted) - 1):
        press(Qt.Key.Key_Backtab)
        walked.pop()
        assert QApplication.focusWidget() is walked[-1]


# --- fields --------------------------------------------------------------


def test_a_field_is_named_described_and_linked(kit: Kit, qtbot) -> None:
    field = kit.field("Passphrase", "10 characters or more.")
    qtbot.addWidget(field)
    field.show()
    assert name_of(field.edit) == "Passphrase"
    assert description_of(field.edit) == "10 characters or more."
    assert field.label.buddy() is field.edit
    field.setFocus()
    assert field.focusProxy() is field.edit


def test_an_error_is_shown_read_out_and_part_of_the_field(kit: Kit, qtbot, monkeypatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(field_module, "announce", lambda _widget, text: heard.append(text))
    field = kit.field("Passphrase", "10 characters or more.")
    qtbot.addWidget(field)
    field.show()
    height = field.sizeHint().height()
    field.set_error("That didn’t open it.")
    assert heard == ["That didn’t open it."]
    assert description_of(field.edit) == "That didn’t open it. 10 characters or more."
    assert field.sizeHint().height() > height
    field.clear_error()
    assert description_of(field.edit) == "10 characters or more."
    assert field.error == ""


def test_a_secret_can_be_shown_covered_pasted_and_wiped(kit: Kit, qtbot, qapp) -> None:
    field = kit.field("Passphrase", secret=True)
    qtbot.addWidget(field)
    field.show()
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password
    qapp.clipboard().setText("lantern river")
    field.edit.paste()
    assert field.text() == "lantern river"
    assert name_of(field.show_button) == "Show Passphrase"
    QTest.mouseClick(field.show_button, Qt.MouseButton.LeftButton)
    assert field.edit.echoMode() == QLineEdit.EchoMode.Normal
    assert field.show_button.text() == "Cover"
    field.cover()
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password
    assert field.show_button.text() == "Show"
    field.wipe()
    assert field.text() == ""
    assert not field.edit.isUndoAvailable()
    qapp.clipboard().clear()


# --- what is said --------------------------------------------------------


def test_progress_says_in_words_what_the_bar_shows(kit: Kit, qtbot) -> None:
    part = kit.progress("Bringing in notes")
    qtbot.addWidget(part)
    part.show(240, 398, "240 of 398. About 20 seconds left.")
    assert part.isVisible()
    assert role_of(part.bar) == QAccessible.Role.ProgressBar
    assert name_of(part.bar) == "Bringing in notes"
    assert description_of(part.bar) == "240 of 398. About 20 seconds left."
    assert (part.bar.value(), part.bar.maximum()) == (240, 398)
    part.show_progress(0, 0, "Opening…")
    assert part.label.text() == "Opening…"


def test_steps_say_where_one_is(kit: Kit, qtbot) -> None:
    part = kit.steps(["Choose", "Look first", "Done"])
    qtbot.addWidget(part)
    part.set_current(1)
    assert name_of(part) == "Step 2 of 3: Look first"
    assert [line.label.font().bold() for line in part._lines] == [False, True, False]


def test_a_notice_has_one_way_on(kit: Kit, qtbot) -> None:
    notice = kit.notice("Your last backup is old.", "warn", action="Back up now")
    qtbot.addWidget(notice)
    with qtbot.waitSignal(notice.action_clicked):
        notice.action.click()
    notice.set_text("All is well.")
    notice.set_tone("ok")
    assert notice.text() == "All is well."
    assert notice.tint == "ok"


def test_an_empty_place_offers_a_beginning(kit: Kit, qtbot) -> None:
    part = kit.empty_state("sprout", "Nothing here yet.", "For example: tea.", "Add a card")
    qtbot.addWidget(part)
    with qtbot.waitSignal(part.action_clicked):
        part.action.click()


def test_hills_are_gone_in_high_contrast_and_without_pictures(kit: Kit, qtbot) -> None:
    card = kit.card()
    hills = kit.hills(100)
    card.body.addWidget(hills)
    qtbot.addWidget(card)
    card.show()
    assert hills.isVisible()
    for settings in (Settings(palette="hc_dark"), Settings(palette="light", pictures=False)):
        kit.theme.apply(settings)
        assert not hills.isVisible()
    kit.theme.apply(Settings(palette="light"))
    assert hills.isVisible()
    lonely = kit.hills(100)
    assert not lonely.isVisible()
    lonely.deleteLater()


# --- layouts --------------------------------------------------------------


def test_a_flow_wraps_and_centres_each_row(kit: Kit, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = kit.flow(parent=holder)
    button, badge = kit.button("Tall"), kit.badge("Low", "clock", "ok")
    flow.addWidget(button)
    flow.addWidget(badge)
    holder.resize(400, 100)
    holder.show()
    settle()
    assert abs(button.geometry().center().y() - badge.geometry().center().y()) <= 1
    holder.resize(button.width() + 10, 200)
    settle()
    assert badge.y() > button.y()
    assert flow.heightForWidth(400) < flow.heightForWidth(button.width() + 10)


def test_a_flow_skips_what_is_hidden_and_forgets_what_is_gone(kit: Kit, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = kit.flow(parent=holder)
    buttons = [kit.button(word) for word in ("One", "Two", "Three")]
    for button in buttons:
        flow.addWidget(button)
    holder.resize(600, 60)
    holder.show()
    settle()
    buttons[0].hide()
    settle()
    assert buttons[1].x() == 0
    buttons[1].deleteLater()
    settle()
    assert buttons[2].x() == 0
    flow.clear()
    settle()
    assert holder.findChildren(QPushButton) == []
    assert flow.heightForWidth(300) == 0


def test_equal_columns_share_height_and_mirror(kit: Kit, qtbot, qapp) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    even = kit.even(spacing=10, columns=3, parent=holder)
    tiles = [kit.tile("sun", word, second) for word, second in (("A", ""), ("B", "x y z " * 12), ("C", ""))]
    for tile in tiles:
        even.addWidget(tile)
    holder.resize(630, 300)
    holder.show()
    settle()
    assert {tile.width() for tile in tiles} == {(630 - 20) // 3}
    assert len({tile.height() for tile in tiles}) == 1
    holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    holder.resize(640, 300)
    settle()
    assert tiles[0].x() > tiles[1].x() > tiles[2].x()


def test_a_card_keeps_its_things_together_at_the_top(kit: Kit, qtbot) -> None:
    card = kit.card(spacing=10)
    qtbot.addWidget(card)
    first, second = kit.label("First"), kit.label("Second")
    card.body.addWidget(first)
    card.body.addWidget(second)
    card.resize(300, 600)
    card.show()
    settle()
    assert second.y() - first.geometry().bottom() < 20
    card.body.addStretch(1)
    third = kit.label("Third")
    card.body.addWidget(third)
    settle()
    assert third.geometry().bottom() > 550
