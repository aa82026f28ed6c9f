"""Start afresh at each lock, in the real process: its old memory is gone, its window and Help are back at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, make_space

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
WORDS = "seventeen marbles in a jar"

# Searches the memory of the window's process; says in which form the words are there, and how often.
LOOK = """
import json, subprocess, sys
data, out, words = sys.argv[1], sys.argv[2], sys.argv[3:]
pid = str(json.load(open(f"{data}/app.lock"))["pid"])
found = subprocess.run([sys.executable, "-m", "campaigns.memory_scan", pid], input=json.dumps(words),
                       capture_output=True, text=True, check=True).stdout
open(out, "w").write(json.dumps({"pid": pid, "found": json.loads(found)}))
"""


def test_after_lock_nothing_written_is_in_memory_and_help_is_one_key_away(
    walk: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    make_space(data)
    script = tmp_path / "look.py"
    script.write_text(LOOK)

    def look(name: str) -> tuple[str, str]:
        return "run", f"PYTHONPATH=. {sys.executable} {script} {data} {tmp_path / name} '{WORDS}'"

    walk(
        "start-afresh",
        [
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("click", "Settings"),
            ("wait", "Find a setting"),
            ("click", "Privacy and lock"),
            ("press", "Start afresh at each lock"),
            ("reads", "Start afresh at each lock: on."),
            ("shot", "01-on"),
            ("key", "ctrl+n"),
            ("type", WORDS),
            ("reads", "Saved"),
            look("before"),
            ("key", "ctrl+l"),
            ("gone", "Saved"),
            ("focus", "Passphrase"),
            look("after"),
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("shot", "02-help"),
            ("key", "Escape"),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("reads", WORDS),
            # Help that is open stays open.
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("key", "ctrl+l"),
            ("gone", "How are you right now?"),
            ("wait", "Emergency services"),
            ("shot", "03-help-is-back"),
            ("key", "Escape"),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            # Hide comes back hidden and minimised, and a second start finds it.
            ("key", "F9"),
            ("gone", "How are you right now?"),
            ("sleep", "2"),
            look("hidden"),
            ("raise_window", "^Notes$"),
            ("focus", "Notes"),
            ("absent", "Companion"),
            ("shot", "04-cover"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    before, after, hidden = (json.loads((tmp_path / name).read_text()) for name in ("before", "after", "hidden"))
    assert sum(before["found"].values()) > 0, "the search finds nothing, so it proves nothing"
    assert set(after["found"].values()) | set(hidden["found"].values()) <= {0}
    assert before["pid"] == after["pid"] == hidden["pid"]
    assert not (data / "raise").exists()
