"""Labels, buttons, icons: what they say, how they wrap, what presses them."""

from __future__ import annotations

import re
import weakref
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from companion.core.settings import Settings
from companion.ui import announce as announcing
from companion.ui.icons import _member, _read_archive, facing
from companion.ui.kit import Kit
from tests.ui.conftest import settle
from tests.ui.look import description_of, name_of, role_of

WORDS = "Hold your hands under cold water and count ten slow breaths."
# Names the design uses; the alias table must know every one that the icon package calls otherwise.
DESIGN_ICONS = (
    *("sun", "notebook-pen", "map", "sprout", "users", "book-open", "settings", "lock", "lock-open", "life-buoy"),
    *("eye-off", "eye", "phone", "message-circle", "siren", "copy", "globe", "anchor", "footprints"),
    *("heart-handshake", "circle-help", "id-card", "umbrella", "cloud-lightning", "cloud-rain", "cloud", "cloud-sun"),
    *("list-checks", "bookmark", "calendar", "play", "pencil", "plus", "printer", "wind", "coffee", "hand-helping"),
    *("sunrise", "chevron-right", "arrow-left", "menu", "x", "check", "shield-check", "info", "a-large-small"),
    *("contrast",),
)


def test_a_label_asks_for_the_height_it_draws(kit: Kit, qtbot) -> None:
    label = kit.label(WORDS)
    qtbot.addWidget(label)
    one_line = label.sizeHint().height()
    narrow = label.heightForWidth(120)
    assert narrow >= one_line * 3
    label.resize(120, narrow)
    label.show()
    drawn = _inked_rows(label)
    assert max(drawn) <= narrow - 1
    assert max(drawn) > narrow - one_line  # the last line is there
    for width in range(80, 400, 20):
        assert label.heightForWidth(width) >= label.heightForWidth(width + 20)


def _inked_rows(widget: QWidget) -> list[int]:
    image = widget.grab().toImage()
    paper = image.pixelColor(image.width() - 1, image.height() - 1)
    return [y for y in range(image.height()) if any(image.pixelColor(x, y) != paper for x in range(image.width()))]


def test_a_label_keeps_lines_of_a_comfortable_length(kit: Kit, qtbot) -> None:
    label = kit.label(WORDS * 10)
    qtbot.addWidget(label)
    letters = label.sizeHint().width() / label.fontMetrics().averageCharWidth()
    assert letters < 75


def test_line_height_follows_the_reading_comfort(kit: Kit, qtbot) -> None:
    label = kit.label(WORDS)
    qtbot.addWidget(label)
    before = label.heightForWidth(150)
    kit.theme.apply(Settings(palette="light", spacing="wider"))
    assert label.heightForWidth(150) > before * 1.2


def test_a_selectable_label_can_be_selected(kit: Kit, qtbot) -> None:
    label = kit.label("988", "number", wrap=False, selectable=True)
    qtbot.addWidget(label)
    label.show()
    QTest.mouseDClick(label, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert label.selectedText() == "988"


def test_plain_words_stay_plain(kit: Kit, qtbot) -> None:
    label = kit.label("<b>Tea & toast</b>")
    qtbot.addWidget(label)
    assert label.text() == "<b>Tea & toast</b>"
    assert name_of(label) == "<b>Tea & toast</b>"


def test_a_button_wraps_instead_of_cutting(kit: Kit, qtbot) -> None:
    button = kit.button("Write down what happened today", "primary", "pencil")
    qtbot.addWidget(button)
    assert button.sizeHint().height() == 44
    least = button.minimumSizeHint().width()
    assert least < button.sizeHint().width() / 2
    assert button.heightForWidth(least) > 44


def test_a_button_in_spare_room_keeps_its_size(kit: Kit, qtbot) -> None:
    button = kit.button("Go", "primary")
    qtbot.addWidget(button)
    button.resize(120, 200)
    button.show()
    assert button.ring_rect().height() == 44
    with qtbot.assertNotEmitted(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(60, 10))
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(60, 100))


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_press_a_button(kit: Kit, qtbot, key: Qt.Key) -> None:
    button = kit.button("Go")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, key)


