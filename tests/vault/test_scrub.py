"""What Python and the threads keep back is overwritten; shown in a process whose memory is searched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.memory_scan import count, forms
from companion.vault import scrub

ROOT = Path(__file__).resolve().parents[2]
WORD = "zephyrquillmarigold"
LEAVE_WORDS = """
import sys
from companion.vault import process, scrub
process.harden_at_start()
letters = [ord(c) - 1 for c in "{spelled}"]
def word(): return "".join(map(chr, letters))
kept = [f"{{word()}} {{n}} " * (n % 20 + 1) for n in range(4000)]
wide = [f"{{word()}} \\u2026 {{n}}" for n in range(400)]
raw = [f"{{n}} {{word()}}".encode() * 25 for n in range(300)]
del kept[::2], wide[::2], raw[::2]
kept = wide = raw = None
print("freed", flush=True)
sys.stdin.readline()
scrub.overwrite_free_blocks(); scrub.overwrite_thread_cache(); scrub.give_back()
print("overwritten", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="works on Linux only")
def test_words_that_were_freed_are_gone_from_memory() -> None:
    code = LEAVE_WORDS.format(spelled="".join(chr(ord(letter) + 1) for letter in WORD))
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "freed\n"
        before = count(child.pid, forms([WORD]))
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "overwritten\n"
        after = count(child.pid, forms([WORD]))
        child.kill()
    assert min(before["utf-8"], before["utf-16"]) > 10, "the search finds nothing, so it proves nothing"
    assert after.total() == 0, after


def test_it_is_harmless_where_memory_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrub, "_memory", list)
    monkeypatch.setattr(scrub, "_libc", lambda: None)
    scrub.overwrite_free_blocks()
    scrub.overwrite_thread_cache()
    scrub.give_back()
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "win32")
    assert scrub._libc() is None


def test_what_is_in_use_stays_as_it_is() -> None:
    words = [f"word {n}" * 9 for n in range(2000)]
    before = list(words)
    scrub.overwrite_free_blocks()
    scrub.overwrite_thread_cache()
    assert words == before
