"""The Markdown of entries to HTML for reading; nothing in it is ever fetched or run.

Raw HTML stays visible text. A link shows its words and, where they differ, its
address; it leads nowhere. A picture is shown only from the vault: `attachment:N`
names the entry's N-th file (1-based); any other picture is shown as its words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ATTACHMENT = re.compile(r"attachment:(\d{1,4})\Z")


def to_html(markdown: str) -> str:
    """Rich text for a reading view; a picture of the entry itself becomes <img src="attachment:N">."""
    parser = _parser()
    return str(parser.renderer.render(parser.parse(markdown), parser.options, {}))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Late: the parser takes some 20 ms to import and nothing before unlock needs it.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable("strikethrough")
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("link_close", _link_close)
    return parser


def _image(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    source, words = str(token.attrGet("src") or ""), token.content
    if ATTACHMENT.match(source):
        return f'<img src="{source}" alt="{html.escape(words, quote=True)}" />'
    return html.escape(f"[{words or source}]")


def _link_open(_renderer: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return "<u>"


def _link_close(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    opening = next((t for t in reversed(tokens[:index]) if t.type == "link_open"), None)
    address = str(opening.attrGet("href") or "") if opening else ""
    words = "".join(t.content for t in tokens[:index] if t.type == "text")
    return "</u>" if not address or address in words else f"</u> ({html.escape(address)})"