def test_enter_in_a_dialog_presses_nothing_by_itself(kit: Kit, qtbot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    button, field = kit.button("Delete", "danger"), kit.field("Name")
    layout = QVBoxLayout(dialog)
    layout.addWidget(button)
    layout.addWidget(field)
    dialog.show()
    with qtbot.assertNotEmitted(button.clicked):
        QTest.keyClick(field.edit, Qt.Key.Key_Return)


def test_an_ampersand_is_a_letter(kit: Kit, qtbot) -> None:
    button = kit.button("Tea & toast")
    qtbot.addWidget(button)
    assert button.text() == "Tea & toast"
    assert name_of(button) == "Tea & toast"
    assert button.shortcut().isEmpty()


def test_a_name_can_say_more_than_the_words(kit: Kit, qtbot) -> None:
    button = kit.button("Hide", "ghost", "eye-off", name="Hide the screen now")
    qtbot.addWidget(button)
    assert name_of(button) == "Hide the screen now"
    assert role_of(button) == QAccessible.Role.Button


def test_an_icon_button_shows_its_name_where_the_picture_is_missing(kit: Kit, qtbot) -> None:
    with_picture, without = kit.icon_button("copy", "Copy"), kit.icon_button("no-such-picture", "Copy the number")
    for button in (with_picture, without):
        qtbot.addWidget(button)
        assert button.toolTip() == name_of(button)
    assert with_picture.width() == 36
    assert without.width() > 100


def test_a_second_line_is_the_description(kit: Kit, qtbot) -> None:
    for part in (
        kit.tile("users", "Find a group", "Near you or online"),
        kit.nav_button("anchor", "Steps", "Near you or online"),
        kit.check("Walk", "Near you or online"),
    ):
        qtbot.addWidget(part)
        assert description_of(part) == "Near you or online"


def test_a_row_gives_its_words_to_the_control(kit: Kit, qtbot) -> None:
    control = kit.button("Change")
    row = kit.setting_row("key", "Passphrase", "Changed in May.", control)
    qtbot.addWidget(row)
    row.set_second("Changed in June.")
    assert description_of(control) == "Changed in June."


def test_a_row_puts_its_control_under_the_words_when_there_is_no_room(kit: Kit, qtbot) -> None:
    control = kit.list_button([("a", "After 2 minutes")], "Lock")
    row = kit.setting_row("timer", "Lock when I step away", "Also when the computer sleeps.", control)
    qtbot.addWidget(row)
    row.resize(600, row.heightForWidth(600))
    row.show()
    beside = row.height()
    assert control.geometry().left() > 300
    row.resize(240, row.heightForWidth(240))
    settle()
    assert row.height() > beside
    assert control.geometry().top() > row.title.mapTo(row, QPoint(0, row.title.height())).y()


# --- icons --------------------------------------------------------------


def test_every_picture_of_the_design_is_there(kit: Kit) -> None:
    assert [name for name in DESIGN_ICONS if not kit.icons.has(name)] == []


def test_every_picture_named_in_the_code_is_there(kit: Kit) -> None:
    package = Path(__file__).resolve().parents[2] / "companion" / "ui"
    pattern = re.compile(
        r"""(?:icon=|icon_label\(|icon_button\(|tile\(|nav_button\(|empty_state\()\s*["']([a-z0-9-]+)["']"""
    )
    named = {name for path in package.rglob("*.py") for name in pattern.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 5
    assert sorted(name for name in named if not kit.icons.has(name)) == []


def test_the_archive_is_read_as_the_standard_library_reads_it() -> None:
    archive = _read_archive()
    with zipfile.ZipFile(str(files("lucide") / "lucide.zip")) as reference:
        names = reference.namelist()
        for name in [*names[::97], names[-1]]:
            assert _member(archive, name) == reference.read(name)
    assert _member(archive, "no-such-picture.svg") == b""
    assert _member(b"", "sun.svg") == b""
    assert _member(b"not an archive at all", "sun.svg") == b""


def test_a_missing_picture_is_empty_and_harmless(kit: Kit, qtbot) -> None:
    assert kit.icons.pixmap("no-such-picture", "accent").isNull()
    assert kit.icons.icon("no-such-picture", "accent").isNull()
    button = kit.button("Go", icon="no-such-picture")
    qtbot.addWidget(button)
    button.show()
    assert button.sizeHint() == kit.button("Go").sizeHint()


def test_a_picture_has_the_colour_of_its_role(kit: Kit) -> None:
    image = kit.icons.pixmap("check", "help", 24).toImage()
    solid = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255]
    wanted = kit.theme.colour("help")
    assert solid
    assert all(abs(c.red() - wanted.red()) <= 2 and abs(c.blue() - wanted.blue()) <= 2 for c in solid)


def test_arrows_point_along_the_line_of_reading() -> None:
    assert facing("chevron-right", Qt.LayoutDirection.RightToLeft) == "chevron-left"
    assert facing("chevron-right", Qt.LayoutDirection.LeftToRight) == "chevron-right"
    assert facing("sun", Qt.LayoutDirection.RightToLeft) == "sun"


# --- announcements -------------------------------------------------------


def test_an_announcement_reaches_the_accessibility_bus(kit: Kit, qtbot, monkeypatch) -> None:
    heard: list[tuple[QAccessible.Event, str]] = []

    def listen(event: object) -> None:
        heard.append((event.type(), getattr(event, "message", str)()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(listen))
    status = kit.status("")
    qtbot.addWidget(status)
    announcing.announce(status, "Saved")
    assert (QAccessible.Event.Announcement, "Saved") in heard
    assert name_of(status) == "Saved"
    heard.clear()
    announcing.announce(status, "")
    assert heard == []


def test_parts_do_not_outlive_their_use(kit: Kit, qtbot) -> None:
    import gc

    holder = QWidget()
    qtbot.addWidget(holder)
    refs = []
    for make in (
        lambda: kit.label("a"),
        lambda: kit.button("b"),
        lambda: kit.card(),
        lambda: kit.mood_tiles(),
        lambda: kit.field("c"),
        lambda: kit.setting_row("sun", "d", "", kit.switch("e")),
        lambda: kit.tabs([("a", "A", "sun"), ("b", "B", "")]),
    ):
        part = make()
        part.setParent(holder)
        refs.append(weakref.ref(part))
        part.deleteLater()
        del part
    settle()
    gc.collect()
    assert [ref() for ref in refs if ref() is not None] == []
    kit.theme.apply(Settings(palette="dark"))  # no signal to a dead part
