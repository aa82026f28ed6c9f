"""What a person took away must not be left in the file: every page is decrypted and searched, whatever table it is in.

Each way of taking something away has words of its own that stand nowhere else.
Words that stay are the control: where those are not found, the search is blind.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from campaigns import ground
from campaigns.outcome import Outcome, Size, Tally, side_by_side
from campaigns.pages import database_key, is_unused, plain_pages
from companion.core.errors import Stopped
from companion.core.ids import EntryId
from companion.core.stopping import StopSwitch
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.journal.store import KEPT_REVISIONS

NAME = "residue"
PASSES = "0 pages with words taken away; words that stay are found; a deleted entry can come back: only counted"
RUNS = {"small": 1, "gate": 4, "release": 60}
ROWS = {"small": 20, "gate": 60, "release": 300}
VAULT = "a.vault"
# The last letters of a word: an index stores of each word only what differs from the one before it.
_TAIL = 8


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that stand nowhere else, and whether they must be gone (True), must be there (False) or may be (None)."""

    name: str
    word: str
    gone: bool | None


def marked(rnd: random.Random, name: str, gone: bool | None) -> Marked:
    """A word of 16 random letters, lower case as the index keeps it."""
    return Marked(name, "".join(rnd.choice(string.ascii_lowercase) for _ in range(16)), gone)


def carrying(rnd: random.Random, word: str) -> Content:
    """The word in every field, in a text over several pages of the file."""
    content = ground.content(rnd, 400)
    return replace(
        content,
        title=f"{content.title} {word}",
        text=f"{word} {content.text} {word} {content.text} {word}",
        tags=(*content.tags, word),
        people=(word,),
        feelings=(word,),
    )


# --- the judge ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hits:
    """In how many places a word is: pages in all, pages where only their unused part has it, other files."""

    pages: int = 0
    unused: int = 0
    files: int = 0

    @property
    def all(self) -> int:
        """Everywhere."""
        return self.pages + self.files


def hits(folder: Path, words: list[Marked]) -> dict[str, Hits]:
    """Where each marked word is: in the decrypted pages of the database, and in the files as they lie there."""
    key = database_key(folder, ground.PASSPHRASE)
    pages = [page.lower() for page in plain_pages(folder / "vault.db", key)]
    files = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    found = {}
    for one in words:
        forms = _forms(one.word)
        there = [_only_unused(page, forms, number == 0) for number, page in enumerate(pages) if _in(page, forms)]
        found[one.name] = Hits(len(there), sum(there), sum(_in(file, forms) for file in files))
    return found


def _in(raw: bytes, forms: tuple[bytes, ...]) -> bool:
    return any(form in raw for form in forms)


def _only_unused(page: bytes, forms: tuple[bytes, ...], is_first: bool) -> bool:
    places = [match.start() for form in forms for match in re.finditer(re.escape(form), page)]
    return all(is_unused(page, at, is_first=is_first) for at in places)


def _forms(word: str) -> tuple[bytes, ...]:
    tail = word[-_TAIL:]
    return tail.encode(), tail.encode("utf-16-le")


def judge_hits(found: dict[str, Hits], words: list[Marked], where: str, tally: Tally) -> None:
    """Gone is gone, there is there."""
    for one in words:
        there = found[one.name]
        tally.tried()
        tally.note(f"{one.name}: pages", there.all)
        if one.gone and there.all:
            unused = "" if there.unused < there.pages else ", in the unused part of a page"
            tally.fault(where, [f"{one.name}: still in {there.all} places{unused}"])
        elif one.gone is False and not there.all:
            tally.fault(where, [f"{one.name}: not found, so this search finds nothing"])


# --- the rounds --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Several vaults of different content."""
    tally = Tally(NAME, seed, PASSES)
    side_by_side(lambda number: _one(place / str(number), seed, number, ROWS[size], tally), range(RUNS[size]))
    return tally.outcome(runs=RUNS[size], rows=ROWS[size])


