"""What may be loaded before the lock screen is painted; one module more is a decision, made here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile

# Ours, below `companion.`; parents come with them.
_OURS = """
    app services
    cli.display cli.rules
    core.clock core.errors core.faults core.files core.i18n core.paths core.settings
    resources.country resources.crisis resources.dialling resources.hours resources.model resources.service
    ui.announce ui.clipboard ui.collector ui.fonts ui.icons ui.kit ui.moments ui.theme ui.toolkit
    ui.shell.closer ui.shell.doorway ui.shell.first_steps ui.shell.help_words ui.shell.line_card ui.shell.line_head
    ui.shell.line_words ui.shell.lines_panel ui.shell.look ui.shell.main_window ui.shell.opener ui.shell.shell
    ui.shell.top_bar ui.shell.unlock ui.shell.unlock_card
    ui.widgets.badge ui.widgets.button ui.widgets.caps_lock ui.widgets.card ui.widgets.columns ui.widgets.field
    ui.widgets.filling ui.widgets.flow ui.widgets.hills ui.widgets.label ui.widgets.layouts ui.widgets.notice
    ui.widgets.paint ui.widgets.press ui.widgets.scroll ui.widgets.sheet ui.widgets.tab_order
    ui.widgets.text_block ui.widgets.tile
    vault.lockfile vault.presence vault.process
"""
# Of Python and others, beyond what PySide6 loads for itself.
_OTHERS = """
    PySide6.QtGui PySide6.QtWidgets
    datetime fcntl gc json sysconfig zlib zoneinfo
"""
OURS, OTHERS = frozenset(_OURS.split()), frozenset(_OTHERS.split())
FIRST_PAINT = """
import json, os, sys
import PySide6.QtCore
plain = set(sys.modules)
from companion import app, __main__
begin = app.App.start
def start(self, **wish):
    self.window.first_painted.disconnect(self.after_first_paint)
    self.window.first_painted.connect(tell)
    begin(self, **wish)
def tell():
    # The ring is made in the same moment, by the window itself.
    sys.stdout.write(json.dumps(sorted(set(sys.modules) - plain)))
    sys.stdout.flush()
    os._exit(0)
app.App.start = start
__main__.main([])
"""
RIGHT_BEHIND = {"companion.ui.widgets.focus_ring"}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules that are there at the first paint, without those of PySide6 alone."""
    data = tmp_path_factory.mktemp("data")
    SettingsFile(Paths(data).settings).save(Settings(first_run_done=True, country="GB"))
    space = data / "vaults" / "one.vault"
    space.mkdir(parents=True)
    (space / "keys.json").write_text("{}")  # nothing reads it before a passphrase is typed
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "COMPANION_DATA_DIR": str(data)}
    root = Path(__file__).resolve().parent.parent
    ended = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout)) - RIGHT_BEHIND


def test_only_these_modules_of_ours_are_loaded_before_the_first_paint(loaded: set[str]) -> None:
    ours = {name.removeprefix("companion.") for name in loaded if name.startswith("companion.")}
    parents = {name.rpartition(".")[0] for name in OURS | {"ui.x", "ui.shell.x", "ui.widgets.x"}}
    assert ours - OURS - parents - {"__main__"} == set()


def test_only_these_modules_of_others_are_loaded_before_the_first_paint(loaded: set[str]) -> None:
    others = {name for name in loaded if not name.startswith("companion") and name.rpartition(".")[2][0] != "_"}
    assert {name for name in others if name not in OTHERS and name.partition(".")[0] not in OTHERS} == set()


def test_the_budget_names_nothing_that_is_not_used(loaded: set[str]) -> None:
    unused = {name for name in OURS if f"companion.{name}" not in loaded}
    # These are for what not every start shows.
    assert unused <= {"resources.hours", "ui.moments", "ui.widgets.badge", "ui.widgets.notice", "ui.toolkit"}
    assert {name for name in OTHERS if name not in loaded} <= {"fcntl", "gc", "json", "zlib"}
