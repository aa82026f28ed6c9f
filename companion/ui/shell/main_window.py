"""The one window: a screen at a time, with sheets, toasts and the focus ring above it; no feature logic."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from companion.ui.widgets.sheet import SheetHost

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent

    from companion.ui.kit import Kit
    from companion.ui.widgets.focus_ring import FocusRing
    from companion.ui.widgets.toast import ToastHost

DEFAULT_SIZE = QSize(1280, 860)
SMALLEST = QSize(640, 480)
TITLE_BAR = 40  # px that the window's own head may take of the screen


def first_size(room: QSize) -> QSize:
    """The size to begin with, so that the whole window is on a screen with this much free room."""
    return DEFAULT_SIZE.boundedTo(room - QSize(0, TITLE_BAR)).expandedTo(SMALLEST)


class MainWindow(QWidget):
    """Shows one screen; says when it was first painted, closed or minimised."""

    first_painted = Signal()
    close_requested = Signal()
    minimised = Signal()
    shown_again = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._theme = kit.theme
        self.setProperty("kind", "window")
        self.setMinimumSize(SMALLEST)
        self.resize(first_size(self.screen().availableSize()))
        self._theme.set_window_width(self.width())  # what is made from here on is made for it
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self.sheets = SheetHost(self, kit)
        self._was_painted = False
        self._may_close = False

    @cached_property
    def toasts(self) -> ToastHost:
        """Where short messages are shown."""
        from companion.ui.widgets.toast import ToastHost

        return ToastHost(self, self._kit)

    @cached_property
    def ring(self) -> FocusRing:
        """The ring around what has the focus; made right after the first paint."""
        from companion.ui.widgets.focus_ring import FocusRing

        return FocusRing(self, self._theme)

    def show_screen(self, screen: QWidget) -> None:
        """Show this screen; it is added the first time and stays until `drop_screen`."""
        self.add_screen(screen)
        self._stack.setCurrentWidget(screen)
        if "toasts" in vars(self):  # not made before they are needed
            self.toasts.lift()
        self.sheets.lift()

    def add_screen(self, screen: QWidget) -> None:
        """Keep this screen ready behind the one that is shown."""
        if self._stack.indexOf(screen) < 0:
            self._stack.addWidget(screen)

    def drop_screen(self, screen: QWidget) -> None:
        """Take the screen out and destroy it with every word it shows."""
        self._stack.removeWidget(screen)
        screen.hide()
        screen.deleteLater()

    def current_screen(self) -> QWidget | None:
        """The screen that is shown."""
        return self._stack.currentWidget()

    def finish(self) -> None:
        """Close for good; everything is saved."""
        self._may_close = True
        self.close()

    @property
    def is_finished(self) -> bool:
        """Whether it closes for good."""
        return self._may_close

    def come_forward(self) -> None:
        """Raise the window, out of the task bar if it is there."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing waits until everything is on the disk."""
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_requested.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the first picture is on the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._on_first_paint)

    def _on_first_paint(self) -> None:
        self._theme.decorates = True
        self.update()
        self.ring.follow()
        self.first_painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has one column, as large text has."""
        super().resizeEvent(event)
        self._theme.set_window_width(self.width())

    def changeEvent(self, event: QEvent) -> None:
        """Tell when the window is minimised and when it comes back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            (self.minimised if self.isMinimized() else self.shown_again).emit()
