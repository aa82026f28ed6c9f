"""Where one is in a short flow, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.flow import FlowLayout
from companion.ui.widgets.rows import IconLine


class Steps(QWidget):
    """The steps in order; the present one is bold, the ones done have a tick."""

    def __init__(self, theme: Theme, icons: Icons, names: list[str]) -> None:
        super().__init__()
        self._names = names
        self._lines: list[IconLine] = []
        flow = FlowLayout(theme, 20, self)
        for name in names:
            line = IconLine(theme, icons, "circle", name, role="body", icon_role="text_muted", size=20, wrap=False)
            self._lines.append(line)
            flow.addWidget(line)
        self.current = 0
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Stand at this step, counted from 0."""
        self.current = index
        for number, line in enumerate(self._lines):
            if number < index:
                line.icon.set_icon("circle-check", "accent")
                role, tone = "body", "text"
            elif number == index:
                line.icon.set_icon("circle-dot", "accent")
                role, tone = "label", "text"
            else:
                line.icon.set_icon("circle", "text_muted")
                role, tone = "body", "text_muted"
            line.label.set_role(role)
            line.label.set_tone(tone)
        self.setAccessibleName(
            _("Step {number} of {count}: {name}").format(
                number=index + 1, count=len(self._names), name=self._names[index]
            )
        )
