"""The order in which Tab goes, for parts that are made later than what stands after them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def stops_in(pane: QWidget) -> list[QWidget]:
    """Everything inside `pane` that takes the focus by Tab, hidden or not, in today's order."""
    stops = []
    widget = pane.nextInFocusChain()
    while widget is not pane and widget is not None:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isAncestorOf(widget) and widget.focusProxy() is None:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    return stops


def order_tabs(stops: Iterable[QWidget]) -> None:
    """Let Tab go through these in this order; what is not among them keeps its place around them."""
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)
