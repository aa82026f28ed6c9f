"""A note is left only when its words are safe; until then they stay in the fields, whatever was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from companion.core.errors import DiskFull
from companion.journal.service import JournalService
from tests.ui.app_kit import OpenApp, wait, wait_until


def service(opened: OpenApp) -> JournalService:
    return opened.app.spaces.services(opened.app.shell._opener.folder).journal


def all_words(opened: OpenApp) -> set[str]:
    """Of every note the newest words, entry or draft."""
    journal = service(opened)

    def look() -> set[str]:
        drafts = {draft.entry_id: draft.content.text for draft in journal.drafts()}
        entries = {row.id: journal.entry(row.id).content.text for row in journal.page().entries}
        return set((entries | drafts).values())

    found = opened.on_vault(look)
    assert isinstance(found, set)
    return found


def disk_is_full(_entry_id: object, _content: object) -> None:
    raise DiskFull(Path("vault.db"))


@pytest.mark.parametrize("way", ["new", "done"])
def test_words_that_cannot_be_saved_stay_in_the_fields(
    opened: OpenApp, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    page = opened.journal
    QTest.keyClicks(page.editor.text, "words that nobody else has")
    with monkeypatch.context() as full:
        full.setattr(service(opened), "save", disk_is_full)
        page.new_note() if way == "new" else page.editor.done.click()
        wait_until(lambda: page.editor.status.text().startswith("We could not save"))
        assert page.editor.text.toPlainText() == "words that nobody else has"
    page.writing.save()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))
    assert all_words(opened) == {"words that nobody else has"}


@pytest.mark.parametrize("way", ["new", "done"])
def test_letters_typed_until_the_answer_comes_are_kept(opened: OpenApp, way: str) -> None:
    page = opened.journal
    QTest.keyClicks(page.editor.text, "first")
    first = page.writing.entry_id
    page.new_note() if way == "new" else page.editor.done.click()
    QTest.keyClicks(page.editor.text, " and more")
    wait_until(lambda: page.writing.entry_id != first)
    assert page.writing.is_blank
    assert all_words(opened) == {"first and more"}


def test_a_new_note_asked_for_right_after_done_is_not_taken_away(opened: OpenApp) -> None:
    page = opened.journal
    QTest.keyClicks(page.editor.text, "first")
    first = page.writing.entry_id
    page.editor.done.click()
    page.new_note()
    wait_until(lambda: page.writing.entry_id != first)
    second = page.writing.entry_id
    QTest.keyClicks(page.editor.text, "second")
    wait(200)
    assert page.editor.isVisible()
    assert page.writing.entry_id == second
    assert page.editor.text.toPlainText() == "second"
    page.writing.save()
    wait_until(lambda: page.editor.status.text().startswith("Saved"))
    assert all_words(opened) == {"first", "second"}
