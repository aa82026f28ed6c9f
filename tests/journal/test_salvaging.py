"""A damaged vault gives back every undamaged record and file, names what is lost, and is never touched."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import ground, salvage_truth
from campaigns.damage_salvage import salvage_one
from campaigns.salvage_truth import Salvageable
from companion.core.clock import SystemClock
from companion.core.errors import Stopped, VaultDamaged, VaultExists, VaultInUse, WrongSecret
from companion.services import salvage_vault
from companion.vault.presence import holds_vault
from companion.vault.salvage.contract import SalvageResult

PAGE = 4096


class Sound:
    """A sound vault, made once, and what is true about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rnd = random.Random(11)
        ground.make_journal(folder, rnd, 40, files=3)
        with ground.opened(folder) as (vault, journal):
            self.ids = [row.id for row in journal.page(limit=100).entries]
            for entry_id in self.ids[:3]:
                journal.save_draft(entry_id, ground.content(rnd))
            vault.preferences.put("look", "calm")
        self.truth: Salvageable = salvage_truth.learn(folder)
        self.finds = salvage_truth.finds_of(folder)
        self.pages = (folder / "vault.db").stat().st_size // PAGE


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    return Sound(tmp_path_factory.mktemp("sound") / "a.vault")


def give_back(folder: Path, to: Path, passphrase: str = ground.PASSPHRASE) -> SalvageResult:
    return salvage_vault(
        SystemClock(), folder, to, lambda key_file: key_file.unlock(passphrase), passphrase, cost=ground.CHEAP
    )


