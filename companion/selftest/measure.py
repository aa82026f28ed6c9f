"""What can be measured on a screen: names, room for words, filled buttons, stops of the Tab key."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

_SLACK = 1  # px; a size is rounded twice on its way
_LONGEST_NAME = 40


def focusables(top: QWidget) -> list[QWidget]:
    """Everything that takes the focus by Tab now, each once."""
    return [
        widget
        for widget in top.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not _is_inside_a_control(widget)
    ]


def unnamed(top: QWidget) -> list[str]:
    """Controls that a screen reader could not tell from others."""
    return [where(widget) for widget in focusables(top) if _name_of(widget) in ("", type(widget).__name__)]


def primary_buttons(top: QWidget) -> int:
    """Filled buttons; Help right now has a kind of its own and does not count."""
    return sum(
        1
        for button in top.findChildren(QAbstractButton)
        if getattr(button, "kind", "") == "primary" and button.isVisible()
    )


def clipped(top: QWidget) -> list[str]:
    """Words that need more room than they have, parts that stick out or lie over each other, pages too wide."""
    with_words = [widget for widget in top.findChildren(QWidget) if widget.isVisible() and _has_words(widget)]
    found = [f"{where(widget)}: {why}" for widget in with_words for why in _lacks(widget)]
    found += [
        f"{where(area)}: {area.horizontalScrollBar().maximum()} px wider than it shows"
        for area in top.findChildren(QScrollArea)
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0
    ]
    return found + list(_overlaps(with_words))


# --- inside ----------------------------------------------------------------------


def _lacks(widget: QWidget) -> Iterator[str]:
    width, height = _needs(widget)
    if height > widget.height() + _SLACK:
        yield f"needs {height} px of height, has {widget.height()}"
    if width > widget.width() + _SLACK:
        yield f"needs {width} px of width, has {widget.width()}"
    shown = _shown_part(widget)
    if shown.isValid() and (widget.height() - shown.height() > _SLACK or widget.width() - shown.width() > _SLACK):
        yield f"{widget.width()} x {widget.height()} px, of which {shown.width()} x {shown.height()} show"


def _needs(widget: QWidget) -> tuple[int, int]:
    hint = widget.minimumSizeHint()
    if isinstance(widget, QLineEdit):
        words = widget.placeholderText() if not widget.text() else ""
        return widget.fontMetrics().horizontalAdvance(words), hint.height()
    if widget.hasHeightForWidth():
        return hint.width(), widget.heightForWidth(widget.width())
    if isinstance(widget, QLabel) and widget.wordWrap():
        return hint.width(), QLabel.heightForWidth(widget, widget.width())
    fixed = widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed
    return (hint.width() if not fixed else 0), hint.height()


def _shown_part(widget: QWidget) -> QRect:
    """The part that no parent cuts off; what a scrolled page holds is looked at up to that page."""
    part, parent = QRect(QPoint(0, 0), widget.size()), widget.parentWidget()
    child = widget
    while parent is not None and not child.isWindow():
        if _scrolls(parent):
            break
        part = part.translated(child.pos()).intersected(QRect(QPoint(0, 0), parent.size()))
        child, parent = parent, parent.parentWidget()
    return part


def _scrolls(viewport: QWidget) -> bool:
    area = viewport.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is viewport


def _overlaps(widgets: list[QWidget]) -> Iterator[str]:
    """Pairs of words that lie over each other in the same page."""
    placed = [(widget, _page_of(widget)) for widget in widgets]
    boxes = [(widget, page, QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())) for widget, page in placed]
    for number, (one, page, box) in enumerate(boxes):
        for other, other_page, other_box in boxes[number + 1 :]:
            if page is not other_page or one.isAncestorOf(other) or other.isAncestorOf(one):
                continue
            both = box.intersected(other_box)
            if both.width() > _SLACK and both.height() > _SLACK:
                yield f"{where(one)} and {where(other)} overlap by {both.width()} x {both.height()} px"


def _page_of(widget: QWidget) -> QWidget:
    """The scrolled page or the layer of the window that this lies in."""
    child, parent = widget, widget.parentWidget()
    while parent is not None and not child.isWindow():
        if _scrolls(parent) or parent.isWindow():
            break
        child, parent = parent, parent.parentWidget()
    return child


def _has_words(widget: QWidget) -> bool:
    if _is_inside_a_control(widget):
        return False
    if isinstance(widget, QLabel | QAbstractButton):
        return bool(widget.text() or widget.accessibleName())
    return isinstance(widget, QLineEdit)


def _is_inside_a_control(widget: QWidget) -> bool:
    """Parts that Qt makes for a control of its own, such as the field in a date."""
    return widget.objectName().startswith("qt_")


def _name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def where(widget: QWidget) -> str:
    """The widget in words: its kind and what it says."""
    words = getattr(widget, "text", None)
    text = str(words()) if callable(words) else ""
    said = (text or widget.accessibleName()).replace("\n", " ")
    return f"{type(widget).__name__} {said[:_LONGEST_NAME]!r}"
