"""One sheet: fixed header, content that scrolls, and the focus kept inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from companion.core.i18n import _
from companion.ui.widgets.flow import FlowLayout, SideLayout
from companion.ui.widgets.paint import rounded
from companion.ui.widgets.tab_order import step, stops_in

if TYPE_CHECKING:
    from companion.ui.kit import Kit

WIDTH = 760  # px at 100 % text


class Sheet(QDialog):
    """One sheet: a dialog to screen readers, a plain child of the window to everything else."""

    close_requested = Signal()
    grown = Signal()

    def __init__(
        self,
        kit: Kit,
        scrim: QWidget,
        content: QWidget,
        name: str,
        *,
        key: str,
        hide: Callable[[], None] | None,
        header: bool,
    ) -> None:
        super().__init__(scrim)
        self.setWindowFlags(Qt.WindowType.Widget)
        self._kit = kit
        self.key = key
        self.on_close: Callable[[], None] | None = None
        self.return_to: QWidget | None = None
        self._scrim = scrim
        self._content = content
        self.setAccessibleName(name)
        self._header = self._build_header(name, hide) if header else None
        self._inner = QWidget()
        self._inner_layout = QVBoxLayout(self._inner)
        self._inner_layout.addWidget(content)
        self._inner_layout.addStretch(1)
        self._inner.installEventFilter(self)
        self._area = kit.scroll(self._inner)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(2, 2, 2, 2)
        if self._header is not None:
            column.addWidget(self._header)
        column.addWidget(self._area, 1)
        content.show()
        kit.theme.changed.connect(self._restyle)
        self._restyle()

    def _build_header(self, name: str, hide: Callable[[], None] | None) -> QWidget:
        kit = self._kit
        header = QWidget()
        self._header_layout = SideLayout(kit.theme, spacing=8, words=140, parent=header)
        self._header_layout.addWidget(kit.label(name, "h1"))
        ways = QWidget()
        flow = FlowLayout(kit.theme, 8, ways)
        if hide is not None:
            button = kit.button(_("Hide"), "ghost", "eye-off")
            button.setToolTip("F9")
            button.clicked.connect(hide)
            flow.addWidget(button)
        close = kit.button(_("Close"), "outline", "x")
        close.clicked.connect(self.close_requested)
        flow.addWidget(close)
        self._header_layout.addWidget(ways)
        return header

    def _restyle(self) -> None:
        px = self._kit.theme.px
        side = px(16 if self._kit.theme.reflow else 32)
        top = side if self._header is None else px(6)
        self._inner_layout.setContentsMargins(side, top, side, side)
        if self._header is not None:
            self._header_layout.setContentsMargins(side, side, side, px(6))
        self.update()

    # --- size ------------------------------------------------------------

    def place(self) -> None:
        """In the middle of the window, as high as the content needs, never higher than the window."""
        px, room = self._kit.theme.px, self._scrim.rect()
        margin = px(8 if self._kit.theme.reflow else 24)
        width = min(px(WIDTH), room.width() - 2 * margin)
        height = min(self._height_at(width), room.height() - 2 * margin)
        box = QRect((room.width() - width) // 2, (room.height() - height) // 2, width, height)
        if box != self.geometry():
            self.setGeometry(box)

    def _height_at(self, width: int) -> int:
        inside = width - 4
        layout = self._inner_layout
        wraps = layout.hasHeightForWidth()
        height = layout.totalHeightForWidth(inside) if wraps else layout.totalSizeHint().height()
        # The scrolled part keeps its least height whatever is in it; the header must not pay for that.
        height = max(height, self._area.minimumSizeHint().height())
        if self._header is not None:
            height += self._header_layout.heightForWidth(inside)
        return height + 4

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow and shrink with what is inside."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.grown.emit()
        return False

    # --- focus -----------------------------------------------------------

    def take_focus(self) -> None:
        """Put the focus on the first thing inside the content, else on the way out."""
        proxy = self._content.focusProxy()
        stops = self._stops()
        inside = [stop for stop in stops if self._content.isAncestorOf(stop)]
        target = proxy if proxy in stops else next(iter(inside or stops), None)
        (target or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab goes round inside."""
        step(self._stops(), self.window().focusWidget(), forward=next_one)
        return True

    def _stops(self) -> list[QWidget]:
        return [widget for widget in stops_in(self) if widget.isVisible() and widget.isEnabled()]

    # --- keys and drawing ------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; Enter presses nothing by itself."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Page colour, round corners, a hairline."""
        theme = self._kit.theme
        edge = theme.colour("border")
        rounded(QPainter(self), self.rect(), theme.px(20), theme.colour("background"), edge, theme.edge)
