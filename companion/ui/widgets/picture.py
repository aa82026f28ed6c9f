"""A picture from an entry, as wide as the page allows and never wider than it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Picture(QWidget):
    """Drawn to fit; its name is what a screen reader says."""

    def __init__(self, image: QImage, name: str) -> None:
        super().__init__()
        self._image = image
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """The height follows the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at which nothing is cut."""
        shown = min(width, self._image.width())
        return max(1, round(self._image.height() * shown / max(1, self._image.width())))

    def sizeHint(self) -> QSize:
        """Its own size."""
        return self._image.size()

    def minimumSizeHint(self) -> QSize:
        """It can shrink to any width."""
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it at the leading edge."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.boundedTo(self._image.size())
        left = 0 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else self.width() - size.width()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(
            self.rect().adjusted(left, 0, left + size.width() - self.width(), size.height() - self.height()),
            self._image,
        )
