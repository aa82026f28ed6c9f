"""A short message at the lower edge: what was done, and a way to undo it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.widgets.flow import FlowLayout, SideLayout
from companion.ui.widgets.paint import rounded
from companion.ui.widgets.rows import IconLine

if TYPE_CHECKING:
    from companion.ui.kit import Kit

SECONDS = 10
WIDEST = 640  # px at 100 % text


class ToastHost(QObject):
    """Shows one message at a time, 24 px above the lower edge of `window`; it never lies over the bar at the top."""

    def __init__(self, window: QWidget, kit: Kit) -> None:
        super().__init__(window)
        self._window = window
        self._kit = kit
        self.toast: Toast | None = None
        self._soon = QTimer(self)  # after a change of look, the words take their new size first
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._place)
        kit.theme.changed.connect(self._soon.start)

    def show(
        self,
        text: str,
        icon: str = "check",
        undo: Callable[[], None] | None = None,
        seconds: float = SECONDS,
        *,
        way: str = "",
    ) -> None:
        """Say `text` for a while; with `undo`, a button takes it back, or leads on where `way` names it so.

        It waits while it has focus or pointer.
        """
        self.clear()
        toast = Toast(self._window, self._kit, text, icon, undo, seconds, way)
        toast.gone.connect(self.clear)
        self.toast = toast
        self._window.installEventFilter(self)
        self._place()  # before it is seen, so that it never lies under the pointer by chance
        toast.show()
        toast.raise_()
        announce(toast, text)

    def clear(self) -> None:
        """Take the message away."""
        toast, self.toast = self.toast, None
        if toast is not None:
            self._window.removeEventFilter(self)
            toast.end()

    def lift(self) -> None:
        """Stay above a screen that was shown after the message."""
        if self.toast is not None:
            self.toast.raise_()

    def _place(self) -> None:
        if self.toast is not None:
            self.toast.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False


class Toast(QWidget):
    """One message."""

    gone = Signal()

    def __init__(
        self,
        window: QWidget,
        kit: Kit,
        text: str,
        icon: str,
        undo: Callable[[], None] | None,
        seconds: float,
        way: str = "",
    ) -> None:
        super().__init__(window)
        self._window = window
        self._kit = kit
        self._undo = undo
        self._left_ms = round(seconds * 1000)
        self._has_pointer = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.gone)
        self.setAccessibleName(text)
        self._layout = SideLayout(kit.theme, spacing=10, words=260, parent=self)
        self._line = IconLine(kit.theme, kit.icons, icon, text, role="body", icon_role="accent", size=20)
        self._layout.addWidget(self._line)
        ways = QWidget()
        flow = FlowLayout(kit.theme, 10, ways)
        self.undo_button = None
        if undo is not None:
            self.undo_button = kit.button(way or _("Undo"), "link")
            self.undo_button.clicked.connect(self._on_undo)
            flow.addWidget(self.undo_button)
        self.close_button = kit.icon_button("x", _("Close this message"))
        self.close_button.clicked.connect(self.gone)
        flow.addWidget(self.close_button)
        self._layout.addWidget(ways)
        kit.theme.app.focusChanged.connect(self._on_focus_changed)
        self._run()

    def text(self) -> str:
        """What it says."""
        return self._line.text()

    @property
    def is_waiting(self) -> bool:
        """Whether the time stands still."""
        return not self._timer.isActive()

    def end(self) -> None:
        """Stop the clock and go; focus inside goes back to the page."""
        self._timer.stop()
        self._kit.theme.app.focusChanged.disconnect(self._on_focus_changed)
        focused = self.window().focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.window().focusNextChild()
        self.hide()
        self.deleteLater()

    def place(self) -> None:
        """In the middle, above the lower edge."""
        px = self._kit.theme.px
        pad_x, pad_y = px(18), px(6)
        self._layout.setContentsMargins(pad_x, pad_y, px(10), pad_y)
        room = self._window.rect()
        margin = px(24)
        hint = self._layout.sizeHint().width() + pad_x + px(10)
        width = min(hint, px(WIDEST), room.width() - 2 * px(12))
        height = max(px(52), self._layout.heightForWidth(width))
        self.setGeometry(QRect((room.width() - width) // 2, room.height() - height - margin, width, height))

    def _run(self) -> None:
        self._since.start()
        self._timer.start(max(0, self._left_ms))

    def _wait(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._left_ms -= int(self._since.elapsed())

    def _look(self) -> None:
        focused = QApplication.focusWidget()
        has_focus = focused is not None and self.isAncestorOf(focused)
        if has_focus or self._has_pointer:
            self._wait()
        elif not self._timer.isActive():
            self._run()

    def _on_focus_changed(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self._look()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is here: wait."""
        self._has_pointer = True
        self._look()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        self._has_pointer = False
        self._look()

    def _on_undo(self) -> None:
        undo, self._undo = self._undo, None
        self.gone.emit()
        if undo is not None:
            undo()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its own surface with a strong edge."""
        theme = self._kit.theme
        edge = theme.colour("border_strong")
        rounded(QPainter(self), self.rect(), theme.px(14), theme.colour("surface_raised"), edge, 2)
