"""The recovery key as one page: the key in groups, a code to scan, and how to use both years later.

Drawn on a PDF or on a printer alike. The page says nothing about what the notes are, and neither does what
the file or the printer is told about it.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from companion.core.files import write_atomic
from companion.core.i18n import _
from companion.ui.fonts import ATKINSON
from companion.ui.shell.recovery_text import Part, groups_of, recovery_parts

_MARGIN_MM = 18
_QR_MM = 42
_GROUPS_IN_A_ROW = 4
# Kind -> size in points, bold, room above in points.
_TYPE = {
    "title": (20.0, True, 0.0),
    "key": (22.0, True, 18.0),
    "head": (14.0, True, 20.0),
    "words": (12.0, False, 7.0),
    "end": (10.5, False, 20.0),
}


def save_page(path: Path, code: str, made_on: date, vault: Path | None) -> None:
    """Write the page as a PDF, readable by this account only where the disk knows accounts. Raises StorageTrouble."""
    # Built in memory: nothing of it touches the disk but the file that was asked for.
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(_("Notes"))
    writer.setCreator("")
    draw_page(writer, recovery_parts(code, made_on, vault))
    buffer.close()
    write_atomic(path, bytes(buffer.data().data()))


def draw_page(device: QPagedPaintDevice, parts: list[Part]) -> None:
    """Draw the one page. Raises OSError where the device takes nothing."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    device.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(device):
        raise OSError
    try:
        _Page(painter).draw(parts)
    finally:
        painter.end()


class _Page:
    """What is drawn, from the top down; lengths are in the device's own dots."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self._dots = painter.device().logicalDpiY() / 72.0
        self._width = float(painter.viewport().width())
        self._top = 0.0

    def draw(self, parts: list[Part]) -> None:
        """Each under the other; the code stands beside the key."""
        for part in parts:
            if part.kind == "key":
                self._key(part.words)
            else:
                self._words(part)

    def _words(self, part: Part) -> None:
        size, bold, above = _TYPE[part.kind]
        self._painter.setFont(self._font(size, bold))
        self._top += above * self._dots
        room = QRectF(0, self._top, self._width, self._painter.viewport().height())
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeading
        used = self._painter.boundingRect(room, flags, part.words)
        self._painter.drawText(used.adjusted(0, 0, 1, 1), flags, part.words)
        self._top = used.bottom()

    def _key(self, code: str) -> None:
        size, bold, above = _TYPE["key"]
        qr = _QR_MM / 25.4 * 72 * self._dots
        self._top += above * self._dots
        image = code_image(code)
        self._painter.drawImage(QRectF(self._width - qr, self._top, qr, qr), image)
        self._painter.setFont(self._font(size, bold))
        line, column = self._painter.fontMetrics().height() * 1.35, (self._width - qr) / _GROUPS_IN_A_ROW
        groups = groups_of(code)
        for number, group in enumerate(groups):
            row, place = divmod(number, _GROUPS_IN_A_ROW)
            room = QRectF(column * place, self._top + row * line, column, line)
            self._painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, group)
        rows = -(-len(groups) // _GROUPS_IN_A_ROW)
        self._top += max(qr, rows * line)

    def _font(self, points: float, bold: bool) -> QFont:
        font = QFont(ATKINSON)
        font.setPointSizeF(points)
        font.setBold(bold)
        return font


def code_image(code: str) -> QImage:
    """The key as a code to scan, one dot a module, with its white border."""
    import segno  # not needed before a key is made

    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=8, border=4)
    return QImage.fromData(drawn.getvalue())
