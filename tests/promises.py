"""A promise of SECURITY.md holds only while its test runs and passes: a plugin that watches, and what it says.

    python -m tests.promises build/promises-*.json

A whole run (no path, no -k, no -m) is judged at its end. Where a run is one of several parts, as in
scripts/test.sh, COMPANION_PROMISES names a file for what it saw, and the parts are judged together.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts import make_security

PART = "COMPANION_PROMISES"
PASSED = "passed"
# From the best to the worst; of the parameters of one test, and of its steps, the worst counts.
_ORDER = (PASSED, "expected to fail", "skipped", "deselected", "failed")


def base(node: str) -> str:
    """The id without its parameters."""
    return node.partition("[")[0]


def worst(found: Iterable[str]) -> str:
    """The one that counts."""
    return max(found, key=_ORDER.index)


def broken(promised: Iterable[str], seen: Mapping[str, str]) -> list[str]:
    """One line for each test that a promise stands on and that did not run and pass."""
    whole: dict[str, str] = {}
    for node, how in seen.items():
        whole[base(node)] = worst([how, whole.get(base(node), PASSED)])
    lines = []
    for test in dict.fromkeys(promised):
        how = seen.get(test) if "[" in test else whole.get(test)
        if how != PASSED:
            lines.append(f"{test}: {how or 'is not there'}")
    return lines


class Watch:
    """Sees how every test ends."""

    def __init__(self, promised: list[str], part: Path | None, *, judges: bool) -> None:
        self._promised, self._part, self._judges = promised, part, judges
        self.seen: dict[str, str] = {}
        self.broken: list[str] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Left out by -k, -m or --deselect."""
        for item in items:
            self._add(item.nodeid, "deselected")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Setup, call or teardown of one test."""
        if hasattr(report, "wasxfail"):
            self._add(report.nodeid, "expected to fail")
        elif report.when == "call" or not report.passed:
            self._add(report.nodeid, report.outcome)

    def _add(self, node: str, how: str) -> None:
        self.seen[node] = worst([how, self.seen.get(node, PASSED)])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand on what was seen, or judge it."""
        if self._part is not None:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._part.write_text(json.dumps(self.seen), encoding="utf-8")
        elif self._judges:
            self.broken = broken(self._promised, self.seen)
            if self.broken and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which."""
        if self.broken:
            terminalreporter.section("promises of SECURITY.md that no test holds")
            for line in self.broken:
                terminalreporter.line(line)


def watch(config: pytest.Config) -> Watch:
    """The watcher for this run."""
    part = os.environ.get(PART)
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    is_whole = is_whole and not config.option.keyword and not config.option.markexpr and not config.option.collectonly
    promised = make_security.tests(make_security.load())
    return Watch(promised, Path(part) if part else None, judges=is_whole)


def main(parts: list[str]) -> int:
    """Judge the parts together; 1 where a promise is broken."""
    seen: dict[str, str] = {}
    for part in parts:
        for node, how in json.loads(Path(part).read_text(encoding="utf-8")).items():
            seen[node] = worst([how, seen.get(node, PASSED)])
    lines = broken(make_security.tests(make_security.load()), seen)
    for line in lines:
        sys.stdout.write(f"a promise of SECURITY.md that no test holds: {line}\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
