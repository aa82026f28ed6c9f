"""kill -9 of the real window while someone writes in it; what was painted as "Saved" must be there afterwards."""

from __future__ import annotations

from pathlib import Path

from campaigns import ground, judge
from campaigns.children import pause
from campaigns.forked import Forked, Nursery
from campaigns.judge import State
from campaigns.outcome import Outcome, Size, Tally, side_by_side
from companion.core.errors import CompanionError
from companion.core.paths import Paths
from companion.core.settings import Settings, SettingsFile
from companion.journal.service import JournalService
from companion.vault.vault import Vault

NAME = "kill_save"
PASSES = 'of every note the words that were shown as "Saved", or newer ones; 0 faults'
ROUNDS = {"small": 3, "gate": 52, "release": 2000}
LIVES = {"small": 1, "gate": 4, "release": 20}
AT_ONCE = 4  # a person at the keys mostly pauses
AS_IT_SHIPS_MS = 2000
Fields = dict[str, list[str]]


# --- the judge ---------------------------------------------------------------


def allowed(before: State, lines: list[str]) -> Fields:
    """For each note the words that may be found: the newest ones acknowledged and all that came after them."""
    fields: Fields = {note: [digest] for note, digest in before.items()}
    for line in lines:
        what, _, rest = line.partition(" ")
        note, _, digest = rest.partition(" ")
        if what == "state":
            # Words never acknowledged may be gone altogether.
            fields.setdefault(note, [""]).append(digest)
        elif what == "saved":
            fields[note] = [digest]
    return fields


def lost(found: State, fields: Fields) -> list[str]:
    """Notes whose acknowledged words are not there, neither as a draft nor as an entry."""
    return [
        "a note that was saved is gone" if note not in found else "a note is not as it was saved"
        for note, digests in fields.items()
        if found.get(note, "") not in digests
    ]


def newest_words(vault: Vault, journal: JournalService) -> State:
    """The digest of every note's newest words: its draft, or else the entry."""
    state = judge.state_of(vault, journal)
    entries = {key[6:]: value.split()[1] for key, value in state.items() if key.startswith("entry ")}
    return entries | {key[6:]: value for key, value in state.items() if key.startswith("draft ")}


def look(folder: Path, fields: Fields, where: str, tally: Tally) -> State | None:
    """As `_look`, keeping a copy of what it finds wrong."""
    with tally.keeping(where, folder):
        return _look(folder, fields, where, tally)


def _look(folder: Path, fields: Fields, where: str, tally: Tally) -> State | None:
    """Open what the kill left, compare, check; the notes that were found."""
    try:
        with ground.opened(folder) as (vault, journal):
            found = newest_words(vault, journal)
            tally.lose(where, lost(found, fields))
            tally.fault(where, ["words that were never written"] * len(found.keys() - fields.keys()))
            tally.fault(where, judge.faults_of(vault, journal))
    except CompanionError as error:
        tally.fault(where, [f"the vault does not open: {judge.named(error)}"])
        return None
    tally.fault(where, judge.left_over(folder))
    return found


# --- the rounds --------------------------------------------------------------


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Several people, each killed many times."""
    tally = Tally(NAME, seed, PASSES, place)
    rounds = ROUNDS[size] // LIVES[size]
    side_by_side(lambda life: _live(life, rounds, seed, place / f"life{life}", tally), range(LIVES[size]), AT_ONCE)
    return tally.outcome()


def _live(life: int, rounds: int, seed: int, data: Path, tally: Tally) -> None:
    folder = Paths(data).vaults / "a.vault"
    ground.make_journal(folder, ground.chance(NAME, seed, life), 20)
    SettingsFile(Paths(data).settings).save(Settings(first_run_done=True, country="GB", motion="reduced"))
    with ground.opened(folder) as (vault, journal):
        found: State | None = newest_words(vault, journal)
    with Nursery("campaigns.typing_window") as nursery:
        for number in range(rounds):
            if found is None:
                return
            lines = _kill_once(nursery, data, folder, seed, f"{life}.{number}", tally)
            found = look(folder, allowed(found, lines), f"life {life} round {number}", tally)


def _kill_once(nursery: Nursery, data: Path, folder: Path, seed: int, number: str, tally: Tally) -> list[str]:
    """Start the window, kill it at a moment drawn from the seed, and give back what it said."""
    rnd = ground.chance(NAME, seed, f"kill {number}")
    # Mostly saving soon after typing, so that many kills meet a save; now and then after 2 s, as it ships.
    pause_ms = rnd.choice((5, 20, 60) * 3 + (AS_IT_SHIPS_MS,))
    # How many times "Saved" is seen first; 0: it is killed while it starts.
    wanted = rnd.choice((0, 1, 2, 4, 8, 12) if pause_ms < AS_IT_SHIPS_MS else (1, 2))
    with nursery.fork(str(data), f"{seed}.{number}", str(pause_ms)) as child:
        lines = _until(child, "saved ", wanted)
        if wanted and rnd.random() < 0.6:
            lines += _until(child, "saving", 1)
            pause(rnd.uniform(0, 0.008))  # in the middle of a save
        else:
            pause(rnd.uniform(0, 0.15) if wanted else rnd.uniform(0, 1.5))
        child.kill()
        lines += child.rest()
        tally.tried(
            acknowledged=sum(line.startswith("saved") for line in lines),
            changes=sum(line.startswith("state") for line in lines),
            locked=lines.count("locked"),
            killed_in_a_transaction=(folder / "vault.db-journal").exists(),
        )
        if not child.was_killed:
            tally.fault(f"round {number}", [f"the window ended by itself: {child.complaint}"])
    return lines


def _until(child: Forked, beginning: str, times: int) -> list[str]:
    """What the window said until so many lines began like this, or it ended."""
    lines: list[str] = []
    while sum(line.startswith(beginning) for line in lines) < times and (line := child.line()) is not None:
        lines.append(line)
    return lines
