"""Valid objects with defaults, so that a new field does not break a hundred tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from companion.journal.model import Content

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=LONDON)


def content(text: str = "Toast. The neighbour's cat.", *, days_ago: float = 0, **changes: object) -> Content:
    return Content(**{"at": NOON - timedelta(days=days_ago), "text": text, **changes})
