"""The few shapes that painted parts share."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def rounded(
    painter: QPainter,
    area: QRect | QRectF,
    radius: float,
    fill: QColor | None,
    edge: QColor | None = None,
    width: float = 0,
) -> None:
    """A rounded box whose edge lies inside `area`; the corner never exceeds half the height."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(area)
    if edge is not None and width:
        inset = width / 2
        box.adjust(inset, inset, -inset, -inset)
        painter.setPen(QPen(edge, width))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    if fill is None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setBrush(fill)
    corner = min(radius, box.height() / 2, box.width() / 2)
    painter.drawRoundedRect(box, corner, corner)


def mirrored(direction: Qt.LayoutDirection, inside: QRect, box: QRect) -> QRect:
    """`box`, or its mirror image in `inside` for writing that goes right to left.

    QStyle has the same; loading that class takes about 10 ms before the first paint.
    """
    if direction == Qt.LayoutDirection.LeftToRight:
        return box
    return box.translated(inside.left() + inside.right() - box.left() - box.right(), 0)


def at_start(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Where lines begin."""
    is_ltr = direction == Qt.LayoutDirection.LeftToRight
    return Qt.AlignmentFlag.AlignLeft if is_ltr else Qt.AlignmentFlag.AlignRight


def at_end(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Where lines end."""
    is_ltr = direction == Qt.LayoutDirection.LeftToRight
    return Qt.AlignmentFlag.AlignRight if is_ltr else Qt.AlignmentFlag.AlignLeft
