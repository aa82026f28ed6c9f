from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.errors import EntryNotFound, VaultDamaged
from companion.core.ids import EntryId, new_id
from companion.journal.model import Content, Energy, Filter, Mood
from companion.journal.service import JournalService
from companion.vault.vault import Vault
from tests.build import NOON, content
from tests.fakes import FakeClock
from tests.journal.conftest import PASSPHRASE


def test_what_was_written_comes_back_to_the_letter(journal: JournalService) -> None:
    written = content(
        "One\n\n**two** “three” 🌱 \u202eabc\u202c שלום\tx",
        title="A   title",
        mood=Mood.HARD,
        energy=Energy.LOW,
        feelings=("tired",),
        tags=("walk", "outside"),
        people=("Dev",),
        heavy=True,
    )
    saved = journal.add(written)
    entry = journal.entry(saved.entry_id)
    assert entry.content == written
    assert entry.content.title == "A title"
    assert entry.revisions == 1


def test_it_is_there_after_lock_and_unlock(journal: JournalService, vault: Vault) -> None:
    saved = journal.add(content("still here"))
    vault.lock()
    vault.unlock(PASSPHRASE)
    assert journal.entry(saved.entry_id).content.text == "still here"


@pytest.mark.parametrize("zone", [ZoneInfo("Pacific/Auckland"), timezone(timedelta(hours=-3, minutes=-30)), UTC])
def test_the_local_day_and_time_are_those_of_the_writer(journal: JournalService, zone: object) -> None:
    at = datetime(2024, 4, 17, 0, 5, tzinfo=zone)
    entry = journal.entry(journal.add(content(at=at)).entry_id)
    assert entry.content.at.replace(tzinfo=None) == at.replace(tzinfo=None)
    assert entry.content.at == at
    assert journal.page(Filter(first_day="2024-04-17", last_day="2024-04-17")).entries


def test_a_change_keeps_the_former_text_as_an_older_version(journal: JournalService, clock: FakeClock) -> None:
    saved = journal.add(content("first"))
    clock.move(minutes=1)
    journal.save(saved.entry_id, content("second"))
    journal.save(saved.entry_id, content("second"))
    entry = journal.entry(saved.entry_id)
    assert entry.content.text == "second"
    assert entry.revisions == 2


def test_a_changed_entry_is_found_by_its_new_words_only(journal: JournalService) -> None:
    entry_id = journal.add(content("river bank")).entry_id
    journal.add(content("river delta", days_ago=1))
    journal.save(entry_id, content("mountain path", tags=("boots",)))
    assert [journal.search(word).total for word in ("river", "bank", "mountain", "boots")] == [1, 0, 1, 1]
    journal.delete(entry_id)
    journal.restore(entry_id)
    assert journal.search("mountain").total == 1
    assert journal.verify().search_index == "ok"


def test_at_most_twenty_older_versions_are_kept(journal: JournalService) -> None:
    entry_id = journal.add(content("0")).entry_id
    for n in range(1, 30):
        journal.save(entry_id, content(str(n)))
    assert journal.entry(entry_id).revisions == 21


def test_changing_the_time_moves_the_entry_and_all_that_belongs_to_it(journal: JournalService) -> None:
    entry_id = journal.add(content("river", tags=("walk",))).entry_id
    journal.add(content("newer", days_ago=-1))
    journal.save(entry_id, content("river", tags=("walk",), at=NOON + timedelta(days=5)))
    first = journal.page().entries[0]
    assert (first.id, first.tags) == (entry_id, ("walk",))
    assert journal.search("river").total == 1
    assert journal.verify().search_index == "ok"


def test_pages_follow_each_other_without_gap_or_repeat(journal: JournalService) -> None:
    journal.add_many([content(str(n), days_ago=n / 7) for n in range(23)])
    seen, after = [], None
    while True:
        page = journal.page(after=after, limit=5)
        seen += [entry.excerpt for entry in page.entries]
        after = page.next
        if after is None:
            break
    assert seen == [str(n) for n in range(23)]


def test_many_entries_of_one_minute_all_stay(journal: JournalService) -> None:
    journal.add_many([content(str(n)) for n in range(60)])
    assert journal.count() == 60
    assert len(journal.page(limit=100).entries) == 60


def test_more_entries_at_one_instant_than_a_millisecond_holds(journal: JournalService) -> None:
    journal.add_many([content(str(n)) for n in range(4100)])
    assert journal.count() == 4100


def test_filters_by_day_tag_and_mood(journal: JournalService) -> None:
    journal.add(content("a", tags=("walk",), mood=Mood.GOOD))
    journal.add(content("b", tags=("walk",), days_ago=3))
    journal.add(content("c", mood=Mood.GOOD, days_ago=3))
    assert [e.excerpt for e in journal.page(Filter(tag="walk")).entries] == ["a", "b"]
    assert [e.excerpt for e in journal.page(Filter(mood=Mood.GOOD)).entries] == ["a", "c"]
    assert [e.excerpt for e in journal.page(Filter(last_day="2026-11-20")).entries] == ["c", "b"]
    assert journal.count(Filter(tag="walk")) == 2


