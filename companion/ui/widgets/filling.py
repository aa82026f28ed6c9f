"""Short ways to fill rows and columns."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

# A widget or layout, one with its share of spare room, or None for spare room.
Item: TypeAlias = QWidget | QLayout | tuple[QWidget | QLayout, int] | None
_Box = TypeVar("_Box", bound=QBoxLayout)


def fill(layout: _Box, *items: Item) -> _Box:
    """Put these into a row or column, in this order."""
    for item in items:
        if item is None:
            layout.addStretch(1)
            continue
        thing, share = item if isinstance(item, tuple) else (item, 0)
        if isinstance(thing, QLayout):
            layout.addLayout(thing, share)
        else:
            layout.addWidget(thing, share)
    return layout


def box(layout: QLayout) -> QWidget:
    """A plain widget around a layout, so that it can be shown, hidden or given a width."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
