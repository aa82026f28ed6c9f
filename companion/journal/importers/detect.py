"""Tells which journal a source holds, from its content and never from its names alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from companion.core.errors import InputRefused
from companion.journal.importers import jrnl_headers
from companion.journal.importers.json_stream import JsonStream
from companion.journal.importers.records import ImportedProblem
from companion.journal.importers.sources import Member, Source
from companion.journal.importers.text_files import decoded, is_encrypted_jrnl, is_known_binary

DAY_ONE = "dayone-json"
COMPANION = "companion-json"
JRNL_FOLDER = "jrnl-folder"
JRNL_JSON, JRNL_YAML, JRNL_MARKDOWN, JRNL_XML, JRNL_TEXT = (
    "jrnl-json", "jrnl-yaml", "jrnl-markdown", "jrnl-xml", "jrnl-text",
)  # fmt: skip
_IN_ORDER = (COMPANION, DAY_ONE, JRNL_FOLDER, JRNL_JSON, JRNL_YAML, JRNL_MARKDOWN, JRNL_XML, JRNL_TEXT)
FORMATS = ("dayone", "jrnl", "jrnl-day-first", "jrnl-month-first", "companion")

_DEEPEST_JOURNAL = 2  # below the folders that all files share: one more folder, then the file
_LOOKED_AT = 200  # elements of a list before it is given up as unknown
_ENDINGS = (".json", ".txt", ".md", ".markdown", ".journal", ".jrnl", ".xml", "")
_DAY_FILE = re.compile(r"\d{4}/\d{2}/\d{2}\.txt")
_XML_JOURNAL = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!DOCTYPE\s+journal\b|<journal[\s/>])", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Journal:
    """The files of a source that hold entries, all of one kind. `format` is "dayone", "jrnl" or "companion"."""

    kind: str
    members: tuple[Member, ...]

    @property
    def format(self) -> str:
        """The name of the other app."""
        return self.kind.partition("-")[0]


def find_journal(source: Source, wanted: str | None) -> Journal:
    """What the source holds, one kind of journal; what else is a journal is told in `source.problems`.

    Raises InputRefused: "not-this-format" when it is nothing known or not
    `wanted` (one of FORMATS, or None for any), "encrypted", "damaged", "empty",
    "no-entries".
    """
    if wanted is not None and wanted not in FORMATS:
        raise InputRefused("not-this-format")
    journal = _single(source, source.single) if source.single else _several(source)
    if wanted is not None and journal.format != wanted.partition("-")[0]:
        raise InputRefused("not-this-format")
    return journal


def _single(source: Source, member: Member) -> Journal:
    return Journal(kind_of(source, member), (member,))


def _several(source: Source) -> Journal:
    if not source.members:
        raise InputRefused("empty")
    kinds, refused = _sorted_out(source)
    chosen = next((kind for kind in _IN_ORDER if kind in kinds), None)
    if chosen is None:
        for reason in ("encrypted", "damaged", "no-entries"):
            if reason in refused:
                raise InputRefused(reason, refused[reason][0].name)
        raise InputRefused("not-this-format")
    left = {"damaged": refused.get("damaged", []), "encrypted": refused.get("encrypted", [])}
    left["another-kind"] = [member for kind, members in kinds.items() if kind != chosen for member in members]
    for reason, members in left.items():
        source.problems.extend(ImportedProblem(member.name, reason) for member in members)
    return Journal(chosen, tuple(kinds[chosen]))


def _sorted_out(source: Source) -> tuple[dict[str, list[Member]], dict[str, list[Member]]]:
    """The files that may be journals by kind, and those that are not by reason."""
    kinds: dict[str, list[Member]] = {}
    refused: dict[str, list[Member]] = {}
    top = _common_folders(source.members)
    for member in source.members:
        if is_day_file(member):
            kinds.setdefault(JRNL_FOLDER, []).append(member)
        elif _may_be_journal(member, top):
            try:
                kinds.setdefault(kind_of(source, member), []).append(member)
            except InputRefused as refusal:
                if refusal.reason in ("hostile", "too-large", "too-deep"):
                    raise
                refused.setdefault(refusal.reason, []).append(member)
    return kinds, refused


def is_day_file(member: Member) -> bool:
    """Whether it is one day of a jrnl folder journal: `YYYY/MM/DD.txt`, in any folder."""
    return bool(_DAY_FILE.fullmatch("/".join(member.parts[-3:])))


def _common_folders(members: Sequence[Member]) -> int:
    """How many folders stand in front of every file."""
    first, last = members[0].parts[:-1], members[-1].parts[:-1]  # sorted: what these two share, all share
    return next(
        (n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other),
        len(min(first, last, key=len)),
    )


def _may_be_journal(member: Member, top: int) -> bool:
    if member.in_media_folder or len(member.parts) - top > _DEEPEST_JOURNAL:
        return False
    _stem, dot, ending = member.parts[-1].rpartition(".")
    return (dot + ending).casefold() in _ENDINGS or not dot


def kind_of(source: Source, member: Member) -> str:
    """The kind of journal in this file. Raises InputRefused."""
    head = source.head(member)
    if not head.strip():
        raise InputRefused("empty", member.name)
    if is_encrypted_jrnl(head, member.size):
        raise InputRefused("encrypted", member.name)
    text = None if is_known_binary(head) else decoded(head, whole=False)
    if text is None:
        raise InputRefused("not-this-format", member.name)
    return _json_kind(source, member) if text.lstrip().startswith("{") else _text_kind(text, member)


def _text_kind(text: str, member: Member) -> str:
    if text.lstrip().startswith("<"):
        if _XML_JOURNAL.match(text):
            return JRNL_XML
    elif jrnl_headers.is_yaml_entry(text):
        return JRNL_YAML
    elif jrnl_headers.is_markdown_export(text):
        return JRNL_MARKDOWN
    elif jrnl_headers.has_text_headers(text):
        return JRNL_TEXT
    elif jrnl_headers.has_unreadable_headers(text):
        raise InputRefused("no-entries", member.name)
    raise InputRefused("not-this-format", member.name)


def _json_kind(source: Source, member: Member) -> str:
    """Ours says its name. Day One and jrnl both keep a list "entries"; the keys of its elements tell them apart."""
    stream = JsonStream(source.text_chunks(member), member.name, source.limits.element_chars)
    found_list = False
    keys: set[str] = set()
    for key in stream.root_keys():
        keys.add(key)
        if key != "entries":
            if stream.value() == "companion" and key == "format":
                return COMPANION
            continue
        for number, element in enumerate(stream.elements()):
            found_list = True
            kind = _element_kind(element)
            if kind:
                return kind
            if number >= _LOOKED_AT:
                break
        if found_list:
            break
    if "entries" in keys and not found_list:
        raise InputRefused("no-entries", member.name)
    raise InputRefused("not-this-format", member.name)


def _element_kind(element: object) -> str | None:
    if not isinstance(element, dict):
        return None
    if "creationDate" in element or ("uuid" in element and "date" not in element):
        return DAY_ONE
    if "date" in element and ("title" in element or "body" in element):
        return JRNL_JSON
    return None
