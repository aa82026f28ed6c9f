"""The small form of every campaign passes, and every judge sees a fault that was put there on purpose."""

from __future__ import annotations

import json
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns import __main__ as runner
from campaigns import (
    calls,
    damage,
    disk_full,
    fuzz,
    ground,
    guards,
    judge,
    kill_lifecycle,
    kill_save,
    kill_store,
    power_loss,
    residue,
    shut_folder,
    spoil,
    sync_chaos,
)
from campaigns import report as reports
from campaigns.children import Child
from campaigns.disk_log import Act
from campaigns.disk_model import Disk
from campaigns.folder_report import Report
from campaigns.forked import Nursery
from campaigns.fuzzing.targets import Target
from campaigns.lifecycle import CASES, devices
from campaigns.list import CAMPAIGNS
from campaigns.outcome import Outcome, Tally
from campaigns.truth import compare, learn
from companion.core.errors import DiskReadOnly, InputRefused, NoVault
from companion.core.ids import EntryId

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="campaigns kill, mount and trace as Linux does"),
]
SEED = 20261122


@pytest.fixture
def tally() -> Tally:
    return Tally("planted", SEED, "nothing")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "a.vault"
    ground.make_journal(folder, random.Random(SEED), 12, files=1)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return ground.copy_of(template, tmp_path / "a.vault")


def spoil_database(folder: Path) -> None:
    raw = bytearray((folder / "vault.db").read_bytes())
    raw[-2 * spoil.PAGE] ^= 1
    (folder / "vault.db").write_bytes(raw)


# --- the campaigns themselves ------------------------------------------------


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_small_campaign_passes(name: str, tmp_path: Path) -> None:
    outcome = CAMPAIGNS[name]("small", SEED, tmp_path)
    if outcome.not_run:
        pytest.skip(outcome.not_run)
    assert outcome.found == ()
    assert (outcome.n > 0, outcome.lost, outcome.faults, outcome.met) == (True, 0, 0, True)


# --- what a result says ------------------------------------------------------


def test_a_campaign_that_tried_nothing_did_not_pass(tally: Tally) -> None:
    assert tally.outcome().met is False
    assert tally.not_run("no way").met is None
    tally.tried()
    assert tally.outcome().met is True
    tally.lose("round 1", ["a note"])
    assert tally.outcome().met is False


@pytest.fixture
def run() -> reports.Run:
    where = {"commit": "c0ffee", "date": "2026-11-25", "machine": {}, "command": "make campaigns"}
    return reports.Run("gate", SEED, where)


def test_the_list_has_the_promised_shape(tally: Tally, run: reports.Run, tmp_path: Path) -> None:
    tally.tried(3, acknowledged=7)
    tally.lose("round 1", ["a note"])
    outcomes = [replace(tally.outcome(), seconds=1.25), tally.not_run("needs root")]
    reports.write_result(outcomes, run, tmp_path / "campaigns.json")
    plain = json.loads((tmp_path / "campaigns.json").read_text(encoding="utf-8"))
    assert isinstance(plain, list)
    assert {"name", "rounds", "failures", "n", "lost", "faults", "passes", "met", "seed", "seconds"} <= plain[0].keys()
    assert (plain[0]["rounds"], plain[0]["failures"], plain[0]["raw"]) == (3, 1, {"acknowledged": 7})
    assert (plain[0]["size"], plain[0]["commit"], plain[0]["date"]) == ("gate", "c0ffee", "2026-11-25")
    assert plain[0]["command"] == f"python -m campaigns --only planted --size gate --seed {SEED}"
    assert (plain[1]["met"], plain[1]["not_run"]) == (None, "needs root")