def test_deleted_leaves_lists_and_search_and_can_come_back(journal: JournalService) -> None:
    entry_id = journal.add(content("a quiet word")).entry_id
    journal.delete(entry_id)
    assert journal.search("quiet").total == 0
    assert not journal.page().entries
    with pytest.raises(EntryNotFound):
        journal.entry(entry_id)
    with pytest.raises(EntryNotFound):
        journal.delete(entry_id)
    assert [e.id for e in journal.deleted().entries] == [entry_id]
    journal.restore(entry_id)
    assert journal.search("quiet").total == 1


def test_search_finds_words_beginnings_phrases_and_ignores_accents(journal: JournalService) -> None:
    journal.add(content("The café by the river was full", tags=("outside",)))
    journal.add(content("river bank", title="Long walk", days_ago=1))
    assert journal.search("cafe").total == 1
    assert journal.search("riv").total == 2
    assert journal.search("riv ").total == 0
    assert journal.search('"by the river"').total == 1
    assert journal.search("river walk").total == 1
    assert journal.search("outside").total == 1
    assert [hit.title for hit in journal.search("river").hits] == ["", "Long walk"]
    assert "\x02river\x03" in journal.search("river ").hits[0].snippet


@pytest.mark.parametrize("words", ['"', "*", "NOT", "a OR b", "near(", "title:x", "-", "''; --", "(", "^a", "\0", '""'])
def test_nothing_that_is_typed_is_an_operator(journal: JournalService, words: str) -> None:
    journal.add(content("plain"))
    assert journal.search(words).total == 0


def test_a_draft_is_overwritten_and_goes_with_the_save(journal: JournalService) -> None:
    entry_id = EntryId(new_id())
    journal.save_draft(entry_id, content("a"))
    journal.save_draft(entry_id, content("ab"))
    assert [d.content.text for d in journal.drafts()] == ["ab"]
    assert not journal.page().entries
    journal.save(entry_id, content("ab"))
    assert journal.drafts() == []
    assert journal.entry(entry_id).content.text == "ab"


def test_a_text_changed_behind_the_apps_back_is_noticed(journal: JournalService, vault: Vault) -> None:
    entry_id = journal.add(content("what I wrote")).entry_id
    with vault.connection.transaction():
        vault.connection.execute("UPDATE entry SET text='something else'")
    with pytest.raises(VaultDamaged):
        journal.entry(entry_id)
    assert journal.verify().entries_bad == (entry_id,)


def test_a_broken_search_index_is_rebuilt_and_no_entry_is_blamed(journal: JournalService, vault: Vault) -> None:
    journal.add(content("river"))
    vault.connection.execute("INSERT INTO entry_words (entry_words) VALUES ('delete-all')")
    assert journal.search("river").total == 0
    checked = journal.verify()
    assert (checked.search_index, checked.entries_bad) == ("rebuilt", ())
    assert journal.search("river").total == 1


def test_a_deleted_entry_does_not_make_the_search_index_look_broken(journal: JournalService, vault: Vault) -> None:
    kept, deleted = journal.add(content("river")).entry_id, journal.add(content("harbour")).entry_id
    journal.delete(deleted)
    assert journal.verify().search_index == "ok"
    vault.connection.execute("INSERT INTO entry_words (entry_words) VALUES ('delete-all')")
    assert journal.verify().search_index == "rebuilt"
    assert journal.verify().search_index == "ok"
    assert [journal.search(word).total for word in ("river", "harbour")] == [1, 0]
    journal.delete(kept)
    journal.restore(deleted)
    assert [journal.search(word).total for word in ("river", "harbour")] == [0, 1]
    assert journal.verify().search_index == "ok"


def test_deleted_words_leave_the_index_pages(journal: JournalService, vault: Vault) -> None:
    entry_id = journal.add(content("zanzibarword")).entry_id
    journal.delete(entry_id)
    rows = vault.connection.rows("SELECT block FROM entry_words_data")
    assert not any(b"zanzibarword"[1:] in bytes(row[0]) for row in rows)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=200),
    title=st.text(max_size=60),
    tags=st.lists(st.text(max_size=20), max_size=4),
    at=st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)),
)
def test_any_text_survives(journal: JournalService, text: str, title: str, tags: list[str], at: datetime) -> None:
    written = Content(at=at, text=text, title=title, tags=tuple(tags))
    entry_id = journal.add(written).entry_id
    assert journal.entry(entry_id).content == written
    journal.save_draft(entry_id, written)
    draft = journal.draft(entry_id)
    assert draft is not None
    assert draft.content == written


def test_lone_surrogates_and_nul_do_not_break_a_save(journal: JournalService) -> None:
    entry_id = journal.add(content("a\ud800b\0c\r\nd")).entry_id
    assert journal.entry(entry_id).content.text == "a\ufffdb\ufffdc\nd"
