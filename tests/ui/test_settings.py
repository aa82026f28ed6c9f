"""Settings: every change counts at once and can be undone; the panel states only what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from companion.core.errors import CompanionError, DiskFull, Stopped, WrongSecret
from companion.core.stopping import StopSwitch
from companion.ui.proof_words import facts_of
from companion.ui.shell.settings.about import licence_of
from companion.ui.shell.settings.actions import RecoveryFacts, VaultState
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.widgets.sheet import SheetHost
from companion.ui.widgets.toast import ToastHost
from companion.vault.backup import BackupResult
from companion.vault.keeping import Shown
from companion.vault.report import FileFact, ProofReport
from companion.vault.reslot import Relocked
from companion.vault.shelf import BackupInfo
from companion.vault.standing import ProcessFacts, Standing
from tests.ui.stage import SIZES, WIDE, Stage, button, cut, line, staged, without_name, words

MADE = datetime(2026, 11, 3, 18, 20, tzinfo=UTC)
STANDING = Standing((), (), True, True, ProcessFacts(True, True, True), True, False)
REPORT = ProofReport(True, True, "aes-256-cbc", (FileFact("vault.db", 4_100_000),), (), (), MADE, STANDING)
FOLDER = Path("/home/sam/3f9a1c.vault")
BACKUPS = (
    BackupInfo(FOLDER / "a.vbak", True, MADE, MADE, "", 14_200_000, 12),
    BackupInfo(FOLDER / "b.vbak", True, MADE, None, "", 9_000, 0),
    BackupInfo(FOLDER / "c.vbak", False, None, None, "", 20, 0),
)


class FakeVault:
    """Answers at once, or with an error."""

    def __init__(self) -> None:
        self.state = VaultState(FOLDER, False, BACKUPS)
        self.report = REPORT
        self.error: CompanionError | None = None
        self.asked: list[tuple[Any, ...]] = []
        self.relocked = Relocked()
        self.rotation: tuple[StopSwitch, Callable[..., None], Callable[..., None]] | None = None

    def look(self, _owner: QWidget, done: Callable[..., None], _failed: Callable[..., None]) -> None:
        done(self.state)

    def prove(self, _owner: QWidget, done: Callable[..., None], failed: Callable[..., None]) -> None:
        self._answer(("prove",), self.report, done, failed)

    def back_up(
        self,
        _owner: QWidget,
        to: Path | None,
        progress: Callable[..., None],
        done: Callable[..., None],
        failed: Callable[..., None],
    ) -> None:
        progress((1, 3))
        result = BackupResult(FOLDER / "n.vbak", 12, 1000, {"entry": 212}, MADE)
        self._answer(("back_up", to), result, done, failed)

    def change_passphrase(
        self, _owner: QWidget, old: str, new: str, done: Callable[..., None], failed: Callable[..., None]
    ) -> None:
        self._answer(("change", old, new), None, done, failed)

    def add_recovery_key(self, _owner: QWidget, done: Callable[..., None], failed: Callable[..., None]) -> None:
        self._answer(("recovery",), "4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C", done, failed)

    def rotate(
        self,
        _owner: QObject,
        secrets: tuple[str, str],
        stop: StopSwitch,
        progress: Callable[..., None],
        done: Callable[..., None],
        failed: Callable[..., None],
    ) -> None:
        progress((430, 1000))
        self.rotation = (stop, done, failed)
        self.asked.append(("rotate", *secrets))

    def finish_rotation(
        self,
        _owner: QObject,
        progress: Callable[..., None],
        done: Callable[..., None],
        failed: Callable[..., None],
    ) -> None:
        progress((1, 3))
        self._answer(("finish",), self.relocked, done, failed)

    def check_recovery_key(
        self, _owner: QObject, code: str, done: Callable[..., None], failed: Callable[..., None]
    ) -> None:
        self._answer(("check", code), None, done, failed)

    def answer_offer(
        self, _owner: QObject, *, never: bool, done: Callable[..., None], failed: Callable[..., None]
    ) -> None:
        self._answer(("offer", never), None, done, failed)

    def _answer(
        self, asked: tuple[Any, ...], value: object, done: Callable[..., None], failed: Callable[..., None]
    ) -> None:
        self.asked.append(asked)
        if self.error is not None:
            failed(self.error)
        else:
            done(value)


class FakeBackups:
    """The actions of the page of backups, with nothing that keeps them by itself."""

    standing = None

    def __init__(self, vault: FakeVault) -> None:
        self._vault = vault

    def look(self, _owner: QWidget, done: Callable[..., None], _failed: Callable[..., None]) -> None:
        done(Shown(self._vault.state.backups, {}, None, False))

    def watch(self, _owner: QWidget, _changed: Callable[[], None]) -> None:
        pass

    def look_now(self) -> None:
        pass


class FakeShell:
    """Keeps and shows, as the shell does."""

    tasks = session = None

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def change_look(self, **changes: object) -> None:
        self._stage.settings.change(**changes)
        self._stage.theme.apply(self._stage.settings.current)


class Opened:
    """The page in a window, with its sheets and toasts."""

    def __init__(self, stage: Stage, size: QSize = WIDE, scale: float = 1.0) -> None:
        self.stage = stage
        self.vault = FakeVault()
        self.window = QWidget()
        self.sheets = SheetHost(self.window, stage.kit)
        self.toasts = ToastHost(self.window, stage.kit)
        self.page = SettingsPage(
            stage.kit,
            stage.clock,
            stage.settings,
            stage.facts,
            stage.clipboard,
            self.sheets,
            self.toasts,
            FakeShell(stage),
            None,
            actions=self.vault,
            backup_actions=FakeBackups(self.vault),
        )
        inside = QWidget()
        column = stage.kit.column(inside, margins=32)
        column.addWidget(self.page)
        area = stage.kit.scroll(inside)
        stage.kit.column(self.window, spacing=0).addWidget(area)
        self.window.resize(size)
        stage.settings.change(text_scale=scale)
        stage.theme.apply(stage.settings.current)
        stage.theme.set_window_width(size.width())
        self.window.show()
        self.window.activateWindow()
        stage.windows.append(self.window)
        self.page.arrive()
        stage.settle()

    def go(self, key: str) -> None:
        self.page.open_section(key)
        self.stage.settle()

    def press(self, text: str) -> None:
        button(self.window, text).click()
        self.stage.settle()


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


@pytest.fixture
def opened(stage: Stage) -> Iterator[Opened]:
    made = Opened(stage)
    yield made
    made.sheets.close_all()
    made.toasts.clear()


@pytest.mark.parametrize(("size", "scale"), SIZES)
def test_nothing_is_cut_on_any_page_or_sheet(stage: Stage, size: QSize, scale: float) -> None:
    opened = Opened(stage, size, scale)
    for key in ("look", "privacy", "country", "backup", "about"):
        opened.go(key)
        assert cut(opened.window) == [], key
        assert without_name(opened.window) == [], key
    opened.go("privacy")
    opened.page.privacy.change_passphrase()
    stage.settle()
    assert cut(opened.window) == []
    opened.sheets.close()
    opened.page.privacy.make_recovery_key()
    stage.settle()
    opened.press("Make a recovery key")
    assert cut(opened.window) == []
    opened.sheets.close()
    opened.page.privacy.show_files()
    stage.settle()
    assert cut(opened.window) == []
    opened.sheets.close_all()


def test_a_change_counts_at_once_and_undo_takes_it_back(opened: Opened) -> None:
    opened.go("privacy")
    opened.press("Neutral name")
    assert opened.stage.settings.current.neutral_name is False
    assert "Neutral name: off." in words(opened.window)
    opened.press("Undo")
    assert opened.stage.settings.current.neutral_name is True
    assert button(opened.window, "Neutral name").isChecked()


def test_a_choice_from_a_list_counts_at_once(opened: Opened) -> None:
    opened.go("privacy")
    opened.press("Lock when I step away: After 5 minutes")
    popup = opened.window.focusWidget()
    QTest.keyClick(popup, Qt.Key.Key_Home)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert opened.stage.settings.current.auto_lock_minutes == 1
    assert "Lock when I step away: After 1 minute." in words(opened.window)
    opened.press("Undo")
    assert opened.stage.settings.current.auto_lock_minutes == 5


def test_text_size_here_changes_the_page_itself(opened: Opened) -> None:
    opened.press("Text size: Normal")
    popup = opened.window.focusWidget()
    QTest.keyClick(popup, Qt.Key.Key_End)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    opened.stage.settle()
    assert opened.stage.theme.scale == 2.0
    assert button(opened.window, "Text size: Biggest").isVisible()
    assert cut(opened.window) == []


def test_what_was_changed_elsewhere_shows_when_one_comes_back(opened: Opened) -> None:
    opened.stage.settings.change(palette="dark")
    opened.page.arrive()
    assert button(opened.window, "Colours: Dark").isVisible()


def test_search_finds_a_setting_and_goes_to_it(opened: Opened) -> None:
    opened.page.find_here()
    search = line(opened.window, "Find a setting")
    assert opened.window.focusWidget() is search
    QTest.keyClicks(search, "notes")
    opened.stage.settle()
    assert "Neutral name" in words(opened.window)
    QTest.keyClick(search, Qt.Key.Key_Return)
    opened.stage.settle()
    assert opened.page.where() == "privacy"
    assert opened.window.focusWidget() is button(opened.window, "Neutral name")
    assert search.text() == ""


def test_search_says_when_nothing_fits(opened: Opened) -> None:
    QTest.keyClicks(line(opened.window, "Find a setting"), "zebra")
    opened.stage.settle()
    assert "No setting has these words." in words(opened.window)
    line(opened.window, "Find a setting").clear()
    opened.stage.settle()
    assert "About" in words(opened.window)


def test_where_there_is_no_room_the_list_gives_way_to_the_page_and_back(stage: Stage) -> None:
    opened = Opened(stage, WIDE, 2.0)
    assert button(opened.window, "Privacy and lock").isVisible()
    assert "Text size: Biggest" not in words(opened.window)
    opened.press("Privacy and lock")
    assert opened.window.focusWidget().text() == "All settings"
    assert "Find a setting" not in [
        edit.accessibleName() for edit in opened.window.findChildren(QWidget) if edit.isVisible()
    ]
    opened.press("All settings")
    assert opened.window.focusWidget().text() == "Privacy and lock"
    opened.toasts.clear()


def test_coming_back_after_lock_opens_the_same_page(opened: Opened) -> None:
    opened.go("about")
    assert opened.page.where() == "about"
    opened.page.go_back_to("country")
    assert opened.page.where() == "country"
    opened.page.go_back_to("no such page")
    assert opened.page.where() == "country"
    assert opened.page.pending() == []


# --- the proof ---------------------------------------------------------------------


def test_the_panel_states_what_was_looked_at_just_now(opened: Opened) -> None:
    opened.go("privacy")
    text = words(opened.window)
    for stated in (
        "Checked just now, on this computer",
        "Your file is scrambled",
        "A wrong key was refused",
        "Nothing here can go online",
        "Your last backup is whole",
        "Read just now. It was opened on 3 November.",
        "It can't stop someone who watches this computer with other tools.",
    ):
        assert stated in text
    opened.press("Check again")
    assert opened.vault.asked.count(("prove",)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file_is_ciphertext": False}, "Your file is not scrambled"),
        ({"wrong_key_refused": False}, "A wrong key was not refused"),
        ({"network_modules": ("companion.x",)}, "Something here could go online"),
        ({"inet_sockets": ("tcp 1.2.3.4",)}, "Something here could go online"),
        ({"strangers": ("notes.txt",)}, "Something lies among your files"),
        ({"open_to_others": ("vault.db",)}, "Other accounts can reach your files"),
        ({"temporary_in_memory": False}, "Plain words may reach the disk"),
        ({"deleted_overwritten": False}, "Deleted words may stay in the file"),
        ({"backup_whole": False}, "A backup is damaged"),
        ({"process": ProcessFacts(False, True, True)}, "A crash could write memory to the disk"),
        ({"process": ProcessFacts(True, False, True)}, "Other programs can look into its memory"),
        ({"process": ProcessFacts(True, True, False)}, "Used memory is not overwritten"),
    ],
)
def test_the_panel_is_never_green_when_something_is_wrong(
    opened: Opened, changes: dict[str, object], said: str
) -> None:
    if changes.keys() <= {field.name for field in fields(Standing)}:
        changes = {"standing": replace(STANDING, **changes)}
    opened.vault.report = replace(REPORT, **changes)
    opened.go("privacy")
    assert said in words(opened.window)
    assert "Checked just now, on this computer" not in words(opened.window)
    assert opened.page.privacy.proof.tint == "warn"


def test_connections_that_cannot_be_counted_are_not_called_zero() -> None:
    facts = facts_of(replace(REPORT, inet_sockets=None), MADE.date())
    assert facts[2].second == "0 network parts are loaded."


def test_what_a_system_cannot_say_is_not_stated() -> None:
    unknown = replace(REPORT, standing=replace(STANDING, process=ProcessFacts(None, None, None)))
    assert not [fact.title for fact in facts_of(unknown, MADE.date()) if "emory" in fact.title]
    half = replace(REPORT, standing=replace(STANDING, process=ProcessFacts(True, None, None)))
    [memory] = [fact for fact in facts_of(half, MADE.date()) if fact.title == "Memory is kept closed"]
    assert memory.second == "A crash writes none to the disk."


def test_a_backup_that_was_not_read_now_is_not_called_whole() -> None:
    facts = facts_of(replace(REPORT, standing=replace(STANDING, backup_whole=None)), MADE.date())
    assert (facts[3].title, facts[3].second) == (
        "Your last backup was opened",
        "On 3 November. It was not read just now.",
    )


def test_words_that_wait_to_be_cleaned_are_said_and_are_no_warning(opened: Opened) -> None:
    opened.vault.report = replace(REPORT, standing=replace(STANDING, words_left=True))
    opened.go("privacy")
    assert "Old words wait to be cleaned" in words(opened.window)
    assert opened.page.privacy.proof.tint == "ok"


def test_no_backup_is_said_plainly_and_does_not_make_the_panel_a_warning(opened: Opened) -> None:
    opened.vault.report = replace(REPORT, last_backup_proof=None)
    opened.go("privacy")
    assert "No backup yet" in words(opened.window)
    assert opened.page.privacy.proof.tint == "ok"


def test_a_check_that_fails_says_why_and_states_nothing(opened: Opened) -> None:
    opened.go("privacy")
    opened.vault.error = DiskFull(FOLDER)
    opened.press("Check again")
    assert "There is no space left on this disk." in words(opened.window)
    assert "Your file is scrambled" not in words(opened.window)
    assert button(opened.window, "Check again").isEnabled()


# --- backups -----------------------------------------------------------------------


def test_each_backup_says_whether_it_was_tested(opened: Opened) -> None:
    opened.go("backup")
    text = words(opened.window)
    assert "Tuesday 3 November, 18:20" in text
    for badge in ("Tested on 3 November", "Not tested yet", "Did not pass the check"):
        assert badge in text
    assert "Beside your notes. 14.2 MB, 12 attached files." in text


def test_a_backup_now_says_what_it_holds_only_after_it_was_proved(opened: Opened) -> None:
    opened.go("backup")
    opened.press("Make a backup now")
    assert opened.vault.asked.count(("back_up", None)) == 1
    assert "Backup done. 212 notes, 12 attached files. Checked and readable." in words(opened.window)
    opened.vault.error = DiskFull(FOLDER)
    opened.press("Make a backup now")
    assert "There is no space left on this disk." in words(opened.window)
    assert "Backup done" not in words(opened.window)
    assert button(opened.window, "Make a backup now").isEnabled()


# --- secrets -----------------------------------------------------------------------


def test_another_passphrase_needs_the_one_now_and_the_new_one_twice(opened: Opened) -> None:
    opened.go("privacy")
    opened.press("Change passphrase")
    assert opened.window.focusWidget() is line(opened.window, "Passphrase now")
    line(opened.window, "New passphrase").setText("maple window quiet harbour")
    line(opened.window, "The same new words again").setText("maple window quiet harbour")
    sheet = opened.sheets.top
    button(sheet, "Change passphrase").click()
    assert "Type your passphrase first." in words(sheet)
    line(opened.window, "Passphrase now").setText("not the right one")
    button(sheet, "Change passphrase").click()
    assert "Choose one." in words(sheet)
    assert opened.vault.asked[-1] == ("prove",)
    button(sheet, "No").click()
    assert "Choose one." not in words(sheet)
    opened.vault.error = WrongSecret()
    button(sheet, "Change passphrase").click()
    assert "That didn't open it." in words(sheet)
    assert opened.window.focusWidget() is line(opened.window, "Passphrase now")
    opened.vault.error = None
    line(opened.window, "Passphrase now").setText("lantern gravel")
    button(sheet, "Change passphrase").click()
    opened.stage.settle()
    assert opened.vault.asked[-1] == ("change", "lantern gravel", "maple window quiet harbour")
    assert not opened.sheets.is_open
    assert "Passphrase changed. The old one does not open your space any more." in words(opened.window)


def rotating(opened: Opened) -> QWidget:
    """The sheet, while the key is being changed."""
    opened.go("privacy")
    opened.press("Change passphrase")
    sheet = opened.sheets.top
    line(sheet, "Passphrase now").setText("lantern gravel")
    line(sheet, "New passphrase").setText("maple window quiet harbour")
    line(sheet, "The same new words again").setText("maple window quiet harbour")
    button(sheet, "Yes, or not sure").click()
    button(sheet, "Change passphrase").click()
    opened.stage.settle()
    assert opened.vault.asked[-1] == ("rotate", "lantern gravel", "maple window quiet harbour")
    return sheet


def test_whoever_could_be_known_to_others_gets_another_key(opened: Opened) -> None:
    sheet = rotating(opened)
    assert "Locking everything with a new key: 43 %" in words(sheet)
    assert "Until it is done, the old passphrase counts." in words(sheet)
    assert opened.window.focusWidget() is button(sheet, "Stop")
    assert cut(opened.window) == []
    opened.vault.relocked = Relocked(
        done=(FOLDER / "a.vbak", FOLDER / "b.vbak"), kept=(FOLDER / "c.vbak",), aside=(FOLDER / "old",), elsewhere=MADE
    )
    assert opened.vault.rotation is not None
    opened.vault.rotation[1]("4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C")
    opened.stage.settle()
    shown = words(opened.sheets.top)
    assert "2 backups were locked anew. They open with the new passphrase." in shown
    assert "Then make a new backup and delete the older ones." in shown
    assert "It still opens with the old passphrase: c.vbak" in shown
    assert "still opens with the old passphrase: quarantine/old" in shown
    assert "Companion cannot change those." in shown
    assert "The last backup in another place was made" in shown
    assert "The old one opens nothing any more." in shown
    assert "9Q2M" in shown
    assert cut(opened.window) == []
    assert without_name(opened.window) == []
    button(opened.sheets.top, "Done").click()
    assert opened.sheets.is_open
    button(opened.sheets.top, "Close without checking").click()
    assert not opened.sheets.is_open


def test_without_a_recovery_key_there_is_nothing_to_keep(opened: Opened) -> None:
    rotating(opened)
    assert opened.vault.rotation is not None
    opened.vault.rotation[1](None)
    opened.stage.settle()
    assert "There was no older backup to change." in words(opened.sheets.top)
    assert "recovery key" not in words(opened.sheets.top)
    assert opened.window.focusWidget() is button(opened.sheets.top, "Done")
    button(opened.sheets.top, "Done").click()
    assert not opened.sheets.is_open


def test_changing_the_key_can_be_stopped(opened: Opened) -> None:
    sheet = rotating(opened)
    assert opened.vault.rotation is not None
    stop, _done, failed = opened.vault.rotation
    button(sheet, "Stop").click()
    assert stop.is_stopped
    failed(Stopped())
    opened.stage.settle()
    assert "Stopped. Nothing was changed." in words(sheet)
    assert line(sheet, "Passphrase now").isVisible()


def test_a_wrong_passphrase_shows_the_fields_again(opened: Opened) -> None:
    sheet = rotating(opened)
    assert opened.vault.rotation is not None
    opened.vault.rotation[2](WrongSecret())
    opened.stage.settle()
    assert "That didn't open it." in words(sheet)
    assert opened.window.focusWidget() is line(sheet, "Passphrase now")


def test_a_new_recovery_key_is_shown_even_when_its_sheet_was_closed(opened: Opened) -> None:
    rotating(opened)
    assert opened.vault.rotation is not None
    stop, done, _failed = opened.vault.rotation
    opened.sheets.close()
    opened.stage.settle()
    assert stop.is_stopped  # too late, as it turns out
    done("4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C")
    opened.stage.settle()
    assert "9Q2M" in words(opened.sheets.top)


def test_backups_that_the_disk_refuses_are_done_later(opened: Opened) -> None:
    rotating(opened)
    assert opened.vault.rotation is not None
    opened.vault.error = DiskFull(FOLDER)
    opened.vault.rotation[1](None)
    opened.stage.settle()
    assert "The backups that are left are done when you next open your space." in words(opened.sheets.top)


def test_the_recovery_key_is_tried_and_nothing_changes(opened: Opened) -> None:
    opened.vault.state = VaultState(FOLDER, True, (), recovery=RecoveryFacts(MADE, None, True))
    opened.go("privacy")
    assert "It was last tried over a year ago." in words(opened.window)
    opened.press("Check the recovery key")
    sheet = opened.sheets.top
    assert opened.window.focusWidget() is line(sheet, "Recovery key")
    button(sheet, "Check it").click()
    assert "Type your recovery key first." in words(sheet)
    line(sheet, "Recovery key").setText("4f7k 9q2m")
    opened.vault.error = WrongSecret("recovery-typo")
    button(sheet, "Check it").click()
    assert "This recovery key has a typing mistake." in words(sheet)
    opened.vault.error = None
    opened.vault.state = VaultState(FOLDER, True, (), recovery=RecoveryFacts(MADE, MADE))
    button(sheet, "Check it").click()
    opened.stage.settle()
    assert ("check", "4f7k 9q2m") in opened.vault.asked
    assert "It opens this space. Nothing was changed." in words(sheet)
    assert line(sheet, "Recovery key").text() == ""
    assert opened.window.focusWidget() is button(sheet, "Done")
    button(sheet, "Done").click()
    assert "You have one, checked" in words(opened.window)


def test_a_recovery_key_is_made_shown_checked_and_gone(opened: Opened) -> None:
    opened.go("privacy")
    opened.press("Make a recovery key")
    assert "stops working" not in words(opened.sheets.top)
    button(opened.sheets.top, "Make a recovery key").click()
    opened.stage.settle()
    assert "9Q2M" in words(opened.window)
    button(opened.sheets.top, "Done").click()
    assert opened.sheets.is_open
    button(opened.sheets.top, "Close without checking").click()
    opened.stage.settle()
    assert not opened.sheets.is_open
    assert "9Q2M" not in words(opened.window)


def test_a_computer_that_can_do_more_offers_it_in_one_line(opened: Opened) -> None:
    opened.go("privacy")
    assert "Words that open your space." in words(opened.window)
    opened.vault.state = VaultState(FOLDER, False, (), is_easier_to_guess=True)
    opened.go("privacy")
    assert "This computer can make it harder to guess." in words(opened.window)


def test_replacing_a_recovery_key_says_that_the_old_one_ends(opened: Opened) -> None:
    opened.vault.state = VaultState(FOLDER, True, ())
    opened.go("privacy")
    opened.press("Replace the recovery key")
    assert "The recovery key you have stops working as soon as the new one is made." in words(opened.sheets.top)


def test_where_the_files_are(opened: Opened) -> None:
    opened.go("privacy")
    opened.press("Where are my files?")
    assert str(FOLDER) in words(opened.sheets.top)
    assert "vault.db" in words(opened.sheets.top)
    button(opened.sheets.top, "Copy this path").click()
    assert QApplication.clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")


# --- the rest ----------------------------------------------------------------------


def test_hide_says_its_limits_in_settings(opened: Opened) -> None:
    opened.go("privacy")
    assert "It does not remove the app, and it can't stop someone who watches this computer" in words(opened.window)


def test_the_country_is_changed_with_undo(opened: Opened) -> None:
    opened.go("country")
    assert "You chose it." in words(opened.window)
    QTest.keyClicks(line(opened.window, "Type the name of a country"), "japan")
    QTest.keyClick(line(opened.window, "Type the name of a country"), Qt.Key.Key_Return)
    opened.stage.settle()
    assert opened.stage.settings.current.country == "JP"
    opened.press("Undo")
    assert opened.stage.settings.current.country == "US"


def test_about_names_version_facts_and_every_package_with_its_licence(opened: Opened) -> None:
    opened.go("about")
    text = words(opened.window)
    for said in ("Companion ", "no telemetry", "22 November 2026", "Nobody has called these numbers.", "MIT licence"):
        assert said in text
    for package in ("PySide6-Essentials", "sqlcipher3", "cryptography", "fontpkg-literata"):
        assert package in text
    assert licence_of("cryptography") == "Apache-2.0 OR BSD-3-Clause"
    assert "See its own pages" not in text