def test_a_record_grows_by_each_run_and_keeps_what_others_recorded(run: reports.Run, tmp_path: Path) -> None:
    def one(name: str, seed: int) -> Outcome:
        made = Tally(name, seed, "nothing")
        made.tried()
        return made.outcome()

    path, order = tmp_path / "record.json", ["a", "b", "c"]
    reports.write_record([one("b", 1)], run, order, path)
    later = replace(run, circumstances={**run.circumstances, "commit": "decade"})
    reports.write_record([one("a", 2), one("gone", 2)], later, [*order, "gone"], path)
    reports.write_record([one("a", 3)], later, order, path)
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record.keys() == {"commit", "date", "machine", "command", "campaigns"}
    assert record["commit"] == "decade"
    found = [(entry["name"], entry["seed"], entry["commit"]) for entry in record["campaigns"]]
    assert found == [("a", 3, "decade"), ("b", 1, "c0ffee")]


def test_what_failed_is_kept_as_it_was_found(tmp_path: Path) -> None:
    tally = Tally("planted", SEED, "nothing", tmp_path)
    for number in range(9):
        root = tmp_path / str(number)
        root.mkdir()
        (root / "vault.db").write_text("found")
        with tally.keeping(f"round {number}", root):
            (root / "vault.db").write_text("judged")
            tally.fault(f"round {number}", ["wrong"] if number else [])
    kept = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert kept == ["round-1", "round-2", "round-3", "round-4", "round-5"]
    assert (tmp_path / "kept" / "round-1" / "vault.db").read_text() == "found"


def test_a_campaign_that_failed_leaves_its_folder_and_how_to_repeat_it(tmp_path: Path, monkeypatch) -> None:
    def fails(_size: str, seed: int, place: Path, /) -> Outcome:
        (place / "left").write_text("here")
        tally = Tally("planted", seed, "nothing")
        tally.tried()
        tally.fault("round 1", ["wrong"])
        return tally.outcome()

    monkeypatch.setitem(CAMPAIGNS, "planted", fails)
    (found,) = runner.outcomes(["planted"], "small", 7, tmp_path)
    assert found.met is False
    kept = tmp_path / "planted-small-7"
    assert (kept / "left").read_text() == "here"
    facts = json.loads((kept / "failure.json").read_text(encoding="utf-8"))
    assert facts["command"] == "python -m campaigns --only planted --size small --seed 7"
    assert facts["found"] == ["round 1: wrong"]


def test_the_same_seed_makes_the_same_rounds() -> None:
    first, second = (ground.chance("kill_store", 5, 1) for _ in range(2))
    assert [ground.content(first) for _ in range(5)] == [ground.content(second) for _ in range(5)]
    points = [calls.Point("write", n) for n in range(100)]
    assert calls.choose(points, 7, random.Random(1)) == calls.choose(points, 7, random.Random(1))
    assert len(calls.choose(points, 7, random.Random(1))) == 7
    assert calls.choose(points, 200, random.Random(1)) == points


# --- kills -------------------------------------------------------------------


def begin(kind: str, key: str, digest: str) -> str:
    return "begin " + json.dumps({"do": kind, "key": key, "digest": digest})


def test_every_state_from_the_last_done_to_the_last_begun_is_allowed_and_no_other() -> None:
    lines = [begin("draft", "1", "a"), "done 0", begin("new", "1", "b"), "done 1", begin("edit", "1", "c")]
    lines += [begin("delete", "1", ""), begin("draft", "2", "d")]
    states = kill_store.possible({}, lines)
    assert states == [
        {"entry 1": "live b 1"},
        {"entry 1": "live c 2"},
        {"entry 1": "deleted c 2"},
        {"entry 1": "deleted c 2", "draft 2": "d"},
    ]
    assert judge.kept({"entry 1": "live c 2"}, states) == []
    assert judge.kept({}, states) == ["entry is gone"]
    assert judge.kept({"draft 1": "a"}, states)
    assert judge.kept({"entry 1": "live b 1", "draft 2": "d"}, states) == ["what is there never was there together"]


