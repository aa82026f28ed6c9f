"""A screen of the shell by itself, with everything it is made with, and checks that hold for every screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from companion.core.paths import Paths, assets
from companion.resources.service import Directory
from companion.services import SettingsStore
from companion.ui.clipboard import Clipboard
from companion.ui.kit import Kit
from companion.ui.theme import Theme
from companion.ui.widgets.scroll import ScrollArea
from companion.ui.widgets.sheet import SheetHost
from tests.fakes import FakeClock

WIDE, SMALL = QSize(1280, 860), QSize(800, 600)
SIZES = [(WIDE, 1.0), (WIDE, 1.5), (WIDE, 2.0), (SMALL, 1.0), (SMALL, 2.0)]


class Stage:
    """Makes screens, shows one at a time in a window, and takes it down again."""

    def __init__(self, app: QApplication, folder: Path, country: str = "US") -> None:
        self.app = app
        self.clock = FakeClock()
        self.settings = SettingsStore(Paths(folder))
        self.settings.change(country=country, palette="light", motion="reduced")
        self.facts = Directory(self.clock)
        self.theme = Theme(app, assets())
        self.theme.apply(self.settings.current)
        self.kit = Kit(self.theme)
        self.clipboard = Clipboard(app, self.settings)
        self.windows: list[QWidget] = []

    @property
    def parts(self) -> tuple[object, ...]:
        """What every screen of the shell is given."""
        return self.kit, self.settings, self.facts, self.clock, self.clipboard

    def show(self, screen: QWidget, size: QSize = WIDE, scale: float = 1.0) -> QWidget:
        """The screen in a window of this size, at this text size."""
        self.settings.change(text_scale=scale)
        self.theme.apply(self.settings.current)
        self.theme.set_window_width(size.width())
        window = QWidget()
        layout = QVBoxLayout(window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(screen)
        window.resize(size)
        window.show()
        window.activateWindow()
        self.windows.append(window)
        self.settle()
        return window

    def settle(self) -> None:
        """Let layouts, paint events and deletions happen."""
        for _turn in range(4):
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.app.processEvents()

    def close(self) -> None:
        """Take everything down."""
        for window in self.windows:
            for host in getattr(window, "hosts", []):
                host.close_all()
            window.close()
            window.deleteLater()
        self.clipboard.clear_ours(include_numbers=True)
        self.clipboard.deleteLater()
        self.theme.deleteLater()
        self.settle()


def staged(app: QApplication, folder: Path) -> Iterator[Stage]:
    """The body of a fixture: a stage, taken down again after the test."""
    made = Stage(app, folder)
    yield made
    made.close()


def visible(root: QWidget, kind: type[QWidget]) -> list[QWidget]:
    """The widgets of this kind that are shown."""
    return [widget for widget in root.findChildren(kind) if widget.isVisible()]


def words(root: QWidget) -> str:
    """Every word that is shown."""
    labels = [label.text() for label in visible(root, QLabel)]
    return " | ".join(labels + [button.text() for button in visible(root, QAbstractButton)])


def button(root: QWidget, text: str) -> QAbstractButton:
    """The shown button with this text or name."""
    for found in visible(root, QAbstractButton):
        if text in (found.text(), found.accessibleName()):
            return found
    raise AssertionError(f"no button {text!r} among {words(root)}")


def line(root: QWidget, name: str) -> QLineEdit:
    """The shown line with this name."""
    return next(edit for edit in visible(root, QLineEdit) if edit.accessibleName() == name)


def accessible_name(widget: QWidget) -> str:
    """What a screen reader hears."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def cut(window: QWidget) -> list[str]:
    """Words that do not fit, controls smaller than they need, and pages that are too wide."""
    faults = []
    for label in visible(window, QLabel):
        if not label.text():
            continue
        needs = label.heightForWidth(label.width()) if label.hasHeightForWidth() else label.sizeHint().height()
        if label.height() < needs - 1:
            faults.append(f"label too low by {needs - label.height()}: {label.text()!r}")
        if label.width() < label.minimumSizeHint().width() - 1:
            faults.append(f"label too narrow: {label.text()!r}")
    for control in visible(window, QAbstractButton):
        least = control.minimumSizeHint()
        height = control.heightForWidth(control.width()) if control.hasHeightForWidth() else least.height()
        if control.width() < least.width() - 1 or control.height() < height - 1:
            faults.append(f"button too small: {control.text() or control.accessibleName()!r}")
        if min(control.width(), control.height()) < 24:
            faults.append(f"target under 24 px: {control.text() or control.accessibleName()!r}")
    for area in visible(window, ScrollArea):
        if area.widget().width() > area.viewport().width():
            faults.append(f"page is {area.widget().width() - area.viewport().width()} px too wide")
    return faults + outside(window)


def outside(window: QWidget) -> list[str]:
    """Controls whose left or right end lies outside the window."""
    return [
        f"outside the window: {control.text() or control.accessibleName()!r}"
        for control in visible(window, QAbstractButton)
        if not 0 <= control.mapTo(window, QPoint(0, 0)).x() <= window.width() - control.width()
    ]


def without_name(window: QWidget) -> list[str]:
    """Controls that a screen reader could not name, or that two share a name."""
    faults, seen = [], set()
    for widget in visible(window, QWidget):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not widget.isEnabled() or widget.focusProxy():
            continue
        if isinstance(widget, ScrollArea):
            continue
        name = accessible_name(widget)
        if not name:
            faults.append(f"no name: {widget}")
        elif name in seen:
            faults.append(f"twice: {name}")
        seen.add(name)
    return faults


def in_view(window: QWidget, widget: QWidget) -> bool:
    """Whether all of the widget can be seen without scrolling."""
    shown = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    area = widget
    while area is not None and not isinstance(area, ScrollArea):
        area = area.parentWidget()
    room = window.rect()
    if area is not None:
        room = QRect(area.viewport().mapTo(window, QPoint(0, 0)), area.viewport().size())
    return room.contains(shown)


def open_sheet(window: QWidget, stage: Stage, content: QWidget, name: str) -> SheetHost:
    """The content in a sheet over the window."""
    host = SheetHost(window, stage.kit)
    host.hide_all = lambda: None
    host.open(content, name)
    window.hosts = [*getattr(window, "hosts", []), host]
    stage.settle()
    return host


def tab_walk(window: QWidget, start: QWidget, most: int = 60) -> list[str]:
    """The names Tab goes through from `start`, until it comes round."""
    start.setFocus()
    names = []
    widget = start
    for _step in range(most):
        names.append(accessible_name(widget))
        window.focusNextPrevChild(True) if widget is None else _next(widget)
        widget = window.focusWidget()
        if widget is start or widget is None:
            break
    return names


def _next(widget: QWidget) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(widget, Qt.Key.Key_Tab)
