"""`doctor`: whether this computer gives Companion what it needs; each check has 2 seconds and cannot hang the rest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

import companion
from companion.cli.display import require_display
from companion.cli.opening import Run
from companion.cli.output import print_json, print_lines
from companion.core.errors import EncryptionMissing, NoDisplay
from companion.core.i18n import _

SECONDS_EACH: Final = 2.0
NAMES: Final = ("encryption", "disk", "screen", "fonts", "icons", "key-store", "notifications", "tray")


@dataclass(frozen=True, slots=True)
class Check:
    """One answer; `ok` is None where it could not be found out."""

    name: str
    ok: bool | None
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def doctor(run: Run, as_json: bool) -> None:
    """Check encryption, disk, screen, fonts, icons, key store, notifications and tray."""
    checks = all_checks(run.paths.data, os.environ)
    if as_json:
        print_json({"checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]})
    else:
        mark = {True: _("yes"), False: _("no"), None: _("not known")}
        print_lines(f"{check.name}: {mark[check.ok]}. {check.detail}" for check in checks)
    if any(check.name == "encryption" and check.ok is False for check in checks):
        raise EncryptionMissing("doctor")


def all_checks(data: Path, environ: Mapping[str, str], seconds_each: float = SECONDS_EACH) -> list[Check]:
    """Every check in the order of NAMES."""
    found: dict[str, Check] = {}
    folder = str(data)
    for name in ("encryption", "disk", "key-store"):
        found |= _answers("companion.cli.probes", [folder, name], (name,), environ, seconds_each)
    offscreen = {**environ, "QT_QPA_PLATFORM": "offscreen"}
    unseen = ("fonts", "icons", "notifications")
    found |= _answers("companion.ui.probe", unseen, unseen, offscreen, seconds_each)
    seen = ("screen", "tray")
    try:
        require_display(environ)
        found |= _answers("companion.ui.probe", seen, seen, environ, seconds_each)
    except NoDisplay:
        found["screen"] = Check("screen", False, _("There is no display. Everything in the command line works."))
        found["tray"] = Check("tray", None, _("Not checked, because there is no display."))
    return [found[name] for name in NAMES]


def _answers(
    module: str, arguments: Iterable[str], names: tuple[str, ...], environ: Mapping[str, str], seconds_each: float
) -> dict[str, Check]:
    """What a child process says before its time is over; it is ended then, with all it started."""
    # Not the present folder: a file there must not stand in for a module of ours.
    package = str(Path(companion.__file__).resolve().parents[1])
    search = os.pathsep.join(part for part in (package, environ.get("PYTHONPATH", "")) if part)
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={**environ, "PYTHONPATH": search},
            start_new_session=True,
        )
        is_late = False
        try:
            child.wait(seconds_each * len(names))
        except subprocess.TimeoutExpired:
            is_late = True
        finally:
            _end(child)
        output.seek(0)
        said = {check.name: check for check in _parsed(output.read())}
    return {name: said.get(name) or _silent(name, is_late, seconds_each) for name in names}


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with suppress(OSError):
            if os.name == "posix":
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
        # A process that waits for a dead disk cannot be ended; it is left to the system.
        with suppress(subprocess.TimeoutExpired):
            child.wait(SECONDS_EACH)


def _parsed(raw: bytes) -> Iterable[Check]:
    for line in raw.splitlines():
        with suppress(ValueError, KeyError, TypeError):
            told = json.loads(line)
            yield Check(str(told["name"]), told["ok"], str(told["detail"]))


def _silent(name: str, is_late: bool, seconds: float) -> Check:
    if is_late:
        return Check(name, None, _("No answer in {seconds:.0f} seconds.").format(seconds=seconds))
    return Check(name, False, _("This check ended early."))
