"""What every test runs under: no screen, private folders, no network, no thread left behind."""

from __future__ import annotations

import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_ACCESSIBILITY"] = "1"

import pytest

from tests import promises
from tests.fakes import FakeClock


def pytest_configure(config: pytest.Config) -> None:
    """Every run watches whether the tests behind the promises of SECURITY.md ran and passed."""
    config.pluginmanager.register(promises.watch(config), "promises")


@pytest.fixture(autouse=True)
def _private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name, place in {
        "HOME": home,
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "COMPANION_DATA_DIR": home / "companion",
    }.items():
        monkeypatch.setenv(name, str(place))


@pytest.fixture(autouse=True)
def _no_thread_left() -> object:
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    for thread in left:
        thread.join(timeout=5)
    assert not [t.name for t in left if t.is_alive()], "a thread is still running after the test"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
