"""How tests look at a screen: what is cut, what has no name, what is too small."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QTextEdit, QAbstractItemView, QTabBar)


def controls(root: QWidget) -> list[QWidget]:
    """Everything that a person can work, in no order."""
    found = [w for w in root.findChildren(QWidget) if isinstance(w, CONTROLS)]
    return [w for w in found if w.isVisible() and w.isEnabled() and w.focusPolicy() != Qt.FocusPolicy.NoFocus]


def name_of(widget: QWidget) -> str:
    """What a screen reader says."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def description_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


def role_of(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def state_of(widget: QWidget) -> QAccessible.State:
    return QAccessible.queryAccessibleInterface(widget).state()


def cut(root: QWidget) -> list[str]:
    """Words that need more room than they have, and pages that scroll sideways."""
    bad = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton) or not widget.text():
            continue
        needs = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.sizeHint().height()
        least = widget.minimumSizeHint()
        if needs > widget.height() or least.width() > widget.width():
            words = widget.text()[:40]
            bad.append(f"{type(widget).__name__} {words!r}: {widget.size().toTuple()} needs {least.width()} x {needs}")
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().contains(widget.geometry()):
            bad.append(f"{type(widget).__name__} {widget.text()[:40]!r} sticks out of its parent")
    for area in root.findChildren(QScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            bad.append(f"{area.widget()} scrolls sideways by {area.horizontalScrollBar().maximum()} px")
    return bad
