"""Opening hours: the forms in the facts, midnight, weeks, clock changes, and what is not known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.resources.hours import open_now, parse_hours

# 2026-11-23 is a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN = range(23, 30)


def at(day: int, hour: int, minute: int = 0, zone: str = "Europe/London", month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        ("24/7", at(MON, 3), True),
        ("10am-10pm daily", at(MON, 10), True),
        ("10am-10pm daily", at(MON, 9, 59), False),
        ("10am-10pm daily", at(SUN, 22), False),
        ("12:30pm-5pm daily", at(MON, 12, 29), False),
        ("12:30pm-5pm daily", at(MON, 12, 30), True),
        ("5pm-midnight daily", at(MON, 23, 59), True),
        ("5pm-midnight daily", at(TUE, 0), False),
        ("3pm-3am daily", at(TUE, 2, 59), True),
        ("3pm-3am daily", at(TUE, 3), False),
        ("3pm-3am daily", at(MON, 2), True),
        ("3:30pm-12:30am daily", at(MON, 0, 29), True),
        ("3:30pm-12:30am daily", at(MON, 0, 30), False),
        ("Mon-Fri 9:30am-4pm", at(FRI, 15), True),
        ("Mon-Fri 9:30am-4pm", at(SAT, 12), False),
        ("Sun-Thu 9am-4:30pm", at(SUN, 10), True),
        ("Sun-Thu 9am-4:30pm", at(FRI, 10), False),
        ("Sun-Thu 9am-4:30pm", at(WED, 10), True),
        ("Mon-Thu 6pm-2am, Fri 6pm-Mon 6am", at(FRI, 1, 59), True),
        ("Mon-Thu 6pm-2am, Fri 6pm-Mon 6am", at(FRI, 2), False),
        ("Mon-Thu 6pm-2am, Fri 6pm-Mon 6am", at(SUN, 12), True),
        ("Mon-Thu 6pm-2am, Fri 6pm-Mon 6am", at(MON, 5, 59), True),
        ("Mon-Thu 6pm-2am, Fri 6pm-Mon 6am", at(MON, 6), False),
        ("4pm-9pm daily; 24 hours on the 10th of each month", at(10, 3), True),
        ("4pm-9pm daily; 24 hours on the 10th of each month", at(11, 3), False),
        ("4pm-9pm daily; 24 hours on the 10th of each month", at(11, 16), True),
    ],
)
def test_open_or_closed(hours: str, moment: datetime, is_open: bool) -> None:
    assert open_now(hours, "GB", moment) is is_open


@pytest.mark.parametrize(
    "hours",
    [
        None,
        "",
        "Mon-Fri",
        "Mon-Sat, daytime",
        "Mon-Sat",
        "daily",
        "evenings",
        "10-22",
        "10am-10pm",
        "9am-5pm weekdays",
        "24 hours on the 10th of each month",
        "25pm daily",
        "Mon-Fri 10am-10pm (term time)",
        "24/7 except Sunday",
    ],
)
def test_what_cannot_be_read_is_not_known(hours: str | None) -> None:
    assert open_now(hours, "GB", at(MON, 12)) is None


def test_hours_are_those_of_the_country_not_of_the_caller() -> None:
    nine_at_night_in_tokyo = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert open_now("4pm-9pm daily", "JP", nine_at_night_in_tokyo) is False
    assert open_now("4pm-9pm daily", "JP", nine_at_night_in_tokyo - timedelta(hours=1)) is True
    in_new_york = (nine_at_night_in_tokyo - timedelta(hours=1)).astimezone(ZoneInfo("America/New_York"))
    assert open_now("4pm-9pm daily", "JP", in_new_york) is True


@pytest.mark.parametrize("country", ["US", "CA", "AU", "PT", "BR", "RU", "NZ"])
def test_several_clocks_and_no_zone_is_not_known(country: str) -> None:
    for hour in range(24):
        assert open_now("10am-10pm daily", country, at(WED, hour, zone="UTC")) is None
    assert open_now("24/7", country, at(WED, 4)) is True


def test_a_zone_named_in_the_text_is_used() -> None:
    noon_pacific = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert open_now("Mon-Fri 10am-6pm Pacific", "US", noon_pacific) is True
    assert open_now("Mon-Fri 10am-6pm Pacific", "US", noon_pacific - timedelta(hours=3)) is False
    assert open_now("Mon-Fri 10am-10pm ET", "US", noon_pacific + timedelta(hours=6, minutes=59)) is True
    assert open_now("Mon-Fri 10am-10pm ET", "US", noon_pacific + timedelta(hours=7)) is False


def test_two_zones_with_the_same_clock_are_one() -> None:
    assert open_now("9am-11pm daily", "DE", at(MON, 12)) is True


def test_an_unknown_country_is_not_known() -> None:
    assert open_now("10am-10pm daily", "XX", at(MON, 12)) is None


def test_summer_time() -> None:
    summer, winter = datetime(2026, 7, 1, 16, 30, tzinfo=UTC), datetime(2026, 12, 1, 16, 30, tzinfo=UTC)
    assert open_now("5pm-midnight daily", "GB", summer) is True
    assert open_now("5pm-midnight daily", "GB", winter) is False


def test_every_form_in_the_facts_is_read_or_known_not_to_be(facts: Path) -> None:
    lines = json.loads((facts / "crisis-lines.json").read_text(encoding="utf-8"))["lines"]
    written = {record["hours"] for group in lines.values() for record in group if "hours" in record}
    assert {text for text in written if parse_hours(text) is None} == {"Mon-Fri", "Mon-Sat", "Mon-Sat, daytime"}
    assert len(written) > 25


@given(st.text(max_size=40), st.datetimes(timezones=st.just(UTC)))
def test_no_text_fails(text: str, moment: datetime) -> None:
    assert open_now(text, "GB", moment) in (None, True, False)
