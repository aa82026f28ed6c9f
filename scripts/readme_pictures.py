"""Makes the pictures of the README anew: python scripts/readme_pictures.py [FOLDER], docs/pictures without one.

They are states of the self-test: the real window, offscreen, on an invented person's year, at a standing clock.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from companion.app import make_application
from companion.selftest.states import STATES
from companion.selftest.still_clock import StillClock
from companion.selftest.tour import Look, Tour
from companion.selftest.worlds import Worlds
from companion.vault.keyslots import Cost
from companion.vault.process import harden_at_start

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
# File name -> page and state, and the look.
PICTURES = {
    "lock-light": ("lock", "normal", Look()),
    "help-light": ("help", "lines", Look()),
    "write-light": ("write", "saved", Look()),
    "timeline-dark": ("timeline", "long-open", Look("dark")),
    "timeline-200": ("timeline", "demo", Look(scale=2.0)),
}
MOST_BYTES = 200_000
SMALLEST_FILE = 1  # Qt: of 100, where 100 is uncompressed


def main() -> int:
    harden_at_start()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    qt, private = make_application(["companion"])
    states = {(state.page, state.state): state for state in STATES}
    with tempfile.TemporaryDirectory() as folder:
        tour = Tour(qt, Worlds(Path(folder), StillClock(), Cost(8192, 1, 1)))
        for name, (page, state, look) in PICTURES.items():
            for _state, stage in tour.visit([states[page, state]], look):
                stage.window.grab().save(str(target / f"{name}.png"), "PNG", SMALLEST_FILE)
    private.cleanup()
    large = [path.name for path in target.glob("*.png") if path.stat().st_size > MOST_BYTES]
    if large:
        print(f"over {MOST_BYTES} bytes: {', '.join(large)}")
    return bool(large)


if __name__ == "__main__":
    sys.exit(main())
