"""What the test of the nursery has forked."""

from __future__ import annotations

import os
import threading

from campaigns.children import pause, say


def main_of(arguments: list[str]) -> None:
    what = arguments[0]
    if what == "speak":
        say("one")
        say("two")
        pause(60)
    if what == "half":
        say("begun")
        os.write(1, b"a line without")
        pause(60)
    if what == "fail":
        say("about to fail")
        raise ValueError("on purpose")
    if what == "end":
        say(f"alone {threading.active_count() == 1 and os.read(0, 1) == b''}")
