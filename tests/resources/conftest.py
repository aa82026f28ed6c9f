"""The shipped facts under a clock that is set by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.core.paths import assets
from companion.resources.service import Directory
from tests.fakes import FakeClock


@pytest.fixture
def facts() -> Path:
    return assets() / "directory"


@pytest.fixture
def directory(facts: Path, clock: FakeClock) -> Directory:
    return Directory(clock, facts)
