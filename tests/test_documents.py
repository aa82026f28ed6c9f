"""What the documents name is there: files, tests, commands, options, make targets, pictures, figures."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from companion.cli.main import companion
from companion.core.settings import Settings
from tests.test_words import HURTS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # textstat 0.7.4 asks for pkg_resources
    import textstat

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "assets").rglob("*.md")])
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
PICTURES = ROOT / "docs" / "pictures"
LARGEST_PICTURE = 200_000

CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.\-*]+(?:/[\w.\-*<>]*)*(?:::\w+)?")
SUFFIXES = (".py", ".md", ".toml", ".yaml", ".sql", ".sh", ".json", ".txt", ".qss", ".lock", ".pyi", ".png")
# Files of a vault, of a data folder or of an export, and what only a run makes.
ELSEWHERE = re.compile(
    r"(keys(\.bak)?\.json|vault\.(db|lock)|settings\.json|app\.lock|openssl\.cnf|(media|backups|quarantine|incoming|vaults)(/.*)?"
    r"|[Xx]\.json|journal\.json|build/.*|\.venv/.*|docs/figures/.*|~/.*)"
)
ABSOLUTE = re.compile(r"(?<![\w.~:/}])/(?:home|work|tmp|opt|usr|etc|root|var|dev|proc|mnt|srv|sys|media|Users)\b")
HOST = re.compile(r"https?:|www\.|localhost|\b\d{1,3}(?:\.\d{1,3}){3}\b|\w@\w")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def spans(name: str) -> Iterator[str]:
    """Everything between backticks, and every line of an indented block."""
    text = text_of(name)
    yield from CODE.findall(text)
    yield from (line.strip() for line in text.splitlines() if line.startswith("    "))


def paths(name: str) -> Iterator[str]:
    for span in CODE.findall(text_of(name)):
        if PATH.fullmatch(span) and ("/" in span or span.endswith(SUFFIXES)) and not ELSEWHERE.fullmatch(span):
            yield span


def is_there(path: str) -> bool:
    """In the project or its package, a bare name anywhere in the package; a star stands for any name."""
    places = [ROOT.glob(path.rstrip("/")), (ROOT / "companion").glob(path.rstrip("/"))]
    if "/" not in path:
        places.append((ROOT / "companion").rglob(path))
    return any(next(place, None) is not None for place in places)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_it_names_is_there(name: str) -> None:
    missing = [path for path in paths(name) if not is_there(path.partition("::")[0])]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_test_it_names_is_there(name: str) -> None:
    named = [span.partition("::") for span in paths(name) if "::" in span]
    assert not [f"{file}::{test}" for file, _, test in named if f"def {test}(" not in text_of(file)]


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", text_of(name))
    assert not [target for target in targets if not ((ROOT / name).parent / target).exists()]


@pytest.mark.parametrize("name", NAMES)
def test_no_place_outside_the_project(name: str) -> None:
    text = text_of(name)
    assert ABSOLUTE.findall(text) == []
    assert HOST.findall(text) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_word_hurts(name: str) -> None:
    prose = CODE.sub("", re.sub(r"!\[", "[", text_of(name)))
    assert HURTS.findall(prose) == []


# --- commands ----------------------------------------------------------------


def commands(name: str) -> Iterator[str]:
    for span in spans(name):
        line = span.partition("#")[0].strip().removeprefix(".venv/bin/")
        if re.match(r"companion( |$)", line):
            yield line


def faults(line: str) -> Iterator[str]:
    """What of this command line the program does not know."""
    command: click.Command = companion
    for word in line.split()[1:]:
        known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
        if word.startswith("-"):
            if word not in known:
                yield f"{line}: {word}"
        elif isinstance(command, click.Group) and word.islower() and re.fullmatch(r"[a-z-]+", word):
            found = command.commands.get(word)
            if found is None:
                yield f"{line}: {word}"
                return
            command = found


@pytest.mark.parametrize("name", NAMES)
def test_every_command_it_names_exists(name: str) -> None:
    assert [fault for line in commands(name) for fault in faults(line)] == []


def test_the_readme_names_every_command() -> None:
    named = {tuple(line.split()[1:3]) for line in commands("README.md")}
    journal = next(line for line in text_of("README.md").splitlines() if "`companion journal add`" in line)
    for name, command in companion.commands.items():
        if name == "journal":
            assert isinstance(command, click.Group)
            assert not [
                sub for sub in command.commands if f"journal {sub}`" not in journal and f"`{sub}`" not in journal
            ]
        elif isinstance(command, click.Group):
            assert not [sub for sub in command.commands if (name, sub) not in named]
        else:
            assert name in {words[0] for words in named if words}


@pytest.mark.parametrize("line", ["companion vault open", "companion crisis --town X", "companion sing"])
def test_the_look_at_commands_can_find_one_that_is_not_there(line: str) -> None:
    assert list(faults(line))


@pytest.mark.parametrize("name", NAMES)
def test_every_make_target_it_names_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {found[1] for span in spans(name) if (found := re.match(r"make ([a-z-]+)", span))}
    assert named <= targets


# --- figures and lists -------------------------------------------------------


def test_the_figures_about_the_facts_are_those_of_the_files() -> None:
    lines = json.loads(text_of("assets/directory/crisis-lines.json"))["lines"]
    total = sum(map(len, lines.values()))
    assert f"{total} lines in {len(lines)} countries" in text_of("README.md")


def test_everything_outside_the_lock_is_listed() -> None:
    listed = text_of("SECURITY.md").partition("## Outside the lock")[2].partition("\n## ")[0]
    assert not [name for name in Settings._fields if f"`{name}`" not in listed]


# --- words and pictures --------------------------------------------------------


def prose_of(name: str) -> str:
    """What is read as sentences: no tables, code, pictures or headings."""
    kept = []
    for line in text_of(name).splitlines():
        if line.startswith(("|", "    ", "#", "!")):
            continue
        kept.append(re.sub(r"^- ", "", line))
    text = "\n".join(kept)
    text = re.sub(r"\([^()]*`[^()]*\)", "", text)
    text = re.sub(r"[*_>]", "", CODE.sub("one", text))
    return "\n".join(paragraph for paragraph in text.split("\n\n") if paragraph.strip())


@pytest.mark.parametrize("name", ["README.md", "SECURITY.md", "CHANGELOG.md", "docs/review-owed.md"])
def test_it_is_easy_to_read(name: str) -> None:
    assert textstat.flesch_kincaid_grade(prose_of(name)) <= 8.0


def test_pictures_are_small_shown_and_described() -> None:
    pictures = sorted(PICTURES.glob("*"))
    assert 4 <= len(pictures) <= 6
    assert not [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE]
    described = dict(re.findall(r"!\[([^\]]{20,})\]\(docs/pictures/([^)]+)\)", text_of("README.md")))
    assert sorted(described.values()) == [path.name for path in pictures]
