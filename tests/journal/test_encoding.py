"""Times as they are kept: every millisecond comes back, in the zone it was lived in."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from companion.journal.encoding import moment
from companion.journal.model import EPOCH, to_ms, zone_text

FIRST_MS, LAST_MS = -(1 << 45), 1 << 47  # years 855 to 6429
ZONES = ("Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "UTC", "+05:45", "-03:30")


@given(st.integers(FIRST_MS, LAST_MS), st.sampled_from(ZONES))
@example(-1, "Europe/London")
@example(0, "Pacific/Apia")
@example((1 << 42) - 1, "America/St_Johns")
@example(1 << 42, "America/St_Johns")
def test_a_moment_is_the_same_millisecond_again(ms: int, zone: str) -> None:
    at = moment(ms, zone)
    assert to_ms(at) == ms
    assert zone_text(at) == zone
    assert at.microsecond % 1000 == 0


def test_the_hour_that_comes_twice_stays_two_hours() -> None:
    first = 1761440400000  # 26 October 2025, 1:00 UTC: the clock in London goes back
    for ms in range(first - 3_600_000, first + 3_600_000, 600_000):
        plain = (EPOCH + timedelta(milliseconds=ms)).astimezone(ZoneInfo("Europe/London"))
        at = moment(ms, "Europe/London")
        assert (at, at.fold, at.utcoffset()) == (plain, plain.fold, plain.utcoffset())
