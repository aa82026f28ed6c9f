"""`companion self-test` as it is run, on a few of its states: what it prints, and that a fault ends with 1."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FEW = 'r.STATES = tuple(s for s in r.STATES if s.name in ("lock-no-space", "today-first-day"))'
NO_PROOF = "r.prove = lambda qt, folder: 0"
BROKEN = """
from companion.selftest.state import State
r.STATES = (State("lock", "broken", lambda stage: stage.press("No such button"), world="none", opened=False), *r.STATES)
"""
SLOT_ERROR = """
from companion.selftest.state import State
from PySide6.QtCore import QTimer
def later(stage):
    QTimer.singleShot(0, lambda: {}["missing"])
r.STATES = (State("lock", "slot", later, world="none", opened=False),)
"""


def _run(*changes: str, as_json: bool = True) -> subprocess.CompletedProcess[str]:
    code = "\n".join(
        [
            "import sys",
            "import companion.selftest.report as r",
            *changes,
            f"sys.exit(r.run_and_print(as_json={as_json}))",
        ]
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=55)


def test_json_is_one_document_with_the_promised_keys() -> None:
    ended = _run(FEW)
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert set(document) == {"pages", "seconds"}
    assert [(page["page"], page["state"]) for page in document["pages"]] == [
        ("lock", "no-space"),
        ("today", "first-day"),
    ]
    for page in document["pages"]:
        assert set(page) == {"page", "state", "focusables", "unnamed", "clipped", "primary_buttons"}
        assert page["unnamed"] == page["clipped"] == []
        assert page["primary_buttons"] in (0, 1)
        assert page["focusables"] > 5
    assert ended.stderr == ""


def test_a_state_that_does_not_open_is_named_and_the_others_are_still_visited() -> None:
    ended = _run(FEW, NO_PROOF, BROKEN)
    assert ended.returncode == 1
    assert "lock-broken (100 %) did not open" in ended.stderr
    assert [page["focusables"] > 5 for page in json.loads(ended.stdout)["pages"]] == [False, True, True]


def test_an_error_that_no_caller_sees_is_a_fault() -> None:
    ended = _run(NO_PROOF, SLOT_ERROR)
    assert ended.returncode == 1
    assert "KeyError" in ended.stderr


def test_a_lost_note_is_a_fault() -> None:
    ended = _run(FEW, "import companion.selftest.proof as p", "p._restored = lambda backup, folder: 1")
    assert ended.returncode == 1
    assert "proof: restore" in ended.stderr


def test_for_people_it_says_how_many_states_are_right() -> None:
    ended = _run(FEW, NO_PROOF, as_json=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0] == "2 of 2 states are as they should be."
