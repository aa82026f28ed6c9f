from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from companion.core.paths import Paths, assets
from companion.demo import DEMO_PASSPHRASE, DemoSpace, fill, remove_leftovers, write_demo, year
from companion.journal.model import Content, Filter, Mood, excerpt
from companion.services import SettingsStore, build, known_vaults
from companion.vault.keyslots import Cost
from companion.vault.vault import Vault
from tests.fakes import FakeClock

CHEAP = Cost(8192, 1, 1)
LONDON = ZoneInfo("Europe/London")
DAYS = [date(2026, 11, 22), date(2026, 3, 3), date(2027, 7, 8), date(2028, 2, 29)]
# The list every shipped word is held against.
LINT = re.compile(
    r"commit\w* suicide|successful (suicide|attempt)|failed attempt|suicide epidemic|attention.?seeking"
    r"|suffer\w* from|\baddicts?\b|substance abuse|non-?complian|mentally ill\b|\bcrazy\b|\binsane\b|streak"
    r"|you (missed|haven't|haven’t|failed)|don['’]t give up|stay strong|\bjust\b (think|try|relax)|!{1,}|click here"
    r"|e\.g\.|i\.e\.",
    re.IGNORECASE,
)
# No method, means, mark, amount or weight belongs in the demo, and no drink, drug or medicine by name.
HARM = re.compile(
    r"suicid|self.?harm|overdos|\bcut (myself|my)\b|\bcutting\b|\bblade|\brazor|\bkni(fe|ves)|\bpills?\b|\btablets?\b"
    r"|\bhang(ed|ing)? (myself|himself|herself)|\bnoose|\bgun\b|\bblood\b|\bwounds?\b|\bscars?\b|\bjump(ed)? (off|from)"
    r"|\bkill|\bdie\b|\bdying\b|\bend it\b|\bcalorie|\bkilos?\b|\bvomit|\bstarv|\bbinge|\bdrunk\b|\bwine\b|\bvodka"
    r"|\bbeer\b|\bmg\b|lithium|sertraline|quetiapine|diazepam",
    re.IGNORECASE,
)


def spoken(contents: list[Content]) -> list[str]:
    return [text for c in contents for text in (c.title, c.text, *c.tags, *c.feelings) if text]


@pytest.mark.parametrize("today", DAYS)
def test_a_year_of_about_400_entries_that_ends_today(today: date) -> None:
    made = year(today, LONDON)
    assert 370 <= len(made) <= 440
    assert made == sorted(made, key=lambda c: c.at)
    assert made[-1].at.date() == today
    assert made[0].at.date() == today - timedelta(days=364)
    assert all(c.at.tzinfo is LONDON for c in made)


def test_the_same_seed_gives_the_same_year_and_another_seed_another() -> None:
    today = DAYS[0]
    assert [c.digest() for c in year(today, LONDON)] == [c.digest() for c in year(today, LONDON)]
    assert year(today, LONDON) != year(today, LONDON, seed=21)


@pytest.mark.parametrize("seed", [20, 21, 22, 23])
def test_a_life_with_everything_in_it(seed: int) -> None:
    made = year(DAYS[0], LONDON, seed)
    assert {c.mood for c in made} == {None, *Mood}
    assert sum(c.is_check_in for c in made) > 100
    assert 8 <= sum(c.heavy for c in made) <= 14
    lengths = [len(c.text.split()) for c in made if c.text]
    assert min(lengths) <= 2
    assert max(lengths) > 100
    text = "\n".join(c.text for c in made)
    for mark in ("\n- ", "\n> ", "**", "### ", "1. "):
        assert mark in text
    assert len({tag for c in made for tag in c.tags}) > 12
    assert {"Nell", "Dev", "Priya", "Ruth"} <= {name for c in made for name in c.people}
    assert all(not c.is_empty for c in made)


def test_there_are_blank_weeks() -> None:
    days = sorted({c.at.date() for c in year(DAYS[0], LONDON)})
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    assert max(gaps) > 7
    assert sum(gap >= 5 for gap in gaps) >= 3


def test_the_group_meets_on_tuesdays_and_work_is_on_working_days() -> None:
    made = year(DAYS[1], LONDON)
    scripted = {piece["title"] for piece in words_of("story") + words_of("recent") if piece.get("title")}
    group = [c for c in made if "group" in c.tags and c.title not in scripted]
    assert len(group) > 20
    assert {c.at.weekday() for c in group} == {1}
    work = [c for c in made if "work" in c.tags and c.title not in scripted]
    assert {c.at.weekday() for c in work} <= {0, 2, 3}


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("seed", [20, 21, 22])
def test_neighbouring_rows_do_not_look_alike(today: date, seed: int) -> None:
    rows = [(c.title, excerpt(c.text, 60)) for c in year(today, LONDON, seed) if c.text]
    for start in range(len(rows) - 30):
        window = rows[start : start + 30]
        repeated = [row for row, times in Counter(window).items() if times > 1]
        assert not repeated
    longer = Counter(text for _, text in rows if len(text) > 40)
    assert sum(times - 1 for times in longer.values()) <= 8


def test_seasons_fit_the_months() -> None:
    for today in DAYS:
        for content in year(today, LONDON):
            if content.title in ("Snow before anyone", "Seed catalogue", "Marmalade"):
                assert content.at.month in (12, 1, 2)
            if content.title in ("Swimming", "First beans", "Strawberries"):
                assert content.at.month in (6, 7, 8)


