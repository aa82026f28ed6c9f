"""A line to type in, with its label, its hint and its error in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QWidget

from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.button import Button
from companion.ui.widgets.label import IconLabel, Label
from companion.ui.widgets.layouts import ScaledBox


class LineEdit(QLineEdit):
    """One line, 44 high at 100 % text."""

    def __init__(self, theme: Theme, name: str, role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self.setAccessibleName(name)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._role))
        self.setMinimumWidth(self._theme.px(96))


class Field(QWidget):
    """Label above, line, hint or error below; both are read out with the line.

    A secret field covers what is typed and has a button that shows it; pasting works.
    """

    def __init__(self, theme: Theme, icons: Icons, label: str, hint: str = "", *, secret: bool = False) -> None:
        super().__init__()
        self._hint_text = hint
        self.label = Label(theme, label, "label")
        self.edit = LineEdit(theme, label)
        if "&" not in label:
            self.label.setBuddy(self.edit)
        self.show_button: Button | None = None
        self._hint = Label(theme, hint, "small")
        if not hint:
            self._hint.hide()
        self._error_icon = IconLabel(theme, icons, "info", "warning", 18)
        self._error = Label(theme, "", "small", tone="warning")
        self._error_row = QWidget()
        row = ScaledBox(theme, QBoxLayout.Direction.LeftToRight, spacing=8, parent=self._error_row)
        row.addWidget(self._error_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._error, 1)
        self._error_row.hide()
        column = ScaledBox(theme, QBoxLayout.Direction.TopToBottom, spacing=6, parent=self)
        column.addWidget(self.label)
        column.addLayout(self._line(theme, icons, label, secret))
        column.addWidget(self._hint)
        column.addWidget(self._error_row)
        self.setFocusProxy(self.edit)
        self._describe()

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    @property
    def error(self) -> str:
        """The error that is shown, "" if there is none."""
        return self._error.text()

    def set_error(self, text: str) -> None:
        """Say beside the line what to change; it is read out too."""
        self._error.setText(text)
        self._error_row.setVisible(bool(text))
        self._describe()
        announce(self.edit, text)

    def clear_error(self) -> None:
        """Nothing to change."""
        self._error.setText("")
        self._error_row.hide()
        self._describe()

    def set_hint(self, text: str) -> None:
        """Say something else under the line."""
        self._hint_text = text
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._describe()

    def cover(self) -> None:
        """Cover what is typed again."""
        if self.show_button is not None:
            self._set_shown(False)

    def wipe(self) -> None:
        """Empty the line, its undo steps too, and cover it."""
        self.edit.clear()
        self.cover()

    def _line(self, theme: Theme, icons: Icons, label: str, secret: bool) -> ScaledBox:
        line = ScaledBox(theme, QBoxLayout.Direction.LeftToRight, spacing=8)
        line.addWidget(self.edit, 1)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
            self.show_button = Button(theme, icons, _("Show"), "ghost", "eye", _("Show {field}").format(field=label))
            self.show_button.clicked.connect(self._on_show)
            line.addWidget(self.show_button)
        return line

    def _on_show(self) -> None:
        self._set_shown(self.edit.echoMode() == QLineEdit.EchoMode.Password)

    def _set_shown(self, shown: bool) -> None:
        button = self.show_button
        if button is None:
            return
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        name = _("Cover {field}") if shown else _("Show {field}")
        button.setText(_("Cover") if shown else _("Show"))
        button.set_icon("eye-off" if shown else "eye")
        button.setAccessibleName(name.format(field=self.edit.accessibleName()))

    def _describe(self) -> None:
        self.edit.setAccessibleDescription(" ".join(filter(None, (self._error.text(), self._hint_text))))
