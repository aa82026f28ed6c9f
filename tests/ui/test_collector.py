"""Garbage with widgets in it is taken apart on the window's thread and on no other."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from companion.ui.collector import EVERY_MS, Collector
from tests.ui.app_kit import wait_until


class Loop:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    one = Collector()
    yield one
    one.stop()


def garbage(died_on: list[str]) -> None:
    gc.collect()  # nothing else is near its threshold now
    weakref.finalize(Loop(), lambda: died_on.append(threading.current_thread().name))


def allocate_much() -> None:
    for _round in range(20):
        kept = [[n] for n in range(50_000)]
        del kept


def on_another_thread() -> None:
    thread = threading.Thread(target=allocate_much, name="another")
    thread.start()
    thread.join()


def test_another_thread_that_allocates_much_takes_nothing_apart(collector: Collector) -> None:
    died_on: list[str] = []
    garbage(died_on)
    on_another_thread()
    assert died_on == []
    collector.collect_all()
    assert died_on == [threading.current_thread().name]


def test_it_goes_by_itself_while_events_run(collector: Collector) -> None:
    died_on: list[str] = []
    garbage(died_on)
    on_another_thread()  # as much as Python would have collected for
    kept = [[n] for n in range(50_000)]
    wait_until(lambda: died_on, ms=5 * EVERY_MS)
    assert died_on == [threading.current_thread().name]
    assert len(kept) == 50_000


def test_without_it_another_thread_would(qapp: QApplication) -> None:
    """The reason for all this; when it fails, Python has changed."""
    died_on: list[str] = []
    garbage(died_on)
    on_another_thread()
    assert died_on == ["another"]


def test_stop_gives_python_its_own_way_back(qapp: QApplication) -> None:
    assert gc.isenabled()
    one = Collector()
    assert not gc.isenabled()
    one.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
