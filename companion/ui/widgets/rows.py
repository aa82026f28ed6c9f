"""Rows of settings and facts, and the small lines that stand alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.flow import SideLayout
from companion.ui.widgets.label import IconLabel, Label
from companion.ui.widgets.layouts import ScaledBox


class SettingRow(QWidget):
    """Picture, title, a second line, and a control at the end, or under them where there is no room.

    The control gets the title as its name and the second line as its description, where it has none.
    """

    def __init__(
        self, theme: Theme, icons: Icons, icon: str, title: str, second: str = "", control: QWidget | None = None
    ) -> None:
        super().__init__()
        self._theme = theme
        self.title = Label(theme, title, "label")
        self.second = Label(theme, second, "small")
        if not second:
            self.second.hide()
        self._control = control
        texts = ScaledBox(theme, QBoxLayout.Direction.TopToBottom, spacing=2)
        texts.addWidget(self.title)
        texts.addWidget(self.second)
        words = QWidget()
        row = ScaledBox(theme, QBoxLayout.Direction.LeftToRight, spacing=14, parent=words)
        row.addWidget(IconLabel(theme, icons, icon, "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        self._side = SideLayout(theme, spacing=14, parent=self)
        self._side.addWidget(words)
        if control is not None:
            self._side.addWidget(control)
            control.setAccessibleName(control.accessibleName() or title)
            control.setAccessibleDescription(control.accessibleDescription() or second)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_second(self, second: str) -> None:
        """Say something else in the second line."""
        self.second.setText(second)
        self.second.setVisible(bool(second))
        if self._control is not None:
            self._control.setAccessibleDescription(second)

    def _restyle(self) -> None:
        pad = self._theme.px(9)
        self._side.setContentsMargins(0, pad, 0, pad)
        self.setMinimumHeight(self._theme.px(56))


class IconLine(QWidget):
    """A quiet line with a picture before it, such as "Only on this computer"."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon: str,
        text: str,
        *,
        role: str = "caption",
        tone: str = "",
        icon_role: str = "success",
        size: float = 16,
        wrap: bool = True,
    ) -> None:
        super().__init__()
        self.icon = IconLabel(theme, icons, icon, icon_role, size)
        self.label = Label(theme, text, role, wrap=wrap, tone=tone)
        row = ScaledBox(theme, QBoxLayout.Direction.LeftToRight, spacing=10 if size > 16 else 8, parent=self)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.label, 1)

    def text(self) -> str:
        """What it says."""
        return self.label.text()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.label.setText(text)
