"""A code that a phone can scan, made on this computer; always dark on white, whatever the palette."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from companion.ui.theme import Theme

_QUIET_ZONE = 4  # modules of white around the code; scanners need them (ISO/IEC 18004)


class QrPicture(QWidget):
    """The code of `text`, `size` px wide at 100 % text; its modules are whole pixels, so edges stay sharp."""

    def __init__(self, theme: Theme, text: str, name: str, size: int = 184) -> None:
        super().__init__()
        self._theme = theme
        self._size = size
        self._code = segno.make(text, error="m", micro=False)
        self._picture = QPixmap()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._redraw)
        self._redraw()

    def _redraw(self) -> None:
        modules = self._code.symbol_size(border=_QUIET_ZONE)[0]
        scale = max(1, round(self._theme.px(self._size) * self.devicePixelRatioF() / modules))
        drawn = io.BytesIO()
        self._code.save(drawn, kind="png", scale=scale, border=_QUIET_ZONE)
        self._picture.loadFromData(drawn.getvalue(), "PNG")
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.setFixedSize(self._picture.deviceIndependentSize().toSize())
        self.update()

    def sizeHint(self) -> QSize:
        """Its fixed size."""
        return self.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the code, pixel on pixel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawPixmap(0, 0, self._picture)
