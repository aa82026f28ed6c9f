"""`companion import`: look, bring in, bring in again, take back."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from companion.cli.imports import FORMATS
from companion.core import room
from companion.journal import reading
from tests.cli.conftest import Shell


@pytest.fixture
def export(tmp_path: Path) -> Path:
    entries = [
        {
            "uuid": f"{n:032X}",
            "creationDate": f"2024-03-0{n}T10:00:00Z",
            "timeZone": "Europe/Berlin",
            "text": f"Entry {n} with walnuts",
            "tags": ["walk"],
        }
        for n in range(1, 4)
    ]
    entries.append({"uuid": "F" * 32, "text": "no date"})
    path = tmp_path / "Journal.json"
    path.write_text(json.dumps({"metadata": {"version": "1.0"}, "entries": entries}))
    return path


def test_the_formats_are_those_that_can_be_read() -> None:
    assert reading.FORMATS == FORMATS


def test_from_looking_to_taking_back(shell: Shell, export: Path) -> None:
    looked = shell.opened("import", export, "--dry-run", "--json")
    assert looked.code == 0, looked.err
    assert looked.err == ""
    report = looked.json
    assert report == {
        "format": "dayone",
        "found": 4,
        "new": 3,
        "duplicates": 0,
        "refused": [{"where": report["refused"][0]["where"], "reason": "no-date"}],
        "attachments": {"found": 0, "missing": 0},
        "other": report["other"],
        "batch": None,
    }
    assert shell.opened("journal", "list", "--json").json["entries"] == []

    brought = shell.opened("import", export, "--format", "dayone", "--json").json
    assert {**brought, "batch": None} == report
    assert isinstance(brought["batch"], str)
    entries = shell.opened("journal", "list", "--json").json["entries"]
    assert [entry["at"] for entry in entries] == [f"2024-03-0{n}T11:00:00+01:00" for n in (3, 2, 1)]
    shown = shell.opened("journal", "show", entries[2]["id"], "--json").json
    assert shown["source"] == {"format": "dayone", "original_id": f"{1:032X}"}

    again = shell.opened("import", export, "--json").json
    assert (again["new"], again["duplicates"], again["batch"]) == (0, 3, None)

    undone = shell.opened("import", "--undo", brought["batch"], "--json")
    assert undone.json == {"removed": 3, "kept_because_edited": 0}
    assert shell.opened("journal", "list", "--json").json["entries"] == []
    twice = shell.opened("import", "--undo", brought["batch"])
    assert twice.code == 2
    assert len(twice.err.splitlines()) == 1


def test_in_words(shell: Shell, export: Path) -> None:
    looked = shell.opened("import", export, "--dry-run").out
    assert "3 would be new" in looked
    assert "Nothing was changed." in looked
    assert "No date that can be read." in looked
    brought = shell.opened("import", export).out
    assert "3 brought in" in brought
    batch = brought.strip().rpartition(" ")[2]
    assert shell.opened("import", "--undo", batch).out == "3 entries taken back.\n"


def test_attached_files_go_all_the_way(shell: Shell, other: Shell, tmp_path: Path) -> None:
    picture = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
    digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()
    entry = {
        "uuid": "A" * 32,
        "creationDate": "2024-03-01T10:00:00Z",
        "text": "The sea. ![](dayone-moment://P1) ![](dayone-moment://P2)",
        "photos": [
            {"identifier": "P1", "md5": digest, "type": "jpeg"},
            {"identifier": "P2", "md5": "0" * 32, "type": "jpeg"},
        ],
    }
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w") as archive:
        archive.writestr("Journal.json", json.dumps({"metadata": {"version": "1.0"}, "entries": [entry]}))
        archive.writestr(f"photos/{digest}.jpeg", picture)
    assert shell.opened("import", export, "--json").json["attachments"] == {"found": 1, "missing": 1}
    (row,) = shell.opened("journal", "list", "--json").json["entries"]
    attached = shell.opened("journal", "show", row["id"], "--json").json["attachments"]
    assert all(set(file) == {"name", "type", "bytes", "sha256"} for file in attached)
    assert [(file["bytes"], file["sha256"]) for file in attached] == [
        (len(picture), hashlib.sha256(picture).hexdigest()),
        (0, ""),
    ]
    assert shell.opened("vault", "check", "--json").json["media"] == 1

    whole, without = tmp_path / "whole.vbak", tmp_path / "without.vbak"
    assert shell.opened("vault", "backup", "--to", whole, "--json").json["media"] == 1
    assert shell.opened("vault", "backup", "--to", without, "--without-media", "--json").json["media"] == 0
    assert without.stat().st_size < whole.stat().st_size
    restored = other.opened("vault", "restore", whole, "--json").json
    assert (restored["media"], restored["media_missing"]) == (1, 0)
    assert other.opened("vault", "check", "--json").json["media_bad"] == []


def test_jrnl(shell: Shell, tmp_path: Path) -> None:
    journal = tmp_path / "journal.txt"
    journal.write_text("[2024-05-01 09:30] A title.\nSome @tagged text.\n")
    ended = shell.opened("import", journal, "--json")
    assert ended.code == 0, ended.err
    assert (ended.json["format"], ended.json["new"]) == ("jrnl", 1)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.json", None, "no such file"),
        ("empty.json", b"", "empty"),
        ("letter.txt", b"Dear reader, this is a letter.\n", "not a format"),
        ("cut.json", b'{"metadata": {}, "entries": [{"uuid": "A", "creationDate": "2024', ""),
        ("../../evil.zip", "zip", "harm"),
    ],
)
def test_5_refused_and_nothing_changed(
    shell: Shell, tmp_path: Path, name: str, content: bytes | str | None, reason: str
) -> None:
    shell.add("was here before")
    path = tmp_path / Path(name).name
    if content == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("Journal.json", '{"metadata": {}, "entries": []}')
            archive.writestr("../../outside.txt", "x")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    for arguments in (("--dry-run",), ()):
        ended = shell.opened("import", path, *arguments, "--json")
        assert ended.code == 5
        assert ended.out == ""
        assert len(ended.err.splitlines()) == 1
        assert reason in ended.err
        assert "Nothing was changed." in ended.err
        assert (path.name if content != "zip" else "outside.txt") in ended.err
    assert len(shell.opened("journal", "list", "--json").json["entries"]) == 1
    assert not (tmp_path.parent / "outside.txt").exists()


def test_7_too_little_room_says_how_much_is_needed_and_nothing_changed(
    shell: Shell, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.add("was here before")
    real = room.shutil.disk_usage
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: real(path)._replace(free=1_900_000))
    looked = shell.opened("import", export, "--dry-run")
    assert looked.code == 0
    said = "There is too little space on this disk: about 3 MB is needed, 1 MB is free."
    assert said in looked.out
    ended = shell.opened("import", export)
    assert ended.code == 7
    assert ended.out == ""
    assert ended.err.splitlines()[-1].endswith(
        f"{said} Nothing was changed. Free some space, then run the command again."
    )
    assert len(shell.opened("journal", "list", "--json").json["entries"]) == 1
    assert list(tmp_path.rglob("*.vbak")) == []
    monkeypatch.setattr(room.shutil, "disk_usage", real)
    assert shell.opened("import", export, "--json").json["new"] == 3
