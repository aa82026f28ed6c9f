import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTextEdit, QVBoxLayout, QWidget

from companion.ui.shell.keys import KeyFilter


@pytest.fixture
def keys(qtbot, qapp: QApplication):
    made = KeyFilter()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)
    made.deleteLater()


@pytest.fixture
def field(qtbot) -> QLineEdit:
    window = QWidget()
    layout = QVBoxLayout(window)
    edit = QLineEdit()
    layout.addWidget(edit)
    layout.addWidget(QTextEdit())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    edit.setFocus()
    yield edit
    window.close()


def count(signal) -> list[int]:
    seen: list[int] = []
    signal.connect(lambda: seen.append(1))
    return seen


def test_f1_and_f9_are_taken_before_the_field_sees_them(keys: KeyFilter, field: QLineEdit) -> None:
    helps, hides, locks = count(keys.help_pressed), count(keys.hide_pressed), count(keys.lock_pressed)
    QTest.keyClick(field, Qt.Key.Key_F1)
    QTest.keyClick(field, Qt.Key.Key_F9)
    QTest.keyClick(field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert (helps, hides, locks) == ([1], [1], [1])


def test_they_work_while_a_modal_dialog_is_open(keys: KeyFilter, field: QLineEdit, qtbot) -> None:
    dialog = QDialog(field.window())
    inside = QLineEdit(dialog)
    dialog.setModal(True)
    dialog.open()
    qtbot.waitExposed(dialog)
    helps, hides = count(keys.help_pressed), count(keys.hide_pressed)
    QTest.keyClick(inside, Qt.Key.Key_F1)
    QTest.keyClick(inside, Qt.Key.Key_F9)
    assert (helps, hides) == ([1], [1])
    dialog.reject()


def test_escape_three_times_hides_and_each_press_still_does_its_own_work(
    keys: KeyFilter, field: QLineEdit, qtbot
) -> None:
    dialog = QDialog(field.window())
    dialog.open()
    qtbot.waitExposed(dialog)
    hides = count(keys.hide_pressed)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    field.setFocus()
    window = field.window().windowHandle()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert hides == []
    QTest.keyClick(window, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert hides == [1]


def test_two_escapes_or_another_key_between_do_nothing(keys: KeyFilter, field: QLineEdit) -> None:
    hides = count(keys.hide_pressed)
    window = field.window().windowHandle()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_Escape):
        QTest.keyClick(window, key)
    assert hides == []


def test_escapes_far_apart_do_nothing(
    keys: KeyFilter, field: QLineEdit, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.ui.shell.keys.HIDE_WITHIN_MS", 60)
    hides = count(keys.hide_pressed)
    window = field.window().windowHandle()
    for _press in range(3):
        QTest.keyClick(window, Qt.Key.Key_Escape)
        qtbot.wait(80)
    assert hides == []
