"""A real gnome-keyring, as an ordinary user, in a session of its own (`campaigns/real_key_store.py`)."""

from __future__ import annotations

import sys

import pytest

from campaigns import real_key_store
from companion.vault.device_key import LIMIT_S

SLACK_S = 1.0
MUST_BE = {
    "ordinary user",
    "switched on",
    "hardened",
    "non-dumpable",
    "collection locked",
    "item deleted",
    "frozen",
    "one thread waits",
    "killed",
    "switched off",
    "bus gone",
    "ended while a call hangs",
}


@pytest.mark.skipif(sys.platform != "linux", reason="gnome-keyring is for Linux")
@pytest.mark.timeout(300)
def test_a_real_key_store_opens_the_vault_and_each_of_its_failures_leaves_the_passphrase() -> None:
    told = real_key_store.rounds()
    if isinstance(told, str):
        pytest.skip(told)
    assert [line for line in told if not line["ok"]] == []
    assert [line for line in told if line["seconds"] > LIMIT_S + SLACK_S] == []
    assert {line["case"] for line in told} >= MUST_BE
