"""What a desktop shows of a window beside its title says "Notes" too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication as app
from companion import app as module
seen = []
real = module.make_application
def made(arguments, folder=None):
    seen.extend(arguments)
    qt, private = real(arguments, folder)
    print(*seen, app.desktopFileName(), app.applicationName(), app.applicationDisplayName())
    private.cleanup()
    sys.exit(0)
module.make_application = made
from companion.core.paths import Paths
module.run(Paths(Path(sys.argv[1])))
"""


def test_window_class_and_application_id_are_neutral(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", NAMES, str(tmp_path / "data")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
    )
    assert ended.stdout.split() == ["notes", "notes", "Notes", "Notes"], ended.stderr[-500:]