def test_an_acknowledged_change_that_is_gone_is_seen(folder: Path, tally: Tally) -> None:
    with ground.opened(folder) as (vault, journal):
        before = judge.state_of(vault, journal)
        content = ground.content(random.Random(1))
        journal.save_draft(EntryId("1" * 26), content)
    lines = [begin("draft", "1" * 26, content.digest()), "done 0"]
    assert kill_store.look(folder, kill_store.possible(before, lines), "kept", tally)
    assert (tally.lost, tally.faults) == (0, 0)
    with ground.opened(folder) as (_, journal):
        journal.discard_draft(EntryId("1" * 26))
    kill_store.look(folder, kill_store.possible(before, lines), "planted", tally)
    assert (tally.lost, tally.faults) == (1, 0)


def test_a_bad_page_and_a_leftover_are_seen(folder: Path, tally: Tally) -> None:
    with ground.opened(folder) as (vault, journal):
        state = judge.state_of(vault, journal)
    (folder / "media" / "half.part").write_bytes(b"half")
    kill_store.look(folder, [state], "planted", tally)
    assert (tally.lost, tally.faults) == (0, 1)
    spoil_database(folder)
    kill_store.look(folder, [state], "planted", tally)
    assert tally.faults > 1


def test_words_that_were_shown_as_saved_and_are_gone_are_seen(folder: Path, tally: Tally) -> None:
    with ground.opened(folder) as (vault, journal):
        before = kill_save.newest_words(vault, journal)
        journal.save_draft(EntryId("1" * 26), older := ground.content(random.Random(1)))
        newer = ground.content(random.Random(2))
    note = "1" * 26
    lines = [f"state {note} {older.digest()}", f"saved {note} {older.digest()}", f"state {note} {newer.digest()}"]
    assert kill_save.look(folder, kill_save.allowed(before, lines), "kept", tally)
    assert (tally.lost, tally.faults) == (0, 0)
    kill_save.look(folder, kill_save.allowed(before, [*lines, f"saved {note} {newer.digest()}"]), "planted", tally)
    assert (tally.lost, tally.faults) == (1, 0)
    with ground.opened(folder) as (_, journal):
        journal.discard_draft(EntryId(note))
    kill_save.look(folder, kill_save.allowed(before, lines), "planted", tally)
    assert (tally.lost, tally.faults) == (2, 0)


@pytest.mark.parametrize(
    "name", ["create", "passphrase", "device", "restore over another", "import", "undo of an import"]
)
def test_what_was_acknowledged_and_not_done_is_seen(name: str, tmp_path: Path, tally: Tally) -> None:
    CASES[name].prepare(tmp_path, SEED)
    kill_lifecycle.judge_round(name, tmp_path, "planted", True, tally)
    assert tally.faults


@pytest.mark.parametrize("name", ["passphrase", "heal the key file", "backup", "migration"])
def test_a_vault_that_a_kill_left_damaged_is_seen(name: str, tmp_path: Path, tally: Tally) -> None:
    CASES[name].prepare(tmp_path, SEED)
    spoil_database(tmp_path / "a.vault")
    with CASES[name].around():
        kill_lifecycle.judge_round(name, tmp_path, "planted", False, tally)
    assert tally.faults


def test_a_slot_whose_secret_is_gone_is_seen(tmp_path: Path, tally: Tally) -> None:
    CASES["device"].prepare(tmp_path, SEED)
    for secret in (tmp_path / devices.STORE).iterdir():
        secret.unlink()
    kill_lifecycle.judge_round("device", tmp_path, "planted", False, tally)
    assert tally.faults == 1


# --- power loss --------------------------------------------------------------


class Everything(random.Random):
    """Lets all survive that may."""

    def choice(self, seq):
        return "all"

    def randint(self, a: int, b: int) -> int:
        return b

    def random(self) -> float:
        return 0.99


def logged(place: Path, name: str) -> list[Act]:
    (place / "template").mkdir(parents=True)
    CASES[name].prepare(place / "template", SEED)
    return power_loss.logged(place, "campaigns.kill_lifecycle", name)


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() if p.is_file() else b"" for p in root.rglob("*")}


