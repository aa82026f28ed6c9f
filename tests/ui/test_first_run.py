"""The first run: every page can be left, a secret is kept only as long as needed, and the key is shown one time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from companion.core.errors import CompanionError, DiskFull, DiskReadOnly, NotEnoughRoom
from companion.core.paths import Paths
from companion.ui.shell.first_run import PATIENCE_MS, FirstRun
from companion.ui.shell.first_run_page import FirstRunPage
from companion.ui.shell.recovery_text import recovery_text
from tests.fakes import FakeClock
from tests.ui.app_kit import OpenApp, wait_until
from tests.ui.stage import SIZES, Stage, button, cut, line, staged, without_name, words

CODE = "4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C"
GOOD = "lantern gravel seven otters"


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


@pytest.fixture
def first(stage: Stage) -> FirstRun:
    made = FirstRun(*stage.parts)
    stage.show(made)
    return made


def pages(first: FirstRun) -> list[FirstRunPage]:
    return [
        first.hello,
        first.where,
        first.choice,
        first.passphrase,
        first.recovery,
        first.others,
        first.one_thing,
    ]


def press(stage: Stage, root: QWidget, text: str) -> None:
    button(root, text).click()
    stage.settle()


def type_passphrase(stage: Stage, first: FirstRun, one: str = GOOD, two: str = GOOD) -> None:
    line(first, "Passphrase").setText(one)
    line(first, "The same words again").setText(two)
    press(stage, first.current, "Continue")


@pytest.mark.parametrize(("size", "scale"), SIZES)
def test_nothing_is_cut_on_any_page(stage: Stage, size: QSize, scale: float) -> None:
    first = FirstRun(*stage.parts)
    window = stage.show(first, size, scale)
    for page in pages(first):
        first.show_page(page)
        stage.settle()
        assert cut(window) == [], page.title
        assert without_name(window) == [], page.title
    first.show_error(DiskReadOnly(Path("/a/rather/long/folder/name/that/wraps/for/sure")))
    first.show_page(first.recovery)
    stage.settle()
    assert cut(window) == []
    first.show_created(CODE)
    stage.settle()
    assert cut(window) == []


def test_help_and_hide_are_on_every_page(stage: Stage, first: FirstRun) -> None:
    asked: list[str] = []
    first.help_requested.connect(lambda: asked.append("help"))
    first.hide_requested.connect(lambda: asked.append("hide"))
    for page in pages(first):
        first.show_page(page)
        stage.settle()
        press(stage, first, "Help right now")
        press(stage, first, "Hide")
    assert asked == ["help", "hide"] * len(pages(first))


def test_the_first_page_says_what_it_is_and_is_not(first: FirstRun) -> None:
    text = words(first)
    for sentence in (
        "It is not a doctor and it is not an emergency service.",
        "It is written for people of 15 and older.",
        "It works without the internet. Nothing leaves this computer.",
        "If a life is in danger, call your emergency number now.",
    ):
        assert sentence in text


def test_the_way_through_with_the_keyboard_alone(stage: Stage, first: FirstRun) -> None:
    window = first.window()
    made: list[tuple[str, bool]] = []
    ended: list[str] = []
    first.create_requested.connect(lambda words_, key: made.append((words_, key)))
    first.finished.connect(ended.append)
    for title in ("Hello", "Where are you?"):
        assert first.current.title == title
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
        stage.settle()
    assert window.focusWidget().text() == "Just look around"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    stage.settle()
    QTest.keyClicks(window.focusWidget(), GOOD)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClicks(window.focusWidget(), GOOD)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    stage.settle()
    assert first.current is first.recovery
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    stage.settle()
    assert made == [(GOOD, True)]
    first.show_created(None)
    stage.settle()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    stage.settle()
    assert window.focusWidget().text() == "Check in"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert ended == ["check-in"]


def test_it_can_be_left_from_the_first_four_pages(stage: Stage, first: FirstRun) -> None:
    left: list[bool] = []
    first.look_around_requested.connect(lambda: left.append(True))
    for page, text in (
        (first.hello, "Look around first"),
        (first.where, "Look around first"),
        (first.choice, "Just look around"),
        (first.passphrase, "Look around first"),
    ):
        first.show_page(page)
        stage.settle()
        press(stage, page, text)
    assert len(left) == 4


def test_back_goes_back(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.recovery)
    for expected in (first.passphrase, first.choice, first.where, first.hello):
        stage.settle()
        press(stage, first.current, "Back")
        assert first.current is expected


def test_the_country_is_kept_at_once(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.where)
    stage.settle()
    QTest.keyClicks(line(first, "Type the name of a country"), "ireland")
    QTest.keyClick(line(first, "Type the name of a country"), Qt.Key.Key_Return)
    assert stage.settings.current.country == "IE"
    assert "Ireland" in words(first)


def test_look_changes_on_the_second_page_show_at_once(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.where)
    stage.settle()
    press(stage, first.current, "Colours: Light")
    popup = first.window().focusWidget()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert stage.theme.name == "dark"
    assert stage.settings.current.palette == "dark"


def test_a_short_passphrase_is_said_beside_its_field(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    type_passphrase(stage, first, "too short", "too short")
    assert first.current is first.passphrase
    assert words(first).count("Too short: it takes 10 characters or more.") == 1
    assert line(first, "Passphrase").hasFocus()


def test_different_passphrases_are_said_beside_the_second_field_and_focused(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    type_passphrase(stage, first, GOOD, "lantern gravel seven otter")
    second = line(first, "The same words again")
    assert "These are not the same. Type the same words again." in words(first)
    assert second.hasFocus()
    assert second.selectedText()
    assert "These are not the same" in second.accessibleDescription()
    QTest.keyClicks(second, "x")
    assert "These are not the same" not in words(first)


def test_the_strength_is_said_in_words(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    for typed, said in (
        (GOOD, "Strong."),
        ("mapleriver", "Okay."),
        ("abc", "Too short: it takes 10 characters or more."),
    ):
        line(first, "Passphrase").setText(typed)
        assert said in words(first)


def test_suggested_words_are_shown_can_be_changed_and_undone(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    field = line(first, "Passphrase")
    field.setText("my own idea")
    press(stage, first, "Suggest words")
    assert len(field.text().split()) == 4
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    first_idea = field.text()
    press(stage, first, "Other words")
    assert field.text() != first_idea
    field.undo()
    assert field.text() == first_idea


def test_the_passphrase_is_forgotten_once_the_space_is_made(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    type_passphrase(stage, first)
    press(stage, first, "Not now")
    assert "Making your space. This takes a second or two on purpose. It keeps others out." in words(first)
    assert not button(first, "Not now").isEnabled()
    first.show_created(None)
    assert first._passphrase == ""
    assert all(not edit.text() for edit in first.findChildren(QLineEdit))


def test_the_passphrase_is_forgotten_when_one_looks_around_instead(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    type_passphrase(stage, first)
    press(stage, first, "Back")
    press(stage, first.current, "Look around first")
    assert first._passphrase == ""


def test_a_folder_that_cannot_be_written_offers_another_one(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.passphrase)
    stage.settle()
    type_passphrase(stage, first)
    made: list[tuple[str, bool]] = []
    first.create_requested.connect(lambda words_, key: made.append((words_, key)))
    press(stage, first, "Not now")
    first.show_error(DiskReadOnly(Path("/data/notes")))
    stage.settle()
    assert "This place can't be written: /data/notes." in words(first)
    assert button(first, "Choose another folder").isVisible()
    first.try_again()
    assert made == [(GOOD, False), (GOOD, False)]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DiskReadOnly(Path("/data/notes")), "This place can't be written: /data/notes."),
        (NotEnoughRoom(Path("/data"), 20_000_000, 3_400_000), "about 20 MB is needed, 3 MB is free."),
    ],
)
def test_a_place_that_takes_no_space_is_told_before_a_passphrase_is_asked_for(
    stage: Stage, first: FirstRun, error: CompanionError, said: str
) -> None:
    answers = [error, None]
    chosen: list[Path] = []
    first.check_place = lambda receive: receive(answers.pop(0))
    first.folder_chosen.connect(chosen.append)
    first.show_page(first.choice)
    press(stage, first, "Set up my private space")
    assert first.current is first.choice
    assert said in words(first)
    assert button(first, "Choose another folder").hasFocus()
    first.try_again()  # another folder was picked
    stage.settle()
    assert first.current is first.passphrase
    assert answers == []


def test_a_disk_that_does_not_answer_keeps_nobody_waiting_and_its_late_answer_moves_nothing(
    stage: Stage, first: FirstRun
) -> None:
    receivers: list[Callable[[CompanionError | None], None]] = []
    first.check_place = receivers.append
    first.show_page(first.choice)
    press(stage, first, "Set up my private space")
    assert first.current is first.choice
    wait_until(lambda: first.current is first.passphrase, PATIENCE_MS + 2000)
    line(first, "Passphrase").setText(GOOD)
    receivers[0](DiskReadOnly(Path("/data")))
    stage.settle()
    assert first.current is first.passphrase
    press(stage, first.current, "Back")
    press(stage, first, "Set up my private space")
    press(stage, first.current, "Back")
    receivers[1](None)
    stage.settle()
    assert first.current is first.where


def test_the_real_disk_is_asked_and_another_folder_is_taken(
    qapp: QApplication, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = OpenApp(qapp, tmp_path / "data", clock)
    try:
        vaults = Paths(tmp_path / "data").vaults
        if vaults.is_dir():
            vaults.rmdir()
        vaults.write_bytes(b"")  # a file where a folder has to be
        made.app.shell.show_first_run()
        pages = made.app.window.findChild(FirstRun)
        assert pages is not None
        pages.show_page(pages.choice)
        button(pages.choice, "Set up my private space").click()
        wait_until(pages.choice.trouble.isVisible)
        assert pages.current is pages.choice
        (tmp_path / "stick").mkdir()
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "stick"))
        button(pages.choice, "Choose another folder").click()
        wait_until(lambda: pages.current is pages.passphrase)
        assert list((tmp_path / "stick").iterdir()) == []
        pages.passphrase.chosen.emit(GOOD)
        button(pages.recovery, "Not now").click()
        wait_until(lambda: made.app.shell.is_open)
        assert [path.parent for path in made.app.spaces.known()] == [tmp_path / "stick"]
    finally:
        made.close()


def test_a_full_disk_is_not_called_a_wrong_folder(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.recovery)
    stage.settle()
    first.show_error(DiskFull(Path("/data")))
    stage.settle()
    assert "There is no space left on this disk." in words(first)
    assert "Choose another folder" not in words(first)


def test_the_key_is_shown_one_time_and_gone_afterwards(stage: Stage, first: FirstRun) -> None:
    first.show_created(CODE)
    stage.settle()
    for group in CODE.split("-"):
        assert group in words(first)
    press(stage, first, "Go on without checking")
    assert first.current is first.others
    assert "9Q2M" not in " ".join(edit.text() for edit in first.findChildren(QLineEdit)) + words(first)


def test_two_groups_are_typed_again_before_going_on(stage: Stage, first: FirstRun) -> None:
    first.show_created(CODE)
    stage.settle()
    view = first.current.view
    fields = view._fields
    asked = view._asked
    assert len(set(asked)) == 2
    fields[0].edit.setText("WRNG")
    press(stage, first, "Continue")
    assert f"That is not group {asked[0] + 1}. Look at the key above." in words(first)
    assert fields[0].edit.hasFocus()
    for index, field in zip(asked, fields, strict=True):
        field.edit.setText(f" {CODE.split('-')[index].lower()} ".replace("0", "o"))
    press(stage, first, "Continue")
    assert first.current is first.others


def test_the_key_file_says_what_it_is_how_to_use_it_and_what_to_keep(
    stage: Stage, first: FirstRun, tmp_path: Path
) -> None:
    first.show_created(CODE)
    stage.settle()
    first.current.view.save_to(tmp_path / "notes-key.txt")
    text = (tmp_path / "notes-key.txt").read_text(encoding="utf-8")
    assert CODE in text
    assert "I forgot my passphrase" in text
    assert ".vbak" in text
    assert "Saved as notes-key.txt." in words(first)
    first.current.view.save_to(tmp_path / "missing" / "notes-key.txt")
    assert "This place can't be reached" in words(first)


def test_the_key_file_names_the_folder_of_the_space(tmp_path: Path) -> None:
    text = recovery_text(CODE, date(2026, 11, 25), tmp_path / "3f9a1c.vault")
    assert "made on 25 November 2026" in text
    assert str(tmp_path / "3f9a1c.vault") in text


def test_a_copied_key_is_the_persons_own_secret(stage: Stage, first: FirstRun) -> None:
    first.show_created(CODE)
    stage.settle()
    press(stage, first, "Copy the recovery key")
    assert QApplication.clipboard().text() == CODE
    assert QApplication.clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")
    stage.clipboard.clear_ours(include_numbers=False)
    assert QApplication.clipboard().text() == ""


def test_other_people_too_makes_it_quieter(stage: Stage, first: FirstRun) -> None:
    stage.settings.change(neutral_name=False, auto_lock_minutes=15)
    first.show_page(first.others)
    stage.settle()
    assert "It does not remove the app" in words(first)
    press(stage, first, "Other people too")
    current = stage.settings.current
    assert (current.shared_computer, current.auto_lock_minutes, current.neutral_name) == (True, 2, True)
    assert first.current is first.one_thing


def test_only_me_changes_nothing_else(stage: Stage, first: FirstRun) -> None:
    first.show_page(first.others)
    stage.settle()
    press(stage, first, "Only me")
    current = stage.settings.current
    assert (current.shared_computer, current.auto_lock_minutes) == (False, 5)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Check in", "check-in"),
        ("Write a few words", "write"),
        ("Bring in a journal", "import"),
        ("Go to Today", "today"),
    ],
)
def test_one_thing_or_none(stage: Stage, first: FirstRun, text: str, place: str) -> None:
    ended: list[str] = []
    first.finished.connect(ended.append)
    first.show_page(first.one_thing)
    stage.settle()
    press(stage, first, text)
    assert ended == [place]


def test_a_space_that_is_there_already_is_offered_and_never_overwritten(stage: Stage, first: FirstRun) -> None:
    asked: list[str] = []
    first.open_existing_requested.connect(asked.append)
    first.existing_found(["/home/sam/3f9a1c.vault"])
    stage.settle()
    assert "There is a private space on this computer already." in words(first)
    press(stage, first, "Open it")
    assert asked == ["/home/sam/3f9a1c.vault"]


def test_nothing_personal_is_ever_asked(stage: Stage, first: FirstRun) -> None:
    seen = ""
    for page in pages(first):
        first.show_page(page)
        stage.settle()
        seen += words(first).casefold()
    for word in ("diagnos", "gender", "birth", "e-mail", "email", "your name", "medicine you"):
        assert word not in seen
