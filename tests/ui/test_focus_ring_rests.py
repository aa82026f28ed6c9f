from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from companion.ui.widgets.focus_ring import FocusRing
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait, wait_until


def test_the_ring_goes_while_words_are_written_and_comes_back_with_tab(
    qapp: QApplication, tmp_path, clock: FakeClock
) -> None:
    opened = OpenApp(qapp, tmp_path / "data", clock)
    opened.make_space()
    try:
        opened.app.window.activateWindow()
        wait_until(opened.app.window.isActiveWindow)
        page = opened.journal
        page.new_note()
        ring = opened.app.window.findChild(FocusRing)
        assert ring is not None
        wait_until(page.editor.text.hasFocus)
        page.editor.title.setFocus()
        page.editor.text.setFocus(Qt.FocusReason.TabFocusReason)
        wait_until(lambda: ring.target is page.editor.text)
        QTest.keyClicks(page.editor.text, "a")
        assert ring.target is None
        QTest.keyClick(page.editor.text, Qt.Key.Key_Tab)
        wait(30)
        assert ring.target is not None
    finally:
        opened.close()
