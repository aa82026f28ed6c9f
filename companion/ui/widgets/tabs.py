"""The pages of one place, side by side; a list button where there is no room for them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QVBoxLayout, QWidget

from companion.core.i18n import _
from companion.ui.icons import Icons
from companion.ui.theme import Theme
from companion.ui.widgets.list_button import ListButton
from companion.ui.widgets.paint import at_start, mirrored, rounded

Item = tuple[str, str, str]  # key, words, icon


class _Bar(QTabBar):
    """Real tabs for keys and screen readers, drawn as a track with segments."""

    def __init__(self, theme: Theme, icons: Icons, items: list[Item]) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._names = [icon for _key, _words, icon in items]
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        for _key, words, _icon in items:
            self.addTab(words.replace("&", "&&"))
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and sizes anew."""
        self.setFont(QFont(self._theme.font("label")))
        self.updateGeometry()
        self.update()

    def words(self, index: int) -> str:
        """The words of a tab as they are shown."""
        return self.tabText(index).replace("&&", "&")

    def tabSizeHint(self, index: int) -> QSize:
        """Room for the bold words and the picture, chosen or not, so that nothing moves."""
        px = self._theme.px
        lead = px(20 + 8) if self._names[index] else 0
        words = self.fontMetrics().horizontalAdvance(self.words(index)) + 2
        return QSize(px(16) * 2 + lead + words, self._theme.target(38))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """They do not shrink: without room there is a list button instead."""
        return self.tabSizeHint(index)

    def sizeHint(self) -> QSize:
        """All tabs."""
        sizes = [self.tabSizeHint(index) for index in range(self.count())]
        return QSize(sum(size.width() for size in sizes), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        """Nothing: `Tabs` decides."""
        return QSize(0, self._theme.target(38))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past the tabs does not change the page."""
        event.ignore()

    def ring_rect(self) -> QRect:
        """Around the current tab."""
        return self.tabRect(self.currentIndex())

    def ring_radius(self) -> int:
        """The corner of a segment."""
        return self._theme.px(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each tab; the chosen one on its own surface, bold."""
        painter = QPainter(self)
        hovered = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index in range(self.count()):
            self._draw_tab(painter, index, hovered=index == hovered)

    def _draw_tab(self, painter: QPainter, index: int, *, hovered: bool) -> None:
        px, colour, on = self._theme.px, self._theme.colour, index == self.currentIndex()
        room = self.tabRect(index)
        if on:
            edge = "accent" if self._theme.is_high_contrast else "border"
            rounded(painter, room, px(9), colour("surface_raised"), colour(edge), self._theme.edge)
        elif hovered:
            rounded(painter, room, px(9), None, colour("border_strong"), 1)
        role = "accent" if on else "text"
        lead = 0
        if self._names[index]:
            lead = px(20 + 8)
            spot = QRect(room.left() + px(16), room.top(), px(20), room.height())
            picture = "accent" if on else "text_muted"
            self._icons.paint(painter, self._names[index], picture, mirrored(self.layoutDirection(), room, spot))
        painter.setPen(colour(role))
        painter.setFont(self._theme.font("label" if on else "body"))
        area = QRect(room.left() + px(16) + lead, room.top(), room.width() - px(32) - lead + 2, room.height())
        align = at_start(self.layoutDirection())
        painter.drawText(
            mirrored(self.layoutDirection(), room, area),
            align | Qt.AlignmentFlag.AlignVCenter,
            self.words(index),
        )


class Tabs(QWidget):
    """`chosen` carries the key when the person changes the page; arrows move between the tabs."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, items: list[Item], name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._keys = [key for key, _words, _icon in items]
        name = name or _("Pages")
        self._bar = _Bar(theme, icons, items)
        self._bar.setAccessibleName(name)
        self._list = ListButton(theme, icons, [(key, words) for key, words, _icon in items], name)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._bar)
        self._layout.addWidget(self._list)
        self._list.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._bar.currentChanged.connect(self._on_tab)
        self._list.chosen.connect(self._on_listed)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def current(self) -> str:
        """The key of the page that is shown."""
        return self._keys[self._bar.currentIndex()]

    @property
    def is_list(self) -> bool:
        """Whether a list button stands in for the tabs."""
        return self._bar.isHidden()

    def choose(self, key: str) -> None:
        """Show this one as chosen; nothing is emitted."""
        self._bar.blockSignals(True)
        self._bar.setCurrentIndex(self._keys.index(key))
        self._bar.blockSignals(False)
        self._list.choose(key)

    def sizeHint(self) -> QSize:
        """All tabs and their track."""
        if self._theme.reflow:
            return self._list.sizeHint()
        pad = 2 * self._theme.px(4)
        return self._bar.sizeHint() + QSize(pad, pad)

    def minimumSizeHint(self) -> QSize:
        """The list button's least width."""
        height = self._theme.target(46)
        return QSize(self._list.minimumSizeHint().width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tabs where they fit, else the list button."""
        super().resizeEvent(event)
        self._fit()

    def _restyle(self) -> None:
        self._bar.restyle()
        self.updateGeometry()
        self._fit()
        self.update()

    def _fit(self) -> None:
        pad = self._theme.px(4)
        wants_list = self._theme.reflow or self.width() < self._bar.sizeHint().width() + 2 * pad
        if wants_list != self._bar.isHidden():
            had_focus = self._bar.hasFocus() or self._list.hasFocus()
            self._bar.setVisible(not wants_list)
            self._list.setVisible(wants_list)
            if had_focus:
                (self._list if wants_list else self._bar).setFocus()
        inset = 0 if wants_list else pad
        self._layout.setContentsMargins(inset, inset, inset, inset)
        self.setFocusProxy(self._list if wants_list else self._bar)

    def _on_tab(self, index: int) -> None:
        self._list.choose(self._keys[index])
        self.chosen.emit(self._keys[index])

    def _on_listed(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The track under the tabs."""
        if self.is_list:
            return
        track = QRect(0, 0, min(self.width(), self.sizeHint().width()), self.height())
        track = mirrored(self.layoutDirection(), self.rect(), track)
        edge = "border" if self._theme.is_high_contrast else "surface_sunken"
        colour = self._theme.colour
        rounded(QPainter(self), track, self._theme.px(12), colour("surface_sunken"), colour(edge), self._theme.edge)
