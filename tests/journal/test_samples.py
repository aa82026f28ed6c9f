"""Real exports of other people, where they are at hand: each file says what `tests/expected` says of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from companion.core.errors import InputRefused
from companion.journal.reading import Batch, Reading
from tests.journal.import_kit import ZONE, Taken, take

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
EXPECTED = Path(__file__).resolve().parents[1] / "expected"
FORMATS = ("dayone", "jrnl")


def expected(format_name: str) -> dict[str, Any]:
    """How the figures are meant stands in each file under "how"."""
    return json.loads((EXPECTED / f"{format_name}.json").read_text(encoding="utf-8"))


def listed(kind: str) -> list[Any]:
    return [
        pytest.param(format_name, name, said, id=f"{format_name}/{name}")
        for format_name in FORMATS
        for name, said in expected(format_name)[kind].items()
    ]


def sample(format_name: str, name: str) -> Path:
    path = SAMPLES / format_name / name
    if not (SAMPLES / format_name).is_dir():
        pytest.skip("the samples are not here")
    return path


def facts(taken: Taken) -> dict[str, Any]:
    days = sorted(each.at.date().isoformat() for each in taken.entries)
    missing = [media.missing for each in taken.entries for media in each.attachments]
    joined = "\n".join(f"{each.title}\n{each.text}" for each in taken.entries)
    return {
        "entries": len(taken.entries),
        "refused_entries": sum(problem.is_entry for problem in taken.problems),
        "media": {"found": missing.count(False), "missing": missing.count(True)},
        "tags": dict(sorted(Counter(tag for each in taken.entries for tag in each.tags).items())),
        "first": days[0],
        "last": days[-1],
        "digest": hashlib.sha256(joined.encode()).hexdigest(),
    }


@pytest.mark.parametrize(("format_name", "name", "said"), listed("journals"))
def test_a_sample_holds_what_is_expected(format_name: str, name: str, said: dict[str, Any]) -> None:
    path = sample(format_name, name)
    for wanted in (None, format_name):
        taken = take(path, wanted)
        assert taken.format == format_name
        assert facts(taken) == said


@pytest.mark.parametrize(("format_name", "name", "said"), listed("refused"))
def test_a_sample_is_refused_for_the_expected_reason(format_name: str, name: str, said: str) -> None:
    path = sample(format_name, name)
    for wanted in (None, format_name):
        with pytest.raises(InputRefused) as refused:
            take(path, wanted)
        assert refused.value.reason == said


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_is_not_listed_comes_in(format_name: str) -> None:
    sample(format_name, ".")
    known = expected(format_name)
    for path in sorted((SAMPLES / format_name).rglob("*")):
        name = path.relative_to(SAMPLES / format_name).as_posix()
        if path.is_file() and name not in known["refused"] and name not in known["journals"]:
            assert take(path).entries, name


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_reading_process_says_the_same(format_name: str) -> None:
    sample(format_name, ".")
    name, said = max(expected(format_name)["journals"].items(), key=lambda pair: int(pair[1]["entries"]))
    with Reading(sample(format_name, name), None, ZONE, True) as reading:
        batches = [item for item in reading if isinstance(item, Batch)]
    taken = Taken(
        entries=[each for one in batches for each in one.entries],
        problems=[each for one in batches for each in one.problems],
    )
    assert facts(taken) == said


def test_other_formats_are_not_taken_for_these() -> None:
    sample("dayone", ".")
    taken = []
    for path in sorted(SAMPLES.rglob("*")):
        top = path.relative_to(SAMPLES).parts[0]
        if path.is_file() and top not in FORMATS:
            try:
                take(path)
            except InputRefused:
                continue
            taken.append(str(path.relative_to(SAMPLES)))
    assert taken == []
