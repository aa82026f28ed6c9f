"""The entries in jrnl's JSON, XML and YAML exports, one row each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.parsers import expat

from companion.core.errors import InputRefused
from companion.journal.importers.jrnl_headers import front_matter
from companion.journal.importers.jrnl_words import lowered_headings, split_title, tags_in, tidy_tags
from companion.journal.importers.json_stream import JsonStream
from companion.journal.importers.names import shown
from companion.journal.importers.records import LONGEST_ID, ImportedProblem
from companion.journal.importers.sources import Member, Source
from companion.journal.importers.stamps import Stamp, read_stamp
from companion.journal.model import LONGEST_TEXT, LONGEST_TITLE, clean_text

_KNOWN_KEYS = {"title", "body", "date", "time", "tags", "starred", "stared", "uuid"}
_FILE_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})_")
_DEEPEST_XML = 32
_YES = ("true", "yes", "1", "*")


@dataclass(frozen=True, slots=True)
class Row:
    """One exported entry. `tags` None means that the export did not list them; `day` is known from the file's name."""

    title: str
    body: str
    stamp: Stamp | None
    starred: bool
    tags: tuple[str, ...] | None
    where: str
    original_id: str = ""
    day: date | None = None
    left_out: Counter[str] = field(default_factory=Counter)


def json_rows(source: Source, member: Member) -> Iterator[Row | ImportedProblem]:
    """The rows of a JSON export. Raises InputRefused."""
    symbols = "@"
    number = 0
    stream = JsonStream(source.text_chunks(member), member.name, source.limits.element_chars)
    for key in stream.root_keys():
        if key == "tags":
            symbols = _symbols(stream.value())
        elif key != "entries":
            stream.value()
        else:
            for element in stream.elements():
                number += 1
                yield _json_row(element, symbols, f"{member.name}#{number}")


def _symbols(counts: Any) -> str:
    """The characters that begin a tag in this journal, from its list of all tags."""
    names = counts if isinstance(counts, dict) else {}
    found = {name[0] for name in names if isinstance(name, str) and name and not name[0].isalnum()}
    return "".join(sorted(found | {"@"}))


def _json_row(element: Any, symbols: str, where: str) -> Row | ImportedProblem:
    if not isinstance(element, dict):
        return ImportedProblem(where, "not-an-entry", is_entry=True)
    title, body = _text(element, "title"), _text(element, "body")
    if len(title) > LONGEST_TITLE or "\n" in title:
        title, body = "", f"{title}\n\n{body}".strip()
    listed = element.get("tags")
    if isinstance(listed, list):
        tags = tidy_tags((tag for tag in listed if isinstance(tag, str)), symbols)
    else:
        tags = tags_in(f"{title}\n{body}", symbols)
    return Row(
        title=title,
        body=body,
        stamp=read_stamp(f"{_text(element, 'date')} {_text(element, 'time')}".strip()),
        starred=_is_yes(element.get("starred")),
        tags=tags,
        where=where,
        original_id=_text(element, "uuid")[:LONGEST_ID],
        left_out=Counter(shown(str(key))[:40] for key, value in element.items() if key not in _KNOWN_KEYS and value),
    )


def _text(element: dict[str, Any], key: str) -> str:
    value = element.get(key)
    return clean_text(value).strip() if isinstance(value, str) else ""


def _is_yes(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() in _YES)


def yaml_rows(text: str, member: Member) -> Iterator[Row]:
    """The one row of a YAML file; the day in the file's name settles a date that is unclear."""
    keys, body = front_matter(text)
    title = keys.get("title", "")
    body = lowered_headings(body, 1).strip()
    if len(title) > LONGEST_TITLE:
        title, body = "", f"{title}\n\n{body}".strip()
    stamp = read_stamp(keys.get("date", ""))
    named = _FILE_DAY.match(member.parts[-1])
    day = _day(named) if named and stamp and stamp.mixed else None
    yield Row(
        title=title,
        body=body,
        stamp=stamp,
        starred=_is_yes(keys.get("starred", keys.get("stared"))),
        tags=tidy_tags(keys["tags"].split(",")) if "tags" in keys else None,
        where=member.name,
        original_id=keys.get("uuid", "")[:LONGEST_ID],
        day=day,
        left_out=Counter(shown(key)[:40] for key in keys if key not in _KNOWN_KEYS),
    )


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def xml_rows(source: Source, member: Member) -> Iterator[Row]:
    """The rows of an XML export. Raises InputRefused; a document type is refused, for only an attack needs one."""
    journal = _XmlJournal(member.name)
    for piece in source.text_chunks(member):
        journal.feed(piece)
        yield from journal.taken()
    journal.feed(b"", final=True)
    yield from journal.taken()


class _XmlJournal:
    """Collects entries while the parser goes through the file."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.buffer_text = True
        self._path: list[str] = []
        self._attributes: dict[str, str] = {}
        self._tags: list[str] = []
        self._words: list[str] = []
        self._length = 0
        self._count = 0
        self._ready: list[Row] = []

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        """Read on. Raises InputRefused."""
        try:
            self._parser.Parse(piece, final)
        except (expat.ExpatError, UnicodeError, ValueError) as error:
            raise InputRefused("damaged", self._where) from error

    def taken(self) -> list[Row]:
        """The rows that are whole since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > _DEEPEST_XML:
            raise InputRefused("too-deep", self._where)
        if self._path == ["journal", "entries", "entry"]:
            self._attributes, self._tags, self._words, self._length = attributes, [], [], 0
        elif self._in_entry and name == "tag":
            self._tags.append(attributes.get("name", ""))

    def _characters(self, text: str) -> None:
        if self._in_entry:
            self._length += len(text)
            if self._length > LONGEST_TEXT * 2:
                raise InputRefused("too-large", self._where)
            self._words.append(text)

    def _finish(self, _name: str) -> None:
        if self._path == ["journal", "entries", "entry"]:
            self._count += 1
            title, body = split_title(clean_text("".join(self._words)))
            self._ready.append(
                Row(
                    title=title,
                    body=body,
                    stamp=read_stamp(self._attributes.get("date", "")),
                    starred=_is_yes(self._attributes.get("starred")),
                    tags=tidy_tags(self._tags),
                    where=f"{self._where}#{self._count}",
                    original_id=self._attributes.get("uuid", "")[:LONGEST_ID],
                )
            )
        self._path.pop()

    def _refuse(self, *_declaration: Any) -> None:
        raise InputRefused("hostile", self._where)

    @property
    def _in_entry(self) -> bool:
        return self._path[:3] == ["journal", "entries", "entry"]
