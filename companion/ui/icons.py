"""Icons by name and colour role, drawn from the icon package; words stand in where a picture is missing."""

from __future__ import annotations

import importlib.util
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from companion.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

STROKE = 1.75  # of 24, as the design's icons are drawn
SMALL_STROKE = 2.25
SMALL = 16  # px; up to here a thin stroke would fade

# Names the design uses -> names in lucide 1.1.4.
ALIASES: dict[str, str] = {
    "circle-help": "circle-question-mark",
    "more-horizontal": "ellipsis",
    "waves": "waves-horizontal",
}

# Pictures that point along the line of reading -> what they become right to left.
_MIRRORED = {
    "arrow-left": "arrow-right",
    "arrow-right": "arrow-left",
    "chevron-left": "chevron-right",
    "chevron-right": "chevron-left",
    "undo-2": "redo-2",
}


def facing(name: str, direction: Qt.LayoutDirection) -> str:
    """The picture that points the same way for this direction of reading."""
    return _MIRRORED.get(name, name) if direction == Qt.LayoutDirection.RightToLeft else name


class Icons:
    """Pictures in the colours of the theme; a picture is drawn once for each name, colour and size."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._archive: bytes | None = None
        self._sources: dict[str, str] = {}
        self._pictures: dict[tuple[str, str, int, float, float], QPixmap] = {}

    def has(self, name: str) -> bool:
        """Whether there is a picture of this name."""
        return bool(self._source(name))

    def pixmap(self, name: str, role: str, size: float = 20, stroke: float | None = None) -> QPixmap:
        """The picture in the colour of `role`, `size` px at 100 % text; a null picture if there is none."""
        pixels = self._theme.px(size)
        if stroke is None:
            stroke = STROKE if size > SMALL else SMALL_STROKE
        ratio = _screen_ratio()
        colour = self._theme.colour(role).name()
        key = (name, colour, pixels, stroke, ratio)
        found = self._pictures.get(key)
        if found is None:
            found = _drawn(self._source(name), colour, pixels, stroke, ratio)
            self._pictures[key] = found
        return found

    def icon(self, name: str, role: str, size: float = 20) -> QIcon:
        """The picture for a control that Qt draws; ask again at `Theme.changed`."""
        from PySide6.QtGui import QIcon  # our own parts paint pictures; few need this class

        picture = self.pixmap(name, role, size)
        return QIcon() if picture.isNull() else QIcon(picture)

    def paint(self, painter: QPainter, name: str, role: str, area: QRect, size: float = 20) -> None:
        """Draw the picture in the middle of `area`."""
        if not self._theme.decorates:
            return
        picture = self.pixmap(name, role, size)
        if picture.isNull():
            return
        side = QSize(self._theme.px(size), self._theme.px(size))
        middle = QRectF(area).center()
        painter.drawPixmap(QPointF(middle.x() - side.width() / 2, middle.y() - side.height() / 2), picture)

    # --- inside ----------------------------------------------------------

    def _source(self, name: str) -> str:
        source = self._sources.get(name)
        if source is None:
            if self._archive is None:
                self._archive = _read_archive()
            source = _member(self._archive, f"{ALIASES.get(name, name)}.svg").decode("utf-8")
            self._sources[name] = source
        return source


def _screen_ratio() -> float:
    from PySide6.QtGui import QGuiApplication

    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen is not None else 1.0


def _drawn(source: str, colour: str, pixels: int, stroke: float, ratio: float) -> QPixmap:
    if not source or pixels < 1:
        return QPixmap()
    from PySide6.QtSvg import QSvgRenderer  # not needed where no icon is shown

    source = source.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    renderer = QSvgRenderer(QByteArray(source.encode()))
    picture = QPixmap(round(pixels * ratio), round(pixels * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _read_archive() -> bytes:
    spec = importlib.util.find_spec("lucide")
    if spec is None or not spec.submodule_search_locations:
        return b""
    try:
        return (Path(spec.submodule_search_locations[0]) / "lucide.zip").read_bytes()
    except OSError:
        return b""


def _member(archive: bytes, name: str) -> bytes:
    """One file of a ZIP archive, found by its entry in the central directory; b"" if it is not there.

    `zipfile` lists all 1,600 members first, which costs more than the rest of
    the icons together. Format: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
    """
    wanted = name.encode()
    end = archive.rfind(b"PK\x05\x06")
    if end < 0:
        return b""
    at = archive.find(wanted, *struct.unpack_from("<16xI", archive, end))
    while at >= 0:
        entry = at - 46
        if entry >= 0 and archive[entry : entry + 4] == b"PK\x01\x02":
            method, packed, length, offset = struct.unpack_from("<10xH8xI4xH12xI", archive, entry)
            if length == len(wanted):
                name_length, extra_length = struct.unpack_from("<26xHH", archive, offset)
                start = offset + 30 + name_length + extra_length
                raw = archive[start : start + packed]
                return zlib.decompress(raw, -15) if method == 8 else raw
        at = archive.find(wanted, at + 1)
    return b""
