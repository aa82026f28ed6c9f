"""One of a few: a group of radio buttons that is one stop of the Tab key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QRadioButton, QWidget

from companion.ui.theme import Theme


class Choice(QRadioButton):
    """One choice of a group; subclasses draw it. Its group decides what a press means."""

    def __init__(self, theme: Theme, key: str, text: str) -> None:
        super().__init__(text.replace("&", "&&"))
        self._theme = theme
        self.key = key
        self.words = text
        self.owner: ChoiceGroup | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @property
    def _hot(self) -> bool:
        return self.isEnabled() and self.underMouse()

    def hitButton(self, pos: QPoint) -> bool:
        """All of it."""
        return self.rect().contains(pos)

    def ring_rect(self) -> QRect:
        """What the focus ring goes around."""
        return self.rect()

    def ring_radius(self) -> int:
        """The corner of a control."""
        return self._theme.px(10)

    def nextCheckState(self) -> None:
        """A press changes nothing by itself: the group decides, and also when the chosen one is pressed again."""

    def _on_clicked(self) -> None:
        if self.owner is not None:
            self.owner.press(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and digits belong to the group."""
        if self.owner is None or not self.owner.take_key(self, event):
            super().keyPressEvent(event)


class ChoiceGroup(QGroupBox):
    """Holds the choices. Tab lands on the chosen one (on the first if there is none), arrows move and choose.

    With `clearable`, a press on the chosen one, Delete or Backspace leaves none
    chosen. With `digits`, 1 to 9 choose while the focus is inside. `chosen` is
    emitted for what the person does, with the key or "".
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, *, clearable: bool = False, digits: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []
        self._clearable = clearable
        self._digits = digits
        self.setAccessibleName(name)
        self.setContentsMargins(0, 0, 0, 0)

    @property
    def choices(self) -> Sequence[Choice]:
        """All of them, in order."""
        return self._choices

    @property
    def current(self) -> str:
        """The key of the chosen one, "" if there is none."""
        return next((choice.key for choice in self._choices if choice.isChecked()), "")

    def add(self, choice: Choice) -> None:
        """One more; the caller puts it into a layout of this widget."""
        choice.owner = self
        self._choices.append(choice)
        self._set_tab_stop()

    def choose(self, key: str) -> None:
        """Show this one as chosen; "" shows none. Nothing is emitted."""
        for choice in self._choices:
            # Only an exclusive one is a radio button to screen readers, and only the others can be unchecked.
            choice.setAutoExclusive(False)
            choice.setChecked(choice.key == key)
        for choice in self._choices:
            choice.setAutoExclusive(True)
        self._set_tab_stop()

    def press(self, choice: Choice) -> None:
        """The person pressed this one."""
        if choice.isChecked() and not self._clearable:
            return
        key = "" if choice.isChecked() else choice.key
        self.choose(key)
        self.chosen.emit(key)

    def take_key(self, choice: Choice, event: QKeyEvent) -> bool:
        """Whether this key moves, chooses or clears here."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._clearable:
            self._pick(None)
            return True
        if self._digits and Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(self._choices):
            self._pick(self._choices[key - Qt.Key.Key_1])
            return True
        target = self._target(choice, key)
        if target is None:
            return False
        self._pick(target)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """No frame of its own."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A group box makes room for a frame and a title at every turn; here there are none."""
        self.setContentsMargins(0, 0, 0, 0)

    def changeEvent(self, event: QEvent) -> None:
        """The same after a change of style or font."""
        super().changeEvent(event)
        self.setContentsMargins(0, 0, 0, 0)

    def _target(self, choice: Choice, key: int) -> Choice | None:
        forward, back = Qt.Key.Key_Right, Qt.Key.Key_Left
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            forward, back = back, forward
        enabled = [other for other in self._choices if other.isEnabled()]
        if choice not in enabled:
            return None
        at = enabled.index(choice)
        places = {
            forward: at + 1,
            Qt.Key.Key_Down: at + 1,
            back: at - 1,
            Qt.Key.Key_Up: at - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: -1,
        }
        place = places.get(Qt.Key(key))
        return None if place is None else enabled[place % len(enabled)]

    def _pick(self, choice: Choice | None) -> None:
        key = choice.key if choice is not None else ""
        changed = key != self.current
        self.choose(key)
        stop = choice or self.focusProxy()
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason)
        if changed:
            self.chosen.emit(key)

    def _set_tab_stop(self) -> None:
        # Qt would stop at the first of the group; only the chosen one may take Tab.
        stop = next((choice for choice in self._choices if choice.isChecked()), self._choices[0])
        for choice in self._choices:
            choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus if choice is stop else Qt.FocusPolicy.ClickFocus)
        if self.focusProxy() is not stop:
            self.setFocusProxy(stop)
