"""Day One's rich text (a JSON document inside a string) as Markdown; read where an entry has no plain text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_LIST, _NUMBERED, _CHECKBOX = "bulleted", "numbered", "checkbox"
_LINKS = {"photo": "://", "video": ":/video/", "audio": ":/audio/", "pdfAttachment": ":/pdfAttachment/"}
_DEEPEST_LIST = 20


@dataclass(slots=True)
class _Line:
    """One line: its words as Markdown, and what kind of block it belongs to."""

    words: str = ""
    block: dict[str, Any] = field(default_factory=dict)


def markdown(rich: str) -> str:
    """The document as Markdown without escapes; a string that is no such document comes back as it is."""
    try:
        document = json.loads(rich, strict=False, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return rich
    contents = document.get("contents") if isinstance(document, dict) else None
    if not isinstance(contents, list):
        return "" if isinstance(document, dict | list) else rich
    return _blocks(list(_lines(contents)))


def _lines(contents: list[Any]) -> Iterator[_Line]:
    line = _Line()
    for piece in contents:
        if not isinstance(piece, dict):
            continue
        embedded = _embedded(piece.get("embeddedObjects"))
        if embedded:
            if line.words:
                yield line
            for words in embedded:
                yield _Line(words, {"embedded": True})
            line = _Line()
            continue
        text = piece.get("text")
        attributes = piece.get("attributes")
        attributes = attributes if isinstance(attributes, dict) else {}
        block = attributes.get("line")
        parts = text.split("\n") if isinstance(text, str) else []
        for number, part in enumerate(parts):
            if number:
                yield line
                line = _Line()
            line.words += _inline(part, attributes)
            if isinstance(block, dict) and (part or number < len(parts) - 1):
                line.block = block
    if line.words:
        yield line


def _embedded(objects: Any) -> list[str]:
    found: list[str] = []
    for each in objects if isinstance(objects, list) else []:
        kind = each.get("type") if isinstance(each, dict) else None
        identifier = each.get("identifier") if isinstance(each, dict) else None
        if kind == "horizontalRuleLine":
            found.append("---")
        elif isinstance(kind, str) and kind in _LINKS and isinstance(identifier, str):
            found.append(f"![](dayone-moment{_LINKS[kind]}{identifier})")
    return found


def _inline(text: str, attributes: dict[str, Any]) -> str:
    words = text.strip()
    if not words:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if attributes.get("inlineCode") is True:
        words = f"`{words}`"
    for name, mark in (("strikethrough", "~~"), ("italic", "*"), ("bold", "**")):
        if attributes.get(name) is True:
            words = f"{mark}{words}{mark}"
    link = attributes.get("linkURL")
    if isinstance(link, str) and link:
        words = f"[{words}]({link})"
    return f"{before}{words}{after}"


def _blocks(lines: list[_Line]) -> str:
    """The lines with their marks, an empty line wherever one kind of block ends and another begins."""
    out: list[str] = []
    before = ""
    for line in lines:
        kind, marked = _marked(line)
        changes = kind != before or kind in ("heading", "embedded")
        if changes and before == "code":
            out.append("```")
        if changes and out and out[-1].strip() and marked.strip() and (kind or before):
            out.append("")
        if changes and kind == "code":
            out.append("```")
        out.append(marked)
        before = kind
    if before == "code":
        out.append("```")
    return "\n".join(out).strip("\n")


def _marked(line: _Line) -> tuple[str, str]:
    """The kind of block ("" is plain) and the line with that block's marks."""
    block, words = line.block, line.words
    header, level, style = _whole(block.get("header")), _whole(block.get("indentLevel")), block.get("listStyle")
    if block.get("embedded"):
        return "embedded", words
    if block.get("codeBlock") is True:
        return "code", words
    if 1 <= header <= 6 and words.strip():
        return "heading", f"{'#' * header} {words.strip()}"
    indent = "  " * (min(level, _DEEPEST_LIST) - 1)
    if style == _LIST:
        return "list", f"{indent}- {words}"
    if style == _CHECKBOX:
        return "list", f"{indent}- [{'x' if block.get('checked') is True else ' '}] {words}"
    if style == _NUMBERED:
        return "numbers", f"{indent}{_whole(block.get('listIndex')) or 1}. {words}"
    if block.get("quote") is True:
        return "quote", f"> {words}"
    return "", words


def _whole(value: Any) -> int:
    """The number, or 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
