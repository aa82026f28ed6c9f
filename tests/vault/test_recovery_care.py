"""Once a year, and only as the person wants it: does the recovery key still work?"""

from __future__ import annotations

import pytest

from companion.core.errors import WrongSecret
from companion.vault.recovery_code import encode
from companion.vault.vault import Vault
from tests.fakes import FakeClock
from tests.vault.conftest import MakeVault


@pytest.fixture
def code(make_vault: MakeVault, passphrase: str) -> tuple[Vault, str]:
    vault = make_vault()
    return vault, str(vault.create(passphrase, with_recovery=True))


def test_the_offer_comes_after_a_year_and_again_a_year_after_a_check(code: tuple[Vault, str], clock: FakeClock) -> None:
    vault, words = code
    assert vault.recovery_care.made_at == clock.now()
    assert not vault.recovery_care.offer_due
    clock.move(days=364)
    assert not vault.recovery_care.offer_due
    clock.move(days=1)
    assert vault.recovery_care.offer_due
    before = (vault.folder / "keys.json").read_bytes()
    vault.check_recovery_key(words.lower().replace("-", " "))
    assert (vault.folder / "keys.json").read_bytes() == before
    assert vault.recovery_care.checked_at == clock.now()
    assert not vault.recovery_care.offer_due
    clock.move(days=365)
    assert vault.recovery_care.offer_due


def test_a_key_that_does_not_fit_is_told_and_noted_nowhere(code: tuple[Vault, str]) -> None:
    vault, words = code
    with pytest.raises(WrongSecret) as wrong:
        vault.check_recovery_key(encode(b"x" * 20))
    assert wrong.value.kind == "recovery"
    with pytest.raises(WrongSecret) as typo:
        vault.check_recovery_key(words[:-2])
    assert typo.value.kind == "recovery-typo"
    assert vault.recovery_care.checked_at is None


def test_not_now_waits_a_year_and_never_waits_for_ever(code: tuple[Vault, str], clock: FakeClock) -> None:
    vault, _ = code
    clock.move(days=400)
    vault.recovery_care.put_off()
    assert not vault.recovery_care.offer_due
    clock.move(days=365)
    assert vault.recovery_care.offer_due
    vault.recovery_care.never_offer()
    clock.move(days=4000)
    assert not vault.recovery_care.offer_due
    vault.add_recovery_key()
    clock.move(days=4000)
    assert not vault.recovery_care.offer_due


def test_another_key_begins_the_year_anew(code: tuple[Vault, str], clock: FakeClock, passphrase: str) -> None:
    vault, _ = code
    clock.move(days=400)
    vault.add_recovery_key()
    assert not vault.recovery_care.offer_due
    clock.move(days=400)
    assert vault.rotate(passphrase, "another quiet evening") is not None
    assert not vault.recovery_care.offer_due
    assert vault.recovery_care.made_at == clock.now()


def test_a_vault_from_before_counts_from_its_own_beginning(code: tuple[Vault, str], clock: FakeClock) -> None:
    vault, _ = code
    vault.preferences.put("recovery_key", "not what it should be")
    assert not vault.recovery_care.offer_due
    clock.move(days=365)
    assert vault.recovery_care.offer_due
    vault.preferences.put("recovery_key", {"made": "no time", "checked": "2026-01-01T00:00:00"})
    assert vault.recovery_care.offer_due
