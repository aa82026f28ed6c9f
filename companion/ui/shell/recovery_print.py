"""Printing the recovery key: which printer, asked inside the window, and one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _
from companion.ui.shell.recovery_page import draw_page
from companion.ui.shell.recovery_text import recovery_parts

if TYPE_CHECKING:
    from companion.ui.kit import Kit
    from companion.ui.widgets.list_button import ListButton


def printers() -> list[str]:
    """The printers that this computer knows, the usual one first."""
    from PySide6.QtPrintSupport import QPrinterInfo  # not needed before something is printed

    usual = QPrinterInfo.defaultPrinterName()
    return sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: (name != usual, name))


def print_page(printer_name: str, code: str, made_on: date, vault: Path | None) -> None:
    """Send the one page to this printer, under a name that says nothing. Raises OSError."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    printer = QPrinter(QPrinterInfo.printerInfo(printer_name))
    printer.setDocName(_("Notes"))
    printer.setCreator("")
    draw_page(printer, recovery_parts(code, made_on, vault))


class PrintChoice(QWidget):
    """Which printer; hidden until it is asked for. `said` carries what came of it."""

    said = Signal(str)

    def __init__(self, kit: Kit, send: Callable[[str], None]) -> None:
        super().__init__()
        self._kit = kit
        self._send = send
        self._list: ListButton | None = None
        self._row = kit.flow(spacing=8, parent=self)
        self.hide()

    def ask(self) -> None:
        """Look for printers and let one be chosen, or say that there is none."""
        names = printers()
        if not names:
            self.hide()
            self.said.emit(_("No printer is set up on this computer. You can save a page and print it elsewhere."))
            return
        items = [(name, name) for name in names]
        if self._list is None:
            self._list = self._kit.list_button(items, _("Printer"))
            self._row.addWidget(self._list)
            go = self._kit.button(_("Print one page"), kind="soft", icon="printer")
            go.clicked.connect(self._on_go)
            self._row.addWidget(go)
        else:
            self._list.set_items(items)
        self.show()
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_go(self) -> None:
        if self._list is None:
            return
        try:
            self._send(self._list.current)
        except OSError:
            self.said.emit(_("The printer did not take the page. Nothing was printed."))
            return
        self.said.emit(_("Sent to the printer. Some printers keep a copy of what they print."))
