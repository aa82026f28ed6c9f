"""States of bringing another journal in."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

from companion.core.errors import NotEnoughRoom
from companion.journal.model import ImportReport
from companion.selftest.stage import Stage
from companion.selftest.state import State
from companion.selftest.states.steps import go
from companion.ui.journal.bring_in import BringIn
from companion.ui.journal.bring_in_report import PreviewPage

NOTES = 30
_LINES = (
    "Rain on the roof all night.",
    "Called my sister. We talked about the garden.",
    "Nothing much. Soup, and early to bed.",
    "The group was smaller this week. I said two things.",
)


def day_one(folder: Path, words: str, *, with_problems: bool = False) -> Path:
    """A Day One journal of 30 invented notes, `words` in each so that none of them is in the space already.

    With problems, one has no date, one names a photo that is not there, and one is there twice.
    """
    entries: list[dict[str, Any]] = [
        {
            "uuid": f"{abs(crc32(words.encode())):08X}{number:024X}",
            "creationDate": f"2025-{1 + number % 12:02d}-{1 + number % 27:02d}T08:15:00Z",
            "timeZone": "Europe/London",
            "text": f"{words.capitalize()} {number + 1}\n\n{_LINES[number % len(_LINES)]}",
            "tags": ["brought in"],
        }
        for number in range(NOTES)
    ]
    if with_problems:
        entries[1].pop("creationDate")
        entries[2]["photos"] = [{"identifier": "F" * 32, "md5": "0" * 32, "type": "jpeg"}]
        entries[2]["text"] += f"\n\n![](dayone-moment://{'F' * 32})"
        entries.append(dict(entries[0]))
    path = folder / "Journal.json"
    path.write_text(json.dumps({"metadata": {"version": "1.0"}, "entries": entries}), encoding="utf-8")
    return path


def _choose(stage: Stage) -> None:
    go(stage, "journal", "import")


def _wait(stage: Stage) -> None:
    """Until the reading process has ended."""
    stage.until(lambda: not stage.shows("Stop"))
    stage.settle()


def _reading(stage: Stage) -> None:
    _choose(stage)
    stage.hold_vault()
    stage.one(BringIn).look_at(str(day_one(stage.data.parent, "spring")))


def _preview(stage: Stage, words: str = "spring", *, with_problems: bool = False) -> None:
    _choose(stage)
    stage.one(BringIn).look_at(str(day_one(stage.data.parent, words, with_problems=with_problems)))
    _wait(stage)


def _no_room(stage: Stage) -> None:
    _preview(stage)
    report = ImportReport("dayone", found=4, new=4, no_room=NotEnoughRoom(None, 1_840_000_000, 312_000_000))
    stage.one(PreviewPage).show_report(report)


def _refused(stage: Stage) -> None:
    _choose(stage)
    path = stage.data.parent / "recipes.txt"
    path.write_bytes(b"\x00\x01\x02 not a journal")
    stage.one(BringIn).look_at(str(path))
    _wait(stage)


def _bringing(stage: Stage) -> None:
    _preview(stage, "summer")
    stage.hold_vault()
    stage.press("Bring in 30 notes")


def _done(stage: Stage, words: str = "autumn", *, with_problems: bool = False) -> None:
    _preview(stage, words, with_problems=with_problems)
    stage.press("Bring in 29 notes" if with_problems else "Bring in 30 notes")
    _wait(stage)


def _undone(stage: Stage) -> None:
    _done(stage, "winter")
    stage.press("Take it all back")


def _again(stage: Stage) -> None:
    _preview(stage, "autumn")


def _file_dialog(stage: Stage) -> None:
    _choose(stage)
    stage.press("Choose a file")


_state = partial(State, "bring-in")

STATES = (
    _state("choose", _choose, small=True),
    _state("file-dialog", _file_dialog),
    _state("reading", _reading),
    _state("preview", _preview, small=True),
    _state("preview-problems", partial(_preview, words="leap", with_problems=True)),
    _state("preview-no-room", _no_room, small=True),
    _state("refused", _refused),
    _state("bringing", _bringing),
    _state("done", _done),
    _state("preview-all-here", _again),
    _state("done-problems", partial(_done, words="leap", with_problems=True)),
    _state("undone", _undone),
)
