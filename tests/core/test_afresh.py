import os
import sys

import pytest

from companion.core import afresh
from companion.core.afresh import Afresh


@pytest.mark.parametrize(
    "state",
    [
        Afresh(),
        Afresh(hidden=True),
        Afresh(help_now=True, place=(-5, 40, 1280, 860)),
        Afresh(hidden=True, help_now=True, place=(0, 0, 1, 1), number="116 123"),
    ],
)
def test_what_is_left_for_the_next_start_comes_back(state: Afresh) -> None:
    environ = {afresh.NAME: state.to_text()}
    assert afresh.taken(environ) == state
    assert environ == {}
    assert afresh.taken(environ) is None


@pytest.mark.parametrize("text", ["", "odd", "1,2,3", "1,2,3,x", "number=zz", "number=ff", "hidden number="])
def test_nonsense_is_passed_over(text: str) -> None:
    assert Afresh.from_text(text) == Afresh(hidden="hidden" in text)


def test_the_same_program_with_the_same_arguments() -> None:
    assert afresh.command(["companion", "--data-dir", "/x", "help-now"]) == [
        sys.executable,
        "--data-dir",
        "/x",
        "help-now",
    ]
    assert afresh.command([]) is None


def test_a_program_that_is_not_there_any_more_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert afresh.command() is None


def test_a_start_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, arguments: list[str]) -> None:
        assert os.environ[afresh.NAME] == "hidden"
        raise OSError

    monkeypatch.setattr(os, "execv", refused)
    monkeypatch.delenv(afresh.NAME, raising=False)
    afresh.begin(Afresh(hidden=True))
    assert afresh.NAME not in os.environ


def test_the_window_looks_for_the_name_that_is_used() -> None:
    from companion import app

    assert app.AFRESH == afresh.NAME
