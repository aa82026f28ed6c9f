"""Every shipped word: nothing that hurts, nothing promised, and easy enough to read.

Rules and targets: safe wording as one list of patterns; Flesch-Kincaid grade 6 or lower,
4 or lower for words a person may read on their worst day; sentences of 25 and 15 words at most.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # textstat 0.7.4 asks for pkg_resources
    import textstat

from companion.resources.model import PageState
from companion.resources.service import Directory
from companion.ui.shell import help_words
from tests.fakes import FakeClock

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "companion").rglob("*.py"))
# Where each marker holds its messages; the context of pgettext is not shown.
MARKERS = {"_": slice(0, 1), "ngettext": slice(0, 2), "pgettext": slice(1, 2)}

HURTS = re.compile(
    r"commit\w* suicide|successful (suicide|attempt)|failed attempt|suicide epidemic|attention.?seeking"
    r"|suffer\w* from|\baddicts?\b|substance abuse|non-?complian|mentally ill\b|\bcrazy\b|\binsane\b"
    r"|streak|you (missed|haven['’]t|failed)|don['’]t give up|stay strong|\bjust\b (think|try|relax)"
    r"|!{1,}|click here|e\.g\.|i\.e\.",
    re.IGNORECASE,
)
PROMISES = re.compile(r"confidential|anonym|\bfree\b|\bsecret|nobody will know|stays? private", re.IGNORECASE)

# Read on the worst day: Help right now and what stands on the lock screen beside it.
HARD_DAY = re.compile(r"companion/ui/shell/(help_\w+|line_\w+|big_number)\.py")
# Words that cannot be said more plainly, each explained where it stands.
NEEDED = re.compile(
    r"\b(suicide|passphrase|emergency|ambulance|psychiatrist|encrypt\w*|recovery|companion)\b", re.IGNORECASE
)
SENTENCE_WORDS, HARD_DAY_SENTENCE_WORDS = 25, 15
GRADE, HARD_DAY_GRADE = 6.0, 4.0


def shipped(module: Path) -> list[tuple[int, str]]:
    """The literals a module shows, with their lines; a message that is not a literal fails."""
    found = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS):
            continue
        for argument in node.args[MARKERS[node.func.id]]:
            where = f"{module.relative_to(ROOT)}:{node.lineno}"
            assert isinstance(argument, ast.Constant), f"{where}: a message is one literal, filled in afterwards"
            assert isinstance(argument.value, str), where
            found.append((node.lineno, argument.value))
    return found


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """The text as a reader hears it: values filled in, needed words and addresses short."""
    text = re.sub(r"https?://\S+|\{[^}]*\}", "one", text)
    text = re.sub(r"[*_`#>\[\]]|&", " ", text)
    return NEEDED.sub("word", text)


def sentences(text: str) -> Iterator[str]:
    for part in re.split(r"(?<=[.?:;])[\"”']?\s+|\n", prose(text)):
        if re.search(r"\w", part):
            yield part.strip()


def joined(texts: list[str]) -> str:
    """One text to score; names and labels of one or two words (months, buttons) are no sentences."""
    whole = [text for text in (prose(text).strip() for text in texts) if len(text.replace("one", "").split()) > 2]
    return " ".join(text if text[-1] in ".?" else text + "." for text in whole)


def asset_texts() -> Iterator[tuple[str, str]]:
    facts = ROOT / "assets" / "directory"
    lines = json.loads((facts / "crisis-lines.json").read_text(encoding="utf-8"))
    for country, group in {**lines["lines"], "international": lines["international"]}.items():
        for record in group:
            yield f"directory {country}: {record['name']}", record.get("caller_note", "")
    numbers = json.loads((facts / "emergency-numbers.json").read_text(encoding="utf-8"))["numbers"]
    for country, record in numbers.items():
        yield f"directory {country}", record.get("caller_note", "")
    for folder in ("demo", "words"):
        for path in sorted((ROOT / "assets" / folder).rglob("*")):
            if path.suffix in (".json", ".txt"):
                for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    yield f"{path.relative_to(ROOT)}:{number}", text


def test_there_are_words_to_check() -> None:
    assert len([text for module in MODULES for _line, text in shipped(module)]) > 20
    assert len([text for _where, text in asset_texts() if text]) > 100


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_no_word_hurts(module: Path) -> None:
    hits = [f"line {line}: {text!r}" for line, text in shipped(module) if HURTS.search(text)]
    assert not hits


def test_no_word_in_the_assets_hurts() -> None:
    assert not [f"{where}: {text!r}" for where, text in asset_texts() if HURTS.search(text)]


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_sentences_are_short(module: Path) -> None:
    limit = HARD_DAY_SENTENCE_WORDS if HARD_DAY.fullmatch(name(module)) else SENTENCE_WORDS
    long = [
        f"line {line}: {len(sentence.split())} words: {sentence}"
        for line, text in shipped(module)
        for sentence in sentences(text)
        if len(sentence.split()) > limit
    ]
    assert not long


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_words_are_easy_to_read(module: Path) -> None:
    limit = HARD_DAY_GRADE if HARD_DAY.fullmatch(name(module)) else GRADE
    texts = [text for _line, text in shipped(module)]
    for text in texts:
        if len(text.split()) >= 20:
            assert textstat.flesch_kincaid_grade(prose(text)) <= limit, text
    screen = joined(texts)
    if len(screen.split()) >= 20:
        assert textstat.flesch_kincaid_grade(screen) <= limit
        words = [len(sentence.split()) for text in texts for sentence in sentences(text)]
        assert sum(words) / len(words) <= 14


def test_caller_notes_are_easy_to_read() -> None:
    notes = sorted({text for where, text in asset_texts() if where.startswith("directory") and text})
    assert textstat.flesch_kincaid_grade(joined(notes)) <= GRADE
    assert max(len(sentence.split()) for note in notes for sentence in sentences(note)) <= HARD_DAY_SENTENCE_WORDS


def test_help_promises_nothing_about_a_service() -> None:
    """ "Free to call" comes from a record; the words around the numbers never say it."""
    modules = [module for module in MODULES if HARD_DAY.fullmatch(name(module))]
    assert len(modules) >= 3
    assert not [text for module in modules for _line, text in shipped(module) if PROMISES.search(text)]


def test_every_section_of_the_page_is_easy_by_itself() -> None:
    sections = help_words.when_i_call()
    assert len(sections) >= 5
    for section in sections:
        assert textstat.flesch_kincaid_grade(joined(list(section.lines))) <= HARD_DAY_GRADE, section.heading


def test_what_happens_when_i_call_covers_what_people_ask() -> None:
    page = " ".join(line for section in help_words.when_i_call() for line in section.lines).lower()
    for word in ("menu", "ask straight out", "suicide", "rules", "ask first", "hang up", "next one", "cost"):
        assert word in page


def test_the_words_of_the_design_are_kept() -> None:
    assert help_words.barrier_lines() == (
        "You do not need to be sure. You are not bothering anyone.",
        "You can just say: \"I'm having a bad time and I don't want to be alone.\"",
        "You can hang up at any time.",
        "If one line does not help, try the next one. That happens.",
    )
    assert help_words.danger() == "If a life is in danger, call your emergency number now."


def test_every_page_state_has_words() -> None:
    directory = Directory(FakeClock())
    seen = set()
    for country in (None, *(country.code for country in directory.countries())):
        page = directory.page(country)
        lines = help_words.page_lines(page)
        seen.add(page.state)
        assert bool(lines) is (page.state is not PageState.LISTENING)
        assert not [line for line in lines if "{" in line or "crisis line" in line.lower()]
    assert seen == set(PageState)


@pytest.mark.parametrize(
    "text",
    ["She committed suicide", "You missed a day", "Well done!", "e.g. a friend", "just try to rest", "a 3 day streak"],
)
def test_the_list_catches(text: str) -> None:
    assert HURTS.search(text)


@pytest.mark.parametrize("text", ["died by suicide", "You can just say", "an adjusted time", "You can miss a day"])
def test_the_list_lets_pass(text: str) -> None:
    assert not HURTS.search(text)
