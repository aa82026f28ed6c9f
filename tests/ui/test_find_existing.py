"""A space whose place nothing remembers: the person shows the folder, and nothing looks lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from companion.app import App
from companion.core.paths import Paths
from companion.journal.model import Content
from companion.services import build
from companion.ui.shell.unlock_card import UnlockCard
from tests.fakes import FakeClock
from tests.ui.app_kit import CHEAP, PASSPHRASE, OpenApp, wait_until
from tests.ui.stage import button, line, words


@pytest.fixture
def elsewhere(tmp_path: Path, clock: FakeClock) -> Path:
    """A folder with a space in it that has one note."""
    folder = tmp_path / "stick" / "a1b2.vault"
    services = build(Paths(tmp_path / "other"), clock, vault=folder, cost=CHEAP)
    services.vault.create(PASSPHRASE)
    services.journal.add(Content(at=clock.now(), text="The kettle clicked off."))
    services.vault.lock()
    return folder.parent


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path, clock: FakeClock) -> Iterator[OpenApp]:
    made = OpenApp(qapp, tmp_path / "data", clock)
    yield made
    made.close()


def pick(monkeypatch: pytest.MonkeyPatch, folder: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))


def read(opened: OpenApp) -> str:
    window = opened.app.window
    line(window, "Passphrase").setText(PASSPHRASE)
    button(window, "Open").click()
    wait_until(lambda: opened.app.shell.is_open)
    [folder] = opened.app.spaces.known()
    page = opened.on_vault(opened.app.spaces.services(folder).journal.page)
    return str(page.entries[0].excerpt)


@pytest.mark.parametrize("inside", [True, False])
def test_from_the_lock_screen(opened: OpenApp, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, inside: bool) -> None:
    pick(monkeypatch, elsewhere / "a1b2.vault" if inside else elsewhere)
    button(opened.app.window, "I have a space already").click()
    assert read(opened) == "The kettle clicked off."
    assert opened.app.settings.current.last_vault == str(elsewhere / "a1b2.vault")


def test_from_the_first_page(
    qapp: QApplication, tmp_path: Path, clock: FakeClock, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(monkeypatch, elsewhere)
    app = App(qapp, Paths(tmp_path / "data"), clock=clock, cost=CHEAP)
    app.start()
    wait_until(lambda: app.shell.session is not None)
    button(app.window, "I have a space already").click()
    card = app.window.findChild(UnlockCard)
    assert card is not None
    assert card.state == "normal"
    assert line(app.window, "Passphrase").isVisible()
    app.window.finish()
    app.stop()
    for thing in (app.window, app.theme, app):
        thing.deleteLater()


def test_a_folder_without_one_says_so_and_changes_nothing(
    opened: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened.app.window
    pick(monkeypatch, tmp_path / "not there at all")
    button(window, "I have a space already").click()
    toast = window.toasts.toast
    assert toast is not None
    assert toast.text().startswith("There is no private space in that folder.")
    assert opened.app.settings.current.vaults == ()
    pick(monkeypatch, "")
    button(window, "I have a space already").click()
    assert "Set up my private space" in words(window)
