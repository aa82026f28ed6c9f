"""Move to a new computer: three steps, each with what it needs, and what does not come along."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.kit import Kit
from companion.ui.widgets.filling import fill


class MoveSheet(QWidget):
    """A checklist to keep open or to write down."""

    make_requested = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        make = kit.button(_("Make it now"), kind="primary", icon="usb")
        make.clicked.connect(self.make_requested)
        steps = (
            (
                _("1. Make one backup file on a stick"),
                _("Everything is in it, attached files too. It is encrypted. Your passphrase opens it."),
                make,
            ),
            (
                _("2. On the new computer, choose “I have a backup file”"),
                _("Install Companion there. It asks this on its first page. Pick the file and type your passphrase."),
                None,
            ),
            (
                _("3. Compare, then decide about the old one"),
                _(
                    "Both computers say how many notes there are. If they agree, write on one of them only. "
                    "Keep the old one for a while, or remove its folder when you are sure."
                ),
                None,
            ),
        )
        column = kit.column(self, spacing=14)
        for title, words, button in steps:
            part = fill(kit.column(spacing=6), kit.label(title, "h3"), kit.label(words, "muted"))
            if button is not None:
                fill(part, fill(kit.row(), button, None))
            column.addLayout(part)
            column.addWidget(kit.divider())
        left = _(
            "Not in a backup: look and text size, country and language, lock times, and the switch that opens without "
            "typing. Choose them again on the new computer."
        )
        column.addWidget(kit.notice(left))
        self.setFocusProxy(make)
