"""SECURITY.md is what the builder writes, and a promise whose test does not run and pass breaks the build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from companion.core.settings import Settings
from scripts import make_security
from tests import promises

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def source() -> dict[str, Any]:
    return make_security.load()


def test_the_page_is_what_the_builder_writes(source: dict[str, Any]) -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    built = make_security.built(source, make_security.figures(), Settings._fields)
    assert text == built, "run scripts/make_security.py"


def test_every_promise_stands_on_a_test_and_every_threat_has_its_limit(source: dict[str, Any]) -> None:
    assert len(source["threat"]) > 10
    for threat in source["threat"]:
        assert threat["limits"], threat["from"]
        for promise in threat["promise"]:
            assert promise["tests"], promise["says"]


def test_every_test_and_campaign_that_is_named_is_there(source: dict[str, Any]) -> None:
    for test in make_security.tests(source):
        file, _, name = promises.base(test).partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), test
    for name in make_security.campaigns(source):
        assert (ROOT / "campaigns" / f"{name}.py").exists()


def test_the_release_figures_prove_what_they_are_named_for(source: dict[str, Any]) -> None:
    assert make_security.unproved(source, make_security.figures()) == []


# --- the builder itself ------------------------------------------------------


def a_source(**more: Any) -> dict[str, Any]:
    promise = {"says": "Kept", "tests": ["tests/test_x.py::test_a"], "campaigns": ["damage"]}
    return {"release_required": True, "threat": [{"promise": [promise]}], **more}


def figures(**changes: Any) -> dict[str, dict[str, Any]]:
    entry = {"name": "damage", "met": True, "failures": 0, "size": "release", "seconds": 1.0}
    return {"damage": entry | changes}


def test_a_campaign_that_failed_or_is_missing_or_small_is_told() -> None:
    assert make_security.unproved(a_source(), figures()) == []
    assert make_security.unproved(a_source(), {}) == ["damage: not in the release figures"]
    assert make_security.unproved(a_source(release_required=False), {}) == []
    for bad in ({"failures": 1}, {"met": None}, {"met": False}, {"size": "gate"}):
        assert make_security.unproved(a_source(release_required=False), figures(**bad))


def test_figures_are_shown_as_they_were_recorded(source: dict[str, Any]) -> None:
    entry = {
        "name": "damage", "passes": "0 wrong words", "rounds": 5000, "failures": 0, "seconds": 612.4, "seed": 7,
        "commit": "c0ffee" * 6, "date": "2026-11-25", "met": True, "size": "release",
    }  # fmt: skip
    text = make_security.built(source, {"damage": entry}, Settings._fields)
    assert "| damage | 0 wrong words | 5,000 | 0 | 612 | 7 | c0ffeec0ff | 2026-11-25 |" in text
    assert "| kill_save | | not yet run |" in text
    assert "could not run" in make_security.built(source, {"damage": entry | {"not_run": "no way"}}, ())


# --- the watcher -------------------------------------------------------------

SUITE = """
import pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.mark.skip
def test_skipped(): pass
@pytest.mark.xfail
def test_expected(): assert False
@pytest.mark.xfail
def test_better_than_expected(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_partly_skipped(n):
    if n == 2: pytest.skip("no")
@pytest.fixture
def broken():
    yield
    raise RuntimeError
def test_fails_afterwards(broken): pass
"""
CONFTEST = """
from tests import promises
def pytest_configure(config):
    import os
    from pathlib import Path
    part = os.environ.get("COMPANION_PROMISES")
    watch = promises.Watch(os.environ["PROMISED"].split(), Path(part) if part else None, judges=not part)
    config.pluginmanager.register(watch, "promises")
"""


def run(place: Path, promised: str, *arguments: str, part: Path | None = None) -> subprocess.CompletedProcess[str]:
    (place / "test_x.py").write_text(SUITE)
    (place / "conftest.py").write_text(CONFTEST)
    (place / "pytest.ini").write_text("[pytest]\n")
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PROMISED": promised}
    environ.pop(promises.PART, None)
    if part:
        environ[promises.PART] = str(part)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments]
    return subprocess.run(words, cwd=place, env=environ, capture_output=True, text=True, timeout=50)


PASSES = ("-k", "test_passes or test_skipped or test_expected or test_better or test_partly")


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("test_skipped", "skipped"),
        ("test_expected", "expected to fail"),
        ("test_better_than_expected", "expected to fail"),
        ("test_partly_skipped", "skipped"),
        ("test_partly_skipped[2]", "skipped"),
        ("test_gone", "is not there"),
        ("test_fails", "deselected"),
    ],
)
def test_a_run_that_would_pass_fails_for_its_promise(name: str, how: str, tmp_path: Path) -> None:
    done = run(tmp_path, f"test_x.py::test_passes test_x.py::{name}", *PASSES)
    assert done.returncode == 1
    assert f"test_x.py::{name}: {how}" in done.stdout
    assert "test_x.py::test_passes:" not in done.stdout


def test_a_run_passes_where_every_promise_is_held(tmp_path: Path) -> None:
    done = run(tmp_path, "test_x.py::test_passes test_x.py::test_partly_skipped[1]", *PASSES)
    assert done.returncode == 0, done.stdout


def test_parts_are_judged_together(tmp_path: Path) -> None:
    first, second = tmp_path / "build" / "first.json", tmp_path / "build" / "second.json"
    run(tmp_path, "nothing", part=first)
    seen = json.loads(first.read_text(encoding="utf-8"))
    assert seen["test_x.py::test_passes"] == "passed"
    assert seen["test_x.py::test_fails"] == seen["test_x.py::test_fails_afterwards"] == "failed"
    assert promises.broken(["test_x.py::test_passes"], seen) == []
    second.write_text("{}")
    told = [sys.executable, "-m", "tests.promises"]
    done = subprocess.run([*told, second], cwd=ROOT, capture_output=True, text=True, timeout=50)
    assert done.returncode == 1
    assert "tests/test_privacy.py::test_no_plain_word_on_the_disk_open_or_locked: is not there" in done.stdout


def test_the_whole_of_these_tests_is_watched(pytestconfig: pytest.Config) -> None:
    assert isinstance(pytestconfig.pluginmanager.get_plugin("promises"), promises.Watch)
    lanes = (ROOT / "scripts" / "test.sh").read_text(encoding="utf-8")
    assert lanes.count(f"{promises.PART}=build/promises-") == 3
    assert "-m tests.promises build/promises-{window,walks,rest}.json" in lanes
