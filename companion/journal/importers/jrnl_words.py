"""How jrnl reads the words of an entry: title and body, the star, and tags."""

from __future__ import annotations

import re
from collections.abc import Iterable

from companion.journal.model import LONGEST_TITLE

STARRED = "starred"

_SENTENCE_END = re.compile(r"(?<![.!?:…‼‽⁇⁈⁉])[.!?:…‼‽⁇⁈⁉]+['’\"”]?[\])]*(?=\s)|[！．？｡。]")
_NO_SENTENCE = re.compile(r"(?:^|\s)[(\"'“‘\[]*(?:\d{1,3}|[^\W\d_]{1,2}|(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3})\.$")
_TAG = r"(?<!\S)[{symbols}]([-+*#/\w]+)"
_RAISED_HEADING = re.compile(r"^(#{2,}) ", re.MULTILINE)


def split_title(words: str) -> tuple[str, str]:
    """Title and body of an entry: the title ends with the first sentence or with the line.

    A dot after a number or an abbreviation ("Dr.", "z. B.", "e.g.") ends no sentence. A
    title longer than a title can be stays in the body instead.
    """
    words = words.strip()
    line_end = words.find("\n")
    line = words if line_end < 0 else words[:line_end]
    end = len(line)
    for match in _SENTENCE_END.finditer(line):
        if match[0] != "." or not _NO_SENTENCE.search(line, max(0, match.start() - 20), match.end()):
            end = match.end()
            break
    title = line[:end].strip()
    if len(title) > LONGEST_TITLE:
        return "", words
    return title, words[end:].strip()


def without_star(words: str) -> tuple[str, bool]:
    """The words without the star that ends the title line or stands before the title, and whether there was one."""
    words = words.strip()
    first, newline, rest = words.partition("\n")
    first = first.rstrip()
    starred = False
    if first == "*" or first.endswith((" *", "\t*")):
        first, starred = first[:-1].rstrip(), True
    # One star and a space would begin a list; in front of a title jrnl means the mark.
    if first.startswith("* "):
        first, starred = first[2:].lstrip(), True
    return first + newline + rest, starred


def tags_in(words: str, symbols: str = "@") -> tuple[str, ...]:
    """The tags in a text, without their symbol and in lower case, as jrnl lists them. An e-mail address is none."""
    pattern = re.compile(_TAG.format(symbols=re.escape(symbols)))
    return tidy_tags(match[1] for match in pattern.finditer(words))


def tidy_tags(names: Iterable[str], symbols: str = "@") -> tuple[str, ...]:
    """Tags without symbol, blanks and doubles, in lower case."""
    found: dict[str, None] = {}
    for name in names:
        tag = name.strip().lstrip(symbols).lower()
        if any(character.isalnum() for character in tag):
            found[tag] = None
    return tuple(found)


def lowered_headings(body: str, by: int) -> str:
    """The body with its headings as they were: jrnl's exports push them `by` levels down to stay below its own."""
    return _RAISED_HEADING.sub(lambda match: match[1][by:] + " " if len(match[1]) > by else match[0], body)
