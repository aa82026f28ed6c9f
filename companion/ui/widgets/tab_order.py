"""The order in which Tab goes, for parts that are made later than what stands after them.

`QWidget.nextInFocusChain` is not used anywhere: the binding (PySide6 6.11.3)
makes the widget it was asked of the owner of the one it returns, and the garbage
collector then destroys widgets that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_GROUP, _RANK = "tab_group", "tab_rank"


def stops_in(pane: QWidget) -> list[QWidget]:
    """Everything inside `pane` that takes the focus by Tab, hidden or not: as made, or as `order_tabs` put it."""
    stops = [
        widget
        for widget in pane.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    ]
    places: dict[str, list[int]] = {}
    for place, widget in enumerate(stops):
        group = widget.property(_GROUP)
        if group:
            places.setdefault(str(group), []).append(place)
    ordered = list(stops)
    for group_places in places.values():
        members = sorted((stops[place] for place in group_places), key=lambda widget: int(widget.property(_RANK)))
        for place, widget in zip(group_places, members, strict=True):
            ordered[place] = widget
    return ordered


def order_tabs(stops: Sequence[QWidget]) -> None:
    """Let Tab go through these in this order; what is not among them keeps its place around them."""
    stops = list(stops)
    group = str(id(stops[0])) if stops else ""
    for rank, widget in enumerate(stops):
        widget.setProperty(_GROUP, group)
        widget.setProperty(_RANK, rank)
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def step(stops: Sequence[QWidget], focused: QWidget | None, *, forward: bool) -> bool:
    """Move the focus to the next of these that can be seen and used, round at the ends; whether there is one.

    For panes that are put together anew while they are shown: Qt's own chain loses
    what lies in a container with a focus proxy when its order is set again.
    """
    usable = [stop for stop in stops if stop.isVisible() and stop.isEnabled()]
    if not usable:
        return False
    at = usable.index(focused) if focused in usable else (-1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    usable[(at + (1 if forward else -1)) % len(usable)].setFocus(reason)
    return True
