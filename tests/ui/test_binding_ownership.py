"""Nothing that walks the focus order may make the binding think that one widget owns another."""

import gc
import re
from pathlib import Path

import shiboken6
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from companion.ui.widgets.tab_order import order_tabs, stops_in

ROOT = Path(__file__).resolve().parents[2]


def owner(widget: QWidget) -> str:
    return next((line for line in shiboken6.dump(widget).splitlines() if line.startswith("parent.")), "none")


def test_finding_the_stops_changes_no_owner(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    inside = QWidget()
    QVBoxLayout(inside).addWidget(QLineEdit())
    area = QScrollArea()
    area.setWidget(inside)
    column.addWidget(QLineEdit())
    column.addWidget(area)
    fields = window.findChildren(QLineEdit)
    before = [owner(widget) for widget in (area, *fields)]
    assert [w for w in stops_in(window) if w in fields] == fields
    order_tabs(fields[::-1])
    assert [w for w in stops_in(window) if w in fields] == fields[::-1]
    assert [owner(widget) for widget in (area, *fields)] == before
    gc.collect()
    assert shiboken6.isValid(inside)


def test_the_call_that_does_is_used_nowhere() -> None:
    users = [
        str(path)
        for path in (ROOT / "companion").rglob("*.py")
        if re.search(r"\.(next|previous)InFocusChain\(", path.read_text())
    ]
    assert users == []