def _one(place: Path, seed: int, number: int, rows: int, tally: Tally) -> None:
    folder, rnd = place / VAULT, ground.chance(NAME, seed, number)
    words: list[Marked] = []
    ground.make_journal(folder, rnd, rows // 2)
    with ground.opened(folder) as (_, journal):
        journal.add_many([ground.content(rnd) for _ in range(rows // 2)])
        for name, gone, way in WAYS:
            words.append(marked(rnd, name, gone))
            way(journal, rnd, words[-1].word, place)
            journal.add(ground.content(rnd))
        before = hits(folder, words)
    for one in words:
        if one.gone:
            tally.note("pages with words taken away, before compacting", before[one.name].all)
    with ground.opened(folder) as (vault, _):
        if vault.compacting_due:  # too large to be done while it was locked; the window does it in a quiet moment
            tally.note("compacted in a quiet moment")
            vault.compact()
    judge_hits(hits(folder, words), words, f"run {number}", tally)


def _id(rnd: random.Random) -> EntryId:
    return EntryId(f"{rnd.getrandbits(104):026x}")


def _keep(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    journal.add(carrying(rnd, word))


def _keep_draft(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    journal.save_draft(_id(rnd), carrying(rnd, word))


def _discard_draft(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    entry_id = _id(rnd)
    journal.save_draft(entry_id, carrying(rnd, word))
    journal.discard_draft(entry_id)


def _overwrite_draft(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    entry_id = _id(rnd)
    journal.save_draft(entry_id, carrying(rnd, word))
    journal.save_draft(entry_id, ground.content(rnd))


def _save_other_words(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    """The draft said one thing, the entry that was saved another."""
    entry_id = _id(rnd)
    journal.save_draft(entry_id, carrying(rnd, word))
    journal.save(entry_id, ground.content(rnd))


def _edit_often(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    """So many versions later the first one is no longer kept."""
    entry_id = journal.add(carrying(rnd, word)).entry_id
    for _ in range(KEPT_REVISIONS + 1):
        journal.save(entry_id, ground.content(rnd))


def _edit_once(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    entry_id = journal.add(carrying(rnd, word)).entry_id
    journal.save(entry_id, ground.content(rnd))


def _undo_import(journal: JournalService, rnd: random.Random, word: str, place: Path) -> None:
    batch = journal.importing.bring_in(_export(place, rnd, word)).batch
    if batch is not None:
        journal.importing.undo(batch)


def _stop_import(journal: JournalService, rnd: random.Random, word: str, place: Path) -> None:
    """Stopped when the first entries are staged."""
    stop = StopSwitch()
    try:
        journal.importing.bring_in(_export(place, rnd, word), progress=lambda _done, _all: stop.stop(), stop=stop)
    except Stopped:
        return
    raise RuntimeError("the import was not stopped")


def _export(place: Path, rnd: random.Random, word: str) -> Path:
    path = place / "export.txt"
    entries = [
        f"[2025-03-{day:02d} 09:00] {word} day\n{word} {ground.words(rnd, 300)} @{word}\n" for day in range(1, 29)
    ]
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def _delete(journal: JournalService, rnd: random.Random, word: str, _place: Path) -> None:
    journal.delete(journal.add(carrying(rnd, word)).entry_id)


Way = Callable[[JournalService, random.Random, str, Path], None]
WAYS: tuple[tuple[str, bool | None, Way], ...] = (
    ("kept entry (control)", False, _keep),
    ("kept draft (control)", False, _keep_draft),
    ("older version (control)", False, _edit_once),
    ("draft discarded", True, _discard_draft),
    ("draft overwritten", True, _overwrite_draft),
    ("draft saved as other words", True, _save_other_words),
    ("version beyond the 20 that are kept", True, _edit_often),
    ("import undone", True, _undo_import),
    ("import stopped", True, _stop_import),
    ("deleted entry that can come back", None, _delete),
)
