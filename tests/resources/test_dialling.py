"""Numbers as shown, spoken and scanned: spacing may change, digits never."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from companion.resources.crisis import CrisisFile
from companion.resources.dialling import (
    dial_text,
    sms_short,
    sms_text,
    sms_uri,
    spoken_digits,
    spoken_groups,
    tel_uri,
)
from companion.resources.model import CrisisLine, TextContact
from companion.resources.service import Directory
from tests.resources.test_order_and_age import LINE


def digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("116 123", "116 123"),
        ("988", "988"),
        ("741741", "741741"),
        ("1-866-488-7386", "1-866-488-7386"),
        ("9152987821", "915 298 7821"),
        ("67378539", "6737 8539"),
        ("920033360", "920 033 360"),
        ("0800444", "0800 444"),
        ("16600102005", "166 0010 2005"),
        ("*4141", "*4141"),
    ],
)
def test_groups(number: str, shown: str) -> None:
    assert spoken_groups(number) == shown


@given(st.from_regex(r"[0-9]{1,20}", fullmatch=True))
def test_digits_stay_and_none_stands_alone(number: str) -> None:
    shown = spoken_groups(number)
    assert digits(shown) == number
    assert spoken_groups(shown) == shown
    if len(number) > 1:
        assert min(len(group) for group in shown.split(" ")) > 1


def test_every_shipped_number_keeps_its_digits(facts: Path) -> None:
    file = CrisisFile(facts)
    seen = 0
    for country in file.countries():
        for line in file.lines(country):
            if line.number:
                assert digits(dial_text(line) or "") == digits(line.number) == digits(tel_uri(line) or "")
                assert digits(spoken_digits(line.number)) == digits(line.number)
            if line.sms:
                assert digits(sms_text(line) or "") == digits(line.sms.number)
                assert digits((sms_uri(line) or "").partition("?")[0]) == digits(line.sms.number)
            seen += 1
    assert seen == 423


def test_for_the_screen_reader() -> None:
    assert spoken_digits("116 123") == "1 1 6, 1 2 3"
    assert spoken_digits("1-866-488-7386") == "1, 8 6 6, 4 8 8, 7 3 8 6"
    assert spoken_digits("*4141") == "star 4 1 4 1"


def test_text_lines() -> None:
    keyword = LINE._replace(phone=None, sms=TextContact("741741", "HOME"))
    assert sms_text(keyword) == "Text HOME to 741741"
    assert sms_short(keyword) == "HOME to 741741"
    assert sms_uri(keyword) == "sms:741741?body=HOME"
    assert tel_uri(keyword) is None
    assert dial_text(keyword) is None
    plain = LINE._replace(sms=TextContact("678-678"))
    assert sms_text(plain) == "Text 678-678"
    assert sms_uri(plain) == "sms:678678"
    assert sms_text(LINE) is sms_uri(LINE) is sms_short(LINE) is None


def test_short_codes_and_stars_are_kept() -> None:
    assert tel_uri(LINE) == "tel:116123"
    assert tel_uri(LINE._replace(phone="988")) == "tel:988"
    assert tel_uri(LINE._replace(phone=None, phone_special="*4141")) == "tel:*4141"


def test_emergency_numbers_can_be_dialled_too(directory: Directory) -> None:
    number = directory.emergency("GB")
    assert number is not None
    assert (dial_text(number), tel_uri(number)) == ("999", "tel:999")


def test_every_uri_fits_into_a_code(facts: Path) -> None:
    file = CrisisFile(facts)
    for country in ("US", "CL", "IE"):
        for line in file.lines(country):
            for uri in filter(None, (tel_uri(line), sms_uri(line))):
                code = segno.make(uri, error="m", micro=False)
                code.save(out := io.BytesIO(), kind="svg")
                assert out.getvalue()
                assert int(code.version) <= 4


def test_a_line_is_never_shown_without_a_way_to_reach_it(facts: Path) -> None:
    lines = json.loads((facts / "crisis-lines.json").read_text(encoding="utf-8"))["lines"]
    assert lines
    file = CrisisFile(facts)

    def reachable(line: CrisisLine) -> bool:
        return bool(dial_text(line) or sms_text(line))

    assert all(reachable(line) for country in lines for line in file.lines(country))
