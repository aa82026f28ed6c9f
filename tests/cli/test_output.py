"""What commands print, and where."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from companion.cli.output import Progress, moment, visible
from companion.cli.rules import places


def test_moments_have_an_offset_in_minutes() -> None:
    assert moment(None) is None
    assert moment(datetime(2026, 7, 1, 8, tzinfo=ZoneInfo("Europe/London"))) == "2026-07-01T08:00:00+01:00"
    odd = timezone(timedelta(hours=5, minutes=53, seconds=28))
    shown = moment(datetime(1900, 1, 1, 12, tzinfo=odd))
    assert shown == "1900-01-01T11:59:32+05:53"
    assert datetime.fromisoformat(shown) == datetime(1900, 1, 1, 12, tzinfo=odd)


def test_visible_text_keeps_every_script_and_no_control() -> None:
    assert visible("a\tb\nשלום 😀 \u202e") == "a\tb\nשלום 😀 \u202e"
    assert visible("\x1b[31m\x00\x7f\x9b") == "\ufffd[31m\ufffd\ufffd\ufffd"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for screen, expected in ((io.StringIO(), ""), (Terminal(), "\rBacking up 50 %\rBacking up 100 %\r\x1b[K")):
        monkeypatch.setattr("sys.stderr", screen)
        with Progress("Backing up") as progress:
            for done in (5, 5, 10, 12):
                progress(done, 10)
        assert screen.getvalue() == expected


def test_progress_counts_where_the_end_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with Progress("Reading") as progress:
        progress(100, 0)
        progress(200, 0)
    assert screen.getvalue() == "\rReading 100\rReading 200\r\x1b[K"


def test_places_show_causes_and_no_value() -> None:
    def inner(secret: str) -> None:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise ValueError(f"{secret} again") from error

    with pytest.raises(ValueError, match="again") as caught:
        inner("zephyrquill")
    lines = places(caught.value)
    assert [line for line in lines if not line.startswith(" ")] == ["ValueError", "KeyError"]
    assert "zephyrquill" not in "\n".join(lines)
