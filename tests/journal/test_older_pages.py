"""A write that the disk said it did, and did not: one page of the file is as it was before, with a good HMAC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from companion.core.errors import CompanionError, VaultDamaged
from companion.core.ids import EntryId
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.vault.vault import Vault
from tests.fakes import FakeClock
from tests.journal.conftest import PASSPHRASE

PAGE = 4096
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BEFORE = Content(at=NOON, title="Before", text="what was there first " * 20, tags=("walk",))
AFTER = Content(at=NOON, title="After", text="what was written later " * 20, tags=("walk",))


def mixtures(vault: Vault, change: Callable[[], object]) -> Iterator[None]:
    """The vault, open, once for each page that the change wrote, with that page as it was before."""
    path = vault.folder / "vault.db"
    vault.lock()
    before = path.read_bytes()
    vault.unlock(PASSPHRASE)
    change()
    vault.lock()
    after = path.read_bytes()
    for at in range(0, min(len(before), len(after)), PAGE):
        if before[at : at + PAGE] != after[at : at + PAGE]:
            path.write_bytes(after[:at] + before[at : at + PAGE] + after[at + PAGE :])
            try:
                vault.unlock(PASSPHRASE)
            except VaultDamaged:
                continue
            yield
            vault.lock()
    path.write_bytes(after)
    vault.unlock(PASSPHRASE)
    yield


def is_noticed(vault: Vault, journal: JournalService) -> bool:
    try:
        report, verified = vault.check(), journal.verify()
    except CompanionError:
        return True
    return not report.ok or bool(verified.entries_bad) or verified.search_index != "ok"


def test_an_older_page_never_brings_older_words_back_unnoticed(
    journal: JournalService, vault: Vault, clock: FakeClock
) -> None:
    entry_id = journal.add(BEFORE).entry_id
    journal.add_many([Content(at=NOON + timedelta(days=n), text=f"{n} " + "x" * 300) for n in range(1, 40)])
    refused = 0
    for _ in mixtures(vault, lambda: journal.save(entry_id, AFTER)):
        try:
            assert journal.entry(entry_id).content == AFTER
        except VaultDamaged:
            refused += 1
            assert is_noticed(vault, journal)
    assert refused
    assert journal.entry(entry_id).content == AFTER


def test_an_older_page_never_brings_an_older_draft_back_unnoticed(
    journal: JournalService, vault: Vault, clock: FakeClock
) -> None:
    entry_id = EntryId("1" * 26)
    journal.save_draft(entry_id, BEFORE)
    clock.move(seconds=5)
    refused = 0
    for _ in mixtures(vault, lambda: journal.save_draft(entry_id, AFTER)):
        for question in (journal.drafts, lambda: [journal.draft(entry_id)]):
            try:
                assert [draft and draft.content for draft in question()] == [AFTER]
            except VaultDamaged:
                refused += 1
                assert is_noticed(vault, journal)
    assert refused
    assert [one.content for one in journal.drafts()] == [AFTER]


def test_going_back_to_former_words_is_no_damage(journal: JournalService) -> None:
    entry_id = journal.add(BEFORE).entry_id
    for content in (AFTER, BEFORE, AFTER, BEFORE):
        journal.save(entry_id, content)
        assert journal.entry(entry_id).content == content
    assert journal.verify().entries_bad == ()


@pytest.mark.parametrize("changed", ["replace(content, 'first', 'never')", "'{'", "'null'", "'{}'"])
def test_a_draft_changed_behind_the_apps_back_is_noticed(journal: JournalService, vault: Vault, changed: str) -> None:
    entry_id = EntryId("1" * 26)
    journal.save_draft(entry_id, BEFORE)
    vault.connection.execute(f"UPDATE draft SET content = {changed}")
    for question in (journal.drafts, lambda: journal.draft(entry_id)):
        with pytest.raises(VaultDamaged):
            question()
    assert journal.verify().entries_bad == (entry_id,)


def test_an_older_version_changed_behind_the_apps_back_is_noticed(journal: JournalService, vault: Vault) -> None:
    entry_id = journal.add(BEFORE).entry_id
    journal.save(entry_id, AFTER)
    assert journal.verify().entries_bad == ()
    vault.connection.execute("UPDATE revision SET content = replace(content, 'first', 'never')")
    assert journal.verify().entries_bad == (entry_id,)
