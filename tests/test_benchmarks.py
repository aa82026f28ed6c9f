from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import corpus, report, save, search, timeline
from benchmarks.child import Windows
from benchmarks.measure import UNEXPLAINED, Figure, Pairs, interleave, seconds
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile
from companion.vault.keyslots import Cost
from tests.fakes import FakeClock


def figure(ours: list[float], baseline: list[float], goal: float = 1.2, limit: str = "") -> Figure:
    return Figure("a figure", goal, Pairs(tuple(ours), tuple(baseline)), "ours", "theirs", limit)


def test_the_ratio_is_the_median_of_the_pairs_not_the_ratio_of_the_medians() -> None:
    # The machine got ten times slower halfway: both halves of a pair did.
    pairs = Pairs((1.1, 1.1, 11.0, 11.0, 11.0), (1.0, 1.0, 10.0, 10.0, 10.0))
    assert pairs.ratio == pytest.approx(1.1)
    assert Pairs((1.0, 3.0, 2.0), (1.0, 1.0, 1.0)).ratio == 2.0


def test_one_disturbed_pair_moves_the_spread_and_not_the_ratio() -> None:
    pairs = Pairs((1.0, 1.0, 1.0, 1.0, 50.0), (1.0,) * 5)
    assert pairs.ratio == 1.0
    assert pairs.spread == (1.0, 1.0)
    low, high = Pairs((1.0, 2.0, 3.0, 4.0, 5.0), (1.0,) * 5).spread
    assert (low, high) == (2.0, 4.0)
    assert Pairs((3.0,), (2.0,)).spread == (1.5, 1.5)