def spoil_pages(folder: Path, numbers: Iterable[int]) -> None:
    path = folder / "vault.db"
    raw = bytearray(path.read_bytes())
    for number in numbers:
        raw[(number - 1) * PAGE + 1000] ^= 1
    path.write_bytes(raw)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_undamaged_record_comes_back_whatever_pages_are_bad(
    sound: Sound, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    bad = data.draw(st.sets(st.integers(1, sound.pages), min_size=1, max_size=sound.pages // 2))
    work = tmp_path_factory.mktemp("work")
    folder = ground.copy_of(sound.folder, work / "a.vault")
    spoil_pages(folder, bad)
    verdict, faults = salvage_one(sound.folder, folder, work, sound.truth)
    assert (verdict.missing, verdict.wrong, verdict.silent) == ([], [], [])
    assert [fault for fault in faults if fault != "salvage: nothing-left"] == []
    shutil.rmtree(work)


def test_a_sound_vault_comes_back_whole(sound: Sound, tmp_path: Path) -> None:
    result = give_back(sound.folder, tmp_path / "new.vault")
    assert (result.lost, result.maybe_more, result.pages_bad) == ((), False, 0)
    assert result.records == result.saved > len(sound.truth.entries)
    assert (result.media, result.media_saved) == (3, 3)
    with ground.opened(tmp_path / "new.vault") as (vault, _):
        assert vault.preferences.get("look") == "calm"


def every_entry_is_back(to: Path, truth: Salvageable) -> bool:
    with ground.opened(to) as (_vault, journal):
        rows = {row.id for row in journal.page(limit=100).entries} | {row.id for row in journal.deleted().entries}
    return rows == set(truth.entries)


@pytest.mark.parametrize("first", [16, PAGE, 3 * PAGE])
def test_a_destroyed_beginning_is_no_obstacle(sound: Sound, tmp_path: Path, first: int) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    with (folder / "vault.db").open("r+b") as file:
        file.write(bytes(first))
    result = give_back(folder, tmp_path / "new.vault")
    assert not [one for one in result.lost if one.kind == "entry"]
    assert every_entry_is_back(tmp_path / "new.vault", sound.truth)


def cut_both(folder: Path) -> None:
    for name in ("keys.json", "keys.bak.json"):
        os.truncate(folder / name, 20)


def hurt_both(folder: Path) -> None:
    for name, at in (("keys.json", 60), ("keys.bak.json", 500)):
        raw = bytearray((folder / name).read_bytes())
        raw[at] ^= 1
        (folder / name).write_bytes(raw)


@pytest.mark.parametrize("spoil", [cut_both, hurt_both], ids=["from a backup", "from both halves"])
def test_the_key_comes_from_what_is_left_of_the_key_file(
    sound: Sound, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    if spoil is cut_both:
        with ground.opened(folder) as (vault, _):
            vault.backup()
    spoil(folder)
    assert give_back(folder, tmp_path / "new.vault").lost == ()


def test_labels_on_a_lost_page_come_back_from_their_index(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    spoil_pages(folder, {row.pages[0] for row in sound.finds.rows("label")})
    assert not [one for one in give_back(folder, tmp_path / "new.vault").lost if one.kind == "entry"]


def test_words_without_their_labels_come_back_and_are_named(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    spoil_pages(folder, {row.pages[0] for name in ("label", "label_by_name") for row in sound.finds.rows(name)})
    result = give_back(folder, tmp_path / "new.vault")
    assert {one.reason for one in result.lost if one.kind == "entry"} == {"labels"}
    assert every_entry_is_back(tmp_path / "new.vault", sound.truth)


def test_of_a_lost_entry_an_older_version_or_what_was_typed_comes_back(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    spoil_pages(folder, {row.pages[0] for row in sound.finds.rows("entry")})
    result = give_back(folder, tmp_path / "new.vault")
    reasons = {one.id: one.reason for one in result.lost if one.kind == "entry"}
    assert set(reasons) == set(sound.truth.entries)
    assert {"older-version", "draft", "unreadable"} <= set(reasons.values())
    assert all(one.at is not None for one in result.lost)
    with ground.opened(tmp_path / "new.vault") as (_vault, journal):
        for row in journal.page(limit=100).entries:
            content = journal.entry(row.id).content
            assert content.digest() in sound.truth.digests or not content.text


def test_what_is_lost_is_told_without_a_word_of_it(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    spoil_pages(folder, range(18, 60))
    shutil.rmtree(folder / "media")
    result = give_back(folder, tmp_path / "new.vault")
    told = repr(result.lost)
    assert result.lost
    assert {one.reason for one in result.lost if one.kind == "file"} == {"file-missing"}
    assert not [word for text in sound.truth.texts for word in text.split()[:3] if len(word) > 5 and word in told]


def test_an_empty_file_without_anything_beside_it_says_that_nothing_is_left(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    with ground.opened(folder) as (vault, _):
        backup = vault.backup().file
    os.truncate(folder / "vault.db", 0)
    shutil.rmtree(folder / "media")
    shutil.rmtree(folder / "backups" / "media")
    with pytest.raises(VaultDamaged) as caught:
        give_back(folder, tmp_path / "new.vault")
    assert (caught.value.reason, caught.value.backup) == ("nothing-left", backup)
    assert not (tmp_path / "new.vault").exists()


def test_a_wrong_passphrase_on_a_damaged_vault_is_a_wrong_passphrase(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    spoil_pages(folder, range(1, 30))
    with pytest.raises(WrongSecret):
        give_back(folder, tmp_path / "new.vault", "not the passphrase")
    assert not (tmp_path / "new.vault").exists()


def test_nothing_is_written_over_and_nothing_inside_the_damaged_vault(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    for place in (folder, folder / "inside", sound.folder):
        with pytest.raises(VaultExists):
            give_back(folder, place)
    with ground.opened(folder), pytest.raises(VaultInUse):
        give_back(folder, tmp_path / "new.vault")


@pytest.mark.parametrize("after", [1, 3, 6])
def test_stopped_on_the_way_it_leaves_no_vault_and_no_file(sound: Sound, tmp_path: Path, after: int) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    calls = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise Stopped

    with pytest.raises(Stopped):
        salvage_vault(
            SystemClock(),
            folder,
            tmp_path / "new.vault",
            lambda key_file: key_file.unlock(ground.PASSPHRASE),
            ground.PASSPHRASE,
            cost=ground.CHEAP,
            progress=progress,
        )
    assert not holds_vault(tmp_path / "new.vault")
    assert not (tmp_path / "new.vault").exists()


def test_a_change_that_a_crash_cut_off_is_taken_back(sound: Sound, tmp_path: Path) -> None:
    folder = ground.copy_of(sound.folder, tmp_path / "a.vault")
    with ground.opened(folder) as (vault, _journal):
        vault.connection.execute("PRAGMA cache_size=1")  # so that pages are written before the commit
        with vault.connection.transaction():
            vault.connection.execute("UPDATE entry SET text = text || 'half'")
            cut = ground.copy_of(folder, tmp_path / "cut.vault")
            vault.connection.execute("UPDATE entry SET text = replace(text, 'half', '')")
    (cut / "vault.lock").unlink(missing_ok=True)
    assert (cut / "vault.db-journal").stat().st_size > PAGE
    spoil_pages(cut, [1])
    result = give_back(cut, tmp_path / "new.vault")
    assert not [one for one in result.lost if one.kind == "entry"]
    with ground.opened(tmp_path / "new.vault") as (_vault, journal):
        assert all(not journal.entry(row.id).content.text.endswith("half") for row in journal.page(limit=100).entries)
