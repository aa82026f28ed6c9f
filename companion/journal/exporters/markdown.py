"""Notes as Markdown: one file for each, in a folder for its year, as other note apps and any editor read them.

    2026/2026-11-25 A quiet evening.md
    2026/2026-11-25 A quiet evening - files/photo.jpg

The head of each file is YAML between two lines of three dashes. Names are safe
for Windows, macOS, Linux and USB sticks alike.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from companion.journal.exporters.json_format import written
from companion.journal.model import Content, Entry

LONGEST_NAME: Final = 120  # bytes of UTF-8: file systems allow 255 and old tools fewer for a whole path
_NOT_IN_NAMES = re.compile('[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]')
_ATTACHED = re.compile(r"\]\(attachment:(\d{1,3})\)")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
# A JSON string is a YAML string too, once what YAML takes as a line end or not at all is escaped.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_quoted = json.JSONEncoder(ensure_ascii=False).encode


class Names:
    """Gives every file a name of its own, also where upper and lower case are the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, name: str, ending: str) -> str:
        """The name, with a number behind it where it is taken."""
        number, wanted = 1, name
        while (key := unicodedata.normalize("NFD", f"{folder}/{wanted}{ending}").casefold()) in self._taken:
            number += 1
            wanted = f"{name} {number}"
        self._taken.add(key)
        return wanted


def place_of(content: Content) -> tuple[str, str]:
    """Folder and name, without its ending, for a note: its year; its day, and its title or time."""
    day = f"{content.at.year:04d}-{content.at.month:02d}-{content.at.day:02d}"
    title = safe_name(content.title) or f"{content.at:%H.%M}"
    return f"{content.at.year:04d}", cut(f"{day} {title}")


def safe_name(name: str) -> str:
    """The name without what some file system refuses; "" where nothing is left."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", name)).split()).strip(". ")
    return f"{plain[:3]}_{plain[3:]}" if _RESERVED.fullmatch(plain) else plain


def safe_file(name: str, position: int) -> tuple[str, str]:
    """Name and ending of an attached file, safe for every file system."""
    stem, dot, ending = safe_name(name).rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, ending = f"{stem}{dot}{ending}", ""
    stem = safe_name(cut(stem)) or f"file {position}"
    return stem, f".{ending}" if ending else ""


def cut(name: str) -> str:
    """At most so many bytes, and no half letter or space at the end."""
    return name.encode()[:LONGEST_NAME].decode("utf-8", "ignore").rstrip(". ")


def note_text(content: Content, files: list[str | None], entry: Entry | None = None) -> str:
    """The whole file: head, title, text; `files` are the places of its files from here, None where one is missing."""
    return "".join(_parts(content, files, entry))


def _parts(content: Content, files: list[str | None], entry: Entry | None) -> Iterator[str]:
    yield "".join(("---\n", *_head(content, entry), "---\n\n"))
    if content.title:
        yield f"# {content.title}\n\n"
    text, shown = _with_files(content.text, files)
    yield text if not text or text.endswith("\n") else f"{text}\n"
    rest = [place for position, place in enumerate(files, start=1) if place and position not in shown]
    if rest:
        yield "\n" if text else ""
        yield "".join(f"- [{place.rpartition('/')[2]}](<{place}>)\n" for place in rest)


def _head(content: Content, entry: Entry | None) -> Iterator[str]:
    yield f"date: {_moment(content.at)}\n"
    if content.title:
        yield f"title: {_yaml(content.title)}\n"
    if content.mood:
        yield f"mood: {content.mood.name.lower().replace('_', ' ')}\n"
    if content.energy:
        yield f"energy: {content.energy.name.lower()}\n"
    for name in ("feelings", "tags", "people"):
        if listed := getattr(content, name):
            yield f"{name}: [{', '.join(map(_yaml, listed))}]\n"
    if content.heavy:
        yield "heavy: true\n"
    if entry is None:
        yield "draft: true\n"
    elif entry.deleted_at is not None:
        yield f"deleted: {_moment(entry.deleted_at)}\n"


def _moment(at: datetime) -> str:
    return written(at.replace(microsecond=0)).replace(".000", "", 1)


def _with_files(text: str, files: list[str | None]) -> tuple[str, set[int]]:
    """The text with the real places of its files, and which of them it shows."""
    shown: set[int] = set()

    def link(match: re.Match[str]) -> str:
        position = int(match[1])
        place = files[position - 1] if 0 < position <= len(files) else None
        if place is None:
            return match[0]
        shown.add(position)
        return f"](<{place}>)"

    return _ATTACHED.sub(link, text), shown


def _yaml(text: str) -> str:
    return _NOT_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", _quoted(text))
