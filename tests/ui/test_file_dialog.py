"""The toolkit's own file dialog, which other people's computers bring: it can be read in every palette."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView

from companion.core.paths import assets
from companion.core.settings import Settings
from companion.ui.theme import Theme


@pytest.mark.parametrize("palette", ["light", "dark", "hc_light", "hc_dark"])
def test_the_head_of_the_list_is_painted_in_the_colours_of_the_palette(qapp: QApplication, palette: str) -> None:
    theme = Theme(qapp, assets())
    theme.apply(Settings(palette=palette))
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, True)
    dialog.show()
    qapp.processEvents()
    header = next(h for h in dialog.findChildren(QHeaderView) if h.isVisible())
    picture = header.grab().toImage()
    shown = QColor(picture.pixel(picture.width() - 3, 2))
    dialog.close()
    dialog.deleteLater()
    theme.deleteLater()
    assert shown.name() == theme.colour("surface_sunken").name()
