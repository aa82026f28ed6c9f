"""`companion crisis`: the built-in facts, without a vault."""

from __future__ import annotations

import pytest

from companion.core.settings import Settings, SettingsFile
from tests.cli.conftest import Shell

LINE_KEYS = {
    "name", "phone", "sms", "chat_url", "website", "hours", "open_now", "languages", "audience", "topics",
    "confidence", "newest_source", "stale", "sources", "caller_note",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_TELEPHONE", "LC_ADDRESS", "LC_MONETARY", "LC_TIME", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_json_has_the_promised_keys_and_no_vault_is_made(bare: Shell) -> None:
    ended = bare("crisis", "--country", "gb", "--json")
    assert ended.code == 0
    assert ended.err == ""
    assert {"country", "emergency", "lines"} <= set(ended.json)
    assert ended.json["country"] == "GB"
    assert {"number", "kind"} <= set(ended.json["emergency"])
    assert ended.json["emergency"]["number"] == "999"
    assert ended.json["lines"]
    for line in ended.json["lines"]:
        assert set(line) >= LINE_KEYS
    assert not bare.data.exists()


def test_the_country_is_the_option_then_the_setting_then_the_clock(bare: Shell) -> None:
    bare.clock.zone = "Pacific/Auckland"
    assert bare("crisis", "--json").json["country"] == "NZ"
    SettingsFile(bare.data / "settings.json").save(Settings(country="IE"))
    assert bare("crisis", "--json").json["country"] == "IE"
    assert bare("crisis", "--country", "AU", "--json").json["country"] == "AU"


def test_no_country_gives_international_lines(bare: Shell) -> None:
    bare.clock.zone = "Etc/UTC"
    known = bare("crisis", "--json").json
    assert known["country"] is None
    assert known["lines"]
    assert all(line["website"] for line in known["lines"])


def test_lines_for_a_topic_or_for_some_people(bare: Shell) -> None:
    everyone = bare("crisis", "--country", "US", "--json").json["lines"]
    youth = bare("crisis", "--country", "US", "--audience", "youth", "--json").json["lines"]
    assert 0 < len(youth) < len(everyone)
    assert {line["audience"] for line in youth} == {"youth"}
    topic = youth[0]["topics"][0]
    assert all(topic in line["topics"] for line in bare("crisis", "--topic", topic, "--json").json["lines"])


def test_in_words_the_emergency_number_comes_first(bare: Shell) -> None:
    lines = bare("crisis", "--country", "GB").out.splitlines()
    assert lines[0] == "United Kingdom"
    assert lines[2] == "If a life is in danger, call 999 now."
    assert "  Call 116 123" in lines
    assert bare("crisis", "--country", "GB").err == ""


@pytest.mark.parametrize("country", ["FR", "AF", "TV", "AQ"])
def test_every_country_has_something(bare: Shell, country: str) -> None:
    ended = bare("crisis", "--country", country)
    assert ended.code == 0
    assert len(ended.out.splitlines()) >= 3
