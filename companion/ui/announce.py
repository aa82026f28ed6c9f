"""Says a short thing to people who hear the screen instead of seeing it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have `text` read out politely, from where `widget` is.

    Older screen readers have no handler for announcements; they hear a label
    whose name changes, so a label given here gets `text` as its name too.
    """
    if not text:
        return
    # Loading the accessibility classes takes some ms, and nothing is said before the first paint.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

    if isinstance(widget, QLabel):
        if widget.text() != text:
            widget.setAccessibleName(text)
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.NameChanged))
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
