"""Writes SECURITY.md from docs/security.toml, the entries of settings.json and the figures of the release campaigns.

python scripts/make_security.py            write it
python scripts/make_security.py --check    exit with 1 where it is not as it would be written
"""

from __future__ import annotations

import json
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs" / "security.toml"
FIGURES = ROOT / "docs" / "figures" / "campaigns-release.json"
TARGET = ROOT / "SECURITY.md"
WIDTH = 140


def load(path: Path = SOURCE) -> dict[str, Any]:
    """The source."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def tests(source: dict[str, Any]) -> list[str]:
    """The ids of every test that a promise stands on."""
    return [test for promise in _promises(source) for test in promise["tests"]]


def campaigns(source: dict[str, Any]) -> list[str]:
    """The names of every campaign that a promise stands on, each once."""
    return list(dict.fromkeys(name for promise in _promises(source) for name in promise.get("campaigns", ())))


def figures(path: Path = FIGURES) -> dict[str, dict[str, Any]]:
    """What the release campaigns found, by name; nothing before the first."""
    if not path.exists():
        return {}
    return {entry["name"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["campaigns"]}


def unproved(source: dict[str, Any], found: dict[str, dict[str, Any]]) -> list[str]:
    """Campaigns that do not prove what they are named for."""
    faults = []
    for name in campaigns(source):
        entry = found.get(name)
        if entry is None:
            if source["release_required"]:
                faults.append(f"{name}: not in the release figures")
        elif entry.get("met") is not True or entry["failures"]:
            faults.append(f"{name}: {entry['failures']} failures in the release figures")
        elif entry["size"] != "release":
            faults.append(f"{name}: of size {entry['size']}")
    return faults


def built(source: dict[str, Any], found: dict[str, dict[str, Any]], settings: tuple[str, ...]) -> str:
    """The whole page."""
    lines = [f"# {source['title']}", "", *_wrapped(source["begin"]), "", "## Protected", ""]
    for threat in source["threat"]:
        lines += _threat(threat)
    lines += ["## Outside the lock", "", *_wrapped(source["outside"]["begin"])]
    lines += [*_wrapped(", ".join(f"`{name}`" for name in settings) + "."), "", *_wrapped(source["outside"]["end"]), ""]
    for section in source["section"]:
        lines += [f"## {section['title']}", ""]
        for point in section["points"]:
            lines += _wrapped(point, "- ")
        lines.append("")
    lines += [*_figures(source, found), ""]
    lines += [f"## {source['telling']['title']}", "", *_wrapped(source["telling"]["text"])]
    return "\n".join(lines) + "\n"


def _promises(source: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for threat in source["threat"]:
        yield from threat["promise"]


def _threat(threat: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {threat['from']}", "", *_wrapped(threat["how"]), "")
    yield from ("| promise | shown by |", "| --- | --- |")
    for promise in threat["promise"]:
        proofs = [f"`{test}`" for test in promise["tests"]]
        proofs += [f"`campaigns/{name}.py`" for name in promise.get("campaigns", ())]
        yield f"| {promise['says']} | {', '.join(proofs)} |"
    yield ""
    for limit in threat["limits"]:
        yield from _wrapped(f"Limit: {limit}")
    yield ""


def _figures(source: dict[str, Any], found: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield from ("## Figures", "")
    yield from _wrapped(
        "What the long campaigns of the last release found (`docs/figures/campaigns-release.json`). A failure is"
        " a saved word that is lost, or anything else that must not be so. `make campaigns` runs them in a small form."
    )
    yield from ("", "| campaign | passes with | tried | failures | seconds | seed | commit | day |")
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name in dict.fromkeys([*campaigns(source), *found]):
        entry = found.get(name)
        if entry is None:
            yield f"| {name} | | not yet run | | | | | |"
        elif entry.get("not_run"):
            yield f"| {name} | {entry['passes']} | could not run | | | | | |"
        else:
            yield (
                f"| {name} | {entry['passes']} | {entry['rounds']:,} | {entry['failures']} | {entry['seconds']:,.0f}"
                f" | {entry['seed']} | {entry['commit'][:10]} | {entry['date']} |"
            )


def _wrapped(text: str, begin: str = "") -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=begin,
        subsequent_indent=" " * len(begin),
        break_long_words=False,
        break_on_hyphens=False,
    )


def main() -> int:
    """Write or compare."""
    sys.path.insert(0, str(ROOT))
    from companion.core.settings import Settings

    text = built(load(), figures(), Settings._fields)
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