def test_a_time_that_the_clocks_leave_out_is_moved_to_one_that_was_there() -> None:
    for day in range(20, 32):
        for content in year(date(2026, 3, day), ZoneInfo("Europe/Berlin")):
            assert content.at == content.at.astimezone(UTC).astimezone(content.at.tzinfo)
            assert content.at.replace(tzinfo=None) == content.at.astimezone(UTC).astimezone(
                ZoneInfo("Europe/Berlin")
            ).replace(tzinfo=None)


def words_of(part: str) -> list[dict[str, str]]:
    return list(json.loads((assets() / "demo" / "en.json").read_text(encoding="utf-8"))[part])


def test_the_words_keep_to_the_content_rules() -> None:
    whole = (assets() / "demo" / "en.json").read_text(encoding="utf-8")
    assert [m.group() for m in LINT.finditer(whole)] == []
    assert [m.group() for m in HARM.finditer(whole)] == []
    assert "'" not in whole
    for today in DAYS:
        for text in spoken(year(today, LONDON)):
            assert not LINT.search(text)
            assert not HARM.search(text)


def test_each_heavy_piece_and_bad_night_has_something_that_held() -> None:
    held = re.compile(
        r"Nell|Dev|Ruth|Osman|Priya|line|lamp|light|radio|singing|ends|sofa|tea|Feet on the floor|open", re.IGNORECASE
    )
    pieces = json.loads((assets() / "demo" / "en.json").read_text(encoding="utf-8"))
    for text in [*pieces["nights"], *(piece[1] for piece in pieces["heavy"])]:
        assert held.search(text), text


def test_fill_is_one_quick_transaction_and_nothing_lies_in_the_future(tmp_path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, 0, 10, tzinfo=UTC))
    services = build(Paths(tmp_path), clock, cost=CHEAP)
    services.vault.create("a passphrase for tests")
    try:
        count = fill(services.journal, clock)
        assert services.journal.count() == count
        newest = services.journal.page(limit=5).entries
        assert all(row.at <= clock.now() for row in newest)
        assert newest[0].at.date() == date(2026, 11, 22)
        assert newest[0].title == "The walk I nearly didn’t take"
        assert services.journal.count(Filter(tag="group")) > 20
        assert services.journal.search("goose").total > 0
        assert services.journal.verify().entries_bad == ()
    finally:
        services.vault.lock()


def test_write_demo_leaves_a_locked_vault_that_opens_with_the_passphrase(tmp_path, clock: FakeClock) -> None:
    written = write_demo(tmp_path / "there", "a passphrase for tests", clock, CHEAP)
    vault = Vault(written.folder, clock)
    vault.unlock("a passphrase for tests")
    try:
        assert vault.preferences.get("greeting_name", "") == "Sam"
        assert vault.connection.value("SELECT count(*) FROM entry") == written.entries > 350
    finally:
        vault.lock()


def test_a_demo_space_is_found_by_the_services_and_gone_afterwards(tmp_path, clock: FakeClock) -> None:
    with DemoSpace(clock, tmp_path) as space:
        written = space.make_vault(CHEAP)
        settings = SettingsStore(space.paths)
        assert known_vaults(space.paths, settings.current) == [written.folder]
        assert settings.current.first_run_done
        if os.name == "posix":
            assert space.paths.data.stat().st_mode & 0o077 == 0
        services = build(space.paths, clock)
        services.vault.unlock(DEMO_PASSPHRASE)
        assert services.journal.count() == written.entries
        services.vault.lock()
    assert list(tmp_path.iterdir()) == []


def test_the_next_demo_removes_what_a_crash_left_and_nothing_else(tmp_path, clock: FakeClock) -> None:
    crashed = DemoSpace(clock, tmp_path)
    crashed._lock.release()  # what the end of a process does
    running = DemoSpace(clock, tmp_path)
    assert not crashed.paths.data.exists()
    others = {
        "companion-demo-without-marker": None,
        "companion-demo-other-marker": b"{}",
        "something-else": b'{"companion": "demo", "removable": true}\n',
    }
    for name, mark in others.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("mine")
        if mark is not None:
            (tmp_path / name / "companion-demo.json").write_bytes(mark)
    assert remove_leftovers(tmp_path) == []
    assert running.paths.data.exists()
    assert all((tmp_path / name / "notes.txt").exists() for name in others)
    running.close()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_that_looks_like_a_leftover_is_not_followed(tmp_path, clock: FakeClock) -> None:
    space = DemoSpace(clock, tmp_path / ".")
    space._lock.release()
    kept = tmp_path / "kept"
    space.paths.data.rename(kept)
    (tmp_path / "companion-demo-link").symlink_to(kept, target_is_directory=True)
    assert remove_leftovers(tmp_path) == []
    assert kept.exists()


def test_a_finished_vault_whose_last_moves_a_crash_left_is_found(tmp_path, clock: FakeClock) -> None:
    with DemoSpace(clock, tmp_path) as space:
        waiting = space.paths.vaults / "a1b2.vault"
        (waiting / "incoming").mkdir(parents=True)
        settings = SettingsStore(space.paths)
        assert known_vaults(space.paths, settings.current) == []
        (waiting / "incoming" / "ready").write_text("{}")
        assert known_vaults(space.paths, settings.current) == [waiting]
