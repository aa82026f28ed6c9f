"""What the canary campaign calls a leak, and what belongs to the person: its judge, by calls as strace shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaigns.canary_leaks import forms, key_words, leaks_in_files, leaks_in_trace

WORD = "bqzkwmvtrplxdfgh"
THEIRS = Path("/home/sam/stick")


def shown(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return "".join(f"\\x{byte:02x}" for byte in raw)


def write(into: str, what: str | bytes) -> str:
    return f'7 write(3<{shown(into)}>, "{shown(what)}", 9) = 9\n'


def found(trace: Path, *lines: str) -> int:
    trace.write_text("".join(lines))
    return len(list(leaks_in_trace(trace, [WORD, "Γαζ"], THEIRS)))


@pytest.mark.parametrize("into", ["/home/sam/.cache/log", "socket:[12]", "/dev/pts/1", "/home/sam/stick-not/a"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_word_that_is_written_is_a_leak_wherever_it_goes(tmp_path: Path, into: str, codec: str) -> None:
    assert found(tmp_path / "trace", write("/home/sam/a", "harmless"), write(into, f"x {WORD} y".encode(codec))) == 1
    assert found(tmp_path / "trace", write(into, WORD.upper())) == 1
    assert found(tmp_path / "trace", write(into, "a γαζ b".encode(codec))) == 1


def test_what_a_person_takes_out_and_a_pipe_between_our_processes_are_none(tmp_path: Path) -> None:
    inside = f"{THEIRS}/2026 {WORD}.md"
    opened = f'7 openat(AT_FDCWD<{shown("/home/sam")}>, "{shown(inside)}", O_RDONLY) = 3<{shown(inside)}>\n'
    assert found(tmp_path / "trace", opened, write(inside, WORD), write("pipe:[77]", WORD)) == 0


def test_a_name_that_shows_it_is_a_leak_outside_their_folder_also_beside_one_inside(tmp_path: Path) -> None:
    inside, outside = f"{THEIRS}/{WORD}", f"/tmp/{WORD}"
    assert found(tmp_path / "trace", f'7 rename("{shown(inside)}", "{shown(outside)}") = 0\n') == 1
    assert found(tmp_path / "trace", f'7 mkdir("{shown(outside)}", 0700) = 0\n') == 1
    assert found(tmp_path / "trace", f'7 execve("{shown("/bin/sh")}", ["{shown(WORD)}"], 0x7 /* 3 vars */) = 0\n') == 1


def test_files_and_names_are_searched_in_every_form(tmp_path: Path) -> None:
    for number, form in enumerate(forms(WORD)):
        (tmp_path / str(number)).write_bytes(b"before" + form + b"after")
    (tmp_path / WORD).write_text("")
    assert len(list(leaks_in_files(tmp_path, [WORD]))) == len(forms(WORD)) + 1
    assert list(leaks_in_files(tmp_path, ["another"])) == []


def test_a_recovery_key_is_known_by_two_of_its_groups() -> None:
    words = key_words("4F7K-9Q2M-XT3B-C")
    assert {"4F7K-9Q2M", "9Q2MXT3B", "4F7K9Q2MXT3BC"} <= set(words)
    assert min(map(len, words)) >= 8, "a shorter one would be found by chance"
