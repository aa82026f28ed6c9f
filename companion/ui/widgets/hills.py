"""The quiet picture: hills and a low sun, from the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.ui.theme import Theme

# Colour role, where the ridge starts (part of the height from the top), how far it swings.
_RIDGES = (("hill_far", 0.58, 0.16), ("hill_mid", 0.70, 0.12), ("hill_near", 0.84, 0.10))
_BANDS = 32


class Hills(QWidget):
    """Decorative, so it has no name; gone where pictures are off and in high contrast.

    `height` is px at 100 % text; with `grow` it takes what is left.
    """

    def __init__(
        self,
        theme: Theme,
        height: float = 132,
        radius: float = 16,
        *,
        grow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height = height
        self._radius = radius
        vertical = QSizePolicy.Policy.Expanding if grow else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """As high as asked for."""
        return QSize(self._theme.px(200), self._theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """It may be narrow, never flat."""
        return QSize(0, self._theme.px(self._height))

    def _restyle(self) -> None:
        # A widget without a parent must not be shown: it would be a window.
        if not self._theme.pictures:
            self.hide()
        elif self.parentWidget() is not None:
            self.show()
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sky, sun, three ridges."""
        if not (self._theme.pictures and self._theme.decorates):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = float(self.width()), float(self.height())
        outline = QPainterPath()
        corner = self._theme.px(self._radius)
        outline.addRoundedRect(QRectF(0, 0, width, height), corner, corner)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setClipPath(outline)
        self._draw_sky(painter, width, height)
        self._draw_sun(painter, width, height)
        for number, (role, base, swing) in enumerate(_RIDGES):
            painter.setBrush(self._theme.colour(role))
            painter.drawPath(_ridge(width, height, base, swing, number))

    def _draw_sky(self, painter: QPainter, width: float, height: float) -> None:
        # The two colours are some 25 steps apart, so bands are as smooth as a gradient, whose class loads slowly.
        top, low = self._theme.colour("sky_top"), self._theme.colour("sky_low")
        band = height / _BANDS
        for number in range(_BANDS):
            part = number / (_BANDS - 1)
            mixed = QColor.fromRgbF(
                top.redF() + (low.redF() - top.redF()) * part,
                top.greenF() + (low.greenF() - top.greenF()) * part,
                top.blueF() + (low.blueF() - top.blueF()) * part,
            )
            painter.setBrush(mixed)
            painter.drawRect(QRectF(0, number * band, width, band + 1))

    def _draw_sun(self, painter: QPainter, width: float, height: float) -> None:
        middle = QPointF(width * 0.77, height * 0.46)
        size = min(height, self._theme.px(150))
        painter.setBrush(self._theme.colour("sun"))
        for opacity, part in ((0.9, 0.17), (0.18, 0.30)):
            painter.setOpacity(opacity)
            painter.drawEllipse(middle, size * part, size * part)
        painter.setOpacity(1.0)


def _ridge(w: float, h: float, base: float, swing: float, number: int) -> QPainterPath:
    path = QPainterPath(QPointF(0, h))
    path.lineTo(0, h * base)
    path.cubicTo(
        QPointF(w * (0.18 + 0.05 * number), h * (base - swing * 1.6)),
        QPointF(w * (0.30 + 0.06 * number), h * (base - swing * 0.2)),
        QPointF(w * (0.48 + 0.04 * number), h * (base - swing * 0.5)),
    )
    path.cubicTo(
        QPointF(w * (0.64 + 0.03 * number), h * (base - swing * 0.9)),
        QPointF(w * (0.78 - 0.05 * number), h * (base + swing * 0.9)),
        QPointF(w, h * (base - swing * (0.9 - 0.3 * number))),
    )
    path.lineTo(w, h)
    path.closeSubpath()
    return path