@pytest.mark.skipif(not calls.can_inject(), reason="strace may not watch here")
def test_the_model_of_the_disk_makes_what_the_disk_holds(tmp_path: Path) -> None:
    log = logged(tmp_path, "restore over another")
    disk = Disk(tmp_path / "template", root=tmp_path / "run")
    disk.follow(log)
    disk.after_crash(Everything(), tmp_path / "modelled")
    assert tree(tmp_path / "modelled") == tree(tmp_path / "run")
    assert any(act.kind == "rename" for act in log)


def disk_of(tmp_path: Path, *acts: Act) -> Disk:
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "old").write_bytes(b"old")
    disk = Disk(tmp_path / "before", root=Path("/d"))
    disk.follow(acts)
    return disk


def states(disk: Disk, tmp_path: Path) -> list[dict[str, bytes]]:
    found = []
    for number in range(60):
        disk.after_crash(random.Random(number), tmp_path / str(number))
        found.append(tree(tmp_path / str(number)))
    return found


def test_what_was_flushed_is_always_there_and_what_was_not_is_not(tmp_path: Path) -> None:
    new = Act("create", "/d/new"), Act("write", "/d/new", data=b"words")
    found = states(disk_of(tmp_path, *new, Act("sync", "/d/new")), tmp_path)
    assert {state.get("new") for state in found} == {b"words", None}  # its name was not flushed
    shutil.rmtree(tmp_path / "before")
    found = states(disk_of(tmp_path, *new, Act("sync", "/d")), tmp_path)
    assert {b"words", b""} <= {state["new"] for state in found}
    shutil.rmtree(tmp_path / "before")
    found = states(disk_of(tmp_path, *new, Act("sync", "/d/new"), Act("sync", "/d")), tmp_path)
    assert {state["new"] for state in found} == {b"words"}


def test_a_rename_is_there_in_both_folders_or_in_neither(tmp_path: Path) -> None:
    acts = Act("mkdir", "/d/sub"), Act("sync", "/d"), Act("rename", "/d/old", "/d/sub/new")
    found = states(disk_of(tmp_path, *acts), tmp_path)
    assert {frozenset(state) for state in found} == {frozenset({"old", "sub"}), frozenset({"sub", "sub/new"})}


@pytest.mark.skipif(not calls.can_inject(), reason="strace may not watch here")
def test_a_program_that_does_not_flush_is_seen(tmp_path: Path, tally: Tally) -> None:
    log = [act for act in logged(tmp_path, "passphrase") if act.kind != "sync"]
    trace = power_loss.Trace("passphrase", log, power_loss.cuts_of(log, 12, random.Random(1)))
    power_loss.cut_everywhere(tmp_path, trace, trace.judge(), tally)
    assert tally.faults


# --- damage ------------------------------------------------------------------


def test_wrong_words_with_a_good_digest_are_seen(folder: Path) -> None:
    with ground.opened(folder) as (vault, journal):
        truth = learn(vault, journal, ["ba"])
        reading = compare(vault, journal, truth)
        assert (reading.wrong, reading.refused) == ({}, {})
        entry_id = journal.page().entries[0].id
        journal.save(entry_id, ground.content(random.Random(3), 30))
        wrong = compare(vault, journal, truth).wrong
    assert wrong["entry"] == 1
    assert wrong["timeline"] == 1


@pytest.mark.parametrize(
    ("report", "lost", "faults"),
    [
        (damage.Report("database", "bit", True, noticed=["VaultDamaged(corrupt)"]), 0, 0),
        (damage.Report("database", "bit", True, opened=True), 0, 1),
        (damage.Report("database", "bit", True, noticed=["x"], wrong={"entry": 1}), 1, 0),
        (damage.Report("database", "bit", True, noticed=["x"], wrong={"timeline": 1}), 1, 0),
        (damage.Report("database", damage.OLDER, True, noticed=["x"], wrong={"timeline": 1}), 0, 0),
        (damage.Report("database", damage.OLDER, True, noticed=["x"], wrong={"drafts": 1}), 1, 0),
        (damage.Report("database", damage.OLDER, True, differs=["entry"]), 0, 1),
        (damage.Report("backup", "cut", True, noticed=["x"], faults=["worse"]), 0, 1),
    ],
)
def test_unnoticed_damage_and_wrong_answers_count(report: damage.Report, lost: int, faults: int, tally: Tally) -> None:
    damage.judge_report(report, "planted", tally)
    assert (tally.lost, tally.faults) == (lost, faults)


