"""The fixed bar outside the lock: the name, text size, colours, Hide, and Help where the page shows no lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from companion.core.i18n import _
from companion.ui.shell.look import change_look, palette_choices, scale_choices
from companion.ui.widgets.filling import box, fill
from companion.ui.widgets.press import PressButton

if TYPE_CHECKING:
    from companion.services import SettingsStore
    from companion.ui.kit import Kit


class TopBar(QWidget):
    """Never scrolls. Words give way to pictures, then the name goes, before anything is cut."""

    hide_requested = Signal()
    help_requested = Signal()

    def __init__(self, kit: Kit, settings: SettingsStore) -> None:
        super().__init__()
        self._kit = kit
        self._settings = settings
        self._shows_help = False
        self.setAccessibleName(_("Text size, colours, hide and help"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._build()
        kit.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_help(self, shown: bool) -> None:
        """Whether Help right now stands in the bar; from 150 % text it always does."""
        self._shows_help = shown
        self._fit()

    def show_name(self) -> None:
        """Show the neutral name, "Notes", while that setting is on."""
        self._name.setText(_("Notes") if self._settings.current.neutral_name else "Companion")

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self._name = kit.label("", "title", wrap=False)
        self._name_box = box(fill(kit.row(spacing=10), kit.icon_label("sprout", "accent", 24), self._name))
        self._size = kit.button(_("Text size"), kind="ghost", icon="a-large-small")
        self._colours = kit.button(_("Colours"), kind="ghost", icon="contrast")
        self._size_small = kit.icon_button("a-large-small", _("Text size"), 44)
        self._colours_small = kit.icon_button("contrast", _("Colours"), 44)
        self._size.clicked.connect(self._choose_size)
        self._size_small.clicked.connect(self._choose_size)
        self._colours.clicked.connect(self._choose_colours)
        self._colours_small.clicked.connect(self._choose_colours)
        self._hide = kit.button(_("Hide"), kind="ghost", icon="eye-off")
        self._hide.setToolTip("F9")
        self._hide.clicked.connect(self.hide_requested)
        self._hide_small = kit.icon_button("eye-off", _("Hide"), 44)
        self._hide_small.clicked.connect(self.hide_requested)
        self._help = kit.button(_("Help right now"), kind="help", icon="life-buoy")
        self._help.setToolTip("F1")
        self._help.clicked.connect(self.help_requested)
        self._row = fill(
            kit.row(self, spacing=8),
            self._name_box,
            None,
            self._size,
            self._size_small,
            self._colours,
            self._colours_small,
            self._hide,
            self._hide_small,
            self._help,
        )

    # --- what fits -------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words or pictures, by what fits."""
        super().resizeEvent(event)
        self._fit()

    def _on_theme_changed(self) -> None:
        self.show_name()
        self._fit()
        self.update()

    def _fit(self) -> None:
        help_shown = self._shows_help or self._kit.theme.reflow
        side = 24 if self._kit.theme.reflow else 40
        room = self.width() - 2 * self._kit.theme.px(side)
        always = [self._hide, *([self._help] if help_shown else [])]
        words: list[QWidget] = [self._size, self._colours, self._hide]
        pictures: list[QWidget] = [self._size_small, self._colours_small, self._hide_small]
        had_focus = self.focusWidget()
        in_words = self._width_of([self._name_box, *words[:2], *always]) <= room
        with_name = in_words or self._width_of([self._name_box, *pictures[:2], *always]) <= room
        # Hide keeps its word longest: only the least room turns it into a picture.
        hide_in_words = self._width_of([*pictures[:2], *always]) <= self.width() - 2 * self._kit.theme.px(8)
        for word, picture in zip(words, pictures, strict=True):
            as_word = hide_in_words if word is self._hide else in_words
            word.setVisible(as_word)
            picture.setVisible(not as_word)
        self._name_box.setVisible(with_name)
        side = side if with_name else 8 if hide_in_words else 2
        self._row.set_margins((side, 8, side, 8) if self._kit.theme.reflow else (side, 24, side, 16))
        self._row.set_spacing(8 if with_name else 2)
        self._help.setVisible(help_shown)
        self._keep_focus(had_focus, words, pictures)

    def _width_of(self, parts: list[QWidget]) -> int:
        return sum(part.sizeHint().width() for part in parts) + self._row.spacing() * len(parts)

    def _keep_focus(self, had: QWidget | None, words: list[QWidget], pictures: list[QWidget]) -> None:
        for one, other in (*zip(words, pictures, strict=True), *zip(pictures, words, strict=True)):
            if had is one and one.isHidden():
                other.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- the two lists ---------------------------------------------------

    def _choose_size(self) -> None:
        current = str(self._settings.current.text_scale)
        self._open(scale_choices(), current, _("Text size"), self._on_size)

    def _choose_colours(self) -> None:
        self._open(palette_choices(), self._settings.current.palette, _("Colours"), self._on_colours)

    def _open(self, items: list[tuple[str, str]], current: str, name: str, take: Callable[[str], None]) -> None:
        button = self.sender()
        if not isinstance(button, PressButton):
            return
        from companion.ui.widgets.list_popup import ListPopup  # not needed before the first paint

        popup = ListPopup(button, self._kit.theme, self._kit.icons, items, current, name)
        popup.picked.connect(take)
        popup.open_at(button)

    def _on_size(self, key: str) -> None:
        change_look(self._settings, self._kit.theme, text_scale=float(key))

    def _on_colours(self, key: str) -> None:
        change_look(self._settings, self._kit.theme, palette=key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """From 150 % text the bar has a surface of its own, because the page moves under it."""
        if self._kit.theme.reflow:
            QPainter(self).fillRect(self.rect(), self._kit.theme.colour("sidebar"))
