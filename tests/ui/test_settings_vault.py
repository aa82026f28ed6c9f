"""Settings over a real vault: proof, backup, another passphrase and a recovery key that really opens it."""

from __future__ import annotations

from companion.ui.shell.settings.key_change import KeyChanged
from companion.ui.shell.settings.page import SettingsPage
from companion.ui.widgets.sheet_frame import Sheet
from tests.ui.app_kit import PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import button, line, words

NEW = "maple window quiet harbour"


def privacy(opened: OpenApp) -> SettingsPage:
    opened.app.shell.go("settings")
    page = opened.app.window.findChild(SettingsPage)
    page.open_section("privacy")
    wait_until(lambda: page.privacy.proof.report is not None)
    return page


def press(page: SettingsPage, text: str) -> None:
    button(page.window(), text).click()


def test_the_proof_of_a_real_vault_is_good_and_says_there_is_no_backup(opened: OpenApp) -> None:
    page = privacy(opened)
    assert page.privacy.proof.titles == [
        "Your file is scrambled",
        "A wrong key was refused",
        "Nothing here can go online",
        "No backup yet",
        "Nothing else lies among your files",
        "No plain copies while you write",
        "Only your account can open the files",
        "Memory is kept closed",
        "No old words wait in the file",
    ]
    assert page.privacy.proof.tint == "ok"


def test_a_backup_is_made_proved_and_listed(opened: OpenApp) -> None:
    page = privacy(opened)
    press(page, "Your backups")
    assert page.where() == "backup"
    press(page, "Make a backup now")
    wait_until(lambda: page.backup.backups.words)
    assert page.backup.backups.words == "Backup done. 0 notes. Checked and readable."
    wait_until(lambda: "Tested on 22 November" in words(page.backup.backups))
    assert opened.app.shell.session.is_held is False
    page.open_section("privacy")
    wait_until(lambda: "Your last backup is whole" in page.privacy.proof.titles)


def test_after_the_change_only_the_new_passphrase_opens(opened: OpenApp) -> None:
    page = privacy(opened)
    press(page, "Change passphrase")
    sheet = opened.app.window.sheets.top
    line(sheet, "Passphrase now").setText("not the right one")
    line(sheet, "New passphrase").setText(NEW)
    line(sheet, "The same new words again").setText(NEW)
    button(sheet, "No").click()
    button(sheet, "Change passphrase").click()
    wait_until(lambda: "That didn't open it." in words(sheet))
    line(sheet, "Passphrase now").setText(PASSPHRASE)
    button(sheet, "Change passphrase").click()
    wait_until(lambda: not opened.app.window.sheets.is_open)
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    opened.unlock(NEW)


def test_a_recovery_key_made_here_opens_the_space_from_the_lock_screen(opened: OpenApp) -> None:
    page = privacy(opened)
    press(page, "Make a recovery key")
    sheet = opened.app.window.sheets.top
    button(sheet, "Make a recovery key").click()
    wait_until(lambda: "Save to a file" in words(sheet))
    code = "-".join(sheet.findChild(type(sheet._content)).view._groups)
    button(sheet, "Close without checking").click()
    wait_until(lambda: not opened.app.window.sheets.is_open)
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    screen = opened.app.window.current_screen()
    screen.recovery_requested.emit(code.lower().replace("-", " "), NEW)
    wait_until(lambda: opened.app.shell.is_open)


def rotate(page: SettingsPage, sheet: Sheet) -> None:
    line(sheet, "Passphrase now").setText(PASSPHRASE)
    line(sheet, "New passphrase").setText(NEW)
    line(sheet, "The same new words again").setText(NEW)
    button(sheet, "Yes, or not sure").click()
    button(sheet, "Change passphrase").click()


def test_another_key_is_made_and_only_the_new_secrets_open(opened: OpenApp) -> None:
    page = privacy(opened)
    vault = opened.app.shell.space.vault
    old = opened.app.shell.tasks.on_vault(vault.add_recovery_key)
    press(page, "Change passphrase")
    rotate(page, opened.app.window.sheets.top)
    wait_until(lambda: "backup was locked anew" in words(opened.app.window.sheets.top))
    view = opened.app.window.sheets.top.findChild(KeyChanged)
    code = "-".join(view.view._groups)
    assert code != old
    assert "1 backup was locked anew. It opens with the new passphrase." in view.said
    button(opened.app.window.sheets.top, "Close without checking").click()
    wait_until(lambda: not opened.app.window.sheets.is_open)
    assert opened.app.shell.session.is_held is False
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    opened.unlock(NEW)


def test_lock_ends_a_change_of_the_key_and_the_old_passphrase_counts(opened: OpenApp) -> None:
    page, folder = privacy(opened), opened.app.shell.space.vault.folder
    press(page, "Change passphrase")
    rotate(page, opened.app.window.sheets.top)
    opened.app.shell.lock()
    wait_until(lambda: not opened.app.shell._closer.is_closing)
    assert not (folder / "incoming").exists()
    opened.unlock(PASSPHRASE)
