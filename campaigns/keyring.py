"""The key store fails in every way there is, and the passphrase goes on opening the vault.

Fakes of every failure at the three moments when a key store is asked (opening, switching on, switching
off), then a real gnome-keyring in a D-Bus session of its own, as an ordinary user. Each time: the promised
reason, within the limit, every file of the vault as it was, and the passphrase opens all entries.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from campaigns import ground, key_stores, real_key_store
from campaigns.guards import changes, snapshot
from campaigns.key_stores import Case, Drawer
from campaigns.outcome import Outcome, Size, Tally, in_turn, side_by_side
from companion.core.clock import SystemClock
from companion.core.errors import DeviceUnavailable
from companion.vault.device_key import LIMIT_S, KeyringStore
from companion.vault.keyslots import KeyFile
from companion.vault.vault import Vault

NAME = "keyring"
PASSES = "the promised reason within 3 s, every file as it was, and the passphrase opens all entries"
ENTRIES = 8
ROUNDS = {"small": 1, "gate": 1, "release": 5}
SLACK_S = 1.0  # what other work on the computer may take from a thread that was woken in time
SLOW_AT_ONCE = 8
PART = 4
ASKED_AGAIN = 50


@dataclass(frozen=True, slots=True)
class Ground:
    """A vault that a key store opens, and what that key store holds."""

    template: Path
    held: dict[tuple[str, str], str]
    entries: frozenset[str]

    @property
    def secret(self) -> str:
        """The one secret."""
        return next(iter(self.held.values()))


def run(size: Size, seed: int, place: Path) -> Outcome:
    """Every failure; the small form tries a part, and one of those that take 3 seconds each."""
    tally = Tally(NAME, seed, PASSES)
    made = prepare(place, seed)
    for number in range(ROUNDS[size]):
        rounds = list(_rounds(made, place / f"round-{number}", tally))
        quick = [work for case, work in rounds if not case.is_slow]
        slow = [work for case, work in rounds if case.is_slow]
        if size == "small":
            quick, slow = quick[seed % PART :: PART], slow[:1]
        in_turn(lambda work: work(), quick)
        side_by_side(lambda work: work(), slow, SLOW_AT_ONCE)
        shutil.rmtree(place / f"round-{number}")
    _hold_no_thread_for_each_call(made, place / "pile-up", tally)
    real = "" if size == "small" else _real(tally, 1 if size == "gate" else 10)
    return tally.outcome(limit_s=LIMIT_S, **({"real_not_run": real} if real else {}))


def prepare(place: Path, seed: int) -> Ground:
    """A journal in a vault whose device slot is in force."""
    template, drawer = place / "template", Drawer()
    ground.make_journal(template, ground.chance(NAME, seed), ENTRIES)
    with _vault(template, drawer.find) as vault:
        vault.unlock(ground.PASSPHRASE)
        vault.device.enable(ground.PASSPHRASE)
    with _vault(template, drawer.find) as vault:
        vault.device.open()  # the control: a key store that works opens it
        return Ground(template, dict(drawer.held), entries_of(vault))


@contextmanager
def _vault(folder: Path, find: key_stores.Find, limit_s: float = LIMIT_S) -> Iterator[Vault]:
    vault = Vault(folder, SystemClock(), cost=ground.CHEAP, key_store=KeyringStore(find, limit_s))
    try:
        yield vault
    finally:
        vault.lock()


def _rounds(made: Ground, place: Path, tally: Tally) -> Iterator[tuple[Case, Callable[[], None]]]:
    moments: tuple[tuple[str, Iterator[Case], Callable[[Vault], object]], ...] = (
        ("opening", key_stores.at_opening(made.secret), lambda vault: vault.device.open()),
        ("on", key_stores.at_enabling(), _switch_on),
        ("off", key_stores.at_disabling(), _switch_off),
    )
    number = 0
    for moment, cases, act in moments:
        for case in cases:
            number += 1
            folder = place / f"{number}.vault"
            yield case, partial(_try, made, folder, moment, case, act, tally)


def _switch_on(vault: Vault) -> None:
    vault.device.enable(ground.PASSPHRASE)


def _switch_off(vault: Vault) -> None:
    if not vault.device.disable():
        raise DeviceUnavailable("kept")


def _try(made: Ground, folder: Path, moment: str, case: Case, act: Callable[[Vault], object], tally: Tally) -> None:
    where = f"{moment}: {case.name}"
    ground.copy_of(made.template, folder)
    with _vault(folder, key_stores.finder(case, dict(made.held))) as vault:
        if moment != "opening":
            vault.unlock(ground.PASSPHRASE)
        before, seconds, reason = snapshot(folder), 0.0, ""
        began = time.monotonic()
        try:
            act(vault)
        except DeviceUnavailable as error:
            reason = error.reason
        seconds = time.monotonic() - began
        promised = case.reasons if moment != "off" else ("kept",)
        if reason not in promised:
            tally.fault(where, [f"said {reason or 'nothing'}, not {' or '.join(promised)}"])
        # Switching on asks the key store twice at most, the second time only where it answers.
        if seconds > LIMIT_S + SLACK_S:
            tally.fault(where, [f"took {seconds:.1f} s"])
        if moment == "off":
            tally.fault(where, [] if KeyFile.load(folder).device_slot is None else ["the slot is still in force"])
        else:
            tally.fault(where, changes(before, snapshot(folder)))
    tally.lose(where, missing(folder, made.entries))
    tally.tried(**{moment: 1})


def missing(folder: Path, entries: frozenset[str]) -> list[str]:
    """The entries that the passphrase does not open as they were."""
    with _vault(folder, Drawer().find) as vault:
        vault.unlock(ground.PASSPHRASE)
        return sorted(entries - entries_of(vault))


def entries_of(vault: Vault) -> frozenset[str]:
    """Each entry by its id, with the digest of all that is in it."""
    rows = vault.connection.rows("SELECT id, digest FROM entry")
    return frozenset(f"{entry_id} {digest.hex() if isinstance(digest, bytes) else digest}" for entry_id, digest in rows)


def _hold_no_thread_for_each_call(made: Ground, folder: Path, tally: Tally) -> None:
    """A key store that sleeps is asked once; who asks again meanwhile is answered at once."""
    ground.copy_of(made.template, folder)
    drawer = Drawer(get=key_stores.sleeping())
    with _vault(folder, drawer.find, limit_s=0.1) as vault:
        for attempt in range(ASKED_AGAIN):
            try:
                vault.device.open()
                tally.fault("asked again and again", ["it opened"])
            except DeviceUnavailable as error:
                if error.reason != "slow":
                    tally.fault(f"asked again, {attempt}", [f"said {error.reason}"])
    if drawer.asked != 1:
        tally.fault("asked again and again", [f"{drawer.asked} calls wait at once"])
    tally.tried(asked_again=1)


def _real(tally: Tally, rounds: int) -> str:
    """The real one; why it could not be tried, or ""."""
    for number in range(rounds):
        told = real_key_store.rounds()
        if isinstance(told, str):
            return told
        for line in told:
            where = f"gnome-keyring, {number}: {line['case']}"
            if not line["ok"]:
                tally.fault(where, [json.dumps(line)])
            if line["seconds"] > LIMIT_S + SLACK_S:
                tally.fault(where, [f"took {line['seconds']:.1f} s"])
            tally.tried(real=1)
    return ""
