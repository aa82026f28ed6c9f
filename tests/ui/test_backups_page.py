"""Backups in the whole window: tested, brought back, kept by themselves, and never in the way of Save, Lock or Hide."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from companion.core.errors import DiskFull
from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.ui.shell.backup_file import BackupFileSheet
from companion.ui.shell.keeper import Keeper
from companion.ui.shell.settings.backup_sheet import BackupSheet
from companion.ui.shell.settings.page import SettingsPage
from companion.vault import backup as making
from companion.vault.vault import Vault
from tests.fakes import FakeClock
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait, wait_until
from tests.ui.stage import button, words
from tests.vault.conftest import flip

OTHER = "maple window quiet harbour"
MANY = 3000


def vault_of(opened: OpenApp) -> Vault:
    space = opened.app.shell.space
    assert space is not None
    return space.vault


def write(opened: OpenApp, number: int) -> None:
    space = opened.app.shell.space
    content = Content(at=opened.clock.now(), text=f"note {number}")
    opened.on_vault(lambda: space.journal.add(content))


def backup(opened: OpenApp) -> Path:
    return opened.on_vault(lambda: vault_of(opened).backup().file)


def keeper(opened: OpenApp) -> Keeper:
    wait_until(lambda: hasattr(opened.app, "keeper"))
    return opened.app.keeper


def page(opened: OpenApp) -> SettingsPage:
    opened.app.shell.go("settings", "backup")
    found = opened.app.window.findChild(SettingsPage)
    assert found is not None
    return found


def sheet(opened: OpenApp, file: Path) -> BackupSheet:
    page(opened).backup.open_backup(file)
    found = opened.app.window.sheets.top.findChild(BackupSheet)
    assert found is not None
    return found


def look(opened: OpenApp) -> None:
    one = keeper(opened)
    one.look()
    wait_until(lambda: one._round is None)


def notes(opened: OpenApp) -> int:
    return opened.on_vault(lambda: opened.app.shell.space.keeping.here()["entry"])


# --- one backup --------------------------------------------------------------------


def test_a_backup_is_tested_and_the_list_says_when(opened: OpenApp) -> None:
    write(opened, 1)
    file = backup(opened)
    opened.clock.move(days=3)
    one = sheet(opened, file)
    wait_until(lambda: "1 note" in words(one))
    one.test_button.click()
    wait_until(lambda: one.words)
    assert one.words == ("This backup opens. 1 note, from Sunday 22 November. Checked and readable.")
    opened.app.window.sheets.close()
    wait_until(lambda: "Tested on 25 November" in words(page(opened).backup))


def test_a_changed_byte_is_said_with_what_is_still_fine(opened: OpenApp) -> None:
    write(opened, 1)
    file = backup(opened)
    flip(file, 20000)
    one = sheet(opened, file)
    one.test_button.click()
    wait_until(lambda: one.words)
    assert one.words == (
        "This backup did not pass the check. Your notes here are fine. Try another folder or USB stick."
    )


def test_a_backup_of_another_space_asks_for_its_own_passphrase(opened: OpenApp, tmp_path: Path) -> None:
    other = Vault(tmp_path / "other.vault", opened.clock, cost=opened.app.spaces._cost)
    other.create(OTHER)
    file = other.backup(tmp_path / "b.vbak").file
    other.lock()
    one = sheet(opened, file)
    wait_until(lambda: "It opens with the passphrase it was made with." in words(one))
    one._field.edit.setText("not these words")
    one.test_button.click()
    wait_until(lambda: one._field.error)
    assert one._field.error == "Wrong passphrase for this backup. It may use an older one."
    one._field.edit.setText(OTHER)
    one.test_button.click()
    wait_until(lambda: one.words)
    assert one.words.startswith("This backup opens.")


# --- bringing one back ---------------------------------------------------------------


def test_bringing_back_shows_both_keeps_what_is_here_and_opens_with_the_backup_s_passphrase(opened: OpenApp) -> None:
    write(opened, 1)
    file = backup(opened)
    write(opened, 2)
    write(opened, 3)
    opened.on_vault(lambda: vault_of(opened).change_passphrase(PASSPHRASE, OTHER))
    one = sheet(opened, file)
    one.back_button.click()
    wait_until(lambda: "Here now: 3 notes. Deleted notes count in both." in words(one))
    assert "In this backup of Sunday 22 November: 1 note." in words(one)
    assert "moved aside" in words(one)
    one._field.edit.setText(OTHER)
    one.swap_button.click()
    wait_until(lambda: one._field.error)
    assert notes(opened) == 3
    one._field.edit.setText(PASSPHRASE)
    one.swap_button.click()
    wait_until(lambda: not opened.app.shell.is_open)
    wait_until(lambda: opened.app.shell.is_open)
    assert notes(opened) == 1
    assert "1 note is back. What was there before is kept aside." in words(opened.app.window)
    folder = vault_of(opened).folder
    assert list((folder / "quarantine").glob("*-replaced/vault.db"))
    made_first = list((folder / "backups").glob("*-restore*.vbak"))
    assert len(made_first) == 1
    inside = opened.on_vault(lambda: opened.app.shell.space.keeping.look_inside(made_first[0], OTHER))
    assert inside.tables["entry"] == 3


def test_a_backup_can_be_looked_at_beside_and_nothing_is_merged(opened: OpenApp) -> None:
    write(opened, 1)
    file = backup(opened)
    write(opened, 2)
    here = vault_of(opened).folder
    one = sheet(opened, file)
    one.back_button.click()
    one._field.edit.setText(PASSPHRASE)
    one.beside_button.click()
    wait_until(lambda: not opened.app.shell.is_open)
    wait_until(lambda: opened.app.shell.is_open)
    assert vault_of(opened).folder != here
    assert notes(opened) == 1
    assert set(opened.app.spaces.known()) == {here, vault_of(opened).folder}
    assert not (here / "quarantine").exists()


def test_where_the_copy_of_what_is_here_fails_nothing_is_replaced(
    opened: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(opened, 1)
    file = backup(opened)
    write(opened, 2)

    def full(*_given: object, **_named: object) -> None:
        raise DiskFull(file)

    monkeypatch.setattr("companion.vault.vault.make_backup", full)
    one = sheet(opened, file)
    one.back_button.click()
    one._field.edit.setText(PASSPHRASE)
    one.swap_button.click()
    wait_until(lambda: one.words)
    assert "There is no space left on this disk." in one.words
    assert opened.app.shell.is_open
    assert notes(opened) == 2


def test_a_backup_file_opens_on_a_computer_that_has_no_space(
    opened: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(opened, 1)
    stick = tmp_path / "stick"
    stick.mkdir()
    file = opened.on_vault(lambda: vault_of(opened).backup(stick).file)
    old = vault_of(opened).folder
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell.closer.is_closing)
    old.rename(tmp_path / "gone")
    opened.app.shell.doorway.opener.folder = None
    opened.app.shell.doorway.refresh()
    button(opened.app.window, "I have a backup file").click()
    one = opened.app.window.sheets.top.findChild(BackupFileSheet)
    one.take(file)
    one.field.edit.setText("not these words")
    one.next_button.click()
    wait_until(lambda: one.field.error)
    assert one.field.error == "Wrong passphrase for this backup. It may use an older one."
    one.field.edit.setText(PASSPHRASE)
    one.field.edit.textEdited.emit(PASSPHRASE)
    one.next_button.click()
    wait_until(lambda: one.words)
    assert one.words == "In this backup of Sunday 22 November: 1 note."
    assert not opened.app.shell.is_open
    one.next_button.click()
    wait_until(lambda: opened.app.shell.is_open)
    assert notes(opened) == 1
    assert "1 note is back." in words(opened.app.window)


def test_a_new_space_that_came_to_nothing_leaves_the_old_one_chosen(opened: OpenApp, tmp_path: Path) -> None:
    here = vault_of(opened).folder
    file = tmp_path / "broken.vbak"
    file.write_bytes(b"?")
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell.closer.is_closing)
    opened.app.shell.doorway.bring_back(file, PASSPHRASE, beside=True)
    wait_until(lambda: not opened.app.shell.opener.is_busy)
    assert opened.app.shell.opener.folder == here
    opened.unlock()


# --- by itself -----------------------------------------------------------------------


def test_a_backup_is_made_by_itself_once_a_day(opened: OpenApp, clock: FakeClock) -> None:
    write(opened, 1)
    look(opened)
    assert len(vault_of(opened).backups()) == 1
    look(opened)
    clock.move(hours=30)
    write(opened, 2)
    opened.app.guard.note_activity()
    look(opened)
    assert len(vault_of(opened).backups()) == 2


def test_lock_takes_the_backup_first_and_the_lock_screen_is_there_at_once(opened: OpenApp) -> None:
    write(opened, 1)
    keeper(opened)
    vault = vault_of(opened)
    opened.app.shell.lock()
    assert opened.app.window.current_screen() is opened.app.shell.doorway.screen
    wait_until(lambda: not opened.app.shell.closer.is_closing)
    assert [info.reason for info in vault.backups()] == ["closing"]
    assert not vault.is_open


@pytest.mark.parametrize("way", ["hide", "lock_at_once"])
def test_hide_and_sleep_take_none(opened: OpenApp, way: str) -> None:
    write(opened, 1)
    keeper(opened)
    vault = vault_of(opened)
    getattr(opened.app.shell, way)()
    wait_until(lambda: not opened.app.shell.closer.is_closing)
    assert vault.backups() == []
    assert not vault.is_open


def test_a_failure_is_said_once_and_stands_on_the_page(
    opened: OpenApp, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(opened, 1)
    said: list[bool] = []
    keeper(opened).told.connect(lambda _error, elsewhere: said.append(elsewhere))
    with monkeypatch.context() as patched:

        def full(*_given: object, **_named: object) -> None:
            raise DiskFull(Path("x"))

        patched.setattr("companion.vault.vault.make_backup", full)
        look(opened)
        look(opened)
    assert said == [False]
    expected = "The last automatic backup was not made. There is no space left on this disk. Your notes are fine."
    assert expected in words(opened.app.window)
    wait_until(lambda: expected in words(page(opened).backup))
    look(opened)
    wait_until(lambda: expected not in words(page(opened).backup))


def test_the_second_place_is_used_when_it_is_there_and_quietly_skipped_when_not(
    opened: OpenApp, clock: FakeClock, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    write(opened, 1)
    keeper(opened)
    page(opened).backup.place.choose(stick)
    wait_until(lambda: list(stick.rglob("*.vbak")))
    wait_until(lambda: "It is there now, with 1 backup." in words(page(opened).backup.place))
    stick.rename(tmp_path / "pulled out")
    toasts = words(opened.app.window.toasts.top) if getattr(opened.app.window.toasts, "top", None) else ""
    look(opened)
    assert "second place" not in toasts
    day = "It is not there now. It was last used on Sunday 22 November."
    wait_until(lambda: day in words(page(opened).backup.place))


# --- never in the way ------------------------------------------------------------------


@pytest.fixture
def large(opened: OpenApp) -> OpenApp:
    """Some ten megabytes, so that a backup takes a while here."""
    space = opened.app.shell.space
    contents = [Content(at=opened.clock.now(), text=f"{n} " + "word " * 700) for n in range(MANY)]
    opened.on_vault(lambda: space.journal.add_many(contents))
    return opened


def begin_backup(opened: OpenApp) -> list[int]:
    """A manual backup that runs now; the list gets its progress."""
    seen: list[int] = []
    one = page(opened).backup.backups
    real = one._on_progress

    def note(steps: tuple[int, int]) -> None:
        seen.append(steps[0])
        real(steps)

    one._on_progress = note
    one.make()
    wait_until(lambda: seen)
    return seen


def test_a_save_is_served_while_a_backup_runs(large: OpenApp) -> None:
    begin_backup(large)
    space = large.app.shell.space
    began = time.monotonic()
    saved = large.app.worker.submit(
        lambda: space.journal.save_draft(EntryId("1" * 26), Content(at=large.clock.now(), text="typed meanwhile"))
    )
    wait_until(saved.done)
    assert time.monotonic() - began < 1.0
    assert saved.exception() is None
    card = page(large).backup.backups
    assert card.words == ""
    wait_until(lambda: card.words, 30_000)
    assert card.words == f"Backup done. {MANY} notes. Checked and readable."


@pytest.mark.parametrize("way", ["lock", "hide"])
def test_lock_and_hide_stop_a_running_backup_and_leave_nothing_of_it(large: OpenApp, way: str) -> None:
    vault = vault_of(large)
    begin_backup(large)
    began = time.monotonic()
    getattr(large.app.shell, way)()
    covered = time.monotonic() - began
    wait_until(lambda: not vault.is_open)
    dropped = time.monotonic() - began
    assert covered < 0.1
    assert dropped < 1.0 if way == "hide" else dropped < 6.0
    wait_until(lambda: not large.app.shell.closer.is_closing)
    wait(300)
    left = [path.name for path in (vault.folder / "backups").glob("*") if path.name.startswith(".")]
    assert left == []
    if way == "hide":
        assert vault.backups() == []


def test_unlocking_again_ends_a_backup_that_lock_began(large: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper(large)
    real = making.prove_copy

    def slow(*given: object, **named: object) -> None:
        time.sleep(0.4)
        real(*given, **named)

    monkeypatch.setattr(making, "prove_copy", slow)
    vault = vault_of(large)
    large.app.shell.lock()
    wait(150)
    assert large.app.shell.closer.is_closing
    large.app.shell.unlock(PASSPHRASE)
    wait_until(lambda: large.app.shell.is_open)
    assert vault.backups() == []
