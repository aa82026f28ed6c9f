"""Inside a private message bus: a screen, a window manager, the traced program and the keys. `OUT WORD SECRET`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from campaigns.canary import CALLS, STEPS
from campaigns.children import ROOT, pause

_PATIENCE_S = 30.0


def main(out: Path, word: str, secret: str) -> None:
    """Go through all steps, then end what was started."""
    read, write = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x900x24", "-nolisten", "tcp"]
    started = [subprocess.Popen(screen, pass_fds=[write], stderr=subprocess.DEVNULL)]
    os.close(write)
    with os.fdopen(read) as pipe:
        os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
    try:
        started.append(subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        if shutil.which("dbus-monitor"):
            started.append(subprocess.Popen(["dbus-monitor", "--session"], stdout=(out / "bus").open("wb")))
        pause(0.7)
        traced = ["strace", "-f", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o", str(out / "trace")]
        output = (out / "output").open("wb")
        program = subprocess.Popen([*traced, sys.executable, "-m", "companion"], cwd=ROOT, stdout=output, stderr=output)
        started.append(program)
        _until_shown()
        pause(3.0)
        for verb, what, rest in STEPS:
            text = what.replace("{word}", word).replace("{secret}", secret)
            subprocess.run(["xdotool", verb, "--delay", "12", "--", text], check=True, capture_output=True, timeout=20)
            pause(rest)
            if verb == "key" and what == "ctrl+c":
                _look(out)
        if program.poll() is not None:
            raise SystemExit("the program ended by itself")
    finally:
        for process in reversed(started):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _until_shown() -> None:
    for _try in range(int(_PATIENCE_S / 0.2)):
        shown = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Notes$"], capture_output=True)
        if shown.stdout.strip():
            return
        pause(0.2)
    raise SystemExit("no window came")


def _look(out: Path) -> None:
    """While the space is open: what the windows say of themselves."""
    if shutil.which("xprop"):
        windows = subprocess.run(["xdotool", "search", "--name", ".*"], capture_output=True, text=True).stdout.split()
        with (out / "properties").open("wb") as file:
            for window in windows:
                subprocess.run(["xprop", "-id", window], stdout=file, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
