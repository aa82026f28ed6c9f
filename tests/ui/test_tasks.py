import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from companion.core.errors import DiskFull
from companion.ui.tasks import Tasks
from companion.vault.session import Session
from companion.vault.worker import VaultWorker
from tests.fakes import FakeClock


@pytest.fixture
def session(clock: FakeClock) -> Session:
    made = Session(clock)
    made.unlocked()
    return made


@pytest.fixture
def tasks(qtbot, session: Session) -> Iterator[Tasks]:
    worker = VaultWorker()
    made = Tasks(worker, session)
    yield made
    made.stop()
    worker.stop(5)
    made.deleteLater()


def test_jobs_run_on_the_vault_thread_in_order_and_answers_come_here(tasks: Tasks, qtbot) -> None:
    owner, seen = QObject(), []
    here = threading.current_thread().name
    for n in range(5):
        tasks.run(
            owner,
            lambda n=n: (n, threading.current_thread().name),
            lambda got: seen.append((*got, threading.current_thread().name)),
        )
    qtbot.waitUntil(lambda: len(seen) == 5)
    assert seen == [(n, "vault", here) for n in range(5)]


def test_an_error_with_words_goes_to_failed_and_a_bug_to_crashed(tasks: Tasks, qtbot) -> None:
    owner, failed, crashed = QObject(), [], []
    tasks.crashed.connect(crashed.append)

    def full() -> None:
        raise DiskFull

    tasks.run(owner, full, None, failed.append)
    tasks.run(owner, lambda: 1 / 0, None, failed.append)
    qtbot.waitUntil(lambda: bool(crashed))
    assert [type(e) for e in failed] == [DiskFull]
    assert [type(e) for e in crashed] == [ZeroDivisionError]


def test_an_answer_for_a_view_that_is_gone_is_dropped(tasks: Tasks, qtbot) -> None:
    import shiboken6

    owner, keeper, seen = QObject(), QObject(), []
    tasks.run(owner, lambda: 1, seen.append)
    shiboken6.delete(owner)
    tasks.run(keeper, lambda: 2, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [2]


def test_an_answer_from_before_a_lock_is_dropped_unless_it_is_about_the_lock(
    tasks: Tasks, session: Session, qtbot
) -> None:
    owner, seen = QObject(), []
    tasks.run(owner, lambda: "words", seen.append)
    tasks.run(owner, lambda: "closed", seen.append, across_lock=True)
    session.locked()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["closed"]


def test_background_work_reaches_the_vault_thread_and_waits(tasks: Tasks, qtbot) -> None:
    owner, seen = QObject(), []

    def work() -> tuple[str, str]:
        return threading.current_thread().name, tasks.on_vault(lambda: threading.current_thread().name)

    tasks.in_background(owner, work, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("background", "vault")]
