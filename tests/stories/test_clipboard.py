"""Both clipboards of a real screen, read by another program: own words are gone after Lock and Hide."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, Step, make_space

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="two clipboards are a thing of X11"),
]
WORDS = "The moth went back to the lamp"
READER = Path(__file__).with_name("board_reader.py")
OPEN: list[Step] = [("type", PASSPHRASE), ("key", "Return")]


def test_own_words_leave_both_clipboards_and_a_crisis_number_stays(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_space(data)

    def look(name: str) -> Step:
        return "run", f"{sys.executable} {READER} {tmp_path / name}"

    walk(
        "clipboard",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            *OPEN,
            ("wait", "How are you right now?"),
            ("key", "ctrl+n"),
            ("focus", "Your words"),
            ("type", WORDS),
            ("key", "ctrl+a ctrl+c"),
            look("copied"),
            ("key", "ctrl+l"),
            ("focus", "Passphrase"),
            look("locked"),
            # Selected and not copied: on X11 that is enough for the middle button of any other program.
            *OPEN,
            ("reads", WORDS),
            ("focus", "Your words"),
            ("key", "ctrl+a"),
            look("selected"),
            ("key", "F9"),
            ("sleep", "1"),
            look("hidden"),
            ("raise_window", "Notes"),
            *OPEN,
            ("reads", WORDS),
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("press", "Copy 116 123"),
            look("number"),
            ("key", "Escape"),
            ("gone", "Emergency services"),
            ("key", "ctrl+l"),
            ("focus", "Passphrase"),
            look("number-locked"),
            ("key", "F9"),
            ("sleep", "1"),
            look("number-hidden"),
        ],
        data=data,
    )
    names = ("copied", "locked", "selected", "hidden", "number", "number-locked", "number-hidden")
    found = {name: json.loads((tmp_path / name).read_text()) for name in names}
    assert found["copied"] == {"clipboard": WORDS, "primary": WORDS}, "nothing was there, so nothing was tried"
    assert found["locked"] == {"clipboard": "", "primary": ""}
    assert found["selected"]["primary"] == WORDS
    assert found["hidden"] == {"clipboard": "", "primary": ""}
    assert found["number"]["clipboard"] == "116 123"
    assert found["number-locked"]["clipboard"] == "116 123", "a number to call goes with a lock"
    assert found["number-hidden"]["clipboard"] == "", "Hide leaves nothing, a number neither"