@pytest.mark.parametrize("how", spoil.ANYWHERE)
def test_spoiling_spoils(how: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    before = random.Random(1).randbytes(5 * spoil.PAGE)
    path.write_bytes(before)
    assert spoil.ANYWHERE[how](path, random.Random(2))
    assert not path.exists() or path.read_bytes() != before


# --- guards ------------------------------------------------------------------


def test_a_program_that_goes_on_is_seen(template: Path, tmp_path: Path, tally: Tally, monkeypatch) -> None:
    shutil.copytree(template, tmp_path / "template")
    monkeypatch.setattr(guards, "cases", lambda: {"nothing is wrong": guards.Case(9)})
    guards._try(tmp_path, "nothing is wrong", "add", tally)
    found = tally.outcome().found
    assert any("ended with 0, not 9" in line for line in found)
    assert any("changed: vaults/a.vault/vault.db" in line for line in found)


def test_new_changed_and_readable_files_are_seen(tmp_path: Path) -> None:
    (tmp_path / "vault.db").write_bytes(b"one")
    before = guards.snapshot(tmp_path)
    assert guards.changes(before, guards.snapshot(tmp_path)) == []
    (tmp_path / "vault.db").write_bytes(b"two")
    (tmp_path / "vault.db-journal").write_bytes(f"the {guards.CANARY}".encode("utf-16-le"))
    assert guards.changes(before, guards.snapshot(tmp_path)) == ["changed: vault.db", "new: vault.db-journal"]
    assert guards.leaks(tmp_path) == ["readable in vault.db-journal"]


# --- residue -----------------------------------------------------------------


def test_words_that_are_left_and_a_blind_search_are_seen(folder: Path, tally: Tally) -> None:
    rnd = random.Random(4)
    left, absent = residue.marked(rnd, "left", True), residue.marked(rnd, "absent", False)
    gone = residue.marked(rnd, "gone", True)
    with ground.opened(folder) as (_, journal):
        journal.save_draft(EntryId("1" * 26), residue.carrying(rnd, left.word))
        journal.save_draft(EntryId("2" * 26), residue.carrying(rnd, gone.word))
        journal.discard_draft(EntryId("2" * 26))
    words = [left, absent, gone]
    found = residue.hits(folder, words)
    assert found["left"].pages > 0
    assert (found["absent"], found["gone"]) == (residue.Hits(), residue.Hits())
    residue.judge_hits(found, words, "planted", tally)
    assert tally.faults == 2


# --- full disks --------------------------------------------------------------


def test_what_a_full_disk_took_is_seen(tally: Tally) -> None:
    disk_full.judge_report(disk_full.Report("save", 64, was_full=True, acknowledged=3), tally)
    assert (tally.lost, tally.faults) == (0, 0)
    disk_full.judge_report(disk_full.Report("save", 64, lost=["entry is gone"], faults=["told as Stopped"]), tally)
    assert (tally.lost, tally.faults) == (1, 1)


# --- hostile input -----------------------------------------------------------


def test_what_a_reader_does_wrong_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(raw: bytes, _work: Path, _good: object) -> str:
        if raw == b"wrong":
            raise fuzz.Wrong("a letter is lost")
        if raw == b"long":
            raise fuzz.TooLong
        return {b"good": "read"}[raw]

    monkeypatch.setitem(fuzz.TARGETS, "planted", Target(1, lambda _rnd, _good: b"", read, (InputRefused,)))
    told = {raw: fuzz.one("planted", raw, tmp_path, None) for raw in (b"good", b"wrong", b"long", b"other")}
    assert told[b"good"] == ("read", "")
    assert told[b"wrong"] == ("wrong", "a letter is lost")
    assert told[b"long"][1] == "more than 2 s"
    assert told[b"other"] == ("other error", "KeyError at a library")


@pytest.mark.parametrize("how", ["ends", "hangs", "eats"])
def test_a_reader_that_takes_its_process_along_is_seen(how: str, tmp_path: Path, tally: Tally, monkeypatch) -> None:
    monkeypatch.setattr(fuzz, "Child", lambda _module, *rest: Child("tests.bad_worker", how, *rest))
    monkeypatch.setattr(fuzz, "PATIENCE_S", 3.0)
    fuzz.seeds.make(tmp_path)
    fuzz._batch(tmp_path, SEED, 0, 2, tally)
    assert (tally.n, tally.faults) == (2, 1)
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.name.endswith("-0")


# --- processes that are forked ----------------------------------------------


def test_a_forked_process_says_is_killed_and_complains_like_any_other() -> None:
    with Nursery("tests.forked_child") as nursery:
        with nursery.fork("speak") as child:
            assert child.line() == "one"
            assert child.line() == "two"
            child.kill()
            assert child.rest() == []
            assert child.was_killed
        with nursery.fork("half") as child:
            child.line()
            child.kill()
            assert child.rest() == []
            assert child.was_killed
        with nursery.fork("fail") as child:
            assert child.rest() == ["about to fail"]
            assert not child.was_killed
            assert "ValueError: on purpose" in child.complaint
        with nursery.fork("end") as child:
            assert child.rest() == ["alone True"]
            assert not child.was_killed
            assert child.complaint == ""
        with nursery.fork("speak") as child:
            assert child.line() == "one"  # and is ended by leaving
        with nursery.fork("end") as child:
            assert child.rest() == ["alone True"]


# --- synced folders ----------------------------------------------------------


def test_a_copy_that_was_removed_and_one_that_was_passed_by_are_seen(
    tmp_path: Path, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = sync_chaos.Round(tmp_path, random.Random(1), tally, "planted")
    old = (scene.here.folder / "vault.db").read_bytes()
    scene.evening(scene.here)
    scene.judge()
    assert (tally.lost, tally.faults) == (0, 0)
    (scene.here.folder / "vault.db").write_bytes(old)
    scene.here.lines = ()  # a computer that remembers nothing passes it by
    scene.evening(scene.here)
    assert tally.faults == 1
    scene.judge()
    assert tally.lost == 1


# --- a folder that is shut -----------------------------------------------------


def test_a_refusal_in_other_words_or_none_at_all_is_a_fault(tmp_path: Path, tally: Tally) -> None:
    def shut() -> None:
        raise DiskReadOnly(tmp_path)

    def unseen() -> None:
        raise PermissionError

    def missing() -> None:
        raise NoVault

    scene = shut_folder.Scene(tmp_path, "planted", Report("shut out", 1))
    scene.refused("opening", shut)
    assert (scene.report.was_full, scene.report.faults) == (True, [])
    for job in (lambda: None, unseen, missing):
        scene.refused("opening", job)
    assert scene.report.faults == [
        "opening: was not refused",
        "opening: not told in words (PermissionError)",
        "opening: told as NoVault",
    ]
    disk_full.judge_shut(scene.report, tally)
    assert (tally.n, tally.faults) == (1, 3)


def test_a_note_that_is_gone_after_the_folder_was_away_is_a_loss(folder: Path) -> None:
    scene = shut_folder.Scene(folder, "planted", Report("away", 1))
    with ground.opened(folder) as (vault, journal):
        scene.save(vault, journal)
        scene.state["entry missing"] = "live"
        scene.holds(vault, journal)
    assert scene.report.lost == ["entry is gone"]
