"""What the fuzz campaign found, each as the smallest input that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.core.errors import InputRefused
from companion.core.settings import Settings, SettingsFile
from companion.resources.service import Directory
from companion.vault import lockfile, staging
from tests.fakes import FakeClock

DEEP = "[" * 5000


@pytest.mark.parametrize("text", [DEEP, '{"text_scale": 1' + "0" * 400 + "}"], ids=["deep", "huge number"])
def test_damaged_settings_are_the_defaults(text: str, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(text)
    assert SettingsFile(tmp_path / "settings.json").load() == Settings()


@pytest.mark.parametrize(
    "note",
    [b"", b"\xff", b"{}", b"[]", b'{"moved_to": ""}', b'{"moved_to": ".."}', b'{"moved_to": "a\\u0000"}',
     b'{"moved_to": "' + b"a" * 300 + b'"}', DEEP.encode()],
    ids=["empty", "no text", "no name", "a list", "no letters", "the folder above", "a zero", "too long", "deep"],
)  # fmt: skip
def test_moves_left_undone_are_done_whatever_their_note_says(note: bytes, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "vault.db").write_bytes(b"old")
    (tmp_path / "incoming" / "vault.db").write_bytes(b"new")
    (tmp_path / "incoming" / staging.READY).write_bytes(note)
    aside = staging.finish(tmp_path)
    assert (tmp_path / "vault.db").read_bytes() == b"new"
    assert aside is not None
    assert (aside / "vault.db").read_bytes() == b"old"
    assert aside.parent == tmp_path / "quarantine"


@pytest.mark.parametrize("pid", ["Infinity", "NaN", "1e999", '"x"', DEEP])
def test_a_damaged_lock_file_names_nobody(pid: str, tmp_path: Path) -> None:
    (tmp_path / "vault.lock").write_text('{"pid": ' + pid + ', "host": "here", "since": "2026-11-25T10:00:00+00:00"}')
    assert lockfile._read(tmp_path / "vault.lock") == lockfile.Holder(None, None, None)


def facts(folder: Path, *, line: str = "", number: str = "{}", names: str = '{"GB": "x"}', zones: str = "{}") -> None:
    (folder / "crisis-lines.json").write_text(
        '{\n"gathered": "2026-05-01",\n"lines": {\n"GB": [\n' + line + '\n],\n"international": [\n]\n}}'
    )
    (folder / "emergency-numbers.json").write_text('{"numbers": {\n"GB": ' + number + "\n}}")
    (folder / "countries.json").write_text('{"names": ' + names + ', "zones": ' + zones + "}")


@pytest.mark.parametrize(
    "damage",
    [{"line": "null"}, {"line": "[]"}, {"line": DEEP}, {"number": '{"a": ' + DEEP + "}"}, {"names": "[]"},
     {"names": '{"GB": 1}'}, {"names": "null"}, {"zones": "[]"}, {"zones": '{"Europe/London": []}'}, {"names": DEEP}],
    ids=str,
)  # fmt: skip
def test_damaged_facts_are_refused_as_damaged(damage: dict[str, str], tmp_path: Path) -> None:
    facts(tmp_path, **damage)

    def ask() -> None:
        directory = Directory(FakeClock(), tmp_path)
        directory.countries()
        directory.page("GB")

    with pytest.raises(InputRefused) as caught:
        ask()
    assert caught.value.reason == "damaged"


def test_a_day_that_does_not_exist_is_damage(tmp_path: Path) -> None:
    facts(tmp_path)
    path = tmp_path / "crisis-lines.json"
    path.write_text(path.read_text().replace("2026-05-01", "2026-13-01"))
    with pytest.raises(InputRefused) as caught:
        Directory(FakeClock(), tmp_path).gathered()
    assert caught.value.reason == "damaged"


def test_the_facts_of_these_tests_are_good_without_damage(tmp_path: Path) -> None:
    facts(tmp_path, number=json.dumps({"number": "999", "kind": "general", "confidence": "high", "sources": ["x"]}))
    directory = Directory(FakeClock(), tmp_path)
    assert directory.page("GB").emergency is not None
    assert directory.gathered().year == 2026
