"""Runs the whole self-test and says what it found, for people or as JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from companion.app import make_application
from companion.core.clock import SystemClock
from companion.core.i18n import _, ngettext
from companion.selftest import measure
from companion.selftest.proof import ProofFailed, prove
from companion.selftest.stage import NotThere, Stage
from companion.selftest.state import State
from companion.selftest.states import STATES
from companion.selftest.still_clock import StillClock
from companion.selftest.tour import Look, Tour
from companion.selftest.worlds import Worlds
from companion.vault.keyslots import Cost

CHEAP = Cost(8192, 1, 1)  # for the many openings; the proof pays what people pay
LOOKS = (Look(), Look(scale=2.0))
# The offscreen platform says this of every window with a least size; it is no fault of ours.
OFFSCREEN_ONLY = "This plugin does not support propagateSizeHints"


@dataclass(slots=True)
class PageFound:
    """What was measured of one state; `focusables` and `primary_buttons` are counts."""

    page: str
    state: str
    focusables: int = 0
    unnamed: list[str] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)
    primary_buttons: int = 0

    def note(self, stage: Stage, look: Look) -> None:
        """Measure the state that is on the screen in this look."""
        top = stage.top
        self.focusables = self.focusables or len(measure.focusables(top))
        self.primary_buttons = max(self.primary_buttons, measure.primary_buttons(top))
        self.unnamed += [words for words in measure.unnamed(top) if words not in self.unnamed]
        self.clipped += [f"{look.percent} %: {words}" for words in measure.clipped(top)]

    @property
    def is_good(self) -> bool:
        """Every control has a name, no word is cut, and one button at most is filled."""
        return not self.unnamed and not self.clipped and self.primary_buttons <= 1


def prepare_environment() -> None:
    """No screen, no language or country of this computer's own: the same everywhere."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ.pop("LANGUAGE", None)


def run_and_print(*, as_json: bool) -> int:
    """The whole self-test. Returns 0 where all is well, else 1 with what is not on standard error."""
    prepare_environment()
    clock = SystemClock()
    began = clock.monotonic()
    with tempfile.TemporaryDirectory(prefix="companion-self-test-") as folder, _caught() as faults:
        qt, private = make_application(["companion"])
        try:
            pages = list(_visited(qt, Path(folder) / "worlds", faults).values())
            try:
                prove(qt, Path(folder) / "proof")
            except (ProofFailed, NotThere) as error:
                faults.append(f"proof: {error}")
        finally:
            private.cleanup()
    seconds = round(clock.monotonic() - began, 1)
    if as_json:
        document = {"pages": [asdict(page) for page in pages], "seconds": seconds}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        _say(pages, seconds, is_proved=not faults)
    for fault in faults:
        sys.stderr.write(fault + "\n")
    return 0 if not faults and all(page.is_good for page in pages) else 1


# --- inside ----------------------------------------------------------------------


def _visited(qt: QApplication, folder: Path, faults: list[str]) -> dict[str, PageFound]:
    tour = Tour(qt, Worlds(folder, StillClock(), CHEAP))
    pages = {state.name: PageFound(state.page, state.state) for state in STATES}
    for look in LOOKS:
        left = list(STATES)
        while left:
            left = _visit_some(tour, left, look, pages, faults)
    faults += [f"a second window: {words}" for words in dict.fromkeys(tour.strays)]
    return pages


def _visit_some(
    tour: Tour, states: list[State], look: Look, pages: dict[str, PageFound], faults: list[str]
) -> list[State]:
    """Visit these; where one does not open, note it and give back those that come after it."""
    planned = tour.plan(states, look)
    seen = 0
    try:
        for state, stage in tour.visit(planned, look):
            seen += 1
            pages[state.name].note(stage, look)
    except NotThere as error:
        state = planned[seen]
        faults.append(f"{state.name} ({look.percent} %) did not open: {error}")
        return planned[seen + 1 :]
    return []


def _say(pages: list[PageFound], seconds: float, *, is_proved: bool) -> None:
    for page in pages:
        for line in (*page.unnamed, *page.clipped):
            sys.stdout.write(f"{page.page} {page.state}: {line}\n")
        if page.primary_buttons > 1:
            words = _("{count} filled buttons").format(count=page.primary_buttons)
            sys.stdout.write(f"{page.page} {page.state}: {words}\n")
    good = sum(page.is_good for page in pages)
    words = ngettext(
        "{good} of {count} state is as it should be.", "{good} of {count} states are as they should be.", len(pages)
    )
    sys.stdout.write(words.format(good=good, count=len(pages)) + "\n")
    if is_proved:
        words = _("A space was made, searched, backed up, restored and checked. It took {seconds} s in all.")
        sys.stdout.write(words.format(seconds=seconds) + "\n")


@contextmanager
def _caught() -> Iterator[list[str]]:
    """What Qt warns of, and what goes wrong where no caller sees it."""
    faults: list[str] = []

    def on_message(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not words.startswith(OFFSCREEN_ONLY):
            faults.append(f"Qt: {words}")

    def on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        faults.append("".join(traceback.format_exception(kind, error, trace)).rstrip())

    before, hook = qInstallMessageHandler(on_message), sys.excepthook
    sys.excepthook = on_error
    try:
        yield faults
    finally:
        sys.excepthook = hook
        qInstallMessageHandler(before)
