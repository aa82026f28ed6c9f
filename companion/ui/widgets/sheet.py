"""Sheets: what is asked or shown above a page, inside the window, so that help and hide keep their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.widgets.sheet_frame import Sheet

_SCRIM_LIGHT = 0.72
_SCRIM_DARK = 0.78


class SheetHost(QObject):
    """Opens sheets over `window`, one above the other; only the top one is shown and has the focus.

    Escape and Close close the top one, and the focus goes back to where it was.
    The content is destroyed with its sheet.
    """

    opened = Signal(str)
    closed = Signal(str)

    def __init__(self, window: QWidget, kit: Kit) -> None:
        super().__init__(window)
        self._window = window
        self._kit = kit
        self._sheets: list[Sheet] = []
        # Set by the shell: the bar with Hide lies under a sheet, so every sheet has it in its header.
        self.hide_all: Callable[[], None] | None = None
        self._scrim = _Scrim(window, kit)
        kit.theme.changed.connect(self._place)

    @property
    def is_open(self) -> bool:
        """Whether any sheet is open."""
        return bool(self._sheets)

    @property
    def top(self) -> Sheet | None:
        """The sheet that is shown."""
        return self._sheets[-1] if self._sheets else None

    def has(self, key: str) -> bool:
        """Whether the sheet with this key is open."""
        return any(sheet.key == key for sheet in self._sheets)

    def open(
        self,
        widget: QWidget,
        name: str,
        on_close: Callable[[], None] | None = None,
        *,
        key: str = "",
        header: bool = True,
    ) -> None:
        """Show `widget` under a fixed header with `name`, Hide and Close.

        Without `header` the content has its own title and ways out; `name` is
        still what screen readers hear.
        """
        from companion.ui.widgets.sheet_frame import Sheet  # not needed before the first paint

        _close_lists(self._window)
        sheet = Sheet(self._kit, self._scrim, widget, name, key=key, hide=self.hide_all, header=header)
        sheet.on_close = on_close
        sheet.return_to = self._window.focusWidget()
        sheet.close_requested.connect(self._on_close_requested)
        sheet.grown.connect(self._place)
        if not self._sheets:
            self._kit.theme.app.focusChanged.connect(self._on_focus_changed)
            self._window.installEventFilter(self)
        else:
            self._sheets[-1].hide()
        self._sheets.append(sheet)
        self._scrim.show()
        self.lift()
        sheet.show()
        self._place()
        sheet.take_focus()
        _tell_dialog(sheet, started=True)
        self.opened.emit(key)

    def close(self) -> None:
        """Close the top sheet; nothing if there is none."""
        if self._sheets:
            self._close(self._sheets[-1])

    def close_named(self, key: str) -> None:
        """Close the sheet with this key, wherever it is in the pile."""
        for sheet in [sheet for sheet in self._sheets if sheet.key == key]:
            self._close(sheet)

    def close_all(self, keep: str = "") -> None:
        """Close every sheet but the one with the key `keep`."""
        for sheet in [sheet for sheet in reversed(self._sheets) if not keep or sheet.key != keep]:
            self._close(sheet)

    def lift(self) -> None:
        """Stay above a screen that was shown after the sheet."""
        if self._sheets:
            self._scrim.raise_()

    # --- inside ----------------------------------------------------------

    def _close(self, sheet: Sheet) -> None:
        was_top = sheet is self._sheets[-1]
        self._sheets.remove(sheet)
        _tell_dialog(sheet, started=False)
        if not self._sheets:
            self._kit.theme.app.focusChanged.disconnect(self._on_focus_changed)
            self._window.removeEventFilter(self)
        sheet.hide()
        sheet.deleteLater()
        if not self._sheets:
            self._scrim.hide()
        elif was_top:
            self._sheets[-1].show()
            self._place()
        if was_top:
            self._give_focus_back(sheet)
        if sheet.on_close is not None:
            sheet.on_close()
        self.closed.emit(sheet.key)

    def _give_focus_back(self, sheet: Sheet) -> None:
        target = sheet.return_to
        if target is not None and shiboken6.isValid(target) and target.isVisible() and target.isEnabled():
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._sheets:
            self._sheets[-1].take_focus()

    def _place(self) -> None:
        self._scrim.setGeometry(self._window.rect())
        if self._sheets:
            self._sheets[-1].place()

    def _on_close_requested(self) -> None:
        self.close()

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        # A page behind the sheet may ask for the focus (a lock screen that appears); it waits.
        top = self.top
        if new is None or top is None or top.isAncestorOf(new) or new is top or not self._is_behind(new):
            return
        top.take_focus()

    def _is_behind(self, widget: QWidget) -> bool:
        layer: QWidget | None = widget
        while layer is not None and layer.parentWidget() is not self._window:
            layer = layer.parentWidget()
        if layer is None:
            return widget is self._window
        layers = self._window.children()
        return layers.index(layer) < layers.index(self._scrim)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self._sheets:
            self._place()
        return False


class _Scrim(QWidget):
    """Dims the page and keeps presses from it."""

    def __init__(self, window: QWidget, kit: Kit) -> None:
        super().__init__(window)
        self._theme = kit.theme
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One flat layer."""
        colour = QColor(self._theme.colour("scrim"))
        colour.setAlphaF(_SCRIM_DARK if self._theme.is_dark else _SCRIM_LIGHT)
        QPainter(self).fillRect(self.rect(), colour)


def _close_lists(window: QWidget) -> None:
    """An open list gives the focus to its button, where it goes back to when the sheet closes."""
    for child in window.children():
        if getattr(child, "is_popup", False) and isinstance(child, QWidget) and child.isVisible():
            child.close_list()  # type: ignore[attr-defined]


def _tell_dialog(sheet: Sheet, *, started: bool) -> None:
    from PySide6.QtGui import QAccessible, QAccessibleEvent

    kind = QAccessible.Event.DialogStart if started else QAccessible.Event.DialogEnd
    QAccessible.updateAccessibility(QAccessibleEvent(sheet, kind))
