"""Once a year, on Today, one quiet question about the recovery key; a "no" is kept."""

from __future__ import annotations

import pytest

from companion.ui.today.page import TodayPage
from tests.ui.app_kit import OpenApp, wait_until
from tests.ui.stage import button, words

ASKED = "Want to check that it still works?"


@pytest.fixture
def with_key(opened: OpenApp) -> TodayPage:
    """An open space with a recovery key that was made a year ago."""
    vault = opened.app.shell._space.vault
    opened.app.tasks.on_vault(vault.add_recovery_key)
    opened.clock.move(days=366)
    return today(opened)


def today(opened: OpenApp) -> TodayPage:
    opened.app.shell.go("journal")
    opened.app.shell.go("today")
    page = opened.app.window.findChild(TodayPage)
    assert page is not None
    opened.app.tasks.on_vault(lambda: None)
    wait_until(lambda: True)
    return page


def is_due(opened: OpenApp) -> bool:
    vault = opened.app.shell._space.vault
    return bool(opened.app.tasks.on_vault(lambda: vault.recovery_care.offer_due))


def test_nothing_is_asked_without_a_key_or_before_a_year(opened: OpenApp) -> None:
    opened.clock.move(days=800)
    assert ASKED not in words(today(opened))


def test_check_it_leads_to_settings(opened: OpenApp, with_key: TodayPage) -> None:
    wait_until(lambda: ASKED in words(with_key))
    button(with_key, "Check the recovery key").click()
    wait_until(lambda: "It was last tried over a year ago." in words(opened.app.window))


@pytest.mark.parametrize("answer", ["Not now", "Don't ask again"])
def test_an_answer_is_kept(opened: OpenApp, with_key: TodayPage, answer: str) -> None:
    wait_until(lambda: ASKED in words(with_key))
    button(with_key, answer).click()
    wait_until(lambda: not is_due(opened))
    assert ASKED not in words(with_key)
    assert ASKED not in words(today(opened))
    opened.clock.move(days=366)
    assert is_due(opened) == (answer == "Not now")