@pytest.mark.parametrize(("ours", "baseline"), [((), ()), ((1.0,), ()), ((1.0,), (0.0,)), ((-1.0,), (1.0,))])
def test_what_has_no_ratio_is_refused(ours: tuple[float, ...], baseline: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        Pairs(ours, baseline)


def test_pairs_run_in_turn_and_the_first_ones_are_thrown_away() -> None:
    ran: list[tuple[str, int]] = []

    def side(name: str, value: float):
        def run(n: int) -> float:
            ran.append((name, n))
            return value + n

        return run

    pairs = interleave(side("ours", 10), side("base", 20), 3, warm_up=2)
    assert [name for name, _ in ran] == ["ours", "base"] * 5
    assert [n for _, n in ran[::2]] == [-2, -1, 0, 1, 2]
    assert pairs.ours == (10, 11, 12)
    assert pairs.baseline == (20, 21, 22)


def test_seconds_are_seconds() -> None:
    assert 0 <= seconds(lambda: None) < 0.1


def test_a_figure_over_its_goal_says_why_and_one_within_says_nothing() -> None:
    met = figure([1.2], [1.0]).to_plain()
    assert met["met"]
    assert met["limit"] is None
    over = figure([1.3], [1.0], limit="The disk waits.").to_plain()
    assert not over["met"]
    assert over["limit"] == "The disk waits."
    assert figure([1.3], [1.0]).to_plain()["limit"] == UNEXPLAINED
    assert over["raw_ms"] == {"ours": [1300.0], "baseline": [1000.0]}
    assert over["n"] == 1


def test_the_list_and_the_record_have_the_promised_shape(tmp_path: Path) -> None:
    figures = [figure([1.0, 1.1, 1.2], [1.0, 1.0, 1.0]), figure([3.0], [1.0])]
    report.write_result(figures, tmp_path / "bench.json")
    plain = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert isinstance(plain, list)
    assert {"name", "goal", "ratio", "n", "spread", "met", "limit"} <= plain[0].keys()
    assert [item["met"] for item in plain] == [True, False]
    report.write_record(figures, "make bench RECORD=1", FakeClock(), tmp_path / "docs" / "bench.json")
    record = json.loads((tmp_path / "docs" / "bench.json").read_text(encoding="utf-8"))
    assert record.keys() == {"commit", "date", "machine", "command", "figures"}
    assert record["figures"] == plain
    assert record["date"] == "2026-11-22"
    assert re.fullmatch(r"([0-9a-f]{40}\+?)?", record["commit"])
    assert "over" in report.table(figures)


def test_the_corpus_is_the_same_each_time_and_its_words_are_as_asked() -> None:
    made = list(corpus.contents(1000))
    assert [c.digest() for c in made[:50]] == [c.digest() for c in list(corpus.contents(1000))[:50]]
    assert made[0] != next(iter(corpus.contents(1000, seed=43)))
    counts = [len(c.text.split()) for c in made]
    assert min(counts) >= corpus.SHORTEST
    assert max(counts) <= corpus.LONGEST
    assert 215 < sum(counts) / len(counts) < 240
    assert 1400 < sum(len(c.text.encode()) for c in made) / len(made) < 1800
    assert sum(corpus.RARE_WORD in c.text for c in made) == 3
    assert sum(corpus.HUNDREDTH_WORD in c.text for c in made) == 10
    assert set(Counter(c.mood for c in made)) == {None, 1, 2, 3, 4, 5}
    assert {len(c.tags) for c in made} == {0, 1, 2, 3}
    assert 0.02 < sum(any(word in c.text for word in corpus.ACCENTED) for c in made) / len(made) < 0.08


def test_the_commonest_words_are_as_common_as_zipf_says() -> None:
    words = corpus.vocabulary()
    assert len(set(words)) == corpus.VOCABULARY
    made = list(corpus.contents(300))
    tokens = Counter(word.strip(".").lower() for c in made for word in c.text.split())
    total = sum(tokens.values())
    harmonic = sum(1 / rank for rank in range(1, corpus.VOCABULARY + 1))
    assert tokens[words[0]] / total == pytest.approx(1 / harmonic, rel=0.1)
    assert tokens[words[9]] / total == pytest.approx(0.1 / harmonic, rel=0.2)


@pytest.mark.parametrize("count", [10, 1000, 20_000])
def test_a_big_journal_is_thirty_years_and_a_small_one_a_day_each(count: int) -> None:
    first = next(iter(corpus.contents(count)))
    span = (corpus.END - first.at).days
    assert span == pytest.approx(min(count, 30 * 365), abs=1)


@pytest.fixture
def cheap_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(corpus, "CACHE", tmp_path)
    monkeypatch.setattr(corpus, "COST", Cost(8192, 1, 1))
    return tmp_path


def test_the_figures_of_the_vault_come_out_and_leave_the_cached_corpus_as_it_was(cheap_corpus: Path) -> None:
    (cheap_corpus / "1000-older.vault").mkdir()
    (cheap_corpus / "1000-older.plain.db").touch()
    folder = corpus.vault(1000)
    before = (folder / "vault.db").read_bytes()
    # Each search is first checked to find the same on both sides.
    found = search.measure(1000, 1)
    assert len(found.pairs.ours) == len(search.searches())
    assert found.parts
    saved = save.measure(1000, 3)
    assert len(saved.pairs.ours) == 3
    paged = timeline.measure(1000, 2)
    assert paged.pairs.ratio > 0
    assert (folder / "vault.db").read_bytes() == before
    assert corpus.vault(1000) == folder
    kept = {path.name for path in cheap_corpus.iterdir()}
    assert kept == {folder.name, folder.with_suffix(".plain.db").name}


def test_a_window_is_timed_from_outside_to_its_first_paint(tmp_path: Path) -> None:
    SettingsFile(Paths(tmp_path).settings).save(Settings(first_run_done=True, country="GB"))
    run = Windows(tmp_path)
    assert 0 < run.first_paint("empty") < 20
    assert 0 < run.first_paint("lock-screen") < 30


def test_a_window_that_fails_says_how(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        Windows(tmp_path).times("nothing-like-this", 1)
