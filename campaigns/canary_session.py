"""Inside a private message bus: a screen, a window manager, the traced programs, the keys. `OUT WORD SECRET LATER`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from campaigns.canary import STEPS, TRACED
from campaigns.canary_deeds import DEEDS, spelled
from campaigns.children import ROOT, pause

_PATIENCE_S = 60.0
_DEEDS_S = 150.0


def main(out: Path, word: str, secret: str, later: str) -> None:
    """Go through all steps and all deeds, then end what was started."""
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
        _press_keys(out, word, secret, started)
        _do_deeds(out, word, secret, later, started)
    finally:
        for process in reversed(started):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _press_keys(out: Path, word: str, secret: str, started: list[subprocess.Popen[bytes]]) -> None:
    output = (out / "output").open("wb")
    command = [*TRACED, str(out / "trace"), sys.executable, "-m", "companion"]
    program = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
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
    _end(program)


def _end(traced: subprocess.Popen[bytes]) -> None:
    """End the traced program; strace itself lets no signal through, and goes when nothing is left to trace."""
    children = Path(f"/proc/{traced.pid}/task/{traced.pid}/children")
    for child in children.read_text().split() if children.exists() else []:
        os.kill(int(child), signal.SIGTERM)
    traced.wait(20)


def _do_deeds(out: Path, word: str, secret: str, later: str, started: list[subprocess.Popen[bytes]]) -> None:
    """In a second process on the same screen; at its end the program itself is there in its place."""
    place = out.parent
    said = (out / "said").open("wb")
    command = [*TRACED, str(out / "deeds"), sys.executable, "-m", "campaigns.canary_deeds"]
    folders = [os.environ["COMPANION_DATA_DIR"], str(place / "theirs"), str(place / "stick")]
    program = subprocess.Popen(
        [*command, *folders], cwd=ROOT, stdin=subprocess.PIPE, stdout=said, stderr=(out / "errors").open("wb")
    )
    started.append(program)
    if program.stdin is not None:
        program.stdin.write("".join(f"{spelled(words)}\n" for words in (word, secret, later)).encode())
        program.stdin.close()
    for _try in range(int(_DEEDS_S / 0.2)):
        if f"did {DEEDS[-1]}".encode() in (out / "said").read_bytes():
            break
        if program.poll() is not None:
            raise SystemExit(_last_line(out / "errors") or "the deeds ended by themselves")
        pause(0.2)
    else:
        raise SystemExit("the deeds did not come to an end")
    _until_shown()
    pause(1.0)
    _end(program)


def _last_line(file: Path) -> str:
    lines = file.read_text(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


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
    main(Path(sys.argv[1]), *sys.argv[2:])
