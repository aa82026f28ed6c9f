from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from companion.core.errors import Stopped, VaultLocked
from companion.vault.worker import THREAD_NAME, VaultWorker

WAIT_S = 10


@pytest.fixture
def worker() -> Iterator[VaultWorker]:
    one = VaultWorker()
    yield one
    assert one.stop(WAIT_S)


class Gate:
    """Keeps the thread busy until it is opened."""

    def __init__(self, worker: VaultWorker) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.future = worker.submit(self._wait)
        assert self.entered.wait(WAIT_S)

    def _wait(self) -> None:
        self.entered.set()
        assert self.open.wait(WAIT_S)


def test_jobs_run_in_order_on_one_thread(worker: VaultWorker) -> None:
    seen: list[tuple[int, str]] = []
    futures = [
        worker.submit(lambda n=n: seen.append((n, threading.current_thread().name)))  # type: ignore[misc]
        for n in range(20)
    ]
    for future in futures:
        future.result(WAIT_S)
    assert seen == [(n, THREAD_NAME) for n in range(20)]


def test_an_answer_and_a_fault_come_back_and_the_thread_goes_on(worker: VaultWorker) -> None:
    def fail() -> None:
        raise KeyError("x")

    assert isinstance(worker.submit(fail).exception(WAIT_S), KeyError)

    def leave() -> None:
        raise SystemExit

    assert isinstance(worker.submit(leave).exception(WAIT_S), SystemExit)
    assert worker.submit(lambda: 7).result(WAIT_S) == 7


def test_first_means_before_all_that_wait(worker: VaultWorker) -> None:
    seen: list[str] = []
    gate = Gate(worker)
    for name in ("a", "b"):
        worker.submit(lambda name=name: seen.append(name))  # type: ignore[misc]
    assert not worker.has_urgent
    worker.submit_first(lambda: seen.append("lock"))
    assert worker.has_urgent
    gate.open.set()
    assert worker.drain(WAIT_S)
    assert seen == ["lock", "a", "b"]
    assert not worker.has_urgent


def test_a_cancelled_job_does_not_run(worker: VaultWorker) -> None:
    gate = Gate(worker)
    seen: list[int] = []
    future = worker.submit(lambda: seen.append(1))
    assert future.cancel()
    gate.open.set()
    assert worker.drain(WAIT_S)
    assert seen == []


def test_drain_waits_for_what_runs_too(worker: VaultWorker) -> None:
    gate = Gate(worker)
    assert not worker.drain(0.05)
    gate.open.set()
    assert worker.drain(WAIT_S)


def test_stop_finishes_what_waits_and_refuses_the_rest() -> None:
    worker = VaultWorker()
    gate = Gate(worker)
    last = worker.submit(lambda: "saved")
    assert not worker.stop(0.05)
    late = worker.submit(lambda: "late")
    assert isinstance(late.exception(WAIT_S), VaultLocked)
    gate.open.set()
    assert worker.stop(WAIT_S)
    assert last.result(WAIT_S) == "saved"
    assert worker.stop(WAIT_S)


def test_a_long_job_serves_what_waits_in_between(worker: VaultWorker) -> None:
    seen: list[str] = []
    gate = threading.Event()
    ready = threading.Event()

    def long() -> str:
        ready.set()
        assert gate.wait(WAIT_S)
        worker.serve_waiting()
        return ",".join(seen)

    future = worker.submit(long)
    assert ready.wait(WAIT_S)
    worker.submit(lambda: seen.append("one"))
    worker.submit(lambda: seen.append("two"))
    gate.set()
    assert future.result(WAIT_S) == "one,two"


def test_a_long_job_stops_for_what_is_urgent(worker: VaultWorker) -> None:
    seen: list[str] = []
    gate = threading.Event()
    ready = threading.Event()

    def long() -> None:
        ready.set()
        assert gate.wait(WAIT_S)
        worker.serve_waiting()
        seen.append("went on")

    future = worker.submit(long)
    assert ready.wait(WAIT_S)
    save = worker.submit(lambda: seen.append("save"))
    lock = worker.submit_first(lambda: seen.append("lock"))
    gate.set()
    assert isinstance(future.exception(WAIT_S), Stopped)
    lock.result(WAIT_S)
    save.result(WAIT_S)
    assert seen == ["lock", "save"]


def test_a_long_job_stops_for_what_must_run_alone_and_the_saves_before_it_come_first(worker: VaultWorker) -> None:
    seen: list[str] = []
    gate = threading.Event()
    ready = threading.Event()

    def long() -> None:
        ready.set()
        assert gate.wait(WAIT_S)
        worker.serve_waiting()
        seen.append("went on")

    future = worker.submit(long)
    assert ready.wait(WAIT_S)
    worker.submit(lambda: seen.append("save"))
    close = worker.submit_alone(lambda: seen.append("close"))
    assert worker.has_urgent
    gate.set()
    assert isinstance(future.exception(WAIT_S), Stopped)
    close.result(WAIT_S)
    assert seen == ["save", "close"]
    assert not worker.has_urgent


def test_only_the_thread_itself_serves_its_queue(worker: VaultWorker) -> None:
    with pytest.raises(RuntimeError):
        worker.serve_waiting()


def test_nothing_of_a_finished_job_is_kept(worker: VaultWorker) -> None:
    import weakref

    class Text:
        pass

    def submit() -> weakref.ref[Text]:
        text = Text()
        worker.submit(lambda: str(text)).result(WAIT_S)
        return weakref.ref(text)

    kept = submit()
    assert worker.drain(WAIT_S)
    assert kept() is None
