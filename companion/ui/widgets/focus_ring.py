"""The ring around what has the keyboard focus: drawn outside the widget, above everything."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from companion.ui.theme import Theme

GAP = 2  # px, not scaled: the ring stays crisp
WIDTH = 3
_REACH = GAP + WIDTH

_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.ParentChange,
        QEvent.Type.LayoutRequest,
        QEvent.Type.EnabledChange,
    }
)
_GOING = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_F1, Qt.Key.Key_F6})


class FocusRing(QWidget):
    """One for each window. It shows while the keyboard leads: from the first key to the next press of the mouse.

    A widget may say what to go around with `ring_rect()` (its own coordinates)
    and how round with `ring_radius()` (px).
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._by_keyboard = True
        self._rests = False
        self._clip = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        window.installEventFilter(self)
        theme.app.focusChanged.connect(self._on_focus_changed)
        theme.changed.connect(self.follow)
        self._watch_handle()
        self._on_focus_changed(None, QApplication.focusWidget())

    @property
    def target(self) -> QWidget | None:
        """What the ring is around, None while it does not show."""
        return self._target if self.isVisible() else None

    def follow(self) -> None:
        """Look again where the ring belongs."""
        target = self._target
        if target is None or not shiboken6.isValid(target) or not self._shows(target):
            self.hide()
            return
        window = self._window
        inside = _ring_rect(target)
        box = QRect(target.mapTo(window, inside.topLeft()), inside.size())
        clip = self._visible_part(target, box)
        reach = box.adjusted(-_REACH, -_REACH, _REACH, _REACH).intersected(clip)
        if reach.isEmpty():
            self.hide()
            return
        if reach != self.geometry():
            self.setGeometry(reach)
        self._clip = box.translated(-reach.topLeft())
        self.show()
        self.raise_()
        self.update()

    # --- what it watches -------------------------------------------------

    def _shows(self, target: QWidget) -> bool:
        is_page = (
            target.focusPolicy() == Qt.FocusPolicy.NoFocus
        )  # a page has the keys until one of its parts takes them
        return self._by_keyboard and not self._rests and not is_page and target.hasFocus() and target.isVisible()

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        window = self._window
        self._rests = False
        mine = new is not None and new is not window and window.isAncestorOf(new)
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._by_keyboard = False
        self._watch(new if mine else None)
        self.follow()

    def _watch(self, target: QWidget | None) -> None:
        for widget in self._watched:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self._target = target
        self._watch_around()

    def _watch_around(self) -> None:
        """The target for its keys; what it lies in only while a ring may have to move with it."""
        window, widget = self._window, self._target
        may_show = self._by_keyboard and not self._rests
        while widget is not None and widget is not window and (may_show or widget is self._target):
            if widget not in self._watched:
                widget.installEventFilter(self)
                self._watched.append(widget)
            widget = widget.parentWidget()
        if not may_show:
            for widget in self._watched[1:]:
                if shiboken6.isValid(widget):
                    widget.removeEventFilter(self)
            del self._watched[1:]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow moves of the widget and of everything it lies in; notice keys and presses."""
        kind = event.type()
        if kind in _MOVES:
            self.follow()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._is_going(event):
                self._rest(False)
                self._lead(by_keyboard=True)
            elif isinstance(self._target, QTextEdit) and event.text():
                # In a page of words the cursor shows where one is; a frame round it would only press.
                self._rest(True)
                self.hide()
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            self._lead(by_keyboard=False)
        elif kind == QEvent.Type.WinIdChange:
            self._watch_handle()
        return False

    def showEvent(self, event: object) -> None:
        """Watch the native window from now on: presses reach it before any widget."""
        self._watch_handle()

    def _watch_handle(self) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def _is_going(self, event: QKeyEvent) -> bool:
        """Whether this key is for moving about; words typed into a field that was clicked need no ring."""
        if event.key() in _GOING or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return True
        return not isinstance(self._target, QLineEdit | QTextEdit | QPlainTextEdit)

    def _rest(self, rests: bool) -> None:
        if rests != self._rests:
            self._rests = rests
            self._watch_around()

    def _lead(self, *, by_keyboard: bool) -> None:
        if by_keyboard != self._by_keyboard:
            self._by_keyboard = by_keyboard
            self._watch_around()
            self.follow()

    # --- where it may be drawn -------------------------------------------

    def _visible_part(self, target: QWidget, box: QRect) -> QRect:
        """The part of the window where the ring may show: inside every scrolled area around the target."""
        window = self._window
        part = window.rect()
        widget = target.parentWidget()
        while widget is not None and widget is not window:
            area = widget.parentWidget()
            if isinstance(area, QAbstractScrollArea) and widget is area.viewport():
                view = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
                if view.contains(box):
                    view = view.adjusted(-_REACH, -_REACH, _REACH, _REACH)
                part = part.intersected(view)
            widget = area
        return part

    def paintEvent(self, event: QPaintEvent) -> None:
        """Gap in the page's colour, ring in the focus colour; nothing over the widget itself."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = min(_ring_radius(self._target, self._theme), self._clip.height() / 2)
        for offset, width, role in ((GAP / 2, GAP, "background"), (GAP + WIDTH / 2, WIDTH, "focus")):
            painter.setPen(QPen(self._theme.colour(role), width))
            box = QRectF(self._clip).adjusted(-offset, -offset, offset, offset)
            painter.drawRoundedRect(box, radius + offset, radius + offset)


def _ring_rect(target: QWidget) -> QRect:
    own = getattr(target, "ring_rect", None)
    return own() if callable(own) else target.rect()


def _ring_radius(target: QWidget | None, theme: Theme) -> float:
    own = getattr(target, "ring_radius", None)
    return float(own()) if callable(own) else float(theme.px(10))
