"""`companion export`: what it writes, what it refuses, and what it leaves when it can't."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from companion.cli import exports
from companion.journal import exporting
from companion.journal.exporters import places
from tests.cli.conftest import Shell


@pytest.fixture
def notes(shell: Shell) -> Shell:
    shell.add("Tea. Rain.", "--title", "A quiet evening", "--tag", "tea", "--at", "2026-11-20T21:05")
    shell.add("Bread.", "--at", "2026-11-21T08:00")
    return shell


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"data"}


def test_the_formats_and_parts_are_those_that_can_be_written() -> None:
    assert exports.FORMATS == exporting.FORMATS
    assert exports.PARTS == exporting.PARTS


def test_json_says_what_was_written_and_comes_back_in(notes: Shell, tmp_path: Path) -> None:
    to = tmp_path / "notes.json"
    ended = notes.opened("export", "--to", to, "--format", "json", "--json")
    assert (ended.code, ended.err) == (0, "")
    told = ended.json
    assert {name: told[name] for name in ("files", "entries", "media")} == {"files": 1, "entries": 2, "media": 0}
    assert told["bytes"] == to.stat().st_size
    assert told["digest"] == json.loads(to.read_bytes())["digest"]
    back = notes.opened("import", to, "--dry-run", "--format", "companion", "--json").json
    assert (back["format"], back["new"], back["duplicates"]) == ("companion", 0, 2)


def test_markdown_is_one_file_for_each_entry(notes: Shell, tmp_path: Path) -> None:
    ended = notes.opened("export", "--to", tmp_path / "notes", "--format", "markdown")
    assert ended.code == 0
    assert "can be read by anyone" in ended.out
    files = sorted(path.relative_to(tmp_path / "notes").as_posix() for path in (tmp_path / "notes").rglob("*.md"))
    assert files == ["2026/2026-11-20 A quiet evening.md", "2026/2026-11-21 08.00.md"]
    assert (tmp_path / "notes" / files[0]).read_text(encoding="utf-8") == (
        '---\ndate: 2026-11-20T21:05:00+00:00\ntitle: "A quiet evening"\ntags: ["tea"]\n---\n\n'
        "# A quiet evening\n\nTea. Rain.\n"
    )


def test_nobody_else_on_this_computer_can_read_it(notes: Shell, tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        for name, form in (("n.json", "json"), ("n.zip", "json"), ("notes", "markdown")):
            assert notes.opened("export", "--to", tmp_path / name, "--format", form).code == 0
    finally:
        os.umask(before)
    for path in (tmp_path / "n.json", tmp_path / "n.zip", *(tmp_path / "notes").rglob("*"), tmp_path / "notes"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_formats_that_are_not_there_yet_are_wrong_use(notes: Shell, tmp_path: Path, form: str) -> None:
    ended = notes.opened("export", "--to", tmp_path / "x", "--format", form)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ("--format", "json", "--what", "journal,plan"),
        ("--format", "json", "--from", "2026-11-03", "--to-date", "2026-11-01"),
        ("--format", "json", "--from", "tomorrow"),
        (),
    ],
)
def test_wrong_use_writes_nothing(notes: Shell, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    before = left_in(tmp_path)
    ended = notes.opened("export", "--to", tmp_path / "x.json", *wrong)
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert left_in(tmp_path) == before


def test_what_is_there_is_replaced_only_when_asked(notes: Shell, tmp_path: Path) -> None:
    to = tmp_path / "n.json"
    to.write_text("mine")
    (tmp_path / "n.media").mkdir()
    (tmp_path / "n.media" / "old.jpg").write_text("old")
    ended = notes.opened("export", "--to", to, "--format", "json")
    assert (ended.code, to.read_text()) == (2, "mine")
    assert "Nothing was written" in ended.err
    assert notes.opened("export", "--to", to, "--format", "json", "--replace").code == 0
    assert json.loads(to.read_bytes())["entries"] == 2
    assert not (tmp_path / "n.media").exists()

    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    ended = notes.opened("export", "--to", tmp_path / "notes", "--format", "markdown", "--replace")
    assert ended.code == 2
    assert (tmp_path / "notes" / "mine.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert notes.opened("export", "--to", tmp_path / "empty", "--format", "markdown").code == 0


def test_the_space_itself_is_no_place_for_plain_text(notes: Shell) -> None:
    inside = notes.vault_folder() / "notes.json"
    assert notes.opened("export", "--to", inside, "--format", "json").code == 2
    assert not inside.exists()


@pytest.mark.parametrize("name", ["notes.txt", "notes"])
def test_json_needs_its_ending(notes: Shell, tmp_path: Path, name: str) -> None:
    assert notes.opened("export", "--to", tmp_path / name, "--format", "json").code == 2
    assert not (tmp_path / name).exists()


def test_a_folder_that_is_not_there(notes: Shell, tmp_path: Path) -> None:
    ended = notes.opened("export", "--to", tmp_path / "gone" / "n.json", "--format", "json")
    assert (ended.code, len(ended.err.splitlines())) == (7, 1)


@pytest.mark.parametrize(("name", "form"), [("n.json", "json"), ("n.zip", "json"), ("notes", "markdown")])
@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_does_not_take_it_keeps_nothing_of_it(
    notes: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, form: str, trouble: int
) -> None:
    before = left_in(tmp_path)

    def refuse(_file: object) -> None:
        raise OSError(trouble, os.strerror(trouble))

    monkeypatch.setattr(places, "_flush", refuse)
    monkeypatch.setattr(places, "_write_file", lambda _path, _pieces: refuse(None))
    ended = notes.opened("export", "--to", tmp_path / name, "--format", form)
    assert (ended.code, len(ended.err.splitlines())) == (7, 1)
    assert left_in(tmp_path) == before


def test_wrong_passphrase(notes: Shell, tmp_path: Path) -> None:
    ended = notes.opened("export", "--to", tmp_path / "n.json", "--format", "json", passphrase="not these words")
    assert ended.code == 3
    assert not (tmp_path / "n.json").exists()


def test_a_hostile_export_is_refused(notes: Shell, tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    path.write_text('{"format": "companion", "version": 1, "records": ' + "[" * 100_000)
    assert notes.opened("import", path).code == 5
    path.write_text('{"format": "companion", "version": 99, "records": [{"kind": "entry"}]}')
    assert notes.opened("import", path).code == 5
