"""The cover after Hide: a screen that gives nothing away, and still lets its owner back in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from companion.core.errors import VaultDamaged, WrongSecret
from companion.ui.shell.hide import HideCover
from tests.ui.stage import SIZES, Stage, cut, staged, words


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


REVEALING = re.compile(
    r"companion|recover|passphrase|password|lock|unlock|private|journal|crisis|hide|health", re.IGNORECASE
)


@pytest.fixture
def cover(stage: Stage) -> HideCover:
    made = HideCover(stage.kit)
    stage.show(made)
    return made


def heard(root: QWidget) -> str:
    """Everything a screen reader could say of it."""
    texts = []
    for widget in [root, *root.findChildren(QWidget)]:
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            texts += [interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description)]
        texts += [widget.toolTip(), widget.whatsThis(), widget.windowTitle()]
    return " ".join(texts)


def test_nothing_seen_or_heard_gives_it_away(stage: Stage, cover: HideCover) -> None:
    for act in (lambda: None, lambda: cover.show_error(WrongSecret()), lambda: cover.show_error(VaultDamaged("page"))):
        act()
        stage.settle()
        assert not REVEALING.search(words(cover)), words(cover)
        assert not REVEALING.search(heard(cover)), heard(cover)


def test_the_one_line_can_be_used_by_someone_who_only_hears_it(cover: HideCover) -> None:
    line = cover.findChild(QLineEdit)
    assert line.hasFocus()
    assert line.accessibleName() == "Notes"
    assert line.accessibleDescription() == "Type here, then press Enter."


def test_enter_asks_to_open_and_nothing_typed_is_readable(stage: Stage, cover: HideCover) -> None:
    asked: list[str] = []
    cover.unlock_requested.connect(asked.append)
    line = cover.findChild(QLineEdit)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked == []
    QTest.keyClicks(line, "lantern gravel")
    assert "lantern" not in line.displayText()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked == ["lantern gravel"]
    assert "One moment." in words(cover)


def test_a_wrong_passphrase_is_a_plain_line_and_the_field_is_ready_again(stage: Stage, cover: HideCover) -> None:
    line = cover.findChild(QLineEdit)
    QTest.keyClicks(line, "not this")
    cover.show_error(WrongSecret())
    assert "That did not work. You can try again." in words(cover)
    assert line.hasFocus()
    QTest.keyClicks(line, "x")
    assert line.text() == "x"
    assert "That did not work" not in words(cover)


def test_clear_leaves_no_typed_word(cover: HideCover) -> None:
    line = cover.findChild(QLineEdit)
    QTest.keyClicks(line, "lantern")
    cover.clear()
    assert line.text() == ""


@pytest.mark.parametrize(("size", "scale"), SIZES)
def test_nothing_is_cut(stage: Stage, size: QSize, scale: float) -> None:
    made = HideCover(stage.kit)
    window = stage.show(made, size, scale)
    made.show_error(WrongSecret())
    stage.settle()
    assert cut(window) == []
