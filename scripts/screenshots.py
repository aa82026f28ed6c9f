"""Every screen and state as a picture: python scripts/screenshots.py OUT [STATE…] [--quick].

OUT gets STATE-PALETTE-PERCENT.png for each state, contact sheets of the light ones (sheet-PAGE.png) and an
index.html. Words that begin a state's name choose states; --quick paints only the light palette at 100 %.
The clock stands still and nothing moves, so that two runs give the same pictures, but for the letters of a
recovery key and the sizes of files.
"""

from __future__ import annotations

import argparse
import html
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QMessageLogContext, QRect, QSize, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from companion.app import make_application
from companion.core.settings import PALETTES
from companion.selftest.report import CHEAP, OFFSCREEN_ONLY, prepare_environment
from companion.selftest.state import State
from companion.selftest.states import STATES
from companion.selftest.still_clock import StillClock
from companion.selftest.tour import SMALL, Look, Tour
from companion.selftest.worlds import Worlds

LIGHT = (Look(), Look(scale=2.0))
LOOKS = (*LIGHT, *(Look(name, scale) for name in PALETTES if name not in ("system", "light") for scale in (1.0, 2.0)))
LOOK_SMALL = Look(size=SMALL)

THUMB, CAPTION, GAP, COLUMNS = QSize(480, 322), 26, 16, 4


def looks_of(state: State, *, quick: bool) -> tuple[Look, ...]:
    """How this state is painted: all palettes for the full worlds, the light one for the sparse."""
    if quick:
        return LIGHT[1:] if state.compact else LIGHT[:1]
    looks = LOOKS if state.is_main_set else LIGHT
    return (*looks, LOOK_SMALL) if state.small else looks


def paint(tour: Tour, states: Sequence[State], folder: Path, *, quick: bool) -> dict[str, list[str]]:
    """Paint them all; the names of the pictures by state."""
    made: dict[str, list[str]] = {state.name: [] for state in states}
    for look in (*LOOKS, LOOK_SMALL):
        wanted = [state for state in states if look in looks_of(state, quick=quick)]
        for state, stage in tour.visit(wanted, look):
            name = f"{state.name}-{look.name}.png"
            stage.picture().save(str(folder / name))
            made[state.name].append(name)
        if wanted:
            print(
                f"{look.name}: {sum(1 for names in made.values() for name in names if look.name in name)}", flush=True
            )
    return made


def sheets(states: Sequence[State], made: dict[str, list[str]], folder: Path) -> Iterator[str]:
    """A contact sheet of each page: its states in the first look they were painted in."""
    for page, group in groupby(sorted(states, key=lambda state: state.page), key=lambda state: state.page):
        shown = [(state.state, made[state.name][0]) for state in group if made[state.name]]
        if not shown:
            continue
        rows = -(-len(shown) // COLUMNS)
        cell = QSize(THUMB.width() + GAP, THUMB.height() + CAPTION + GAP)
        sheet = QImage(
            cell.width() * min(COLUMNS, len(shown)) + GAP, cell.height() * rows + GAP, QImage.Format.Format_RGB32
        )
        sheet.fill(QColor("#888888"))
        painter = QPainter(sheet)
        painter.setFont(QFont("Atkinson Hyperlegible", 11))
        for number, (caption, name) in enumerate(shown):
            left, top = GAP + number % COLUMNS * cell.width(), GAP + number // COLUMNS * cell.height()
            picture = QImage(str(folder / name)).scaled(
                THUMB, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawText(
                QRect(left, top, THUMB.width(), CAPTION), Qt.AlignmentFlag.AlignVCenter, f"{page}: {caption}"
            )
            painter.drawImage(left, top + CAPTION, picture)
        painter.end()
        sheet.save(str(folder / f"sheet-{page}.png"))
        yield f"sheet-{page}.png"


def index(made: dict[str, list[str]], sheet_names: Sequence[str], folder: Path) -> None:
    """All pictures on one page, state by state."""
    parts = ["<!doctype html><meta charset=utf-8><title>Companion: every state</title>"]
    parts.append(
        "<style>body{font:16px sans-serif;margin:24px}img{width:420px;border:1px solid #888;margin:4px}</style>"
    )
    parts += [f'<p><a href="{name}">{html.escape(name)}</a></p>' for name in sheet_names]
    for state, names in made.items():
        if names:
            pictures = "".join(f'<a href="{name}"><img loading=lazy src="{name}" alt="{name}"></a>' for name in names)
            parts.append(f"<h2>{html.escape(state)}</h2>{pictures}")
    (folder / "index.html").write_text("\n".join(parts), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("states", nargs="*", help="beginnings of the names of states")
    parser.add_argument("--quick", action="store_true")
    wanted = parser.parse_args()
    states = [s for s in STATES if not wanted.states or any(s.name.startswith(word) for word in wanted.states)]
    wanted.out.mkdir(parents=True, exist_ok=True)
    prepare_environment()
    qInstallMessageHandler(_say)
    qt, private = make_application(["companion"])
    with tempfile.TemporaryDirectory(prefix="companion-screenshots-") as folder:
        tour = Tour(qt, Worlds(Path(folder), StillClock(), CHEAP))
        made = paint(tour, states, wanted.out, quick=wanted.quick)
    names = list(sheets(states, made, wanted.out))
    index(made, names, wanted.out)
    private.cleanup()
    print(f"{sum(map(len, made.values()))} pictures and {len(names)} contact sheets in {wanted.out}")
    return 0


def _say(_kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    if not words.startswith(OFFSCREEN_ONLY):
        print(f"Qt: {words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
