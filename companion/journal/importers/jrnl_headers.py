"""Where entries begin in the texts that jrnl writes: journal files, Markdown and YAML exports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from companion.journal.importers.stamps import LONGEST, Stamp, read_stamp

_BRACKETED = re.compile(rf"^\[([^\]\n]{{4,{LONGEST}}})\](?=[ \t*]|$)[ \t]*(.*)$", re.MULTILINE)
_BRACKETS_AT_ALL = re.compile(r"\s*\[[^\]\n]+\][ \t]+\S")
_BARE = re.compile(
    r"^(\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[ T]\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?)(?=[ \t]|$)[ \t]*(.*)$",
    re.MULTILINE,
)
_HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)
_YEAR = re.compile(r"# \d{4}\s*")
_MONTH = re.compile(r"## [^\s#]+\s*")
_WORDS_IN_STAMP = 7  # "Thursday, 29 August 2020 at 2:32 PM"
_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)(?:\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)|\Z)", re.DOTALL)
_FRONT_KEYS = tuple(re.compile(rf"^{key}:", re.MULTILINE) for key in ("title", "date", "starr?ed"))


@dataclass(frozen=True, slots=True)
class Heading:
    """The line that begins an entry; `start` and `end` are its place in the text, `rest` what follows the date."""

    stamp: Stamp
    rest: str
    start: int
    end: int
    level: int = 0


def text_headings(text: str, *, times_alone: bool = False) -> list[Heading]:
    """The headings of a journal file, in order.

    Dates stand in brackets. Version 1.9 had none, so bare dates count too where
    the first heading of the file is one. A line in brackets that holds no date
    is text. `times_alone` lets "[14:23]" count, in a folder journal.
    """
    found = list(_headings(_BRACKETED, text, times_alone=times_alone))
    first_words = len(text) - len(text.lstrip())
    bare = _BARE.match(text, first_words)
    if bare and read_stamp(bare[1]):
        found = sorted([*found, *_headings(_BARE, text)], key=lambda heading: heading.start)
    return found


def _headings(pattern: re.Pattern[str], text: str, *, times_alone: bool = False) -> Iterator[Heading]:
    for match in pattern.finditer(text):
        stamp = read_stamp(match[1].strip())
        if stamp is not None and (stamp.parts or times_alone):
            yield Heading(stamp, match[2], match.start(), match.end())


def has_text_headers(text: str) -> bool:
    """Whether this is a journal file (or its beginning)."""
    return bool(text_headings(text))


def has_unreadable_headers(text: str) -> bool:
    """Whether it begins like a journal file, with brackets that hold no date."""
    return bool(_BRACKETS_AT_ALL.match(text))


def markdown_headings(text: str) -> list[Heading]:
    """The headings of a Markdown export, in order: `### 2013-04-09 15:39 Title`, or `#` with one entry to a file."""
    found: list[Heading] = []
    for match in _HEADING.finditer(text):
        if len(match[1]) == 2 or (found and found[0].level != len(match[1])):
            continue
        words = match[2].split(" ")
        for count in range(min(_WORDS_IN_STAMP, len(words)), 0, -1):
            stamp = read_stamp(" ".join(words[:count]))
            # Without a time it is an entry only below the year and month of a whole journal.
            if stamp is not None and stamp.parts and (stamp.clock or len(match[1]) == 3):
                rest = " ".join(words[count:])
                found.append(Heading(stamp, rest, match.start(), match.end(), len(match[1])))
                break
    return found


def is_markdown_export(text: str) -> bool:
    """Whether it begins as jrnl's Markdown export does: with a year, or with the one entry."""
    first = text.lstrip().partition("\n")[0]
    if _YEAR.fullmatch(first):
        return any(heading.level == 3 for heading in markdown_headings(text))
    return bool(markdown_headings(first))


def without_structure(text: str) -> str:
    """The text of an entry without the year and month headings that follow it in a Markdown export."""
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or _YEAR.fullmatch(lines[-1]) or _MONTH.fullmatch(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The keys of a YAML export and its body. It is not valid YAML, so it is taken apart line by line."""
    keys: dict[str, str] = {}
    lines = text.lstrip().split("\n")
    for number, line in enumerate(lines[1:], start=1):
        name, colon, value = line.partition(":")
        if name == "body" and colon:
            return keys, _indented(lines[number + 1 :])
        if line.rstrip() in ("---", "..."):
            return keys, "\n".join(lines[number + 1 :])
        if colon and not line.startswith((" ", "\t")):
            keys[name.strip()] = value.strip()
    return keys, ""


def _indented(lines: list[str]) -> str:
    body: list[str] = []
    for line in lines:
        if line.rstrip() == "...":
            break
        body.append(line.removeprefix("\t"))
    return "\n".join(body)


def is_yaml_entry(text: str) -> bool:
    """Whether it begins with the keys that jrnl's YAML export always has."""
    match = _FRONT.match(text)
    return match is not None and all(key.search(match[1]) for key in _FRONT_KEYS)
