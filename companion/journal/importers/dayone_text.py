r"""The text of a Day One entry as plain Markdown: escapes taken back, attached files named by their position.

Day One's Apple clients put a backslash before most ASCII punctuation ("e\-reader");
the web client does not. Rule: outside code a backslash before ASCII punctuation goes.
HTML stays text, and links between entries (`dayone2://`) stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from companion.journal.model import LONGEST_TITLE

# Every repeat is bounded, so that no text takes time squared.
MOMENT = re.compile(
    r"!\[([^\]\n]{0,300})\]\(dayone-(?:moment:/{0,3}(?:(\w{1,20})/)?|(photo|video|audio|pdf):/{0,3})([\w-]{1,100})\)"
)
_ESCAPE = r"\\[!-/:-@\[-`{-~]"
_TOKEN = re.compile(rf"{_ESCAPE}|`+|{MOMENT.pattern}")
_TICKS = re.compile(r"`+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*#*$")
_NO_TITLE = re.compile(r"(?:[-*+>|]|\d{1,9}[.)]|`{3}|~{3}|={3}|-{3})(?:\s|$)|`{3}|~{3}|\|")
_BOLD = re.compile(r"(\*\*\*|\*\*|\*|__|_)(?=\S)(.+?)(?<=\S)\1")
_LONGEST_PLAIN_TITLE = 120

Names = Callable[[str, str, str], str]
"""Given kind ("" where the link has none), identifier and the words in brackets: the Markdown to put there."""


def converted(text: str, name_media: Names, *, escaped: bool) -> str:
    """The text with its media links renamed and, when `escaped`, its backslash escapes taken back."""
    parts: list[str] = []
    for block, is_code in _blocks(text):
        parts.append(block if is_code else _prose(block, name_media, escaped=escaped))
    return "".join(parts)


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces: fenced code, and paragraphs, which no code span crosses."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            lines.append(line)
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                yield "".join(lines), True
                lines, fence = [], ""
        elif mark and not (mark[1][0] == "`" and "`" in line[mark.end() :]):
            yield "".join(lines), False
            lines, fence = [line], mark[1]
        else:
            lines.append(line)
            if not line.strip():
                yield "".join(lines), False
                lines = []
    yield "".join(lines), bool(fence)


def _prose(block: str, name_media: Names, *, escaped: bool) -> str:
    spans: dict[int, list[int]] = {}
    for run in _TICKS.finditer(block):
        spans.setdefault(len(run[0]), []).append(run.start())
    parts: list[str] = []
    at = 0
    while (token := _TOKEN.search(block, at)) is not None:
        parts.append(block[at : token.start()])
        mark = token[0]
        at = token.end()
        if mark.startswith("`"):
            starts = spans.get(len(mark), [])
            closing = bisect_right(starts, token.start())
            if closing < len(starts):
                at = starts[closing] + len(mark)
            parts.append(block[token.start() : at])
        elif mark.startswith("\\"):
            parts.append(mark[1] if escaped else mark)
        else:
            words, kind, other_kind, identifier = token.groups()
            parts.append(name_media(kind or other_kind or "", identifier, words))
    parts.append(block[at:])
    return "".join(parts)


def split_title(text: str) -> tuple[str, str]:
    """Title and remaining text. Day One keeps no title: it shows the first heading or line as one.

    A heading that comes first (attached files may stand before it) is the title, and so
    is a short first line with an empty line after it. Any other beginning stays in the text.
    """
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip() and not _is_media(line)), None)
    if first is None:
        return "", text.strip("\n")
    line = lines[first].strip()
    heading = _HEADING.match(line) if len(line) <= LONGEST_TITLE + 20 else None
    title = heading[1] if heading else line
    if heading is None and not _stands_alone(lines, first):
        return "", text.strip("\n")
    title = _plain(title)
    if not title or len(title) > LONGEST_TITLE:
        return "", text.strip("\n")
    before, after = "\n".join(lines[:first]).strip("\n"), "\n".join(lines[first + 1 :]).strip("\n")
    return title, "\n\n".join(part for part in (before, after) if part)


def _is_media(line: str) -> bool:
    return re.fullmatch(r"\s*(?:!\[[^\]]*\]\(attachment:\d+\)\s*)+", line) is not None


def _stands_alone(lines: list[str], first: int) -> bool:
    line = lines[first].strip()
    if len(line) > _LONGEST_PLAIN_TITLE or _NO_TITLE.match(line) or any(each.strip() for each in lines[:first]):
        return False
    return len(lines) > first + 1 and not lines[first + 1].strip() and any(each.strip() for each in lines[first + 2 :])


def _plain(title: str) -> str:
    """The title without marks around it; "" where it holds more than words (a link, a picture, code)."""
    if "](" in title or "`" in title or "<" in title:
        return ""
    whole = _BOLD.fullmatch(title.strip())
    return (whole[2] if whole else title).strip()
