"""`companion journal …`: from writing to finding, deleting and bringing back."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.cli.conftest import PASSPHRASE, Shell

EVERYTHING = "Ünïcode 😀 👩🏽‍🌾\nשלום עולם\n\nثالث سطر\ttab\n* a list"


def test_from_writing_to_bringing_back(shell: Shell) -> None:
    added = shell.opened("journal", "add", "--title", "A day", "--mood", "4", "--tag", "walk", "--tag", "sea", "--json",
                         text=EVERYTHING + "\n")  # fmt: skip
    assert added.code == 0
    assert added.err == ""
    assert set(added.json) == {"id", "saved_at"}
    assert added.json["saved_at"] == "2026-11-22T10:40:00+00:00"
    entry_id = added.json["id"]

    listed = shell.opened("journal", "list", "--json").json
    assert listed == {
        "entries": [
            {
                "id": entry_id,
                "at": "2026-11-22T10:40:00+00:00",
                "title": "A day",
                "excerpt": listed["entries"][0]["excerpt"],
                "mood": 4,
                "energy": None,
                "tags": ["walk", "sea"],
                "words": listed["entries"][0]["words"],
            }
        ],
        "next": None,
    }

    shown = shell.opened("journal", "show", entry_id, "--json")
    assert shown.json == {
        "id": entry_id,
        "at": "2026-11-22T10:40:00+00:00",
        "title": "A day",
        "text": EVERYTHING,
        "mood": 4,
        "energy": None,
        "feelings": [],
        "measures": {},
        "tags": ["walk", "sea"],
        "people": [],
        "attachments": [],
        "source": None,
        "revisions": 1,
    }
    assert "😀" in shown.out
    assert "\\u" not in shown.out

    found = shell.opened("journal", "search", "ünïc", "--json").json
    assert found["total"] == 1
    assert set(found["results"][0]) == {"id", "at", "title", "snippet", "rank"}
    assert not set("\x02\x03") & set(found["results"][0]["snippet"])

    deleted = shell.opened("journal", "delete", entry_id, "--json")
    assert deleted.json == shown.json
    assert shell.opened("journal", "show", entry_id).code == 2
    assert shell.opened("journal", "list", "--json").json["entries"] == []
    assert shell.opened("journal", "search", "sea", "--json").json["total"] == 0

    restored = shell.opened("journal", "restore", entry_id, "--json")
    assert restored.json == shown.json
    assert shell.opened("journal", "restore", entry_id).code == 2
    assert len(shell.opened("journal", "list", "--json").json["entries"]) == 1


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2024-07-01T08:15:00+05:30", "2024-07-01T08:15:00+05:30"),
        ("2024-07-01T08:15Z", "2024-07-01T08:15:00+00:00"),
        ("2024-07-01T08:15", "2024-07-01T08:15:00+01:00"),  # the local zone, in summer
        ("2024-12-01 08:15", "2024-12-01T08:15:00+00:00"),
        (
            "1820-05-05T12:00",
            "1820-05-05T12:00:15-00:01",
        ),  # local time ran 75 seconds behind; the format has whole minutes
    ],
)
def test_a_time_keeps_its_offset(shell: Shell, written: str, stored: str) -> None:
    entry_id = shell.add("words", "--at", written)
    assert shell.opened("journal", "show", entry_id, "--json").json["at"] == stored
    assert datetime.fromisoformat(stored).utcoffset() is not None


@pytest.mark.parametrize("written", ["yesterday", "2024-13-01", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", ""])
def test_a_time_that_is_none_is_wrong_use(shell: Shell, written: str) -> None:
    ended = shell.opened("journal", "add", "--at", written, text="words")
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert shell.opened("journal", "list", "--json").json["entries"] == []


@pytest.mark.parametrize("mood", ["0", "6", "good", "1.5"])
def test_moods_are_1_to_5(shell: Shell, mood: str) -> None:
    assert shell.opened("journal", "add", "--mood", mood, text="words").code == 2


def test_a_mood_alone_is_an_entry_and_nothing_is_none(shell: Shell) -> None:
    for mood in range(1, 6):
        entry_id = shell.add("", "--mood", mood)
        assert shell.opened("journal", "show", entry_id, "--json").json["mood"] == mood
    ended = shell.opened("journal", "add", text="  \n")
    assert ended.code == 2
    assert len(shell.opened("journal", "list", "--json").json["entries"]) == 5


def test_the_list_goes_on_behind_its_cursor_and_keeps_to_the_filter(shell: Shell) -> None:
    for day in range(1, 8):
        shell.add(f"day {day}", "--at", f"2026-10-0{day}T12:00", "--mood", 1 + day % 2, "--tag", f"t{day % 3}")
    first = shell.opened("journal", "list", "--limit", "3", "--json").json
    second = shell.opened("journal", "list", "--limit", "3", "--after", first["next"], "--json").json
    third = shell.opened("journal", "list", "--limit", "3", "--after", second["next"], "--json").json
    rows = [row["excerpt"] for page in (first, second, third) for row in page["entries"]]
    assert rows == [f"day {day}" for day in range(7, 0, -1)]
    assert third["next"] is None

    def shown(*options: object) -> list[str]:
        return [row["excerpt"] for row in shell.opened("journal", "list", *options, "--json").json["entries"]]

    assert shown("--from", "2026-10-03", "--to", "2026-10-05") == ["day 5", "day 4", "day 3"]
    assert shown("--mood", 1) == ["day 6", "day 4", "day 2"]
    assert shown("--tag", "t0") == ["day 6", "day 3"]
    assert shown("--tag", "t0", "--mood", 1) == ["day 6"]
    assert shell.opened("journal", "list", "--from", "2026-02-30").code == 2
    assert shell.opened("journal", "list", "--after", "x").code == 2
    assert shell.opened("journal", "list", "--after", "9" * 30).code == 2
    assert shell.opened("journal", "list", "--limit", "0").code == 2


def test_search_counts_all_and_shows_some(shell: Shell) -> None:
    for number in range(5):
        shell.add(f"otters by the river {number}")
    found = shell.opened("journal", "search", "otters", "river", "--limit", "2", "--json").json
    assert found["total"] == 5
    assert len(found["results"]) == 2
    nothing = shell.opened("journal", "search", "elephants")
    assert nothing.code == 0
    assert nothing.out == "Nothing with those words. Try one word.\n"


@pytest.mark.parametrize("words", ['"', "*", "AND OR NOT", "a:b", "(((", "\\", "'; DROP TABLE entry; --"])
def test_no_search_is_a_fault(shell: Shell, words: str) -> None:
    shell.add("words")
    assert shell.opened("journal", "search", words, "--json").json["total"] in (0, 1)


def test_plain_output_holds_no_terminal_commands(shell: Shell) -> None:
    entry_id = shell.add("red \x1b[31m and \x9b31m bell \x07 back\x08\x00", "--title", "t\x1b]0;owned\x07")
    for arguments in (("journal", "show", entry_id), ("journal", "list"), ("journal", "search", "red")):
        ended = shell.opened(*arguments)
        assert ended.code == 0
        assert not set("\x1b\x9b\x07\x08\x00") & set(ended.out)
    assert "\x1b" not in shell.opened("journal", "show", entry_id, "--json").out


def test_bytes_that_are_no_text_are_refused(shell: Shell) -> None:
    secret = PASSPHRASE.encode() + b"\n"
    ended = shell("journal", "add", "--passphrase-stdin", stdin=secret + b"caf\xe9")
    assert ended.code == 5
    assert "UTF-8" in ended.err
    assert len(ended.err.splitlines()) == 1
    assert shell("journal", "list", "--passphrase-stdin", stdin=b"\xff\xfe\n").code == 5
    assert shell("journal", "list", "--passphrase-stdin", stdin=b"x" * 5000 + b"\n").code == 5
    assert shell("journal", "list", "--passphrase-stdin", stdin=b"").code == 2
    # A mark that some editors put in front of UTF-8 is no part of a passphrase.
    assert shell("journal", "list", "--passphrase-stdin", stdin=b"\xef\xbb\xbf" + secret).code == 0
    assert shell("journal", "list", "--passphrase-stdin", stdin=PASSPHRASE.encode() + b"\r\n").code == 0


def test_more_text_than_an_entry_holds_is_refused(shell: Shell) -> None:
    ended = shell.opened("journal", "add", text="x" * 5_000_001)
    assert ended.code == 5
    assert "larger" in ended.err
    assert shell.opened("journal", "add", "--title", "t" * 501, text="x").code == 2
    assert shell.opened("journal", "list", "--json").json["entries"] == []


def test_an_unknown_entry_is_named_without_its_id(shell: Shell) -> None:
    for command in ("show", "delete", "restore"):
        ended = shell.opened("journal", command, "nothing-like-this")
        assert ended.code == 2
        assert ended.out == ""
        assert (
            ended.err == "There is no entry with this id. Nothing was changed. companion journal list shows the ids.\n"
        )
